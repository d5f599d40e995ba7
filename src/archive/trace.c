#include "archive/trace.h"

#include "archive/detail.h"
#include "base/buf.h"
#include "wire/value.h"

#include <stdlib.h>
#include <string.h>

/* One thing (a point, a value of the head) longer than this is no trace. Pieces are added to what
   is held in steps, so that of a large piece only the cut point at its start is ever copied. */
enum { ITEM_MAX = 256 * 1024, HOLD_STEP = 4096, TYPE_MAX = 24 };

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
    struct detail_keys keys;
    bool has_trace;
    struct buf held;     /* the start of a thing that was cut */
    struct kept known;   /* address, and what the last object said */
    int64_t base_ms;     /* KEPT_NO_TIME before it is read */
    char type[TYPE_MAX]; /* the last point's, as origin */
    size_t type_n;
    uint8_t origin;
    struct detail detail;
};

/* ---- a point ---- */

enum column {
    COLUMN_TIME,
    COLUMN_LAT,
    COLUMN_LON,
    COLUMN_ALT,
    COLUMN_GS,
    COLUMN_TRACK,
    COLUMN_FLAGS,
    COLUMN_RATE,
    COLUMN_OBJECT,
    COLUMN_TYPE,
    COLUMN_ALT_GEOM,
    COLUMN_GEOM_RATE,
    COLUMN_IAS,
    COLUMN_ROLL,
    COLUMN_COUNT
};

enum { FLAG_STALE = 1, FLAG_LEG = 2, FLAG_GEOM_RATE = 4, FLAG_GEOM_ALT = 8 };

/* What is written is at most this; the days a trace spans are one, with room. */
static const struct {
    uint8_t decimals;
    int32_t lo, hi;
} column[COLUMN_COUNT] = {
    [COLUMN_TIME] = {3, -2000000000, 2000000000},
    [COLUMN_LAT] = {7, -900000000, 900000000},
    [COLUMN_LON] = {7, -1800000000, 1800000000},
    [COLUMN_ALT] = {0, -5000, 150000},
    [COLUMN_GS] = {2, 0, 400000},
    [COLUMN_TRACK] = {2, 0, 36000},
    [COLUMN_FLAGS] = {0, 0, 255},
    [COLUMN_RATE] = {0, -60000, 60000},
    [COLUMN_ALT_GEOM] = {0, -5000, 150000},
    [COLUMN_GEOM_RATE] = {0, -60000, 60000},
    [COLUMN_IAS] = {0, 0, 4000},
    [COLUMN_ROLL] = {2, -18000, 18000},
};

struct row {
    int32_t v[COLUMN_COUNT]; /* KEPT_NONE: not said */
    bool is_ground, has_object;
    struct text type;
};

static enum err take_number(struct trace_reader *r, struct scan *s, unsigned i, struct row *row)
{
    enum scan_kind kind;
    int64_t v;
    struct text t;
    const enum err e = scan_number(s, column[i].decimals, &kind, &v, &t);
    if (e || kind == SCAN_NULL) {
        return e;
    }
    if (kind == SCAN_NUMBER && v >= column[i].lo && v <= column[i].hi) {
        row->v[i] = (int32_t)v;
    } else if (i == COLUMN_ALT && kind == SCAN_TEXT && text_is(t, "ground")) {
        row->is_ground = true;
    } else {
        r->sums.bad_values++;
    }
    return e;
}

static enum err take_object(struct trace_reader *r, struct scan *s, char c, struct row *row)
{
    if (c != '{') {
        r->sums.bad_values += c != 'n';
        return scan_skip(s);
    }
    row->has_object = true;
    return detail_read(&r->keys, s, &r->detail, &r->sums.bad_values);
}

static enum err take_column(struct trace_reader *r, struct scan *s, unsigned i, struct row *row)
{
    char c;
    const enum err e = scan_peek(s, &c);
    if (e) {
        return e;
    }
    if (i == COLUMN_OBJECT) {
        return take_object(r, s, c, row);
    }
    if (i == COLUMN_TYPE && c == '"') {
        return scan_string(s, &row->type);
    }
    if (i >= COLUMN_COUNT || i == COLUMN_TYPE) {
        return scan_skip(s);
    }
    if (c == '[' || c == '{') {
        r->sums.bad_values++;
        return scan_skip(s);
    }
    return take_number(r, s, i, row);
}

