/* masar bench movement: kept points of a made-up fleet through the movements machine, one aircraft
   after another as a rebuild reads them, and all of them by time as they come live. One core. */
#include "app/bench/bench.h"
#include "app/bench/bench_kept.h"
#include "app/command.h"
#include "app/reference/reference.h"
#include "movement/movement.h"

#include <stdio.h>
#include <stdlib.h>

enum { DAY_MAX = 60000, AIRCRAFT = 400, START_DAY = 19880 };

struct bench_points {
    struct kept *k;
    size_t n;
    uint64_t claims;
};

static void count(void *ctx, const struct claim *c)
{
    struct bench_points *b = ctx;
    (void)c;
    b->claims++;
}

static int by_time(const void *p, const void *q)
{
    const struct kept *a = p, *b = q;
    if (a->t_ms != b->t_ms) {
        return a->t_ms < b->t_ms ? -1 : 1;
    }
    return a->address < b->address ? -1 : a->address > b->address;
}

static bool make_points(struct bench_points *b, const struct bench_options *o, uint32_t aircraft)
{
    struct bench_world w;
    size_t max = 0;
    bench_world_make(&w, o->seed ? o->seed : 1, 20, START_DAY * INT64_C(86400000));
    for (uint32_t a = 0; a < aircraft; a++) {
        if (b->n + DAY_MAX > max) {
            max = b->n + 64 * (size_t)DAY_MAX;
            struct kept *more = realloc(b->k, max * sizeof *more);
            if (!more) {
                return false;
            }
            b->k = more;
        }
        b->n += bench_kept_day(&w, a, 0, b->k + b->n, DAY_MAX);
    }
    return true;
}

static double run(struct bench_points *b, const struct airports *airports, bool live)
{
    const struct movement_options o = {.views = {.airports = airports}, .live = live};
    struct movement *m = movement_new(&o);
    if (!m) {
        return -1;
    }
    b->claims = 0;
    int64_t tick_ms = b->n ? b->k[0].t_ms : 0;
    const double start_s = bench_cpu_s();
    for (size_t i = 0; i < b->n; i++) {
        if (live && b->k[i].t_ms - tick_ms > 1000) {
            tick_ms = b->k[i].t_ms;
            movement_tick(m, tick_ms, count, b);
        }
        if (!live && i > 0 && b->k[i].address != b->k[i - 1].address) {
            movement_end(m, b->k[i - 1].address, count, b);
        }
        movement_push(m, &b->k[i], count, b);
    }
    movement_end(m, ADDRESS_NONE, count, b);
    const double took_s = bench_cpu_s() - start_s;
    movement_free(m);
    return took_s;
}

static void say(const char *name, const struct bench_points *b, double took_s)
{
    printf("movement_%s_rate %.0f fixes/s\n", name, (double)b->n / took_s);
    printf("movement_%s_time %.0f ns/fix\n", name, took_s * 1e9 / (double)b->n);
    printf("movement_%s_claims %.1f 1/1000fixes\n", name, 1e3 * (double)b->claims / (double)b->n);
}

int bench_movement(const struct bench_options *o)
{
    struct reference *reference = reference_open(NULL);
    const struct airports *airports = reference ? reference_airports(reference) : NULL;
    struct bench_points b = {0};
    int status = EXIT_COULD_NOT;
    if (!airports) {
        fprintf(stderr, "masar bench: airports: %s\n",
                reference ? reference_why(reference) : "out of memory");
    } else if (!make_points(&b, o, o->aircraft ? o->aircraft : AIRCRAFT)) {
        fputs("masar bench: out of memory: try fewer --aircraft\n", stderr);
    } else {
        say("rebuild", &b, run(&b, airports, false));
        qsort(b.k, b.n, sizeof *b.k, by_time);
        say("live", &b, run(&b, airports, true));
        status = EXIT_DONE;
    }
    free(b.k);
    reference_close(reference);
    return status;
}
