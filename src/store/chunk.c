#include "store/chunk.h"

#include "base/bytes.h"
#include "base/crc32c.h"
#include "store/point.h"

#include <stdlib.h>
#include <string.h>

/* The head (docs/STORE.md), little-endian:
 *
 *    0  2  "mc"
 *    2  1  version
 *    3  1  bit 0: air data follows; 0 in version 1
 *    4  4  length of the chunk
 *    8  4  CRC-32C of bytes 0..7 and 12..length-1
 *   12  4  address
 *   16  2  points
 *   18  2  0
 *   20  8  time of the first point, ms
 *   28  4  time of the last, ms after the first
 *   32  4  least latitude, 1e-7 degrees      36  4  greatest
 *   40  4  least longitude                   44  4  greatest
 *   48     quanta, then points, range-coded
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

static uint32_t checksum(const uint8_t *b, size_t n)
{
    return crc32c(crc32c(0, b, 8), b + 12, n - 12);
}

static bool place_is_on_earth(int32_t lat_e7, int32_t lon_e7)
{
    return lat_e7 >= -900000000 && lat_e7 <= 900000000 && lon_e7 >= -1800000000 &&
           lon_e7 < 1800000000;
}

bool chunk_point_fits(const struct kept *p)
{
    return p->t_ms >= KEPT_TIME_MIN && p->t_ms <= KEPT_TIME_MAX &&
           p->address <= (ADDRESS_NON_ICAO | 0xffffffu) &&
           place_is_on_earth(p->lat_e7, p->lon_e7) && p->origin < ORIGIN_COUNT && p->ground <= 1;
}

static uint32_t common(uint32_t a, uint32_t b)
{
    while (b) {
        const uint32_t r = a % b;
        a = b;
        b = r;
    }
    return a;
}

/* The greatest number of which all values are multiples; 1 where that is useless or too large. */
struct divisor {
    uint32_t of;
};

static void divide(struct divisor *d, int32_t v)
{
    if (d->of != 1 && v != KEPT_NONE && v != 0) {
        d->of = common(d->of, v < 0 ? 0u - (uint32_t)v : (uint32_t)v);
    }
}

static void find_quanta(const struct kept *p, size_t n, int32_t quantum[QUANTA])
{
    struct divisor d[QUANTA] = {0};
    d[QUANTUM_PLACE].of = 100; /* of the powers of ten only: what decimals were written */
    for (size_t i = 0; i < n; i++) {
        divide(&d[QUANTUM_TIME], (int32_t)(p[i].t_ms - p[0].t_ms));
        divide(&d[QUANTUM_PLACE], p[i].lat_e7);
        divide(&d[QUANTUM_PLACE], p[i].lon_e7);
        divide(&d[QUANTUM_BARO_RATE], p[i].baro_rate_fpm);
        divide(&d[QUANTUM_GEOM_RATE], p[i].geom_rate_fpm);
        divide(&d[QUANTUM_ALT_BARO], p[i].alt_baro_ft);
        divide(&d[QUANTUM_ALT_GEOM], p[i].alt_geom_ft);
        divide(&d[QUANTUM_GS], p[i].gs_e2_kt);
        divide(&d[QUANTUM_TRACK], p[i].track_e2_deg);
    }
    for (int i = 0; i < QUANTA; i++) {
        quantum[i] = d[i].of >= 1 && d[i].of <= UINT16_MAX ? (int32_t)d[i].of : 1;
    }
    const int32_t place = quantum[QUANTUM_PLACE];
    quantum[QUANTUM_PLACE] = place % 100 == 0 ? 100 : place % 10 == 0 ? 10 : 1;
}

static bool all_in_steps(const struct kept *p, size_t n, enum point_air a)
{
    for (size_t i = 0; i < n; i++) {
        const int32_t v = point_air_get(&p[i], a);
        if (point_air_mask(&p[i]) >> a & 1 &&
            point_air_value(point_air_steps(v, AIR_STEPS), AIR_STEPS) != v) {
            return false;
        }
    }
    return true;
}

