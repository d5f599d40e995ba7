/* Decoding and tracking on one or several threads. */
#include "app/bench/bench.h"
#include "app/command.h"
#include "shards/shards.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BATCH_FRAMES = 1 << 16 };

static double resident_bytes(void)
{
    FILE *f = fopen("/proc/self/statm", "r");
    long pages = 0;
    if (f) {
        if (fscanf(f, "%*s %ld", &pages) != 1) {
            pages = 0;
        }
        fclose(f);
    }
    return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

static size_t count_aircraft(const struct shards *s)
{
    size_t n = 0;
    for (unsigned i = 0; i < shards_count(s); i++) {
        n += tracker_count(shards_tracker(s, i));
    }
    return n;
}

static void print_figures(const struct bench_options *o, const struct shards *s,
                          const struct counters *c, double cpu_s, double wall_s, double bytes)
{
    const double n = (double)o->frames;
    const size_t aircraft = count_aircraft(s);
    printf("track_shards %u threads\n", shards_count(s));
    printf("track_rate %.0f frames/s\n", n / wall_s);
    printf("track_cpu_rate %.0f frames/cpu-s\n", n / cpu_s);
    printf("track_time %.1f ns/frame\n", cpu_s * 1e9 / n);
    printf("track_tracked %.3f %%\n", 100.0 * (double)c->n[COUNT_FRAMES_TRACKED] / n);
    printf("track_fixes %.3f 1/frame\n", (double)c->n[COUNT_FIXES_ACCEPTED] / n);
    printf("track_aircraft %zu aircraft\n", aircraft);
    printf("track_memory %.0f bytes/aircraft\n", aircraft ? bytes / (double)aircraft : 0.0);
}

int bench_track(const struct bench_options *o)
{
    struct counters counters = {0};
    const struct shards_options options = {
        .n = o->shards, .modes = {.repair_bits = 1}, .track = {.counters = &counters}};
    struct frame *frames = bench_fleet(o);
    struct shards *s = frames ? shards_new(&options) : NULL;
    if (!s) {
        free(frames);
        fputs("masar bench: out of memory: try fewer --frames or --aircraft\n", stderr);
        return EXIT_COULD_NOT;
    }
    const double before = resident_bytes(), cpu_s = bench_cpu_s(), wall_s = bench_wall_s();
    for (size_t i = 0; i < o->frames; i += BATCH_FRAMES) {
        const size_t left = o->frames - i;
        shards_push(s, frames + i, left < BATCH_FRAMES ? left : BATCH_FRAMES, NULL, NULL);
    }
    const double took_cpu_s = bench_cpu_s() - cpu_s, took_wall_s = bench_wall_s() - wall_s;
    print_figures(o, s, &counters, took_cpu_s, took_wall_s, resident_bytes() - before);
    shards_free(s);
    free(frames);
    return EXIT_DONE;
}
