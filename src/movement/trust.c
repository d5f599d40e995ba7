#include "movement/trust.h"

#include "geo/magnetic.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    FALSE_AFTER_MS = 10000, /* odd for so long and so often: no glitch */
    FALSE_AFTER_FIXES = 3,
    CLAIM_AFTER_MS = 60000,    /* shorter is not worth a claim */
    JUMP_BELIEVED_MS = 600000, /* a piece after a jump that flies on evenly so long is believed */
    JUMP_FIXES = 6,            /* fewer points elsewhere are outliers */
    START_MS = 60000,          /* what was before a jump is worth no more than this much */
    FORGET_MS = 10800000,      /* silent for so long: another flight */
    MLAT_ONLY_MS = 600000,
    GHOST_SAMPLES = 25,
    RECEIVER_RUN = 16,
    HIGH_FT = 20000,
    VERY_HIGH_FT = 28000,
};

static const float DEG = 3.14159265F / 180.0F;
static const float NM_M = 1852.0F;
static const float SLOW_SHARE = 0.55F, VERY_SLOW_SHARE = 0.35F; /* of the speed it cruised at */
static const float SLOWS_KT_S = 4.0F; /* no aircraft loses speed faster for long */
static const float JUMP_KT = 900.0F, JUMP_FREE_M = 5556.0F;
static const float WIND_CHANGE_KT = 120.0F;
static const float HEIGHT_CHANGE_FT = 2500.0F;
static const float FAR_FROM_FALSE_M = 18520.0F;
static const float MISTIMED_S = 150.0F;

enum state { STATE_NEW, STATE_SOUND, STATE_SUSPECT, STATE_JUMPED, STATE_FALSE };

struct vector {
    float e, n; /* kt */
};

/* A point as far as it is remembered. */
struct mark {
    int64_t t_ms; /* KEPT_NO_TIME: none */
    struct sphere_place place;
    float gs_kt, track_deg; /* < 0: not known */
};

struct trust {
    uint32_t address;
    uint16_t epoch;
    uint8_t state;
    char flight[8];
    struct mark last;  /* the newest position of any kind */
    struct mark sound; /* the newest believed */
    int64_t sane_ms;   /* newest report with nothing odd in it */
    int64_t believed_since_ms;
    float cruise_kt; /* smoothed, above HIGH_FT; 0 not known */
    uint16_t cruise_fixes;
    struct vector wind;
    bool has_wind;
    float height_ft; /* geometric less pressure height, smoothed; NAN */
    /* Reckoning since the last believed point. */
    struct sphere_place reckoned;
    int64_t reckoned_ms;
    float reckoned_m;  /* how uncertain */
    struct vector air; /* newest air speed vector, true; 0 0 not known */
    int64_t air_ms;
    float declination_deg;
    struct sphere_place declination_at;
    bool has_declination;
    /* The odd stretch. */
    int64_t lo_ms, sure_lo_ms, hi_ms; /* last sane before; first and newest odd */
    struct mark piece;                /* newest fix of what follows a jump */
    int64_t piece_since_ms;
    struct mark back; /* first fix that may be believed again */
    uint32_t odd, rules, piece_fixes;
    float x_m, y_m, extent_m; /* of the false places, from the first */
    struct sphere_place false_first;
    uint32_t false_places;
    /* The track as a whole. */
    uint32_t samples, no_integrity, jumps;
    int64_t adsb_ms, mlat_since_ms;
    uint16_t receiver;
    uint8_t receiver_run;
    bool claimed_ghost;
    uint32_t fixes;
    int64_t first_ms;
};

struct trust *trust_new(uint32_t address, uint16_t epoch)
{
    struct trust *t = calloc(1, sizeof *t);
    if (t != NULL) {
        t->address = address;
        t->epoch = epoch;
        t->last.t_ms = t->sound.t_ms = t->piece.t_ms = t->back.t_ms = KEPT_NO_TIME;
        t->sane_ms = t->first_ms = KEPT_NO_TIME;
        t->adsb_ms = t->mlat_since_ms = KEPT_NO_TIME;
        t->height_ft = NAN;
    }
    return t;
}

void trust_free(struct trust *t)
{
    free(t);
}

