#include "simulate/path.h"

#include <math.h>
#include <string.h>

#define RADIUS_NM (SPHERE_RADIUS_M / SPHERE_M_PER_NM)
#define DEGREE    (3.14159265358979323846 / 180)

static const double apron_nm = 0.35;       /* from the runway's middle line */
static const double out_nm = 3, in_nm = 8; /* straight out and straight in */
static const double base_nm = 5;           /* beside them, where the route turns back */
static const double terminal_turn_nm = 2.2, route_turn_nm = 7; /* radii at 250 kt and 450 kt */

struct path_vector path_vector(struct sphere_place p)
{
    const double lat = p.lat_e7 * 1e-7 * DEGREE, lon = p.lon_e7 * 1e-7 * DEGREE;
    return (struct path_vector){cos(lat) * cos(lon), cos(lat) * sin(lon), sin(lat)};
}

static double dot(struct path_vector a, struct path_vector b)
{
    return a.x * b.x + a.y * b.y + a.z * b.z;
}

static struct path_vector mix(struct path_vector a, double ka, struct path_vector b, double kb)
{
    return (struct path_vector){a.x * ka + b.x * kb, a.y * ka + b.y * kb, a.z * ka + b.z * kb};
}

static struct path_vector unit(struct path_vector a)
{
    const double n = sqrt(dot(a, a));
    return n > 0 ? mix(a, 1 / n, a, 0) : a;
}

/* Great circle angle; by the chord, exact for small ones too. */
static double angle(struct path_vector a, struct path_vector b)
{
    const struct path_vector d = mix(a, 1, b, -1);
    const double half = sqrt(dot(d, d)) / 2;
    return 2 * asin(half < 1 ? half : 1);
}

/* Unit tangent at a of the great circle to b. */
static struct path_vector toward(struct path_vector a, struct path_vector b)
{
    return unit(mix(b, 1, a, -dot(a, b)));
}

static struct path_vector go(struct path_vector a, struct path_vector forward, double nm)
{
    return mix(a, cos(nm / RADIUS_NM), forward, sin(nm / RADIUS_NM));
}

/* --- the corners, before rounding --------------------------------------------------------- */

enum { CORNERS_MAX = 96, CIRCLE_CORNERS = 24 };

struct corner {
    struct sphere_place at;
    double turn_nm; /* radius; 0 is left sharp */
};

struct corners {
    size_t n, runway, touch, exit; /* numbers of corners */
    size_t loop, loop_end;         /* where a lap begins and ends; 0: there is none */
    struct corner c[CORNERS_MAX];
};

static size_t corner_add(struct corners *k, struct sphere_place at, double turn_nm)
{
    if (k->n < CORNERS_MAX) {
        k->c[k->n++] = (struct corner){at, turn_nm};
    }
    return k->n - 1;
}

static struct sphere_place beside(struct sphere_place from, double bearing_deg, double nm)
{
    double b = fmod(bearing_deg, 360);
    b += b < 0 ? 360 : 0;
    b = nm < 0 ? fmod(b + 180, 360) : b;
    return sphere_destination(from, b, fabs(nm) * SPHERE_M_PER_NM);
}

static double heading(const struct path_end *e)
{
    return e->airport->runway_deg + (e->reverse ? 180 : 0);
}

static struct sphere_place middle(const struct path_end *e)
{
    return (struct sphere_place){(int32_t)lround(e->airport->lat * 1e7),
                                 (int32_t)lround(e->airport->lon * 1e7)};
}

/* The apron lies to the right of runway_deg whichever way the runway is used. */
static struct sphere_place apron(const struct path_end *e, struct sphere_place from)
{
    return beside(from, e->airport->runway_deg + 90, apron_nm);
}

static double runway_nm(const struct path_end *e)
{
    return e->airport->runway_ft / 6076.115;
}

