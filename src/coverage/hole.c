#include "coverage/hole.h"

#include "geo/sphere.h"

#include <math.h>
#include <stdlib.h>

enum {
    QUIET_S = 120,
    QUIET_ADSC_S = 2100, /* a contract reports every 15 to 30 minutes */
    NEAR_S = 600,        /* so long a silence may hide turns, but no journey */
    STEP_S = 60,
    LOW_FT = 24500, /* below, a steady descent is towards a runway */
    ENDS_MIN = 8,   /* what take-off, climb, approach add to the way */
    LEVEL_FPM = 500,
    CRUISE_E2_KT = 25000,
    STRAIGHT_STEP_S = 240, /* a cell */
    STRAIGHT_STEPS = 37    /* two hours and a half */
};

static const double sink_fpm = 300, ft_per_nm = 1000 / 3.2, airport_nm = 5, usual_kt = 420;

int32_t hole_quiet_s(uint8_t origin)
{
    return origin == ORIGIN_ADSC ? QUIET_ADSC_S : QUIET_S;
}

int32_t hole_height_ft(const struct kept *p)
{
    if (p->ground) {
        return 0;
    }
    return p->alt_baro_ft != KEPT_NONE ? p->alt_baro_ft : p->alt_geom_ft;
}

static bool moves(const struct kept *p, double sign)
{
    const int32_t rate = p->baro_rate_fpm != KEPT_NONE ? p->baro_rate_fpm : p->geom_rate_fpm;
    const int32_t height_ft = hole_height_ft(p);
    return !p->ground && height_ft != KEPT_NONE && height_ft < LOW_FT && rate != KEPT_NONE &&
           sign * rate >= sink_fpm;
}

bool hole_sinks(const struct kept *p)
{
    return moves(p, -1);
}

bool hole_rises(const struct kept *p)
{
    return moves(p, 1);
}

static struct sphere_place place(const struct kept *p)
{
    return (struct sphere_place){p->lat_e7, p->lon_e7};
}

/* Mean of the speeds that are known, knots; 0 where none is. */
static double speed_kt(const struct kept *a, const struct kept *b)
{
    double sum = 0;
    int n = 0;
    if (a->gs_e2_kt != KEPT_NONE && !a->ground) {
        sum += a->gs_e2_kt / 100.0, n++;
    }
    if (b->gs_e2_kt != KEPT_NONE && !b->ground) {
        sum += b->gs_e2_kt / 100.0, n++;
    }
    return n ? sum / n : 0;
}

static bool keeps_course(const struct kept *p, double bearing_deg, double most_deg)
{
    if (p->track_e2_deg == KEPT_NONE || p->ground) {
        return true;
    }
    double turn = fabs(p->track_e2_deg / 100.0 - bearing_deg);
    turn = turn > 180 ? 360 - turn : turn;
    return turn <= most_deg;
}

bool hole_was_flown(const struct kept *a, const struct kept *b)
{
    const int64_t dt_ms = b->t_ms - a->t_ms;
    if (dt_ms <= 0 || (a->ground && b->ground)) {
        return false;
    }
    const double nm = sphere_distance_m(place(a), place(b)) / SPHERE_M_PER_NM;
    const double dt_s = (double)dt_ms / 1000, went_kt = nm / (dt_s / 3600);
    const double kt = speed_kt(a, b);
    const bool near_fast = went_kt <= (kt > 0 ? kt * 1.4 + 50 : 650);
    if (dt_s <= NEAR_S) {
        return near_fast;
    }
    const bool fast_enough = kt > 0 ? went_kt >= kt * 0.75 : went_kt >= 200;
    const bool slow_enough = kt > 0 ? went_kt <= kt * 1.25 : went_kt <= 620;
    return fast_enough && slow_enough &&
           keeps_course(a, sphere_bearing_deg(place(a), place(b)), 40) &&
           keeps_course(b, fmod(sphere_bearing_deg(place(b), place(a)) + 180, 360), 60);
}

int64_t hole_way_ms(const struct kept *a, const struct kept *b)
{
    const double nm = sphere_distance_m(place(a), place(b)) / SPHERE_M_PER_NM;
    return nm < airport_nm ? 0 : (int64_t)((nm / usual_kt * 60 + ENDS_MIN) * 60000);
}

bool hole_cruises(const struct kept *p)
{
    const int32_t rate = p->baro_rate_fpm != KEPT_NONE ? p->baro_rate_fpm : p->geom_rate_fpm;
    const int32_t height_ft = hole_height_ft(p);
    return !p->ground && height_ft != KEPT_NONE && height_ft >= LOW_FT &&
           (rate == KEPT_NONE || abs(rate) < LEVEL_FPM) && p->gs_e2_kt != KEPT_NONE &&
           p->gs_e2_kt >= CRUISE_E2_KT && p->track_e2_deg != KEPT_NONE;
}

