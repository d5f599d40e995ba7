#include "archive/trace.h"

#include "archive/trace_row.h"
#include "base/buf.h"
#include "wire/value.h"

#include <stdlib.h>
#include <string.h>

/* One thing (a point, a value of the head) longer than this is no trace. Pieces are added to what
   is held in steps, so that of a large piece only the cut point at its start is ever copied. */
enum { ITEM_MAX = 256 * 1024, HOLD_STEP = 4096 };

enum state {
    STATE_OPEN,  /* before the first brace */
    STATE_KEY,   /* a key, or the last brace */
    STATE_POINT, /* within trace: a point, or its end */
    STATE_DONE,
    STATE_BROKEN
};

struct trace_reader {
    archive_point_fn *out;
    void *ctx;
    enum state state;
    enum err err;
    const char *why;
    struct trace_sums sums;
    bool has_trace;
    struct buf held;   /* the start of a thing that was cut */
    struct kept known; /* address, and what the last object said */
    int64_t base_ms;   /* KEPT_NO_TIME before it is read */
    uint8_t origin;    /* of the last point's type */
    struct trace_row_reader row;
};

/* ---- a point ---- */

enum { FLAG_STALE = 1, FLAG_LEG = 2, FLAG_GEOM_RATE = 4, FLAG_GEOM_ALT = 8 };

/* What an object says replaces what the one before it said: readsb writes all that is valid. What
   changes from second to second holds for its own point only. */
static void take_detail(struct trace_reader *r)
{
    const struct kept *d = &r->row.detail.k;
    struct kept *k = &r->known;
    memcpy(k->flight, d->flight, sizeof k->flight);
    k->squawk = d->squawk;
    k->nic = d->nic;
    k->nac_p = d->nac_p;
    k->sil = d->sil;
    k->version = d->version;
    k->rc_m = d->rc_m;
    k->nav_qnh_e1_hpa = d->nav_qnh_e1_hpa;
}

/* Speeds in air, bank and heading: the columns, else the point's own object. */
static void add_air(const struct trace_reader *r, const struct trace_row *row, struct kept *k)
{
    const int32_t ias = row->v[TRACE_IAS], roll = row->v[TRACE_ROLL];
    if (row->has_object) {
        k->ias_kt = r->row.detail.k.ias_kt;
        k->tas_kt = r->row.detail.k.tas_kt;
        k->roll_e2_deg = r->row.detail.k.roll_e2_deg;
        k->mag_heading_e2_deg = r->row.detail.k.mag_heading_e2_deg;
    }
    k->ias_kt = ias != KEPT_NONE ? (int16_t)ias : k->ias_kt;
    k->roll_e2_deg = roll != KEPT_NONE ? (int16_t)roll : k->roll_e2_deg;
}

/* Nearly every point has the type of the one before it. */
static uint8_t origin_of(struct trace_reader *r, struct text t)
{
    if (t.n >= TRACE_TYPE_MAX) {
        r->sums.bad_values++;
        return ORIGIN_UNKNOWN;
    }
    if (t.n != r->row.type_n || memcmp(t.p, r->row.type, t.n) != 0) {
        memcpy(r->row.type, t.p, t.n);
        r->row.type[t.n] = 0;
        r->row.type_n = t.n;
        r->origin = (uint8_t)origin_find(r->row.type);
    }
    return r->origin;
}

static int32_t direction(int32_t v)
{
    return v == 36000 ? 0 : v;
}