/* [a,b,…]: as many columns as there are. */
static enum err take_row(struct trace_reader *r, struct scan *s, struct row *row)
{
    char c;
    enum err e = scan_expect(s, '[');
    for (unsigned i = 0; i < COLUMN_COUNT; i++) {
        row->v[i] = KEPT_NONE;
    }
    if (!e && !(e = scan_peek(s, &c)) && c == ']') {
        s->p++;
        return ERR_OK;
    }
    for (unsigned i = 0; !e; i++) {
        e = take_column(r, s, i, row);
        if (!e) {
            e = scan_peek(s, &c);
        }
        if (e) {
            return e;
        }
        s->p++;
        if (c != ',') {
            return c == ']' ? ERR_OK : ERR_SYNTAX;
        }
    }
    return e;
}

/* ---- the same row as readsb writes it ---- */

/* A number as readsb writes them, up to the character behind it; NULL: anything else, for the
   general way to read. Looks at no more than QUICK_NUMBER characters. */
enum { QUICK_NUMBER = 24, QUICK_ROW = 16 * QUICK_NUMBER };

static inline const char *quick_number(const char *p, unsigned decimals, int64_t *out)
{
    static const int32_t power[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000};
    const bool is_negative = *p == '-';
    const char *const digits = p += is_negative;
    int64_t v = 0;
    for (; scan_digit(*p) < 10 && p - digits < 9; p++) {
        v = 10 * v + scan_digit(*p);
    }
    if (p == digits) {
        return NULL;
    }
    unsigned left = decimals;
    if (*p == '.') {
        for (p++; left > 0 && scan_digit(*p) < 10; p++, left--) {
            v = 10 * v + scan_digit(*p);
        }
    }
    v *= power[left];
    *out = is_negative ? -v : v;
    return *p == ',' || *p == ']' ? p : NULL;
}

/* One column and the comma or bracket behind it; NULL as above, or out of its range. */
static inline const char *quick_column(const char *p, unsigned i, struct row *row)
{
    int64_t v;
    if (*p == 'n') {
        const bool is_null = memcmp(p, "null", 4) == 0 && (p[4] == ',' || p[4] == ']');
        return is_null ? p + 4 : NULL;
    }
    if (i == COLUMN_ALT && memcmp(p, "\"ground\",", 9) == 0) {
        row->is_ground = true;
        return p + 8;
    }
    p = quick_number(p, column[i].decimals, &v);
    if (!p || v < column[i].lo || v > column[i].hi) {
        return NULL;
    }
    row->v[i] = (int32_t)v;
    return p;
}

/* The columns from i to before end, each with its comma; a bracket ends the row where it may. */
static inline const char *quick_columns(const char *p, unsigned i, unsigned end, struct row *row)
{
    for (; i < end; i++) {
        p = quick_column(p, i, row);
        if (!p || *p == ']') {
            return i + 1 == COLUMN_COUNT ? p : NULL;
        }
        p++;
    }
    return p;
}

static const char *quick_object(struct trace_reader *r, const char *p, const char *end,
                                struct row *row)
{
    if (*p == '{') {
        struct scan s = {p, end};
        if (take_object(r, &s, '{', row) || end - s.p < QUICK_ROW) {
            return NULL;
        }
        p = s.p;
    } else if (memcmp(p, "null", 4) == 0) {
        p += 4;
    } else {
        return NULL;
    }
    return *p == ',' ? p + 1 : NULL;
}

static const char *quick_type(const struct trace_reader *r, const char *p, struct row *row)
{
    if (*p != '"' || memcmp(p + 1, r->type, r->type_n) != 0 || p[1 + r->type_n] != '"') {
        return NULL; /* another than the point before */
    }
    row->type = (struct text){p + 1, r->type_n};
    p += r->type_n + 2;
    return *p == ',' ? p + 1 : NULL;
}

/* Fourteen columns without a blank, s->p before their bracket. False: not so, and read nothing; or
   so near the end of what is here that one might look beyond it. */
static bool quick_row(struct trace_reader *r, struct scan *s, struct row *row)
{
    const uint64_t bad_values = r->sums.bad_values;
    if (s->end - s->p < QUICK_ROW) {
        return false;
    }
    for (unsigned i = 0; i < COLUMN_COUNT; i++) {
        row->v[i] = KEPT_NONE;
    }
    const char *p = quick_columns(s->p + 1, COLUMN_TIME, COLUMN_OBJECT, row);
    p = p ? quick_object(r, p, s->end, row) : NULL;
    p = p ? quick_type(r, p, row) : NULL;
    p = p ? quick_columns(p, COLUMN_ALT_GEOM, COLUMN_COUNT, row) : NULL;
    if (!p || *p != ']') {
        r->sums.bad_values = bad_values;
        return false;
    }
    s->p = p + 1;
    return true;
}

