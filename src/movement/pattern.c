#include "movement/pattern.h"

#include "movement/pattern_window.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    LOOK_EVERY_MS = 60000,  /* until something shows */
    LOOK_AGAIN_MS = 180000, /* while it lasts */
    QUIET_MIN_MS = 360000,  /* straight for longer: it has ended */
    QUIET_MAX_MS = 1500000,
    UNSEEN_MS = 900000,     /* no look has found it for so long: it has ended */
    HOLD_MAX_S = 2700,      /* longer is no hold */
    HOLD_DESCENT_FT = 8000, /* a hold on arrival comes after this much descent */
};

static const float NM_M = 1852.0F;
static const float STAYS = 0.3F, LOITER_LEGS = 0.35F;
static const float TURNING_DEG = 25.0F; /* a step with less turn is straight */

/* What one look says. */
struct look {
    enum claim_kind kind; /* ORBIT, HOLDING or SURVEY; CLAIM_KINDS nothing */
    const struct pattern_window *w;
    struct pattern_shape s;
};

/* What has been seen of it while it lasts. */
struct spell {
    int64_t lo_ms, sure_lo_ms, hi_ms, turn_ms; /* begin; newest look; newest turn */
    double signed_lo_deg, turned_lo_deg;       /* the path's sums when it began */
    int32_t straight_ms;                       /* longest between turns */
    uint16_t looks[CLAIM_KINDS], shapes[CLAIM_SHAPES];
    struct sphere_place first; /* middle of the first look; the others relative to it */
    struct sphere_place here;  /* middle of the newest look */
    float here_m;              /* and its size */
    float x_m, y_m, alt_ft, period_s, speed_kt; /* sums over the looks */
    float size_m, over;                         /* of the look most filled: way over size */
    float signed_deg, turned_deg;               /* as of the newest turn */
    uint16_t all, heights;
    uint32_t fixes;
};

struct pattern {
    struct pattern_path path;
    uint32_t address;
    uint16_t epoch;
    bool on;            /* a spell lasts */
    int32_t highest_ft; /* since the path began */
    int64_t looked_ms, turn_ms;
    uint32_t fixes;
    char flight[8];
    struct spell spell;
};

struct pattern *pattern_new(uint32_t address, uint16_t epoch)
{
    struct pattern *p = calloc(1, sizeof *p);
    if (p != NULL) {
        p->address = address;
        p->epoch = epoch;
        p->highest_ft = INT32_MIN;
        pattern_path_init(&p->path);
    }
    return p;
}

void pattern_free(struct pattern *p)
{
    if (p != NULL) {
        pattern_path_free(&p->path);
        free(p);
    }
}

/* Slow, tight, and never level: a glider, not somebody who circles to stay. */
static bool thermal(const struct pattern_window *w)
{
    return w->speed_kt < 75.0F && w->climb_fpm > 80.0F;
}

static bool large_racetrack(const struct pattern_window *w, const struct pattern_shape *s)
{
    return s->legs >= 4 && s->leg_m >= 8.0F * NM_M && s->parallel >= 0.9F && s->round >= 0.8F &&
           fabsf(w->signed_deg) >= 640.0F && s->drift < 0.6F && w->alt_sd_ft <= 300.0F;
}

static bool survey(const struct pattern_shape *s)
{
    return s->shape == CLAIM_SHAPE_LAWNMOWER && s->legs >= 5;
}

/* A hold is flown at an airliner's speed, a round in three to seven minutes, on the way down. */
static bool hold(const struct pattern *p, const struct pattern_window *w,
                 const struct pattern_shape *s)
{
    return p->highest_ft != INT32_MIN && isfinite(w->alt_ft) &&
           (float)p->highest_ft - w->alt_ft >= HOLD_DESCENT_FT && s->period_s >= 160.0F &&
           s->period_s <= 430.0F && w->alt_ft >= 2500.0F;
}

