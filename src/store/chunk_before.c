#include "base/bytes.h"
#include "base/crc32c.h"
#include "store/chunk_internal.h"

#include <string.h>

/* The head of versions 1 and 2 (docs/STORE.md), little-endian:
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

static uint32_t le32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint32_t checksum(const uint8_t *b, size_t n)
{
    return crc32c(crc32c(0, b, 8), b + 12, n - 12);
}

enum err chunk_before_head(const uint8_t *b, size_t n, struct chunk_head *out)
{
    if (n < CHUNK_HEAD_BYTES) {
        return ERR_SHORT;
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
    if (!chunk_run_fits(p, h->points)) {
        return false;
    }
    const struct chunk_head d = chunk_describe(p, h->points);
    return d.last_ms == h->last_ms && d.lat_low_e7 == h->lat_low_e7 &&
           d.lat_high_e7 == h->lat_high_e7 && d.lon_low_e7 == h->lon_low_e7 &&
           d.lon_high_e7 == h->lon_high_e7;
}

/* The quanta; false: they are none. */
static bool read_quanta(struct point_coder *p)
{
    bool sane = true;
    for (int i = 0; i < QUANTA; i++) {
        p->quantum[i] = (int32_t)range_raw(&p->c, 16, 0);
        sane &= p->quantum[i] > 0;
    }
    for (int i = 0; i < AIRS && p->has_air; i++) {
        p->air_quantum[i] = (int32_t)range_raw(&p->c, 16, 0);
    }
    const int32_t place = p->quantum[QUANTUM_PLACE];
    return sane && (place == 1 || place == 10 || place == 100);
}

/* Begins to read the points of a chunk of version 1 or 2. False: its quanta make no sense. */
static bool start_reading(struct point_coder *coder, const struct chunk_head *h, const uint8_t *b)
{
    range_read(&coder->c, b + CHUNK_HEAD_BYTES, h->length - CHUNK_HEAD_BYTES);
    coder->slows = h->version >= 2 ? SLOWS : SLOW_QNH;
    coder->has_air = h->has_air;
    const bool sane = read_quanta(coder);
    if (sane) {
        point_start(coder, h->address, h->first_ms);
    }
    return sane;
}

enum err chunk_before_read(struct point_coder *coder, const struct chunk_head *h, const uint8_t *b,
                           size_t max, int64_t to_ms, struct kept *out, size_t *points)
{
    memset(coder, 0, sizeof *coder);
    bool sane = start_reading(coder, h, b);
    size_t i = 0;
    for (; sane && i < h->points && i < max && !coder->c.short_of; i++) {
        out[i] = kept_none();
        point_code(coder, &out[i]);
        if (out[i].t_ms > to_ms) {
            break;
        }
    }
    sane = sane && !coder->c.short_of;
    if (sane && i == h->points) { /* to its very end */
        sane = coder->c.at == coder->c.n && is_as_said(h, out);
    } else {
        sane = sane && (i == 0 || chunk_run_fits(out, i));
    }
    *points = sane ? i : 0;
    return sane ? ERR_OK : ERR_SYNTAX;
}