/* What an object says replaces what the one before it said: readsb writes all that is valid. What
   changes from second to second holds for its own point only. */
static void take_detail(struct trace_reader *r)
{
    const struct kept *d = &r->detail.k;
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
static void add_air(const struct trace_reader *r, const struct row *row, struct kept *k)
{
    const int32_t ias = row->v[COLUMN_IAS], roll = row->v[COLUMN_ROLL];
    if (row->has_object) {
        k->ias_kt = r->detail.k.ias_kt;
        k->tas_kt = r->detail.k.tas_kt;
        k->roll_e2_deg = r->detail.k.roll_e2_deg;
        k->mag_heading_e2_deg = r->detail.k.mag_heading_e2_deg;
    }
    k->ias_kt = ias != KEPT_NONE ? (int16_t)ias : k->ias_kt;
    k->roll_e2_deg = roll != KEPT_NONE ? (int16_t)roll : k->roll_e2_deg;
}

/* Nearly every point has the type of the one before it. */
static uint8_t origin_of(struct trace_reader *r, struct text t)
{
    if (t.n >= TYPE_MAX) {
        r->sums.bad_values++;
        return ORIGIN_UNKNOWN;
    }
    if (t.n != r->type_n || memcmp(t.p, r->type, t.n) != 0) {
        memcpy(r->type, t.p, t.n);
        r->type[t.n] = 0;
        r->type_n = t.n;
        r->origin = (uint8_t)origin_find(r->type);
    }
    return r->origin;
}

static int32_t direction(int32_t v)
{
    return v == 36000 ? 0 : v;
}

static void give(struct trace_reader *r, const struct row *row)
{
    const int32_t *v = row->v;
    if (row->has_object) {
        take_detail(r);
    }
    if (v[COLUMN_TIME] == KEPT_NONE || v[COLUMN_LAT] == KEPT_NONE || v[COLUMN_LON] == KEPT_NONE ||
        r->base_ms + v[COLUMN_TIME] < KEPT_TIME_MIN ||
        r->base_ms + v[COLUMN_TIME] > KEPT_TIME_MAX) {
        r->sums.bad_points++;
        return;
    }
    struct kept k = r->known;
    const unsigned flags = v[COLUMN_FLAGS] == KEPT_NONE ? 0 : (unsigned)v[COLUMN_FLAGS];
    const bool alt_is_geom = flags & FLAG_GEOM_ALT, rate_is_geom = flags & FLAG_GEOM_RATE;
    k.t_ms = r->base_ms + v[COLUMN_TIME];
    k.lat_e7 = v[COLUMN_LAT];
    k.lon_e7 = v[COLUMN_LON] == 1800000000 ? -1800000000 : v[COLUMN_LON];
    k.alt_baro_ft = alt_is_geom ? KEPT_NONE : v[COLUMN_ALT];
    k.alt_geom_ft =
        v[COLUMN_ALT_GEOM] == KEPT_NONE && alt_is_geom ? v[COLUMN_ALT] : v[COLUMN_ALT_GEOM];
    k.gs_e2_kt = v[COLUMN_GS];
    k.track_e2_deg = direction(v[COLUMN_TRACK]);
    k.baro_rate_fpm = rate_is_geom ? KEPT_NONE : v[COLUMN_RATE];
    k.geom_rate_fpm =
        v[COLUMN_GEOM_RATE] == KEPT_NONE && rate_is_geom ? v[COLUMN_RATE] : v[COLUMN_GEOM_RATE];
    k.ground = row->is_ground;
    k.origin = row->type.n > 0 ? origin_of(r, row->type) : ORIGIN_UNKNOWN;
    add_air(r, row, &k);
    const struct archive_more more = {(uint8_t)((flags & FLAG_STALE ? ARCHIVE_STALE : 0) |
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
        struct row row = {.type = {"", 0}};
        if (!quick_row(r, s, &row)) {
            row = (struct row){.type = {"", 0}};
            e = take_row(r, s, &row);
        }
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
    detail_keys_fill(&r->keys);
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
