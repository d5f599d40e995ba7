#include "app/play.h"

#include "app/command.h"
#include "app/history.h"
#include "app/options.h"
#include "app/pipeline.h"
#include "track/track.h"

#include <stdio.h>

enum {
    PEER_WAIT_MAX = 1 << 20, /* bytes that wait for a peer before the inputs do */
    CHECK_EVERY = 256,       /* items between two looks at that */
    RESUME_MS = 5,
    HAND_OVER_MS = 100,
    PEER_SOON_MS = 10000 /* an output's peer is waited for before the first item */
};

struct player {
    uv_loop_t loop;
    uv_timer_t resume_timer, hand_over;
    struct pipeline *pipeline;
    struct history *history; /* NULL: none is kept */
    struct app_signals signals;
    uint64_t items;
    uint64_t begin_by_ms; /* then with peers or without; 0: begun */
    const char *command;
};

static void stop(void *ctx)
{
    struct player *p = ctx;
    uv_stop(&p->loop);
}

static bool is_behind(struct player *p, size_t most)
{
    return pipeline_waiting(p->pipeline) > most || (p->history && history_is_behind(p->history));
}

/* What is played before an output's peer is there would be lost to it. */
static bool waits_for_peer(struct player *p)
{
    const char *state = p->begin_by_ms ? pipeline_unready(p->pipeline) : NULL;
    if (state && uv_now(&p->loop) < p->begin_by_ms) {
        return true;
    }
    if (state) {
        fprintf(stderr, "masar %s: begins after %d s without a peer: %s\n", p->command,
                PEER_SOON_MS / 1000, state);
    }
    p->begin_by_ms = 0;
    return false;
}

static void on_resume(uv_timer_t *timer)
{
    struct player *p = timer->data;
    if (!waits_for_peer(p) && !is_behind(p, PEER_WAIT_MAX / 2)) {
        uv_timer_stop(timer);
        pipeline_pause(p->pipeline, false);
    }
}

static void look(void *ctx, const struct wire_event *e, const struct outcome *o)
{
    struct player *p = ctx;
    (void)e, (void)o;
    if (++p->items % CHECK_EVERY == 0 && is_behind(p, PEER_WAIT_MAX)) {
        pipeline_pause(p->pipeline, true);
        uv_timer_start(&p->resume_timer, on_resume, RESUME_MS, RESUME_MS);
    }
}

static void take_fix(void *ctx, const struct track *a, const struct fix *f)
{
    const struct kept k = track_kept(a, f);
    history_take(((struct player *)ctx)->history, &k);
}

static void on_hand_over(uv_timer_t *timer)
{
    history_hand_over(((struct player *)timer->data)->history);
}

static enum err open_history(struct player *p, const struct play *what, char *why, size_t why_size)
{
    const struct history_options o = {
        .dir = what->store,
        .store = {.thin_m = HISTORY_THIN_M, .thin_ft = HISTORY_THIN_FT},
        .receivers = pipeline_receivers(p->pipeline),
        .ledger = true,
        .sources = {.data = what->data},
    };
    const enum err e = history_open(&o, &p->history, why, why_size);
    if (!e) {
        uv_timer_start(&p->hand_over, on_hand_over, HAND_OVER_MS, HAND_OVER_MS);
    }
    return e ? ERR_SYSTEM : ERR_OK; /* whatever it is, the usage was right */
}

/* All that was taken is written; false, with a sentence, where it could not be. */
static bool close_history(struct player *p, const char *command)
{
    struct history_state s = {0};
    if (!p->history) {
        return true;
    }
    history_close(p->history, &s);
    if (*s.ledger_why) {
        fprintf(stderr, "masar %s: no ledger is kept: %s\n", command, s.ledger_why);
    }
    if (s.stopped || s.lost > 0) {
        fprintf(stderr, "masar %s: not all positions are in history: %s\n", command, s.why);
        return false;
    }
    fprintf(stderr, "masar %s: %llu positions kept, %llu near enough to them\n", command,
            (unsigned long long)s.kept, (unsigned long long)s.thinned);
    return true;
}

