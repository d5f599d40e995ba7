#include "source/device.h"

#include "base/relay.h"
#include "net/backoff.h"
#include "radio/gain.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

enum {
    BLOCK_BYTES = 32768,
    BLOCKS = 512, /* 3.4 s of cu8 at 2.4 million a second. Full: the newest samples go */
    TURN_BLOCKS = 64,
    WATCH_MS = 200,
    WAIT_MOST_MS = 30000,
    HUNG_MS = 3000, /* a radio told to stop does so by then, or is left behind */
    DB10 = 10
};

#define GAIN_PERIOD_S 2 /* of samples */

struct block {
    int64_t t_us;
    uint64_t lost;       /* samples before these */
    unsigned generation; /* of the opening they came by */
    unsigned n;
    uint8_t byte[BLOCK_BYTES];
};

enum phase { OPENING, RUNNING, WAITING, ENDED };

/* What the thread says and the loop reads, under `lock`. */
struct said {
    enum phase phase;
    unsigned generation; /* openings that went well */
    uint64_t wait_ms;
    char why[DEVICE_WHY_MAX];
    struct device_form form;
};

struct device {
    struct source *source;
    struct source_options o; /* its: the thread outlives it */
    const struct device_kind *kind;
    void *self;
    struct device_wish wish;
    bool has_thread;
    uv_thread_t thread;
    uv_mutex_t lock;   /* of said, is_open, left_behind */
    uv_mutex_t handle; /* held while the open radio is spoken to from outside its thread */
    uv_cond_t wake;
    struct relay *ring;
    atomic_bool stopping;
    atomic_bool stalled;  /* it was told to stop because it brought nothing */
    atomic_uint overruns; /* blocks the driver lost */
    atomic_uint arrived;  /* blocks; goes on while the radio lives */
    bool is_open;
    bool left_behind; /* the loop does not wait for the thread any more: it frees everything */
    struct said said;
    /* The thread's alone. */
    uint64_t lost_here; /* samples, since the last block that found room */
    unsigned each;      /* bytes of a sample */
    unsigned serial;
    struct backoff backoff;
    /* The loop's alone. */
    uv_async_t async;
    uv_timer_t watch;
    unsigned n_handles;
    const struct wire_format *format;
    struct wire_reader *reader;
    unsigned generation; /* the reader is of */
    struct device_form form;
    struct gain gain;
    struct receiver_radio gain_from; /* where the period began */
    uv_work_t gain_work;
    bool gain_is_set; /* work is under way */
    uint64_t alive_ms, hung_ms;
    unsigned seen_arrived, seen_overruns;
    uint64_t lost;
    char outage[DEVICE_WHY_MAX]; /* as it was told last; "": it runs */
    bool is_paused, is_closed, is_reading, told_stop;
};

/* --- the radio's thread ------------------------------------------------------------------- */

static void wake_loop(struct device *d)
{
    uv_mutex_lock(&d->lock);
    if (!d->left_behind) {
        uv_async_send(&d->async);
    }
    uv_mutex_unlock(&d->lock);
}

static void say(struct device *d, enum phase phase, uint64_t wait_ms, const char *why)
{
    uv_mutex_lock(&d->lock);
    d->said.phase = phase;
    d->said.wait_ms = wait_ms;
    snprintf(d->said.why, sizeof d->said.why, "%s", why);
    if (!d->left_behind) {
        uv_async_send(&d->async);
    }
    uv_mutex_unlock(&d->lock);
}

bool device_stopping(const struct device *d)
{
    return atomic_load(&d->stopping);
}

void device_overrun(struct device *d)
{
    atomic_fetch_add(&d->overruns, 1);
}

