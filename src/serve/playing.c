#include "serve/playing.h"

#include "serve/fault.h"
#include "serve/internal.h"
#include "serve/past.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SLOW_TICK_MS = 1000, /* at real time */
    FAST_TICK_MS = 250,
    SPEED_MAX = 3600,
    LAG_TICKS = 3 /* time does not run on for longer than this while nothing is shown */
};

/* What the page wants from now on. */
struct wish {
    bool has_at;
    int64_t at_ms, id;
    double speed;
};

struct playing {
    struct serve *s;
    struct lws *wsi;
    uv_timer_t *timer;
    uv_work_t work, ahead;
    bool on, busy, gone;
    bool reading; /* ahead */
    struct wish now, next;
    bool has_next;
    int64_t t_ms;    /* of the picture the client has, or will have */
    int64_t made_ms; /* steady: when that was made */
    bool seeking;
    struct past *past; /* the thread's while busy; as are: */
    struct past_ask ask, ahead_ask;
    struct past_took took;
    struct buf out;
    enum err e;
    char why[PAST_WHY_MAX];
    struct body *error, *text, *picture; /* to be sent, in this order */
};

/* --- messages ----------------------------------------------------------------------------- */

static void say(struct playing *p, struct body **as, struct buf *b)
{
    body_drop(*as);
    *as = body_of(b);
    buf_free(b);
    lws_callback_on_writable(p->wsi);
}

static void add_ms(struct buf *b, const char *key, int64_t ms)
{
    buf_format(b, ",\"%s\":", key);
    buf_decimal(b, ms, 3);
}

static void say_past(struct playing *p, const char *end)
{
    struct buf b = {0};
    buf_format(&b, "{\"type\":\"past\",\"id\":%lld", (long long)p->now.id);
    add_ms(&b, "now", p->took.t_ms);
    buf_format(&b, ",\"speed\":%.10g", p->now.speed);
    add_ms(&b, "first", p->took.first_ms);
    add_ms(&b, "last", p->took.last_ms);
    if (end) {
        buf_format(&b, ",\"end\":\"%s\"", end);
    }
    if (p->took.left_out > 0) {
        buf_format(&b, ",\"left_out\":%u", p->took.left_out);
    }
    buf_byte(&b, '}');
    say(p, &p->text, &b);
}

static void put_error(struct buf *b, const char *sentence)
{
    const struct fault f = fault_find(sentence, 400);
    buf_text(b, ",\"error\":");
    json_text(b, sentence);
    fault_json(&f, b);
}

static void say_live(struct playing *p, const char *error)
{
    struct buf b = {0};
    buf_format(&b, "{\"type\":\"live\",\"id\":%lld", (long long)p->now.id);
    if (error) {
        put_error(&b, error);
    }
    buf_byte(&b, '}');
    say(p, &p->text, &b);
}

/* Not while a thread reads with it. */
static void drop_past(struct playing *p)
{
    p->s->pasts -= p->past != NULL;
    past_free(p->past);
    p->past = NULL;
}

static void leave_past(struct playing *p, const char *error)
{
    if (!p->busy && !p->reading) {
        drop_past(p);
    } else if (p->past) {
        past_stop(p->past, true);
    }
    p->on = false;
    p->has_next = false;
    uv_timer_stop(p->timer);
    body_drop(p->picture);
    p->picture = NULL;
    say_live(p, error);
}

/* --- reading ------------------------------------------------------------------------------ */

static void free_timer(uv_handle_t *timer)
{
    free(timer);
}

static void dispose(struct playing *p)
{
    uv_close((uv_handle_t *)p->timer, free_timer);
    drop_past(p);
    buf_free(&p->out);
    body_drop(p->error);
    body_drop(p->text);
    body_drop(p->picture);
    free(p);
}

static void on_work(uv_work_t *work)
{
    struct playing *p = work->data;
    p->e = past_take(p->past, &p->ask, &p->out, &p->took, p->why);
}

static void go_on(struct playing *p);

/* --- ahead -------------------------------------------------------------------------------- */

static void on_ahead(uv_work_t *work)
{
    struct playing *p = work->data;
    past_ahead(p->past, &p->ahead_ask);
}

static void on_read_ahead(uv_work_t *work, int status)
{
    struct playing *p = work->data;
    (void)status;
    p->reading = false;
    p->s->reading--;
    if (p->gone) {
        if (!p->busy) {
            dispose(p);
        }
        return;
    }
    if (!p->on && !p->busy) {
        drop_past(p);
    }
    go_on(p);
}

