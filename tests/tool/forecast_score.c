/* The weekly forecasts of a simulated operation against its truth: forecast_score TRUTH OPERATION
   [DATE]. TRUTH is the folder `masar simulate --truth` wrote, OPERATION one with operation.csv,
   bases.csv, factors.csv and tails.csv. The forecast sees departures, claims and clearances, never
   loads; the truth shares the loads out by priority. Prints one row a week and line. */
#include "base/instant.h"
#include "identity/delimited.h"
#include "operation/forecast.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)

struct truth {
    struct operation o;
    struct sortie *s;
    double *load_kg, *people;
    size_t n;
};

static char *load(const char *folder, const char *name, size_t *n)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "rb");
    if (!f) {
        fprintf(stderr, "%s cannot be read\n", path);
        exit(1);
    }
    char *text = malloc(1 << 22);
    *n = fread(text, 1, 1 << 22, f);
    fclose(f);
    return text;
}

static enum err take(void *ctx, struct item *i, size_t line, char *why, size_t why_size)
{
    struct truth *t = ctx;
    (void)line;
    (void)why;
    (void)why_size;
    return operation_put(&t->o, i);
}

static void read_items(struct truth *t, const char *folder, const char *name, enum item_kind kind)
{
    char why[512];
    size_t n;
    char *text = load(folder, name, &n);
    if (item_csv(kind, text, n, 0, take, t, why, sizeof why)) {
        fprintf(stderr, "%s: %s\n", name, why);
        exit(1);
    }
    free(text);
}

static void set_end(struct sortie_end *e, const char *code, const char *when)
{
    int64_t t_us = 0;
    instant_parse(when, &t_us);
    *e = (struct sortie_end){.known = true, .observed = true, .places = 1, .p = 1};
    snprintf(e->place[0].code, sizeof e->place[0].code, "%s", code);
    e->place[0].p = 1;
    e->lo_ms = e->hi_ms = t_us / 1000;
}

static void read_sorties(struct truth *t, const char *folder, bool silent_too)
{
    static const char *const names[] = {"icao24",      "callsign",    "type",        "origin",
                                        "destination", "takeoff_utc", "landing_utc", "load_t",
                                        "people",      "party",       "kind",        "sends"};
    enum { ICAO24, SIGN, TYPE, FROM, TO, OFF, ON, LOAD, PEOPLE, PARTY, KIND, SENDS, COLUMNS };
    struct delimited d;
    int at[COLUMNS];
    size_t n, fields;
    char *text = load(folder, "sorties.csv", &n);
    delimited_open(&d, text, n, ',', false);
    fields = delimited_next(&d);
    for (int k = 0; k < COLUMNS; k++) {
        at[k] = delimited_column(&d, fields, names[k]);
    }
    t->s = calloc(4096, sizeof *t->s);
    t->load_kg = calloc(4096, sizeof *t->load_kg);
    t->people = calloc(4096, sizeof *t->people);
    while ((fields = delimited_next(&d)) > 0 && t->n < 4096) {
        char v[COLUMNS][64];
        for (int k = 0; k < COLUMNS; k++) {
            delimited_copy(d.field[at[k]], v[k], sizeof v[k]);
        }
        if (strcmp(v[PARTY], "USA") != 0 || (!silent_too && strcmp(v[SENDS], "position") != 0)) {
            continue;
        }
        struct sortie *s = &t->s[t->n];
        s->address = (uint32_t)strtoul(v[ICAO24], NULL, 16);
        s->leg = (uint32_t)t->n;
        snprintf(s->callsign, sizeof s->callsign, "%.8s", v[SIGN]);
        snprintf(s->type, sizeof s->type, "%.4s", v[TYPE]);
        strcpy(s->country, "US");
        s->military = true;
        s->is_sortie = strcmp(v[KIND], "turnback") != 0;
        set_end(&s->off, v[FROM], v[OFF]);
        set_end(&s->on, v[TO], v[ON]);
        t->load_kg[t->n] = strtod(v[LOAD], NULL) * 1000;
        t->people[t->n] = strtod(v[PEOPLE], NULL);
        t->n++;
    }
    free(text);
}