/* A point so far on, or back. */
static struct kept moved(const struct kept *p, bool back, double nm)
{
    struct kept to = *p;
    const double bearing_deg = fmod(p->track_e2_deg / 100.0 + (back ? 180 : 0), 360);
    const struct sphere_place at = sphere_destination(place(p), bearing_deg, nm * SPHERE_M_PER_NM);
    to.lat_e7 = at.lat_e7, to.lon_e7 = at.lon_e7;
    return to;
}

struct kept hole_foot(const struct kept *p)
{
    const double nm = hole_height_ft(p) / ft_per_nm;
    struct kept to = p->track_e2_deg == KEPT_NONE ? *p : moved(p, hole_rises(p), nm);
    const double kt = p->gs_e2_kt == KEPT_NONE || p->gs_e2_kt < 10000 ? 200 : p->gs_e2_kt / 100.0;
    const int64_t ms = (int64_t)(nm / (kt * 0.75) * 3.6e6);
    to.t_ms += hole_rises(p) ? -ms : ms;
    to.alt_baro_ft = to.alt_geom_ft = KEPT_NONE;
    to.ground = 1;
    return to;
}

unsigned hole_straight(const struct kept *p, int sign, struct hole_step out[HOLE_STEPS_MAX])
{
    const double nm = p->gs_e2_kt / 100.0 * STRAIGHT_STEP_S / 3600;
    unsigned n = 0;
    for (; n < STRAIGHT_STEPS; n++) {
        const struct kept at = moved(p, sign < 0, nm * (n + 0.5));
        out[n] = (struct hole_step){
            .t_ms = p->t_ms + sign * (int64_t)(n * STRAIGHT_STEP_S + STRAIGHT_STEP_S / 2) * 1000,
            .lat_e7 = at.lat_e7,
            .lon_e7 = at.lon_e7,
            .alt_ft = hole_height_ft(p),
            .seconds = STRAIGHT_STEP_S};
    }
    return n;
}

struct vector {
    double x, y, z;
};

static struct vector vector(const struct kept *p)
{
    const double e7 = M_PI / 180 * 1e-7, lat = p->lat_e7 * e7, lon = p->lon_e7 * e7;
    return (struct vector){cos(lat) * cos(lon), cos(lat) * sin(lon), sin(lat)};
}

/* A share of the way in the chord, pushed out to the sphere: along the great circle, and for ways
   of 3,000 NM within 3 % of even speed. */
static void put_between(struct vector a, struct vector b, double share, struct hole_step *out)
{
    const struct vector v = {a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share,
                             a.z + (b.z - a.z) * share};
    const double e7 = 1e7 * 180 / M_PI;
    out->lat_e7 = (int32_t)lrint(atan2(v.z, sqrt(v.x * v.x + v.y * v.y)) * e7);
    out->lon_e7 = sphere_wrap_e7(llrint(atan2(v.y, v.x) * e7));
}

/* Climb or descent at 3.2 NM a thousand feet at both ends, the greater height between. */
static int32_t height_at(double a_ft, double b_ft, double nm, double share)
{
    const double up_ft = a_ft + share * nm * ft_per_nm;
    const double down_ft = b_ft + (1 - share) * nm * ft_per_nm;
    return (int32_t)fmin(fmax(a_ft, b_ft), fmin(up_ft, down_ft));
}

static int64_t whole_s(int64_t t_ms)
{
    return (t_ms - (t_ms < 0 ? 999 : 0)) / 1000;
}

unsigned hole_way(const struct kept *a, const struct kept *b, struct hole_step out[HOLE_STEPS_MAX])
{
    const int64_t first_s = whole_s(a->t_ms), all_s = whole_s(b->t_ms) - first_s;
    const struct vector from = vector(a), to = vector(b);
    const double nm = sphere_distance_m(place(a), place(b)) / SPHERE_M_PER_NM;
    int32_t a_ft = hole_height_ft(a), b_ft = hole_height_ft(b);
    a_ft = a_ft == KEPT_NONE ? b_ft : a_ft;
    b_ft = b_ft == KEPT_NONE ? a_ft : b_ft;
    unsigned n = 0;
    for (int64_t at_s = 0; at_s < all_s && n < HOLE_STEPS_MAX; at_s += STEP_S, n++) {
        const int64_t left_s = all_s - at_s, s = left_s < STEP_S ? left_s : STEP_S;
        const double share = ((double)at_s + (double)s / 2) / (double)all_s;
        struct hole_step *step = &out[n];
        *step = (struct hole_step){.t_ms = (first_s + at_s) * 1000, .seconds = (int32_t)s};
        put_between(from, to, share, step);
        step->alt_ft = a_ft == KEPT_NONE ? KEPT_NONE : height_at(a_ft, b_ft, nm, share);
    }
    return n;
}
