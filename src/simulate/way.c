#include "simulate/way.h"

#include <math.h>

static const double whole_turn = 360 * POSE_DEGREE;

struct way way_begin(struct path *p, struct pose from)
{
    p->n = 0;
    p->length_nm = 0;
    return (struct way){p, from};
}

static void piece_end(const struct path_piece *f, double angle, struct pose *out)
{
    const double c = cos(angle), s = sin(angle);
    const struct path_vector spoke = pose_mix(f->spoke, c, f->forward, f->radius * s);
    out->at = pose_unit(pose_mix(f->center, 1, spoke, 1));
    out->forward = pose_unit(pose_mix(f->forward, c, f->spoke, -s / f->radius));
}

static void piece_add(struct way *w, const struct path_piece *piece, double angle)
{
    struct path *p = w->path;
    const double nm = piece->radius * angle * POSE_RADIUS_NM;
    if (nm < 1e-9 || p->n == PATH_PIECES_MAX) { /* the second is not reached: see path.c */
        return;
    }
    struct path_piece *f = &p->piece[p->n++];
    *f = *piece;
    f->s_nm = p->length_nm;
    p->length_nm += nm;
    piece_end(f, angle, &w->here);
}

void way_on(struct way *w, double nm)
{
    const struct path_piece f = {.spoke = w->here.at, .forward = w->here.forward, .radius = 1};
    piece_add(w, &f, nm / POSE_RADIUS_NM);
}

void way_turn(struct way *w, double radius_nm, double angle)
{
    const double rho = radius_nm / POSE_RADIUS_NM, c = cos(rho), s = sin(rho);
    const struct path_vector right = pose_right(w->here);
    const struct path_piece f = {
        .center = pose_mix(w->here.at, c * c, right, c * s),
        .spoke = pose_mix(w->here.at, s * s, right, -c * s), /* here less the center */
        .forward = w->here.forward,
        .radius = fabs(s),
    };
    piece_add(w, &f, angle);
}

/* --- joining two poses --------------------------------------------------------------------

   A turn is a small circle around a pole, the straight piece a great circle. A great circle with
   the pole n (to the left of the way along it) touches a small circle around c, of the angular
   radius rho, where n . c = sin rho for turns to the left and -sin rho for turns to the right. Two
   of these equations and |n| = 1 give n. */

struct circle {
    struct path_vector pole; /* unit */
    double rise;             /* sine of its angular radius: > 0 to the left, < 0 to the right */
    double radius_nm;        /* > 0 to the right, as way_turn has it */
};

static struct circle circle_beside(struct pose p, double radius_nm)
{
    return (struct circle){pose_beside(p, radius_nm).at, -sin(radius_nm / POSE_RADIUS_NM),
                           radius_nm};
}

/* False where no such great circle is: one circle lies in the other or, turning opposite ways, over
   it. */
static bool tangent(const struct circle *a, const struct circle *b, struct path_vector *n)
{
    /* In halves of sum and difference, which are at right angles: right for close poles too. */
    const struct path_vector sum = pose_mix(a->pole, 0.5, b->pole, 0.5);
    const struct path_vector rest = pose_mix(a->pole, 0.5, b->pole, -0.5);
    const double ss = pose_dot(sum, sum), rr = pose_dot(rest, rest);
    if (rr < 1e-18 || ss < 1e-18) {
        return false;
    }
    const double p = (a->rise + b->rise) / 2 / ss, q = (a->rise - b->rise) / 2 / rr;
    const double square = 1 - p * p * ss - q * q * rr;
    if (square < 0) {
        return false;
    }
    const struct path_vector across = pose_unit(pose_cross(rest, sum));
    *n = pose_mix(pose_mix(sum, p, rest, q), 1, across, sqrt(square));
    return true;
}

/* Where a circle touches the great circle. */
static struct path_vector touch(const struct circle *c, struct path_vector n)
{
    return pose_unit(pose_mix(c->pole, 1, n, -c->rise));
}

