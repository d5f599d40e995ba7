/* Watches over the past: what they would have told, from the ledger and the positions of a store,
   in the order in which it would have been told live. */
#ifndef MASAR_APP_WATCH_PAST_H
#define MASAR_APP_WATCH_PAST_H

#include "app/watch/watch_world.h"

struct watch_past {
    struct store *store; /* a reader */
    struct watch_world *world;
    struct watch_set *set; /* its watches are in it; what it tells goes where it was told */
    int64_t from_ms, to_ms;
    /* Before each day of points and now and then within it; false: it is to end there. NULL. */
    bool (*go_on)(void *ctx, int64_t t_ms);
    void *ctx;
    /* found: */
    int64_t until_ms; /* how far it came: to_ms, unless it was ended */
    uint64_t points, looked_at, claims;
};

/* Errors as those of the store; why is a sentence. Points of a day are held in memory, those alone
   that a rule may care about. */
enum err watch_past_run(struct watch_past *p, char *why, size_t why_size);

/* How well a place was heard in an interval: the mean chance, over the hours of its days, that an
   aircraft at 5,000 and at 25,000 ft over it is heard within a minute. False: nothing is known. */
bool watch_past_heard(const struct watch_past *p, int32_t lat_e7, int32_t lon_e7, float *low,
                      float *high);

#endif