void device_samples(struct device *d, const uint8_t *bytes, size_t n)
{
    while (n > 0) {
        const size_t part = n < BLOCK_BYTES ? n : BLOCK_BYTES;
        struct block *b = relay_room(d->ring);
        atomic_fetch_add(&d->arrived, 1);
        if (b) {
            b->t_us = d->o.clock_us();
            b->lost = d->lost_here;
            b->generation = d->serial;
            b->n = (unsigned)part;
            memcpy(b->byte, bytes, part);
            d->lost_here = 0;
            relay_put(d->ring);
        } else {
            d->lost_here += part / d->each;
        }
        bytes += part;
        n -= part;
    }
    wake_loop(d);
}

static bool open_radio(struct device *d, char *why, size_t why_size)
{
    struct device_form form = {.rate_hz = d->wish.rate_hz};
    if (!d->kind->open(d->self, &d->wish, &form, why, why_size)) {
        return false;
    }
    uv_mutex_lock(&d->lock);
    d->is_open = true;
    d->said.form = form;
    d->serial = ++d->said.generation;
    uv_mutex_unlock(&d->lock);
    d->each = (unsigned)sample_bytes(form.format);
    return true;
}

static void close_radio(struct device *d)
{
    uv_mutex_lock(&d->handle);
    uv_mutex_lock(&d->lock);
    d->is_open = false;
    uv_mutex_unlock(&d->lock);
    d->kind->close(d->self);
    uv_mutex_unlock(&d->handle);
}

static void wait_for(struct device *d, uint64_t ms)
{
    const uint64_t until_ns = uv_hrtime() + ms * UINT64_C(1000000);
    uv_mutex_lock(&d->lock);
    while (!device_stopping(d) && uv_hrtime() < until_ns) {
        uv_cond_timedwait(&d->wake, &d->lock, until_ns - uv_hrtime() + 1);
    }
    uv_mutex_unlock(&d->lock);
}

static void free_device(struct device *d)
{
    d->kind->free(d->self);
    relay_free(d->ring);
    uv_mutex_destroy(&d->lock);
    uv_mutex_destroy(&d->handle);
    uv_cond_destroy(&d->wake);
    free(d);
}

static void thread_main(void *arg)
{
    struct device *d = arg;
    while (!device_stopping(d)) {
        char why[DEVICE_WHY_MAX] = "it has ended";
        const unsigned before = atomic_load(&d->arrived);
        if (open_radio(d, why, sizeof why)) {
            say(d, RUNNING, 0, "");
            d->kind->run(d->self, d, why, sizeof why);
            close_radio(d);
            if (atomic_exchange(&d->stalled, false)) {
                snprintf(why, sizeof why, "it brought no samples for %u s", d->wish.stall_s);
            }
        }
        if (device_stopping(d)) {
            break;
        }
        d->backoff.failures = atomic_load(&d->arrived) != before ? 0 : d->backoff.failures;
        const uint64_t ms = backoff_next_ms(&d->backoff, WAIT_MOST_MS);
        say(d, WAITING, ms, why);
        wait_for(d, ms);
    }
    say(d, ENDED, 0, "");
    uv_mutex_lock(&d->lock);
    const bool left_behind = d->left_behind;
    uv_mutex_unlock(&d->lock);
    if (left_behind) {
        pthread_detach(pthread_self()); /* a thread of libuv's is one; nobody joins this one */
        free_device(d);
    }
}

/* --- the loop ----------------------------------------------------------------------------- */

static void on_item(void *ctx, const struct wire_item *item)
{
    struct device *d = ctx;
    if (!d->is_closed) {
        source_item(d->source, item);
    }
}

static void free_reader(struct device *d)
{
    if (d->reader) {
        d->format->reader_free(d->reader);
        d->reader = NULL;
    }
}

/* The demodulator of what the radio turned out to give. */
static void start_reader(struct device *d)
{
    char text[128], why[DEVICE_WHY_MAX];
    struct spec *spec = malloc(sizeof *spec);
    const struct wire_options o = {.clock = WIRE_CLOCK_RECEIVE, .counters = d->o.counters};
    snprintf(text, sizeof text, "%s:format=%s,rate=%.0f", d->format->name,
             sample_format_name(d->form.format), d->form.rate_hz);
    if (spec && spec_parse(spec, text, why, sizeof why) == ERR_OK) {
        d->reader = d->format->reader_new(&o, spec, why, sizeof why);
    }
    free(spec);
}

