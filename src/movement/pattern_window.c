#include "movement/pattern_window.h"

#include <float.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>

enum {
    DIRECTIONS = 8,
    ALT_STEP_FT = 75 /* less is the altimeter's own step */
};

static const float DEG = 3.14159265F / 180.0F;
static const float KT_PER_MPS = 3600.0F / 1852.0F;
static const float SIZE_MAX_M = 160000.0F;
static const float WINDOW_MIN_S = 240.0F;
static const float SPEED_MIN_KT = 40.0F;

/* Sums over the points taken so far. */
struct sums {
    float lo[DIRECTIONS], hi[DIRECTIONS];
    float x, y, alt, alt2, climbed_ft;
    float area_m2; /* right turns enclose a positive one */
    struct sphere_offset last;
    unsigned n, n_alt;
    int last_alt; /* from which height gained or lost is counted */
};

/* Unit vectors 22.5 degrees apart: an extent errs by less than 2 % whichever way it lies. */
static const float cosine[DIRECTIONS] = {1.0F, 0.9238795F,  0.7071068F,  0.3826834F,
                                         0.0F, -0.3826834F, -0.7071068F, -0.9238795F};
static const float sine[DIRECTIONS] = {0.0F, 0.3826834F, 0.7071068F, 0.9238795F,
                                       1.0F, 0.9238795F, 0.7071068F, 0.3826834F};

static float take(struct sums *s, struct sphere_offset o, int alt)
{
    float size = 0.0F;
    for (unsigned d = 0; d < DIRECTIONS; d++) {
        const float along = o.x_m * cosine[d] + o.y_m * sine[d];
        s->lo[d] = fminf(s->lo[d], along);
        s->hi[d] = fmaxf(s->hi[d], along);
        size = fmaxf(size, s->hi[d] - s->lo[d]);
    }
    if (s->n > 0) { /* the order is backward */
        s->area_m2 += (s->last.x_m * o.y_m - s->last.y_m * o.x_m) / 2.0F;
    }
    s->last = o;
    s->x += o.x_m;
    s->y += o.y_m;
    s->n++;
    if (alt != PATTERN_NO_ALT) {
        const float ft = (float)alt * PATTERN_ALT_UNIT_FT;
        s->alt += ft;
        s->alt2 += ft * ft;
        if (s->last_alt == PATTERN_NO_ALT) {
            s->last_alt = alt;
        } else if (abs(alt - s->last_alt) * PATTERN_ALT_UNIT_FT >= ALT_STEP_FT) {
            s->climbed_ft += (float)(abs(alt - s->last_alt) * PATTERN_ALT_UNIT_FT);
            s->last_alt = alt;
        }
        s->n_alt++;
    }
    return size;
}

static float deviation(const struct sums *s)
{
    if (s->n_alt < 2) {
        return 0.0F;
    }
    const float mean = s->alt / (float)s->n_alt;
    return sqrtf(fmaxf(0.0F, s->alt2 / (float)s->n_alt - mean * mean));
}

/* Level enough: a descent, or approach after approach, is no pattern in itself. */
static bool level(const struct pattern_window *w, float sd_ft, float climb_fpm)
{
    return w->alt_sd_ft <= sd_ft || w->climb_fpm <= climb_fpm;
}

/* Rounds go around something: the area they enclose, over that of as many circles as long. Where a
   round has few points it says nothing. */
static bool encloses(const struct pattern_window *w)
{
    const float rounds = w->signed_deg / 360.0F;
    if ((float)(w->last - w->first) < 6.0F * fabsf(rounds)) {
        return true;
    }
    return 12.566F * w->area_m2 * rounds >= 0.12F * w->way_m * w->way_m;
}

/* Whether a stretch may be what rule i looks for, and how well it is filled: the way flown over the
   extent. 0: it is not. */