/* +1 where `place` lies right of a line with this heading, -1 left. */
static double side(struct sphere_place from, double heading_deg, struct sphere_place place)
{
    double d = fmod(sphere_bearing_deg(from, place) - heading_deg + 720, 360);
    return d < 180 ? 1 : -1;
}

static bool is_behind(struct sphere_place from, double heading_deg, struct sphere_place place)
{
    const double d = fmod(sphere_bearing_deg(from, place) - heading_deg + 720, 360);
    return d > 100 && d < 260;
}

static void depart(struct corners *k, const struct path_end *e, struct sphere_place next)
{
    const struct sphere_place start = beside(middle(e), heading(e), -runway_nm(e) / 2);
    corner_add(k, apron(e, beside(middle(e), e->airport->runway_deg, 0.3 * e->stand)), 0);
    corner_add(k, apron(e, start), 0);
    k->runway = corner_add(k, start, 0);
    const struct sphere_place out = beside(start, heading(e), runway_nm(e) + out_nm);
    corner_add(k, out, terminal_turn_nm);
    if (is_behind(out, heading(e), next)) {
        const double where = side(out, heading(e), next);
        corner_add(k, beside(out, heading(e) + 90, where * base_nm), terminal_turn_nm);
    }
}

static void arrive(struct corners *k, const struct path_end *e, struct sphere_place last)
{
    const struct sphere_place touch = beside(middle(e), heading(e), -runway_nm(e) / 2);
    const struct sphere_place final = beside(touch, heading(e), -in_nm);
    if (is_behind(final, heading(e) + 180, last)) {
        const double where = side(final, heading(e), last);
        corner_add(k, beside(final, heading(e) + 90, where * base_nm), terminal_turn_nm);
    }
    corner_add(k, final, terminal_turn_nm);
    k->touch = corner_add(k, touch, 0);
    const double roll_nm = fmin(1, 0.85 * runway_nm(e));
    const struct sphere_place leave = beside(touch, heading(e), roll_nm);
    k->exit = corner_add(k, leave, 0);
    corner_add(k, apron(e, leave), 0);
    corner_add(k, apron(e, beside(middle(e), e->airport->runway_deg, 0.3 * e->stand)), 0);
}

/* One lap, from the middle of the leg flown on `course` to the same place: right-hand turns. */
static void hold_racetrack(struct corners *k, struct sphere_place at, double course_deg,
                           const struct path_plan *plan)
{
    const double half_nm = plan->hold_leg_nm / 2, width_nm = plan->hold_width_nm;
    const struct sphere_place begin = beside(at, course_deg, -half_nm);
    const struct sphere_place end = beside(at, course_deg, half_nm);
    k->loop = corner_add(k, at, 0);
    corner_add(k, end, width_nm / 2);
    corner_add(k, beside(end, course_deg + 90, width_nm), width_nm / 2);
    corner_add(k, beside(begin, course_deg + 90, width_nm), width_nm / 2);
    corner_add(k, begin, width_nm / 2);
    k->loop_end = corner_add(k, at, 0);
}

/* A circle is a polygon around it with rounded corners; it begins in the middle of a side. */
static void hold_circle(struct corners *k, struct sphere_place at, double course_deg,
                        const struct path_plan *plan)
{
    const double step_deg = 360.0 / CIRCLE_CORNERS, radius_nm = plan->hold_width_nm / 2;
    const struct sphere_place center = beside(at, course_deg + 90, radius_nm);
    k->loop = corner_add(k, at, 0);
    for (int i = 0; i < CIRCLE_CORNERS; i++) {
        const double bearing = course_deg - 90 + (i + 0.5) * step_deg;
        corner_add(k, beside(center, bearing + 360, radius_nm / cos(step_deg / 2 * DEGREE)),
                   radius_nm);
    }
    k->loop_end = corner_add(k, at, 0);
}