/* Looks back from the newest point. */
static struct look look(const struct pattern *p, struct pattern_window w[PATTERN_RULES])
{
    struct look l = {.kind = CLAIM_KINDS};
    const unsigned found = pattern_window_find(&p->path, w);
    static const uint8_t order[PATTERN_RULES] = {PATTERN_LINES, PATTERN_ROUNDS, PATTERN_EIGHTS,
                                                 PATTERN_LOITER, PATTERN_HOLD};
    for (unsigned i = 0; i < PATTERN_RULES && l.kind == CLAIM_KINDS; i++) {
        const unsigned r = order[i];
        if ((found >> r & 1U) == 0 || thermal(&w[r])) {
            continue;
        }
        l.w = &w[r];
        pattern_shape_find(&p->path, l.w, &l.s);
        switch (r) {
        case PATTERN_LINES:
            if (survey(&l.s)) {
                l.kind = CLAIM_SURVEY;
            } else if (large_racetrack(l.w, &l.s)) {
                l.kind = CLAIM_ORBIT;
                l.s.shape = CLAIM_SHAPE_RACETRACK;
            }
            break;
        case PATTERN_EIGHTS:
            l.kind = l.s.shape == CLAIM_SHAPE_FIGURE_EIGHT && l.s.moved <= STAYS ? CLAIM_ORBIT
                                                                                 : CLAIM_KINDS;
            break;
        case PATTERN_LOITER: /* and no star of straight lines */
            l.kind = l.s.leg_share <= LOITER_LEGS && l.s.moved <= STAYS ? CLAIM_ORBIT : CLAIM_KINDS;
            break;
        case PATTERN_HOLD:
            l.kind = hold(p, l.w, &l.s) ? CLAIM_HOLDING : CLAIM_KINDS;
            break;
        default:
            l.kind = CLAIM_ORBIT;
            break;
        }
    }
    return l;
}

static void begin(struct pattern *p, const struct look *l)
{
    const struct pattern_window *w = l->w;
    const uint32_t before = w->last - w->first; /* points of the ring: as many fixes at least */
    p->on = true;
    p->spell = (struct spell){
        .lo_ms = pattern_time_ms(&p->path, w->first),
        .sure_lo_ms = pattern_time_ms(&p->path, w->first + 1U),
        .signed_lo_deg = p->path.point_turn_deg - (double)w->signed_deg,
        .turned_lo_deg = p->path.turned_deg_ever - (double)w->turned_deg,
        .first = w->middle,
        .fixes = p->fixes > before ? p->fixes - before : 0,
    };
    int64_t turn_ms = p->spell.lo_ms;
    for (unsigned i = w->first + 1U; i <= w->last; i++) {
        const int step =
            (int16_t)(pattern_at(&p->path, i)->turn_deg - pattern_at(&p->path, i - 1U)->turn_deg);
        if (abs(step) >= (int)TURNING_DEG) {
            const int64_t t = pattern_time_ms(&p->path, i);
            if (t - turn_ms > p->spell.straight_ms) {
                p->spell.straight_ms = (int32_t)(t - turn_ms);
            }
            turn_ms = t;
        }
    }
    p->spell.turn_ms = turn_ms;
    p->spell.signed_deg = w->signed_deg;
    p->spell.turned_deg = w->turned_deg;
}

static void go_on(struct pattern *p, const struct look *l)
{
    struct spell *e = &p->spell;
    const struct sphere_offset o = sphere_offset(e->first, l->w->middle);
    const int64_t lo_ms = pattern_time_ms(&p->path, l->w->first);
    if (lo_ms < e->lo_ms) {
        e->lo_ms = lo_ms;
        e->sure_lo_ms = pattern_time_ms(&p->path, l->w->first + 1U);
        e->signed_lo_deg = p->path.point_turn_deg - (double)l->w->signed_deg;
        e->turned_lo_deg = p->path.turned_deg_ever - (double)l->w->turned_deg;
    }
    e->hi_ms = p->path.point_ms;
    e->here = l->w->middle;
    e->here_m = l->w->size_m;
    e->looks[l->kind]++;
    e->shapes[l->s.shape]++;
    e->all++;
    e->x_m += o.x_m;
    e->y_m += o.y_m;
    if (l->w->way_m / fmaxf(l->w->size_m, 1.0F) > e->over) {
        e->over = l->w->way_m / fmaxf(l->w->size_m, 1.0F);
        e->size_m = l->w->size_m;
    }
    e->period_s += l->s.period_s;
    e->speed_kt += l->w->speed_kt;
    if (isfinite(l->w->alt_ft)) {
        e->alt_ft += l->w->alt_ft;
        e->heights++;
    }
}

static enum claim_shape most_seen(const struct spell *e)
{
    unsigned best = CLAIM_SHAPE_IRREGULAR;
    for (unsigned i = CLAIM_SHAPE_NONE + 1; i < CLAIM_SHAPES; i++) {
        if (e->shapes[i] > e->shapes[best]) {
            best = i;
        }
    }
    return (enum claim_shape)best;
}

/* How surely it is a hold rather than an orbit, of rounds to one side; the weights are judgment,
   set on real holds and orbits. */
