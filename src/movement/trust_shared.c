#include "movement/trust_shared.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const float NM_M = 1852.0F;
static const float DEG = 3.14159265F / 180.0F;
static const float FREE_M = 5556.0F;
static const float FAST_KT = 900.0F;

enum {
    AT_ONCE_MS = 1800000, /* two paths, each heard within so long: at once */
    OVER_MS = 7200000,    /* one silent for so long: no more at once */
    IN_TURN_MS = 1800000, /* silence after which a jump is another airframe's */
    FORGOTTEN_DAYS = 30,
    RETURNS = 2,
    FIXES = 3,
    OTHER_HEIGHT_FT = 1000,
};

static const int64_t FORGOTTEN_MS = INT64_C(86400000) * FORGOTTEN_DAYS;

static float gap_s(const struct shared_head *h, const struct kept *k)
{
    return (float)(k->t_ms - h->t_ms) / 1000.0F;
}

static float away_m(const struct shared_head *h, const struct kept *k)
{
    const struct sphere_offset o =
        sphere_offset(h->place, (struct sphere_place){k->lat_e7, k->lon_e7});
    return sqrtf(o.x_m * o.x_m + o.y_m * o.y_m);
}

static bool reaches(const struct shared_head *h, const struct kept *k)
{
    const float fast_kt = fmaxf(FAST_KT, 1.3F * h->gs_kt);
    return away_m(h, k) <= FREE_M + fast_kt * NM_M / 3600.0F * gap_s(h, k);
}

/* How far off the point is from where the head would be by now, less where the call sign agrees. */
static float misfit_m(const struct shared_head *h, const struct kept *k)
{
    const struct sphere_offset o =
        sphere_offset(h->place, (struct sphere_place){k->lat_e7, k->lon_e7});
    float x = o.x_m, y = o.y_m;
    if (h->gs_kt > 0.0F && h->track_deg >= 0.0F && gap_s(h, k) < 1200.0F) {
        const float way_m = h->gs_kt * NM_M / 3600.0F * gap_s(h, k);
        x -= way_m * sinf(h->track_deg * DEG);
        y -= way_m * cosf(h->track_deg * DEG);
    }
    const bool named = k->flight[0] != '\0' && h->flight[0] != '\0';
    const bool same = named && memcmp(k->flight, h->flight, sizeof h->flight) == 0;
    return sqrtf(x * x + y * y) * (same ? 0.5F : 1.0F) * (named && !same ? 4.0F : 1.0F);
}

static void note(struct shared_head *h, const struct kept *k)
{
    h->t_ms = k->t_ms;
    h->place = (struct sphere_place){k->lat_e7, k->lon_e7};
    h->alt_ft = k->alt_baro_ft;
    h->gs_kt = k->gs_e2_kt >= 0 ? (float)k->gs_e2_kt / 100.0F : -1.0F;
    h->track_deg = k->track_e2_deg >= 0 ? (float)k->track_e2_deg / 100.0F : -1.0F;
    if (k->flight[0] != '\0') {
        memcpy(h->flight, k->flight, sizeof h->flight);
    }
    h->fixes += h->fixes < UINT16_MAX;
}

static bool other_call_sign(const struct shared_head *a, const char flight[8])
{
    return a->flight[0] != '\0' && flight[0] != '\0' && memcmp(a->flight, flight, 8) != 0;
}

/* Two aircraft, not one whose positions jump. */
static bool differ(const struct shared_head *a, const struct shared_head *b)
{
    const bool heights = a->alt_ft != KEPT_NONE && b->alt_ft != KEPT_NONE;
    return other_call_sign(a, b->flight) ||
           (heights && abs(a->alt_ft - b->alt_ft) > OTHER_HEIGHT_FT);
}

static void claim_shared(struct shared *s, uint32_t address, bool open, claim_fn *fn, void *ctx)
{
    if (s->first_ms == 0) {
        return;
    }
    struct claim c = claim_none(CLAIM_ADDRESS_SHARED, address, s->head[0].epoch);
    c.method = CLAIM_METHOD_TRUST;
    c.made_ms = s->last_ms;
    c.t_lo_ms = c.sure_lo_ms = s->first_ms;
    c.t_hi_ms = c.sure_hi_ms = s->last_ms;
    c.lat_e7 = s->other.lat_e7;
    c.lon_e7 = s->other.lon_e7;
    c.flags = open ? CLAIM_OPEN : 0;
    c.p = 0.97F;
    c.evidence.rules = 1U << CLAIM_RULE_TELEPORT;
    c.evidence.first_ms = s->first_ms;
    c.evidence.last_ms = s->last_ms;
    s->first_ms = 0;
    fn(ctx, &c);
}