/* In a thread of the pool, for it may take long. */
static void set_gain_work(uv_work_t *work)
{
    struct device *d = work->data;
    uv_mutex_lock(&d->handle);
    uv_mutex_lock(&d->lock);
    const bool is_open = d->is_open;
    uv_mutex_unlock(&d->lock);
    if (is_open) {
        d->kind->set_gain(d->self, d->form.gain_db10[d->gain.step]);
    }
    uv_mutex_unlock(&d->handle);
}

static void finish_close(struct device *d);

static void set_gain_done(uv_work_t *work, int status)
{
    (void)status;
    struct device *d = work->data;
    d->gain_is_set = false;
    if (d->is_closed) {
        finish_close(d);
    }
}

static void set_gain(struct device *d)
{
    d->gain_work.data = d;
    d->gain_is_set = uv_queue_work(d->o.loop, &d->gain_work, set_gain_work, set_gain_done) == 0;
}

static bool is_adaptive(const struct device *d)
{
    return d->wish.gain == DEVICE_GAIN_AUTO && d->gain.steps > 1;
}

/* Automatic gain begins with the highest there is, which kinds open with, after a loss with the
   last. */
static void start_gain(struct device *d)
{
    const unsigned n = d->form.n_gains;
    d->gain_from = (struct receiver_radio){0};
    if (d->gain.steps != n) {
        d->gain = (struct gain){.steps = n, .step = n > 0 ? n - 1 : 0};
    }
    if (d->wish.gain == DEVICE_GAIN_HAND) {
        d->gain.step = device_nearest_gain(&d->form, d->wish.gain_db);
    } else if (is_adaptive(d) && d->gain.step + 1 < n && !d->gain_is_set) {
        set_gain(d);
    }
}

static void follow_gain(struct device *d, const struct receiver_radio *now)
{
    const struct receiver_radio *was = &d->gain_from;
    if (!is_adaptive(d) || d->gain_is_set ||
        (double)(now->samples - was->samples) < GAIN_PERIOD_S * d->form.rate_hz) {
        return;
    }
    const struct gain_heard h = {.values = 2 * (now->samples - was->samples),
                                 .clipped = now->clipped - was->clipped,
                                 .frames = now->frames - was->frames,
                                 .strong = now->strong - was->strong,
                                 .noise_dbfs = now->noise_dbfs};
    if (gain_period(&d->gain, &h)) {
        set_gain(d);
    }
    d->gain_from = *now;
}

static void tell_radio(struct device *d)
{
    struct receiver_radio now = {0};
    if (d->reader && d->format->reader_radio) {
        d->format->reader_radio(d->reader, &now);
        follow_gain(d, &now);
        now.lost = d->lost;
        now.overruns = d->seen_overruns;
        now.has_gain = d->gain.steps > 0 && d->wish.gain != DEVICE_GAIN_TUNER;
        now.gain_db10 = now.has_gain ? d->form.gain_db10[d->gain.step] : 0;
        source_receiver(d->source)->radio = now;
    }
}

/* One block. What a reader has in hand when the radio was lost ends with it. */
static void take_block(struct device *d, const struct block *b)
{
    if (b->generation != d->generation) {
        if (d->reader) {
            d->format->reader_end(d->reader, b->t_us, on_item, d);
        }
        free_reader(d);
        d->generation = b->generation;
        uv_mutex_lock(&d->lock);
        d->form = d->said.form;
        uv_mutex_unlock(&d->lock);
        start_reader(d);
        start_gain(d);
    }
    if (!d->reader || d->is_closed) {
        return;
    }
    if (b->lost > 0) {
        d->lost += b->lost;
        count_add(d->o.counters, COUNT_RADIO_LOST, b->lost);
        if (d->format->reader_lost) {
            d->format->reader_lost(d->reader, b->lost, b->t_us, on_item, d);
        }
    }
    d->format->reader_push(d->reader, b->byte, b->n, b->t_us, on_item, d);
}

