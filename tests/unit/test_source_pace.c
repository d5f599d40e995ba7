/* A recording played at N times its own pace: order kept, time kept, the end after the last item,
 * speed refused elsewhere. */
#include "source/source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { FRAMES = 40, STEP_MS = 50 };

struct run {
    uv_loop_t loop;
    struct source *source;
    struct counters counters;
    int64_t frame_us[FRAMES + 1];
    uint64_t came_ns[FRAMES + 1];
    unsigned n;
    bool is_done;
};

static int64_t clock_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void on_item(void *ctx, const struct wire_item *item)
{
    struct run *r = ctx;
    if (item->kind == WIRE_FRAME && r->n < FRAMES + 1) {
        r->frame_us[r->n] = item->frame->t_us;
        r->came_ns[r->n++] = uv_hrtime();
    }
}

static void on_done(void *ctx, uint16_t number, enum err e, const char *why)
{
    struct run *r = ctx;
    (void)number;
    (void)why;
    assert_int_equal(e, ERR_OK);
    assert_int_equal(r->n, FRAMES);
    r->is_done = true;
    uv_stop(&r->loop);
}

/* FRAMES frames, one each STEP_MS of 12 MHz ticks. */
static void write_recording(const char *path)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    for (unsigned i = 0; i < FRAMES; i++) {
        fprintf(f, "@%012X8d406b902015a678d4d220aa4bda;\n", 1000 + i * STEP_MS * 12000);
    }
    fclose(f);
}

static enum err play(struct run *r, const char *spec, char *why, size_t why_size)
{
    memset(r, 0, sizeof *r);
    uv_loop_init(&r->loop);
    struct receivers *receivers = receivers_new();
    const struct source_options o = {.loop = &r->loop,
                                     .clock_us = clock_us,
                                     .receivers = receivers,
                                     .counters = &r->counters,
                                     .number = 1,
                                     .item = on_item,
                                     .done = on_done,
                                     .ctx = r};
    const enum err e = source_open(spec, &o, &r->source, why, why_size);
    if (!e) {
        uv_run(&r->loop, UV_RUN_DEFAULT);
        source_close(r->source);
    }
    uv_run(&r->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&r->loop), 0);
    receivers_free(receivers);
    return e;
}

static void plays_at_its_pace(void **state)
{
    (void)state;
    char path[] = "/tmp/masar-pace-XXXXXX", spec[128], why[256];
    close(mkstemp(path));
    write_recording(path);
    snprintf(spec, sizeof spec, "avr:file=%s,speed=10", path);
    struct run r;
    assert_int_equal(play(&r, spec, why, sizeof why), ERR_OK);
    assert_true(r.is_done);
    for (unsigned i = 1; i < FRAMES; i++) {
        assert_true(r.frame_us[i] > r.frame_us[i - 1]);
    }
    /* 39 steps of 50 ms at ten times: 195 ms. It may be late on a busy machine, never early. */
    const double took_ms = (double)(r.came_ns[FRAMES - 1] - r.came_ns[0]) / 1e6;
    assert_true(took_ms > 180 && took_ms < 2000);
    unlink(path);
}

static void speed_is_for_files(void **state)
{
    (void)state;
    struct run r;
    char why[256];
    assert_int_equal(play(&r, "avr:listen=127.0.0.1:0,speed=2", why, sizeof why), ERR_RANGE);
    assert_non_null(strstr(why, "speed= is for file="));
    assert_int_equal(play(&r, "avr:file=/dev/null,speed=0", why, sizeof why), ERR_RANGE);
    assert_int_equal(play(&r, "avr:file=/nowhere,speed=2", why, sizeof why), ERR_SYSTEM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plays_at_its_pace),
        cmocka_unit_test(speed_is_for_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
