/* masar simulate: a scenario's frames, at the pace asked for, and the truth beside them. */
#include "app/command.h"
#include "app/options.h"
#include "app/play.h"
#include "simulate/truth.h"
#include "source/sim.h"

#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    OUT_MAX = 16,
    KEY_SEED = 256,
    KEY_START,
    KEY_HOURS,
    KEY_SPEED,
    KEY_RATE,
    KEY_TRUTH,
    KEY_TRACKS,
    KEY_TRAFFIC,
    KEY_STORE,
    KEY_DATA,
    KEY_UNHEARD,
};

struct simulate {
    const char *scenario, *truth, *store, *data, *out[OUT_MAX];
    const char *seed, *start, *hours, *speed, *rate,
        *traffic; /* as given; NULL: the source's own default */
    unsigned n_out;
    bool tracks, unheard;
};

static const struct argp_option options[] = {
    {"out", 'o', "SPEC", 0, "where to, may stand often: beast:file=x.bin,marks=1, avr:file=- …", 0},
    {"seed", KEY_SEED, "N", 0, "0: as published (default); others draw the flights anew", 0},
    {"start", KEY_START, "T", 0, "where to begin (default: the scenario's start)", 0},
    {"hours", KEY_HOURS, "H", 0, "how much of it (default: to the scenario's end)", 0},
    {"speed", KEY_SPEED, "N|max", 0, "times real time (default max)", 0},
    {"rate", KEY_RATE, "0.05..1", 0, "share of the true rate of frames (default by speed)", 0},
    {"traffic", KEY_TRAFFIC, "0..1", 0, "share of the civil flights that fly (default 1)", 0},
    {"truth", KEY_TRUTH, "DIR", 0,
     "write there what really happened: sorties, clearances, claims, events, who heard whom …", 0},
    {"tracks", KEY_TRACKS, NULL, 0, "with --truth: also where everyone was every ten seconds", 0},
    {"unheard", KEY_UNHEARD, NULL, 0,
     "with --truth: only what needs no frames, at once: not who heard whom, nor silences", 0},
    {"store", KEY_STORE, "DIR", 0,
     "record there what the receivers heard, as serve would, with its ledger", 0},
    {"data", KEY_DATA, "DIR", 0, "reference data for the ledger (default: as masar data)", 0},
    {0},
};

static void take_argument(struct simulate *s, char *arg, struct argp_state *state)
{
    if (s->scenario) {
        argp_error(state, "two scenarios: '%s' and '%s'; simulate plays one", s->scenario, arg);
    }
    s->scenario = arg;
}

static void take_out(struct simulate *s, char *arg, struct argp_state *state)
{
    if (s->n_out == OUT_MAX) {
        argp_error(state, "more than %d outputs", OUT_MAX);
    }
    s->out[s->n_out++] = arg;
}