static void give(struct trace_reader *r, const struct trace_row *row)
{
    const int32_t *v = row->v;
    if (row->has_object) {
        take_detail(r);
    }
    if (v[TRACE_TIME] == KEPT_NONE || v[TRACE_LAT] == KEPT_NONE || v[TRACE_LON] == KEPT_NONE ||
        r->base_ms + v[TRACE_TIME] < KEPT_TIME_MIN || r->base_ms + v[TRACE_TIME] > KEPT_TIME_MAX) {
        r->sums.bad_points++;
        return;
    }
    struct kept k = r->known;
    const unsigned flags = v[TRACE_FLAGS] == KEPT_NONE ? 0 : (unsigned)v[TRACE_FLAGS];
    const bool alt_is_geom = flags & FLAG_GEOM_ALT, rate_is_geom = flags & FLAG_GEOM_RATE;
    k.t_ms = r->base_ms + v[TRACE_TIME];
    k.lat_e7 = v[TRACE_LAT];
    k.lon_e7 = v[TRACE_LON] == 1800000000 ? -1800000000 : v[TRACE_LON];
    k.alt_baro_ft = alt_is_geom ? KEPT_NONE : v[TRACE_ALT];
    k.alt_geom_ft =
        v[TRACE_ALT_GEOM] == KEPT_NONE && alt_is_geom ? v[TRACE_ALT] : v[TRACE_ALT_GEOM];
    k.gs_e2_kt = v[TRACE_GS];
    k.track_e2_deg = direction(v[TRACE_TRACK]);
    k.baro_rate_fpm = rate_is_geom ? KEPT_NONE : v[TRACE_RATE];
    k.geom_rate_fpm =
        v[TRACE_GEOM_RATE] == KEPT_NONE && rate_is_geom ? v[TRACE_RATE] : v[TRACE_GEOM_RATE];
    k.ground = row->is_ground;
    k.origin = row->type.n > 0 ? origin_of(r, row->type) : ORIGIN_UNKNOWN;
    add_air(r, row, &k);
    const struct archive_more more = {.flags = (uint8_t)((flags & FLAG_STALE ? ARCHIVE_STALE : 0) |
                                                         (flags & FLAG_LEG ? ARCHIVE_NEW_LEG : 0))};
    r->sums.points++;
    r->out(r->ctx, &k, &more);
}

/* ---- the file ---- */

static enum err broken(struct trace_reader *r, enum err e, const char *why)
{
    r->state = STATE_BROKEN;
    r->err = e;
    r->why = why;
    return e;
}

static enum err step_open(struct trace_reader *r, struct scan *s)
{
    const enum err e = scan_expect(s, '{');
    if (e == ERR_SYNTAX) {
        return broken(r, e, "it does not begin as a trace does, with {");
    }
    r->state = e ? r->state : STATE_KEY;
    return e;
}

static enum err take_address(struct trace_reader *r, struct scan *s)
{
    struct text t;
    const enum err e = scan_string(s, &t);
    if (e == ERR_SHORT) {
        return e;
    }
    if (e || !text_address(t, &r->known.address)) {
        return broken(r, ERR_SYNTAX, "its icao is not an address of six hexadecimal digits");
    }
    return ERR_OK;
}

static enum err take_timestamp(struct trace_reader *r, struct scan *s)
{
    enum scan_kind kind;
    struct text t;
    int64_t v;
    const enum err e = scan_number(s, 3, &kind, &v, &t);
    if (e == ERR_SHORT) {
        return e;
    }
    if (e || kind != SCAN_NUMBER || v < KEPT_TIME_MIN || v > KEPT_TIME_MAX) {
        return broken(r, ERR_SYNTAX, "its timestamp is not a time in seconds since 1970");
    }
    r->base_ms = v;
    return ERR_OK;
}

static enum err open_trace(struct trace_reader *r, struct scan *s)
{
    if (r->known.address == ADDRESS_NONE || r->base_ms == KEPT_NO_TIME) {
        return broken(r, ERR_SYNTAX, "its trace stands before its icao and timestamp, or without");
    }
    const enum err e = scan_expect(s, '[');
    if (e == ERR_SYNTAX) {
        return broken(r, e, "its trace is not an array");
    }
    r->state = e ? r->state : STATE_POINT;
    r->has_trace |= !e;
    return e;
}

static enum err take_member(struct trace_reader *r, struct scan *s)
{
    struct text key;
    enum err e = scan_string(s, &key);
    if (!e) {
        e = scan_expect(s, ':');
    }
    char c;
    if (!e) {
        e = scan_peek(s, &c);
    }
    if (!e && text_is(key, "trace")) {
        return open_trace(r, s);
    }
    if (!e && text_is(key, "icao")) {
        return take_address(r, s);
    }
    if (!e && text_is(key, "timestamp")) {
        return take_timestamp(r, s);
    }
    if (!e) {
        e = scan_skip(s);
    }
    return e == ERR_SYNTAX ? broken(r, e, "what stands before its trace is not JSON") : e;
}

static enum err step_key(struct trace_reader *r, struct scan *s)
{
    char c;
    const enum err e = scan_peek(s, &c);
    if (e) {
        return e;
    }
    if (c == ',' || c == '}') {
        s->p++;
        r->state = c == '}' ? STATE_DONE : STATE_KEY;
        return ERR_OK;
    }
    return take_member(r, s);
}