/* Once for each outage, however often it is tried again. */
static void tell_outage(struct device *d, const struct said *said)
{
    if (said->phase == RUNNING) {
        d->outage[0] = '\0';
    } else if (said->phase == WAITING && strcmp(d->outage, said->why) != 0) {
        snprintf(d->outage, sizeof d->outage, "%s", said->why);
        if (d->o.note) {
            d->o.note(d->o.ctx, d->o.number, d->outage);
        }
    }
}

static void tell_state(struct device *d)
{
    uv_mutex_lock(&d->lock);
    const struct said said = d->said;
    uv_mutex_unlock(&d->lock);
    tell_outage(d, &said);
    if (said.phase == WAITING) {
        source_set_state(d->source, "trying again in %.0f s: %s", (double)said.wait_ms / 1000,
                         said.why);
    } else if (said.phase == RUNNING && d->told_stop) {
        source_set_state(d->source,
                         "%s brings no samples: if it stays so, pull it out and put it in again",
                         said.form.name);
    } else if (said.phase == RUNNING) {
        const struct receiver_radio *r = &source_receiver(d->source)->radio;
        char gain[32] = "";
        if (r->has_gain) {
            snprintf(gain, sizeof gain, ", gain %.1f dB", (double)r->gain_db10 / DB10);
        }
        source_set_state(d->source, "%s, %.3g million samples a second%s", said.form.name,
                         said.form.rate_hz / 1e6, gain);
    } else {
        source_set_state(d->source, "opening");
    }
}

static void count_overruns(struct device *d)
{
    const unsigned now = atomic_load(&d->overruns);
    count_add(d->o.counters, COUNT_RADIO_OVERRUNS, now - d->seen_overruns);
    d->seen_overruns = now;
}

static void on_async(uv_async_t *async)
{
    struct device *d = async->data;
    if (d->is_closed) {
        finish_close(d);
        return;
    }
    struct block *b = NULL;
    d->is_reading = true;
    for (unsigned k = 0; k < TURN_BLOCKS && !d->is_paused && !d->is_closed; k++) {
        b = relay_oldest(d->ring);
        if (!b) {
            break;
        }
        take_block(d, b);
        relay_drop(d->ring);
    }
    d->is_reading = false;
    if (d->is_closed) { /* by an item's callee */
        free_reader(d);
        finish_close(d);
        return;
    }
    tell_radio(d);
    tell_state(d);
    if (b && !d->is_paused) {
        uv_async_send(&d->async); /* the others on the loop have their turn between */
    }
}

/* A radio that brings nothing is told to stop: its thread then opens it anew. */
static void on_watch(uv_timer_t *timer)
{
    struct device *d = timer->data;
    const uint64_t now_ms = uv_now(timer->loop);
    const unsigned arrived = atomic_load(&d->arrived);
    if (d->is_closed) {
        finish_close(d);
        return;
    }
    count_overruns(d);
    uv_mutex_lock(&d->lock);
    const bool runs = d->said.phase == RUNNING;
    uv_mutex_unlock(&d->lock);
    if (!runs || arrived != d->seen_arrived) {
        d->seen_arrived = arrived;
        d->alive_ms = now_ms;
        d->told_stop = false;
    } else if (!d->told_stop && d->wish.stall_s > 0 &&
               now_ms - d->alive_ms > UINT64_C(1000) * d->wish.stall_s) {
        d->told_stop = true;
        count(d->o.counters, COUNT_INPUTS_STALLED);
        uv_mutex_lock(&d->lock);
        if (d->is_open) {
            atomic_store(&d->stalled, true);
            d->kind->stop(d->self);
        }
        uv_mutex_unlock(&d->lock);
        tell_state(d);
    }
}

