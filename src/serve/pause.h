/* How long the loop does not look for news: the time of every turn that it did not wait for the
   system, from one poll to the next, with everything that ran in between. One thread. */
#ifndef MASAR_SERVE_PAUSE_H
#define MASAR_SERVE_PAUSE_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

enum { PAUSE_BUCKETS = 9, PAUSE_SECONDS = 60 };

struct pause {
    uv_prepare_t *before_poll;
    uint64_t last_ns, last_idle_ns, last_cpu_ns;
    uint64_t bucket[PAUSE_BUCKETS]; /* turns no longer than pause_bound_us, each in one alone */
    uint64_t n, sum_ns;
    struct pause_second {
        uint64_t second, longest_ns;
        uint64_t longest_cpu_ns; /* of these, what this thread ran: the rest was others' */
    } second[PAUSE_SECONDS];
};

extern const uint32_t pause_bound_us[PAUSE_BUCKETS]; /* the last is UINT32_MAX: without bound */

bool pause_open(struct pause *p, uv_loop_t *loop); /* before the loop runs; false: out of memory */
void pause_close(struct pause *p);                 /* twice does no harm */
struct pause_second pause_longest(const struct pause *p); /* of the last minute */

#endif