bool trust_suspended(const struct trust *t)
{
    return t->state == STATE_SUSPECT || t->state == STATE_JUMPED || t->state == STATE_FALSE;
}

bool trust_ghost(const struct trust *t)
{
    if (t->samples < GHOST_SAMPLES) {
        return false;
    }
    const float share = (float)t->no_integrity / (float)t->samples;
    return share >= 0.6F || (share >= 0.1F && t->jumps > 0);
}

static struct mark mark_of(const struct kept *k)
{
    return (struct mark){.t_ms = k->t_ms,
                         .place = {k->lat_e7, k->lon_e7},
                         .gs_kt = k->gs_e2_kt >= 0 ? (float)k->gs_e2_kt / 100.0F : -1.0F,
                         .track_deg =
                             k->track_e2_deg >= 0 ? (float)k->track_e2_deg / 100.0F : -1.0F};
}

static float apart_m(struct sphere_place a, struct sphere_place b)
{
    const struct sphere_offset o = sphere_offset(a, b);
    return sqrtf(o.x_m * o.x_m + o.y_m * o.y_m);
}

static float seconds(int64_t from_ms, int64_t to_ms)
{
    return (float)(to_ms - from_ms) / 1000.0F;
}

/* Farther than can be flown between two marks, whatever the speed. */
static bool jumped(const struct mark *a, const struct mark *b)
{
    const float fast_kt = fmaxf(JUMP_KT, 1.3F * fmaxf(a->gs_kt, b->gs_kt));
    const float reach_m = JUMP_FREE_M + fast_kt * NM_M / 3600.0F * seconds(a->t_ms, b->t_ms);
    return apart_m(a->place, b->place) > reach_m;
}

/* A place on the line it flew or will fly within two minutes, flying the same way: the time is
   wrong, as where feeds with unlike delays are mixed, not the place. */
static bool mistimed(const struct mark *a, const struct mark *b)
{
    if (a->track_deg < 0.0F || b->track_deg < 0.0F || a->gs_kt < 0.0F ||
        sphere_turn_deg(a->track_deg, b->track_deg) > 20.0F) {
        return false;
    }
    const struct sphere_offset o = sphere_offset(a->place, b->place);
    const float along = o.x_m * sinf(a->track_deg * DEG) + o.y_m * cosf(a->track_deg * DEG);
    const float across = o.x_m * cosf(a->track_deg * DEG) - o.y_m * sinf(a->track_deg * DEG);
    const float way_m = a->gs_kt * NM_M / 3600.0F * MISTIMED_S;
    return fabsf(along) < way_m && fabsf(across) < 3704.0F + 0.1F * fabsf(along);
}

static struct vector velocity(float kt, float deg)
{
    return (struct vector){kt * sinf(deg * DEG), kt * cosf(deg * DEG)};
}

/* The true air speed vector, where the point has air speed and heading. */
static bool air_vector(struct trust *t, const struct kept *k, struct vector *out)
{
    if (k->tas_kt == KEPT_NONE_16 || k->mag_heading_e2_deg == KEPT_NO_HEADING) {
        return false;
    }
    const struct sphere_place at = {k->lat_e7, k->lon_e7};
    if (!t->has_declination || apart_m(t->declination_at, at) > 60.0F * NM_M) {
        const double year = 1970.0 + (double)k->t_ms / (365.25 * 86400e3);
        t->declination_deg = (float)magnetic_declination_deg(at, 0.0, year);
        t->declination_at = at;
        t->has_declination = true;
    }
    *out = velocity((float)k->tas_kt, (float)k->mag_heading_e2_deg / 100.0F + t->declination_deg);
    return true;
}

/* Too slow for its height: lost faster than it can brake, or below any stall at all. */
static bool too_slow(const struct trust *t, const struct kept *k, const struct mark *m)
{
    if (m->gs_kt < 0.0F || k->alt_baro_ft < HIGH_FT || t->cruise_fixes < 5 ||
        t->cruise_kt < 250.0F || m->gs_kt >= SLOW_SHARE * t->cruise_kt) {
        return false;
    }
    const float lost_kt = t->sound.gs_kt - m->gs_kt;
    const float dt_s = t->sane_ms == KEPT_NO_TIME ? 1e6F : seconds(t->sane_ms, m->t_ms);
    return trust_suspended(t) || lost_kt > 60.0F + SLOWS_KT_S * dt_s ||
           (k->alt_baro_ft >= VERY_HIGH_FT && m->gs_kt < VERY_SLOW_SHARE * t->cruise_kt);
}

