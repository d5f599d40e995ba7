/* Quantities: of what a message says, what the aircraft's row takes. One rule for all, by
   field.def: a value stands against lower-ranked sources as long as it is within its time to live,
   and against anything older than itself. */
#include "track/internal.h"

#include <string.h>

/* From seconds to ticks: 1e6 / 2^16 = 15.26. */
#define TTL_TICKS(s) ((uint16_t)(((s)*INT64_C(1000000) >> TICK_SHIFT) + 1))

const uint16_t ttl_ticks[FIELD_COUNT] = {
#define FIELD(id, key, unit, kind, decimals, ttl_s, source) [FIELD_##id] = TTL_TICKS(ttl_s),
#include "model/field.def"
};

const uint8_t origin_rank[32] = {
#define ORIGIN(id, type, label, rank) [ORIGIN_##id] = rank,
#include "model/origin.def"
};

/* Rows after FIELD_TRACKED that later messages are read by. */
static const uint8_t remembered[FIELD_COUNT] = {
    [FIELD_NIC_A] = REMEMBER_NIC_A,
    [FIELD_NIC_C] = REMEMBER_NIC_C,
    [FIELD_HRD] = REMEMBER_HRD,
    [FIELD_SURFACE_HEADING] = REMEMBER_SURFACE_HEADING,
};

static void remember_item(struct track *a, unsigned f, int32_t v)
{
    const unsigned bit = remembered[f];
    if (bit) {
        a->remembered = (uint16_t)((a->remembered & ~bit) | (v ? bit : 0) | bit << 8);
    } else if (f == FIELD_GICB) {
        a->gicb = (uint32_t)v | GICB_KNOWN;
    }
}

/* The ground bit is not trusted alone (MOVEMENTS.md 1.0): nothing rolls at more than 80 kt for
   long, nor at 20,000 ft of pressure altitude. What says its place in the form for the ground, or
   with the word that it is there, may roll that fast: it has just landed. */
static bool ground_is_glitch(const struct push *p)
{
    enum { ROLL_MAX_E2_KT = 8000, FIELD_MAX_FT = 20000 };
    const bool alone = !p->m->cpr.present && !p->m->has_place;
    int32_t v = message_get(p->m, FIELD_GS, -1);
    if (alone && (v > ROLL_MAX_E2_KT ||
                  (v < 0 && track_has(p->a, FIELD_GS, p->tick, &v) && v > ROLL_MAX_E2_KT))) {
        return true;
    }
    return track_has(p->a, FIELD_ALT_BARO, p->tick, &v) && v > FIELD_MAX_FT;
}

/* What taking an item can spoil, kept to be undone or remembered. */
struct before {
    int32_t gs_e2_kt, ground;
    uint32_t ground_said;
};

static uint64_t after_items(struct push *p, uint64_t fields, const struct before *before)
{
    struct track *a = p->a;
    if (fields & FIELD_BIT(FIELD_FLIGHT)) {
        memcpy(a->flight, p->m->flight, sizeof p->m->flight);
    }
    if (fields & FIELD_BIT(FIELD_GS)) {
        const int32_t gs = before->gs_e2_kt;
        a->gs_before_kt = gs >= 0 && gs <= 100 * (UINT16_MAX - 1) ? (uint16_t)((gs + 99) / 100) : 0;
    }
    if ((fields & FIELD_BIT(FIELD_GROUND)) && a->value[FIELD_GROUND] && ground_is_glitch(p)) {
        a->value[FIELD_GROUND] = before->ground;
        a->said[FIELD_GROUND] = before->ground_said;
        fields &= ~FIELD_BIT(FIELD_GROUND);
    }
    return fields;
}

/* What a kept point may hold, but for what it always does. */
static const uint8_t kept_fields[] = {
    FIELD_ALT_BARO,  FIELD_ALT_GEOM, FIELD_GS,     FIELD_TRACK, FIELD_BARO_RATE,
    FIELD_GEOM_RATE, FIELD_RC,       FIELD_SQUAWK, FIELD_NIC,   FIELD_NAC_P,
    FIELD_SIL,       FIELD_VERSION,  FIELD_IAS,    FIELD_TAS,   FIELD_MAG_HEADING,
    FIELD_NAV_QNH,   FIELD_ROLL,     FIELD_FLIGHT};

/* History is told as it was kept: what was not known then is not known now, though a point before
   said it a moment ago. */
static void forget_unsaid(struct push *p, uint32_t stamp)
{
    for (unsigned i = 0; i < sizeof kept_fields; i++) {
        const unsigned f = kept_fields[i];
        if (may_replace(stamp, p->a->said[f], f)) {
            p->a->said[f] = 0;
        }
    }
}

uint64_t accept_items(struct push *p)
{
    struct track *a = p->a;
    const struct message *m = p->m;
    const uint32_t stamp = stamp_of(p->tick, p->source);
    const struct before before = {a->value[FIELD_GS], a->value[FIELD_GROUND],
                                  a->said[FIELD_GROUND]};
    uint64_t fields = 0;
    if (p->tick == 0) {
        return 0;
    }
    if (m->whole) {
        forget_unsaid(p, stamp);
    }
    for (const struct message_item *i = m->item, *end = m->item + m->n; i < end; i++) {
        const unsigned f = i->field;
        if (f >= FIELD_TRACKED) {
            remember_item(a, f, i->value);
        } else if (may_replace(stamp, a->said[f], f)) {
            a->value[f] = i->value;
            a->said[f] = stamp;
            fields |= FIELD_BIT(f);
        }
    }
    const uint64_t special =
        FIELD_BIT(FIELD_FLIGHT) | FIELD_BIT(FIELD_GS) | FIELD_BIT(FIELD_GROUND);
    if (fields & special) {
        fields = after_items(p, fields, &before);
    }
    p->out->fields |= fields;
    return fields;
}
