/* Recordings of feeds (Beast, AVR, BaseStation, lines of JSON) → kept points: through the decoder
   and the tracker, as if they came live, so that a position is one the tracker accepts, with what
   is known of its aircraft at that instant. Each file begins with an empty tracker. */
#include "import/reader.h"

#include "base/map.h"
#include "model/receiver.h"
#include "modes/decode.h"
#include "store/thin.h"
#include "track/track.h"
#include "uat/decode.h"
#include "wire/json_read.h"
#include "wire/lines.h"
#include "wire/text.h"
#include "wire/wire.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RECEIVER_FIRST = 1, NAMED_MAX = 1024 };

enum { AIRCRAFT_MAX = 1 << 16, LEAST = 8, LOOK_LINES = 16, LINE_MAX_BYTES = 16384 };

#define EXPIRE_US INT64_C(1000000)

/* So far back a time is not late: the clock was put right (as store_add has it). */
#define CLOCK_BACK_MS INT64_C(3600000)

/* What of an aircraft may still be left out. */
struct waiting {
    struct thin thin;
    int64_t last_ms;
};

struct recording {
    const struct wire_format *format; /* NULL: lines of JSON that hold frames */
    archive_point_fn *out;
    void *ctx;
    struct wire_reader *wire;
    struct lines lines;
    bool has_lines;
    struct tracker *tracker;
    struct counters counters;
    int64_t expired_us;
    struct named {
        uint64_t id;
        char name[RECEIVER_NAME_MAX + 16];
    } * named; /* receivers of the file, numbered from RECEIVER_FIRST + 1 on */
    uint16_t n_named, receiver;
    int32_t thin_m, thin_ft;
    struct map map; /* address → waiting */
    struct waiting *waiting;
    uint32_t n_waiting, waiting_max;
    bool failed;             /* out of memory */
    uint64_t items, timed;   /* of this file; with a time of day */
    struct import_sums sums; /* of all files */
    char why[IMPORT_WHY_MAX];
};

/* ---- items ---- */

static struct waiting *waiting_of(struct recording *r, uint32_t address)
{
    const uint32_t i = map_get(&r->map, address);
    if (i != MAP_NONE) {
        return &r->waiting[i];
    }
    if (r->n_waiting == r->waiting_max) {
        const uint32_t max = r->waiting_max ? r->waiting_max * 2 : 256;
        struct waiting *more = realloc(r->waiting, max * sizeof *more);
        if (!more) {
            return NULL;
        }
        r->waiting = more;
        r->waiting_max = max;
    }
    if (map_add(&r->map, address, r->n_waiting)) {
        return NULL;
    }
    r->waiting[r->n_waiting] = (struct waiting){.last_ms = KEPT_NO_TIME};
    return &r->waiting[r->n_waiting++];
}

/* A point's receiver is a number of this file's own here, a name behind. */
static void give(struct recording *r, const struct kept *k)
{
    struct kept given = *k;
    given.receiver = 0;
    const bool is_named = k->receiver > RECEIVER_FIRST;
    r->out(r->ctx, &given,
           &(struct archive_more){
               .receiver = is_named ? r->named[k->receiver - RECEIVER_FIRST - 1].name : NULL});
}

/* The same points a store keeps of them live (store.c: store_add, take), so that a recording
   imported is the history that recording it would have made. */
static void thin_out(struct recording *r, const struct kept *k)
{
    struct waiting *w = waiting_of(r, k->address);
    if (!w) {
        r->failed = true;
        return;
    }
    const bool first = w->last_ms == KEPT_NO_TIME;
    if (!first && k->t_ms <= w->last_ms && k->t_ms > w->last_ms - CLOCK_BACK_MS) {
        r->sums.repeated++;
        return;
    }
    w->last_ms = k->t_ms;
    if (w->thin.waiting > 0 && !thin_fits(&w->thin, k)) {
        give(r, &w->thin.newest);
        thin_kept(&w->thin, &w->thin.newest);
    }
    if (thin_must_keep(&w->thin, k)) {
        give(r, k);
        thin_kept(&w->thin, k);
    } else {
        thin_wait(&w->thin, k, r->thin_m, r->thin_ft);
    }
}

static void settle(struct recording *r)
{
    for (uint32_t i = 0; i < r->n_waiting; i++) {
        if (r->waiting[i].thin.waiting > 0) {
            give(r, &r->waiting[i].thin.newest);
        }
    }
    r->n_waiting = 0;
}

static void take_fix(struct recording *r, const struct message *m, const struct outcome *o)
{
    if (!o->has_fix || !o->track || o->duplicate) {
        return;
    }
    if (o->fix.verdict != VERDICT_ACCEPTED) {
        r->sums.bad_points++;
        return;
    }
    if (m->flags & (FRAME_ELAPSED | FRAME_NO_TIME)) {
        r->sums.bad_points++;
        return;
    }
    const struct kept k = track_kept(o->track, &o->fix);
    if (r->thin_m > 0) {
        thin_out(r, &k);
    } else {
        give(r, &k);
    }
}