/* The place hardly moves while it reports speed along a straight line. */
static bool stands(const struct trust *t, const struct kept *k, const struct mark *m)
{
    if (t->last.t_ms == KEPT_NO_TIME || k->alt_baro_ft < HIGH_FT || m->gs_kt < 200.0F ||
        t->last.gs_kt < 200.0F || m->track_deg < 0.0F || t->last.track_deg < 0.0F ||
        sphere_turn_deg(m->track_deg, t->last.track_deg) > 20.0F) {
        return false;
    }
    const float dt_s = seconds(t->last.t_ms, m->t_ms);
    const float way_m = m->gs_kt * NM_M / 3600.0F * dt_s;
    return dt_s >= 20.0F && dt_s <= 90.0F && apart_m(t->last.place, m->place) < 0.25F * way_m;
}

/* What is odd about a report in itself; rules as claim_rule bits. */
static uint32_t oddities(struct trust *t, const struct kept *k, const struct mark *m, bool fresh)
{
    uint32_t rules = 0;
    struct vector air;
    if (too_slow(t, k, m)) {
        rules |= 1U << CLAIM_RULE_PROFILE;
    }
    if (fresh && stands(t, k, m)) {
        rules |= 1U << CLAIM_RULE_STATIONARY;
    }
    if (air_vector(t, k, &air)) {
        t->air = air;
        t->air_ms = k->t_ms;
        if (t->has_wind && m->gs_kt >= 0.0F && m->track_deg >= 0.0F) {
            const struct vector g = velocity(m->gs_kt, m->track_deg);
            const float e = g.e - air.e - t->wind.e, n = g.n - air.n - t->wind.n;
            if (e * e + n * n > WIND_CHANGE_KT * WIND_CHANGE_KT) {
                rules |= 1U << CLAIM_RULE_AIR_DATA;
            }
        }
    }
    if (isfinite(t->height_ft) && k->alt_geom_ft != KEPT_NONE && k->alt_baro_ft != KEPT_NONE &&
        fabsf((float)(k->alt_geom_ft - k->alt_baro_ft) - t->height_ft) > HEIGHT_CHANGE_FT) {
        rules |= 1U << CLAIM_RULE_INTEGRITY;
    }
    return rules;
}

/* Learns from a believed report what later ones are held against. */
static void learn(struct trust *t, const struct kept *k, const struct mark *m)
{
    if (m->gs_kt > 0.0F && k->alt_baro_ft >= HIGH_FT) {
        const float weight = t->cruise_fixes < 20 ? 1.0F / (float)(t->cruise_fixes + 1) : 0.05F;
        t->cruise_kt += weight * (m->gs_kt - t->cruise_kt);
        t->cruise_fixes += t->cruise_fixes < UINT16_MAX;
    }
    if (t->air_ms == k->t_ms && m->gs_kt >= 0.0F && m->track_deg >= 0.0F) {
        const struct vector g = velocity(m->gs_kt, m->track_deg);
        const float weight = t->has_wind ? 0.1F : 1.0F;
        t->wind.e += weight * (g.e - t->air.e - t->wind.e);
        t->wind.n += weight * (g.n - t->air.n - t->wind.n);
        t->has_wind = true;
    }
    if (k->alt_geom_ft != KEPT_NONE && k->alt_baro_ft != KEPT_NONE) {
        const float ft = (float)(k->alt_geom_ft - k->alt_baro_ft);
        t->height_ft = isfinite(t->height_ft) ? t->height_ft + 0.1F * (ft - t->height_ft) : ft;
    }
    t->sane_ms = k->t_ms;
}

