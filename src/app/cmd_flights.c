/* masar flights, arrivals, departures, stays, orbits, events: what the ledger of movements says. */
#include "app/command.h"
#include "app/ledger/ledger_world.h"
#include "app/load.h"
#include "app/options.h"
#include "ledger/answer.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_STORE = 8192, KEY_DATA, KEY_FIRST = 9000 };

struct flights {
    struct ledger_question question;
    const char *store, *data;
    struct reference *reference; /* whose land is whose */
    struct area_lands lands;
};

/* Options that are names of a question, in its order; an option's key is KEY_FIRST and its row. */
static const struct argp_option options[] = {
    {"airport", KEY_FIRST, "CODE", 0, "at, from or to this airport, with those beside it", 0},
    {"country", KEY_FIRST + 1, "CC", 0, "at airports of a country (events: over it), two letters",
     0},
    {"area", KEY_FIRST + 2, "AREA", 0,
     "at airports (events: at places) in box=S,W,N,E, circle=LAT,LON,RADIUS, polygon=LAT,LON,…, "
     "country=NE or a file of GeoJSON",
     0},
    {"hex", KEY_FIRST + 3, "HEX", 0, "of one address", 0},
    {"registration", KEY_FIRST + 4, "R", 0, "of one registration", 0},
    {"type", KEY_FIRST + 5, "T", 0, "of a type's designator, exactly (C17 is not C172)", 0},
    {"class", KEY_FIRST + 6, "C", 0,
     "of a class: airlift_heavy, tanker, … (a wrong one lists them)", 0},
    {"operator", KEY_FIRST + 7, "OP", 0, "by call sign: RCH, AFR", 0},
    {"callsign", KEY_FIRST + 8, "C", 0, "under a call sign", 0},
    {"military", KEY_FIRST + 9, "1|0", 0, "military or not", 0},
    {"state", KEY_FIRST + 10, "CC", 0, "whose address is of this state", 0},
    {"kind", KEY_FIRST + 11, "KIND", 0, "with events: of this kind alone", 0},
    {"from", KEY_FIRST + 12, "T", 0, "from this time (2024-06-07T08:30:00Z or 2024-06-07)", 0},
    {"to", KEY_FIRST + 13, "T", 0, "to before this time", 0},
    {"p", KEY_FIRST + 14, "P", 0, "nothing less sure than this (default 0.005)", 0},
    {"limit", KEY_FIRST + 15, "N", 0, "print the first N rows; sums are over all", 0},
    {"edition", KEY_FIRST + 16, "N", 0, "as the ledger stood after an edition", 0},
    {"format", KEY_FIRST + 17, "table|csv|json", 0, "how to print (default table)", 0},
    {"after", KEY_FIRST + 18, "NEXT", 0, "rows behind those of the answer whose `next` this is", 0},
    {"store", KEY_STORE, "DIR", 0, "the history to ask", 0},
    {"data", KEY_DATA, "DIR", 0, "reference data (default: as masar data)", 0},
    {0},
};

/* An area may stand in a file. */
static enum err set_area(struct ledger_question *q, const char *arg, char *why, size_t why_size)
{
    struct buf b = {0};
    if (strchr(arg, '=') || *arg == '{') {
        return ledger_question_set(q, "area", arg, why, why_size);
    }
    enum err e = load_file(arg, &b, why, why_size);
    if (e) {
        char reason[128];
        snprintf(reason, sizeof reason, "%s", why);
        snprintf(why, why_size,
                 "area: '%.80s' cannot be read (%s); an area is box=SOUTH,WEST,NORTH,EAST, "
                 "circle=LAT,LON,RADIUS, polygon=LAT,LON,…, country=NE or a file of GeoJSON",
                 arg, reason);
    }
    buf_byte(&b, 0);
    e = e ? e : b.failed ? ERR_MEMORY : ledger_question_set(q, "area", (char *)b.p, why, why_size);
    buf_free(&b);
    return e;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct flights *f = state->input;
    char why[LEDGER_WHY_MAX] = "";
    if (key == KEY_STORE) {
        f->store = arg;
    } else if (key == KEY_DATA) {
        f->data = arg;
    } else if (key == ARGP_KEY_ARG) {
        argp_error(state, "'%s' is not an option; an airport is written --airport %s", arg, arg);
    } else if (key == ARGP_KEY_END) {
        if (!f->store) {
            argp_error(state, "name a store: --store DIR");
        }
    } else if (key >= KEY_FIRST && key - KEY_FIRST < (int)(sizeof options / sizeof *options) - 3) {
        const char *name = options[key - KEY_FIRST].name;
        const enum err e = strcmp(name, "area") == 0
                               ? set_area(&f->question, arg, why, sizeof why)
                               : ledger_question_set(&f->question, name, arg, why, sizeof why);
        if (e) {
            argp_error(state, "%s", why);
        }
    } else {
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static int answer(struct flights *f, const char *command)
{
    char why[LEDGER_WHY_MAX] = "";
    struct store *s = NULL;
    const struct store_options o = {.mode = STORE_READ};
    struct buf out = {0};
    enum err e = store_open(f->store, &o, &s, why, sizeof why);
    struct ledger_world *w =
        e ? NULL : ledger_world_open(&(struct ledger_sources){.data = f->data}, why, sizeof why);
    if (w) {
        const struct ledger_views v = ledger_world_answering(w);
        e = ledger_answer(&f->question, s, &v, &out, why, sizeof why);
    } else {
        e = e ? e : ERR_NOT_FOUND;
    }
    if (!e && (fwrite(out.p, 1, out.n, stdout) != out.n || fflush(stdout) != 0)) {
        e = ERR_SYSTEM;
        snprintf(why, sizeof why, "standard output cannot be written");
    }
    if (e) {
        fprintf(stderr, "%s: %s\n", command, why);
    }
    ledger_world_close(w);
    store_close(s);
    buf_free(&out);
    return e ? EXIT_COULD_NOT : EXIT_DONE;
}

int cmd_flights(int argc, char **argv)
{
    static const struct argp argp = {
        options,
        parse,
        NULL,
        "What the ledger of movements says: each row with its probability, its interval of time "
        "and how it is known, and under them how many are expected, the interval that holds the "
        "true number with 90 %, and how many were observed. Lift is what was offered, never what "
        "was carried. A row is listed by the time it was as likely before as after.",
        NULL,
        NULL,
        NULL};
    struct flights f = {0};
    const char *name = strrchr(argv[0], ' '); /* argp's own texts name the program before */
    const enum ledger_what what = ledger_what_find(name ? name + 1 : argv[0]);
    ledger_question_start(&f.question, what == LEDGER_WHATS ? LEDGER_FLIGHTS : what);
    f.reference = reference_open(NULL);
    f.lands = reference_lands(f.reference);
    f.question.lands = &f.lands;
    app_argp_setup();
    argp_parse(&argp, argc, argv, 0, NULL, &f);
    const int status = answer(&f, argv[0]);
    ledger_question_free(&f.question);
    reference_close(f.reference);
    return status;
}

int cmd_arrivals(int argc, char **argv)
{
    return cmd_flights(argc, argv);
}

int cmd_departures(int argc, char **argv)
{
    return cmd_flights(argc, argv);
}

int cmd_stays(int argc, char **argv)
{
    return cmd_flights(argc, argv);
}

int cmd_orbits(int argc, char **argv)
{
    return cmd_flights(argc, argv);
}

int cmd_events(int argc, char **argv)
{
    return cmd_flights(argc, argv);
}