static void push(struct recording *r, struct message *m)
{
    struct outcome o;
    r->items++;
    if (m->t_us < KEPT_TIME_MIN * 1000 || m->t_us > KEPT_TIME_MAX * 1000) {
        r->sums.bad_points++; /* no store takes such a time, nor should the tracker go by it */
        return;
    }
    r->timed += !(m->flags & (FRAME_ELAPSED | FRAME_NO_TIME));
    if (m->t_us - r->expired_us > EXPIRE_US || m->t_us < r->expired_us) {
        r->expired_us = m->t_us;
        tracker_expire(r->tracker, m->t_us);
    }
    m->receiver = r->receiver; /* who heard the same twice are told apart, as live */
    tracker_push(r->tracker, m, &o);
    take_fix(r, m, &o);
}

/* A receiver as live history calls it: by name, else by number, marked where it is simulated. */
static struct named named(uint64_t id, const char *name)
{
    struct named n = {.id = id};
    char number[RECEIVER_NAME_MAX] = "";
    if (id) {
        snprintf(number, sizeof number, "%016" PRIx64, id);
    }
    const bool is_simulated = (id & RECEIVER_ID_SIMULATED_MASK) == RECEIVER_ID_SIMULATED;
    snprintf(n.name, sizeof n.name, "%s%s", is_simulated ? "SIMULATION " : "",
             name[0] ? name : number);
    return n;
}

/* As source_use_receiver: who brings the items that follow. */
static void use_receiver(struct recording *r, const struct wire_item *item)
{
    const uint64_t id = item->receiver_id;
    const char *name = item->receiver_name ? item->receiver_name : "";
    uint16_t i = 0;
    while (i < r->n_named &&
           (r->named[i].id != id || (!id && strcmp(r->named[i].name, name) != 0))) {
        i++;
    }
    if (i == r->n_named && (id || name[0]) && i < NAMED_MAX) {
        r->named[r->n_named++] = named(id, name);
    }
    r->receiver = RECEIVER_FIRST;
    if (i < r->n_named) {
        r->receiver = (uint16_t)(RECEIVER_FIRST + 1 + i);
    }
}

static void on_item(void *ctx, const struct wire_item *item)
{
    static const struct modes_options modes = {.repair_bits = 1};
    struct recording *r = ctx;
    if (item->kind == WIRE_UAT) {
        struct message m;
        uat_decode(item->uat, &m);
        push(r, &m);
    } else if (item->kind == WIRE_FRAME) {
        struct message m;
        modes_decode(item->frame, &modes, &m);
        push(r, &m);
    } else if (item->kind == WIRE_MESSAGE) {
        push(r, item->message);
    } else if (item->kind == WIRE_RECEIVER || item->kind == WIRE_FEEDER) {
        use_receiver(r, item);
    }
}

/* ---- frames in lines of JSON ---- */

static bool take_member(struct frame *f, struct text key, const struct json_value *v)
{
    int64_t us;
    if (text_is(key, "frame") && v->kind == JSON_KIND_STRING) {
        f->n = (uint8_t)text_bytes(v->text, f->byte, sizeof f->byte);
    } else if ((text_is(key, "t") || text_is(key, "timestamp")) && v->kind == JSON_KIND_NUMBER) {
        if (!text_decimal(v->text, 6, &us)) {
            return false;
        }
        f->t_us = us;
        f->flags = 0;
    }
    return true;
}

/* {"timestamp": s, "frame": "8d…", …}: jet1090; {"t": s, "frame": …}: masar decode. */
static bool read_frame(struct text t, struct frame *f)
{
    struct json_value object, v;
    struct json_walk w;
    struct text key;
    *f = (struct frame){.tick = FRAME_NO_TICK, .flags = FRAME_NO_TIME};
    if (!json_read(t, &object) || object.kind != JSON_KIND_OBJECT) {
        return false;
    }
    json_walk_start(&w, &object);
    while (json_walk_next(&w, &key, &v)) {
        if (!take_member(f, key, &v)) {
            return false;
        }
    }
    return !w.is_bad && (f->n == FRAME_SHORT || f->n == FRAME_LONG);
}

static void use_line(void *ctx, const char *p, size_t n)
{
    struct recording *r = ctx;
    struct frame f;
    if (!read_frame((struct text){p, n}, &f)) {
        r->sums.bad_points++;
        return;
    }
    on_item(r, &(struct wire_item){.kind = WIRE_FRAME, .frame = &f});
}