/* From the pole to a place, across the axis: by the difference, right for small circles too. */
static struct path_vector spoke(struct path_vector pole, struct path_vector place)
{
    const struct path_vector chord = pose_mix(place, 1, pole, -1);
    return pose_mix(chord, 1, pole, -pose_dot(chord, pole));
}

/* From one place to another around a pole, counterclockwise, [0, 2 pi). */
static double angle_about(struct path_vector pole, struct path_vector from, struct path_vector to)
{
    const struct path_vector a = spoke(pole, from), b = spoke(pole, to);
    const double angle = atan2(pose_dot(pole, pose_cross(a, b)), pose_dot(a, b));
    const double least = -1e-7; /* a hair behind is rounding, not a whole turn */
    return angle >= 0 ? angle : angle > least ? 0 : angle + whole_turn;
}

static double turned(const struct circle *c, struct path_vector from, struct path_vector to)
{
    return c->rise > 0 ? angle_about(c->pole, from, to) : angle_about(c->pole, to, from);
}

struct join {
    double radius_nm, angle, straight_nm, end_radius_nm, end_angle;
    double length_nm; /* of all three; < 0: none yet */
};

/* Takes the join by these two circles if it is shorter. */
static void join_by(struct pose from, struct pose to, double radius_nm, double end_radius_nm,
                    struct join *best)
{
    const struct circle a = circle_beside(from, radius_nm), b = circle_beside(to, end_radius_nm);
    struct path_vector n;
    if (!tangent(&a, &b, &n)) {
        return;
    }
    const struct path_vector leave = touch(&a, n), meet = touch(&b, n);
    struct join j = {.radius_nm = radius_nm,
                     .angle = turned(&a, from.at, leave),
                     .straight_nm = angle_about(n, leave, meet) * POSE_RADIUS_NM,
                     .end_radius_nm = end_radius_nm,
                     .end_angle = turned(&b, meet, to.at)};
    j.length_nm = fabs(radius_nm) * j.angle + j.straight_nm + fabs(end_radius_nm) * j.end_angle;
    if (best->length_nm < 0 || j.length_nm < best->length_nm - 1e-6) {
        *best = j;
    }
}

static struct join join_best(struct pose from, struct pose to, double r_nm, double end_r_nm)
{
    struct join best = {.length_nm = -1};
    join_by(from, to, r_nm, end_r_nm, &best);
    join_by(from, to, -r_nm, -end_r_nm, &best);
    join_by(from, to, r_nm, -end_r_nm, &best);
    join_by(from, to, -r_nm, end_r_nm, &best);
    return best;
}

void way_join(struct way *w, struct pose to, double radius_nm, double end_radius_nm)
{
    struct join j = join_best(w->here, to, radius_nm, end_radius_nm);
    if (j.length_nm < 0) {
        const double lesser_nm = fmin(radius_nm, end_radius_nm);
        j = join_best(w->here, to, lesser_nm, lesser_nm);
    }
    if (j.length_nm < 0) {
        return; /* it is there already */
    }
    way_turn(w, j.radius_nm, j.angle);
    way_on(w, j.straight_nm);
    way_turn(w, j.end_radius_nm, j.end_angle);
}

void way_lap(struct way *w, double straight_nm, double width_nm)
{
    const double radius_nm = width_nm / 2;
    if (straight_nm <= 0) {
        way_turn(w, radius_nm, whole_turn);
        return;
    }
    const struct pose begin = w->here;
    way_on(w, straight_nm / 2);
    const struct circle far = circle_beside(w->here, radius_nm);
    const struct circle near = circle_beside(pose_on(begin, -straight_nm / 2), radius_nm);
    struct path_vector back; /* pole of the leg back */
    if (!tangent(&far, &near, &back)) {
        return; /* not reached: the circles are alike and a leg apart */
    }
    const struct path_vector leave = touch(&far, back), meet = touch(&near, back);
    way_turn(w, radius_nm, turned(&far, w->here.at, leave));
    way_on(w, pose_distance_nm(leave, meet));
    way_turn(w, radius_nm, turned(&near, w->here.at, pose_on(begin, -straight_nm / 2).at));
    way_on(w, straight_nm / 2);
}