/* The head this point goes on from: of those it can come from the one it fits best. */
static int find(const struct shared *s, const struct kept *k)
{
    int best = -1;
    float least = 0.0F;
    for (int i = 0; i < s->heads; i++) {
        if (!reaches(&s->head[i], k)) {
            continue;
        }
        const float m = misfit_m(&s->head[i], k);
        if (best < 0 || m < least) {
            best = i;
            least = m;
        }
    }
    return best;
}

/* A path nobody knew: takes the place of an unconfirmed one, or of the one longest silent. */
static int add_head(struct shared *s)
{
    int at = s->heads;
    if (s->heads < SHARED_HEADS) {
        s->heads++;
    } else {
        at = s->confirmed < SHARED_HEADS ? SHARED_HEADS - 1 : 0;
        for (int i = 0; s->confirmed == SHARED_HEADS && i < SHARED_HEADS; i++) {
            at = s->head[i].t_ms < s->head[at].t_ms ? i : at;
        }
    }
    s->head[at] = (struct shared_head){.gs_kt = -1.0F, .track_deg = -1.0F, .alt_ft = KEPT_NONE};
    return at;
}

/* Both have been come back to: the second becomes an airframe of its own. */
static void confirm(struct shared *s, int i, int64_t t_ms)
{
    struct shared_head *h = &s->head[i];
    for (int j = 0; j < s->confirmed; j++) {
        const struct shared_head *g = &s->head[j];
        const bool often = h->returns >= RETURNS && g->returns >= RETURNS;
        if (!often || h->fixes < FIXES || g->fixes < FIXES || !differ(h, g) ||
            t_ms - g->t_ms > AT_ONCE_MS) {
            continue;
        }
        const struct shared_head found = *h;
        s->head[i] = s->head[s->confirmed];
        s->head[s->confirmed] = found;
        s->head[s->confirmed].epoch = s->epochs++;
        s->current = s->confirmed++;
        if (s->first_ms == 0) {
            s->first_ms = t_ms;
            s->other = found.place;
        }
        return;
    }
}

static bool in_turn(const struct shared_head *before, const struct kept *k)
{
    return k->t_ms - before->t_ms > IN_TURN_MS && other_call_sign(before, k->flight);
}

static uint16_t start(struct shared *s, const struct kept *k)
{
    s->heads = 0;
    s->confirmed = 1;
    s->current = 0;
    struct shared_head *h = &s->head[add_head(s)];
    h->epoch = s->epochs++;
    note(h, k);
    return h->epoch;
}

uint16_t shared_push(struct shared *s, const struct kept *k, claim_fn *fn, void *ctx)
{
    if (s->heads == 0) {
        return start(s, k);
    }
    if (s->first_ms != 0 && k->t_ms - s->last_ms > OVER_MS) {
        claim_shared(s, k->address, false, fn, ctx);
    }
    const struct shared_head before = s->head[s->current];
    if (k->t_ms - before.t_ms > FORGOTTEN_MS) {
        claim_shared(s, k->address, false, fn, ctx);
        return start(s, k);
    }
    int i = find(s, k);
    if (i < 0 && s->confirmed == 1 && in_turn(&before, k)) {
        return start(s, k);
    }
    if (i < 0) {
        i = add_head(s);
    }
    struct shared_head *h = &s->head[i];
    if (i != s->current && !reaches(&before, k)) {
        h->returns += h->returns < UINT16_MAX;
    }
    s->current = (uint8_t)i;
    note(h, k);
    if (i >= s->confirmed) {
        confirm(s, i, k->t_ms);
    }
    const struct shared_head *now = &s->head[s->current];
    if (s->confirmed > 1) {
        const int64_t a = s->head[0].t_ms, b = s->head[1].t_ms;
        s->last_ms = a < b ? a : b;
        if (s->first_ms == 0 && k->t_ms - s->last_ms < AT_ONCE_MS) { /* at once again */
            s->first_ms = k->t_ms;
        }
    }
    /* Until it is told apart it is the first one's, whose positions seem to jump. */
    return s->current < s->confirmed ? now->epoch : s->head[0].epoch;
}

void shared_end(struct shared *s, uint32_t address, claim_fn *fn, void *ctx)
{
    claim_shared(s, address, true, fn, ctx);
    *s = (struct shared){0};
}