/* On ahead, then by a half turn where the way goes back. */
static void leave_hold(struct corners *k, struct sphere_place at, double course_deg,
                       struct sphere_place next, const struct path_plan *plan)
{
    const double turn_nm = plan->hold_width_nm / 2;
    const double on_nm = plan->hold_leg_nm > 0 ? plan->hold_leg_nm / 2 : plan->hold_width_nm;
    const struct sphere_place ahead = beside(at, course_deg, on_nm);
    corner_add(k, ahead, turn_nm);
    if (is_behind(ahead, course_deg, next)) {
        corner_add(k, beside(ahead, course_deg + 90, plan->hold_width_nm), turn_nm);
    }
}

static bool is_near(struct sphere_place a, struct sphere_place b)
{
    return sphere_distance_m(a, b) < 15 * SPHERE_M_PER_NM;
}

static void corners_make(struct corners *k, const struct path_plan *plan)
{
    size_t first = 0, end = plan->n;
    const struct sphere_place from = middle(&plan->from), to = middle(&plan->to);
    while (first < end && is_near(plan->waypoint[first], from)) {
        first++;
    }
    while (end > first && is_near(plan->waypoint[end - 1], to)) {
        end--;
    }
    k->n = k->loop = k->loop_end = 0;
    depart(k, &plan->from, first < end ? plan->waypoint[first] : to);
    for (size_t i = first; i < end; i++) {
        corner_add(k, plan->waypoint[i], route_turn_nm);
        if (plan->hold_nm > 0 && i == first + (end - first) / 2) {
            const double course = sphere_bearing_deg(k->c[k->n - 2].at, k->c[k->n - 1].at);
            k->n--; /* the lap passes it */
            (plan->hold_leg_nm > 0 ? hold_racetrack : hold_circle)(k, plan->waypoint[i], course,
                                                                   plan);
            leave_hold(k, plan->waypoint[i], course, i + 1 < end ? plan->waypoint[i + 1] : to,
                       plan);
        }
    }
    arrive(k, &plan->to, first < end ? plan->waypoint[end - 1] : from);
}

/* --- from corners to the path ------------------------------------------------------------- */

static void point_add(struct path *p, struct path_vector at)
{
    if (p->n == PATH_POINTS_MAX) {
        return; /* not reached: round_corner leaves room for the corners to come */
    }
    struct path_point *new = &p->point[p->n];
    *new = (struct path_point){.at = at};
    if (p->n > 0) {
        const double step_nm = angle(new[-1].at, at) * RADIUS_NM;
        if (step_nm < 1e-5) {
            return; /* no way on could be told from two points in one place */
        }
        new[-1].forward = toward(new[-1].at, at);
        new->s_nm = new[-1].s_nm + step_nm;
    }
    p->n++;
}

_Static_assert(PATH_POINTS_MAX >= 3 * CORNERS_MAX, "each corner has room for a turn");

/* A corner becomes a parabola that touches both sides: the Bezier curve of degree 2. */
static void round_corner(struct path *p, struct path_vector a, const struct corner *corner,
                         struct path_vector b, size_t corners_left)
{
    const struct path_vector at = path_vector(corner->at);
    const struct path_vector back = toward(at, a), on = toward(at, b);
    const double cosine = -dot(back, on);
    const double turn = acos(cosine > 1 ? 1 : cosine < -1 ? -1 : cosine);
    double cut_nm = corner->turn_nm * tan(fmin(turn, 150 * DEGREE) / 2);
    cut_nm = fmin(cut_nm, 0.45 * RADIUS_NM * fmin(angle(a, at), angle(at, b)));
    if (turn < 0.5 * DEGREE || cut_nm < 1e-3) {
        point_add(p, at);
        return;
    }
    const struct path_vector begin = go(at, back, cut_nm), end = go(at, on, cut_nm);
    const size_t most = (PATH_POINTS_MAX - p->n) / corners_left - 1;
    size_t steps = (size_t)(turn / (9 * DEGREE)) + 2;
    steps = steps < most ? steps : most;
    for (size_t i = 0; i <= steps; i++) {
        const double u = (double)i / (double)steps;
        const struct path_vector q = mix(begin, (1 - u) * (1 - u), at, 2 * u * (1 - u));
        point_add(p, unit(mix(q, 1, end, u * u)));
    }
}

