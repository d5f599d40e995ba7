#include "app/play.h"

#include "app/command.h"
#include "app/options.h"
#include "app/pipeline.h"

#include <stdio.h>

enum {
    PEER_WAIT_MAX = 1 << 20, /* bytes that wait for a peer before the inputs do */
    CHECK_EVERY = 256,       /* items between two looks at that */
    RESUME_MS = 5
};

struct player {
    uv_loop_t loop;
    uv_timer_t resume_timer;
    struct pipeline *pipeline;
    struct app_signals signals;
    uint64_t items;
};

static void stop(void *ctx)
{
    struct player *p = ctx;
    uv_stop(&p->loop);
}

static void on_resume(uv_timer_t *timer)
{
    struct player *p = timer->data;
    if (pipeline_waiting(p->pipeline) < PEER_WAIT_MAX / 2) {
        uv_timer_stop(timer);
        pipeline_pause(p->pipeline, false);
    }
}

static void look(void *ctx, const struct wire_event *e, const struct outcome *o)
{
    struct player *p = ctx;
    (void)e, (void)o;
    if (++p->items % CHECK_EVERY == 0 && pipeline_waiting(p->pipeline) > PEER_WAIT_MAX) {
        pipeline_pause(p->pipeline, true);
        uv_timer_start(&p->resume_timer, on_resume, RESUME_MS, RESUME_MS);
    }
}

static enum err open_all(struct player *p, const struct play *what, char *why, size_t why_size)
{
    enum err e = ERR_OK;
    for (unsigned i = 0; !e && i < what->n_out; i++) {
        e = pipeline_add_sink(p->pipeline, what->out[i], why, why_size);
    }
    for (unsigned i = 0; !e && i < what->n_in; i++) {
        e = pipeline_add_source(p->pipeline, what->in[i], why, why_size);
    }
    return e;
}

static int run(struct player *p, const char *command)
{
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
    return e ? EXIT_COULD_NOT : EXIT_DONE;
}

int play(const struct play *what)
{
    struct player p = {.items = 0};
    char why[PIPELINE_WHY_MAX] = "out of memory";
    uv_loop_init(&p.loop);
    uv_timer_init(&p.loop, &p.resume_timer);
    p.resume_timer.data = &p;
    const struct pipeline_options o = {
        .loop = &p.loop,
        .clock_us = app_clock_us,
        .look = look,
        .bare = true,
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
    const int status = e ? app_exit_status(e) : run(&p, what->command);
    if (p.pipeline) {
        pipeline_close(p.pipeline);
    }
    uv_close((uv_handle_t *)&p.resume_timer, NULL);
    uv_run(&p.loop, UV_RUN_DEFAULT);
    pipeline_free(p.pipeline);
    uv_loop_close(&p.loop);
    return status;
}
