/* Whether a position is believed (MOVEMENTS.md 1.0; the form is readsb's speed_check).

   The aircraft has an accepted place. A new fix fits it when it is within what the aircraft can
   have flown: 30 m in the air or 10 m on the ground, plus (dt + 0.2 s) v, where v is the larger of
   the last two ground speeds plus 3 kt for each second the speed has not been heard, at most 2,000
   kt; 900 kt (120 kt on the ground) where no speed is known; times 1.3, or times 2 where the way
   from the place agrees with the reported track. Sources that know time or place less well have
   tolerances of their own (below).

   Two counters, of even and of odd CPR fixes, 0..4, say how reliable the place is: a fix that fits
   raises its own, one that contradicts lowers both, at most once a second and receiver. The fix
   that contradicts is held; when others within 60 s agree with it and the place is not (or no
   longer) reliable, or has not been confirmed for a minute, the place moves there. So one wrong fix
   among right ones displaces nothing, and a place that was wrong itself gives way to persistent
   contradiction: after two fixes when it was never confirmed, within some five seconds at most. */
#include "track/internal.h"

#include <math.h>
#include <stdlib.h>

static const float M_PER_KT_S = 1852 / 3600.0F;
static const float AGREES_DEG = 30;
static const float AGAINST_DEG = 70;
static const float REPLAYED_DEG = 160;

enum {
    CAP_KT = 2000,
    UNKNOWN_AIR_KT = 900,
    UNKNOWN_GROUND_KT = 120,
    JUMP_KT = 900,    /* faster than this between two fixes is a teleport */
    SILENCE_KT_S = 3, /* the speed may have grown by this in every second of silence */
    TRACK_MS = 5000,  /* a reported track is compared with the way so long */
    TRACK_GS_E2_KT = 1000,
    TRACK_AIR_M = 100, /* shorter ways have no direction */
    TRACK_GROUND_M = 30,
    REPLAY_S = 10,
    REPLAY_OLD_S = 30,
    HELD_MS = 60000,
    STALE_MS = 60000, /* a place not confirmed for so long is not reliable */
    PENALTY_MS = 1000
};

/* By origin: what is added to the allowance. */
struct slack {
    float factor, add_kt, add_m, add_s;
};

static const struct slack slack_mlat = {1.4F, 50, 250, 0};
static const struct slack slack_report = {1.4F, 50, 250, 5}; /* times are to the second, or later */
static const struct slack slack_adsb = {1, 0, 0, 0};

static const struct slack *slack_of(uint8_t origin)
{
    switch (origin) {
    case ORIGIN_MLAT:
        return &slack_mlat;
    case ORIGIN_UNKNOWN:
    case ORIGIN_OTHER:
    case ORIGIN_API:
    case ORIGIN_REPORT:
    case ORIGIN_ADSC:
        return &slack_report;
    default:
        return &slack_adsb;
    }
}

/* The larger of both in every member. */
static struct slack slack_for(uint8_t a, uint8_t b)
{
    const struct slack *x = slack_of(a);
    const struct slack *y = slack_of(b);
    return x->add_s + x->add_m >= y->add_s + y->add_m ? *x : *y;
}

static bool is_reliable(const struct track *a)
{
    return a->reliable[0] > 0 && a->reliable[1] > 0;
}

static float seconds(int64_t us)
{
    return (float)us * 1e-6F;
}

/* The speed the aircraft may have, knots. */
static float speed_kt(const struct push *p, bool ground)
{
    const struct track *a = p->a;
    int32_t gs;
    if (!track_has(a, FIELD_GS, p->tick, &gs)) {
        return ground ? UNKNOWN_GROUND_KT : UNKNOWN_AIR_KT;
    }
    const float now_kt = (float)gs * 0.01F;
    const float most_kt = now_kt > a->gs_before_kt ? now_kt : a->gs_before_kt;
    const int silence = p->tick - stamp_tick(a->said[FIELD_GS]);
    const float silence_s = silence > 0 ? (float)silence * ((1 << TICK_SHIFT) * 1e-6F) : 0;
    const float kt = most_kt + SILENCE_KT_S * silence_s;
    return kt < CAP_KT ? kt : CAP_KT;
}