static float hold_p(const struct pattern *p, const struct claim *c)
{
    const struct spell *e = &p->spell;
    const float n = (float)e->all;
    const float speed_kt = e->speed_kt / n, period_s = e->period_s / n;
    const float seconds = (float)(c->sure_hi_ms - c->sure_lo_ms) / 1000.0F;
    float x = -0.5F;
    x += speed_kt >= 190.0F ? 2.0F : (speed_kt >= 165.0F ? 0.0F : -2.0F);
    x += period_s >= 190.0F && period_s <= 430.0F ? 1.5F : (period_s < 165.0F ? -2.0F : -1.0F);
    x += seconds <= 1800.0F ? 0.5F : (seconds <= HOLD_MAX_S ? -0.5F : -6.0F);
    if (c->alt_ft != CLAIM_NO_ALTITUDE) {
        const int32_t down_ft = p->highest_ft - c->alt_ft;
        x += down_ft >= 10000 ? 2.5F : (down_ft >= HOLD_DESCENT_FT ? 1.5F : -4.0F);
        x += c->alt_ft < 2500 || c->alt_ft > 25000 ? -3.0F : 0.0F;
    }
    return 1.0F / (1.0F + expf(-x));
}

/* How surely the shape is no chance: more rounds, more lines. */
static float shape_p(const struct claim *c)
{
    static const float once[CLAIM_SHAPES] = {[CLAIM_SHAPE_CIRCLE] = 1.5F,
                                             [CLAIM_SHAPE_RACETRACK] = 2.0F,
                                             [CLAIM_SHAPE_FIGURE_EIGHT] = 3.0F,
                                             [CLAIM_SHAPE_LAWNMOWER] = 3.0F,
                                             [CLAIM_SHAPE_IRREGULAR] = 6.0F};
    return 1.0F - expf(-(float)c->turns / once[c->shape]);
}

static void name(const struct pattern *p, struct claim *c)
{
    const struct spell *e = &p->spell;
    const enum claim_shape shape = most_seen(e);
    c->kind = CLAIM_ORBIT;
    c->shape = (uint8_t)shape;
    c->turns = (uint16_t)fminf(e->turned_deg / 360.0F, 65535.0F);
    if (shape == CLAIM_SHAPE_CIRCLE || shape == CLAIM_SHAPE_RACETRACK) {
        c->turns = (uint16_t)fminf(fabsf(e->signed_deg) / 360.0F, 65535.0F);
    }
    if (e->looks[CLAIM_SURVEY] * 2 > e->all || shape == CLAIM_SHAPE_LAWNMOWER) {
        c->kind = CLAIM_SURVEY;
        c->shape = CLAIM_SHAPE_LAWNMOWER;
        c->turns = (uint16_t)fminf(e->turned_deg / 180.0F + 1.0F, 65535.0F);
    }
    c->p = shape_p(c);
    if (c->kind == CLAIM_ORBIT && (shape == CLAIM_SHAPE_CIRCLE || shape == CLAIM_SHAPE_RACETRACK)) {
        const float held = hold_p(p, c);
        const bool is_hold = held >= 0.5F || e->looks[CLAIM_HOLDING] * 2 > e->all;
        c->kind = is_hold ? CLAIM_HOLDING : CLAIM_ORBIT;
        c->shape = (uint8_t)(is_hold ? CLAIM_SHAPE_RACETRACK : shape);
        c->p *= is_hold ? fmaxf(held, 0.5F) : 1.0F - held;
    }
}

static struct claim describe(const struct pattern *p)
{
    const struct spell *e = &p->spell;
    struct claim c = claim_none(CLAIM_ORBIT, p->address, p->epoch);
    const float n = (float)e->all;
    const struct sphere_offset o = {e->x_m / n, e->y_m / n};
    const float away_m = sqrtf(o.x_m * o.x_m + o.y_m * o.y_m);
    const struct sphere_place at =
        sphere_destination(e->first, (double)sphere_offset_bearing_deg(o), (double)away_m);
    c.method = CLAIM_METHOD_PATH;
    c.made_ms = p->path.t_ms;
    c.t_lo_ms = e->lo_ms;
    c.sure_lo_ms = e->sure_lo_ms;
    c.sure_hi_ms = e->turn_ms > e->sure_lo_ms ? e->turn_ms : e->sure_lo_ms;
    c.t_hi_ms = e->hi_ms > c.sure_hi_ms ? e->hi_ms : c.sure_hi_ms;
    c.lat_e7 = at.lat_e7;
    c.lon_e7 = at.lon_e7;
    c.radius_m = (uint32_t)(e->size_m / 2.0F);
    c.size_m = (uint32_t)e->size_m;
    if (e->heights > 0) {
        c.alt_ft = (int32_t)(e->alt_ft / (float)e->heights);
    }
    memcpy(c.flight, p->flight, sizeof c.flight);
    c.evidence.first_ms = c.t_lo_ms;
    c.evidence.last_ms = c.t_hi_ms;
    c.evidence.fixes = p->fixes - e->fixes;
    name(p, &c);
    return c;
}