/* --- beginning and end -------------------------------------------------------------------- */

static void on_handle_closed(uv_handle_t *handle)
{
    struct device *d = handle->data;
    if (--d->n_handles > 0) {
        return;
    }
    uv_mutex_lock(&d->lock);
    const bool ended = d->said.phase == ENDED;
    uv_mutex_unlock(&d->lock);
    if (ended && d->has_thread) {
        uv_thread_join(&d->thread);
    }
    if (ended) {
        free_device(d);
    }
}

/* After device_close, once the thread has ended; or when it will not. */
static void finish_close(struct device *d)
{
    if (d->gain_is_set || uv_is_closing((uv_handle_t *)&d->async)) {
        return;
    }
    uv_mutex_lock(&d->lock);
    const bool ended = d->said.phase == ENDED;
    const bool hangs = !ended && uv_now(d->async.loop) - d->hung_ms > HUNG_MS;
    d->left_behind = hangs;
    uv_mutex_unlock(&d->lock);
    if (ended || hangs) {
        uv_close((uv_handle_t *)&d->async, on_handle_closed);
        uv_close((uv_handle_t *)&d->watch, on_handle_closed);
    }
}

void device_close(void *state)
{
    struct device *d = state;
    d->is_closed = true;
    uv_update_time(d->async.loop); /* the turn this is called in may have been long */
    d->hung_ms = uv_now(d->async.loop);
    if (!d->is_reading) {
        free_reader(d);
    }
    atomic_store(&d->stopping, true);
    uv_mutex_lock(&d->lock);
    if (d->is_open) {
        d->kind->stop(d->self);
    }
    uv_cond_signal(&d->wake);
    uv_mutex_unlock(&d->lock);
}

void device_pause(void *state, bool paused)
{
    struct device *d = state;
    d->is_paused = paused;
    uv_async_send(&d->async);
}

static void start_handles(struct device *d)
{
    uv_async_init(d->o.loop, &d->async, on_async);
    uv_timer_init(d->o.loop, &d->watch);
    d->async.data = d->watch.data = d;
    d->n_handles = 2;
    uv_timer_start(&d->watch, on_watch, WATCH_MS, WATCH_MS);
}

static struct device *device_new(void *self, const struct device_kind *kind,
                                 const struct device_wish *w)
{
    struct device *d = calloc(1, sizeof *d);
    if (!d) {
        return NULL;
    }
    d->ring = relay_new(sizeof(struct block), BLOCKS);
    if (!d->ring) {
        free(d);
        return NULL;
    }
    d->kind = kind;
    d->self = self;
    d->wish = *w;
    d->format = wire_format_find(w->band == 978 ? "uatiq" : "iq");
    uv_mutex_init(&d->lock);
    uv_mutex_init(&d->handle);
    uv_cond_init(&d->wake);
    return d;
}

enum err device_open(struct source *s, const struct device_wish *w, const struct device_kind *kind,
                     void *self, void **state, char *why, size_t why_size)
{
    struct device *d = device_new(self, kind, w);
    if (!d) {
        snprintf(why, why_size, "out of memory");
        kind->free(self);
        return ERR_MEMORY;
    }
    d->source = s;
    d->o = *source_options(s);
    d->backoff.spread.state = d->o.number;
    source_set_state(s, "opening");
    start_handles(d);
    if (uv_thread_create(&d->thread, thread_main, d)) {
        snprintf(why, why_size, "no thread can be started");
        d->said.phase = ENDED;
        uv_close((uv_handle_t *)&d->async, on_handle_closed);
        uv_close((uv_handle_t *)&d->watch, on_handle_closed);
        return ERR_SYSTEM;
    }
    d->has_thread = true;
    *state = d;
    return ERR_OK;
}
