/* What the tests of net/ share: a transport's events written down, and a loop run until something
   is so or time is up. */
#ifndef MASAR_TESTS_NET_PROBE_H
#define MASAR_TESTS_NET_PROBE_H

#include "base/buf.h"
#include "net/net.h"

/* cmocka wants these first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct probe {
    uv_loop_t loop;
    struct counters counters;
    struct net_transport *transport;
    struct net_peer *peer; /* the last that opened */
    struct buf got;        /* of all peers */
    unsigned opened, closed, done;
    enum err e;
    char why[256];
};

static inline void *probe_open(void *ctx, struct net_peer *peer)
{
    struct probe *p = ctx;
    p->peer = peer;
    p->opened++;
    return p;
}

static inline void probe_bytes(void *state, const uint8_t *bytes, size_t n)
{
    struct probe *p = state;
    buf_add(&p->got, bytes, n);
}

static inline void probe_close(void *state)
{
    struct probe *p = state;
    p->closed++;
}

static inline void probe_done(void *ctx, enum err e, const char *why)
{
    struct probe *p = ctx;
    p->done++;
    p->e = e;
    snprintf(p->why, sizeof p->why, "%s", why);
}

static const struct net_events probe_events = {probe_open, probe_bytes, probe_close, probe_done};

static inline enum err probe_start(struct probe *p, const char *text, bool is_input)
{
    struct spec *s = malloc(sizeof *s);
    assert_non_null(s);
    assert_int_equal(spec_parse(s, text, p->why, sizeof p->why), ERR_OK);
    const enum err e = net_open(&p->loop, s, is_input, &probe_events, p, &p->counters,
                                &p->transport, p->why, sizeof p->why);
    free(s);
    return e;
}

static inline void probe_on_timer(uv_timer_t *timer)
{
    *(bool *)timer->data = true;
}

/* Runs the loop until is_so or for at most ms. */
static inline bool run_until(uv_loop_t *loop, bool (*is_so)(void *), void *ctx, unsigned ms)
{
    bool late = false;
    uv_timer_t timer;
    uv_timer_init(loop, &timer);
    timer.data = &late;
    uv_timer_start(&timer, probe_on_timer, ms, 0);
    while (!is_so(ctx) && !late) {
        uv_run(loop, UV_RUN_ONCE);
    }
    uv_close((uv_handle_t *)&timer, NULL);
    uv_run(loop, UV_RUN_NOWAIT);
    return is_so(ctx);
}

static inline bool never(void *ctx)
{
    (void)ctx;
    return false;
}

static inline bool probe_is_done(void *ctx)
{
    return ((struct probe *)ctx)->done > 0;
}

static inline int probe_setup(void **state)
{
    struct probe *p = calloc(1, sizeof *p);
    *state = p;
    return p ? uv_loop_init(&p->loop) : -1;
}

/* Closes what is open; everything must be gone from the loop then. */
static inline int probe_teardown(void **state)
{
    struct probe *p = *state;
    if (p->transport) {
        net_close(p->transport);
    }
    for (unsigned i = 0; i < 700 && uv_loop_alive(&p->loop); i++) {
        uv_run(&p->loop, UV_RUN_NOWAIT);
        usleep(10000);
    }
    const int r = uv_loop_close(&p->loop);
    const int unpaired = p->opened != p->closed;
    if (r || unpaired) {
        fprintf(stderr, "loop: %s; opened %u, closed %u\n", r ? uv_strerror(r) : "empty", p->opened,
                p->closed);
    }
    buf_free(&p->got);
    if (r == 0) {
        free(p);
    }
    return r ? r : unpaired;
}

#endif