/* Moves the reckoned place on: by air data and the last wind, else by the last speed. */
static void reckon(const struct trust *t, int64_t t_ms, struct sphere_place *at, float *radius_m)
{
    const float dt_s = seconds(t->reckoned_ms, t_ms);
    *at = t->reckoned;
    *radius_m = t->reckoned_m;
    if (dt_s <= 0.0F) {
        return;
    }
    const bool by_air = t->air_ms != 0 && t_ms - t->air_ms < 60000 && t->has_wind;
    struct vector v = {0.0F, 0.0F};
    if (by_air) {
        v = (struct vector){t->air.e + t->wind.e, t->air.n + t->wind.n};
    } else if (t->sound.gs_kt >= 0.0F && t->sound.track_deg >= 0.0F) {
        v = velocity(t->sound.gs_kt, t->sound.track_deg);
    }
    const float kt = sqrtf(v.e * v.e + v.n * v.n);
    const float way_m = kt * NM_M / 3600.0F * dt_s;
    *at = sphere_destination(t->reckoned,
                             (double)sphere_offset_bearing_deg((struct sphere_offset){v.e, v.n}),
                             (double)way_m);
    *radius_m += way_m * (by_air ? 0.06F : 0.15F) + 10.0F * dt_s;
}

bool trust_reckoned(const struct trust *t, int64_t t_ms, struct sphere_place *at,
                    uint32_t *radius_m)
{
    if (t->sound.t_ms == KEPT_NO_TIME) {
        return false;
    }
    float m;
    reckon(t, t_ms, at, &m);
    *radius_m = (uint32_t)m;
    return true;
}

static void believe(struct trust *t, const struct kept *k, const struct mark *m)
{
    if (t->state != STATE_SOUND) {
        t->believed_since_ms = k->t_ms;
    }
    t->state = STATE_SOUND;
    t->sound = *m;
    t->reckoned = m->place;
    t->reckoned_ms = m->t_ms;
    t->reckoned_m = 200.0F;
    learn(t, k, m);
}

static void begin_odd(struct trust *t, enum state state, const struct mark *m)
{
    t->state = (uint8_t)state;
    t->lo_ms = t->sane_ms;
    t->sure_lo_ms = m->t_ms;
    t->hi_ms = m->t_ms;
    t->odd = 0;
    t->rules = 0;
    t->back.t_ms = KEPT_NO_TIME;
    t->x_m = t->y_m = t->extent_m = 0.0F;
    t->false_places = 0;
}

static void add_false_place(struct trust *t, const struct mark *m)
{
    if (t->false_places == 0) {
        t->false_first = m->place;
    }
    const struct sphere_offset o = sphere_offset(t->false_first, m->place);
    t->x_m += o.x_m;
    t->y_m += o.y_m;
    t->extent_m = fmaxf(t->extent_m, sqrtf(o.x_m * o.x_m + o.y_m * o.y_m));
    t->false_places++;
}

static struct claim claim_of(const struct trust *t)
{
    struct claim c = claim_none(CLAIM_SPOOFED, t->address, t->epoch);
    c.method = CLAIM_METHOD_TRUST;
    c.made_ms = t->last.t_ms;
    memcpy(c.flight, t->flight, sizeof c.flight);
    c.evidence.rules = t->rules;
    return c;
}

/* Claims the odd stretch, if it was long enough; ended_ms: the first report believed again. */
static void claim_false(struct trust *t, int64_t ended_ms, bool by_jump, bool open, claim_fn *fn,
                        void *ctx)
{
    if (t->hi_ms - t->sure_lo_ms < CLAIM_AFTER_MS) {
        return;
    }
    struct claim c = claim_of(t);
    c.t_lo_ms = t->lo_ms == KEPT_NO_TIME ? t->sure_lo_ms : t->lo_ms;
    c.sure_lo_ms = t->sure_lo_ms;
    c.sure_hi_ms = t->hi_ms;
    c.t_hi_ms = ended_ms;
    if (t->false_places > 0) {
        const struct sphere_offset o = {t->x_m / (float)t->false_places,
                                        t->y_m / (float)t->false_places};
        const float away_m = sqrtf(o.x_m * o.x_m + o.y_m * o.y_m);
        const struct sphere_place at = sphere_destination(
            t->false_first, (double)sphere_offset_bearing_deg(o), (double)away_m);
        c.lat_e7 = at.lat_e7;
        c.lon_e7 = at.lon_e7;
        c.radius_m = (uint32_t)t->extent_m;
        c.size_m = (uint32_t)(2.0F * t->extent_m);
    }
    c.flags = open ? CLAIM_OPEN : 0;
    c.p = by_jump ? 0.98F : 0.9F;
    c.evidence.rules |= by_jump ? 1U << CLAIM_RULE_TELEPORT : 0;
    c.evidence.first_ms = t->sure_lo_ms;
    c.evidence.last_ms = t->hi_ms;
    c.evidence.fixes = t->odd + t->piece_fixes;
    fn(ctx, &c);
}

