/* What changes rarely: told only where it does. */
#include "store/course_code.h"

INLINE unsigned mask_of(const struct kept *k)
{
    return (k->baro_rate_fpm != KEPT_NONE ? HAS_BARO_RATE : 0u) |
           (k->geom_rate_fpm != KEPT_NONE ? HAS_GEOM_RATE : 0u) |
           (k->alt_baro_ft != KEPT_NONE ? HAS_ALT_BARO : 0u) |
           (k->alt_geom_ft != KEPT_NONE ? HAS_ALT_GEOM : 0u) |
           (k->gs_e2_kt != KEPT_NONE ? HAS_GS : 0u) |
           (k->track_e2_deg != KEPT_NONE ? HAS_TRACK : 0u);
}

/* How many bits a new value has, in its usual form and in full. */
static const struct {
    uint8_t few, all;
} rare_bits[RARES] = {[SLOW_FLIGHT] = {48, 64}, [SLOW_SQUAWK] = {12, 16}, [SLOW_RECEIVER] = {6, 16},
                      [SLOW_ORIGIN] = {5, 8},   [SLOW_GROUND] = {1, 1},   [SLOW_VERSION] = {2, 8},
                      [SLOW_SIL] = {2, 8},      [SLOW_NAC_P] = {4, 8},    [SLOW_NIC] = {4, 8},
                      [SLOW_RC] = {14, 32},     [SLOW_QNH] = {14, 16},    [RARE_MASK] = {6, 6},
                      [RARE_AIR_MASK] = {4, 4}};

/* The values most likely met first: they are taken for those that were seen last. */
static const uint32_t rare_start[RARES][RARE_RECENT] = {
    [SLOW_SQUAWK] = {KEPT_NO_SQUAWK, 01200, 01000, 07000, 02000, 0, 04000, 07777},
    [SLOW_RECEIVER] = {0, 1, 2, 3, 4, 5, 6, 7},
    [SLOW_ORIGIN] = {ORIGIN_ADSB_ICAO, ORIGIN_MLAT, ORIGIN_ADSR_ICAO, ORIGIN_UNKNOWN, ORIGIN_OTHER,
                     ORIGIN_TISB_ICAO, ORIGIN_ADSB_ICAO_NT, ORIGIN_UAT_ICAO},
    [SLOW_GROUND] = {0, 1, 0, 1, 0, 1, 0, 1},
    [SLOW_VERSION] = {2, 255, 0, 1, 3, 4, 5, 6},
    [SLOW_SIL] = {3, 255, 2, 1, 0, 4, 5, 6},
    [SLOW_NAC_P] = {9, 255, 10, 8, 11, 0, 7, 6},
    [SLOW_NIC] = {8, 255, 7, 9, 10, 0, 6, 5},
    [SLOW_RC] = {186, 371, 75, 25, 0, 8, 1111, 1852},
    [RARE_MASK] = {HAS_USUAL, HAS_GS | HAS_TRACK, HAS_USUAL & ~HAS_ALT_GEOM, 0, HAS_USUAL | 2,
                   HAS_USUAL & ~HAS_BARO_RATE, HAS_ALT_BARO, HAS_USUAL & ~HAS_TRACK},
    [RARE_AIR_MASK] = {0, 15, 11, 3, 1, 2, 4, 8}};

/* Radius of containment in meters that goes with a NIC, rounded (DO-260B table 2-69 has them in
   nautical miles); 15 is "not known". Only where to begin: what the aircraft says is remembered. */
static const uint32_t rc_start[16] = {
    0, 37040, 14816, 7408, 3704, 1852, 926, 371, 186, 75, 25, 8, 0, 0, 0, (uint32_t)KEPT_NONE};

INLINE void rare_get(const struct kept *k, uint64_t v[RARES])
{
    point_slow_get(k, v);
    v[RARE_MASK] = mask_of(k);
    v[RARE_AIR_MASK] = point_air_mask(k);
}

static void rare_set(struct kept *k, const uint64_t recent[RARES][RARE_RECENT])
{
    memcpy(k->flight, &recent[SLOW_FLIGHT][0], 8);
    k->squawk = (uint16_t)recent[SLOW_SQUAWK][0];
    k->receiver = (uint16_t)recent[SLOW_RECEIVER][0];
    k->origin = (uint8_t)recent[SLOW_ORIGIN][0];
    k->ground = (uint8_t)recent[SLOW_GROUND][0];
    k->version = (uint8_t)recent[SLOW_VERSION][0];
    k->sil = (uint8_t)recent[SLOW_SIL][0];
    k->nac_p = (uint8_t)recent[SLOW_NAC_P][0];
    k->nic = (uint8_t)recent[SLOW_NIC][0];
    k->rc_m = (int32_t)(uint32_t)recent[SLOW_RC][0];
    k->nav_qnh_e1_hpa = (uint16_t)recent[SLOW_QNH][0];
}

