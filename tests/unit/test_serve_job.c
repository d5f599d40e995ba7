/* Long work in slices, and the memory that is given back so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "serve/job.h"

struct task {
    struct job job;
    unsigned left, done;
    uint64_t step_us;
};

static bool step(void *ctx)
{
    struct task *t = ctx;
    const uint64_t until = uv_hrtime() + t->step_us * 1000;
    while (uv_hrtime() < until) {
    }
    t->done++;
    return --t->left > 0;
}

static void end(struct jobs *j, uv_loop_t *loop)
{
    jobs_close(j);
    jobs_close(j);
    uv_run(loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(loop), 0);
}

static void short_work_is_done_at_once(void **state)
{
    (void)state;
    uv_loop_t loop;
    struct jobs j;
    struct task t = {.left = 3};
    uv_loop_init(&loop);
    assert_true(jobs_open(&j, &loop));
    job_start(&j, &t.job, step, &t);
    assert_false(t.job.runs);
    assert_int_equal(t.done, 3);
    end(&j, &loop);
}

static void long_work_takes_turns(void **state)
{
    (void)state;
    uv_loop_t loop;
    struct jobs j;
    struct task a = {.left = 40, .step_us = 300}, b = {.left = 40, .step_us = 300};
    uv_loop_init(&loop);
    assert_true(jobs_open(&j, &loop));
    job_start(&j, &a.job, step, &a);
    job_start(&j, &b.job, step, &b);
    job_start(&j, &a.job, step, &a); /* under way: not begun anew */
    assert_true(a.job.runs && b.job.runs);
    while (a.job.runs || b.job.runs) {
        const unsigned before = a.done + b.done;
        uv_run(&loop, UV_RUN_NOWAIT);
        assert_true(a.done + b.done - before <= 5); /* a millisecond of 300 us, and the last one */
        assert_true(a.job.runs || b.done > 0);      /* one does not wait for the other's end */
    }
    assert_int_equal(a.done, 40);
    assert_int_equal(b.done, 40);
    assert_int_equal(uv_run(&loop, UV_RUN_NOWAIT) != 0, 0); /* nothing keeps the loop */
    end(&j, &loop);
}

static void memory_is_given_back(void **state)
{
    (void)state;
    enum { LARGE = 48 << 20 };
    uv_loop_t loop;
    struct jobs j;
    uv_loop_init(&loop);
    assert_true(jobs_open(&j, &loop));
    for (int i = 0; i < 3; i++) {
        char *p = malloc(LARGE);
        assert_non_null(p);
        memset(p, i, LARGE);
        job_free(&j, p, LARGE);
    }
    job_free(&j, malloc(10), 10);
    job_free(NULL, malloc(LARGE), LARGE);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_null(j.waste);
    job_free(&j, malloc(LARGE), LARGE);
    end(&j, &loop); /* what is left goes at the end */
    assert_null(j.waste);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_work_is_done_at_once),
        cmocka_unit_test(long_work_takes_turns),
        cmocka_unit_test(memory_is_given_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
