/* masar coverage: how well places were heard, and learning it. */
#include "app/command.h"
#include "app/inquire.h"
#include "app/options.h"
#include "history/cover.h"
#include "store/coverage.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KEY_BY = 4096, KEY_SOURCE, KEY_FORMAT, ROWS_MAX = 1 << 24 };

struct coverage_arguments {
    struct inquire ask; /* store, area, times, altitudes */
    struct cover cover;
    const char *action; /* NULL: to answer */
};

static const struct argp_option options[] = {
    {"store", INQUIRE_STORE, "DIR", 0, "the history to ask", 0},
    {"area", INQUIRE_AREA, "AREA", 0,
     "box=S,W,N,E, circle=LAT,LON,RADIUS (30km, 20NM), polygon=LAT,LON,… or a file of GeoJSON", 0},
    {"from", INQUIRE_FROM, "T", 0, "from this hour (2024-06-07T08:00:00Z or 2024-06-07)", 0},
    {"to", INQUIRE_TO, "T", 0, "to before this hour", 0},
    {"alt", INQUIRE_ALT, "LO-HI", 0,
     "only bands that have these altitudes, feet; LO- for all above", 0},
    {"by", KEY_BY, "area|cell|hour", 0, "a row for each (default area)", 0},
    {"source", KEY_SOURCE, "S", 0, "adsb, rebroadcast, mlat, adsc, other (default any)", 0},
    {"format", KEY_FORMAT, "table|csv|json|geojson", 0, "how to print (default table)", 0},
    {0},
};

static void set(struct coverage_arguments *a, const char *name, const char *value,
                struct argp_state *state)
{
    char why[QUESTION_WHY_MAX];
    if (cover_set(&a->cover, name, value, why, sizeof why)) {
        argp_error(state, "--%s", why);
    }
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct coverage_arguments *a = state->input;
    switch (key) {
    case KEY_BY:
        set(a, "by", arg, state);
        return 0;
    case KEY_SOURCE:
        set(a, "source", arg, state);
        return 0;
    case KEY_FORMAT:
        set(a, "format", arg, state);
        return 0;
    case ARGP_KEY_ARG:
        if (a->action || (strcmp(arg, "update") != 0 && strcmp(arg, "rebuild") != 0 &&
                          strcmp(arg, "status") != 0)) {
            argp_error(state, "'%s' is none of update, rebuild, status; an area is written --area",
                       arg);
        }
        a->action = arg;
        return 0;
    case ARGP_KEY_END:
        inquire_end(&a->ask, state);
        return 0;
    default:
        return inquire_take(&a->ask, key, arg, state) ? 0 : ARGP_ERR_UNKNOWN;
    }
}

static int failed(const char *dir, enum err e)
{
    fprintf(stderr, "masar coverage: %s cannot be read or written: %s\n", dir, err_text(e));
    return EXIT_COULD_NOT;
}

/* Learns all there is to learn, saying how much is left. */
static int learn(struct store *s, const char *dir)
{
    bool more = true;
    enum err e = ERR_OK;
    while (!e && more) {
        e = store_coverage_update(s, 4096, &more);
        struct store_coverage_state v;
        if (!e && more && isatty(STDERR_FILENO) && !store_coverage_state(s, &v)) {
            fprintf(stderr, "\r%" PRIu64 " chunks, %" PRIu64 " hours to learn   ", v.behind,
                    v.marked);
        }
    }
    if (isatty(STDERR_FILENO)) {
        fputs("\r\033[K", stderr);
    }
    return e ? failed(dir, e) : EXIT_DONE;
}

static int update(struct coverage_arguments *a, struct store *s)
{
    return learn(s, a->ask.store);
}