bool course_rare_same(const struct kept *a, const struct kept *b)
{
    return memcmp(a->flight, b->flight, 8) == 0 && a->squawk == b->squawk &&
           a->receiver == b->receiver && a->origin == b->origin && a->ground == b->ground &&
           a->version == b->version && a->sil == b->sil && a->nac_p == b->nac_p &&
           a->nic == b->nic && a->rc_m == b->rc_m && a->nav_qnh_e1_hpa == b->nav_qnh_e1_hpa &&
           mask_of(a) == mask_of(b) && point_air_mask(a) == point_air_mask(b);
}

/* A call sign of the 64 characters from the space on has six bits each. */
static bool to_six_bits(uint64_t v, uint64_t *six)
{
    *six = 0;
    for (unsigned i = 0; i < 8; i++) {
        const uint64_t ch = (v >> (8 * i) & 0xff) - ' ';
        if (ch > 63) {
            return false;
        }
        *six |= ch << (6 * i);
    }
    return true;
}

static uint64_t from_six_bits(uint64_t six)
{
    uint64_t v = 0;
    for (unsigned i = 0; i < 8; i++) {
        v |= ((six >> (6 * i) & 63) + ' ') << (8 * i);
    }
    return v;
}

/* A value that was not seen lately: bit: in full? Then the value. */
static uint64_t code_new(struct course *c, bool reading, unsigned field, uint64_t v)
{
    const unsigned few = rare_bits[field].few, all = rare_bits[field].all;
    uint64_t six = v;
    const bool short_form = field == SLOW_FLIGHT && !reading ? to_six_bits(v, &six) : v >> few == 0;
    if (code_bits(c, reading, WAY, 1, !short_form)) {
        const uint64_t low = code_bits(c, reading, WAY, all < 32 ? all : 32, v & UINT32_MAX);
        return all > 32 ? low | code_bits(c, reading, WAY, 32, v >> 32) << 32 : low;
    }
    six = code_bits(c, reading, WAY, few, six);
    return field == SLOW_FLIGHT ? from_six_bits(six) : six;
}

/* A value other than the last: one of those before it, or a new one (0). It goes to the front. */
static void code_recent(struct course *c, bool reading, unsigned field, uint64_t v)
{
    uint64_t *recent = c->recent[field];
    unsigned i = RARE_RECENT - 1;
    while (i > 0 && recent[i] != v) {
        i--;
    }
    i = code_symbol(c, reading, WAY, CODE_RECENT, i);
    v = i > 0 ? recent[i] : code_new(c, reading, field, v);
    memmove(recent + 1, recent, (i > 0 ? i : RARE_RECENT - 1) * sizeof *recent);
    recent[0] = v;
}

/* A NIC brings the Rc it last had along. */
static void follow_nic(struct course *c, unsigned field)
{
    uint32_t *rc = &c->rc_of[c->recent[SLOW_NIC][0] & 15];
    if (field == SLOW_NIC) {
        c->recent[SLOW_RC][0] = *rc;
    } else if (field == SLOW_RC) {
        *rc = (uint32_t)c->recent[SLOW_RC][0];
    }
}

void course_rare_code(struct course *c, bool reading, const struct kept *k, unsigned gap)
{
    uint64_t v[RARES] = {0};
    unsigned last = RARE_END;
    if (!reading) {
        rare_get(k, v);
    }
    for (unsigned field = 0;; field++) {
        while (!reading && field < RARES && v[field] == c->recent[field][0]) {
            field++;
        }
        field = code_symbol(c, reading, WAY, CODE_RARE + last, field < RARES ? field : RARE_END);
        if (field >= RARES || (last != RARE_END && field <= last)) {
            break; /* the latter in a damaged chunk */
        }
        code_recent(c, reading, field, v[field]);
        follow_nic(c, field);
        last = field;
    }
    const int32_t after = code_number(c, reading, WAY, COLUMN_GAP, (int32_t)gap);
    c->next_rare = after > 0 ? c->index + (unsigned)after : UINT32_MAX;
    rare_set(&c->base, (const uint64_t(*)[RARE_RECENT])c->recent);
}

void course_rare_start(struct course *c)
{
    for (unsigned f = 0; f < RARES; f++) {
        for (unsigned i = 0; i < RARE_RECENT; i++) {
            c->recent[f][i] = rare_start[f][i];
        }
    }
    memcpy(c->rc_of, rc_start, sizeof c->rc_of);
}
