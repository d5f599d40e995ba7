#include "movement/pattern_window.h"

#include <math.h>
#include <stdlib.h>

static const float LEG_TURN_DEG = 40.0F; /* a leg that has turned more is none */
static const float STEP_TURN_DEG = 25.0F;
static const float RACETRACK = 0.3F; /* of the way along one line; less is a circle */
static const float SAME_LINE = 0.1F; /* of how far the legs spread */

struct leg {
    float x, y, dx, dy; /* middle, and from end to end */
    float m;
};

struct legs {
    struct leg leg[PATTERN_LEGS_MAX];
    unsigned n;
    float straight_m;
};

static struct sphere_offset place_of(struct sphere_place origin, const struct pattern_point *q)
{
    return sphere_offset(origin, (struct sphere_place){q->lat_e7, q->lon_e7});
}

static void add_leg(struct legs *l, struct sphere_offset a, struct sphere_offset b)
{
    struct leg g = {.x = (a.x_m + b.x_m) / 2.0F,
                    .y = (a.y_m + b.y_m) / 2.0F,
                    .dx = b.x_m - a.x_m,
                    .dy = b.y_m - a.y_m};
    g.m = sqrtf(g.dx * g.dx + g.dy * g.dy);
    if (g.m < 1.0F) {
        return;
    }
    l->straight_m += g.m;
    if (l->n == PATTERN_LEGS_MAX) { /* the newest stay */
        for (unsigned i = 1; i < l->n; i++) {
            l->leg[i - 1] = l->leg[i];
        }
        l->n--;
    }
    l->leg[l->n++] = g;
}

/* Runs of steps that hardly turn. */
static void find_legs(const struct pattern_path *p, const struct pattern_window *w, struct legs *l)
{
    unsigned from = w->first;
    l->n = 0;
    l->straight_m = 0.0F;
    for (unsigned i = w->first; i <= w->last; i++) {
        const struct pattern_point *q = pattern_at(p, i);
        const bool last = i == w->last;
        const float step =
            last ? 360.0F : fabsf((float)(int16_t)(pattern_at(p, i + 1)->turn_deg - q->turn_deg));
        const float whole = last ? 360.0F
                                 : fabsf((float)(int16_t)(pattern_at(p, i + 1)->turn_deg -
                                                          pattern_at(p, from)->turn_deg));
        if (step < STEP_TURN_DEG && whole < LEG_TURN_DEG) {
            continue;
        }
        if (i > from) {
            add_leg(l, place_of(w->middle, pattern_at(p, from)), place_of(w->middle, q));
        }
        from = step < STEP_TURN_DEG ? i : i + 1;
    }
}