/* ---- the file ---- */

static void stop(struct recording *r)
{
    if (r->wire) {
        r->format->reader_free(r->wire);
    }
    if (r->has_lines) {
        lines_stop(&r->lines);
    }
    tracker_free(r->tracker);
    map_free(&r->map);
    r->n_waiting = 0;
    r->wire = NULL;
    r->has_lines = false;
    r->tracker = NULL;
}

static void unmake(void *made)
{
    struct recording *r = made;
    if (r) {
        stop(r);
        free(r->waiting);
        free(r->named);
        free(r);
    }
}

static enum err start(void *made, const struct import_options *o)
{
    static const struct spec nothing = {0};
    struct recording *r = made;
    const struct wire_options wire = {.clock = WIRE_CLOCK_FEED,
                                      .zone_min = o->zone_min,
                                      .base_us = o->start_ms * 1000,
                                      .counters = &r->counters};
    const struct tracker_options track = {.aircraft_max =
                                              o->aircraft_max ? o->aircraft_max : AIRCRAFT_MAX,
                                          .trail_points_max = 1,
                                          .rejected_max = 1,
                                          .counters = &r->counters};
    stop(r);
    r->why[0] = 0;
    r->expired_us = 0;
    r->items = r->timed = 0;
    r->n_named = 0;
    r->receiver = RECEIVER_FIRST;
    r->named = r->named ? r->named : malloc(NAMED_MAX * sizeof *r->named);
    r->thin_m = o->thin_m;
    r->thin_ft = o->thin_ft;
    r->failed = map_init(&r->map, track.aircraft_max) != ERR_OK;
    r->tracker = tracker_new(&track);
    if (r->format) {
        r->wire = r->format->reader_new(&wire, &nothing, r->why, sizeof r->why);
    } else {
        r->has_lines = lines_start(&r->lines, LINE_MAX_BYTES, &r->counters);
    }
    if (r->failed || !r->named || !r->tracker || !(r->wire || r->has_lines)) {
        snprintf(r->why, sizeof r->why, "out of memory");
        return ERR_MEMORY;
    }
    return ERR_OK;
}

static enum err push_bytes(void *made, const uint8_t *p, size_t n)
{
    struct recording *r = made;
    if (r->wire) {
        r->format->reader_push(r->wire, p, n, 0, on_item, r);
    } else {
        lines_push(&r->lines, p, n, use_line, r);
    }
    return ERR_OK;
}

static enum err end(void *made)
{
    struct recording *r = made;
    if (r->wire) {
        r->format->reader_end(r->wire, 0, on_item, r);
    } else {
        lines_end(&r->lines, use_line, r);
    }
    settle(r);
    if (r->failed) {
        snprintf(r->why, sizeof r->why, "out of memory");
        return ERR_MEMORY;
    }
    if (r->items == 0) {
        snprintf(r->why, sizeof r->why, "nothing that can be read as such stands in it");
        return ERR_SYNTAX;
    }
    if (r->timed == 0) {
        snprintf(r->why, sizeof r->why,
                 "it does not say when its frames were received: where it counts the time since "
                 "it began, say with --start when that was");
        return ERR_RANGE;
    }
    return ERR_OK;
}

static const char *why(const void *made)
{
    return ((const struct recording *)made)->why;
}

static void sums(const void *made, struct import_sums *s)
{
    *s = ((const struct recording *)made)->sums;
}

static void *make(const char *format, archive_point_fn *out, void *ctx)
{
    struct recording *r = calloc(1, sizeof *r);
    if (r) {
        r->format = format ? wire_format_find(format) : NULL;
        r->out = out;
        r->ctx = ctx;
    }
    return r;
}

/* ---- Beast ---- */

/* A unit's length with its doubled escapes; 0: it is none, or cut. */
static size_t beast_unit(const uint8_t *p, size_t n)
{
    enum { ESCAPE = 0x1a, LEAD = 7, MARK = 10 };
    static const struct {
        uint8_t type, body;
    } known[] = {{'1', LEAD + 2},  {'2', LEAD + 7},  {'3', LEAD + 14},
                 {'4', LEAD + 14}, {'5', LEAD + 14}, {0xe3, 8}};
    if (n < 2 || p[0] != ESCAPE) {
        return 0;
    }
    if (p[1] == 0xe8) { /* never doubled */
        return n >= MARK ? MARK : 0;
    }
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (known[i].type != p[1]) {
            continue;
        }
        size_t at = 2;
        for (unsigned k = 0; k < known[i].body; k++, at++) {
            if (at + 1 < n && p[at] == ESCAPE && p[at + 1] == ESCAPE) {
                at++;
            } else if (at >= n || p[at] == ESCAPE) {
                return 0;
            }
        }
        return at;
    }
    return 0;
}