static float allowed_m(float kt, float dt_s, bool ground, const struct slack *s)
{
    const float v = kt * s->factor + s->add_kt;
    return (ground ? 10 : 30) + s->add_m +
           (dt_s + 0.2F + s->add_s) * (v < CAP_KT ? v : CAP_KT) * M_PER_KT_S;
}

float gate_travel_m(const struct push *p)
{
    const struct track *a = p->a;
    const struct slack s = slack_for(p->origin, source_origin(a->place_source));
    const float dt_s = seconds(llabs(p->t_us - a->place_us));
    return allowed_m(1.3F * speed_kt(p, a->place_ground), dt_s, a->place_ground, &s);
}

/* Radio horizon over a smooth Earth with 4/3 of its radius: 1.23 NM times the root of each height
   in feet; a tenth and 30 NM more for the weather. */
float gate_horizon_m(const struct push *p)
{
    enum { HIGHEST_FT = 45000 };
    int32_t alt_ft;
    if (!track_has(p->a, FIELD_ALT_BARO, p->tick, &alt_ft) &&
        !track_has(p->a, FIELD_ALT_GEOM, p->tick, &alt_ft)) {
        alt_ft = HIGHEST_FT;
    }
    const float own_ft = (float)p->t->receivers[p->m->receiver].alt_m * 3.28F;
    const float nm =
        1.23F * (sqrtf(alt_ft > 0 ? (float)alt_ft : 0) + sqrtf(own_ft > 0 ? own_ft : 0));
    return (nm * 1.1F + 30) * 1852;
}

static bool is_out_of_range(const struct push *p, const struct fix *f)
{
    static const float ALWAYS_M = 200e3F;
    const struct receiver *r = p->t->receivers;
    if (!r || p->m->df == 255 || (p->m->flags & (FRAME_MLAT | FRAME_UAT)) ||
        f->receiver >= RECEIVERS_MAX || !r[f->receiver].has_place) {
        return false;
    }
    const struct sphere_place at = {r[f->receiver].lat_e7, r[f->receiver].lon_e7};
    const struct sphere_offset o = sphere_offset(at, (struct sphere_place){f->lat_e7, f->lon_e7});
    const float d = hypotf(o.x_m, o.y_m);
    return d > ALWAYS_M && d > gate_horizon_m(p);
}

/* From one place to another: in the plane, and the square of how long the way is: a root would take
   longer than all the rest. */
struct way {
    struct sphere_offset by;
    float m2;
};

static struct way way_between(struct sphere_place from, struct sphere_place to)
{
    enum { POLAR_E7 = 850000000 };
    struct way w = {.by = sphere_offset(from, to)};
    if (abs(to.lat_e7) > POLAR_E7) {
        const double rad = sphere_bearing_deg(from, to) * M_PI / 180;
        const double m = sphere_distance_m(from, to);
        w.by = (struct sphere_offset){(float)(sin(rad) * m), (float)(cos(rad) * m)};
    }
    w.m2 = w.by.x_m * w.by.x_m + w.by.y_m * w.by.y_m;
    return w;
}

static inline bool is_longer(const struct way *w, float m)
{
    return w->m2 > m * m;
}

/* Angle between the way and the reported track, -1 where they cannot be compared. */
static float against_deg(const struct push *p, const struct way *w, bool ground)
{
    const struct track *a = p->a;
    int32_t gs;
    if (!is_longer(w, ground ? TRACK_GROUND_M : TRACK_AIR_M) ||
        p->t_us - a->place_us > REPLAY_S * INT64_C(1000000) ||
        !tick_within(stamp_tick(a->said[FIELD_TRACK]), p->tick, TICKS(TRACK_MS)) ||
        !track_has(a, FIELD_GS, p->tick, &gs) || gs < TRACK_GS_E2_KT) {
        return -1;
    }
    return sphere_turn_deg((float)a->value[FIELD_TRACK] * 0.01F, sphere_offset_bearing_deg(w->by));
}