static int by_size(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static float median(float *v, unsigned n)
{
    qsort(v, n, sizeof *v, by_size);
    return n == 0 ? 0.0F : v[n / 2];
}

/* How far the lines of legs move on from leg to leg: their rank correlation with time. */
static float drift_of(const struct legs *l, float ux, float uy)
{
    float offset[PATTERN_LEGS_MAX];
    unsigned n = 0;
    for (unsigned i = 0; i < l->n; i++) {
        const struct leg *g = &l->leg[i];
        if (fabsf(g->dx * ux + g->dy * uy) > 0.85F * g->m) {
            offset[n++] = g->y * ux - g->x * uy;
        }
    }
    if (n < 4) {
        return 0.0F;
    }
    float lo = offset[0], hi = offset[0];
    for (unsigned i = 1; i < n; i++) {
        lo = fminf(lo, offset[i]);
        hi = fmaxf(hi, offset[i]);
    }
    const float same = SAME_LINE * (hi - lo);
    int agree = 0, pairs = 0;
    for (unsigned i = 0; i < n; i++) {
        for (unsigned j = i + 1; j < n; j++) {
            agree += (offset[j] > offset[i] + same) - (offset[j] < offset[i] - same);
            pairs++;
        }
    }
    return fabsf((float)agree) / (float)pairs;
}

/* The line most legs lie along: angles doubled, so that there and back are one. */
static void align(const struct legs *l, struct pattern_shape *s)
{
    float c = 0.0F, d = 0.0F, sum = 0.0F, length[PATTERN_LEGS_MAX];
    for (unsigned i = 0; i < l->n; i++) {
        const struct leg *g = &l->leg[i];
        c += (g->dx * g->dx - g->dy * g->dy) / g->m;
        d += 2.0F * g->dx * g->dy / g->m;
        sum += g->m;
        length[i] = g->m;
    }
    s->legs = l->n;
    if (l->n == 0) {
        return;
    }
    s->parallel = sqrtf(c * c + d * d) / sum;
    const float half = atan2f(d, c) / 2.0F;
    s->drift = drift_of(l, cosf(half), sinf(half));
    s->leg_m = median(length, l->n);
}

/* The turns, each as long as it goes to one side; wobble of a step or so ends none. */
static float alternation(const struct pattern_path *p, const struct pattern_window *w)
{
    float run = 0.0F, good = 0.0F;
    bool before = false;
    for (unsigned i = w->first; i <= w->last; i++) {
        const bool end = i == w->last;
        const float step =
            end ? 0.0F
                : (float)(int16_t)(pattern_at(p, i + 1)->turn_deg - pattern_at(p, i)->turn_deg);
        if (!end && (step * run >= 0.0F || fabsf(step) < STEP_TURN_DEG)) {
            run += step;
            continue;
        }
        const bool lobe = fabsf(run) >= 130.0F && fabsf(run) <= 330.0F;
        good += lobe && before ? fabsf(run) : 0.0F;
        before = lobe;
        run = step;
    }
    return good / fmaxf(w->turned_deg, 1.0F);
}

/* How much of the way lies along one line, there or back: 0 on a circle, the straight share on a
   racetrack. */
static float along_one_line(const struct pattern_path *p, const struct pattern_window *w)
{
    float c = 0.0F, d = 0.0F, sum = 0.0F;
    struct sphere_offset a = place_of(w->middle, pattern_at(p, w->first));
    for (unsigned i = w->first + 1U; i <= w->last; i++) {
        const struct sphere_offset b = place_of(w->middle, pattern_at(p, i));
        const float x = b.x_m - a.x_m, y = b.y_m - a.y_m;
        const float m = fmaxf(sqrtf(x * x + y * y), 1.0F);
        c += (x * x - y * y) / m;
        d += 2.0F * x * y / m;
        sum += m;
        a = b;
    }
    return sqrtf(c * c + d * d) / fmaxf(sum, 1.0F);
}

/* How far the right turns lie from the left ones, of its size: in an eight each has its own end. */
static float two_ends(const struct pattern_path *p, const struct pattern_window *w)
{
    struct sphere_offset end[2] = {{0.0F, 0.0F}, {0.0F, 0.0F}};
    float n[2] = {0.0F, 0.0F};
    for (unsigned i = w->first + 1U; i <= w->last; i++) {
        const int step = (int16_t)(pattern_at(p, i)->turn_deg - pattern_at(p, i - 1U)->turn_deg);
        if (abs(step) >= (int)STEP_TURN_DEG) {
            const struct sphere_offset o = place_of(w->middle, pattern_at(p, i));
            end[step > 0].x_m += o.x_m;
            end[step > 0].y_m += o.y_m;
            n[step > 0] += 1.0F;
        }
    }
    const float x = end[0].x_m / fmaxf(n[0], 1.0F) - end[1].x_m / fmaxf(n[1], 1.0F);
    const float y = end[0].y_m / fmaxf(n[0], 1.0F) - end[1].y_m / fmaxf(n[1], 1.0F);
    return n[0] * n[1] > 0.0F ? sqrtf(x * x + y * y) / fmaxf(w->size_m, 1.0F) : 0.0F;
}

/* Whether it stays: how far the middle of the points moves from the first half to the second. */
static float moved(const struct pattern_path *p, const struct pattern_window *w)
{
    const unsigned n = w->last - w->first + 1U, half = n / 2U;
    struct sphere_offset a = {0.0F, 0.0F}, b = {0.0F, 0.0F};
    for (unsigned i = 0; i < 2U * half; i++) {
        const struct sphere_offset o = place_of(w->middle, pattern_at(p, w->first + i));
        struct sphere_offset *sum = i < half ? &a : &b;
        sum->x_m += o.x_m / (float)half;
        sum->y_m += o.y_m / (float)half;
    }
    const float x = b.x_m - a.x_m, y = b.y_m - a.y_m;
    return sqrtf(x * x + y * y) / fmaxf(w->size_m, 1.0F);
}

void pattern_shape_find(const struct pattern_path *p, const struct pattern_window *w,
                        struct pattern_shape *s)
{
    struct legs l;
    *s = (struct pattern_shape){.shape = CLAIM_SHAPE_IRREGULAR};
    find_legs(p, w, &l);
    align(&l, s);
    s->leg_share = l.straight_m / fmaxf(w->way_m, 1.0F);
    s->round = fabsf(w->signed_deg) / fmaxf(w->turned_deg, 1.0F);
    s->alternate = alternation(p, w);
    s->moved = moved(p, w);
    s->period_s = w->seconds * 360.0F / fmaxf(w->turned_deg, 1.0F);
    if (s->legs >= 4 && s->leg_share >= 0.5F && s->parallel >= 0.8F && s->drift >= 0.6F) {
        s->shape = CLAIM_SHAPE_LAWNMOWER;
    } else if (s->round >= 0.75F) {
        s->shape = along_one_line(p, w) >= RACETRACK ? CLAIM_SHAPE_RACETRACK : CLAIM_SHAPE_CIRCLE;
    } else if (s->round <= 0.4F && s->alternate >= 0.6F && two_ends(p, w) >= 0.4F) {
        s->shape = CLAIM_SHAPE_FIGURE_EIGHT;
    }
}