/* Four units in a row, or all there are, perhaps after the rest of one that was cut. */
static bool is_beast(const uint8_t *p, size_t n)
{
    enum { UNITS = 4, CUT_MAX = 64 };
    for (size_t from = 0; from < n && from < CUT_MAX; from++) {
        size_t at = from, units = 0, length;
        while (units < UNITS && at < n && (length = beast_unit(p + at, n - at)) > 0) {
            at += length;
            units++;
        }
        if (units == UNITS || (units > 0 && at == n)) {
            return true;
        }
    }
    return false;
}

static void *make_beast(archive_point_fn *out, void *ctx)
{
    return make("beast", out, ctx);
}

const struct reader import_read_BEAST = {is_beast,   make_beast, unmake, start,
                                         push_bytes, end,        why,    sums};

/* ---- lines ---- */

/* Whether the first lines that are not empty are all such. The last may be cut. */
static bool lines_are(const uint8_t *p, size_t n, bool (*is)(struct text line))
{
    const char *at = (const char *)p, *stop_at = at + n;
    unsigned lines = 0;
    while (at < stop_at && lines < LOOK_LINES) {
        const char *line_end = memchr(at, '\n', (size_t)(stop_at - at));
        const char *to = line_end ? line_end : stop_at;
        const struct text line = text_trim((struct text){at, (size_t)(to - at)});
        if (line.n > 0 && (line_end || lines == 0)) {
            if (!is(line)) {
                return false;
            }
            lines++;
        }
        at = to + 1;
    }
    return lines > 0;
}

static bool is_hex_digits(struct text t)
{
    for (size_t i = 0; i < t.n; i++) {
        const char c = t.p[i];
        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f') && !(c >= 'A' && c <= 'F')) {
            return false;
        }
    }
    return t.n > 0;
}

static bool is_avr_line(struct text t)
{
    const char *stop_at = memchr(t.p, ';', t.n);
    const char c = t.p[0];
    const bool begins = c == '*' || c == ':' || c == '@' || c == '%' || c == '<';
    return begins && stop_at && stop_at - t.p >= 5 &&
           is_hex_digits((struct text){t.p + 1, (size_t)(stop_at - t.p) - 1});
}

static bool is_avr(const uint8_t *p, size_t n)
{
    return n >= LEAST && lines_are(p, n, is_avr_line);
}

static void *make_avr(archive_point_fn *out, void *ctx)
{
    return make("avr", out, ctx);
}

const struct reader import_read_AVR = {is_avr, make_avr, unmake, start, push_bytes, end, why, sums};

static bool is_sbs_line(struct text t)
{
    static const char *const kinds[] = {"MSG", "MLAT", "SEL", "ID", "AIR", "STA", "CLK"};
    struct text part[4];
    const size_t n = text_split(t, ',', part, 4);
    int64_t ns;
    const bool is_offset = n > 1 && text_decimal(part[0], 0, &ns);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && n == 4; i++) {
        if (text_is(part[is_offset], kinds[i])) {
            return true;
        }
    }
    return false;
}

static bool is_sbs(const uint8_t *p, size_t n)
{
    return n >= LEAST && lines_are(p, n, is_sbs_line);
}

static void *make_sbs(archive_point_fn *out, void *ctx)
{
    return make("sbs", out, ctx);
}

const struct reader import_read_SBS = {is_sbs, make_sbs, unmake, start, push_bytes, end, why, sums};

static bool has_key(struct text t, const char *key)
{
    const size_t m = strlen(key);
    for (size_t i = 0; i + m <= t.n; i++) {
        if (memcmp(t.p + i, key, m) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_frame_line(struct text t)
{
    struct frame f;
    return t.p[0] == '{' && has_key(t, "\"frame\"") && read_frame(t, &f);
}

static bool is_frames(const uint8_t *p, size_t n)
{
    return n >= LEAST && lines_are(p, n, is_frame_line);
}

static void *make_frames(archive_point_fn *out, void *ctx)
{
    return make(NULL, out, ctx);
}

const struct reader import_read_FRAMES = {is_frames,  make_frames, unmake, start,
                                          push_bytes, end,         why,    sums};

static bool is_aircraft_line(struct text t)
{
    return t.p[0] == '{' && t.p[t.n - 1] == '}' &&
           (has_key(t, "\"hex\"") || has_key(t, "\"icao24\""));
}

static bool is_jsonl(const uint8_t *p, size_t n)
{
    return n >= LEAST && lines_are(p, n, is_aircraft_line);
}

static void *make_jsonl(archive_point_fn *out, void *ctx)
{
    return make("jsonl", out, ctx);
}

const struct reader import_read_JSONL = {is_jsonl,   make_jsonl, unmake, start,
                                         push_bytes, end,        why,    sums};
