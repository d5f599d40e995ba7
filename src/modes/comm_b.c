/* Which Comm-B register 56 bits are. A reply does not say: each register scores the bits (see
   bds/bds.h), and one is named only where it is plausible and clearly ahead of all others. */
#include "modes/bds/bds.h"

#include <stddef.h>

enum {
    PLAUSIBLE = 9,
    AHEAD = 5,        /* bits ahead of the next best: wrong once in 32 of the close ones */
    LOADED = 3,       /* BDS 1,7 lists it */
    NOT_LOADED = -14, /* BDS 1,7 is known and does not */
    RARE_AT_MOST = -2 /* a listed register is asked for: its prior is not lower than this */
};

struct bds_row {
    uint64_t zero, gated, status;
    uint32_t types;
    uint8_t zeros; /* bits in zero */
    uint8_t code;
    uint8_t gicb; /* its bit in BDS 1,7 (1..24), 0 if it has none */
    int8_t prior;
    int (*score)(const struct bds_view *v);
    void (*add)(struct message *m);
};

static const struct bds_row table[] = {
#define BDS(code, name, gicb, prior, types, zero, gated)                                           \
    {                                                                                              \
        (zero),                                                                                    \
        (gated),                                                                                   \
        (gated) << 1 & ~(gated),                                                                   \
        (types),                                                                                   \
        __builtin_popcountll(zero),                                                                \
        0x##code,                                                                                  \
        (gicb),                                                                                    \
        (prior),                                                                                   \
        bds##code##_score,                                                                         \
        bds##code##_add},
#include "modes/bds/bds.def"
};

enum { ROWS = sizeof table / sizeof table[0] };

_Static_assert(ROWS <= 32, "candidates() has a bit for each");

const struct modes_known modes_known_nothing = {
    .alt_baro_ft = MODES_UNKNOWN,
    .gs_e2_kt = MODES_UNKNOWN,
    .track_e2_deg = MODES_UNKNOWN,
    .baro_rate_fpm = MODES_UNKNOWN,
    .ias_kt = MODES_UNKNOWN,
    .tas_kt = MODES_UNKNOWN,
    .mach_e3 = MODES_UNKNOWN,
    .mag_heading_e2_deg = MODES_UNKNOWN,
    .nav_altitude_mcp_ft = MODES_UNKNOWN,
    .nav_qnh_e1_hpa = MODES_UNKNOWN,
    .gicb = MODES_UNKNOWN,
    .lat_e7 = MODES_UNKNOWN,
    .lon_e7 = MODES_UNKNOWN,
    .nav_altitude_fms_ft = MODES_UNKNOWN,
    .geom_rate_fpm = MODES_UNKNOWN,
    .squawk = MODES_UNKNOWN,
};

static int prior(const struct bds_row *r, int32_t gicb)
{
    if (!r->gicb || gicb == MODES_UNKNOWN) {
        return r->prior;
    }
    if (!(gicb >> (24 - r->gicb) & 1)) {
        return r->prior + NOT_LOADED;
    }
    return (r->prior < RARE_AT_MOST ? RARE_AT_MOST : r->prior) + LOADED;
}

/* Whether the bits alone do not rule the register out: its first five bits, its reserved ones, and
   that every value of which the status bit is 0 is zero, all of them at once: adding ones to a
   value carries into the status bit before it unless the value is zero, and no farther. */
static bool may_be(const struct bds_row *r, uint64_t mb)
{
    const uint64_t wrong = (mb & r->zero) | (((mb & r->gated) + r->gated) & r->status & ~mb);
    return (r->types >> (mb >> 51) & 1) & !wrong;
}

/* The rows that may be, a bit each: without a branch, which payloads of all kinds would make it
   impossible to guess. */
static uint32_t candidates(uint64_t mb)
{
    uint32_t set = 0;
    for (unsigned i = 0; i < ROWS; i++) {
        set |= (uint32_t)may_be(&table[i], mb) << i;
    }
    return set;
}

static const struct bds_row *best(const struct bds_view *v)
{
    const struct bds_row *first = NULL;
    int most = BDS_NO, next = BDS_NO;
    for (uint32_t set = candidates(v->mb); set; set &= set - 1) {
        const struct bds_row *r = &table[__builtin_ctz(set)];
        const int bits = r->score(v);
        if (bits <= BDS_NO) {
            continue;
        }
        const int s = bits + r->zeros + prior(r, v->known->gicb);
        if (s > most) {
            next = most;
            most = s;
            first = r;
        } else if (s > next) {
            next = s;
        }
    }
    return most >= PLAUSIBLE && most - next >= AHEAD ? first : NULL;
}

/* What the reply says before its register, the altitude above all, the register may hold too, in
   coarser steps or seconds old: the reply's own stands, and nothing is said twice. */
static void add_register(struct message *m, const struct bds_row *r)
{
    const unsigned own = m->n;
    m->bds = r->code;
    r->add(m);
    unsigned n = own;
    for (unsigned i = own; i < m->n; i++) {
        unsigned k = 0;
        while (k < n && m->item[k].field != m->item[i].field) {
            k++;
        }
        if (k == n) {
            m->item[n++] = m->item[i];
        }
    }
    m->n = (uint8_t)n;
}

uint8_t modes_comm_b(struct message *m, const struct modes_known *known)
{
    m->bds = 0;
    if (!m->payload) {
        return 0; /* what an interrogator gets that asks for a register which is not loaded */
    }
    struct bds_view v = {.mb = m->payload, .known = known ? known : &modes_known_nothing};
    v.alt_ft = message_get(m, FIELD_ALT_BARO, v.known->alt_baro_ft);
    v.squawk = message_get(m, FIELD_SQUAWK, v.known->squawk);
    const struct bds_row *r = best(&v);
    if (r) {
        add_register(m, r);
    }
    return m->bds;
}

bool modes_comm_b_as(struct message *m, uint8_t bds)
{
    for (const struct bds_row *r = table; r < table + ROWS; r++) {
        if (r->code == bds) {
            add_register(m, r);
            return true;
        }
    }
    return false;
}
