#include "store/chunk_internal.h"

#include "base/bytes.h"
#include "base/crc32c.h"
#include "store/pack.h"

#include <stdlib.h>
#include <string.h>

/* The head of version 3 (docs/STORE.md), little-endian; a number is as pack.h writes it:
 *
 *    0  2  "mc"
 *    2  1  3
 *    3  1  bit 0: air data; 1: a part that a map does not need; 2: quanta follow
 *    4  4  CRC-32C of bytes 0..3 and 8..length-1
 *    8  3  length of the chunk
 *   11     numbers: address, points, time of the first point, ms (folded), of the last, ms after
 * it, two of time (course.h); if bit 2, eight quanta; if bit 0, four of air data; if bit 1, bytes
 * of the way the way, the rest
 */
static void put_le32(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++) {
        p[i] = (uint8_t)(v >> (8 * i));
    }
}

static uint32_t le32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

bool chunk_point_fits(const struct kept *p)
{
    return p->t_ms >= KEPT_TIME_MIN && p->t_ms <= KEPT_TIME_MAX &&
           p->address <= (ADDRESS_NON_ICAO | 0xffffffu) &&
           course_is_on_earth(p->lat_e7, p->lon_e7) && p->origin < ORIGIN_COUNT && p->ground <= 1;
}

static bool any_air(const struct kept *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (point_air_mask(&p[i])) {
            return true;
        }
    }
    return false;
}

bool chunk_run_fits(const struct kept *p, size_t n)
{
    if (n == 0 || n > CHUNK_POINTS_MAX) {
        return false;
    }
    bool fits = chunk_point_fits(&p[0]) && p[n - 1].t_ms <= KEPT_TIME_MAX;
    for (size_t i = 1; i < n; i++) { /* no branch: nearly always all is well */
        fits &= (p[i].address == p[0].address) & (p[i].t_ms >= p[i - 1].t_ms) &
                course_is_on_earth(p[i].lat_e7, p[i].lon_e7) & (p[i].origin < ORIGIN_COUNT) &
                (p[i].ground <= 1);
    }
    return fits && p[n - 1].t_ms - p[0].t_ms <= CHUNK_SPAN_MS_MAX;
}