static enum err open_all(struct player *p, const struct play *what, char *why, size_t why_size)
{
    enum err e = what->store ? open_history(p, what, why, why_size) : ERR_OK;
    for (unsigned i = 0; !e && i < what->n_out; i++) {
        e = pipeline_add_sink(p->pipeline, what->out[i], why, why_size);
    }
    for (unsigned i = 0; !e && i < what->n_in; i++) {
        e = pipeline_add_source(p->pipeline, what->in[i], why, why_size);
    }
    return e;
}

static void tell_lost(const struct counters *c, const char *command)
{
    if (c->n[COUNT_SINK_UNWRITTEN] > 0) {
        fprintf(stderr,
                "masar %s: %llu frames are left out of an output whose format has no place for "
                "them (those "
                "of 978 MHz go to uat:, or a name that ends in .uat; those of 1090 to beast:)\n",
                command, (unsigned long long)c->n[COUNT_SINK_UNWRITTEN]);
    }
    if (c->n[COUNT_SINK_UNCONNECTED] > 0) {
        fprintf(stderr, "masar %s: %llu items were not sent: the peer was not there\n", command,
                (unsigned long long)c->n[COUNT_SINK_UNCONNECTED]);
    }
}

static void await_peers(struct player *p)
{
    if (pipeline_unready(p->pipeline)) {
        p->begin_by_ms = uv_now(&p->loop) + PEER_SOON_MS;
        pipeline_pause(p->pipeline, true);
        uv_timer_start(&p->resume_timer, on_resume, RESUME_MS, RESUME_MS);
    }
}

/* Frames came and not one of them went into any of the outputs: a recording of nothing is not done.
 */
static bool is_all_left_out(const struct counters *c, unsigned n_out)
{
    return c->n[COUNT_SINK_UNWRITTEN] > 0 &&
           c->n[COUNT_SINK_UNWRITTEN] == c->n[COUNT_FRAMES_IN] * n_out;
}

static int run(struct player *p, const struct play *what)
{
    const char *command = what->command;
    await_peers(p);
    app_signals_start(&p->signals, &p->loop, stop, p);
    uv_run(&p->loop, UV_RUN_DEFAULT);
    app_signals_close(&p->signals);
    const char *sentence;
    const enum err e = pipeline_failure(p->pipeline, &sentence);
    if (e) {
        fprintf(stderr, "masar %s: %s\n", command, sentence);
    }
    const struct counters *c = pipeline_counters(p->pipeline);
    fprintf(stderr, "masar %s: %llu frames", command, (unsigned long long)c->n[COUNT_FRAMES_IN]);
    if (c->n[COUNT_MESSAGES_IN] > 0) {
        fprintf(stderr, ", %llu messages", (unsigned long long)c->n[COUNT_MESSAGES_IN]);
    }
    fputc('\n', stderr);
    tell_lost(c, command);
    return e || (!what->store && is_all_left_out(c, what->n_out)) ? EXIT_COULD_NOT : EXIT_DONE;
}

int play(const struct play *what)
{
    struct player p = {.command = what->command};
    char why[PIPELINE_WHY_MAX] = "out of memory";
    uv_loop_init(&p.loop);
    uv_timer_init(&p.loop, &p.resume_timer);
    uv_timer_init(&p.loop, &p.hand_over);
    p.resume_timer.data = p.hand_over.data = &p;
    const struct pipeline_options o = {
        .loop = &p.loop,
        .clock_us = app_clock_us,
        .look = look,
        .fix = what->store ? take_fix : NULL,
        .bare = !what->store,
        .retell = what->retell,
        .keep_duplicates = true, /* each receiver's own reception is an output */
        .ended = stop,
        .ctx = &p,
    };
    p.pipeline = pipeline_new(&o);
    const enum err e = p.pipeline ? open_all(&p, what, why, sizeof why) : ERR_MEMORY;
    if (e) {
        fprintf(stderr, "masar %s: %s\n", what->command, why);
    }
    int status = e ? app_exit_status(e) : run(&p, what);
    if (p.pipeline) {
        pipeline_close(p.pipeline);
    }
    if (!close_history(&p, what->command) && status == EXIT_DONE) {
        status = EXIT_COULD_NOT;
    }
    uv_close((uv_handle_t *)&p.resume_timer, NULL);
    uv_close((uv_handle_t *)&p.hand_over, NULL);
    uv_run(&p.loop, UV_RUN_DEFAULT);
    pipeline_free(p.pipeline);
    uv_loop_close(&p.loop);
    return status;
}
