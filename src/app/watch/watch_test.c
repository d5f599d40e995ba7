/* masar watch test: what rules would have told in an interval of the past. */
#include "app/command.h"
#include "app/load.h"
#include "app/watch/watch_command.h"
#include "app/watch/watch_past.h"
#include "base/instant.h"
#include "watch/say.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct tested {
    const struct watch_line *line;
    struct watch_past past;
    struct book *book; /* NULL: the store has none */
    enum watch_language language;
    struct tested_rule {
        struct watch_rule *rule; /* the set's */
        char *name;
    } * of; /* by id - 1 */
    size_t rules;
    uint64_t told[3]; /* by enum watch_tell */
    int64_t said_ms;
    bool failed;
};

static void show(void *ctx, const struct watch_alert *a)
{
    static const char *const marks[] = {"", " corrected", " note"};
    struct tested *t = ctx;
    struct buf b = {0};
    char time[32];
    if (a->made_ms < t->past.from_ms || a->made_ms >= t->past.to_ms) {
        return;
    }
    t->told[a->tell]++;
    if (a->tell == WATCH_TELL_NOTE && !t->line->notes) {
        return;
    }
    const char *name = t->of[a->watch - 1].name;
    if (t->line->json) {
        watch_say_json(a, watch_world_airports(t->past.world), &b);
    } else {
        instant_format(a->made_ms * 1000, 0, time);
        buf_format(&b, "%s  ", time);
        if (t->rules > 1) {
            buf_format(&b, "%s  ", name);
        }
        buf_format(&b, "%.2f%s  ", (double)a->p, marks[a->tell]);
        watch_say(a, t->language, watch_world_airports(t->past.world), &b);
    }
    buf_byte(&b, '\n');
    fwrite(b.p, 1, b.n, stdout);
    t->failed |= b.failed;
    buf_free(&b);
}

/* ---- which rules ---- */

static bool add_rule(struct tested *t, const char *text, const char *name, char *why, size_t size)
{
    const struct watch_names names = watch_world_names(t->past.world);
    struct watch_wrong wrong;
    struct watch_rule *r;
    struct tested_rule *more = realloc(t->of, (t->rules + 1) * sizeof *more);
    t->of = more ? more : t->of;
    if (!more) {
        snprintf(why, size, "out of memory");
        return false;
    }
    if (watch_rule_read(text, strlen(text), &names, &r, &wrong)) {
        char where[400];
        watch_wrong_text(text, &wrong, where, sizeof where);
        snprintf(why, size, "%s, %s", name, where);
        return false;
    }
    t->of[t->rules++] = (struct tested_rule){r, strdup(name)};
    if (watch_set_put(t->past.set, (int64_t)t->rules, r)) {
        snprintf(why, size, "out of memory");
        return false;
    }
    return true;
}

struct wanted {
    struct tested *t;
    const char *name; /* NULL: all */
    char *why;
    size_t why_size;
    bool found, failed;
};

static void take_watch(void *ctx, const struct book_watch *w)
{
    struct wanted *want = ctx;
    if (!want->failed && (!want->name || strcmp(want->name, w->name) == 0)) {
        want->found = true;
        want->failed = !add_rule(want->t, w->rule, w->name, want->why, want->why_size);
    }
}

/* Each argument is the name of a watch or a rule; none: all watches of the book. */
static bool add_rules(struct tested *t, char *why, size_t size)
{
    const struct watch_line *l = t->line;
    struct wanted want = {.t = t, .why = why, .why_size = size};
    for (int i = 0; i < l->arguments && !want.failed; i++) {
        want.name = l->argument[i];
        want.found = false;
        if (t->book) {
            (void)book_watches(t->book, take_watch, &want);
        }
        if (!want.found) {
            want.failed = !add_rule(t, l->argument[i], "the rule", why, size);
        }
    }
    if (l->arguments == 0 && l->rule) {
        want.failed = !add_rule(t, l->rule, "the rule", why, size);
    } else if (l->arguments == 0 && t->book) {
        (void)book_watches(t->book, take_watch, &want);
    }
    if (!want.failed && t->rules == 0) {
        snprintf(why, size, "write a rule, in quotes, or the name of a watch");
        return false;
    }
    return !want.failed;
}

/* ---- expected flights ---- */

static bool take_expected(void *ctx, const struct watch_expected *e)
{
    return watch_expect(((struct tested *)ctx)->past.set, e) == ERR_OK;
}

static void book_flight(void *ctx, const struct watch_expected *e)
{
    (void)take_expected(ctx, e);
}