/* The next window, while the pictures of this one are shown; standing still too: who looks at an
   instant looks at those around it next, or lets time run. */
static void read_ahead(struct playing *p)
{
    if (!p->on || p->has_next || p->reading || !past_wants_ahead(p->past, &p->ask)) {
        return;
    }
    p->ahead_ask = p->ask;
    p->reading = true;
    p->s->reading++;
    past_stop(p->past, false);
    p->ahead.data = p;
    uv_queue_work(p->s->o.loop, &p->ahead, on_ahead, on_read_ahead);
}

/* --- at once ------------------------------------------------------------------------------ */

/* At either end it stops. */
static const char *end_of(const struct playing *p)
{
    const double speed = p->now.speed;
    return speed > 0 && p->took.t_ms >= p->took.last_ms    ? "last"
           : speed < 0 && p->took.t_ms <= p->took.first_ms ? "first"
                                                           : NULL;
}

static void deliver(struct playing *p)
{
    const char *end = end_of(p);
    p->t_ms = p->took.t_ms;
    if (end) {
        p->now.speed = 0;
    }
    if (p->seeking || end) {
        say_past(p, end);
    }
    body_drop(p->picture);
    p->picture = body_take(&p->out, &p->s->jobs);
    p->seeking = false;
    lws_callback_on_writable(p->wsi);
}

static void on_worked(uv_work_t *work, int status)
{
    struct playing *p = work->data;
    p->busy = false;
    p->s->reading--;
    if (p->gone) {
        if (!p->reading) {
            dispose(p);
        }
        return;
    }
    if (p->on && !p->has_next && (p->e || status)) {
        leave_past(p, p->why[0] ? p->why : "the store cannot be read");
    } else if (p->on && !p->has_next) {
        deliver(p);
    }
    buf_free(&p->out);
    if (!p->on && !p->reading) {
        drop_past(p);
    }
    go_on(p);
    if (p->past && !p->busy) {
        read_ahead(p);
    }
}

static void read_picture(struct playing *p)
{
    const int64_t tick_ms = fabs(p->now.speed) > 1 ? FAST_TICK_MS : SLOW_TICK_MS;
    p->ask.step_ms = llround(p->now.speed * (double)tick_ms);
    p->ask.fresh = p->seeking;
    p->busy = true;
    p->why[0] = '\0';
    p->s->reading++;
    body_begin(&p->out);
    p->work.data = p;
    uv_queue_work(p->s->o.loop, &p->work, on_work, on_worked);
}

static void on_tick(uv_timer_t *timer)
{
    struct playing *p = timer->data;
    if (p->busy || p->picture || p->now.speed == 0) {
        return;
    }
    const int64_t now_ms = serve_clock_ms(p->s);
    const int64_t tick_ms = (int64_t)uv_timer_get_repeat(timer);
    int64_t since_ms = now_ms - p->made_ms;
    since_ms = since_ms > LAG_TICKS * tick_ms ? LAG_TICKS * tick_ms : since_ms;
    p->ask.t_ms = p->t_ms + llround(p->now.speed * (double)since_ms);
    if (p->reading && !past_has(p->past, &p->ask, true)) {
        return; /* it will be in what is being read */
    }
    p->made_ms = now_ms;
    read_picture(p);
}

/* Takes up the newest wish; those it overtook are forgotten. */
static void go_on(struct playing *p)
{
    if (p->busy || !p->has_next) {
        return;
    }
    if (p->reading) {
        past_stop(p->past, true); /* on_read_ahead goes on */
        return;
    }
    p->has_next = false;
    p->now = p->next;
    p->ask.t_ms = p->now.has_at ? p->now.at_ms : p->t_ms;
    p->seeking = true;
    p->made_ms = serve_clock_ms(p->s);
    const unsigned tick_ms = fabs(p->now.speed) > 1 ? FAST_TICK_MS : SLOW_TICK_MS;
    uv_timer_start(p->timer, on_tick, tick_ms, tick_ms);
    read_picture(p);
}

/* --- hearing ------------------------------------------------------------------------------ */

static void complain(struct playing *p, const char *sentence)
{
    struct buf b = {0};
    buf_text(&b, "{\"type\":\"error\"");
    put_error(&b, sentence);
    buf_byte(&b, '}');
    say(p, &p->error, &b);
}

