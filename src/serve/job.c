#include "serve/job.h"

#include <stdlib.h>

enum { FREED_AT_ONCE = 1 << 20 };

/* Stands at the beginning of the memory it speaks of. */
struct waste {
    struct waste *next;
    size_t n;
};

static bool may_go_on(const struct jobs *j)
{
    return j->spent_us < JOB_SLICE_US;
}

/* A new turn has a new slice. A turn in the millisecond of the last one is taken for the same. */
static void see_turn(struct jobs *j)
{
    if (j->turn_ms != uv_now(j->loop)) {
        j->turn_ms = uv_now(j->loop);
        j->spent_us = 0;
    }
}

/* Whether the job is at its end. */
static bool work(struct jobs *j, struct job *job)
{
    const uint64_t start_us = uv_hrtime() / 1000, before_us = j->spent_us;
    bool more = true;
    while (more && may_go_on(j)) {
        more = job->step(job->ctx);
        j->spent_us = before_us + uv_hrtime() / 1000 - start_us;
    }
    return !more;
}

static void append(struct jobs *j, struct job *job)
{
    job->next = NULL;
    *j->last = job;
    j->last = &job->next;
}

static struct job *take_first(struct jobs *j)
{
    struct job *job = j->first;
    j->first = job->next;
    if (!j->first) {
        j->last = &j->first;
    }
    return job;
}

/* One after the other as far as the slice goes; who was cut short is the last of the next turn. */
static void on_idle(uv_idle_t *idle)
{
    struct jobs *j = idle->data;
    see_turn(j);
    while (j->first && may_go_on(j)) {
        struct job *job = take_first(j);
        job->runs = !work(j, job);
        if (job->runs) {
            append(j, job);
        }
    }
    if (!j->first) {
        uv_idle_stop(idle);
    }
}

bool jobs_open(struct jobs *j, uv_loop_t *loop)
{
    *j = (struct jobs){.loop = loop, .idle = malloc(sizeof *j->idle)};
    j->last = &j->first;
    if (j->idle) {
        uv_idle_init(loop, j->idle);
        j->idle->data = j;
    }
    return j->idle;
}

static void free_handle(uv_handle_t *handle)
{
    free(handle);
}

void jobs_close(struct jobs *j)
{
    while (j->waste) {
        struct waste *next = j->waste->next;
        free(j->waste);
        j->waste = next;
    }
    if (j->idle) {
        uv_close((uv_handle_t *)j->idle, free_handle);
        j->idle = NULL;
    }
}

void job_start(struct jobs *j, struct job *job, job_step_fn *step, void *ctx)
{
    if (job->runs || !j->idle) {
        return;
    }
    *job = (struct job){.step = step, .ctx = ctx};
    see_turn(j);
    job->runs = true;
    job->runs = !work(j, job);
    if (job->runs) {
        append(j, job);
        uv_idle_start(j->idle, on_idle);
    }
}

static bool clean_some(void *ctx)
{
    struct jobs *j = ctx;
    struct waste *w = j->waste, *less = NULL;
    if (w->n > FREED_AT_ONCE) {
        less = realloc(w, w->n - FREED_AT_ONCE);
    }
    if (less) {
        less->n -= FREED_AT_ONCE;
        j->waste = less;
    } else {
        j->waste = w->next;
        free(w);
    }
    return j->waste;
}

void job_free(struct jobs *j, void *memory, size_t n)
{
    if (!j || !j->idle || n <= FREED_AT_ONCE) {
        free(memory);
        return;
    }
    struct waste *w = memory;
    *w = (struct waste){.next = j->waste, .n = n};
    j->waste = w;
    job_start(j, &j->cleaning, clean_some, j);
}