static void remain_odd(struct trust *t, const struct mark *m, uint32_t rules, bool fresh)
{
    t->odd++;
    t->rules |= rules;
    t->hi_ms = m->t_ms;
    t->back.t_ms = KEPT_NO_TIME;
    if (fresh || t->false_places == 0) {
        add_false_place(t, m);
    }
    if (t->state == STATE_SUSPECT && t->odd >= FALSE_AFTER_FIXES &&
        t->hi_ms - t->sure_lo_ms >= FALSE_AFTER_MS) {
        t->state = STATE_FALSE;
    }
}

/* Whether a report with nothing odd in it may end false positions: it can have been flown to from
   the last believed place, and it is away from the false ones, or high and at speed. */
static bool may_be_back(const struct trust *t, const struct kept *k, const struct mark *m)
{
    const float kt = fmaxf(300.0F, 1.35F * fmaxf(t->cruise_kt, t->sound.gs_kt));
    const float reach_m = JUMP_FREE_M + kt * NM_M / 3600.0F * seconds(t->sound.t_ms, m->t_ms);
    if (apart_m(t->sound.place, m->place) > reach_m) {
        return false;
    }
    const bool at_speed = m->gs_kt >= SLOW_SHARE * t->cruise_kt && k->alt_baro_ft >= HIGH_FT;
    return at_speed || apart_m(t->last.place, m->place) > FAR_FROM_FALSE_M ||
           t->back.t_ms != KEPT_NO_TIME;
}

static void in_false(struct trust *t, const struct kept *k, const struct mark *m, uint32_t rules,
                     bool fresh, claim_fn *fn, void *ctx)
{
    if (rules != 0) {
        remain_odd(t, m, rules, fresh);
        return;
    }
    if (!fresh || !may_be_back(t, k, m)) {
        return;
    }
    struct sphere_place at;
    float radius_m;
    reckon(t, m->t_ms, &at, &radius_m);
    if (t->state == STATE_SUSPECT && apart_m(at, m->place) < 5556.0F + radius_m) {
        believe(t, k, m); /* it was a glitch */
        return;
    }
    if (t->back.t_ms == KEPT_NO_TIME || jumped(&t->back, m)) {
        t->back = *m;
        return;
    }
    if (t->state == STATE_FALSE) {
        const struct mark before = {.t_ms = t->hi_ms, .place = t->last.place};
        claim_false(t, t->back.t_ms, jumped(&before, m) || t->rules != 0, false, fn, ctx);
    }
    believe(t, k, m);
}

/* After an impossible jump: one of the two pieces is false, and which, the rest tells. */
static void in_jump(struct trust *t, const struct kept *k, const struct mark *m, uint32_t rules,
                    claim_fn *fn, void *ctx)
{
    struct sphere_place at;
    float radius_m;
    reckon(t, m->t_ms, &at, &radius_m);
    const bool home = !jumped(&t->sound, m) && apart_m(at, m->place) < 9260.0F + radius_m;
    if (home && jumped(&t->piece, m)) {
        if (t->piece_fixes >= JUMP_FIXES) {
            claim_false(t, m->t_ms, true, false, fn, ctx);
        }
        believe(t, k, m);
        return;
    }
    if (jumped(&t->piece, m)) { /* a third place */
        t->piece_since_ms = m->t_ms;
        t->jumps++;
    }
    t->piece = *m;
    t->piece_fixes++;
    t->hi_ms = m->t_ms;
    add_false_place(t, m);
    if (rules != 0) {
        remain_odd(t, m, rules, false);
        if (t->odd >= FALSE_AFTER_FIXES) {
            t->state = STATE_FALSE;
            t->rules |= 1U << CLAIM_RULE_TELEPORT;
        }
        return;
    }
    const bool short_before =
        t->lo_ms == KEPT_NO_TIME || t->lo_ms - t->believed_since_ms < START_MS;
    if (m->t_ms - t->piece_since_ms > (short_before ? START_MS : JUMP_BELIEVED_MS)) {
        believe(t, k, m);
    }
}