static void check_use(const struct simulate *s, struct argp_state *state)
{
    if (!s->scenario) {
        argp_error(state, "the SCENARIO, a folder is missing");
    }
    if (s->n_out == 0 && !s->truth && !s->store) {
        argp_error(state, "--out SPEC (or --store DIR, or --truth DIR) is missing");
    }
    if ((s->tracks || s->unheard) && !s->truth) {
        argp_error(state, "--%s needs --truth DIR", s->tracks ? "tracks" : "unheard");
    }
    if (s->tracks && s->unheard) {
        argp_error(state, "--tracks is told as the simulation goes; --unheard leaves it out");
    }
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct simulate *s = state->input;
    switch (key) {
    case 'o':
        take_out(s, arg, state);
        return 0;
    case KEY_SEED:
        s->seed = arg;
        return 0;
    case KEY_START:
        s->start = arg;
        return 0;
    case KEY_HOURS:
        s->hours = arg;
        return 0;
    case KEY_SPEED:
        s->speed = arg;
        return 0;
    case KEY_RATE:
        s->rate = arg;
        return 0;
    case KEY_TRAFFIC:
        s->traffic = arg;
        return 0;
    case KEY_TRUTH:
        s->truth = arg;
        return 0;
    case KEY_TRACKS:
        s->tracks = true;
        return 0;
    case KEY_UNHEARD:
        s->unheard = true;
        return 0;
    case KEY_STORE:
        s->store = arg;
        return 0;
    case KEY_DATA:
        s->data = arg;
        return 0;
    case ARGP_KEY_ARG:
        take_argument(s, arg, state);
        return 0;
    case ARGP_KEY_END:
        check_use(s, state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* --- the input ---------------------------------------------------------------------------- */

static size_t add_key(char *text, size_t at, size_t size, const char *key, const char *value)
{
    if (!value || at >= size) {
        return at;
    }
    const int n = snprintf(text + at, size - at, "%s%s=", text[at - 1] == ':' ? "" : ",", key);
    at += n > 0 ? (size_t)n : 0;
    for (; *value && at + 3 < size; value++) {
        if (*value == ',') {
            text[at++] = '\\';
        }
        text[at++] = *value;
    }
    text[at < size ? at : size - 1] = '\0';
    return at;
}

/* The command's words as the spec of a `sim:` input: one reading of both. */
static void source_spec(const struct simulate *s, char *text, size_t size)
{
    size_t at = (size_t)snprintf(text, size, "sim:");
    at = add_key(text, at, size, "scenario", s->scenario);
    at = add_key(text, at, size, "start", s->start);
    at = add_key(text, at, size, "hours", s->hours);
    at = add_key(text, at, size, "seed", s->seed);
    at = add_key(text, at, size, "rate", s->rate);
    at = add_key(text, at, size, "traffic", s->traffic);
    add_key(text, at, size, "speed", s->speed ? s->speed : "max");
}

/* --- the truth ---------------------------------------------------------------------------- */

struct truth_files {
    FILE *file[TRUTH_FILES];
};

static enum err truth_open(const char *folder, unsigned wanted, struct truth_files *f, char *why,
                           size_t why_size)
{
    if (mkdir(folder, 0777) < 0 && errno != EEXIST) {
        snprintf(why, why_size, "cannot make the folder %s: %s", folder, strerror(errno));
        return ERR_SYSTEM;
    }
    for (int i = 0; i < TRUTH_FILES; i++) {
        char path[1024];
        if ((i == TRUTH_HEARD && !(wanted & TRUTH_HEARING)) ||
            (i == TRUTH_TRACKS && !(wanted & TRUTH_PLACES))) {
            continue;
        }
        snprintf(path, sizeof path, "%s/%s", folder, truth_file_name((enum truth_file)i));
        f->file[i] = fopen(path, "wb");
        if (!f->file[i]) {
            snprintf(why, why_size, "cannot write %s: %s", path, strerror(errno));
            return ERR_SYSTEM;
        }
    }
    return ERR_OK;
}

static enum err truth_flush(struct truth *t, struct truth_files *f)
{
    enum err e = ERR_OK;
    for (int i = 0; i < TRUTH_FILES; i++) {
        struct buf *b = truth_text(t, (enum truth_file)i);
        if (!f->file[i]) {
            buf_clear(b);
            continue;
        }
        if (b->failed || fwrite(b->p, 1, b->n, f->file[i]) != b->n) {
            e = b->failed ? ERR_MEMORY : ERR_SYSTEM;
        }
        buf_clear(b);
    }
    return e;
}

/* The same simulation once more, at full speed: it is the same each time. */
static enum err truth_run(struct truth *t, struct simulation *sim,
                          const struct simulation_options *o, struct truth_files *f)
{
    enum err e = ERR_OK;
    struct reception r;
    for (int64_t at_us = o->start_us; at_us < o->end_us && !e; at_us += 10000000) {
        while (simulation_next(sim, at_us + 10000000, &r)) {
            truth_reception(t, &r);
        }
        truth_until(t, at_us);
        e = truth_flush(t, f);
    }
    truth_end(t);
    e = e ? e : truth_flush(t, f);
    return simulation_failed(sim) ? ERR_MEMORY : e;
}

static enum err truth_make(struct sim_options *o, unsigned wanted, struct truth_files *f)
{
    struct scenario sc = *o->scenario;
    struct truth *t = truth_new(&sc, &o->simulation, wanted);
    if (!t) {
        return ERR_MEMORY;
    }
    struct simulation *sim = NULL;
    o->simulation.flight = truth_flight;
    o->simulation.ctx = t;
    sc.n_sites = wanted & TRUTH_HEARING ? sc.n_sites : 0; /* nobody listens: much less to do */
    enum err e = simulation_new(&sc, &o->simulation, &sim);
    if (!e) {
        e = truth_run(t, sim, &o->simulation, f);
        simulation_free(sim);
    }
    truth_free(t);
    return e;
}

static enum err truth_write(const struct simulate *s, const char *source, char *why,
                            size_t why_size)
{
    struct spec spec;
    struct sim_options o;
    struct truth_files f = {{NULL}};
    const unsigned wanted = s->unheard ? 0 : TRUTH_HEARING | (s->tracks ? TRUTH_PLACES : 0);
    enum err e = spec_parse(&spec, source, why, why_size);
    e = e ? e : sim_options_read(&spec, &o, why, why_size);
    if (e) {
        return e;
    }
    e = truth_open(s->truth, wanted, &f, why, why_size);
    if (!e) {
        e = truth_make(&o, wanted, &f);
        snprintf(why, why_size, "cannot write the truth in %s: %s", s->truth, err_text(e));
    }
    for (int i = 0; i < TRUTH_FILES; i++) {
        if (f.file[i] && fclose(f.file[i]) && !e) {
            snprintf(why, why_size, "cannot write the truth in %s: %s", s->truth, strerror(errno));
            e = ERR_SYSTEM;
        }
    }
    scenario_free(o.scenario);
    return e;
}

int cmd_simulate(int argc, char **argv)
{
    static const struct argp argp = {
        .options = options,
        .parser = parse,
        .args_doc = "SCENARIO",
        .doc = "Sends the frames of a simulated scenario, a folder such as scenarios/niamey-2024, "
               "as its receivers would hear them. Every receiver's id says that it is simulated.",
    };
    struct simulate s = {.scenario = NULL};
    char source[SPEC_TEXT_MAX], why[512] = "out of memory";
    app_argp_setup();
    argp_parse(&argp, argc, argv, 0, NULL, &s);
    source_spec(&s, source, sizeof source);
    if (s.truth && truth_write(&s, source, why, sizeof why)) {
        fprintf(stderr, "masar simulate: %s\n", why);
        return EXIT_COULD_NOT;
    }
    const char *const sources[] = {source};
    const struct play p = {.command = "simulate",
                           .in = sources,
                           .n_in = 1,
                           .out = s.out,
                           .n_out = s.n_out,
                           .store = s.store,
                           .data = s.data};
    return s.n_out > 0 || s.store ? play(&p) : EXIT_DONE;
}