/* Of the file, else those of the book. */
static bool add_expected(struct tested *t, char *why, size_t size)
{
    struct buf text = {0};
    if (!t->line->expected) {
        return !t->book || book_expected(t->book, book_flight, t) == ERR_OK;
    }
    if (load_file(t->line->expected, &text, why, size)) {
        return false;
    }
    const bool good =
        watch_expected_read((char *)text.p, text.n, watch_world_airports(t->past.world), 1,
                            take_expected, t, why, size);
    buf_free(&text);
    return good;
}

/* ---- how well its places were heard ---- */

static void say_heard(struct tested *t, const struct watch_value *v)
{
    const struct airports *airports = watch_world_airports(t->past.world);
    const struct airport *a = airport_at(airports, v->number);
    float low, high;
    if (!watch_past_heard(&t->past, a->lat_e7, a->lon_e7, &low, &high)) {
        printf("# %s (%s) was not heard: nobody knows of anything heard there\n",
               airport_name(airports, a), v->text);
    } else {
        printf("# %s (%s) was %s: %.0f %% at 5,000 ft, %.0f %% at 25,000 ft\n",
               airport_name(airports, a), v->text,
               low < 0.05F && high < 0.05F ? "not heard" : "heard", 100 * (double)low,
               100 * (double)high);
    }
}

static void say_places(struct tested *t)
{
    for (size_t i = 0; i < t->rules && t->rules <= 20 && !t->line->json; i++) {
        const struct watch_rule *r = t->of[i].rule;
        for (uint16_t k = 0; k < r->terms; k++) {
            const struct watch_term *term = &r->term[k];
            for (uint16_t p = 0; term->where != WATCH_IN_COUNTRY && p < term->places; p++) {
                say_heard(t, &r->value[term->place + p]);
            }
        }
    }
}

/* ---- the run ---- */

static bool say_day(void *ctx, int64_t t_ms)
{
    struct tested *t = ctx;
    char text[32];
    if (t_ms != t->said_ms) {
        t->said_ms = t_ms;
        instant_format(t_ms * 1000, 0, text);
        fprintf(stderr, "\r%.10s", text);
    }
    return true;
}

static int run(struct tested *t)
{
    char why[512] = "";
    struct watch_views views;
    t->past.world = watch_world_open(t->line->data, t->book, why, sizeof why);
    if (!t->past.world) {
        return watch_complain("%s", why);
    }
    if (watch_world_operations(t->past.world, t->line->store)) {
        return watch_complain("out of memory");
    }
    watch_world_views(t->past.world, &views);
    struct store_stats stats;
    if (store_stats(t->past.store, &stats) == ERR_OK) {
        views.known_since_ms = stats.first_ms;
    }
    t->past.set = watch_set_new(&views, show, t);
    if (!t->past.set) {
        return watch_complain("out of memory");
    }
    if (!add_rules(t, why, sizeof why)) {
        return watch_usage("%s", why);
    }
    if (!add_expected(t, why, sizeof why)) {
        return watch_usage("%s", why);
    }
    t->past.go_on = isatty(2) ? say_day : NULL;
    t->past.ctx = t;
    if (watch_past_run(&t->past, why, sizeof why)) {
        return watch_complain("%s", why);
    }
    say_places(t);
    fprintf(stderr,
            "%s%llu alerts, %llu corrections, %llu notes; %llu rows of the ledger, %llu positions "
            "looked at\n",
            t->past.go_on ? "\r" : "", (unsigned long long)t->told[0],
            (unsigned long long)t->told[1], (unsigned long long)t->told[2],
            (unsigned long long)t->past.claims, (unsigned long long)t->past.looked_at);
    return t->failed || fflush(stdout) != 0 ? watch_complain("the answer cannot be written")
                                            : EXIT_DONE;
}

int watch_test(const struct watch_line *l)
{
    char why[512] = "";
    const struct store_options o = {.mode = STORE_READ};
    struct tested t = {
        .line = l,
        .language = watch_language_find(l->language ? l->language : "en"),
        .past = {.from_ms = l->since_ms == KEPT_NO_TIME ? KEPT_TIME_MIN : l->since_ms,
                 .to_ms = l->until_ms == KEPT_NO_TIME ? KEPT_TIME_MAX : l->until_ms}};
    if (!l->store) {
        return watch_usage("name a store: --store DIR");
    }
    if (t.language == WATCH_LANGUAGES) {
        return watch_usage("there is no language '%s': en, ar or fr", l->language);
    }
    if (store_open(l->store, &o, &t.past.store, why, sizeof why)) {
        return watch_complain("%s", why);
    }
    (void)book_open(l->store, false, &t.book, why, sizeof why); /* rules on the line need none */
    const int status = run(&t);
    watch_set_free(t.past.set);
    watch_world_close(t.past.world);
    for (size_t i = 0; i < t.rules; i++) {
        free(t.of[i].name);
    }
    free(t.of);
    book_close(t.book);
    store_close(t.past.store);
    return status;
}
