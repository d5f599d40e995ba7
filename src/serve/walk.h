/* A look at every aircraft, in slices (job.h). Each is read whole; the moment of the picture is
   that of the beginning. One thread. */
#ifndef MASAR_SERVE_WALK_H
#define MASAR_SERVE_WALK_H

#include "serve/job.h"
#include "track/track.h"

struct walk {
    const struct tracker *tracker;
    uint32_t at;
    int64_t now_us;   /* the picture's time at the beginning */
    int64_t begun_ms; /* steady */
};

typedef void walk_visit_fn(void *ctx, const struct track *t, int64_t now_us);

static inline void walk_begin(struct walk *w, const struct tracker *tracker, int64_t now_us,
                              int64_t clock_ms)
{
    *w = (struct walk){.tracker = tracker, .now_us = now_us, .begun_ms = clock_ms};
}

/* The next few aircraft. False: these were the last. */
static inline bool walk_some(struct walk *w, walk_visit_fn *visit, void *ctx)
{
    enum { SLOTS = 32 };
    const uint32_t slots = tracker_slots(w->tracker);
    for (uint32_t n = 0; n < SLOTS && w->at < slots; n++, w->at++) {
        const struct track *t = tracker_at(w->tracker, w->at);
        if (t) {
            visit(ctx, t, w->now_us);
        }
    }
    return w->at < slots;
}

#endif
