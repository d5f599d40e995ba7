/* The loops of fit.h, compiled once for each processor: FIT_KERNEL names it. Each loop does one
   thing to a block of places; what it calls has no branch that differs from place to place, so that
   the compiler makes vectors of it. Sums are of eight numbers in turn, the same on all. */
#include "movement/fit.h"
#include "movement/likelihood.h"

enum { SUMS = 8 };

static struct unit place_at(const struct fit_places *p, size_t i)
{
    return (struct unit){p->x[i], p->y[i], p->z[i]};
}

static void distances(const struct fit_places *p, size_t from, struct unit at, float *nm)
{
    for (size_t k = 0; k < FIT_BLOCK; k++) {
        nm[k] = unit_nm(at, place_at(p, from + k));
    }
}

/* Where it heads (behind: where it does not), in the plane that touches the sphere where it is. */
struct heading {
    float x, y, z, flat; /* where it is */
    float north, east;
};

static struct heading heading_of(const struct posterior_moment *m, bool behind)
{
    const float radians = m->track_deg * 0.017453293F, sign = behind ? -1 : 1;
    return (struct heading){.x = m->at.x,
                            .y = m->at.y,
                            .z = m->at.z,
                            .flat = m->at.x * m->at.x + m->at.y * m->at.y,
                            .north = sign * cosf(radians),
                            .east = sign * sinf(radians)};
}

/* Degrees between where it heads and a place. */
static inline float turn_deg(struct heading h, float x, float y, float z)
{
    const float east = h.x * y - h.y * x;
    const float north = z * h.flat - h.z * (h.x * x + h.y * y);
    return quick_angle_deg(north * h.north + east * h.east, east * h.north - north * h.east);
}

/* odd: by place, that where it heads says nothing. */
static void times_bearing(const struct fit_question *q, const struct posterior_moment *m,
                          bool behind, const struct fit_places *p, size_t from, const float *nm,
                          const float *odd, float *fit)
{
    const float *x = p->x + from, *y = p->y + from, *z = p->z + from;
    const struct posterior_weights w = *q->weights;
    const float track_deg = m->track_deg;
    const struct heading h = heading_of(m, behind);
    for (size_t k = 0; track_deg < 0 && k < FIT_BLOCK; k++) {
        fit[k] /= 180;
    }
    for (size_t k = 0; track_deg >= 0 && k < FIT_BLOCK; k++) {
        fit[k] *= likelihood_bearing(&w, turn_deg(h, x[k], y[k], z[k]), nm[k], odd[k]);
    }
}

/* That where it heads says nothing: in turns, and where it is too high to go straight. */
static void odd_of(const struct fit_question *q, const struct fit_places *p, size_t from,
                   const float *nm, float *odd)
{
    const struct posterior_weights w = *q->weights;
    const struct posterior_moment *m = &q->flight->now;
    const float *ft = p->elevation_ft + from;
    const float alt_ft = m->alt_ft, straight = m->straight;
    const enum likelihood_stage stage = likelihood_stage(q->flight);
    const bool is_down = stage == LIKELIHOOD_COMES_DOWN || stage == LIKELIHOOD_LEVELED;
    for (size_t k = 0; k < FIT_BLOCK; k++) {
        odd[k] = likelihood_odd(&w, straight);
    }
    for (size_t k = 0; is_down && alt_ft < w.high_ft && k < FIT_BLOCK; k++) {
        const float high = likelihood_high(&w, alt_ft, nm[k], ft[k]);
        odd[k] = likelihood_odd(&w, straight * (1 - high));
    }
}

/* What it can reach and land on. */
static void times_reach(const struct fit_question *q, const struct fit_places *p, size_t from,
                        const float *nm, float *fit)
{
    const struct likelihood_kind kind = likelihood_kind(q->weights, q->flight);
    const float flown_nm = q->flight->flown_nm;
    for (size_t k = 0; kind.heavy_ft > 0 && k < FIT_BLOCK; k++) {
        fit[k] *= likelihood_heavy(&kind, nm[k]);
    }
    for (size_t k = 0; kind.range_nm > 0 && k < FIT_BLOCK; k++) {
        fit[k] *= likelihood_range(&kind, flown_nm + nm[k]);
    }
    for (size_t k = 0; kind.far_nm > 0 && k < FIT_BLOCK; k++) {
        fit[k] *= likelihood_far(&kind, flown_nm + nm[k]);
    }
    for (size_t k = 0; kind.runway_ft > 0 && k < FIT_BLOCK; k++) {
        fit[k] *= likelihood_runway(&kind, p->longest_ft[from + k]);
    }
    for (size_t k = 0; kind.small > 0 && k < FIT_BLOCK; k++) {
        fit[k] *= p->small[from + k] > 0 ? kind.small : 1;
    }
}