static int32_t lesser(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

static int32_t greater(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

struct chunk_head chunk_describe(const struct kept *p, size_t n)
{
    struct chunk_head h = {.address = p[0].address,
                           .points = (uint32_t)n,
                           .first_ms = p[0].t_ms,
                           .last_ms = p[n - 1].t_ms,
                           .lat_low_e7 = INT32_MAX,
                           .lat_high_e7 = INT32_MIN,
                           .lon_low_e7 = INT32_MAX,
                           .lon_high_e7 = INT32_MIN};
    for (size_t i = 0; i < n; i++) {
        h.lat_low_e7 = lesser(h.lat_low_e7, p[i].lat_e7);
        h.lat_high_e7 = greater(h.lat_high_e7, p[i].lat_e7);
        h.lon_low_e7 = lesser(h.lon_low_e7, p[i].lon_e7);
        h.lon_high_e7 = greater(h.lon_high_e7, p[i].lon_e7);
    }
    return h;
}

/* --- writing: version 3 ----------------------------------------------------------------------- */

enum { FLAG_AIR = 1, FLAG_REST = 2, FLAG_QUANTA = 4 };

enum { HEAD3_FIXED = 11, HEAD3_MOST = HEAD3_FIXED + (8 + QUANTA + AIRS) * 10 };

/* What transponders say, at the scales of struct kept. */
static const int32_t usual_quantum[QUANTA] = {1, 1, 64, 64, 25, 25, 1, 1};

static uint32_t checksum3(const uint8_t *b, size_t n)
{
    return crc32c(crc32c(0, b, 4), b + 8, n - 8);
}

/* What a packet need not keep of a head, as it has it in columns of its own. */
static size_t write_split(uint8_t *b, const struct chunk_split *s)
{
    memset(b, 0, HEAD3_FIXED);
    b[0] = 'm', b[1] = 'c', b[2] = 3, b[3] = s->flags;
    size_t n = HEAD3_FIXED;
    n += pack_number(b + n, s->address);
    n += pack_number(b + n, s->points);
    n += pack_number(b + n, (uint64_t)s->first_ms << 1 ^ (s->first_ms < 0 ? UINT64_MAX : 0));
    n += pack_number(b + n, (uint64_t)(s->last_ms - s->first_ms));
    n += pack_number(b + n, s->time_low);
    return n + pack_number(b + n, s->time_width);
}

/* Length and checksum, which are last. */
static void seal3(uint8_t *b, size_t n)
{
    b[8] = (uint8_t)n, b[9] = (uint8_t)(n >> 8), b[10] = (uint8_t)(n >> 16);
    put_le32(b + 4, checksum3(b, n));
}

/* Writes the head but for length and checksum; returns its length. */
static size_t write_head3(uint8_t *b, const struct chunk_head *h, const struct course_plan *plan,
                          size_t way_bytes)
{
    const bool usual = memcmp(plan->quantum, usual_quantum, sizeof usual_quantum) == 0;
    const struct chunk_split split = {.flags = (uint8_t)((h->has_air ? FLAG_AIR : 0) |
                                                         (plan->has_rest ? FLAG_REST : 0) |
                                                         (usual ? 0 : FLAG_QUANTA)),
                                      .address = h->address,
                                      .points = h->points,
                                      .first_ms = h->first_ms,
                                      .last_ms = h->last_ms,
                                      .time_low = plan->time_low,
                                      .time_width = plan->time_width};
    size_t n = write_split(b, &split);
    for (int i = 0; i < QUANTA && !usual; i++) {
        n += pack_number(b + n, (uint64_t)plan->quantum[i]);
    }
    for (int i = 0; i < AIRS && h->has_air; i++) {
        n += pack_number(b + n, (uint64_t)plan->air_quantum[i]);
    }
    return plan->has_rest ? n + pack_number(b + n, way_bytes) : n;
}

struct chunk_codec {
    struct course_codes codes;
    struct course course;
    struct bits_out way, rest;
    struct buf body; /* what is read, with PREFIX_PAD bytes behind */
    bool ascends;    /* what was read last */
    struct point_coder point;
};

struct chunk_codec *chunk_codec_new(void)
{
    struct chunk_codec *c = calloc(1, sizeof *c);
    if (c) {
        course_codes_make(&c->codes);
    }
    return c;
}

void chunk_codec_free(struct chunk_codec *c)
{
    if (c) {
        buf_free(&c->way.out);
        buf_free(&c->rest.out);
        buf_free(&c->body);
        free(c);
    }
}

enum err chunk_write(struct chunk_codec *c, const struct kept *p, size_t n, struct buf *out,
                     struct chunk_head *h)
{
    if (!chunk_run_fits(p, n)) {
        return ERR_RANGE;
    }
    struct course_plan plan;
    *h = chunk_describe(p, n);
    h->has_air = any_air(p, n);
    h->version = CHUNK_VERSION;
    chunk_plan_make(p, n, h->has_air, &plan);
    bits_put_clear(&c->way);
    bits_put_clear(&c->rest);
    course_start(&c->course, &c->codes, &plan);
    c->course.out[0] = &c->way;
    c->course.out[1] = &c->rest;
    course_write(&c->course, p, n);
    bits_put_end(&c->way);
    bits_put_end(&c->rest);
    const struct buf *way = &c->way.out, *rest = &c->rest.out;
    uint8_t *b =
        way->failed || rest->failed ? NULL : buf_reserve(out, HEAD3_MOST + way->n + rest->n);
    if (!b) {
        return ERR_MEMORY;
    }
    const size_t head = write_head3(b, h, &plan, way->n);
    memcpy(b + head, way->p, way->n);
    if (rest->n > 0) {
        memcpy(b + head + way->n, rest->p, rest->n);
    }
    h->length = (uint32_t)(head + way->n + rest->n);
    seal3(b, h->length);
    out->n += h->length;
    return ERR_OK;
}

enum err chunk_encode(struct chunk_codec *c, const struct kept *p, size_t n, struct buf *out)
{
    struct chunk_head h;
    return chunk_write(c, p, n, out, &h);
}

/* --- reading: version 3 ----------------------------------------------------------------------- */

struct head3 {
    struct chunk_head h;
    struct course_plan plan;
    size_t tail, body, way_bytes; /* where what a packet keeps as it is begins; the way */
};

/* The next number; *ok turns false where there is none, or it is more than most. */
static uint64_t take(const uint8_t *b, size_t n, size_t *at, uint64_t most, bool *ok)
{
    uint64_t v = 0;
    const size_t used = *ok ? pack_read_number(b + *at, n - *at, &v) : 0;
    *ok = *ok && used > 0 && v <= most;
    *at += used;
    return *ok ? v : 0;
}

static bool read_quanta3(const uint8_t *b, size_t n, size_t *at, struct head3 *out)
{
    bool ok = true;
    for (int i = 0; i < QUANTA; i++) {
        out->plan.quantum[i] =
            b[3] & FLAG_QUANTA ? (int32_t)take(b, n, at, UINT16_MAX, &ok) : usual_quantum[i];
        ok = ok && out->plan.quantum[i] > 0;
    }
    for (int i = 0; i < AIRS && b[3] & FLAG_AIR; i++) {
        out->plan.air_quantum[i] = (int32_t)take(b, n, at, UINT16_MAX, &ok);
    }
    const int32_t place = out->plan.quantum[QUANTUM_PLACE];
    return ok && (place == 1 || place == 10 || place == 100);
}

/* b has CHUNK_HEAD_LEAST bytes at least. */
static enum err read_head3(const uint8_t *b, size_t n, struct head3 *out)
{
    struct chunk_head *h = &out->h;
    size_t at = HEAD3_FIXED;
    bool ok = true;
    *h = (struct chunk_head){.version = 3, .has_air = b[3] & FLAG_AIR};
    h->length = (uint32_t)b[8] | (uint32_t)b[9] << 8 | (uint32_t)b[10] << 16;
    if (h->length > n) {
        return ERR_SHORT;
    }
    n = h->length;
    if (n < CHUNK_HEAD_LEAST || checksum3(b, n) != le32(b + 4)) {
        return ERR_SYNTAX;
    }
    h->address = (uint32_t)take(b, n, &at, UINT32_MAX, &ok);
    h->points = (uint32_t)take(b, n, &at, CHUNK_POINTS_MAX, &ok);
    const uint64_t folded = take(b, n, &at, UINT64_MAX, &ok);
    h->first_ms = (int64_t)(folded >> 1 ^ (folded & 1 ? UINT64_MAX : 0));
    ok = ok && h->points > 0 && h->first_ms >= KEPT_TIME_MIN && h->first_ms <= KEPT_TIME_MAX &&
         h->address <= (ADDRESS_NON_ICAO | 0xffffffu);
    h->last_ms = ok ? h->first_ms + (int64_t)take(b, n, &at, CHUNK_SPAN_MS_MAX, &ok) : 0;
    out->plan = (struct course_plan){.points = h->points,
                                     .address = h->address,
                                     .first_ms = h->first_ms,
                                     .time_low = (uint32_t)take(b, n, &at, UINT32_MAX, &ok),
                                     .time_width = (uint32_t)take(b, n, &at, TIME_WIDTH_MAX, &ok),
                                     .has_rest = b[3] & FLAG_REST};
    out->tail = at;
    ok = ok && read_quanta3(b, n, &at, out);
    out->way_bytes = out->plan.has_rest ? take(b, n, &at, n, &ok) : n - at;
    out->body = at;
    return ok && out->way_bytes <= n - at ? ERR_OK : ERR_SYNTAX;
}

enum err chunk_split(const uint8_t *b, size_t n, struct chunk_split *out)
{
    struct head3 h;
    if (n < CHUNK_HEAD_LEAST || b[0] != 'm' || b[1] != 'c' || b[2] != 3) {
        return ERR_RANGE;
    }
    const enum err e = read_head3(b, n, &h);
    *out = (struct chunk_split){.flags = b[3],
                                .address = h.h.address,
                                .points = h.h.points,
                                .first_ms = h.h.first_ms,
                                .last_ms = h.h.last_ms,
                                .time_low = h.plan.time_low,
                                .time_width = h.plan.time_width,
                                .tail = h.tail};
    return e ? e : h.h.length == n ? ERR_OK : ERR_RANGE;
}

enum err chunk_join(const struct chunk_split *s, const uint8_t *tail, size_t n, struct buf *out)
{
    uint8_t *b = buf_reserve(out, HEAD3_MOST + n);
    if (!b) {
        return ERR_MEMORY;
    }
    const size_t head = write_split(b, s);
    memcpy(b + head, tail, n);
    seal3(b, head + n);
    out->n += head + n;
    return ERR_OK;
}

/* Copies the points so that reading may look beyond their end. False: out of memory. */
static bool start_reading3(struct chunk_codec *c, const uint8_t *b, const struct head3 *h)
{
    const size_t n = h->h.length - h->body;
    buf_clear(&c->body);
    uint8_t *to = buf_reserve(&c->body, n + PREFIX_PAD);
    if (!to) {
        return false;
    }
    memcpy(to, b + h->body, n);
    memset(to + n, 0, PREFIX_PAD);
    course_start(&c->course, &c->codes, &h->plan);
    c->course.in[0] = (struct bits_in){to, 0, h->way_bytes * 8};
    c->course.in[1] = (struct bits_in){to + h->way_bytes, 0, (n - h->way_bytes) * 8};
    return true;
}

/* Whether all was read but the bits that fill a byte. */
static bool is_at_end(const struct bits_in *in)
{
    return in->at <= in->end && in->end - in->at < 8;
}

static enum err read3(struct chunk_codec *c, const uint8_t *b, size_t n, size_t max, int64_t to_ms,
                      enum chunk_want want, struct kept *out, size_t *points)
{
    struct head3 h;
    enum err e = read_head3(b, n, &h);
    if (e) {
        return e;
    }
    if (!start_reading3(c, b, &h)) {
        return ERR_MEMORY;
    }
    max = max < h.h.points ? max : h.h.points;
    const size_t i = course_read(&c->course, max, to_ms, want == CHUNK_ALL, out);
    bool sane = course_is_sane(&c->course) &&
                (i == 0 || (out[i - 1].t_ms <= KEPT_TIME_MAX &&
                            out[i - 1].t_ms - out[0].t_ms <= CHUNK_SPAN_MS_MAX));
    if (sane && i == h.h.points) { /* to its very end */
        sane = out[i - 1].t_ms == h.h.last_ms && is_at_end(&c->course.in[0]) &&
               (want != CHUNK_ALL || is_at_end(&c->course.in[1]));
    }
    *points = sane ? i : 0;
    c->ascends = sane && !c->course.ties;
    return sane ? ERR_OK : ERR_SYNTAX;
}

/* --- reading ---------------------------------------------------------------------------------- */

enum err chunk_head(const uint8_t *b, size_t n, struct chunk_head *out)
{
    if (n < CHUNK_HEAD_LEAST) {
        return ERR_SHORT;
    }
    if (b[0] != 'm' || b[1] != 'c') {
        return ERR_SYNTAX;
    }
    if (b[2] < 1 || b[2] > CHUNK_VERSION) {
        return ERR_RANGE;
    }
    if (b[2] == 3) {
        struct head3 h;
        const enum err e = read_head3(b, n, &h);
        *out = h.h;
        return e;
    }
    return chunk_before_head(b, n, out);
}

enum err chunk_read(struct chunk_codec *c, const uint8_t *b, size_t n, size_t max, int64_t to_ms,
                    enum chunk_want want, struct kept *out, size_t *points)
{
    *points = 0;
    c->ascends = false;
    if (n >= CHUNK_HEAD_LEAST && b[0] == 'm' && b[1] == 'c' && b[2] == 3) {
        return read3(c, b, n, max, to_ms, want, out, points);
    }
    struct chunk_head h;
    const enum err e = chunk_head(b, n, &h);
    return e ? e : chunk_before_read(&c->point, &h, b, max, to_ms, out, points);
}

bool chunk_ascends(const struct chunk_codec *c)
{
    return c->ascends;
}

enum err chunk_decode(struct chunk_codec *c, const uint8_t *b, size_t n, struct kept *out,
                      size_t *points)
{
    return chunk_read(c, b, n, CHUNK_POINTS_MAX, INT64_MAX, CHUNK_ALL, out, points);
}