/* Straight back along the track by no more than half a minute's flight, while the place is fresh:
   data sent before, replayed. */
static bool is_replay(const struct track *a, const struct way *w, float against, float kt)
{
    return against > REPLAYED_DEG && is_reliable(a) &&
           !is_longer(w, kt * M_PER_KT_S * REPLAY_OLD_S);
}

/* How a fix stands to the accepted place. */
static enum fix_verdict compare(const struct push *p, const struct fix *f)
{
    const struct track *a = p->a;
    const struct sphere_place from = {a->lat_e7, a->lon_e7};
    const struct way w = way_between(from, (struct sphere_place){f->lat_e7, f->lon_e7});
    const float dt_s = seconds(f->t_us - a->place_us);
    const bool ground = f->ground && a->place_ground;
    const struct slack s = slack_for(f->origin, source_origin(a->place_source));
    const float kt = speed_kt(p, ground);
    const float against = s.add_m > 0 ? -1 : against_deg(p, &w, ground);
    const float factor = against >= 0 && against <= AGREES_DEG ? 2 : 1.3F;
    if (is_replay(a, &w, against, kt)) {
        return VERDICT_STALE;
    }
    if (is_longer(&w, allowed_m(factor * kt, dt_s, ground, &s))) {
        const float implied_kt = sqrtf(w.m2) / (dt_s + 0.2F) / M_PER_KT_S;
        return implied_kt > JUMP_KT ? VERDICT_HELD : VERDICT_SPEED;
    }
    /* Longer, and it may have turned. */
    return against > AGAINST_DEG && dt_s * 1000 < TRACK_MS ? VERDICT_TRACK : VERDICT_ACCEPTED;
}

/* Counts against the place, at most once a second and receiver. */
static void penalize(const struct push *p)
{
    struct track *a = p->a;
    const uint8_t mask = (uint8_t)(1U << (p->m->receiver & 7));
    if (!tick_within(a->penalty_tick, p->tick, TICKS(PENALTY_MS) - 1) ||
        a->penalty_tick > p->tick) {
        a->penalty_tick = p->tick;
        a->penalty_mask = 0;
    }
    if (a->penalty_mask & mask) {
        return;
    }
    a->penalty_mask |= mask;
    for (int i = 0; i < 2; i++) {
        a->reliable[i] -= a->reliable[i] > 0;
    }
}

/* Whether a fix that contradicts the place agrees with the one held before it. */
static bool agrees_with_held(const struct push *p, const struct fix *f)
{
    const struct track *a = p->a;
    if (!tick_within(a->held_tick, p->tick, TICKS(HELD_MS)) || p->tick <= a->held_tick ||
        rank_of(a->held_origin) != rank_of(f->origin)) {
        return false;
    }
    const struct sphere_place from = {a->held_lat_e7, a->held_lon_e7};
    const struct way w = way_between(from, (struct sphere_place){f->lat_e7, f->lon_e7});
    const struct slack s = slack_for(f->origin, a->held_origin);
    const float dt_s = (float)(p->tick - a->held_tick) * ((1 << TICK_SHIFT) * 1e-6F);
    /* The speed that goes with the place in doubt says nothing of this one. */
    return !is_longer(
        &w, allowed_m(f->ground ? UNKNOWN_GROUND_KT : UNKNOWN_AIR_KT, dt_s, f->ground, &s));
}

static void hold(const struct push *p, const struct fix *f)
{
    struct track *a = p->a;
    a->held_lat_e7 = f->lat_e7;
    a->held_lon_e7 = f->lon_e7;
    a->held_tick = p->tick;
    a->held_origin = f->origin;
}