static void find_air_quanta(const struct kept *p, size_t n, int32_t quantum[AIRS])
{
    struct divisor d[AIRS] = {0};
    for (size_t i = 0; i < n; i++) {
        const unsigned mask = point_air_mask(&p[i]);
        for (unsigned a = 0; a < AIRS; a++) {
            divide(&d[a], mask >> a & 1 ? point_air_get(&p[i], a) : KEPT_NONE);
        }
    }
    for (unsigned a = 0; a < AIRS; a++) {
        quantum[a] = d[a].of >= 1 && d[a].of <= UINT16_MAX ? (int32_t)d[a].of : 1;
        if (a >= AIR_ROLL && quantum[a] < 10 && all_in_steps(p, n, a)) {
            quantum[a] = AIR_STEPS;
        }
    }
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

static bool run_fits(const struct kept *p, size_t n)
{
    if (n == 0 || n > CHUNK_POINTS_MAX) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        if (!chunk_point_fits(&p[i]) || p[i].address != p[0].address ||
            (i > 0 && p[i].t_ms < p[i - 1].t_ms)) {
            return false;
        }
    }
    return p[n - 1].t_ms - p[0].t_ms <= CHUNK_SPAN_MS_MAX;
}

static int32_t lesser(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

static int32_t greater(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

static struct chunk_head describe(const struct kept *p, size_t n)
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

static void write_head(const struct chunk_head *h, uint8_t *b)
{
    memset(b, 0, CHUNK_HEAD_BYTES);
    b[0] = 'm', b[1] = 'c', b[2] = CHUNK_VERSION, b[3] = h->has_air;
    put_le32(b + 4, h->length);
    put_le32(b + 12, h->address);
    b[16] = (uint8_t)h->points;
    b[17] = (uint8_t)(h->points >> 8);
    put_le64(b + 20, (uint64_t)h->first_ms);
    put_le32(b + 28, (uint32_t)(h->last_ms - h->first_ms));
    put_le32(b + 32, (uint32_t)h->lat_low_e7);
    put_le32(b + 36, (uint32_t)h->lat_high_e7);
    put_le32(b + 40, (uint32_t)h->lon_low_e7);
    put_le32(b + 44, (uint32_t)h->lon_high_e7);
    put_le32(b + 8, checksum(b, h->length));
}

/* Writes the quanta, or reads them; false: they are none. */
static bool code_quanta_raw(struct point_coder *p)
{
    bool sane = true;
    for (int i = 0; i < QUANTA; i++) {
        p->quantum[i] = (int32_t)range_raw(&p->c, 16, (uint32_t)p->quantum[i]);
        sane &= p->quantum[i] > 0;
    }
    for (int i = 0; i < AIRS && p->has_air; i++) {
        p->air_quantum[i] = (int32_t)range_raw(&p->c, 16, (uint32_t)p->air_quantum[i]);
    }
    const int32_t place = p->quantum[QUANTUM_PLACE];
    return sane && (place == 1 || place == 10 || place == 100);
}

enum err chunk_write(const struct kept *p, size_t n, struct buf *out, struct chunk_head *h)
{
    if (!run_fits(p, n)) {
        return ERR_RANGE;
    }
    struct point_coder *coder = calloc(1, sizeof *coder);
    const size_t start = out->n;
    uint8_t *head = buf_reserve(out, CHUNK_HEAD_BYTES + n * 8);
    if (!coder || !head) {
        free(coder);
        return ERR_MEMORY;
    }
    out->n += CHUNK_HEAD_BYTES;
    coder->slows = SLOWS;
    const bool has_air = coder->has_air = any_air(p, n);
    find_quanta(p, n, coder->quantum);
    if (coder->has_air) {
        find_air_quanta(p, n, coder->air_quantum);
    }
    range_write(&coder->c, out);
    code_quanta_raw(coder);
    point_start(coder, p[0].address, p[0].t_ms);
    for (size_t i = 0; i < n; i++) {
        struct kept k = p[i];
        point_code(coder, &k);
    }
    range_write_end(&coder->c);
    free(coder);
    if (out->failed) {
        out->n = start;
        return ERR_MEMORY;
    }
    *h = describe(p, n);
    h->has_air = has_air;
    h->version = CHUNK_VERSION;
    h->length = (uint32_t)(out->n - start);
    write_head(h, out->p + start);
    return ERR_OK;
}

enum err chunk_encode(const struct kept *p, size_t n, struct buf *out)
{
    struct chunk_head h;
    return chunk_write(p, n, out, &h);
}

enum err chunk_head(const uint8_t *b, size_t n, struct chunk_head *out)
{
    if (n < CHUNK_HEAD_BYTES) {
        return ERR_SHORT;
    }
    if (b[0] != 'm' || b[1] != 'c') {
        return ERR_SYNTAX;
    }
    if (b[2] < 1 || b[2] > CHUNK_VERSION) {
        return ERR_RANGE;
    }
    out->version = b[2];
    out->has_air = b[2] >= 2 && b[3] & 1;
    out->length = le32(b + 4);
    out->address = le32(b + 12);
    out->points = b[16] | (uint32_t)b[17] << 8;
    out->first_ms = (int64_t)le64(b + 20);
    if (out->length > n) {
        return ERR_SHORT;
    }
    if (out->length < CHUNK_HEAD_BYTES || checksum(b, out->length) != le32(b + 8) ||
        out->points == 0 || out->points > CHUNK_POINTS_MAX || out->first_ms < KEPT_TIME_MIN ||
        out->first_ms > KEPT_TIME_MAX) {
        return ERR_SYNTAX;
    }
    out->last_ms = out->first_ms + le32(b + 28);
    out->lat_low_e7 = (int32_t)le32(b + 32);
    out->lat_high_e7 = (int32_t)le32(b + 36);
    out->lon_low_e7 = (int32_t)le32(b + 40);
    out->lon_high_e7 = (int32_t)le32(b + 44);
    return ERR_OK;
}

static bool is_as_said(const struct chunk_head *h, const struct kept *p)
{
    if (!run_fits(p, h->points)) {
        return false;
    }
    const struct chunk_head d = describe(p, h->points);
    return d.last_ms == h->last_ms && d.lat_low_e7 == h->lat_low_e7 &&
           d.lat_high_e7 == h->lat_high_e7 && d.lon_low_e7 == h->lon_low_e7 &&
           d.lon_high_e7 == h->lon_high_e7;
}

/* Begins to read a chunk's points: the quanta. False: they make no sense. */
static bool start_reading(struct point_coder *coder, const struct chunk_head *h, const uint8_t *b)
{
    range_read(&coder->c, b + CHUNK_HEAD_BYTES, h->length - CHUNK_HEAD_BYTES);
    coder->slows = h->version >= 2 ? SLOWS : SLOW_QNH;
    coder->has_air = h->has_air;
    const bool sane = code_quanta_raw(coder);
    if (sane) {
        point_start(coder, h->address, h->first_ms);
    }
    return sane;
}

enum err chunk_decode(const uint8_t *b, size_t n, struct kept *out, size_t *points)
{
    struct chunk_head h;
    const enum err e = chunk_head(b, n, &h);
    *points = 0;
    if (e) {
        return e;
    }
    struct point_coder *coder = calloc(1, sizeof *coder);
    if (!coder) {
        return ERR_MEMORY;
    }
    bool sane = start_reading(coder, &h, b);
    for (size_t i = 0; sane && i < h.points; i++) {
        out[i] = kept_none();
        point_code(coder, &out[i]);
    }
    sane = sane && !coder->c.short_of && coder->c.at == coder->c.n && is_as_said(&h, out);
    free(coder);
    if (!sane) {
        return ERR_SYNTAX;
    }
    *points = h.points;
    return ERR_OK;
}

enum err chunk_decode_until(const uint8_t *b, size_t n, size_t max, int64_t to_ms, struct kept *out,
                            size_t *points)
{
    struct chunk_head h;
    const enum err e = chunk_head(b, n, &h);
    *points = 0;
    if (e) {
        return e;
    }
    struct point_coder *coder = calloc(1, sizeof *coder);
    if (!coder) {
        return ERR_MEMORY;
    }
    const bool sane = start_reading(coder, &h, b);
    size_t i = 0;
    for (; sane && i < h.points && i < max && !coder->c.short_of; i++) {
        out[i] = kept_none();
        point_code(coder, &out[i]);
        if (out[i].t_ms > to_ms) {
            break;
        }
    }
    const bool is_whole = sane && !coder->c.short_of && (i == 0 || run_fits(out, i));
    free(coder);
    *points = is_whole ? i : 0;
    return is_whole ? ERR_OK : ERR_SYNTAX;
}
