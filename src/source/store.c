/* store: history, played as positions in the order of time, at the pace asked for, by its own
   clock. A thread of the pool reads the next slice while the last one is played. */
#include "source/kind.h"
#include "store/timeline.h"

#include "base/instant.h"
#include "wire/area_read.h"
#include "wire/text.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TICK_MS = 20,
    TURN_POINTS_MAX = 20000, /* of one turn of the loop, so that others have theirs */
    SLICE_POINTS_MAX = 200000,
    NAMES_MAX = 65536,
    AREA_BYTES_MAX = 64 << 20
};

static const char *const keys[] = {"dir", "from", "to", "speed", "hex", "callsign", "area", NULL};

struct history {
    struct source *source;
    struct store *store;
    struct area_given area; /* the timeline reads it */
    struct timeline *timeline;
    double speed;       /* 0: as fast as it goes */
    uint16_t *receiver; /* of a number in the store: of the table, 0 not asked yet */
    struct kept *front; /* being played */
    size_t n, at, room;
    const struct kept *back; /* read, to be played next */
    size_t n_back;
    enum err read_error;
    uv_work_t work;
    bool reading, has_back, started;
    uv_timer_t timer;
    uv_idle_t idle;
    uint64_t began_ms; /* loop time at which the history's was from_us */
    int64_t from_us, now_us;
    bool paused, ended, closed;
    int open_handles;
};

/* --- life --------------------------------------------------------------------------------- */

static void dispose(struct history *h)
{
    timeline_free(h->timeline);
    area_given_free(&h->area);
    store_close(h->store);
    free(h->receiver);
    free(h->front);
    free(h);
}

static void maybe_dispose(struct history *h)
{
    if (h->closed && h->open_handles == 0 && !h->reading) {
        dispose(h);
    }
}

static void on_closed(uv_handle_t *handle)
{
    struct history *h = handle->data;
    h->open_handles--;
    maybe_dispose(h);
}

static void stop_clock(struct history *h)
{
    uv_timer_stop(&h->timer);
    uv_idle_stop(&h->idle);
}

static void end(struct history *h, enum err e)
{
    char why[128] = "the history has ended";
    const size_t torn = timeline_torn(h->timeline);
    if (e) {
        snprintf(why, sizeof why, "the store cannot be read: %s", err_text(e));
    } else if (torn > 0) {
        snprintf(why, sizeof why, "the history has ended; %zu chunks could not be read", torn);
    }
    h->ended = true;
    stop_clock(h);
    source_done(h->source, e, why);
}

static void tell_state(struct history *h)
{
    char now[32];
    instant_format(h->now_us, 0, now);
    source_set_state(h->source, "history: %s", now);
}

/* --- reading ahead ------------------------------------------------------------------------ */

static void on_read(uv_work_t *work)
{
    struct history *h = work->data;
    h->read_error = timeline_next(h->timeline, &h->back, &h->n_back);
}

static void on_tick(uv_timer_t *timer);
static void on_idle(uv_idle_t *idle);

/* Time runs from `from_us` on. */
static void start_clock(struct history *h)
{
    uv_update_time(h->timer.loop);
    h->began_ms = uv_now(h->timer.loop);
    h->from_us = h->now_us;
    if (h->speed > 0) {
        uv_timer_start(&h->timer, on_tick, 0, TICK_MS);
    } else {
        uv_idle_start(&h->idle, on_idle);
    }
}

static void on_have_read(uv_work_t *work, int status)
{
    struct history *h = work->data;
    (void)status;
    h->reading = false;
    h->has_back = true;
    if (h->closed) {
        maybe_dispose(h);
    } else if (h->started) {
        if (!h->paused && h->speed == 0 && !h->ended) {
            uv_idle_start(&h->idle, on_idle);
        }
    } else if (h->n_back > 0) {
        h->started = true;
        h->now_us = h->back[0].t_ms * 1000;
        if (!h->paused) {
            start_clock(h);
        }
    } else {
        end(h, h->read_error);
    }
}

static void read_ahead(struct history *h)
{
    h->reading = true;
    h->has_back = false;
    h->work.data = h;
    uv_queue_work(h->timer.loop, &h->work, on_read, on_have_read);
}

/* What was read becomes what is played. False: nothing is there yet, or no more. */
static bool turn_over(struct history *h)
{
    if (h->reading || h->ended) {
        uv_idle_stop(&h->idle); /* on_have_read goes on */
        return false;
    }
    if (h->read_error || h->n_back == 0) {
        end(h, h->read_error);
        return false;
    }
    if (h->n_back > h->room) {
        struct kept *more = realloc(h->front, h->n_back * sizeof *more);
        if (!more) {
            end(h, ERR_MEMORY);
            return false;
        }
        h->front = more;
        h->room = h->n_back;
    }
    memcpy(h->front, h->back, h->n_back * sizeof *h->front);
    h->n = h->n_back;
    h->at = 0;
    read_ahead(h);
    return true;
}

/* --- playing ------------------------------------------------------------------------------ */

