/* Diplomatic clearances, as far as watches ask of them: which run, when they end, whether another
   follows. Who keeps them hands in a view (struct watch_views.clearances) that lists them as known
   at an instant; the set asks it every two seconds of its own time, while any rule speaks of them.

   Told once a clearance and end, so much before it as the rule says. Where it is given longer,
   replaced or taken back before then, the alert is corrected; given another end, it is told of
   again before that. */
#ifndef MASAR_WATCH_CLEARANCE_H
#define MASAR_WATCH_CLEARANCE_H

#include <stdbool.h>
#include <stdint.h>

enum { WATCH_CLEARANCE_MAX = 49 };

struct watch_clearance {
    char operation[WATCH_CLEARANCE_MAX], number[WATCH_CLEARANCE_MAX];
    char country[3];
    char flights[80];       /* call signs, tails and points it is for; "" any */
    bool overflight;        /* or landing */
    bool runs;              /* it is valid now, and no other in its place is valid for longer */
    bool is_last;           /* none for the same flights is valid later */
    int64_t from_ms, to_ms; /* of one that runs: its window; else 0 */
};

typedef void watch_clearance_fn(void *ctx, const struct watch_clearance *c);

#endif
