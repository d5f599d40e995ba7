#include "movement/trust_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    FALSE_AFTER_MS = 10000, /* odd for so long and so often: no glitch */
    FALSE_AFTER_FIXES = 3,
    CLAIM_AFTER_MS = 60000,    /* shorter is not worth a claim */
    JUMP_EVEN_MS = 180000,     /* a piece after a jump that flies on evenly so long is believed, */
    JUMP_BELIEVED_MS = 600000, /* and any that is not odd for so long */
    JUMP_FIXES = 6,            /* fewer points elsewhere are outliers */
    START_MS = 60000,          /* what was before a jump is worth no more than this much */
    FORGET_MS = 10800000,      /* silent for so long: another flight */
    MLAT_ONLY_MS = 600000,
    GHOST_SAMPLES = 25,
    RECEIVER_RUN = 16,
    HIGH_FT = 20000,
};

/* Of version 2 reports those that carry SIL 0: so many make a ghost, fewer than the second unmake
   it, fewer than the third do not matter where it jumps. */
static const float GHOST_FROM = 0.6F, GHOST_BELOW = 0.3F, GHOST_JUMPS = 0.1F;
static const float SLOW_SHARE = 0.55F; /* of the speed it cruised at */
static const float JUMP_FREE_M = 5556.0F;
static const float FAR_FROM_FALSE_M = 18520.0F;
static const float EVEN_TURN_DEG = 90.0F, ROUND_TURN_DEG = 540.0F;

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
    return share >= (t->claimed_ghost ? GHOST_BELOW : GHOST_FROM) ||
           (share >= GHOST_JUMPS && t->jumps > 0);
}

bool trust_ghost_has(const struct trust *t, const struct kept *k)
{
    return trust_ghost(t) &&
           (k->flight[0] == '\0' || memcmp(k->flight, t->flight, sizeof t->flight) == 0);
}

bool trust_reckoned(const struct trust *t, int64_t t_ms, struct sphere_place *at,
                    uint32_t *radius_m)
{
    if (t->sound.t_ms == KEPT_NO_TIME) {
        return false;
    }
    float m;
    trust_reckon(t, t_ms, at, &m);
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
    trust_learn(t, k, m);
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
    const float reach_m =
        JUMP_FREE_M + kt * TRUST_NM_M / 3600.0F * trust_seconds(t->sound.t_ms, m->t_ms);
    if (trust_apart_m(t->sound.place, m->place) > reach_m) {
        return false;
    }
    const bool at_speed = m->gs_kt >= SLOW_SHARE * t->cruise_kt && k->alt_baro_ft >= HIGH_FT;
    return at_speed || trust_apart_m(t->last.place, m->place) > FAR_FROM_FALSE_M ||
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
    trust_reckon(t, m->t_ms, &at, &radius_m);
    if (t->state == STATE_SUSPECT && trust_apart_m(at, m->place) < 5556.0F + radius_m) {
        believe(t, k, m); /* it was a glitch */
        return;
    }
    if (t->back.t_ms == KEPT_NO_TIME || trust_jumped(&t->back, m)) {
        t->back = *m;
        return;
    }
    if (t->state == STATE_FALSE) {
        const struct mark before = {.t_ms = t->hi_ms, .place = t->last.place};
        claim_false(t, t->back.t_ms, trust_jumped(&before, m) || t->rules != 0, false, fn, ctx);
    }
    believe(t, k, m);
}

/* What follows a jump: whether it moves as it says, and how it turns. */
static void follow_piece(struct trust *t, const struct mark *m)
{
    if (t->piece_fixes > 0 && !trust_jumped(&t->piece, m)) {
        t->piece_way_m += trust_apart_m(t->piece.place, m->place);
        t->piece_said_m +=
            fmaxf(m->gs_kt, 0.0F) * TRUST_NM_M / 3600.0F * trust_seconds(t->piece.t_ms, m->t_ms);
        if (m->track_deg >= 0.0F && t->piece.track_deg >= 0.0F) {
            t->piece_turned_deg += sphere_turn_deg(m->track_deg, t->piece.track_deg);
        }
    } else {
        t->piece_way_m = t->piece_said_m = t->piece_turned_deg = 0.0F;
        t->piece_since_ms = m->t_ms;
    }
    t->piece = *m;
    t->piece_fixes++;
}

static bool piece_is_even(const struct trust *t)
{
    return t->piece_way_m > 0.5F * t->piece_said_m &&
           (t->piece_way_m < 2.0F * t->piece_said_m || t->piece_said_m <= 0.0F) &&
           t->piece_turned_deg < EVEN_TURN_DEG;
}

/* After an impossible jump: one of the two pieces is false, and which, the rest tells. */
static void in_jump(struct trust *t, const struct kept *k, const struct mark *m, uint32_t rules,
                    claim_fn *fn, void *ctx)
{
    struct sphere_place at;
    float radius_m;
    trust_reckon(t, m->t_ms, &at, &radius_m);
    const bool home =
        !trust_jumped(&t->sound, m) && trust_apart_m(at, m->place) < 9260.0F + radius_m;
    if (home && trust_jumped(&t->piece, m)) {
        if (t->piece_fixes >= JUMP_FIXES) {
            claim_false(t, m->t_ms, true, false, fn, ctx);
        }
        believe(t, k, m);
        return;
    }
    t->jumps += trust_jumped(&t->piece, m); /* a third place */
    follow_piece(t, m);
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
    if (t->piece_turned_deg >= ROUND_TURN_DEG) { /* jumped away, and goes round there */
        t->state = STATE_FALSE;
        t->rules |= 1U << CLAIM_RULE_TELEPORT;
        return;
    }
    const bool short_before =
        t->lo_ms == KEPT_NO_TIME || t->lo_ms - t->believed_since_ms < START_MS;
    const int64_t even_ms = short_before ? START_MS : JUMP_EVEN_MS;
    const int64_t ms = m->t_ms - t->piece_since_ms;
    if ((ms > even_ms && piece_is_even(t)) || ms > JUMP_BELIEVED_MS) {
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
    } else if (fresh && t->sound.t_ms != KEPT_NO_TIME && trust_jumped(&t->sound, m)) {
        if (trust_mistimed(&t->sound, m)) {
            return 1U << CLAIM_RULE_CLOCK;
        }
        begin_odd(t, STATE_JUMPED, m);
        t->jumps++;
        t->piece_fixes = 0;
        follow_piece(t, m);
        add_false_place(t, m);
    } else if (fresh) {
        believe(t, k, m);
    } else {
        trust_learn(t, k, m);
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

void trust_forgive(struct trust *t)
{
    if (trust_suspended(t)) {
        restart(t);
    }
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
    c.p = (float)t->no_integrity / (float)t->samples >= GHOST_FROM ? 0.8F : 0.9F;
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
    const struct mark m = trust_mark(k);
    const bool fresh = t->last.t_ms == KEPT_NO_TIME || m.place.lat_e7 != t->last.place.lat_e7 ||
                       m.place.lon_e7 != t->last.place.lon_e7 || m.gs_kt <= 0.0F;
    const uint8_t flags = flags_of(t, k, repaired);
    uint32_t rules = trust_oddities(t, k, &m, fresh);
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
        trust_reckon(t, m.t_ms, &at, &radius_m);
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