/* Of the hours given, or of all there are points of. */
static int rebuild(struct coverage_arguments *a, struct store *s)
{
    const struct store_query *q = &a->ask.question.query, any = store_query_any();
    struct store_stats v;
    enum err e = store_stats(s, &v);
    if (!e && v.first_ms != KEPT_NO_TIME) {
        const int64_t from_ms = q->from_ms == any.from_ms ? v.first_ms : q->from_ms;
        const int64_t to_ms = q->to_ms == any.to_ms ? v.last_ms + 1 : q->to_ms;
        e = store_coverage_mark(s, coverage_hour(from_ms), coverage_hour(to_ms - 1) + 1);
    }
    return e ? failed(a->ask.store, e) : learn(s, a->ask.store);
}

static int status(struct coverage_arguments *a, struct store *s)
{
    struct store_coverage_state v;
    const enum err e = store_coverage_state(s, &v);
    if (e) {
        return failed(a->ask.store, e);
    }
    printf("records %" PRIu64 "\nbytes %" PRIu64 "\nchunks_behind %" PRIu64
           "\nhours_marked %" PRIu64 "\n",
           v.records, v.bytes, v.behind, v.marked);
    if (v.records > 0) {
        const double days = (v.last_hour - v.first_hour + 1) / 24.0;
        printf("bytes_a_day %.0f\n", (double)v.bytes / days);
    }
    return EXIT_DONE;
}

static int answer(struct coverage_arguments *a, struct store *s)
{
    char why[QUESTION_WHY_MAX];
    struct buf out = {0};
    size_t torn = 0;
    a->cover.question = a->ask.question; /* still the ask's to free */
    const enum err e = cover_answer(&a->cover, s, ROWS_MAX, &out, &torn, why, sizeof why);
    if (e) {
        fprintf(stderr, "masar coverage: %s\n", why);
    } else {
        fwrite(out.p, 1, out.n, stdout);
    }
    buf_free(&out);
    if (torn > 0) {
        fprintf(stderr, "masar coverage: %zu records cannot be read; rebuild learns them anew\n",
                torn);
    }
    return e || torn > 0 || fflush(stdout) != 0 ? EXIT_COULD_NOT : EXIT_DONE;
}

static const struct action {
    const char *name;
    enum store_mode mode;
    int (*run)(struct coverage_arguments *a, struct store *s);
} actions[] = {{"update", STORE_WRITE, update},
               {"rebuild", STORE_WRITE, rebuild},
               {"status", STORE_READ, status}};

/* A store that is there already: learning makes none. */
static struct store *open_store(const char *dir, enum store_mode mode)
{
    struct store *s = NULL;
    char why[512];
    enum err e = store_open(dir, &(struct store_options){.mode = STORE_READ}, &s, why, sizeof why);
    if (!e && mode == STORE_WRITE) {
        store_close(s);
        e = store_open(dir, &(struct store_options){.mode = mode}, &s, why, sizeof why);
    }
    if (e) {
        fprintf(stderr, "masar coverage: %s\n", why);
        return NULL;
    }
    return s;
}

int cmd_coverage(int argc, char **argv)
{
    static const struct argp argp = {
        .options = options,
        .parser = parse,
        .args_doc = "[update|rebuild|status]",
        .doc = "Says how well an area was heard, by altitude: what share of the time that aircraft "
               "were there they were heard, from what was heard and what was missed between. "
               "update learns what is new in the store, rebuild learns all (or --from --to) anew, "
               "status prints how much there is as `name value`.",
    };
    struct coverage_arguments a = {0};
    inquire_start(&a.ask);
    cover_start(&a.cover);
    app_argp_setup();
    argp_parse(&argp, argc, argv, 0, NULL, &a);
    const struct action *act = NULL;
    for (size_t i = 0; a.action && i < sizeof actions / sizeof *actions; i++) {
        act = strcmp(actions[i].name, a.action) == 0 ? &actions[i] : act;
    }
    struct store *s = open_store(a.ask.store, act ? act->mode : STORE_READ);
    const int result = !s ? EXIT_COULD_NOT : act ? act->run(&a, s) : answer(&a, s);
    store_close(s);
    inquire_free(&a.ask);
    return result;
}
