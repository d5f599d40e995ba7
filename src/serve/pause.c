#include "serve/pause.h"

#include <stdlib.h>
#include <time.h>

enum { NS_PER_US = 1000, NS_PER_S = 1000000000 };

const uint32_t pause_bound_us[PAUSE_BUCKETS] = {250,   500,   1000,  2000,      5000,
                                                10000, 20000, 50000, UINT32_MAX};

static void note(struct pause *p, uint64_t busy_ns, uint64_t cpu_ns, uint64_t now_ns)
{
    unsigned i = 0;
    while (busy_ns > (uint64_t)pause_bound_us[i] * NS_PER_US && i < PAUSE_BUCKETS - 1) {
        i++;
    }
    p->bucket[i]++;
    p->n++;
    p->sum_ns += busy_ns;
    const uint64_t second = now_ns / NS_PER_S;
    struct pause_second *s = &p->second[second % PAUSE_SECONDS];
    if (s->second != second) {
        *s = (struct pause_second){.second = second};
    }
    s->longest_ns = busy_ns > s->longest_ns ? busy_ns : s->longest_ns;
    s->longest_cpu_ns = cpu_ns > s->longest_cpu_ns ? cpu_ns : s->longest_cpu_ns;
}

static uint64_t thread_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

/* The loop reads sockets within its poll, so the time between check and prepare would miss most of
   the work: what counts is the time from here to here less what the system was waited for. */
static void on_before_poll(uv_prepare_t *handle)
{
    struct pause *p = handle->data;
    const uint64_t now_ns = uv_hrtime(), idle_ns = uv_metrics_idle_time(handle->loop),
                   cpu_ns = thread_ns();
    if (p->last_ns) {
        const uint64_t turn_ns = now_ns - p->last_ns, waited_ns = idle_ns - p->last_idle_ns;
        note(p, turn_ns > waited_ns ? turn_ns - waited_ns : 0, cpu_ns - p->last_cpu_ns, now_ns);
    }
    p->last_ns = now_ns;
    p->last_idle_ns = idle_ns;
    p->last_cpu_ns = cpu_ns;
}

bool pause_open(struct pause *p, uv_loop_t *loop)
{
    p->before_poll = malloc(sizeof *p->before_poll);
    if (!p->before_poll) {
        return false;
    }
    uv_loop_configure(loop, UV_METRICS_IDLE_TIME);
    uv_prepare_init(loop, p->before_poll);
    p->before_poll->data = p;
    uv_prepare_start(p->before_poll, on_before_poll);
    uv_unref((uv_handle_t *)p->before_poll);
    return true;
}

static void free_handle(uv_handle_t *handle)
{
    free(handle);
}

void pause_close(struct pause *p)
{
    if (p->before_poll) {
        uv_close((uv_handle_t *)p->before_poll, free_handle);
        p->before_poll = NULL;
    }
}

struct pause_second pause_longest(const struct pause *p)
{
    const uint64_t second = uv_hrtime() / NS_PER_S;
    struct pause_second longest = {.second = second};
    for (unsigned i = 0; i < PAUSE_SECONDS; i++) {
        const struct pause_second *s = &p->second[i];
        if (second - s->second < PAUSE_SECONDS) {
            longest.longest_ns =
                s->longest_ns > longest.longest_ns ? s->longest_ns : longest.longest_ns;
            longest.longest_cpu_ns = s->longest_cpu_ns > longest.longest_cpu_ns
                                         ? s->longest_cpu_ns
                                         : longest.longest_cpu_ns;
        }
    }
    return longest;
}
