/* What the tests of source/ share: everything an input hands on, written down. */
#ifndef MASAR_TESTS_SOURCE_PROBE_H
#define MASAR_TESTS_SOURCE_PROBE_H

#include "net_probe.h"

#include "source/source.h"

enum { PROBE_ITEMS_MAX = 4096 };

struct source_probe {
    struct probe base; /* loop and counters; done and why are the source's */
    struct receivers *receivers;
    struct source *source;
    size_t n_frames, n_messages;
    struct frame frame[PROBE_ITEMS_MAX];
    struct message message[16];
    bool close_at_first; /* closes the source from within its first item */
};

static inline int64_t probe_clock_us(void)
{
    return INT64_C(1717749000000000); /* 2024-06-07T08:30:00Z */
}

static inline void probe_item(void *ctx, const struct wire_item *item)
{
    struct source_probe *p = ctx;
    if (item->kind == WIRE_FRAME && p->n_frames < PROBE_ITEMS_MAX) {
        p->frame[p->n_frames++] = *item->frame;
    }
    if (item->kind == WIRE_MESSAGE && p->n_messages++ < 16) {
        p->message[p->n_messages - 1] = *item->message;
    }
    if (p->close_at_first && p->source) {
        source_close(p->source);
        p->source = NULL;
    }
}

static inline void probe_source_done(void *ctx, uint16_t number, enum err e, const char *why)
{
    struct source_probe *p = ctx;
    assert_int_equal(number, 1);
    probe_done(&p->base, e, why);
}

static inline enum err probe_source(struct source_probe *p, const char *text)
{
    const struct source_options o = {.loop = &p->base.loop,
                                     .clock_us = probe_clock_us,
                                     .receivers = p->receivers,
                                     .counters = &p->base.counters,
                                     .number = 1,
                                     .item = probe_item,
                                     .done = probe_source_done,
                                     .ctx = p};
    return source_open(text, &o, &p->source, p->base.why, sizeof p->base.why);
}

static inline int source_setup(void **state)
{
    struct source_probe *p = calloc(1, sizeof *p);
    *state = p;
    if (!p) {
        return -1;
    }
    p->receivers = receivers_new();
    return p->receivers ? uv_loop_init(&p->base.loop) : -1;
}

static inline int source_teardown(void **state)
{
    struct source_probe *p = *state;
    if (p->source) {
        source_close(p->source);
    }
    for (unsigned i = 0; i < 700 && uv_loop_alive(&p->base.loop); i++) {
        uv_run(&p->base.loop, UV_RUN_NOWAIT);
        usleep(10000);
    }
    const int r = uv_loop_close(&p->base.loop);
    receivers_free(p->receivers);
    if (r) {
        fprintf(stderr, "loop: %s\n", uv_strerror(r));
        return r;
    }
    free(p);
    return 0;
}

#define SOURCED(test) cmocka_unit_test_setup_teardown(test, source_setup, source_teardown)

#endif
