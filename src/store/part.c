#include "store/part.h"

#include <string.h>

/* The bytes (docs/STORE.md), little-endian:
 *
 *    0  4 x 4  least and greatest latitude, least and greatest longitude of the chunk, 1e-7 degrees
 *   16  8 x 6  of each eighth and the point after it: the same four and its first and last time, in
 * 255ths of the chunk's extent, the lesser rounded down, the greater up 64  8      call sign of
 * every point, as in a point 72  4 + 4  least and greatest altitude (0 on the ground, else
 * pressure, else geometric), ft 80  4 x 4  of the first point: latitude, longitude, pressure and
 * geometric altitude 96  4 x 4  of the last 112  1      1 the first, 2 the last is on the ground;
 * 4: all from 64 on is not so 113  3      0
 *
 * An altitude not known is -2^31.
 */

enum { STEPS = 255, WHOLE = PART_BOX_BYTES, RUN = 64 };

enum { FIRST_ON_GROUND = 1, LAST_ON_GROUND = 2, NOT_WHOLE = 4 };

struct extent {
    int64_t low, high;
};

static void widen(struct extent *e, int64_t v)
{
    e->low = v < e->low ? v : e->low;
    e->high = v > e->high ? v : e->high;
}

static size_t part_begin(size_t part, size_t n)
{
    return part * n / PARTS;
}

static uint8_t down(const struct extent *whole, int64_t v)
{
    const int64_t wide = whole->high - whole->low;
    return (uint8_t)(wide ? (v - whole->low) * STEPS / wide : 0);
}

static uint8_t up(const struct extent *whole, int64_t v)
{
    const int64_t wide = whole->high - whole->low;
    return (uint8_t)(wide ? ((v - whole->low) * STEPS + wide - 1) / wide : 0);
}

/* The least value that rounds down to v, and the greatest that rounds up to it, or beyond. */
static int64_t least(const struct extent *whole, uint8_t v)
{
    return whole->low + (whole->high - whole->low) * v / STEPS;
}

static int64_t greatest(const struct extent *whole, uint8_t v)
{
    return whole->low + ((whole->high - whole->low) * v + STEPS - 1) / STEPS;
}

static void put_le32(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++) {
        p[i] = (uint8_t)(v >> (8 * i));
    }
}

