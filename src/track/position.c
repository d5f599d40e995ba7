/* Positions: from CPR halves, or as reported, to fixes with a verdict. */
#include "modes/cpr.h"
#include "track/internal.h"

enum {
    PAIR_AIR_MS = 10000,     /* DO-260B A.1.7.4: both halves within 10 s */
    PAIR_GROUND_MS = 50000,  /* on the ground 50 s, */
    PAIR_ROLLING_MS = 25000, /* 25 s when faster than 25 kt */
    ROLLING_E2_KT = 2500
};

/* How far the aircraft may be from a reference for one half to be enough: half a zone is 180 NM in
   the air, 45 NM on the ground. */
static const float NEAR_AIR_M = 150 * 1852.0F;
static const float NEAR_GROUND_M = 38 * 1852.0F;
/* And for a pair from the ground, which means places a quarter turn apart. */
static const float NEAR_PAIR_M = 400 * 1852.0F;

static void count_verdict(struct tracker *t, enum fix_verdict v)
{
    t->counters->verdict[v]++;
}

/* The other half, if it can be paired with this one. */
static bool has_pair(const struct push *p, const struct cpr_half *now, const struct cpr_half *other)
{
    if (!other->present || other->origin != now->origin || other->surface != now->surface) {
        return false;
    }
    int32_t gs;
    const bool is_rolling = track_has(p->a, FIELD_GS, p->tick, &gs) && gs > ROLLING_E2_KT;
    const int most = now->surface ? is_rolling ? TICKS(PAIR_ROLLING_MS) : TICKS(PAIR_GROUND_MS)
                                  : TICKS(PAIR_AIR_MS);
    const int apart = (int)now->tick - (int)other->tick;
    return apart <= most && apart >= -most;
}

static bool receiver_place(const struct push *p, struct cpr_position *out)
{
    const struct receiver *r = p->t->receivers;
    if (!r || p->m->receiver >= RECEIVERS_MAX || !r[p->m->receiver].has_place) {
        return false;
    }
    *out = (struct cpr_position){r[p->m->receiver].lat_e7, r[p->m->receiver].lon_e7};
    return true;
}

/* The aircraft's own last place, where it cannot have gone too far since. */
static bool own_place(const struct push *p, float near_m, struct cpr_position *out)
{
    const struct track *a = p->a;
    if (a->place_method == PLACE_NONE || !p->timed || gate_travel_m(p) > near_m) {
        return false;
    }
    *out = (struct cpr_position){a->lat_e7, a->lon_e7};
    return true;
}

/* A receiver's own place will do where what it can hear is nearer than half a zone. */
static bool near_receiver(const struct push *p, bool surface, struct cpr_position *out)
{
    return receiver_place(p, out) && (surface || gate_horizon_m(p) < NEAR_AIR_M);
}

/* Tells which of the places a pair from the ground can mean is meant: by the aircraft's own last
   place, the receiver's, or where the receiver hears others, in this order. */
static enum cpr_result from_ground_pair(const struct push *p, const uint32_t even[2],
                                        const uint32_t odd[2], bool newest_odd,
                                        struct cpr_position *out)
{
    struct cpr_position reference;
    if (own_place(p, NEAR_PAIR_M, &reference) || receiver_place(p, &reference)) {
        return cpr_surface(even, odd, newest_odd, reference, out);
    }
    if (!around_place(p, &reference)) {
        return CPR_FAR;
    }
    const enum cpr_result r = cpr_surface(even, odd, newest_odd, reference, out);
    return r == CPR_OK && !around_is_near(p, *out) ? CPR_FAR : r;
}

static enum cpr_result from_pair(const struct push *p, const struct cpr_half half[2], bool odd,
                                 struct cpr_position *out)
{
    const uint32_t even_bits[2] = {half[0].lat, half[0].lon};
    const uint32_t odd_bits[2] = {half[1].lat, half[1].lon};
    return half[odd].surface ? from_ground_pair(p, even_bits, odd_bits, odd, out)
                             : cpr_airborne(even_bits, odd_bits, odd, out);
}

/* Keeps the half for the other one to come, and pairs it with the one that has. */
static enum cpr_result pair(const struct push *p, struct cpr_position *out)
{
    const struct message_cpr *c = &p->m->cpr;
    struct track *a = p->a;
    if (!p->timed || p->tick == 0 || p->m->corrected > 0) {
        return CPR_FAR;
    }
    const struct cpr_half now = {.lat = c->lat,
                                 .lon = c->lon,
                                 .tick = p->tick,
                                 .origin = p->origin,
                                 .surface = c->surface,
                                 .present = 1};
    a->half[c->odd] = now;
    return has_pair(p, &now, &a->half[!c->odd]) ? from_pair(p, a->half, c->odd, out) : CPR_FAR;
}

