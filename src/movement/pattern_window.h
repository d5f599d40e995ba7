/* The stretch of a path that was flown most often over its own extent, and its measures. Internal
   to pattern*.c. Pure. */
#ifndef MASAR_MOVEMENT_PATTERN_WINDOW_H
#define MASAR_MOVEMENT_PATTERN_WINDOW_H

#include "model/claim.h"
#include "movement/pattern_path.h"

enum {
    PATTERN_LEGS_MAX = 48,
    PATTERN_TURNED_MIN_DEG = 600 /* less turn is nothing */
};

/* What a stretch is looked for by; of each rule the best stretch. */
enum pattern_rule {
    PATTERN_ROUNDS, /* circles and racetracks: round after round to one side */
    PATTERN_LOITER, /* to and fro over a small place for long */
    PATTERN_LINES,  /* long legs and turns: large racetracks, surveys */
    PATTERN_EIGHTS, /* as much turn to one side as to the other; the shape decides */
    PATTERN_HOLD,   /* two rounds of the size a hold has */
    PATTERN_RULES
};

/* Points first .. last of the path. Angles are degrees, ways meters. */
struct pattern_window {
    unsigned first, last;
    float seconds, way_m;
    float size_m;     /* the longest extent in any direction */
    float area_m2;    /* enclosed, positive to the right */
    float signed_deg; /* turn, right positive */
    float turned_deg; /* turn without its sign */
    float speed_kt;
    float alt_ft, alt_sd_ft; /* mean and deviation; NAN and 0 where not known */
    float climb_fpm;         /* height gained and lost a minute, in steps of 75 ft */
    struct sphere_place middle;
};

/* What its straight pieces and turns look like. */
struct pattern_shape {
    enum claim_shape shape;
    unsigned legs;   /* straight pieces */
    float leg_share; /* of the way, flown straight */
    float leg_m;     /* median length */
    float parallel;  /* 0 any directions .. 1 all legs along one line */
    float drift;     /* 0 legs lie on few lines .. 1 each leg lies farther on */
    float moved; /* of its size: how far the middle of its second half is from that of its first */
    float round; /* turns without change of side: |signed| / turned */
    float alternate; /* share of the turn made in turns of 130 to 330 degrees, each to the
                        other side than the one before */
    float period_s;  /* of one round */
};

/* The best stretch that ends at the newest point, for each rule; bits of the rules that have one.
 */
unsigned pattern_window_find(const struct pattern_path *p, struct pattern_window w[PATTERN_RULES]);

void pattern_shape_find(const struct pattern_path *p, const struct pattern_window *w,
                        struct pattern_shape *s);

#endif