static uint32_t in_sound(struct trust *t, const struct kept *k, const struct mark *m,
                         uint32_t rules, bool fresh)
{
    if (rules != 0) {
        begin_odd(t, STATE_SUSPECT, m);
        t->piece_fixes = 0;
        remain_odd(t, m, rules, fresh);
    } else if (fresh && t->sound.t_ms != KEPT_NO_TIME && jumped(&t->sound, m)) {
        if (mistimed(&t->sound, m)) {
            return 1U << CLAIM_RULE_CLOCK;
        }
        begin_odd(t, STATE_JUMPED, m);
        t->jumps++;
        t->piece = *m;
        t->piece_since_ms = m->t_ms;
        t->piece_fixes = 1;
        add_false_place(t, m);
    } else if (fresh) {
        believe(t, k, m);
    } else {
        learn(t, k, m);
    }
    return rules;
}

static void restart(struct trust *t)
{
    t->state = STATE_NEW;
    t->sound.t_ms = KEPT_NO_TIME;
    t->sane_ms = KEPT_NO_TIME;
    t->cruise_fixes = 0;
    t->cruise_kt = 0.0F;
    t->has_wind = false;
    t->height_ft = NAN;
}

void trust_end(struct trust *t, claim_fn *fn, void *ctx)
{
    if (t->state == STATE_FALSE) {
        claim_false(t, t->last.t_ms, false, true, fn, ctx);
    }
    restart(t);
}

static uint8_t flags_of(struct trust *t, const struct kept *k, bool repaired)
{
    uint8_t flags = repaired ? TRUST_REPAIRED : 0;
    if (k->origin == ORIGIN_MLAT) {
        t->mlat_since_ms = t->mlat_since_ms == KEPT_NO_TIME ? k->t_ms : t->mlat_since_ms;
        const bool long_ago = t->adsb_ms == KEPT_NO_TIME || k->t_ms - t->adsb_ms > MLAT_ONLY_MS;
        flags |= long_ago ? TRUST_MLAT_ONLY : 0;
    } else {
        t->adsb_ms = k->t_ms;
    }
    if (k->receiver != 0) {
        t->receiver_run = k->receiver == t->receiver
                              ? (uint8_t)(t->receiver_run + (t->receiver_run < RECEIVER_RUN))
                              : 1;
        t->receiver = k->receiver;
        flags |= t->receiver_run >= RECEIVER_RUN ? TRUST_ONE_RECEIVER : 0;
    }
    if (k->nac_p < 8 || k->nic < 7) {
        flags |= TRUST_LOW_ACCURACY;
    }
    if (k->version == 2 && k->sil != KEPT_NONE_8) {
        t->samples++;
        t->no_integrity += k->sil == 0;
        flags |= k->sil == 0 ? TRUST_NO_INTEGRITY : 0;
    }
    return flags;
}

/* How far a class of source is believed before anything else is known (MOVEMENTS.md 1.12). */
static float class_p(const struct kept *k, uint8_t flags)
{
    float p = 0.8F;
    if (k->origin == ORIGIN_MLAT) {
        p = 0.93F;
    } else if (k->origin == ORIGIN_TISB_ICAO || k->origin == ORIGIN_TISB_OTHER ||
               k->origin == ORIGIN_TISB_TRACKFILE) {
        p = 0.9F;
    } else if (k->origin == ORIGIN_ADSB_ICAO || k->origin == ORIGIN_ADSB_ICAO_NT ||
               k->origin == ORIGIN_ADSB_OTHER || k->origin == ORIGIN_ADSR_ICAO ||
               k->origin == ORIGIN_ADSR_OTHER || k->origin == ORIGIN_ADSC) {
        p = k->version == 2 && k->sil != KEPT_NONE_8 && k->sil >= 2 ? 0.98F : 0.95F;
    }
    p *= (flags & TRUST_NO_INTEGRITY) != 0 ? 0.7F : 1.0F;
    p *= (flags & TRUST_LOW_ACCURACY) != 0 ? 0.9F : 1.0F;
    p *= (flags & TRUST_ONE_RECEIVER) != 0 ? 0.97F : 1.0F;
    return p * ((flags & TRUST_REPAIRED) != 0 ? 0.95F : 1.0F);
}

