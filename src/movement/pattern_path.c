#include "movement/pattern_path.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const int64_t TIME_STEP_MS = INT64_C(1000) * PATTERN_TIME_STEP_S;
static const double REST_DEG = 10.0;
static const float KT_PER_MPS = 3600.0F / 1852.0F;
static const float STILL_KT = 30.0F;      /* slower, a track says little of a turn */
static const float CHORD_MIN_M = 100.0F;  /* shorter, a chord says little of a direction */
static const float CHORD_SURE_M = 250.0F; /* longer, it tells a turn from its 360 degree twin */
static const float TWIN_AFTER_S = 25.0F;  /* sooner, no turn passes 180 degrees */
static const float HALF_MAX_DEG = 150.0F, UNEVEN_DEG = 80.0F, RATE_MAX_DEG_S = 7.0F;
static const float ARC_OVER_CHORD_MAX = 1.571F; /* half a circle */

float pattern_wrap_deg(float deg)
{
    while (deg >= 180.0F) {
        deg -= 360.0F;
    }
    while (deg < -180.0F) {
        deg += 360.0F;
    }
    return deg;
}

int64_t pattern_time_ms(const struct pattern_path *p, unsigned i)
{
    const uint16_t ago = (uint16_t)(pattern_at(p, p->n - 1U)->t_s - pattern_at(p, i)->t_s);
    return p->point_ms - INT64_C(1000) * ago;
}

void pattern_path_init(struct pattern_path *p)
{
    *p = (struct pattern_path){.t_ms = KEPT_NO_TIME, .direction_deg = -1.0F, .gs_kt = -1.0F};
}

void pattern_path_free(struct pattern_path *p)
{
    free(p->point);
    p->point = NULL;
}

void pattern_path_clear(struct pattern_path *p)
{
    free(p->point); /* what is parked or silent needs none */
    p->point = NULL;
    p->capacity = 0;
    p->head = 0;
    p->n = 0;
    p->turned_deg = 0;
}

static void drop_oldest(struct pattern_path *p)
{
    if (p->n > 1) {
        p->turned_deg -= abs((int16_t)(pattern_at(p, 1)->turn_deg - pattern_at(p, 0)->turn_deg));
    }
    p->head = (uint16_t)((p->head + 1U) & (p->capacity - 1U));
    p->n--;
}

void pattern_path_forget(struct pattern_path *p, int64_t t_ms)
{
    while (p->n > 0 && pattern_time_ms(p, 0) < t_ms) {
        drop_oldest(p);
    }
}

/* Room for one more: a ring grows while its aircraft turns, and otherwise loses its oldest. */
static enum err make_room(struct pattern_path *p)
{
    if (p->n < p->capacity) {
        return ERR_OK;
    }
    if (p->capacity == PATTERN_POINTS_MAX || (p->capacity > 0 && p->turned_deg < 360)) {
        drop_oldest(p);
        return ERR_OK;
    }
    const unsigned capacity = p->capacity == 0 ? PATTERN_POINTS_MIN : p->capacity * 2U;
    struct pattern_point *point = malloc(capacity * sizeof *point);
    if (point == NULL) {
        return ERR_MEMORY;
    }
    for (unsigned i = 0; i < p->n; i++) {
        point[i] = *pattern_at(p, i);
    }
    free(p->point);
    p->point = point;
    p->capacity = (uint16_t)capacity;
    p->head = 0;
    return ERR_OK;
}

static enum err add_point(struct pattern_path *p, const struct kept *k)
{
    const enum err e = make_room(p);
    if (e != ERR_OK) {
        return e;
    }
    const int32_t alt = k->alt_baro_ft != KEPT_NONE ? k->alt_baro_ft : k->alt_geom_ft;
    struct pattern_point *at = &p->point[(p->head + p->n) & (p->capacity - 1U)];
    *at = (struct pattern_point){
        .lat_e7 = k->lat_e7,
        .lon_e7 = k->lon_e7,
        .t_s = (uint16_t)(k->t_ms / 1000),
        .alt = PATTERN_NO_ALT,
        .turn_deg = (int16_t)(uint16_t)llround(p->turn_deg),
        .way = (uint16_t)llround(p->way_m / PATTERN_WAY_UNIT_M),
    };
    if (alt > -10000 && alt < 200000) {
        at->alt = (int16_t)(alt / PATTERN_ALT_UNIT_FT);
    }
    p->n++;
    if (p->n > 1) {
        const int turned = abs((int16_t)(at->turn_deg - pattern_at(p, p->n - 2U)->turn_deg));
        p->turned_deg += turned;
        p->turned_deg_ever += turned;
    }
    p->point_ms = k->t_ms;
    p->point_turn_deg = p->turn_deg;
    p->fresh = true;
    while (p->n > 1 && k->t_ms - pattern_time_ms(p, 0) > INT64_C(1000) * PATTERN_WINDOW_S) {
        drop_oldest(p);
    }
    return ERR_OK;
}

