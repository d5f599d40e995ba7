/* Quantities: of what a message says, what the aircraft's row takes. One rule for all, by
   field.def: a value stands against lower-ranked sources as long as it is within its time to live,
   and against anything older than itself. */
#include "track/internal.h"

#include <string.h>

/* From seconds to ticks: 1e6 / 2^16 = 15.26. */
#define TTL_TICKS(s) ((uint16_t)(((s)*INT64_C(1000000) >> TICK_SHIFT) + 1))

static const uint16_t ttl_ticks[FIELD_COUNT] = {
#define FIELD(id, key, unit, kind, decimals, ttl_s, source) [FIELD_##id] = TTL_TICKS(ttl_s),
#include "model/field.def"
};

static const uint8_t origin_rank[16] = {
#define ORIGIN(id, type, label, rank) [ORIGIN_##id] = rank,
#include "model/origin.def"
};

uint16_t field_ttl_ticks(enum field f)
{
    return ttl_ticks[f];
}

uint8_t rank_of(uint8_t origin)
{
    return origin_rank[origin & 15];
}

static bool may_replace(const struct track *a, unsigned f, uint16_t tick, uint8_t rank)
{
    const uint16_t said = a->tick[f];
    if (tick < said) {
        return false;
    }
    return rank >= origin_rank[a->source[f] >> 12] || tick - said > ttl_ticks[f];
}

static void take(struct track *a, unsigned f, int32_t v, uint16_t tick, uint16_t source)
{
    a->value[f] = v;
    a->tick[f] = tick;
    a->source[f] = source;
}

bool accept_value(struct push *p, enum field f, int32_t v)
{
    struct track *a = p->a;
    if (p->tick == 0 || !may_replace(a, f, p->tick, rank_of(p->origin))) {
        return false;
    }
    take(a, f, v, p->tick, p->source);
    p->out->fields |= UINT64_C(1) << f;
    return true;
}

static void remember(struct track *a, uint16_t bit, int32_t v)
{
    a->remembered = (uint16_t)(a->remembered & ~bit) | (v ? bit : 0) | (uint16_t)(bit << 8);
}

/* Rows after FIELD_TRACKED that later messages are read by. */
static void remember_item(struct track *a, unsigned f, int32_t v)
{
    switch (f) {
    case FIELD_NIC_A:
        remember(a, REMEMBER_NIC_A, v);
        break;
    case FIELD_NIC_B:
        remember(a, REMEMBER_NIC_B, v);
        break;
    case FIELD_NIC_C:
        remember(a, REMEMBER_NIC_C, v);
        break;
    case FIELD_HRD:
        remember(a, REMEMBER_HRD, v);
        break;
    case FIELD_SURFACE_HEADING:
        remember(a, REMEMBER_SURFACE_HEADING, v);
        break;
    case FIELD_GICB:
        a->gicb = (uint32_t)v | GICB_KNOWN;
        break;
    default:
        break;
    }
}

/* The ground bit is not trusted alone (MOVEMENTS.md 1.0): nothing rolls at more than 80 kt for
   long, nor at 20,000 ft of pressure altitude. */
static bool ground_is_glitch(const struct push *p)
{
    enum { ROLL_MAX_E2_KT = 8000, FIELD_MAX_FT = 20000 };
    int32_t v = message_get(p->m, FIELD_GS, -1);
    if (v > ROLL_MAX_E2_KT ||
        (v < 0 && track_has(p->a, FIELD_GS, p->tick, &v) && v > ROLL_MAX_E2_KT)) {
        return true;
    }
    return track_has(p->a, FIELD_ALT_BARO, p->tick, &v) && v > FIELD_MAX_FT;
}

uint64_t accept_items(struct push *p)
{
    struct track *a = p->a;
    const struct message *m = p->m;
    const uint8_t rank = rank_of(p->origin);
    uint64_t fields = 0;
    if (p->tick == 0) {
        return 0;
    }
    const int32_t gs_e2_kt = a->value[FIELD_GS];
    for (unsigned i = 0; i < m->n; i++) {
        const unsigned f = m->item[i].field;
        const int32_t v = m->item[i].value;
        if (f >= FIELD_TRACKED) {
            remember_item(a, f, v);
        } else if (may_replace(a, f, p->tick, rank) &&
                   !(f == FIELD_GROUND && v && ground_is_glitch(p))) {
            take(a, f, v, p->tick, p->source);
            fields |= UINT64_C(1) << f;
        }
    }
    if (fields & UINT64_C(1) << FIELD_FLIGHT) {
        memcpy(a->flight, m->flight, sizeof m->flight);
    }
    if (fields & UINT64_C(1) << FIELD_GS) {
        a->gs_before_kt = gs_e2_kt < 0 || gs_e2_kt > 100 * UINT16_MAX - 100
                              ? 0
                              : (uint16_t)((gs_e2_kt + 99) / 100);
    }
    p->out->fields |= fields;
    return fields;
}
