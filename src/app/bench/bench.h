/* What `masar bench` measures on: frames of a fleet in memory, made once by our own encoder. */
#ifndef MASAR_APP_BENCH_H
#define MASAR_APP_BENCH_H

#include "model/frame.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bench_options {
    uint32_t aircraft;        /* in the fleet */
    size_t frames;            /* to make */
    unsigned shards;          /* threads for `track` */
    uint32_t watches;         /* for `watch`; 0: as it is claimed for */
    uint64_t positions, seed; /* of the store `store` makes */
    const char *dir;          /* where; NULL: TMPDIR or /tmp. Of `watch`: a store whose past is
                                 gone through */
    bool keep;                /* it stays */
};

/* frames of the fleet in the order of their time, 7 a second and aircraft in the mix of an
   interrogated fleet (positions, velocities, identifications, operational status, DF 11 4 5 20 21).
   The caller frees. NULL: out of memory. */
struct frame *bench_fleet(const struct bench_options *o);

/* One measurement: prints rates as `name value unit`. Exit status. */
typedef int bench_fn(const struct bench_options *o);

bench_fn bench_decode, bench_track, bench_demod, bench_store, bench_movement, bench_watch;

/* Seconds of processor time of the whole process, and of the wall, from any start. */
double bench_cpu_s(void);
double bench_wall_s(void);

#endif