static int32_t le32(const uint8_t *p)
{
    return (int32_t)((uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
                     (uint32_t)p[3] << 24);
}

static void extents(const struct kept *p, size_t n, struct extent e[3])
{
    e[0] = (struct extent){p[0].lat_e7, p[0].lat_e7};
    e[1] = (struct extent){p[0].lon_e7, p[0].lon_e7};
    e[2] = (struct extent){p[0].t_ms, p[n - 1].t_ms};
    for (size_t i = 1; i < n; i++) {
        widen(&e[0], p[i].lat_e7);
        widen(&e[1], p[i].lon_e7);
    }
}

static int32_t altitude(const struct kept *p)
{
    return p->ground ? 0 : p->alt_baro_ft != KEPT_NONE ? p->alt_baro_ft : p->alt_geom_ft;
}

static void put_end(uint8_t *b, const struct kept *p)
{
    put_le32(b, (uint32_t)p->lat_e7);
    put_le32(b + 4, (uint32_t)p->lon_e7);
    put_le32(b + 8, (uint32_t)p->alt_baro_ft);
    put_le32(b + 12, (uint32_t)p->alt_geom_ft);
}

static void get_end(const uint8_t *b, bool ground, struct kept *p)
{
    *p = kept_none();
    p->lat_e7 = le32(b);
    p->lon_e7 = le32(b + 4);
    p->alt_baro_ft = le32(b + 8);
    p->alt_geom_ft = le32(b + 12);
    p->ground = ground;
}

/* Of points under one call sign. False: others share the first or the last instant. */
static bool write_whole(const struct kept *p, size_t n, uint8_t *b)
{
    int32_t low = KEPT_NONE, high = KEPT_NONE;
    for (size_t i = 0; i < n; i++) {
        const int32_t alt = altitude(&p[i]);
        if (alt != KEPT_NONE) {
            low = low == KEPT_NONE || alt < low ? alt : low;
            high = alt > high ? alt : high; /* KEPT_NONE is the least */
        }
    }
    memcpy(b, p[0].flight, sizeof p->flight);
    put_le32(b + 8, (uint32_t)low);
    put_le32(b + 12, (uint32_t)high);
    put_end(b + 16, &p[0]);
    put_end(b + 32, &p[n - 1]);
    b[48] = (uint8_t)((p[0].ground ? FIRST_ON_GROUND : 0) | (p[n - 1].ground ? LAST_ON_GROUND : 0));
    memset(b + 49, 0, 3);
    return n > 1 && p[1].t_ms != p[0].t_ms && p[n - 1].t_ms != p[n - 2].t_ms;
}

static size_t run_of(const struct kept *p, size_t n)
{
    size_t i = 1;
    while (i < n && memcmp(p[i].flight, p[0].flight, sizeof p->flight) == 0) {
        i++;
    }
    return i;
}

/* Two or three call signs in turn. Returns bytes, 0 where it is not so. */
static size_t write_runs(const struct kept *p, size_t n, uint8_t *b)
{
    size_t runs = 0;
    for (size_t at = 0; at < n; runs++) {
        const size_t k = run_of(p + at, n - at);
        const bool shares = at > 0 && p[at].t_ms == p[at - 1].t_ms;
        if (runs == PART_RUNS_MAX || shares || !write_whole(p + at, k, b + RUN * runs)) {
            return 0;
        }
        put_le32(b + RUN * runs + 52, (uint32_t)(p[at].t_ms - p[0].t_ms));
        put_le32(b + RUN * runs + 56, (uint32_t)(p[at + k - 1].t_ms - p[0].t_ms));
        put_le32(b + RUN * runs + 60, (uint32_t)k);
        at += k;
    }
    return RUN * runs;
}

static void read_whole(const uint8_t *w, uint32_t address, struct part_whole *out)
{
    memcpy(out->flight, w, sizeof out->flight);
    out->alt_low_ft = le32(w + 8);
    out->alt_high_ft = le32(w + 12);
    get_end(w + 16, w[48] & FIRST_ON_GROUND, &out->first);
    get_end(w + 32, w[48] & LAST_ON_GROUND, &out->last);
    out->first.address = out->last.address = address;
}

size_t part_wholes(const uint8_t *b, size_t bytes, uint32_t address, int64_t first_ms,
                   int64_t last_ms, uint32_t points, struct part_whole out[PART_RUNS_MAX])
{
    const uint8_t *w = b + WHOLE;
    if (bytes == PART_BYTES && !(w[48] & NOT_WHOLE)) {
        read_whole(w, address, &out[0]);
        out[0].first.t_ms = first_ms;
        out[0].last.t_ms = last_ms;
        out[0].points = points;
        return 1;
    }
    const size_t runs = bytes > PART_BOX_BYTES ? (bytes - PART_BOX_BYTES) / RUN : 0;
    if (runs < 2 || runs > PART_RUNS_MAX || bytes != PART_BOX_BYTES + RUN * runs) {
        return 0;
    }
    for (size_t i = 0; i < runs; i++, w += RUN) {
        read_whole(w, address, &out[i]);
        out[i].first.t_ms = first_ms + (uint32_t)le32(w + 52);
        out[i].last.t_ms = first_ms + (uint32_t)le32(w + 56);
        out[i].points = (uint32_t)le32(w + 60);
    }
    return runs;
}

static void write_boxes(const struct kept *p, size_t n, uint8_t *out)
{
    struct extent whole[3], part[3];
    extents(p, n, whole);
    for (int k = 0; k < 2; k++) {
        put_le32(out + 8 * k, (uint32_t)whole[k].low);
        put_le32(out + 8 * k + 4, (uint32_t)whole[k].high);
    }
    for (size_t i = 0; i < PARTS; i++) {
        const size_t from = part_begin(i, n), to = part_begin(i + 1, n);
        uint8_t *b = out + 16 + 6 * i;
        /* An empty eighth of a short chunk is as the point before it. The way to the next eighth
           belongs to an eighth, up to the point it leads to. */
        extents(p + (from < n ? from : n - 1), to > from ? to - from + (to < n) : 1, part);
        for (int k = 0; k < 3; k++) {
            b[2 * k] = down(&whole[k], part[k].low);
            b[2 * k + 1] = up(&whole[k], part[k].high);
        }
    }
}

size_t part_write(const struct kept *p, size_t n, uint8_t out[PART_BYTES_MAX])
{
    write_boxes(p, n, out);
    if (run_of(p, n) < n) {
        const size_t bytes = write_runs(p, n, out + WHOLE);
        if (bytes > 0) {
            return WHOLE + bytes;
        }
    }
    const bool is_one = write_whole(p, n, out + WHOLE) && run_of(p, n) == n;
    out[WHOLE + 48] |= is_one ? 0 : NOT_WHOLE;
    return PART_BYTES;
}

size_t part_reach(const uint8_t b[PART_BOX_BYTES], size_t n, int64_t first_ms, int64_t last_ms,
                  const struct area_shape *shape, int64_t from_ms, int64_t to_ms)
{
    const struct extent lat = {le32(b), le32(b + 4)}, lon = {le32(b + 8), le32(b + 12)},
                        time = {first_ms, last_ms};
    for (size_t i = PARTS; i-- > 0;) {
        const uint8_t *p = b + 16 + 6 * i;
        const struct area_box box = {(int32_t)least(&lat, p[0]), (int32_t)greatest(&lat, p[1]),
                                     (int32_t)least(&lon, p[2]), (int32_t)greatest(&lon, p[3])};
        if (least(&time, p[4]) < to_ms && greatest(&time, p[5]) >= from_ms &&
            part_begin(i + 1, n) > part_begin(i, n) && area_shape_meets(shape, &box)) {
            return part_begin(i + 1, n) + (part_begin(i + 1, n) < n);
        }
    }
    return 0;
}
