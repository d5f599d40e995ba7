/* masar replay: sends a recording at the pace it was recorded, or N times faster. */
#include "app/command.h"
#include "app/options.h"
#include "app/pipeline.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    OUT_MAX = 16,
    KEY_SPEED = 256,
    TICK_MS = 5,
    QUEUE_PAUSE = 1 << 16, /* frames waiting at which reading stops, and at half of it goes on */
    GRACE_MS = 300         /* peers get so long to read the last bytes */
};

/* Waiting frames, oldest at [first]. */
struct queue {
    struct frame *row;
    size_t first, n, cap;
};

struct replay {
    const char *file, *out[OUT_MAX];
    unsigned n_out;
    double speed; /* 0: as fast as it goes */
    uv_loop_t loop;
    uv_timer_t timer;
    struct pipeline *pipeline;
    struct sink *sink[OUT_MAX];
    unsigned n_sinks;
    struct queue queue;
    int64_t first_frame_us, started_us;
    uint64_t sent;
    bool paused, at_end;
    struct app_signals signals;
};

static const struct argp_option options[] = {
    {"out", 'o', "SPEC", 0, "where to, may stand often: beast:listen=:30005, jsonl:file=- …", 0},
    {"speed", KEY_SPEED, "N|max", 0, "times faster than it was recorded (default 1)", 0},
    {0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct replay *r = state->input;
    char *end;
    switch (key) {
    case 'o':
        if (r->n_out == OUT_MAX) {
            argp_error(state, "more than %d outputs", OUT_MAX);
        }
        r->out[r->n_out++] = arg;
        return 0;
    case KEY_SPEED:
        r->speed = strcmp(arg, "max") == 0 ? 0 : strtod(arg, &end);
        if (strcmp(arg, "max") != 0 && (end == arg || *end || !(r->speed > 0))) {
            argp_error(state, "--speed is '%s': write a number above 0, or max", arg);
        }
        return 0;
    case ARGP_KEY_ARG:
        if (r->file) {
            argp_error(state, "two files: replay plays one");
        }
        r->file = arg;
        return 0;
    case ARGP_KEY_END:
        if (!r->file || r->n_out == 0) {
            argp_error(state, "%s is missing", r->file ? "--out SPEC" : "the FILE to play");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static bool queue_add(struct queue *q, const struct frame *f)
{
    if (q->first + q->n == q->cap) {
        memmove(q->row, q->row + q->first, q->n * sizeof *q->row);
        q->first = 0;
    }
    if (q->n == q->cap) {
        const size_t cap = q->cap ? 2 * q->cap : 4096;
        struct frame *row = realloc(q->row, cap * sizeof *row);
        if (!row) {
            return false;
        }
        q->row = row;
        q->cap = cap;
    }
    q->row[q->first + q->n++] = *f;
    return true;
}

static void pause_reading(struct replay *r, bool paused)
{
    if (paused != r->paused) {
        r->paused = paused;
        pipeline_pause(r->pipeline, paused);
    }
}

static const struct receiver *receiver_of(const struct replay *r, const struct frame *f)
{
    const struct receivers *all = pipeline_receivers(r->pipeline);
    return f->receiver > 0 && f->receiver < all->n ? &all->row[f->receiver] : NULL;
}

static void send_frame(struct replay *r, const struct frame *f)
{
    const struct wire_event e = {.frame = f, .receiver = receiver_of(r, f), .now_us = f->t_us};
    for (unsigned i = 0; i < r->n_sinks; i++) {
        sink_event(r->sink[i], &e);
    }
    r->sent++;
}

static void stop(void *ctx)
{
    struct replay *r = ctx;
    uv_stop(&r->loop);
}

static void on_grace(uv_timer_t *timer)
{
    stop(timer->data);
}

/* Everything that is due by now, at the recording's own pace. */
static void on_tick(uv_timer_t *timer)
{
    struct replay *r = timer->data;
    const double elapsed_us = (double)(app_clock_us() - r->started_us) * r->speed;
    struct queue *q = &r->queue;
    while (q->n > 0 && (double)(q->row[q->first].t_us - r->first_frame_us) <= elapsed_us) {
        send_frame(r, &q->row[q->first]);
        q->first++;
        q->n--;
    }
    if (q->n < QUEUE_PAUSE / 2) {
        pause_reading(r, false);
    }
    if (q->n == 0 && r->at_end) {
        uv_timer_start(timer, on_grace, GRACE_MS, 0);
    }
}

static void look(void *ctx, const struct wire_event *e, const struct outcome *o)
{
    struct replay *r = ctx;
    (void)o;
    if (!e->frame) {
        return;
    }
    if (r->speed == 0) {
        send_frame(r, e->frame);
        return;
    }
    if (r->started_us == 0) {
        r->started_us = app_clock_us();
        r->first_frame_us = e->frame->t_us;
    }
    if (!queue_add(&r->queue, e->frame)) {
        fprintf(stderr, "masar replay: out of memory\n");
        stop(r);
    }
    if (r->queue.n > QUEUE_PAUSE) {
        pause_reading(r, true);
    }
}

static void ended(void *ctx)
{
    struct replay *r = ctx;
    r->at_end = true;
    if (r->speed == 0) {
        uv_timer_start(&r->timer, on_grace, GRACE_MS, 0);
    }
}

/* A plain name is a Beast recording; anything that names a format is taken as it stands. */
static enum err open_file(struct replay *r, char *why, size_t why_size)
{
    char text[SPEC_TEXT_MAX];
    const char *colon = strchr(r->file, ':');
    char name[SPEC_NAME_MAX] = "";
    if (colon && (size_t)(colon - r->file) < sizeof name) {
        snprintf(name, sizeof name, "%.*s", (int)(colon - r->file), r->file);
    }
    const bool is_spec = name[0] && wire_format_find(name);
    snprintf(text, sizeof text, "%s%s", is_spec ? "" : "beast:clock=feed,file=", r->file);
    return pipeline_add_source(r->pipeline, text, why, why_size);
}

static enum err open_all(struct replay *r, char *why, size_t why_size)
{
    const struct sink_options o = {
        .loop = &r->loop, .clock_us = app_clock_us, .counters = pipeline_counters(r->pipeline)};
    enum err e = ERR_OK;
    while (!e && r->n_sinks < r->n_out) {
        e = sink_open(r->out[r->n_sinks], &o, &r->sink[r->n_sinks], why, why_size);
        r->n_sinks += e == ERR_OK;
    }
    return e ? e : open_file(r, why, why_size);
}

static int run(struct replay *r)
{
    app_signals_start(&r->signals, &r->loop, stop, r);
    uv_timer_init(&r->loop, &r->timer);
    r->timer.data = r;
    if (r->speed > 0) {
        uv_timer_start(&r->timer, on_tick, TICK_MS, TICK_MS);
    }
    uv_run(&r->loop, UV_RUN_DEFAULT);
    const char *sentence;
    enum err e = pipeline_failure(r->pipeline, &sentence);
    for (unsigned i = 0; i < r->n_sinks && !e; i++) {
        e = sink_finish(r->sink[i]);
        sentence = sink_state(r->sink[i]);
    }
    if (e) {
        fprintf(stderr, "masar replay: %s\n", sentence);
    }
    fprintf(stderr, "masar replay: %llu frames sent\n", (unsigned long long)r->sent);
    for (unsigned i = 0; i < r->n_sinks; i++) {
        sink_flush(r->sink[i]);
        sink_close(r->sink[i]);
    }
    pipeline_close(r->pipeline);
    uv_close((uv_handle_t *)&r->timer, NULL);
    app_signals_close(&r->signals);
    uv_run(&r->loop, UV_RUN_DEFAULT);
    return e ? EXIT_COULD_NOT : EXIT_DONE;
}

int cmd_replay(int argc, char **argv)
{
    static const struct argp argp = {
        .options = options,
        .parser = parse,
        .args_doc = "FILE",
        .doc = "Sends a recording on, at the pace it was recorded or N times faster.",
    };
    struct replay r = {.speed = 1};
    app_argp_setup();
    argp_parse(&argp, argc, argv, 0, NULL, &r);
    uv_loop_init(&r.loop);
    const struct pipeline_options o = {.loop = &r.loop,
                                       .clock_us = app_clock_us,
                                       .look = look,
                                       .bare = true,
                                       .ended = ended,
                                       .ctx = &r};
    char why[PIPELINE_WHY_MAX] = "out of memory";
    r.pipeline = pipeline_new(&o);
    if (!r.pipeline || open_all(&r, why, sizeof why)) {
        fprintf(stderr, "masar replay: %s\n", why);
        return EXIT_COULD_NOT;
    }
    const int status = run(&r);
    pipeline_free(r.pipeline);
    uv_loop_close(&r.loop);
    free(r.queue.row);
    return status;
}