/* The distances after the lap count all of them. */
static void count_laps(struct path *p, double hold_nm)
{
    p->lap_nm -= p->loop_nm;
    const double laps = hold_nm / p->lap_nm;
    p->laps = laps < 1.5 ? 1 : laps > 1000 ? 1000 : (unsigned)(laps + 0.5);
    const double more_nm = (p->laps - 1) * p->lap_nm;
    p->touch_nm += more_nm;
    p->exit_nm += more_nm;
    p->length_nm += more_nm;
}

void path_build(struct path *p, const struct path_plan *plan)
{
    struct corners k;
    corners_make(&k, plan);
    p->n = p->laps = 0;
    for (size_t i = 0; i < k.n; i++) {
        if (k.c[i].turn_nm > 0 && i > 0 && i + 1 < k.n) {
            round_corner(p, path_vector(k.c[i - 1].at), &k.c[i], path_vector(k.c[i + 1].at),
                         k.n - i);
        } else {
            point_add(p, path_vector(k.c[i].at));
        }
        const double here = p->n ? p->point[p->n - 1].s_nm : 0;
        p->runway_nm = i == k.runway ? here : p->runway_nm;
        p->touch_nm = i == k.touch ? here : p->touch_nm;
        p->exit_nm = i == k.exit ? here : p->exit_nm;
        p->loop_nm = i == k.loop ? here : p->loop_nm;
        p->lap_nm = i == k.loop_end ? here : p->lap_nm;
    }
    p->length_nm = p->point[p->n - 1].s_nm;
    p->point[p->n - 1].forward = p->n > 1 ? p->point[p->n - 2].forward : (struct path_vector){0};
    if (k.loop_end > 0) {
        count_laps(p, plan->hold_nm);
    }
}

/* Distance along the points of a distance along the way: laps folded onto the first. */
static double fold(const struct path *p, double s_nm)
{
    const double past_nm = s_nm - p->loop_nm;
    if (p->laps < 2 || past_nm <= 0) {
        return s_nm;
    }
    const double more_nm = (p->laps - 1) * p->lap_nm;
    return past_nm >= more_nm ? s_nm - more_nm : p->loop_nm + fmod(past_nm, p->lap_nm);
}

static const struct path_point *find(const struct path *p, double s_nm)
{
    size_t low = 0, high = p->n - 1; /* point[low].s_nm <= s_nm < point[high].s_nm */
    while (high - low > 1) {
        const size_t half = (low + high) / 2;
        if (p->point[half].s_nm <= s_nm) {
            low = half;
        } else {
            high = half;
        }
    }
    return &p->point[low];
}

void path_at(const struct path *p, double s_nm, struct path_place *out)
{
    const double once_nm = fold(p, s_nm);
    const struct path_point *from = find(p, once_nm);
    const double theta = (once_nm - from->s_nm) / RADIUS_NM;
    const double c = cos(theta), s = sin(theta);
    const struct path_vector at = mix(from->at, c, from->forward, s);
    const struct path_vector forward = mix(from->forward, c, from->at, -s);
    const double level = sqrt(at.x * at.x + at.y * at.y);
    out->at = at;
    out->place.lat_e7 = (int32_t)lround(atan2(at.z, level) / DEGREE * 1e7);
    out->place.lon_e7 = sphere_wrap_e7(llround(atan2(at.y, at.x) / DEGREE * 1e7));
    /* East is (-y, x, 0) / level, north is (-x z, -y z, level^2) / level. */
    const double east = at.x * forward.y - at.y * forward.x;
    const double north = level * level * forward.z - at.z * (at.x * forward.x + at.y * forward.y);
    const double track = atan2(east, north) / DEGREE;
    out->track_deg = track < 0 ? track + 360 : track;
}
