/* What of the aircraft is counted at a moment, in slices (job.h). One thread. */
#ifndef MASAR_SERVE_CENSUS_H
#define MASAR_SERVE_CENSUS_H

#include "model/origin.h"
#include "serve/walk.h"

struct serve;

struct census {
    uint64_t known, heard, with_position, with_flight, emergency;
    uint64_t version[3], type[ORIGIN_COUNT];
    uint64_t rssi_n;
    double rssi_sum, rssi_min, rssi_max;
};

struct counting {
    struct serve *s;
    struct job job;
    struct walk walk;
    struct census under_way, done;
    bool ever, slow;  /* the last one took more than one slice */
    int64_t begun_ms; /* of the last one done */
};

/* A count not older than a second when it was asked for, and of now where that takes no time; NULL
   while it is not there yet: serve_ready will be called. again: asked for before, for this request.
 */
const struct census *census_get(struct counting *c, int64_t asked_ms, bool again);

#endif
