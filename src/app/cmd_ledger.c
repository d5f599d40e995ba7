/* masar ledger: the ledger anew from all points, and what one edition says other than another. */
#include "app/command.h"
#include "app/ledger/ledger_diff.h"
#include "app/ledger/ledger_rebuild.h"
#include "app/options.h"
#include "base/instant.h"

#include <argp.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KEY_STORE = 256, KEY_DATA, KEY_FROM, KEY_TO, KEY_ROUTES };

struct ledger {
    const char *action, *store, *data, *routes;
    int64_t from, to; /* editions; 0: the last two */
};

static const struct argp_option options[] = {
    {"store", KEY_STORE, "DIR", 0, "the history", 0},
    {"data", KEY_DATA, "DIR", 0, "reference data (default: as masar data)", 0},
    {"routes", KEY_ROUTES, "FILE", 0,
     "with rebuild: routes flown, operator,origin,destination,weight (.csv or .csv.gz; default: "
     "routes.csv of the reference data, if any)",
     0},
    {"from-edition", KEY_FROM, "N", 0, "with diff: the edition before (default: the last but one)",
     0},
    {"to-edition", KEY_TO, "N", 0, "with diff: the edition after (default: the last)", 0},
    {0},
};

static int64_t edition_of(const char *arg, struct argp_state *state)
{
    char *end;
    const long long n = strtoll(arg, &end, 10);
    if (end == arg || *end || n < 1) {
        argp_error(state, "'%s' is no edition: 1 or more", arg);
    }
    return n;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct ledger *l = state->input;
    switch (key) {
    case KEY_STORE:
        l->store = arg;
        return 0;
    case KEY_DATA:
        l->data = arg;
        return 0;
    case KEY_ROUTES:
        l->routes = arg;
        return 0;
    case KEY_FROM:
        l->from = edition_of(arg, state);
        return 0;
    case KEY_TO:
        l->to = edition_of(arg, state);
        return 0;
    case ARGP_KEY_ARG:
        if (l->action) {
            argp_error(state, "'%s': one thing at a time", arg);
        }
        l->action = arg;
        return 0;
    case ARGP_KEY_END:
        if (!l->action || !l->store) {
            argp_error(state, "write rebuild, diff or status, and --store DIR");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int complain(const char *why)
{
    fprintf(stderr, "masar ledger: %s\n", why);
    return EXIT_COULD_NOT;
}

static int diff(const struct ledger *l)
{
    char why[512] = "";
    struct store *s = NULL;
    const struct store_options o = {.mode = STORE_READ};
    const enum err e = store_open(l->store, &o, &s, why, sizeof why);
    const int status = e ? complain(why) : ledger_diff(s, l->from, l->to);
    store_close(s);
    return status;
}

static int rebuild(const struct ledger *l)
{
    char why[512] = "";
    struct store *s = NULL;
    struct ledger_rebuilt done;
    const struct store_options look = {.mode = STORE_READ}, o = {.mode = STORE_WRITE};
    enum err e = store_open(l->store, &look, &s, why, sizeof why); /* it makes no store */
    store_close(s);
    s = NULL;
    e = e ? e : store_open(l->store, &o, &s, why, sizeof why);
    const struct ledger_rebuild r = {
        .dir = l->store, .writer = s, .sources = {l->data, l->routes}, .progress = true};
    e = e ? e : ledger_rebuild(&r, &done, why, sizeof why);
    store_close(s);
    if (e) {
        return complain(why);
    }
    fprintf(stderr,
            "ledger: %" PRIu64 " positions, %" PRIu64 " rows in %.1f s (%.0f positions a second "
            "read and weighed)\n",
            done.points, done.claims, done.all_s,
            done.detect_s > 0 ? (double)done.points / done.detect_s : 0);
    if (done.change.gone + done.change.came == 0) {
        printf("nothing changed: edition %" PRId64 " stands, %" PRIu64 " rows\n",
               done.change.edition, done.change.rows);
        return EXIT_DONE;
    }
    return diff(&(struct ledger){.store = l->store});
}

static int status(const struct ledger *l)
{
    char why[512] = "";
    struct store *s = NULL;
    struct store_ledger_state state;
    const struct store_options o = {.mode = STORE_READ};
    enum err e = store_open(l->store, &o, &s, why, sizeof why);
    e = e ? e : store_ledger_state(s, &state);
    store_close(s);
    if (e) {
        return complain(why[0] ? why : "the ledger cannot be read");
    }
    char through[32] = "-";
    if (state.through_ms != KEPT_NO_TIME) {
        instant_format(state.through_ms * 1000, 0, through);
    }
    printf("edition %" PRId64 "\ndetector %s\nrows %" PRIu64 "\nrows_of_all_editions %" PRIu64
           "\nthrough %s\nthrough_ms %" PRId64 "\n",
           state.edition, state.detector, state.rows, state.all, through,
           state.through_ms == KEPT_NO_TIME ? 0 : state.through_ms);
    return EXIT_DONE;
}

int cmd_ledger(int argc, char **argv)
{
    static const struct argp argp = {
        options,
        parse,
        "rebuild|diff|status",
        "rebuild looks at all points anew, with two threads, and prints the difference to what was "
        "said before, which is kept as an edition of its own; diff prints that of two editions.",
        NULL,
        NULL,
        NULL};
    static const struct {
        const char *name;
        int (*run)(const struct ledger *l);
    } actions[] = {{"rebuild", rebuild}, {"diff", diff}, {"status", status}};
    struct ledger l = {0};
    app_argp_setup();
    argp_parse(&argp, argc, argv, 0, NULL, &l);
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        if (strcmp(actions[i].name, l.action) == 0) {
            return actions[i].run(&l);
        }
    }
    fprintf(stderr, "masar ledger: there is no '%s'; write rebuild, diff or status\n", l.action);
    return EXIT_USAGE;
}