static float fits(const struct pattern_window *w, enum pattern_rule rule)
{
    const float over = w->way_m / fmaxf(w->size_m, 1.0F);
    const float turn = fabsf(w->signed_deg);
    switch (rule) {
    case PATTERN_ROUNDS: /* to one side */
        return turn >= 900.0F && turn >= 0.75F * w->turned_deg && over >= 3.0F && encloses(w) &&
                       level(w, 500.0F, 200.0F)
                   ? over
                   : 0.0F;
    case PATTERN_LOITER: /* to and fro, over and over */
        return w->turned_deg >= 1800.0F && over >= 12.0F && w->seconds >= 1500.0F &&
                       w->alt_sd_ft <= 300.0F && w->climb_fpm <= 250.0F
                   ? over
                   : 0.0F;
    case PATTERN_LINES: /* long legs; the shape decides */
        return w->turned_deg >= 600.0F && over >= 2.5F && w->seconds >= 900.0F &&
                       level(w, 300.0F, 100.0F)
                   ? over
                   : 0.0F;
    case PATTERN_EIGHTS:
        return w->turned_deg >= 1400.0F && turn <= 0.4F * w->turned_deg && over >= 5.0F &&
                       w->seconds >= 1800.0F && w->alt_sd_ft <= 300.0F && w->climb_fpm <= 250.0F
                   ? over
                   : 0.0F;
    case PATTERN_HOLD:
        return turn >= 620.0F && turn >= 0.9F * w->turned_deg && over >= 2.5F &&
                       w->size_m <= 28000.0F && w->seconds <= 2700.0F && w->speed_kt >= 140.0F &&
                       w->speed_kt <= 330.0F
                   ? over
                   : 0.0F;
    default:
        return 0.0F;
    }
}

static struct sphere_place middle_of(const struct sums *s, struct sphere_place here)
{
    const float cos_lat = fmaxf(cosf((float)here.lat_e7 * 1e-7F * DEG), 0.01F);
    const float north = s->y / (float)s->n / (float)SPHERE_M_PER_LAT_E7;
    const float east = s->x / (float)s->n / ((float)SPHERE_M_PER_LAT_E7 * cos_lat);
    return (struct sphere_place){here.lat_e7 + (int32_t)north,
                                 sphere_wrap_e7(here.lon_e7 + (int64_t)east)};
}

/* Adds the point and what lies between it and the one after it. */
static void extend(struct pattern_window *at, struct sums *s, const struct pattern_point *q,
                   const struct pattern_point *after, const struct pattern_point *newest)
{
    const struct sphere_place here = {newest->lat_e7, newest->lon_e7};
    const struct sphere_place place = {q->lat_e7, q->lon_e7};
    at->size_m = take(s, sphere_offset(here, place), q->alt);
    at->area_m2 = s->area_m2;
    at->seconds = (float)(uint16_t)(newest->t_s - q->t_s);
    at->signed_deg = (float)(int16_t)(newest->turn_deg - q->turn_deg);
    at->turned_deg += fabsf((float)(int16_t)(after->turn_deg - q->turn_deg));
    at->way_m += (float)(uint16_t)(after->way - q->way) * PATTERN_WAY_UNIT_M;
    at->speed_kt = at->way_m / fmaxf(at->seconds, 1.0F) * KT_PER_MPS;
    at->climb_fpm = s->climbed_ft / fmaxf(at->seconds, 1.0F) * 60.0F;
}

unsigned pattern_window_find(const struct pattern_path *p, struct pattern_window w[PATTERN_RULES])
{
    struct sums s = {.last_alt = PATTERN_NO_ALT};
    float best[PATTERN_RULES] = {0};
    unsigned found = 0;
    for (unsigned i = 0; i < DIRECTIONS; i++) {
        s.lo[i] = FLT_MAX;
        s.hi[i] = -FLT_MAX;
    }
    const struct pattern_point *newest = p->n > 0 ? pattern_at(p, p->n - 1U) : NULL;
    const struct pattern_point *after = newest;
    struct pattern_window at = {.last = p->n - 1U};
    for (unsigned i = p->n; i-- > 0;) {
        const struct pattern_point *q = pattern_at(p, i);
        extend(&at, &s, q, after, newest);
        if (at.size_m > SIZE_MAX_M) {
            break;
        }
        after = q;
        at.first = i;
        if (at.turned_deg < PATTERN_TURNED_MIN_DEG || at.seconds < WINDOW_MIN_S ||
            at.speed_kt < SPEED_MIN_KT) {
            continue;
        }
        at.alt_sd_ft = deviation(&s);
        for (unsigned r = 0; r < PATTERN_RULES; r++) {
            const float fit = fits(&at, (enum pattern_rule)r);
            if (fit > best[r]) {
                best[r] = fit;
                found |= 1U << r;
                at.alt_ft = s.n_alt > 0 ? s.alt / (float)s.n_alt : NAN;
                at.middle = middle_of(&s, (struct sphere_place){newest->lat_e7, newest->lon_e7});
                w[r] = at;
            }
        }
    }
    return found;
}
