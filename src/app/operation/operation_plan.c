/* masar operation plan: departures day by day that take what is left by the deadline, or what
   stands in the way. */
#include "app/command.h"
#include "app/operation/operation_cli.h"
#include "app/operation/operation_planned.h"
#include "base/instant.h"
#include "operation/plan_told.h"
#include "operation/words.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void date_of(const struct plan *p, int day, char out[32])
{
    instant_format(plan_day_ms(p, day) * 1000, 0, out);
    out[10] = 0;
}

static void print_days(const struct plan *p)
{
    char at[32];
    for (unsigned d = 0; d < p->days; d++) {
        for (size_t i = 0; i < p->bases; i++) {
            for (size_t t = 0; t < p->with.types; t++) {
                if (!p->as_is.fly[i][t][d]) {
                    continue;
                }
                date_of(p, (int)d, at);
                printf("%s  %-5s %2u x %-4s ", at, p->base[i].code, p->as_is.fly[i][t][d],
                       p->with.type[t].code);
                for (size_t l = 0; l < p->lines && t == 0; l++) {
                    const double moved = p->as_is.moved[l][d];
                    if (p->line[l].base == i && moved >= 0.5) {
                        printf(" %s %.0f %s", p->line[l].line->key, plan_shown(&p->line[l], moved),
                               plan_unit(&p->line[l]));
                    }
                }
                putchar('\n');
            }
        }
    }
}

static void print_plan(const struct plan *p)
{
    struct buf b = {0};
    plan_sentence(p, LANGUAGE_EN, &b);
    words_plain(&b);
    printf("%.*s\n\n", (int)b.n, b.n ? (const char *)b.p : "");
    buf_free(&b);
    for (size_t t = 0; t < p->with.types; t++) {
        const struct plan_type *type = &p->with.type[t];
        printf(
            "%s: %.0f aircraft, %.1f t and %.0f people each, %.0f kt, %.2f h on the ground (%s)\n",
            type->code, type->aircraft, type->payload_kg / 1000, type->seats, type->block_kt,
            type->ground_h, item_text(type->factor, SAID_FACTOR_EDITION));
    }
    for (size_t i = 0; i < p->bases; i++) {
        const struct plan_base *base = &p->base[i];
        unsigned shut = 0;
        for (unsigned d = 0; d < p->days; d++) {
            shut += !base->open[d];
        }
        printf("%s-%s: %.0f km, a round trip of %s %.1f h, places for ", base->code, base->other,
               base->km, p->with.type[0].code, base->cycle_h[0]);
        if (base->places[0] < HUGE_VAL) {
            printf("%.1f departures a day", base->places[0]);
        } else {
            printf("any number of departures a day");
        }
        printf(", %u days without clearance\n", shut);
    }
    for (unsigned k = 0; k < PLAN_LIMITS; k++) {
        char at[32] = "-";
        if (p->freed[k].all_done >= 0) {
            date_of(p, p->freed[k].all_done, at);
        }
        printf("without the limit of %-10s: last %s, %.0f%% stays\n",
               plan_limit_key((enum plan_limit)k), at, 100 * p->freed[k].must_over);
    }
    putchar('\n');
    print_days(p);
}

static int read_words(const struct operation_cli *c, struct operation_planning *q)
{
    for (size_t k = 1; k < c->words; k++) {
        char name[24] = "", why[256];
        const char *value = strchr(c->word[k], '=');
        const size_t n = value ? (size_t)(value - c->word[k]) : 0;
        if (n < 1 || n >= sizeof name) {
            return operation_cli_wrong("plan NAME [fleet=C17:6,…] [hours=12] [edition=…] [--at T] "
                                       "[--format text|json]");
        }
        memcpy(name, c->word[k], n);
        if (operation_planning_say(q, name, value + 1, why, sizeof why)) {
            return operation_cli_wrong(why);
        }
    }
    return EXIT_DONE;
}

static int answer(const struct operation_cli *c, const struct operation_opened *w,
                  struct operation_planning *q)
{
    char why[512] = "out of memory";
    const bool json = c->format && strcmp(c->format, "json") == 0;
    struct plan *p = malloc(sizeof *p);
    enum err e = p ? operation_planning_solve(q, &w->now, operation_world_views(w->world), p, why,
                                              sizeof why)
                   : ERR_MEMORY;
    if (!e && json) {
        struct buf b = {0};
        e = plan_write(p, &b);
        e = e || fwrite(b.p, 1, b.n, stdout) != b.n ? ERR_SYSTEM : ERR_OK;
        buf_free(&b);
    } else if (!e) {
        print_plan(p);
    }
    free(p);
    return e ? operation_cli_failed(why) : EXIT_DONE;
}

int operation_cli_plan(struct operation_cli *c)
{
    struct operation_opened w;
    struct operation_planning q;
    operation_planning_begin(&q);
    if (c->words < 1) {
        return operation_cli_wrong("plan NAME [fleet=C17:6,…] [hours=12] [edition=…] [--at T]");
    }
    int status = read_words(c, &q);
    status = status ? status : operation_cli_open(c, c->word[0], &w);
    if (status) {
        return status;
    }
    status = answer(c, &w, &q);
    operation_cli_close(&w);
    return status;
}