/* Names are in the index, which a reading thread may hold: each is asked for once. */
static uint16_t receiver_of(struct history *h, uint16_t number)
{
    return number ? h->receiver[number] : 0;
}

static void play_point(struct history *h, const struct kept *p)
{
    struct message m;
    kept_message(p, &m);
    m.receiver = receiver_of(h, p->receiver);
    h->now_us = m.t_us;
    const struct wire_item item = {.kind = WIRE_MESSAGE, .message = &m};
    source_item(h->source, &item);
}

/* Hands on what is due until then; false where the turn was too short for it. */
static bool play(struct history *h, int64_t until_us)
{
    for (int i = 0; i < TURN_POINTS_MAX; i++) {
        if (h->paused || h->closed || h->ended) {
            return false;
        }
        if (h->at == h->n && !turn_over(h)) {
            return false;
        }
        const struct kept *p = &h->front[h->at];
        if (p->t_ms * 1000 > until_us) {
            return true;
        }
        h->at++;
        play_point(h, p);
    }
    return false;
}

static void on_tick(uv_timer_t *timer)
{
    struct history *h = timer->data;
    const uint64_t now_ms = uv_now(timer->loop);
    const int64_t due_us = h->from_us + llround((double)(now_ms - h->began_ms) * 1000 * h->speed);
    if (play(h, due_us)) {
        h->now_us = due_us;
    } else {
        /* Machine or disk is too slow for the speed: go on from here rather than pile up. */
        h->from_us = h->now_us;
        h->began_ms = now_ms;
    }
    if (!h->closed) {
        tell_state(h);
    }
}

static void on_idle(uv_idle_t *idle)
{
    struct history *h = idle->data;
    play(h, INT64_MAX);
    if (!h->closed) {
        tell_state(h);
    }
}

static void history_pause(void *state, bool paused)
{
    struct history *h = state;
    if (paused == h->paused || h->ended) {
        return;
    }
    h->paused = paused;
    if (paused) {
        stop_clock(h);
    } else if (h->started) {
        start_clock(h);
    }
}

static void history_close(void *state)
{
    struct history *h = state;
    h->closed = true;
    uv_close((uv_handle_t *)&h->timer, on_closed);
    uv_close((uv_handle_t *)&h->idle, on_closed);
}

/* --- keys --------------------------------------------------------------------------------- */

static enum err read_instant(const struct spec *spec, const char *key, int64_t *out_ms, char *why,
                             size_t why_size)
{
    const char *text = spec_get(spec, key, NULL);
    int64_t us;
    if (!text) {
        return ERR_OK;
    }
    const enum err e = instant_parse(text, &us);
    if (e) {
        snprintf(why, why_size, "%s=%s is not a time: write 2024-06-07T08:30:00Z or 2024-06-07",
                 key, text);
        return e;
    }
    *out_ms = us / 1000;
    return ERR_OK;
}

static enum err read_speed(const struct spec *spec, double *speed, char *why, size_t why_size)
{
    const char *text = spec_get(spec, "speed", "1");
    char *stop = NULL;
    *speed = 0;
    if (strcmp(text, "max") == 0) {
        return ERR_OK;
    }
    *speed = strtod(text, &stop);
    if (stop == text || *stop || !(*speed >= 0.01 && *speed <= 100000)) {
        snprintf(why, why_size, "speed=%s is not a number from 0.01 to 100000, or max", text);
        return ERR_RANGE;
    }
    return ERR_OK;
}

static enum err read_address(const struct spec *spec, uint32_t *address, char *why, size_t why_size)
{
    const char *text = spec_get(spec, "hex", NULL);
    char *stop = NULL;
    if (!text) {
        return ERR_OK;
    }
    const bool other = text[0] == '~';
    const char *digits = text + other;
    const unsigned long v = strtoul(digits, &stop, 16);
    if (strspn(digits, "0123456789abcdefABCDEF") != 6 || *stop) {
        snprintf(why, why_size, "hex=%s is not an address: write six hexadecimal digits, 3c6444",
                 text);
        return ERR_SYNTAX;
    }
    *address = (uint32_t)v | (other ? ADDRESS_NON_ICAO : 0);
    return ERR_OK;
}

static enum err read_callsign(const struct spec *spec, char flight[8], char *why, size_t why_size)
{
    const char *text = spec_get(spec, "callsign", NULL);
    if (!text) {
        return ERR_OK;
    }
    if (!text_flight((struct text){text, strlen(text)}, flight)) {
        snprintf(why, why_size,
                 "callsign=%s is no call sign: up to eight letters and digits, say DLH1AB", text);
        return ERR_SYNTAX;
    }
    return ERR_OK;
}

static bool is_written_out(const char *area)
{
    return area[0] == '{' || strncmp(area, "box=", 4) == 0 || strncmp(area, "circle=", 7) == 0 ||
           strncmp(area, "polygon=", 8) == 0;
}