static bool is_within(double v, double low, double high)
{
    return v >= low && v <= high;
}

/* A number's value, `otherwise` where it is absent, NAN where it is no number. */
static double number(const json_t *o, const char *key, double otherwise)
{
    const json_t *v = json_object_get(o, key);
    return !v ? otherwise : json_is_number(v) ? json_number_value(v) : NAN;
}

/* One that only changes the speed does not undo the seek it overtakes. */
static void take_wish(struct playing *p, const struct wish *wish)
{
    const struct wish *before = p->has_next ? &p->next : p->busy && p->seeking ? &p->now : NULL;
    const bool stays = !wish->has_at && before && before->has_at;
    const int64_t at_ms = stays ? before->at_ms : wish->at_ms;
    p->next = *wish;
    p->next.has_at = stays || wish->has_at;
    p->next.at_ms = at_ms;
    if (!p->past) {
        p->past = p->s->shelf ? past_new(p->s->o.store_dir, p->s->shelf) : NULL;
        p->s->pasts += p->past != NULL;
        if (p->past) {
            past_name(p->past, &p->s->o);
        }
    }
    if (!p->past) {
        complain(p, "out of memory");
        return;
    }
    p->on = true;
    p->has_next = true;
    go_on(p);
}

static void hear_past(struct playing *p, const json_t *o)
{
    const double at_s = number(o, "at", -INFINITY), speed = number(o, "speed", p->now.speed);
    const json_t *id = json_object_get(o, "id");
    const bool has_at = at_s != -INFINITY;
    if (!p->s->o.store_dir) {
        complain(p, "this server keeps no history: start it with --store DIR");
    } else if (has_at && !is_within(at_s, -1e9, 3.2e9)) {
        complain(p, "at is not a time in seconds since 1970");
    } else if (!has_at && !p->on) {
        complain(p, "at is missing: seconds since 1970");
    } else if (!p->past && p->s->pasts >= PASTS_MAX) {
        complain(p, "as many as this server allows look at the past already");
    } else if (!is_within(speed, -SPEED_MAX, SPEED_MAX)) {
        complain(p, "speed is not a number from -3600 to 3600");
    } else {
        const struct wish wish = {.has_at = has_at,
                                  .at_ms = has_at ? llround(at_s * 1000) : 0,
                                  .id = json_is_integer(id) ? json_integer_value(id) : 0,
                                  .speed = speed};
        take_wish(p, &wish);
    }
}

void playing_hear(struct playing *p, const char *text, size_t n)
{
    json_t *o = json_loadb(text, n, JSON_REJECT_DUPLICATES, NULL);
    const char *type = json_string_value(json_object_get(o, "type"));
    if (type && strcmp(type, "past") == 0) {
        hear_past(p, o);
    } else if (type && strcmp(type, "live") == 0) {
        const json_t *id = json_object_get(o, "id");
        p->now.id = json_is_integer(id) ? json_integer_value(id) : 0;
        leave_past(p, NULL);
    } else {
        complain(p, "a message is an object whose type is past or live");
    }
    json_decref(o);
}

/* --- life --------------------------------------------------------------------------------- */

struct playing *playing_new(struct serve *s, struct lws *wsi)
{
    struct playing *p = calloc(1, sizeof *p);
    uv_timer_t *timer = malloc(sizeof *timer);
    if (!p || !timer) {
        free(p);
        free(timer);
        return NULL;
    }
    uv_timer_init(s->o.loop, timer);
    timer->data = p;
    p->s = s;
    p->wsi = wsi;
    p->timer = timer;
    return p;
}

void playing_free(struct playing *p)
{
    if (!p) {
        return;
    }
    p->gone = true;
    uv_timer_stop(p->timer);
    if (p->past) {
        past_stop(p->past, true);
    }
    if (!p->busy && !p->reading) {
        dispose(p);
    }
}

bool playing_is_on(const struct playing *p)
{
    return p && (p->on || p->text || p->error);
}

bool playing_has_next(const struct playing *p)
{
    return p->error || p->text || p->picture;
}

struct body *playing_next(struct playing *p, bool *is_text)
{
    struct body **from = p->error ? &p->error : p->text ? &p->text : &p->picture;
    struct body *body = *from;
    *is_text = from != &p->picture;
    *from = NULL;
    return body;
}