/* Says once, as soon as it shows, that the whole track is false. */
static void claim_ghost(struct trust *t, claim_fn *fn, void *ctx)
{
    if (t->claimed_ghost || !trust_ghost(t)) {
        return;
    }
    t->claimed_ghost = true;
    struct claim c = claim_of(t);
    c.t_lo_ms = c.sure_lo_ms = t->first_ms;
    c.t_hi_ms = c.sure_hi_ms = t->last.t_ms;
    c.lat_e7 = t->last.place.lat_e7;
    c.lon_e7 = t->last.place.lon_e7;
    c.flags = CLAIM_OPEN | CLAIM_NOT_SORTIE;
    c.p = (float)t->no_integrity / (float)t->samples >= 0.6F ? 0.8F : 0.9F;
    c.evidence.rules = 1U << CLAIM_RULE_INTEGRITY | (t->jumps > 0 ? 1U << CLAIM_RULE_TELEPORT : 0);
    c.evidence.first_ms = t->first_ms;
    c.evidence.last_ms = t->last.t_ms;
    c.evidence.fixes = t->samples;
    fn(ctx, &c);
}

static struct trust_fix judged(const struct trust *t, const struct kept *k, uint8_t flags,
                               uint32_t rules, bool fresh)
{
    static const float factor[] = {[STATE_NEW] = 0.9F,
                                   [STATE_SOUND] = 1.0F,
                                   [STATE_SUSPECT] = 0.3F,
                                   [STATE_JUMPED] = 0.3F,
                                   [STATE_FALSE] = 0.02F};
    struct trust_fix f = {.flags = flags, .rules = rules};
    f.p = class_p(k, flags) * factor[t->state] * (trust_ghost(t) ? 0.1F : 1.0F);
    const bool clock = (rules & 1U << CLAIM_RULE_CLOCK) != 0;
    f.verdict = !fresh || clock ? TRUST_STALE : TRUST_SOUND;
    if (trust_suspended(t)) {
        f.verdict = t->state == STATE_FALSE ? TRUST_FALSE : TRUST_SUSPECT;
    }
    return f;
}

struct trust_fix trust_push(struct trust *t, const struct kept *k, bool repaired, claim_fn *fn,
                            void *ctx)
{
    if (t->last.t_ms != KEPT_NO_TIME && k->t_ms - t->last.t_ms > FORGET_MS) {
        trust_end(t, fn, ctx);
    }
    const bool late = t->last.t_ms != KEPT_NO_TIME && k->t_ms <= t->last.t_ms;
    if (k->t_ms == KEPT_NO_TIME || late) {
        return (struct trust_fix){.verdict = TRUST_STALE};
    }
    const struct mark m = mark_of(k);
    const bool fresh = t->last.t_ms == KEPT_NO_TIME || m.place.lat_e7 != t->last.place.lat_e7 ||
                       m.place.lon_e7 != t->last.place.lon_e7 || m.gs_kt <= 0.0F;
    const uint8_t flags = flags_of(t, k, repaired);
    uint32_t rules = oddities(t, k, &m, fresh);
    t->fixes++;
    t->first_ms = t->first_ms == KEPT_NO_TIME ? k->t_ms : t->first_ms;
    if (k->flight[0] != '\0') {
        memcpy(t->flight, k->flight, sizeof t->flight);
    }
    switch ((enum state)t->state) {
    case STATE_NEW:
        believe(t, k, &m);
        break;
    case STATE_SOUND:
        rules = in_sound(t, k, &m, rules, fresh);
        break;
    case STATE_JUMPED:
        if (fresh) {
            in_jump(t, k, &m, rules, fn, ctx);
        }
        break;
    default:
        in_false(t, k, &m, rules, fresh, fn, ctx);
        break;
    }
    if (trust_suspended(t)) {
        struct sphere_place at;
        float radius_m;
        reckon(t, m.t_ms, &at, &radius_m);
        t->reckoned = at;
        t->reckoned_m = radius_m;
        t->reckoned_ms = m.t_ms;
    }
    if (fresh && (rules & 1U << CLAIM_RULE_CLOCK) == 0) {
        t->last = m;
    }
    claim_ghost(t, fn, ctx);
    return judged(t, k, flags, rules, fresh);
}
