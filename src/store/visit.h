/* Points that answer → visits: one aircraft's stay in what was asked for, from its first point
   there to its last. A visit ends where the aircraft is not seen there for longer than gap_ms, and
   where it takes another call sign. Pure. */
#ifndef MASAR_STORE_VISIT_H
#define MASAR_STORE_VISIT_H

#include "geo/sphere.h"
#include "model/kept.h"
#include "store/part.h"

#include <stdbool.h>
#include <stdint.h>

struct visit {
    struct kept first, last;
    char flight[8];                  /* the call sign heard; all NUL: none was */
    int32_t alt_low_ft, alt_high_ft; /* as store_query's altitudes; KEPT_NONE: none was known */
    uint64_t points; /* heard; first, last and closest may be reckoned (way.h), all of them where
                        this is 0 */
    uint32_t last_n; /* the how manieth point of its instant the last is */
    struct kept closest; /* to `middle` */
    double closest_m;    /* -1: there is no middle */
};

/* Zeroed but for the first four is the start. */
struct visits {
    int64_t gap_ms;
    bool has_middle;
    struct sphere_place middle;
    struct visit_same { /* of the last point, or of that an answer was cut at */
        uint32_t address;
        int64_t t_ms;
        uint32_t n;
    } same;
    bool open;
    struct visit now;
};

/* The next point, in store_find's order. True: a visit ended before it, and is in ended. */
bool visits_take(struct visits *v, const struct kept *p, struct visit *ended);

/* All points of a chunk at once, of which no two are farther apart than gap_ms. */
bool visits_take_whole(struct visits *v, const struct part_whole *w, struct visit *ended);

/* There are no more points. True: a visit ended. */
bool visits_end(struct visits *v, struct visit *ended);

#endif