static void finish(struct pattern *p, bool open, claim_fn *fn, void *ctx)
{
    if (!p->on) {
        return;
    }
    p->on = false;
    struct claim c = describe(p);
    c.flags |= open ? CLAIM_OPEN : 0;
    fn(ctx, &c);
}

/* How long without a turn until it is over: what it took between turns before, and half more. */
static int64_t quiet_ms(const struct spell *e)
{
    const int64_t ms = INT64_C(3) * e->straight_ms / 2;
    return ms < QUIET_MIN_MS ? QUIET_MIN_MS : (ms > QUIET_MAX_MS ? QUIET_MAX_MS : ms);
}

/* The newest point ended a turn made where the spell is: it lasts until here at least. */
static void last_turn(struct pattern *p)
{
    struct spell *e = &p->spell;
    const struct pattern_path *path = &p->path;
    const struct sphere_offset o = sphere_offset(e->here, path->place);
    const float reach_m = 0.75F * e->here_m;
    if (p->turn_ms <= e->turn_ms || o.x_m * o.x_m + o.y_m * o.y_m > reach_m * reach_m) {
        return;
    }
    if (e->turn_ms != 0 && p->turn_ms - e->turn_ms > e->straight_ms) {
        e->straight_ms = (int32_t)(p->turn_ms - e->turn_ms);
    }
    e->turn_ms = p->turn_ms;
    e->signed_deg = (float)(path->point_turn_deg - e->signed_lo_deg);
    e->turned_deg = (float)(path->turned_deg_ever - e->turned_lo_deg);
}

static void look_back(struct pattern *p)
{
    struct pattern_window w[PATTERN_RULES];
    const struct look l = look(p, w);
    p->looked_ms = p->path.point_ms;
    if (l.kind == CLAIM_KINDS) {
        return;
    }
    if (!p->on) {
        begin(p, &l);
    }
    go_on(p, &l);
}

/* A point was added: whether it ended a turn, and what it says. */
static void take_point(struct pattern *p, claim_fn *fn, void *ctx)
{
    struct pattern_path *path = &p->path;
    struct spell *e = &p->spell;
    if (path->n >= 2) {
        const int step = (int16_t)(pattern_at(path, path->n - 1U)->turn_deg -
                                   pattern_at(path, path->n - 2U)->turn_deg);
        p->turn_ms = abs(step) >= (int)TURNING_DEG ? path->point_ms : p->turn_ms;
    }
    if (path->turned_deg >= PATTERN_TURNED_MIN_DEG &&
        path->point_ms - p->looked_ms >= (p->on ? LOOK_AGAIN_MS : LOOK_EVERY_MS)) {
        look_back(p);
    }
    if (!p->on) {
        return;
    }
    last_turn(p);
    if (path->point_ms - e->turn_ms > quiet_ms(e) || path->point_ms - e->hi_ms > UNSEEN_MS) {
        finish(p, false, fn, ctx);
        pattern_path_forget(path, e->turn_ms);
    }
}

void pattern_cut(struct pattern *p, claim_fn *fn, void *ctx)
{
    finish(p, true, fn, ctx);
    pattern_path_clear(&p->path);
    p->path.t_ms = KEPT_NO_TIME;
    p->highest_ft = INT32_MIN;
}

enum err pattern_push(struct pattern *p, const struct kept *k, claim_fn *fn, void *ctx)
{
    if (k->t_ms == KEPT_NO_TIME || (p->path.t_ms != KEPT_NO_TIME && k->t_ms <= p->path.t_ms)) {
        return ERR_OK;
    }
    if (k->ground != 0) {
        if (p->path.t_ms != KEPT_NO_TIME) {
            pattern_cut(p, fn, ctx);
        }
        return ERR_OK;
    }
    if (p->path.t_ms != KEPT_NO_TIME && k->t_ms - p->path.t_ms > INT64_C(1000) * PATTERN_GAP_S) {
        pattern_cut(p, fn, ctx);
    }
    const enum err err = pattern_path_add(&p->path, k);
    if (err != ERR_OK) {
        return err;
    }
    p->fixes++;
    if (k->alt_baro_ft > p->highest_ft && k->alt_baro_ft < 100000) {
        p->highest_ft = k->alt_baro_ft;
    }
    if (k->flight[0] != '\0') {
        memcpy(p->flight, k->flight, sizeof p->flight);
    }
    if (p->path.fresh) {
        take_point(p, fn, ctx);
    }
    return ERR_OK;
}

bool pattern_now(const struct pattern *p, struct claim *now)
{
    if (p->on) {
        *now = describe(p);
        now->flags |= CLAIM_OPEN;
    }
    return p->on;
}