/* Of a flight as long as it would be there. */
static void times_brisk(const struct fit_question *q, const float *nm, float *fit)
{
    const struct posterior_weights w = *q->weights;
    const float brisk = likelihood_kind(q->weights, q->flight).brisk;
    const float flown_nm = q->flight->flown_nm;
    for (size_t k = 0; !isnan(brisk) && k < FIT_BLOCK; k++) {
        fit[k] *= likelihood_brisk(&w, brisk, flown_nm + nm[k]);
    }
}

static inline void descent_in(const struct fit_question *q, enum likelihood_stage stage,
                              const float *elevation_ft, const float *nm, float *fit)
{
    const struct posterior_weights w = *q->weights;
    const float alt_ft = q->flight->now.alt_ft;
    for (size_t k = 0; k < FIT_BLOCK; k++) {
        fit[k] *= likelihood_descent(&w, stage, alt_ft, nm[k], elevation_ft[k]);
    }
}

/* One loop a stage. */
static void times_descent(const struct fit_question *q, const struct fit_places *p, size_t from,
                          const float *nm, float *fit)
{
    const float *ft = p->elevation_ft + from;
    switch (likelihood_stage(q->flight)) {
    case LIKELIHOOD_BEGINS:
        descent_in(q, LIKELIHOOD_BEGINS, ft, nm, fit);
        break;
    case LIKELIHOOD_COMES_DOWN:
        descent_in(q, LIKELIHOOD_COMES_DOWN, ft, nm, fit);
        break;
    case LIKELIHOOD_LEVELED:
        descent_in(q, LIKELIHOOD_LEVELED, ft, nm, fit);
        break;
    case LIKELIHOOD_CRUISES:
        descent_in(q, LIKELIHOOD_CRUISES, ft, nm, fit);
        break;
    case LIKELIHOOD_CLIMBS:
        descent_in(q, LIKELIHOOD_CLIMBS, ft, nm, fit);
        break;
    case LIKELIHOOD_UNKNOWN:
        break;
    }
}

static inline void climb_in(const struct posterior_moment *m, bool climbs,
                            const float *elevation_ft, const float *nm, float *fit)
{
    const float alt_ft = m->alt_ft;
    for (size_t k = 0; k < FIT_BLOCK; k++) {
        fit[k] *= likelihood_climb(climbs, alt_ft, nm[k], elevation_ft[k]);
    }
}

static void times_climb(const struct posterior_moment *m, const struct fit_places *p, size_t from,
                        const float *nm, float *fit)
{
    const float *ft = p->elevation_ft + from;
    if (isnan(m->alt_ft)) {
        return;
    }
    if (m->phase == VERTICAL_CLIMB) {
        climb_in(m, true, ft, nm, fit);
    } else {
        climb_in(m, false, ft, nm, fit);
    }
}

static void set_one(float *fit)
{
    for (size_t k = 0; k < FIT_BLOCK; k++) {
        fit[k] = 1;
    }
}

static void destination(const struct fit_question *q, const struct fit_places *p, size_t from,
                        size_t to, float *all_nm, float *all_fit)
{
    const struct posterior_flight *f = q->flight;
    const struct posterior_weights w = *q->weights;
    const struct unit begin = q->other ? *q->other : f->first.at;
    const float flown_nm = f->flown_nm;
    for (; from < to; from += FIT_BLOCK) {
        float *nm = all_nm + from, *fit = all_fit + from, direct[FIT_BLOCK], odd[FIT_BLOCK];
        set_one(fit);
        distances(p, from, f->now.at, nm);
        distances(p, from, begin, direct);
        times_descent(q, p, from, nm, fit);
        times_reach(q, p, from, nm, fit);
        times_brisk(q, nm, fit);
        for (size_t k = 0; k < FIT_BLOCK; k++) {
            fit[k] *= likelihood_detour(&w, flown_nm + nm[k] - direct[k], flown_nm);
        }
        odd_of(q, p, from, nm, odd);
        times_bearing(q, &f->now, false, p, from, nm, odd, fit);
    }
}

static void origin(const struct fit_question *q, const struct fit_places *p, size_t from, size_t to,
                   float *all_nm, float *all_fit)
{
    const struct posterior_flight *f = q->flight;
    const struct posterior_weights w = *q->weights;
    const struct unit end = q->other ? *q->other : f->now.at;
    const float flown_nm = f->flown_nm, on_nm = unit_nm(f->now.at, end);
    for (; from < to; from += FIT_BLOCK) {
        float *nm = all_nm + from, *fit = all_fit + from, direct[FIT_BLOCK], odd[FIT_BLOCK];
        set_one(fit);
        distances(p, from, f->first.at, nm);
        times_climb(&f->first, p, from, nm, fit);
        times_reach(q, p, from, nm, fit);
        distances(p, from, end, direct);
        for (size_t k = 0; q->other && k < FIT_BLOCK; k++) {
            const float flown = nm[k] + flown_nm;
            fit[k] *= likelihood_detour(&w, flown + on_nm - direct[k], flown);
        }
        for (size_t k = 0; k < FIT_BLOCK; k++) {
            odd[k] = likelihood_odd(&w, 1);
        }
        times_bearing(q, &f->first, true, p, from, nm, odd, fit);
    }
}