/* A row that is no row of columns is passed over if it is JSON at all. */
static enum err step_point(struct trace_reader *r, struct scan *s)
{
    char c;
    enum err e = scan_peek(s, &c);
    if (e) {
        return e;
    }
    if (c == ',' || c == ']') {
        s->p++;
        r->state = c == ']' ? STATE_KEY : STATE_POINT;
        return ERR_OK;
    }
    const uint64_t bad_values = r->sums.bad_values;
    if (c != '[') {
        e = scan_skip(s);
        r->sums.bad_points += !e;
    } else {
        struct trace_row row;
        e = trace_row_read(&r->row, s, &row);
        if (!e) {
            give(r, &row);
        }
    }
    if (e == ERR_SHORT) {
        r->sums.bad_values = bad_values; /* it will be read again from its start */
    }
    return e == ERR_SYNTAX ? broken(r, e, "a point of its trace is not JSON") : e;
}

static enum err step_done(struct trace_reader *r, struct scan *s)
{
    char c;
    const enum err e = scan_peek(s, &c);
    return e ? e : broken(r, ERR_SYNTAX, "something follows its last brace");
}

/* Reads what is whole in p, n bytes; returns how many those are. */
static size_t run(struct trace_reader *r, const char *p, size_t n)
{
    static enum err (*const step[])(struct trace_reader *, struct scan *) = {
        [STATE_OPEN] = step_open,
        [STATE_KEY] = step_key,
        [STATE_POINT] = step_point,
        [STATE_DONE] = step_done,
    };
    struct scan s = {p, p + n};
    size_t done = 0;
    while (r->state != STATE_BROKEN && !step[r->state](r, &s)) {
        done = (size_t)(s.p - p);
    }
    return r->state == STATE_DONE || r->state == STATE_BROKEN ? n : done;
}

static enum err hold(struct trace_reader *r, const uint8_t *p, size_t n)
{
    if (n > ITEM_MAX || r->held.n > ITEM_MAX - n) {
        return broken(r, ERR_SYNTAX, "one thing in it is longer than a trace's point can be");
    }
    buf_add(&r->held, p, n);
    return r->held.failed ? broken(r, ERR_MEMORY, "out of memory") : ERR_OK;
}

enum err trace_reader_push(struct trace_reader *r, const uint8_t *p, size_t n)
{
    size_t at = 0;
    while (r->held.n > 0 && at < n && r->state != STATE_BROKEN) {
        const size_t before = r->held.n, step = n - at < HOLD_STEP ? n - at : HOLD_STEP;
        if (hold(r, p + at, step)) {
            return r->err;
        }
        const size_t used = run(r, (const char *)r->held.p, r->held.n);
        if (used >= before) { /* what was held is read: go on in place */
            at += used - before;
            buf_clear(&r->held);
        } else {
            at += step;
            memmove(r->held.p, r->held.p + used, r->held.n - used);
            r->held.n -= used;
        }
    }
    if (at < n && r->state != STATE_BROKEN) {
        at += run(r, (const char *)p + at, n - at);
        if (r->state != STATE_BROKEN && at < n) {
            hold(r, p + at, n - at);
        }
    }
    return r->err;
}

enum err trace_reader_end(struct trace_reader *r)
{
    if (r->state != STATE_DONE && r->state != STATE_BROKEN) {
        return broken(r, ERR_SHORT, "it ends before its last brace: it was cut");
    }
    if (r->state == STATE_DONE && !r->has_trace) {
        return broken(r, ERR_SYNTAX, "no trace stands in it");
    }
    return r->err;
}

void trace_reader_start(struct trace_reader *r)
{
    r->state = STATE_OPEN;
    r->err = ERR_OK;
    r->why = "";
    r->known = kept_none();
    r->base_ms = KEPT_NO_TIME;
    r->has_trace = false;
    buf_clear(&r->held);
}

struct trace_reader *trace_reader_new(archive_point_fn *out, void *ctx)
{
    struct trace_reader *r = calloc(1, sizeof *r);
    if (!r) {
        return NULL;
    }
    r->out = out;
    r->ctx = ctx;
    trace_row_reader_init(&r->row, &r->sums.bad_values);
    trace_reader_start(r);
    return r;
}

void trace_reader_free(struct trace_reader *r)
{
    if (r) {
        buf_free(&r->held);
        free(r);
    }
}

const char *trace_reader_why(const struct trace_reader *r)
{
    return r->why;
}

const struct trace_sums *trace_reader_sums(const struct trace_reader *r)
{
    return &r->sums;
}
