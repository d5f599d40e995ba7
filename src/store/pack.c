#include "store/pack.h"

#include <string.h>

size_t pack_number(uint8_t *out, uint64_t v)
{
    size_t n = 0;
    while (v >= 0x80) {
        out[n++] = (uint8_t)(v | 0x80);
        v >>= 7;
    }
    out[n++] = (uint8_t)v;
    return n;
}

size_t pack_read_number(const uint8_t *b, size_t n, uint64_t *v)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < n && i < 10; i++) {
        sum |= (uint64_t)(b[i] & 0x7f) << (7 * i);
        if (!(b[i] & 0x80)) {
            *v = sum;
            return i + 1;
        }
    }
    return 0;
}

/* Small differences either way are small numbers: 0, -1, 1, -2 … */
static uint64_t folded(int64_t v)
{
    return (uint64_t)v << 1 ^ (v < 0 ? UINT64_MAX : 0);
}

static int64_t unfolded(uint64_t v)
{
    return (int64_t)(v >> 1 ^ (v & 1 ? UINT64_MAX : 0));
}

/* Quantities but time, place and call sign, those that change most often first: their bits in the
   mask of what has changed. */
#define COLUMNS(ROW)                                                                               \
    ROW(gs_e2_kt, int32_t)                                                                         \
    ROW(track_e2_deg, int32_t)                                                                     \
    ROW(alt_geom_ft, int32_t)                                                                      \
    ROW(alt_baro_ft, int32_t)                                                                      \
    ROW(baro_rate_fpm, int32_t)                                                                    \
    ROW(receiver, uint16_t)                                                                        \
    ROW(geom_rate_fpm, int32_t)                                                                    \
    ROW(mag_heading_e2_deg, uint16_t)                                                              \
    ROW(roll_e2_deg, int16_t)                                                                      \
    ROW(ias_kt, int16_t)                                                                           \
    ROW(tas_kt, int16_t)                                                                           \
    ROW(rc_m, int32_t)                                                                             \
    ROW(nic, uint8_t)                                                                              \
    ROW(nac_p, uint8_t)                                                                            \
    ROW(sil, uint8_t)                                                                              \
    ROW(version, uint8_t)                                                                          \
    ROW(squawk, uint16_t)                                                                          \
    ROW(ground, uint8_t)                                                                           \
    ROW(origin, uint8_t)                                                                           \
    ROW(nav_qnh_e1_hpa, uint16_t)

enum {
#define ROW(name, type) COLUMN_##name,
    COLUMNS(ROW)
#undef ROW
        COLUMN_FLIGHT,
    COLUMN_COUNT
};

_Static_assert(COLUMN_COUNT <= 28 && 10 + 2 * 5 + 4 + 20 * 5 + 8 <= PACK_MAX, "a point fits");

static struct kept nothing(void)
{
    struct kept k = kept_none();
    k.t_ms = 0;
    k.lat_e7 = k.lon_e7 = 0;
    return k;
}

static int32_t minus(int32_t a, int32_t b)
{
    return (int32_t)((uint32_t)a - (uint32_t)b);
}

static int32_t plus(int32_t a, int64_t b)
{
    return (int32_t)((uint32_t)a + (uint32_t)b);
}

static uint32_t changes(const struct kept *a, const struct kept *b)
{
    uint32_t mask = memcmp(a->flight, b->flight, 8) != 0 ? 1u << COLUMN_FLIGHT : 0;
#define ROW(name, type) mask |= (uint32_t)(a->name != b->name) << COLUMN_##name;
    COLUMNS(ROW)
#undef ROW
    return mask;
}

size_t pack_point(uint8_t out[PACK_MAX], const struct kept *before, const struct kept *p)
{
    const struct kept start = before ? *before : nothing(), *a = &start;
    const uint32_t mask = changes(a, p);
    size_t n = pack_number(out, folded((int64_t)((uint64_t)p->t_ms - (uint64_t)a->t_ms)));
    n += pack_number(out + n, folded(minus(p->lat_e7, a->lat_e7)));
    n += pack_number(out + n, folded(minus(p->lon_e7, a->lon_e7)));
    n += pack_number(out + n, mask);
#define ROW(name, type)                                                                            \
    if (mask >> COLUMN_##name & 1) {                                                               \
        n += pack_number(out + n, folded(minus((int32_t)p->name, (int32_t)a->name)));              \
    }
    COLUMNS(ROW)
#undef ROW
    if (mask >> COLUMN_FLIGHT & 1) {
        memcpy(out + n, p->flight, 8);
        n += 8;
    }
    return n;
}

/* The next difference of what is left to read; *ok turns false where there is none. */
struct reading {
    const uint8_t *b;
    size_t n, at;
    bool ok;
};

static uint64_t next(struct reading *r)
{
    uint64_t v = 0;
    const size_t used = r->ok ? pack_read_number(r->b + r->at, r->n - r->at, &v) : 0;
    r->ok = r->ok && used > 0;
    r->at += used;
    return v;
}

size_t pack_read(const uint8_t *b, size_t n, const struct kept *before, struct kept *out)
{
    struct reading r = {b, n, 0, true};
    struct kept k = before ? *before : nothing();
    k.t_ms = (int64_t)((uint64_t)k.t_ms + (uint64_t)unfolded(next(&r)));
    k.lat_e7 = plus(k.lat_e7, unfolded(next(&r)));
    k.lon_e7 = plus(k.lon_e7, unfolded(next(&r)));
    const uint64_t mask = next(&r);
#define ROW(name, type)                                                                            \
    if (mask >> COLUMN_##name & 1) {                                                               \
        k.name = (type)plus((int32_t)k.name, unfolded(next(&r)));                                  \
    }
    COLUMNS(ROW)
#undef ROW
    if (mask >> COLUMN_FLIGHT & 1) {
        r.ok = r.ok && r.n - r.at >= 8;
        if (r.ok) {
            memcpy(k.flight, b + r.at, 8);
            r.at += 8;
        }
    }
    *out = k;
    return r.ok && mask >> COLUMN_COUNT == 0 ? r.at : 0;
}