static inline float total(const float sum[SUMS])
{
    return ((sum[0] + sum[4]) + (sum[2] + sum[6])) + ((sum[1] + sum[5]) + (sum[3] + sum[7]));
}

static float weigh(const float *restrict prior, const float *restrict base,
                   const float *restrict fit, size_t n, float *restrict score)
{
    float sum[SUMS] = {0};
    for (size_t i = 0; i < n; i += SUMS) {
        for (size_t k = 0; k < SUMS; k++) {
            score[i + k] = prior[i + k] * fit[i + k];
            sum[k] += base[i + k] * fit[i + k];
        }
    }
    return total(sum);
}

static float sum_of(const float *v, size_t n)
{
    float sum[SUMS] = {0};
    for (size_t i = 0; i < n; i += SUMS) {
        for (size_t k = 0; k < SUMS; k++) {
            sum[k] += v[i + k];
        }
    }
    return total(sum);
}

static float sum_above(const float *v, size_t n, float least)
{
    float sum[SUMS] = {0};
    for (size_t i = 0; i < n; i += SUMS) {
        for (size_t k = 0; k < SUMS; k++) {
            sum[k] += v[i + k] > least ? v[i + k] : 0;
        }
    }
    return total(sum);
}

static float greatest(const float *v, size_t n)
{
    float most[SUMS] = {0};
    for (size_t i = 0; i < n; i += SUMS) {
        for (size_t k = 0; k < SUMS; k++) {
            most[k] = v[i + k] > most[k] ? v[i + k] : most[k];
        }
    }
    for (size_t k = 1; k < SUMS; k++) {
        most[0] = most[k] > most[0] ? most[k] : most[0];
    }
    return most[0];
}

/* By the chord: x steps of a diameter. */
static void steps(const struct fit_places *p, struct unit from, float per_unit, int32_t most,
                  int32_t *restrict step)
{
    const float *x = p->x, *y = p->y, *z = p->z;
    for (size_t i = 0; i < p->n; i += SUMS) {
        for (size_t k = 0; k < SUMS; k++) {
            const float dx = from.x - x[i + k], dy = from.y - y[i + k], dz = from.z - z[i + k];
            const int32_t s = (int32_t)(sqrtf(dx * dx + dy * dy + dz * dz) * per_unit);
            step[i + k] = s < most ? s : most;
        }
    }
}

static float product(const float *restrict op, const float *restrict end,
                     const float *restrict base, const struct fit_shares *s, size_t n,
                     float *restrict out)
{
    float sum[SUMS] = {0};
    for (size_t i = 0; i < n; i += SUMS) {
        for (size_t k = 0; k < SUMS; k++) {
            const float b = base[i + k];
            const float by_op = s->op * op[i + k] + s->op_wide * b;
            const float by_end = s->end * end[i + k] + s->end_wide * b;
            const float v = by_op * by_end / (b > 0 ? b : 1);
            out[i + k] = b > 0 ? v : 0;
            sum[k] += out[i + k];
        }
    }
    return total(sum);
}

static void mix(float *restrict v, float own, const float *restrict b, float b_share,
                const float *restrict c, float c_share, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        v[i] = b_share * b[i] + own * v[i] + c_share * c[i];
    }
}

static void add_near(const struct fit_places *p, struct unit to, float per_unit2, float share,
                     float *restrict sum)
{
    const float *x = p->x, *y = p->y, *z = p->z;
    for (size_t i = 0; i < p->n; i++) {
        const float dx = to.x - x[i], dy = to.y - y[i], dz = to.z - z[i];
        const float d2 = (dx * dx + dy * dy + dz * dz) * per_unit2;
        sum[i] += share / (1 + d2 * d2);
    }
}

extern const struct fit_kernel FIT_KERNEL;
const struct fit_kernel FIT_KERNEL = {.name = FIT_NAME,
                                      .destination = destination,
                                      .origin = origin,
                                      .weigh = weigh,
                                      .sum = sum_of,
                                      .sum_above = sum_above,
                                      .greatest = greatest,
                                      .steps = steps,
                                      .product = product,
                                      .mix = mix,
                                      .add_near = add_near};
