/* The project's own scenario, and small ones written in a test. */
#ifndef MASAR_TESTS_SIMULATE_PROBE_H
#define MASAR_TESTS_SIMULATE_PROBE_H

#include "base/instant.h"
#include "base/rng.h"
#include "simulate/simulation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Reads a scenario's folder; ends the program where that fails. */
static inline struct scenario *simulate_probe_scenario(const char *folder)
{
    static char text[1 << 20];
    struct scenario *sc = scenario_new();
    char why[512] = "out of memory", path[1024];
    enum err e = sc ? ERR_OK : ERR_MEMORY;
    for (int i = 0; scenario_files[i].name && !e; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, scenario_files[i].name);
        FILE *f = fopen(path, "rb");
        if (f) {
            const size_t n = fread(text, 1, sizeof text, f);
            fclose(f);
            e = scenario_read(sc, scenario_files[i].name, text, n, why, sizeof why);
        }
    }
    e = e ? e : scenario_check(sc, why, sizeof why);
    if (e) {
        fprintf(stderr, "%s: %s\n", folder, why);
        exit(1);
    }
    return sc;
}

static inline int64_t simulate_probe_time(const char *text)
{
    int64_t t_us = 0;
    if (instant_parse(text, &t_us)) {
        fprintf(stderr, "'%s' is no time\n", text);
        exit(1);
    }
    return t_us;
}

/* From a time for so many seconds, at the scenario's seed. */
static inline struct simulation_options
simulate_probe_options(const struct scenario *sc, const char *start, double seconds, double rate)
{
    const int64_t start_us = simulate_probe_time(start);
    return (struct simulation_options){.start_us = start_us,
                                       .end_us = start_us + (int64_t)(seconds * 1e6),
                                       .seed = (uint64_t)sc->head.seed,
                                       .rate = rate};
}

static inline struct simulation *simulate_probe_new(const struct scenario *sc,
                                                    const struct simulation_options *o)
{
    struct simulation *s = NULL;
    if (simulation_new(sc, o, &s)) {
        fprintf(stderr, "the simulation cannot begin\n");
        exit(1);
    }
    return s;
}

/* FNV-1a over who heard what when, with the bytes of positions; of other frames their length, so
   that a correction of the encoder is not a change of the simulation. */
static inline uint64_t simulate_probe_hash(uint64_t h, const struct reception *r)
{
    uint8_t b[32] = {0};
    memcpy(b, r->frame.byte, r->position ? r->frame.n : 4); /* format and address */
    b[13] ^= r->frame.n;
    for (int i = 0; i < 8; i++) {
        b[16 + i] = (uint8_t)((uint64_t)r->frame.t_us >> (8 * i));
        b[24 + i] = (uint8_t)(r->frame.tick >> (8 * i));
    }
    b[14] = r->frame.signal;
    b[15] = (uint8_t)r->frame.receiver;
    for (size_t i = 0; i < sizeof b; i++) {
        h = (h ^ b[i]) * UINT64_C(1099511628211);
    }
    return h;
}

#define SIMULATE_PROBE_HASH UINT64_C(14695981039346656037)

#endif