/* The turn between two fixes with directions a and b, and the chord between them. Of a turn and its
   twins 360 degrees apart the chord of an even arc, which leaves at half the turn, fits one. */
static float turn_between(float a, float b, struct sphere_offset o, float chord_m, float dt_s)
{
    const float turn = pattern_wrap_deg(b - a);
    if (dt_s < TWIN_AFTER_S || chord_m < CHORD_SURE_M) {
        return turn;
    }
    /* An even arc leaves its chord by half the turn at either end. */
    const float c = sphere_offset_bearing_deg(o);
    const float before = pattern_wrap_deg(c - a), after = pattern_wrap_deg(b - c);
    const bool even = before * after > 0.0F && fabsf(before) <= HALF_MAX_DEG &&
                      fabsf(after) <= HALF_MAX_DEG && fabsf(before - after) <= UNEVEN_DEG;
    return even && fabsf(before + after) <= RATE_MAX_DEG_S * dt_s ? before + after : turn;
}

static void advance(struct pattern_path *p, const struct kept *k)
{
    const struct sphere_place place = {k->lat_e7, k->lon_e7};
    const float dt_s = (float)(k->t_ms - p->t_ms) / 1000.0F;
    const bool has_track = k->track_e2_deg >= 0;
    const float gs_kt = k->gs_e2_kt >= 0 ? (float)k->gs_e2_kt / 100.0F : -1.0F;
    const struct sphere_offset o = sphere_offset(p->place, place);
    const float chord_m = sqrtf(o.x_m * o.x_m + o.y_m * o.y_m);
    if (!has_track && chord_m < CHORD_MIN_M && dt_s < PATTERN_TIME_STEP_S) {
        return; /* waits until it has moved far enough to have a direction */
    }
    const float b = has_track
                        ? (float)k->track_e2_deg / 100.0F
                        : (chord_m < CHORD_MIN_M ? p->direction_deg : sphere_offset_bearing_deg(o));
    const bool still = gs_kt >= 0.0F && gs_kt < STILL_KT;
    if (p->direction_deg >= 0.0F && b >= 0.0F && !still) {
        p->turn_deg += (double)turn_between(p->direction_deg, b, o, chord_m, dt_s);
    }
    p->direction_deg = b;
    if (chord_m == 0.0F && !still && gs_kt > 0.0F) {
        return; /* an old position sent again: the next one is timed from when it was new */
    }
    float way_m = chord_m;
    if (gs_kt > 0.0F) {
        const float arc_m = gs_kt / KT_PER_MPS * dt_s;
        way_m = fminf(fmaxf(arc_m, chord_m), ARC_OVER_CHORD_MAX * chord_m);
    }
    p->way_m += (double)way_m;
    p->t_ms = k->t_ms;
    p->place = place;
    p->gs_kt = gs_kt;
}

enum err pattern_path_add(struct pattern_path *p, const struct kept *k)
{
    p->fresh = false;
    p->cut = false;
    if (p->t_ms == KEPT_NO_TIME || k->t_ms - p->t_ms > INT64_C(1000) * PATTERN_GAP_S) {
        p->cut = p->t_ms != KEPT_NO_TIME;
        pattern_path_clear(p);
        p->t_ms = k->t_ms;
        p->place = (struct sphere_place){k->lat_e7, k->lon_e7};
        p->direction_deg = k->track_e2_deg >= 0 ? (float)k->track_e2_deg / 100.0F : -1.0F;
        p->gs_kt = k->gs_e2_kt >= 0 ? (float)k->gs_e2_kt / 100.0F : -1.0F;
        return add_point(p, k);
    }
    advance(p, k);
    if (p->t_ms != k->t_ms) {
        return ERR_OK;
    }
    const double turned = fabs(p->turn_deg - p->point_turn_deg);
    const int64_t ms = k->t_ms - p->point_ms;
    /* What is left of a turn is not mixed with the straight flight after it. */
    if (p->n == 0 || turned >= PATTERN_TURN_STEP_DEG || ms >= TIME_STEP_MS ||
        (turned >= REST_DEG && ms >= TIME_STEP_MS / 2)) {
        return add_point(p, k);
    }
    return ERR_OK;
}
