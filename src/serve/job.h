/* Long work on the one loop, in slices: a turn of the loop spends no more than JOB_SLICE_US on all
   of it, so that frames and other clients wait no longer than that. One thread. */
#ifndef MASAR_SERVE_JOB_H
#define MASAR_SERVE_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

enum { JOB_SLICE_US = 1000 };

/* One piece of the work, some ten microseconds long. False: that was the last. */
typedef bool job_step_fn(void *ctx);

/* Zeroed is idle. It belongs to whoever works, and must stay where it is while it runs. */
struct job {
    job_step_fn *step;
    void *ctx;
    struct job *next;
    bool runs;
};

struct waste;

struct jobs {
    uv_loop_t *loop;
    struct waste *waste; /* memory to be given back */
    struct job cleaning;
    uv_idle_t *idle; /* runs while there are jobs: the loop polls, but does not wait */
    struct job *first, **last;
    uint64_t turn_ms, spent_us; /* of the slice of this turn */
};

bool jobs_open(struct jobs *j, uv_loop_t *loop); /* false: out of memory */
void jobs_close(struct jobs *j);                 /* what runs is dropped; twice does no harm */

/* Begins work, unless it is under way. What is left of the turn's slice is spent on it at once:
   short work is done when this returns. */
void job_start(struct jobs *j, struct job *job, job_step_fn *step, void *ctx);

/* Frees n bytes from malloc: at once where that takes no time, else little by little, for the
   system takes 0.1 ms a megabyte. */
void job_free(struct jobs *j, void *memory, size_t n);

#endif