/* When a line truly was done: loads of its base in the order of time into lines by priority. */
static void close_lines(const struct truth *t, int64_t closed[FORECAST_LINES], bool people)
{
    size_t n;
    const struct item *l = operation_all(&t->o, ITEM_LINE, &n);
    double left[FORECAST_LINES];
    for (size_t k = 0; k < n; k++) {
        const bool is_people = strcmp(item_text(&l[k], SAID_LINE_UNIT), "people") == 0;
        left[k] = is_people == people
                      ? item_number(&l[k], SAID_LINE_QUANTITY, 0) * (people ? 1 : 1000)
                      : 0;
        if (is_people == people) {
            closed[k] = FORECAST_NEVER;
        }
    }
    for (;;) {
        static bool done[4096];
        size_t next = t->n;
        for (size_t i = 0; i < t->n; i++) {
            if (!done[i] && (next == t->n || t->s[i].off.lo_ms < t->s[next].off.lo_ms)) {
                next = i;
            }
        }
        if (next == t->n) {
            memset(done, 0, sizeof done);
            return;
        }
        done[next] = true;
        double amount = people ? t->people[next] : t->load_kg[next];
        for (int p = 1; p < 10; p++) {
            for (size_t k = 0; k < n && amount > 0; k++) {
                if (left[k] <= 0 || (int)item_number(&l[k], SAID_LINE_PRIORITY, 9) != p ||
                    item_ms(&l[k], SAID_LINE_READY) > t->s[next].off.lo_ms ||
                    strcmp(item_text(&l[k], SAID_LINE_FROM), t->s[next].off.place[0].code) != 0) {
                    continue;
                }
                const double part = amount < left[k] ? amount : left[k];
                left[k] -= part;
                amount -= part;
                if (left[k] <=
                    0.01 * item_number(&l[k], SAID_LINE_QUANTITY, 0) * (people ? 1 : 1000)) {
                    left[k] = 0;
                    closed[k] = t->s[next].off.lo_ms;
                }
            }
        }
    }
}

static const char *country(void *ctx, const char *airport)
{
    (void)ctx;
    return strncmp(airport, "DR", 2) == 0 ? "NE" : "";
}

static void print_row(int64_t now, const char *name, const struct forecast_line *l, int64_t truth)
{
    char at[32];
    instant_format(now * 1000, 0, at);
    const double day = (double)DAY_MS, never = 999;
#define DAYS(t) ((t) == FORECAST_NEVER ? never : (double)((t)-now) / day)
    printf("%.10s,%s,%s,%.2f,%.2f,%.2f,%.2f,%.3f,%.1f\n", at, name, forecast_basis_key(l->basis),
           DAYS(l->at_10_ms), DAYS(l->at_50_ms), DAYS(l->at_90_ms), DAYS(truth), l->p_deadline,
           l->moved);
}

static void week(struct truth *t, const int64_t closed[FORECAST_LINES], int64_t now)
{
    const struct forecast_options with = {.now_ms = now, .seed = 1, .country = country};
    struct matches m;
    static struct forecast f;
    if (match_all(&t->o, t->s, t->n, now, &m) || forecast_make(&t->o, &m, &with, &f)) {
        exit(1);
    }
    int64_t all = INT64_MIN;
    for (size_t k = 0; k < f.lines; k++) {
        print_row(now, f.line[k].line->key, &f.line[k], closed[k]);
        if (f.line[k].basis <= FORECAST_DONE && !item_flag(f.line[k].line, SAID_LINE_MAY_BE_LEFT)) {
            all = closed[k] > all ? closed[k] : all;
        }
    }
    print_row(now, "all", &f.all, all);
    matches_free(&m);
}

int main(int argc, char **argv)
{
    static struct truth t;
    static int64_t closed[FORECAST_LINES];
    if (argc < 3) {
        fprintf(stderr, "forecast_score TRUTH OPERATION [position]\n");
        return 2;
    }
    read_items(&t, argv[2], "operation.csv", ITEM_HEAD);
    read_items(&t, argv[2], "bases.csv", ITEM_BASE);
    read_items(&t, argv[2], "factors.csv", ITEM_FACTOR);
    read_items(&t, argv[1], "requirement.csv", ITEM_LINE);
    read_items(&t, argv[1], "claims.csv", ITEM_CLAIM);
    read_items(&t, argv[1], "clearances.csv", ITEM_CLEARANCE);
    read_sorties(&t, argv[1], true);
    close_lines(&t, closed, false);
    close_lines(&t, closed, true);
    if (argc > 3) { /* what the truth holds is now only what is heard of */
        t.n = 0;
        read_sorties(&t, argv[1], false);
    }
    int64_t start_us = 0;
    instant_parse("2024-06-15T12:00:00Z", &start_us);
    for (int w = 0; w < 13; w++) {
        week(&t, closed, start_us / 1000 + w * 7 * DAY_MS);
    }
    operation_free(&t.o);
    return 0;
}
