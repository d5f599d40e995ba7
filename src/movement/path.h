/* The recent path of one aircraft: what is kept of a point, which points are believed, and what
   they say together (track, vertical rate). Pure values, no allocation. */
#ifndef MASAR_MOVEMENT_PATH_H
#define MASAR_MOVEMENT_PATH_H

#include "model/kept.h"
#include "movement/posterior.h"

#include <stdbool.h>
#include <stdint.h>

enum { PATH_RECENT = 24 };

#define PATH_NO_ALTITUDE INT32_MIN

struct path_point {
    int64_t t_ms;
    int32_t lat_e7, lon_e7;
    int32_t alt_ft;   /* pressure altitude, else geometric; PATH_NO_ALTITUDE */
    int16_t gs_kt;    /* -1 not known */
    int16_t track_e1; /* tenths of a degree; -1 not known */
    int16_t rate_fpm; /* as reported; INT16_MIN not known */
    uint16_t receiver;
    uint8_t source;    /* enum claim_source */
    uint8_t ground;    /* what it says: 1 on the ground */
    uint8_t qnh_known; /* height is of the field's own altimeter setting, or geometric */
};

struct path {
    struct path_point last, held;          /* held.t_ms KEPT_NO_TIME: none */
    struct path_point recent[PATH_RECENT]; /* a ring, some seconds apart */
    uint8_t at, n;
};

enum path_verdict {
    PATH_TAKEN,
    PATH_LATE,       /* not later than the last */
    PATH_HELD,       /* too far away: kept until the next says which of both is true */
    PATH_JUMPED,     /* taken with the one held before: a jump that two points agree on */
    PATH_IMPOSSIBLE, /* no time, no place */
};

/* A point as the path keeps it. False: it has no time or no place. */
bool path_point_of(const struct kept *k, struct path_point *out);

void path_clear(struct path *p);

/* Judges the next point; where it is taken, it is the last (of PATH_JUMPED, p->held still is the
   one before it). */
enum path_verdict path_judge(struct path *p, const struct path_point *n);

/* Puts a taken point into the ring. */
void path_keep(struct path *p, const struct path_point *n);

/* Forgets the ring: what lies before a gap says nothing of after. */
void path_cut(struct path *p);

float path_nm(const struct path_point *a, const struct path_point *b);

/* The newest point as a moment: its track from the report, else from the chord over 3 NM; its rate
   and phase over the last minute or two. */
void path_moment(const struct path *p, struct posterior_moment *out);

/* The oldest points of the ring as a moment: what a flight did when it was first heard. */
void path_first_moment(const struct path *p, struct posterior_moment *out);

#endif
