/* How likely an aircraft on its way is not heard, from what is normally heard there (the memory of
   coverage, movement_views.heard). Pure. */
#ifndef MASAR_MOVEMENT_SILENCE_H
#define MASAR_MOVEMENT_SILENCE_H

#include "geo/sphere.h"
#include "movement/movement.h"

struct silence_way {
    struct sphere_place from, to;
    float alt_ft;   /* at from, above the sea; NAN not known */
    float field_ft; /* height of the field at `to` */
    int64_t t_ms;   /* when it was at from */
    float way_min;  /* minutes from `from` to `to` */
    float minutes;  /* of them, those that count */
    float skip_min; /* the first of them that do not: where hearing ends varies */
    bool down;      /* it comes down to the field on the way; else it keeps its height */
    bool back;      /* it came from `to`: time runs backward along the way */
    bool known;     /* where nobody knows what is heard, nothing is said */
};

/* Natural logarithm of the probability that it is not heard. What is heard within some minutes
   hangs together, so that a quarter of an hour counts once. Where nobody knows, a small chance a
   minute. *known is set where anything is known, else left. */
float silence_log(const struct movement_views *v, const struct silence_way *w, bool *known);

/* The same of a way that comes down, and of one that keeps its height (w->down is not looked at).
 */
struct silence_both {
    float down, on;
};
struct silence_both silence_log_both(const struct movement_views *v, const struct silence_way *w,
                                     bool *known);

#endif