static bool from_half(const struct push *p, struct cpr_position reference, struct fix *f)
{
    const struct message_cpr *c = &p->m->cpr;
    const uint32_t half[2] = {c->lat, c->lon};
    struct cpr_position at;
    if (cpr_local(half, c->odd, c->surface, reference, &at) != CPR_OK) {
        return false;
    }
    f->lat_e7 = at.lat_e7;
    f->lon_e7 = at.lon_e7;
    return true;
}

/* Finds the place of the half just heard and how. False: it cannot be told. */
static bool from_cpr(const struct push *p, struct fix *f)
{
    const struct message_cpr *c = &p->m->cpr;
    struct cpr_position at;
    const enum cpr_result r = pair(p, &at);
    if (r == CPR_OK) {
        f->method = FIX_CPR_GLOBAL;
        f->lat_e7 = at.lat_e7;
        f->lon_e7 = at.lon_e7;
        return true;
    }
    if (own_place(p, c->surface ? NEAR_GROUND_M : NEAR_AIR_M, &at)) {
        f->method = FIX_CPR_LOCAL;
        return from_half(p, at, f);
    }
    if (near_receiver(p, c->surface, &at)) {
        f->method = FIX_CPR_RECEIVER;
        return from_half(p, at, f);
    }
    if (r == CPR_ZONE || r == CPR_LATITUDE) {
        count_verdict(p->t, r == CPR_ZONE ? VERDICT_CPR_ZONE : VERDICT_CPR_LATITUDE);
    } else if (c->surface) {
        count_verdict(p->t, VERDICT_NO_REFERENCE);
    }
    return false;
}

/* A pair that contradicts the place may be of two aircraft with one address, or hold one half that
   is wrong. Where the newest half alone lies where the aircraft must be, that is where it is: by
   chance it would in one of a million cases. */
static enum fix_verdict judge_again(const struct push *p, struct fix *f, enum fix_verdict v)
{
    const struct track *a = p->a;
    if (f->method != FIX_CPR_GLOBAL || a->reliable[0] == 0 || a->reliable[1] == 0 ||
        !gate_contradicts(a, v)) {
        return v;
    }
    struct fix local = *f;
    local.method = FIX_CPR_LOCAL;
    if (from_half(p, (struct cpr_position){a->lat_e7, a->lon_e7}, &local) &&
        gate_judge(p, &local) == VERDICT_ACCEPTED) {
        *f = local;
        return VERDICT_ACCEPTED;
    }
    return v;
}

static void place_accept(struct push *p, const struct fix *f)
{
    struct track *a = p->a;
    a->place_us = f->t_us;
    a->lat_e7 = f->lat_e7;
    a->lon_e7 = f->lon_e7;
    a->place_source = p->source;
    a->place_method = f->method;
    a->place_ground = f->ground;
    if (p->tick) {
        a->said[FIELD_POSITION] = stamp_of(p->tick, p->source);
        p->out->fields |= FIELD_BIT(FIELD_POSITION);
    }
    count(p->t->counters, COUNT_FIXES_ACCEPTED);
    around_note(p, f);
    trail_add(p, f);
}

static bool says_ground(const struct push *p)
{
    int32_t v;
    return p->m->cpr.present ? p->m->cpr.surface : track_has(p->a, FIELD_GROUND, p->tick, &v) && v;
}

static bool find_place(const struct push *p, struct fix *f)
{
    const struct message *m = p->m;
    if (!m->cpr.present) {
        f->method = FIX_REPORTED;
        f->lat_e7 = m->lat_e7;
        f->lon_e7 = m->lon_e7;
        return true;
    }
    if (m->cpr.lat == 0 && m->cpr.lon == 0) {
        count_verdict(p->t, VERDICT_NULL_ISLAND); /* a transponder without position */
        return false;
    }
    return from_cpr(p, f);
}

void position_take(struct push *p)
{
    struct fix *f = &p->out->fix;
    if (!find_place(p, f)) {
        return;
    }
    f->t_us = p->t_us;
    f->receiver = p->m->receiver;
    f->origin = p->origin;
    f->ground = says_ground(p);
    fix_describe(p->a, p->tick, f);
    const enum fix_verdict v = judge_again(p, f, gate_judge(p, f));
    f->verdict = (uint8_t)gate_settle(p, f, v);
    p->out->has_fix = true;
    count_verdict(p->t, f->verdict);
    if (f->verdict == VERDICT_ACCEPTED) {
        place_accept(p, f);
    } else {
        count(p->t->counters, COUNT_FIXES_REJECTED);
        rejected_keep(p->t, f);
    }
}