/* A fix that does not fit: held, and believed when enough speaks for it. */
static enum fix_verdict contradict(const struct push *p, const struct fix *f, enum fix_verdict why)
{
    struct track *a = p->a;
    penalize(p);
    const bool again = agrees_with_held(p, f);
    hold(p, f);
    const bool is_weak = !is_reliable(a) || f->t_us - a->place_us > STALE_MS * INT64_C(1000);
    if (!again || !is_weak) {
        return why;
    }
    a->reliable[0] = a->reliable[1] = 0;
    a->held_tick = 0;
    return VERDICT_ACCEPTED;
}

static void confirm(struct track *a, const struct fix *f, bool odd)
{
    if (f->method == FIX_CPR_RECEIVER || (f->method == FIX_CPR_LOCAL && !is_reliable(a))) {
        return;
    }
    for (int i = 0; i < 2; i++) {
        if ((f->method == FIX_REPORTED || odd == i) && a->reliable[i] < RELIABLE_MAX) {
            a->reliable[i]++;
        }
    }
}

/* What can be said of the numbers alone. */
static enum fix_verdict check_alone(const struct fix *f)
{
    enum { POLE_E7 = 900000000, HALF_TURN_E7 = 1800000000 };
    if (f->lat_e7 > POLE_E7 || f->lat_e7 < -POLE_E7 || f->lon_e7 < -HALF_TURN_E7 ||
        f->lon_e7 >= HALF_TURN_E7) {
        return VERDICT_INVALID;
    }
    if (f->lat_e7 == 0 && f->lon_e7 == 0) {
        return VERDICT_NULL_ISLAND;
    }
    return VERDICT_ACCEPTED;
}

/* A better source replaces the place of a lesser one; a lesser one waits until the better is
 * silent.
 */
static int rank_difference(const struct push *p, const struct fix *f)
{
    return (int)rank_of(f->origin) - (int)rank_of(source_origin(p->a->place_source));
}

enum fix_verdict gate_judge(const struct push *p, const struct fix *f)
{
    const struct track *a = p->a;
    const enum fix_verdict v = check_alone(f);
    if (v != VERDICT_ACCEPTED) {
        return v;
    }
    if (a->place_method == PLACE_NONE) {
        return is_out_of_range(p, f) ? VERDICT_RANGE
               : p->m->corrected > 0 ? VERDICT_HELD
                                     : VERDICT_ACCEPTED;
    }
    if (f->t_us - a->place_us <= PLACE_TTL_US && rank_difference(p, f) < 0) {
        return VERDICT_RANK;
    }
    if (f->t_us < a->place_us) {
        return VERDICT_STALE;
    }
    const enum fix_verdict fits = compare(p, f);
    /* An aircraft followed across the horizon is still there: the air, or the receiver's stated
       place, is not what we think. */
    return is_reliable(a) && fits == VERDICT_ACCEPTED ? fits
           : is_out_of_range(p, f)                    ? VERDICT_RANGE
                                                      : fits;
}

bool gate_contradicts(const struct track *a, enum fix_verdict v)
{
    return a->place_method != PLACE_NONE &&
           (v == VERDICT_HELD || v == VERDICT_SPEED || v == VERDICT_TRACK);
}

enum fix_verdict gate_settle(const struct push *p, const struct fix *f, enum fix_verdict v)
{
    struct track *a = p->a;
    if (p->m->corrected > 0) {
        return v; /* neither confirms nor contradicts */
    }
    if (gate_contradicts(a, v) && f->method != FIX_CPR_LOCAL) {
        if (rank_difference(p, f) <= 0) {
            v = contradict(p, f, v);
        } else {
            a->reliable[0] = a->reliable[1] = 0;
            v = VERDICT_ACCEPTED;
        }
    }
    if (v == VERDICT_ACCEPTED) {
        confirm(a, f, p->m->cpr.odd);
    }
    return v;
}