/* NULL: errno tells. */
static char *read_file(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    char *text = f ? malloc(AREA_BYTES_MAX) : NULL;
    *n = text ? fread(text, 1, AREA_BYTES_MAX, f) : 0;
    const bool too_large = *n == AREA_BYTES_MAX;
    const bool failed = !text || ferror(f) || too_large;
    errno = too_large ? EFBIG : errno;
    if (f) {
        fclose(f);
    }
    if (failed) {
        free(text);
        return NULL;
    }
    return text;
}

/* An area as text, or the file of GeoJSON that has it. */
static enum err read_area(const struct spec *spec, struct area_given *out, char *why,
                          size_t why_size)
{
    const char *text = spec_get(spec, "area", NULL);
    if (!text) {
        return ERR_OK;
    }
    if (is_written_out(text)) {
        return area_read(text, strlen(text), NULL, out, why, why_size);
    }
    size_t n;
    char *content = read_file(text, &n);
    if (!content) {
        snprintf(why, why_size,
                 "area=%s cannot be read (%s): an area is box=SOUTH,WEST,NORTH,EAST, "
                 "circle=LAT,LON,RADIUS, polygon=LAT,LON,… or a file of GeoJSON",
                 text, strerror(errno));
        return ERR_SYNTAX;
    }
    const enum err e = area_read(content, n, NULL, out, why, why_size);
    free(content);
    return e;
}

/* Where no time is given: all there is. */
static enum err bounds(struct store *s, struct store_query *q, char *why, size_t why_size)
{
    struct store_stats stats;
    const enum err e = store_stats(s, &stats);
    if (e) {
        snprintf(why, why_size, "the store cannot be read: %s", err_text(e));
        return e;
    }
    const bool empty = stats.first_ms == KEPT_NO_TIME;
    if (q->from_ms == KEPT_NO_TIME) {
        q->from_ms = empty ? 0 : stats.first_ms;
    }
    if (q->to_ms == KEPT_NO_TIME) {
        q->to_ms = empty ? q->from_ms : stats.last_ms + 1;
    }
    if (q->from_ms > q->to_ms) {
        snprintf(why, why_size, "from= is later than to=: there is no time between them");
        return ERR_RANGE;
    }
    return ERR_OK;
}

static enum err read_keys(struct history *h, const struct spec *spec, struct store_query *q,
                          char *why, size_t why_size)
{
    const char *dir = spec_get(spec, "dir", NULL);
    if (!dir) {
        snprintf(why, why_size, "store: needs dir=FOLDER, for example store:dir=history,speed=10");
        return ERR_SYNTAX;
    }
    *q = store_query_any();
    q->from_ms = q->to_ms = KEPT_NO_TIME;
    enum err e = read_instant(spec, "from", &q->from_ms, why, why_size);
    e = e ? e : read_instant(spec, "to", &q->to_ms, why, why_size);
    e = e ? e : read_speed(spec, &h->speed, why, why_size);
    e = e ? e : read_address(spec, &q->address, why, why_size);
    e = e ? e : read_callsign(spec, q->flight, why, why_size);
    e = e ? e : read_area(spec, &h->area, why, why_size);
    q->area = h->area.area;
    const struct store_options o = {.mode = STORE_READ};
    e = e ? e : store_open(dir, &o, &h->store, why, why_size);
    return e ? e : bounds(h->store, q, why, why_size);
}

/* Each name in the store a row in the table. They are numbered from 1 without holes. */
static void name_receivers(struct history *h)
{
    char name[201];
    for (uint32_t i = 1; i < NAMES_MAX; i++) {
        if (store_receiver_name(h->store, (uint16_t)i, name) || !name[0]) {
            return;
        }
        h->receiver[i] = source_use_receiver(h->source, name, 0);
    }
}

static enum err history_open(struct source *source, const struct spec *spec, void **state,
                             char *why, size_t why_size)
{
    struct history *h = calloc(1, sizeof *h);
    struct store_query q;
    snprintf(why, why_size, "out of memory");
    enum err e = h ? read_keys(h, spec, &q, why, why_size) : ERR_MEMORY;
    if (!e) {
        h->source = source;
        h->receiver = calloc(NAMES_MAX, sizeof *h->receiver);
        h->timeline = timeline_new(h->store, &q, SLICE_POINTS_MAX);
        e = h->receiver && h->timeline ? ERR_OK : ERR_MEMORY;
    }
    if (e) {
        if (h) {
            dispose(h);
        }
        return e;
    }
    uv_loop_t *loop = source_options(source)->loop;
    uv_timer_init(loop, &h->timer);
    uv_idle_init(loop, &h->idle);
    h->timer.data = h->idle.data = h;
    h->open_handles = 2;
    h->now_us = q.from_ms * 1000;
    name_receivers(h);
    source_use_receiver(source, NULL, 0);
    tell_state(h);
    read_ahead(h);
    *state = h;
    return ERR_OK;
}

const struct source_kind source_store = {
    .name = "store",
    .help = "history: dir=FOLDER, from=T, to=T, hex=, callsign=, area=, speed=N or max",
    .keys = keys,
    .own_clock = true,
    .open = history_open,
    .close = history_close,
    .pause = history_pause,
};
