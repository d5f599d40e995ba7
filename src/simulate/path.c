#include "simulate/path.h"

#include "simulate/way.h"

#include <math.h>

static const double apron_nm = 0.35;       /* from the runway's middle line */
static const double out_nm = 3, in_nm = 8; /* straight out and straight in */
/* Radii of turns: taxiing, at 250 kt, at 450 kt, and the least at any speed flown. */
static const double taxi_turn_nm = 0.03, terminal_turn_nm = 2.2, route_turn_nm = 7,
                    least_turn_nm = 1;
static const double near_nm = 15; /* waypoints so near an end belong to its airport */

/* Each way from pose to pose takes three pieces: taxiing is four of them, and flying one more than
   there are waypoints. Both runways take three more, a lap five. */
_Static_assert(PATH_PIECES_MAX >= 3 * (4 + SCENARIO_WAYPOINTS_MAX + 1) + 3 + 5, "all have room");

struct path_vector path_vector(struct sphere_place p)
{
    return pose_at(p.lat_e7 * 1e-7, p.lon_e7 * 1e-7, 0).at;
}

/* --- on the ground -------------------------------------------------------------------------- */

static double runway_nm(const struct path_end *e)
{
    return e->airport->runway_ft / 6076.115;
}

/* The middle of the runway, along runway_deg. */
static struct pose runway_middle(const struct path_end *e)
{
    return pose_at(e->airport->lat, e->airport->lon, e->airport->runway_deg);
}

/* Where its use begins, that way. */
static struct pose runway_begin(const struct path_end *e)
{
    const struct pose middle = runway_middle(e);
    return pose_on(e->reverse ? pose_turned(middle, 180) : middle, -runway_nm(e) / 2);
}

/* A place of the airfield: so far along runway_deg from the middle, so far right of the runway,
   heading right of runway_deg. The apron lies to the right whichever way the runway is used. */
static struct pose on_field(const struct path_end *e, double along_nm, double right_nm,
                            double heading_deg)
{
    const struct pose beside = pose_beside(pose_on(runway_middle(e), along_nm), right_nm);
    return pose_turned(beside, heading_deg);
}

static double stand_along_nm(const struct path_end *e)
{
    return e->stand * fmin(0.3, fmax(runway_nm(e) / 2 - 0.1, 0));
}

/* From the stand along the apron, over to the runway's begin, onto it. */
static void taxi_out(struct path *p, struct way *w, const struct path_end *e)
{
    const double way = e->reverse ? -1 : 1, stand_nm = stand_along_nm(e);
    const double cross_nm = -way * (runway_nm(e) / 2 + taxi_turn_nm);
    *w = way_begin(p, on_field(e, stand_nm, apron_nm, cross_nm > stand_nm ? 0 : 180));
    way_join(w, on_field(e, cross_nm, apron_nm / 2, -90), taxi_turn_nm, taxi_turn_nm);
    way_join(w, runway_begin(e), taxi_turn_nm, taxi_turn_nm);
}

/* From the runway, roll_nm after the touch-down, over to the apron and along it to the stand. */
static void taxi_in(struct way *w, const struct path_end *e, double roll_nm)
{
    const double way = e->reverse ? -1 : 1, stand_nm = stand_along_nm(e);
    const double cross_nm = way * (roll_nm + taxi_turn_nm - runway_nm(e) / 2);
    way_join(w, on_field(e, cross_nm, apron_nm / 2, 90), taxi_turn_nm, taxi_turn_nm);
    way_join(w, on_field(e, stand_nm, apron_nm, stand_nm > cross_nm ? 0 : 180), taxi_turn_nm,
             taxi_turn_nm);
}

/* --- in the air ----------------------------------------------------------------------------- */

/* Places the way leads over: the end of the departure, waypoints, the begin of the final. */
struct route {
    size_t n, hold; /* hold: where laps are flown; 0: nowhere */
    struct path_vector place[SCENARIO_WAYPOINTS_MAX + 2];
};

static bool is_near(struct path_vector place, const struct path_end *e)
{
    return pose_distance_nm(place, runway_middle(e).at) < near_nm;
}

/* Two places closer than a turn are one: the later. */
static void route_add(struct route *r, struct path_vector place, bool holds)
{
    if (r->n > 1 && pose_distance_nm(r->place[r->n - 1], place) < least_turn_nm) {
        r->n--;
    }
    r->hold = holds ? r->n : r->hold;
    r->place[r->n++] = place;
}

static void route_make(struct route *r, const struct path_plan *plan, struct pose out,
                       struct pose final)
{
    size_t first = 0, end = plan->n;
    while (first < end && is_near(path_vector(plan->waypoint[first]), &plan->from)) {
        first++;
    }
    while (end > first && is_near(path_vector(plan->waypoint[end - 1]), &plan->to)) {
        end--;
    }
    r->n = r->hold = 0;
    route_add(r, out.at, false);
    for (size_t i = first; i < end; i++) {
        route_add(r, path_vector(plan->waypoint[i]),
                  plan->hold_nm > 0 && i == first + (end - first) / 2);
    }
    r->place[r->n++] = final.at;
}

