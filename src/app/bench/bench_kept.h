/* Kept points of a made-up fleet, for `masar bench store`: flights between airports that lie in
   clusters as the world's do, with turns at waypoints, climbs, holdings and taxiing; what is
   reported is what a receiver keeps of it: noise of the antenna's position that wanders, CPR grids,
   whole knots, 25 ft, 64 ft/min, jitter of the time of reception, intervals as thinning leaves them
   (dense in a turn, sparse in cruise), holes in hearing, quality that changes. Nothing of it can be
   foretold but by its seed. The same seed, aircraft and day give the same points. */
#ifndef MASAR_APP_BENCH_KEPT_H
#define MASAR_APP_BENCH_KEPT_H

#include "geo/sphere.h"
#include "model/kept.h"

#include <stddef.h>
#include <stdint.h>

enum { BENCH_AIRPORTS = 1200, BENCH_CLUSTERS = 24 };

struct bench_world {
    uint64_t seed;
    double interval_s; /* between points in cruise, about; a third of it near airports */
    int64_t start_ms;  /* midnight of day 0 */
    struct sphere_place cluster[BENCH_CLUSTERS]; /* 50 airports around each */
    struct sphere_place airport[BENCH_AIRPORTS];
};

void bench_world_make(struct bench_world *w, uint64_t seed, double interval_s, int64_t start_ms);

/* The address of an aircraft of the fleet: none twice below 13 million. */
uint32_t bench_kept_address(uint32_t aircraft);
/* Its call sign on a day's flight number (0 .. 7), padded with spaces. */
void bench_kept_flight(uint32_t aircraft, unsigned flight, char out[8]);

/* All points of one aircraft on one day, times ascending, at most max; returns how many. */
size_t bench_kept_day(const struct bench_world *w, uint32_t aircraft, uint32_t day,
                      struct kept *out, size_t max);

#endif
