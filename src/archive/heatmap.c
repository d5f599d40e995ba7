#include "archive/heatmap.h"

#include "base/map.h"
#include "wire/text.h"

#include <stdlib.h>
#include <string.h>

enum { RECORD = 16, SLICES_MAX = 1800000, AIRCRAFT_MAX = 1 << 22, SQUAWK_BITS = 0x3fff };

#define SLICE    UINT32_C(0x0e7f7c9d)
#define INFO_BIT (INT32_C(1) << 30)

/* What an info record said of an aircraft. */
struct info {
    char flight[8];
    uint16_t squawk;
};

struct heatmap_reader {
    archive_point_fn *out;
    void *ctx;
    struct heatmap_sums sums;
    enum err err;
    const char *why;
    uint8_t held[RECORD];
    size_t held_n;
    uint32_t index_left; /* records of the index still to come; 0 before its first */
    bool has_begun, has_slice;
    int64_t t_ms;
    struct map map; /* address → number in info */
    bool has_map;
    struct info *info;
    uint32_t info_n, info_max;
};

static uint32_t le32(const uint8_t *p)
{
    return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static int32_t le16(const uint8_t *p)
{
    return (int16_t)(p[1] << 8 | p[0]);
}

static enum err broken(struct heatmap_reader *r, enum err e, const char *why)
{
    r->err = e;
    r->why = why;
    return e;
}

/* The five bits above the address: readsb's list of address types (readsb.h, addrtype_t). */
static uint8_t origin_of(unsigned type)
{
    static const uint8_t origin[32] = {
        [0] = ORIGIN_ADSB_ICAO,
        [1] = ORIGIN_ADSB_ICAO_NT,
        [2] = ORIGIN_ADSR_ICAO,
        [3] = ORIGIN_TISB_ICAO,
        [4] = ORIGIN_ADSC,
        [5] = ORIGIN_MLAT,
        [6] = ORIGIN_OTHER,
        [7] = ORIGIN_MODE_S,
        [8] = ORIGIN_ADSB_OTHER,
        [9] = ORIGIN_ADSR_OTHER,
        [10] = ORIGIN_TISB_TRACKFILE,
        [11] = ORIGIN_TISB_OTHER,
        [12] = ORIGIN_MODE_AC,
    };
    return origin[type]; /* ORIGIN_UNKNOWN is 0 */
}

/* ---- the three kinds of record ---- */

static void take_slice(struct heatmap_reader *r, const uint8_t *p)
{
    const int64_t t = (int64_t)((uint64_t)le32(p + 4) << 32 | le32(p + 8));
    r->has_slice = t >= KEPT_TIME_MIN && t <= KEPT_TIME_MAX;
    r->sums.bad_values += !r->has_slice;
    r->t_ms = t;
}

static struct info *info_of(struct heatmap_reader *r, uint32_t address)
{
    const uint32_t at = map_get(&r->map, address);
    if (at != MAP_NONE) {
        return &r->info[at];
    }
    if (r->info_n == r->info_max) {
        const uint32_t max = r->info_max ? 2 * r->info_max : 1024;
        struct info *more = realloc(r->info, max * sizeof *more);
        if (!more) {
            return NULL;
        }
        r->info = more;
        r->info_max = max;
    }
    if (map_add(&r->map, address, r->info_n)) {
        return NULL;
    }
    return &r->info[r->info_n++];
}

/* A squawk of 0 is what readsb writes where it knows none. */
static uint16_t squawk_of(struct heatmap_reader *r, uint32_t digits)
{
    unsigned v = 0, scale = 1;
    bool is_octal = digits <= 7777;
    for (uint32_t left = digits; left > 0; left /= 10, scale *= 8) {
        is_octal &= left % 10 < 8;
        v += left % 10 * scale;
    }
    r->sums.bad_values += !is_octal;
    return is_octal && v > 0 ? (uint16_t)v : KEPT_NO_SQUAWK;
}

static void take_info(struct heatmap_reader *r, const uint8_t *p)
{
    struct info *i = info_of(r, le32(p) & (ADDRESS_NON_ICAO | 0xffffff));
    if (!i) {
        broken(r, ERR_MEMORY, "out of memory");
        return;
    }
    const char *flight = (const char *)p + 8;
    *i = (struct info){.squawk = squawk_of(r, le32(p + 4) & SQUAWK_BITS)};
    const size_t n = strnlen(flight, 8);
    if (n > 0 && text_trim((struct text){flight, n}).n > 0 &&
        !text_flight((struct text){flight, n}, i->flight)) {
        memset(i->flight, 0, sizeof i->flight);
        r->sums.bad_values++;
    }
}

static void take_position(struct heatmap_reader *r, const uint8_t *p)
{
    const uint32_t word = le32(p);
    const int32_t lat_e6 = (int32_t)le32(p + 4), lon_e6 = (int32_t)le32(p + 8);
    if (!r->has_slice || lat_e6 < -90000000 || lat_e6 > 90000000 || lon_e6 < -180000000 ||
        lon_e6 > 180000000) {
        r->sums.bad_points++;
        return;
    }
    struct kept k = kept_none();
    k.t_ms = r->t_ms;
    k.address = word & (ADDRESS_NON_ICAO | 0xffffff);
    k.origin = origin_of(word >> 27);
    k.lat_e7 = 10 * lat_e6;
    k.lon_e7 = lon_e6 == 180000000 ? -1800000000 : 10 * lon_e6;
    const int32_t alt = le16(p + 12), gs = le16(p + 14);
    k.ground = alt == -123;
    k.alt_baro_ft = k.ground ? KEPT_NONE : 25 * alt;
    k.gs_e2_kt = gs < 0 ? KEPT_NONE : 10 * gs;
    const uint32_t at = map_get(&r->map, k.address);
    if (at != MAP_NONE) {
        memcpy(k.flight, r->info[at].flight, sizeof k.flight);
        k.squawk = r->info[at].squawk;
    }
    r->sums.points++;
    r->out(r->ctx, &k, &(struct archive_more){0});
}

/* ---- the file ---- */

static void take_index(struct heatmap_reader *r, const uint8_t *p)
{
    if (!r->has_begun) { /* the first slice stands where the index ends */
        r->has_begun = true;
        r->index_left = le32(p);
        if (r->index_left == 0 || r->index_left > SLICES_MAX) {
            broken(r, ERR_SYNTAX, "it does not begin as a heatmap does, with an index of slices");
            return;
        }
    }
    r->index_left--;
}

static void take_record(struct heatmap_reader *r, const uint8_t *p)
{
    if (!r->has_begun || r->index_left > 0) {
        take_index(r, p);
    } else if (le32(p) == SLICE) {
        take_slice(r, p);
    } else if (r->t_ms == KEPT_NO_TIME) {
        broken(r, ERR_SYNTAX, "its index does not lead to a slice");
    } else if ((int32_t)le32(p + 4) >= INFO_BIT) {
        take_info(r, p);
    } else {
        take_position(r, p);
    }
}

enum err heatmap_reader_push(struct heatmap_reader *r, const uint8_t *p, size_t n)
{
    while (n > 0 && !r->err) {
        if (r->held_n == 0 && n >= RECORD) {
            take_record(r, p);
            p += RECORD;
            n -= RECORD;
            continue;
        }
        const size_t add = n < RECORD - r->held_n ? n : RECORD - r->held_n;
        memcpy(r->held + r->held_n, p, add);
        r->held_n += add;
        p += add;
        n -= add;
        if (r->held_n == RECORD) {
            r->held_n = 0;
            take_record(r, r->held);
        }
    }
    return r->err;
}

enum err heatmap_reader_end(struct heatmap_reader *r)
{
    if (!r->err && r->t_ms == KEPT_NO_TIME) {
        return broken(r, ERR_SHORT, "it ends before its first slice: it was cut");
    }
    if (!r->err && r->held_n > 0) {
        return broken(r, ERR_SHORT, "it ends within a record: it was cut");
    }
    return r->err;
}

static bool fresh_map(struct heatmap_reader *r)
{
    if (r->has_map) {
        map_free(&r->map);
    }
    r->has_map = map_init(&r->map, AIRCRAFT_MAX) == ERR_OK;
    return r->has_map;
}

void heatmap_reader_start(struct heatmap_reader *r)
{
    r->err = ERR_OK;
    r->why = "";
    r->held_n = r->info_n = 0;
    r->index_left = 0;
    r->has_begun = r->has_slice = false;
    r->t_ms = KEPT_NO_TIME;
    if (!fresh_map(r)) {
        broken(r, ERR_MEMORY, "out of memory");
    }
}

struct heatmap_reader *heatmap_reader_new(archive_point_fn *out, void *ctx)
{
    struct heatmap_reader *r = calloc(1, sizeof *r);
    if (!r) {
        return NULL;
    }
    r->out = out;
    r->ctx = ctx;
    heatmap_reader_start(r);
    return r;
}

void heatmap_reader_free(struct heatmap_reader *r)
{
    if (r) {
        if (r->has_map) {
            map_free(&r->map);
        }
        free(r->info);
        free(r);
    }
}

const char *heatmap_reader_why(const struct heatmap_reader *r)
{
    return r->why;
}

const struct heatmap_sums *heatmap_reader_sums(const struct heatmap_reader *r)
{
    return &r->sums;
}