/* Over place i halfway from the direction it is reached in to the one it is left in: half of the
   turn is flown before it, half after. Laps begin in the direction they are reached in. */
static struct pose route_pose(const struct route *r, size_t i, double *turn_nm)
{
    const struct path_vector at = r->place[i];
    const struct path_vector in = pose_mix(pose_toward(at, r->place[i - 1]), -1, at, 0);
    const struct path_vector half = pose_mix(in, 1, pose_toward(at, r->place[i + 1]), 1);
    const bool back = pose_dot(half, half) < 1e-3; /* neither side is nearer */
    const double near =
        fmin(pose_distance_nm(at, r->place[i - 1]), pose_distance_nm(at, r->place[i + 1]));
    *turn_nm = fmax(fmin(route_turn_nm, near / 4), least_turn_nm);
    return (struct pose){at, i == r->hold ? in
                             : back       ? pose_right((struct pose){at, in})
                                          : pose_unit(half)};
}

static void hold(struct path *p, struct way *w, const struct path_plan *plan)
{
    p->loop_nm = p->length_nm;
    way_lap(w, fmax(plan->hold_leg_nm - plan->hold_width_nm, 0), plan->hold_width_nm);
    p->lap_nm = p->length_nm - p->loop_nm;
    const double laps = plan->hold_nm / p->lap_nm;
    p->laps = laps < 1.5 ? 1 : laps > 1000 ? 1000 : (unsigned)(laps + 0.5);
}

/* Between the runways. */
static void fly(struct path *p, struct way *w, const struct path_plan *plan, struct pose final)
{
    struct route r;
    double turn_nm = terminal_turn_nm;
    route_make(&r, plan, w->here, final);
    for (size_t i = 1; i + 1 < r.n; i++) {
        double next_nm;
        const struct pose next = route_pose(&r, i, &next_nm);
        way_join(w, next, turn_nm, next_nm);
        turn_nm = next_nm;
        if (i == r.hold) {
            hold(p, w, plan);
        }
    }
    way_join(w, final, turn_nm, terminal_turn_nm);
}

void path_build(struct path *p, const struct path_plan *plan)
{
    struct way w;
    p->laps = 0;
    p->loop_nm = p->lap_nm = 0;
    taxi_out(p, &w, &plan->from);
    p->runway_nm = p->length_nm;
    way_on(&w, runway_nm(&plan->from) + out_nm);
    fly(p, &w, plan, pose_on(runway_begin(&plan->to), -in_nm));
    way_on(&w, in_nm);
    /* The distances after the lap count all of them. */
    const double more_nm = p->laps > 1 ? (p->laps - 1) * p->lap_nm : 0;
    p->touch_nm = p->length_nm + more_nm;
    const double roll_nm = fmin(1, 0.85 * runway_nm(&plan->to));
    way_on(&w, roll_nm);
    p->exit_nm = p->length_nm + more_nm;
    taxi_in(&w, &plan->to, roll_nm);
    p->length_nm += more_nm;
}

/* Distance along the pieces of a distance along the way: laps folded onto the first. */
static double fold(const struct path *p, double s_nm)
{
    const double past_nm = s_nm - p->loop_nm;
    if (p->laps < 2 || past_nm <= 0) {
        return s_nm;
    }
    const double more_nm = (p->laps - 1) * p->lap_nm;
    return past_nm >= more_nm ? s_nm - more_nm : p->loop_nm + fmod(past_nm, p->lap_nm);
}

static const struct path_piece *find(const struct path *p, double s_nm)
{
    size_t low = 0, high = p->n; /* piece[low].s_nm <= s_nm < piece[high].s_nm */
    while (high - low > 1) {
        const size_t half = (low + high) / 2;
        if (p->piece[half].s_nm <= s_nm) {
            low = half;
        } else {
            high = half;
        }
    }
    return &p->piece[low];
}

void path_at(const struct path *p, double s_nm, struct path_place *out)
{
    const double once_nm = fold(p, s_nm);
    const struct path_piece *f = find(p, once_nm);
    const double angle = (once_nm - f->s_nm) / (POSE_RADIUS_NM * f->radius);
    const double c = cos(angle), s = sin(angle);
    const struct path_vector spoke = pose_mix(f->spoke, c, f->forward, f->radius * s);
    const struct path_vector at = pose_mix(f->center, 1, spoke, 1);
    const struct path_vector forward = pose_mix(f->forward, c, f->spoke, -s / f->radius);
    const double level = sqrt(at.x * at.x + at.y * at.y);
    out->at = at;
    out->place.lat_e7 = (int32_t)lround(atan2(at.z, level) / POSE_DEGREE * 1e7);
    out->place.lon_e7 = sphere_wrap_e7(llround(atan2(at.y, at.x) / POSE_DEGREE * 1e7));
    /* East is (-y, x, 0) / level, north is (-x z, -y z, level^2) / level. */
    const double east = at.x * forward.y - at.y * forward.x;
    const double north = level * level * forward.z - at.z * (at.x * forward.x + at.y * forward.y);
    const double track = atan2(east, north) / POSE_DEGREE;
    out->track_deg = track < 0 ? track + 360 : track;
}
