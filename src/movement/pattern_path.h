/* The ring of a path: points 30 degrees of turn or 90 s apart, with the turn and the way summed up.
   Internal to pattern*.c. Pure. */
#ifndef MASAR_MOVEMENT_PATTERN_PATH_H
#define MASAR_MOVEMENT_PATTERN_PATH_H

#include "base/err.h"
#include "geo/sphere.h"
#include "model/kept.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    PATTERN_POINTS_MIN = 32, /* 512 bytes: what straight flight needs */
    PATTERN_POINTS_MAX = 128,
    PATTERN_TURN_STEP_DEG = 30,
    PATTERN_TIME_STEP_S = 90,
    PATTERN_WINDOW_S = 9000,   /* what is older is forgotten */
    PATTERN_GAP_S = 1500,      /* a longer silence cuts the path */
    PATTERN_WAY_UNIT_M = 50,   /* of pattern_point.way */
    PATTERN_ALT_UNIT_FT = 25,  /* of pattern_point.alt */
    PATTERN_NO_ALT = INT16_MIN /* not known */
};

/* The counts t, turn and way go round; only differences within the ring are used. */
struct pattern_point {
    int32_t lat_e7, lon_e7;
    uint16_t t_s;
    int16_t alt;
    int16_t turn_deg; /* right positive */
    uint16_t way;
};

struct pattern_path {
    struct pattern_point *point; /* capacity is a power of two */
    uint16_t capacity, head, n;  /* head: the oldest */
    int32_t turned_deg;          /* sum of |turn| between the points of the ring */
    /* The newest fix. */
    int64_t t_ms; /* KEPT_NO_TIME: none yet */
    struct sphere_place place;
    float direction_deg;                     /* < 0: not known */
    float gs_kt;                             /* < 0: not known */
    double turn_deg, turned_deg_ever, way_m; /* turn with and without its sign */
    /* The newest point of the ring. */
    int64_t point_ms;
    double point_turn_deg;
    bool fresh; /* a point was added by the last call */
    bool cut;   /* the last call found a silence too long: the ring was emptied before it */
};

/* The i-th point, 0 the oldest. */
static inline const struct pattern_point *pattern_at(const struct pattern_path *p, unsigned i)
{
    return &p->point[(p->head + i) & (p->capacity - 1U)];
}

/* Milliseconds since 1970 of the i-th point, from the newest. */
int64_t pattern_time_ms(const struct pattern_path *p, unsigned i);

void pattern_path_init(struct pattern_path *p);
void pattern_path_free(struct pattern_path *p);

/* Forgets all points; the sums go on. */
void pattern_path_clear(struct pattern_path *p);

/* Forgets the points before t_ms. */
void pattern_path_forget(struct pattern_path *p, int64_t t_ms);

/* Takes a fix later than the last. ERR_MEMORY: not taken. */
enum err pattern_path_add(struct pattern_path *p, const struct kept *k);

/* A difference of directions brought into [-180, 180). */
float pattern_wrap_deg(float deg);

#endif
