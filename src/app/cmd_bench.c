/* masar bench: rates of one part on frames in memory, as `name value unit`. */
#include "app/bench/bench.h"
#include "app/command.h"
#include "app/options.h"
#include "modes/decode.h"
#include "track/track.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    KEY_SHARDS = 256,
    KEY_AIRCRAFT,
    KEY_FRAMES,
    KEY_POSITIONS,
    KEY_SEED,
    KEY_DIR,
    KEY_KEEP,
    KEY_WATCHES
};

static double seconds_of(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

double bench_cpu_s(void)
{
    return seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}

double bench_wall_s(void)
{
    return seconds_of(CLOCK_MONOTONIC);
}

int bench_decode(const struct bench_options *o)
{
    struct frame *frames = bench_fleet(o);
    if (!frames) {
        fputs("masar bench: out of memory: try fewer --frames\n", stderr);
        return EXIT_COULD_NOT;
    }
    const struct modes_options modes = {.repair_bits = 1};
    uint64_t items = 0;
    const double start_s = bench_cpu_s();
    for (size_t i = 0; i < o->frames; i++) {
        struct message m;
        modes_decode(&frames[i], &modes, &m);
        items += m.n;
    }
    const double took_s = bench_cpu_s() - start_s;
    printf("decode_rate %.0f frames/s\n", (double)o->frames / took_s);
    printf("decode_time %.1f ns/frame\n", took_s * 1e9 / (double)o->frames);
    printf("decode_quantities %.2f 1/frame\n", (double)items / (double)o->frames);
    free(frames);
    return EXIT_DONE;
}

static const struct bench {
    const char *name;
    bench_fn *run;
    uint32_t aircraft; /* in the fleet, unless it was said how many */
} benches[] = {
    {"decode", bench_decode, 1000},     {"track", bench_track, 1000},
    {"demod", bench_demod, 1000},       {"store", bench_store, 1000},
    {"movement", bench_movement, 1000}, {"watch", bench_watch, 60000},
};

struct arguments {
    const struct bench *bench;
    struct bench_options o;
};

static const struct argp_option options[] = {
    {"shards", KEY_SHARDS, "N", 0, "threads for track (default 1)", 0},
    {"aircraft", KEY_AIRCRAFT, "N", 0, "aircraft in the fleet (default 1000; 60000 of watch)", 0},
    {"frames", KEY_FRAMES, "N", 0,
     "frames to make (default 400 for each aircraft, at least 5000000)", 0},
    {"positions", KEY_POSITIONS, "N", 0, "positions in the store (default 10000000)", 0},
    {"seed", KEY_SEED, "N", 0, "of the store's fleet and of samples (default 1)", 0},
    {"dir", KEY_DIR, "DIR", 0,
     "where the store is made (default TMPDIR or /tmp); with watch: a store whose past is gone "
     "through",
     0},
    {"watches", KEY_WATCHES, "N", 0, "for watch (default 10000; 1000 with --dir)", 0},
    {"keep", KEY_KEEP, NULL, 0, "leave the store there", 0},
    {0},
};

static long number(struct argp_state *state, const char *name, const char *text, long most)
{
    char *end;
    const long n = strtol(text, &end, 10);
    if (end == text || *end != '\0' || n < 1 || n > most) {
        argp_error(state, "--%s is '%s': write a number from 1 to %ld", name, text, most);
    }
    return n;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct arguments *a = state->input;
    switch (key) {
    case KEY_SHARDS:
        a->o.shards = (unsigned)number(state, "shards", arg, 64);
        return 0;
    case KEY_AIRCRAFT:
        a->o.aircraft = (uint32_t)number(state, "aircraft", arg, 1000000);
        return 0;
    case KEY_FRAMES:
        a->o.frames = (size_t)number(state, "frames", arg, 400000000);
        return 0;
    case KEY_POSITIONS:
        a->o.positions = (uint64_t)number(state, "positions", arg, 1000000000);
        return 0;
    case KEY_SEED:
        a->o.seed = (uint64_t)number(state, "seed", arg, 1000000000);
        return 0;
    case KEY_DIR:
        a->o.dir = arg;
        return 0;
    case KEY_WATCHES:
        a->o.watches = (uint32_t)number(state, "watches", arg, 100000);
        return 0;
    case KEY_KEEP:
        a->o.keep = true;
        return 0;
    case ARGP_KEY_ARG:
        for (size_t i = 0; i < sizeof benches / sizeof *benches; i++) {
            if (strcmp(benches[i].name, arg) == 0) {
                a->bench = &benches[i];
                return 0;
            }
        }
        argp_error(state,
                   "there is no bench '%s'; there are decode, track, demod, store, movement, "
                   "watch",
                   arg);
        return 0;
    case ARGP_KEY_END:
        if (!a->bench) {
            argp_error(state,
                       "what to measure is missing: decode, track, demod, store, movement or "
                       "watch");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int cmd_bench(int argc, char **argv)
{
    static const struct argp argp = {
        .options = options,
        .parser = parse,
        .args_doc = "decode|track|demod|store|movement|watch",
        .doc = "Measures one part on a made-up fleet and prints its rates.",
    };
    struct arguments a = {.o = {.shards = 1, .positions = 10000000, .seed = 1}};
    app_argp_setup();
    argp_parse(&argp, argc, argv, 0, NULL, &a);
    a.o.aircraft = a.o.aircraft ? a.o.aircraft : a.bench->aircraft;
    if (a.o.frames == 0) {
        /* A minute of each: with fewer what is measured is how aircraft are made, not how they are
         * followed. */
        const size_t frames = (size_t)a.o.aircraft * 400;
        a.o.frames = frames > 5000000 ? frames : 5000000;
    }
    return a.bench->run(&a.o);
}
