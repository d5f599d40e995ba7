#include "store/course_code.h"

#include "modes/cpr.h"
#include "modes/polar.h"
#include <stddef.h>

/* What a column's level is at first. */
static const uint16_t course_level_start[COLUMNS] = {
    [COLUMN_GAP] = 34,         [COLUMN_BARO_RATE] = 6,      [COLUMN_BARO_RATE + 1] = 16,
    [COLUMN_GEOM_RATE] = 2,    [COLUMN_GEOM_RATE + 1] = 12, [COLUMN_ALT_BARO] = 1,
    [COLUMN_ALT_BARO + 1] = 8, [COLUMN_ALT_GEOM] = 6,       [COLUMN_ALT_GEOM + 1] = 8,
    [COLUMN_ALT_ALONE] = 10,   [COLUMN_EAST] = 36,          [COLUMN_NORTH] = 36,
    [COLUMN_GS] = 32,          [COLUMN_TRACK] = 40,         [COLUMN_LAT] = 120,
    [COLUMN_LAT + 1] = 40,     [COLUMN_LON] = 120,          [COLUMN_LON + 1] = 40,
    [COLUMN_AIR] = 16,         [COLUMN_AIR + 1] = 16,       [COLUMN_AIR + 2] = 32,
    [COLUMN_AIR + 3] = 24};

/* --- time ------------------------------------------------------------------------------------- */

/* One of n (2 ..) numbers any of which is as likely as another: the first few in a bit less. */
INLINE void write_any(struct course *c, uint32_t n, uint32_t v)
{
    const unsigned bits = length_of(n) - 1; /* 2^bits <= n */
    const uint32_t few = (uint32_t)((UINT64_C(2) << bits) - n);
    const uint32_t told = v < few ? v : v + few;
    bits_put(c->out[WAY], bits, v < few ? told : told >> 1);
    bits_put(c->out[WAY], v >= few, v < few ? 0 : told & 1);
}

/* Quanta since the last point. */
INLINE void write_time(struct course *c, uint32_t v)
{
    const struct course_plan *plan = &c->plan;
    if (plan->time_width > 0) {
        const uint32_t past = v - plan->time_low; /* large where v is less */
        write_any(c, plan->time_width + 1, past < plan->time_width ? past : plan->time_width);
        if (past >= plan->time_width) {
            code_first(c, false, WAY, (int32_t)v);
        }
        return;
    }
    const int32_t mean = c->time_mean >> 4;
    code_number(c, false, WAY, COLUMN_TIME, minus((int32_t)v, mean));
    c->time_mean = course_time_mean(c->time_mean, (int32_t)v);
}

/* --- rates, altitudes ------------------------------------------------------------------------- */

/* quiet: it is as was expected, and nothing is written. */
INLINE void write_rate(struct course *c, bool quiet, unsigned geom, int32_t v_fpm)
{
    if (!quiet) {
        const unsigned moves = c->rate[geom] != 0;
        c->rate[geom] =
            code_change(c, false, WAY, (geom ? COLUMN_GEOM_RATE : COLUMN_BARO_RATE) + moves,
                        c->rate[geom], v_fpm / c->plan.quantum[QUANTUM_BARO_RATE + geom]);
    }
}

INLINE int32_t alt_quantum(const struct course *c, enum course_alt which)
{
    return c->plan.quantum[which == ALT_BARO ? QUANTUM_ALT_BARO : QUANTUM_ALT_GEOM];
}

INLINE int32_t expect_alt(const struct course *c, enum course_alt which, double gone_ft)
{
    return plus(c->alt[which], nearest(gone_ft * c->per_alt[which]));
}

INLINE void write_alt(struct course *c, bool quiet, int stream, enum course_alt which,
                      unsigned column, double gone_ft, int32_t v_ft)
{
    const int32_t expected = expect_alt(c, which, gone_ft);
    c->alt[which] =
        quiet ? expected
              : code_change(c, false, stream, column, expected, v_ft / alt_quantum(c, which));
}

/* Geometric altitude where there is no pressure altitude has a column of its own, which a map
 * needs.
 */
INLINE void write_heights(struct course *c, bool quiet, unsigned mask, const struct kept *k)
{
    double rate_fpm = 0;
    if (mask & HAS_GEOM_RATE) {
        write_rate(c, quiet, 1, k->geom_rate_fpm);
        rate_fpm = k->geom_rate_fpm;
    }
    if (mask & HAS_BARO_RATE) {
        write_rate(c, quiet, 0, k->baro_rate_fpm);
        rate_fpm = k->baro_rate_fpm;
    }
    const double up_ft = course_climb_ft(c->rate_fpm, rate_fpm, c->dt_ms);
    const unsigned steep = course_is_steep(up_ft);
    c->rate_fpm = rate_fpm;
    const int32_t was = c->alt[ALT_BARO];
    if (mask & HAS_ALT_BARO) {
        write_alt(c, quiet, WAY, ALT_BARO, COLUMN_ALT_BARO + steep, up_ft, k->alt_baro_ft);
    }
    if ((mask & (HAS_ALT_BARO | HAS_ALT_GEOM)) == HAS_ALT_GEOM) {
        write_alt(c, quiet, WAY, ALT_ALONE, COLUMN_ALT_ALONE, up_ft, k->alt_geom_ft);
    } else if (mask & HAS_ALT_GEOM) {
        const double gone_ft =
            (double)minus(c->alt[ALT_BARO], was) * (double)c->plan.quantum[QUANTUM_ALT_BARO];
        write_alt(c, false, REST, ALT_GEOM, COLUMN_ALT_GEOM + steep, gone_ft, k->alt_geom_ft);
    }
}

/* Whether all heights of the way are as is expected when they are not told. */
static bool is_quiet(const struct course *c, unsigned mask, const struct kept *k)
{
    const int32_t rate[2] = {times(c->rate[0], c->plan.quantum[QUANTUM_BARO_RATE]),
                             times(c->rate[1], c->plan.quantum[QUANTUM_GEOM_RATE])};
    if (c->index == 0 || (mask & HAS_BARO_RATE && k->baro_rate_fpm != rate[0]) ||
        (mask & HAS_GEOM_RATE && k->geom_rate_fpm != rate[1])) {
        return false;
    }
    const int32_t rate_fpm = mask & HAS_BARO_RATE ? rate[0] : mask & HAS_GEOM_RATE ? rate[1] : 0;
    const double up_ft = course_climb_ft(c->rate_fpm, rate_fpm, c->dt_ms);
    const enum course_alt which = mask & HAS_ALT_BARO ? ALT_BARO : ALT_ALONE;
    return !(mask & (HAS_ALT_BARO | HAS_ALT_GEOM)) ||
           times(expect_alt(c, which, up_ft), alt_quantum(c, which)) ==
               (mask & HAS_ALT_BARO ? k->alt_baro_ft : k->alt_geom_ft);
}

/* --- velocity --------------------------------------------------------------------------------- */

INLINE int32_t rounded(int32_t v, int32_t quantum)
{
    return quantum == 1 ? v : (v + quantum / 2) / quantum * quantum;
}

/* Speed and direction of whole knots east and north, in quanta. */
INLINE bool vector_gives(const struct course *c, const int32_t v[2], int32_t *gs, int32_t *track)
{
    if (!course_is_vector(v[0], v[1]) || !polar_of(v[0], v[1], gs, track)) {
        return false;
    }
    *gs = rounded(*gs, c->plan.quantum[QUANTUM_GS]);
    *track = rounded(*track, c->plan.quantum[QUANTUM_TRACK]);
    *track = *track >= 36000 ? 0 : *track;
    return true;
}

/* The whole knots that speed and direction came from, if they did. */
static bool find_vector(const struct course *c, const struct kept *k, int32_t v[2])
{
    const struct motion m = motion_of(k->gs_e2_kt, k->track_e2_deg);
    const int32_t near[2] = {nearest(m.east_kt), nearest(m.north_kt)};
    /* Rounded to tenths, a fast one's direction leaves more than one candidate. */
    const int tries = c->plan.quantum[QUANTUM_TRACK] > 1 ? 9 : 1;
    static const int8_t beside[9][2] = {{0, 0}, {1, 0},  {-1, 0}, {0, 1},  {0, -1},
                                        {1, 1}, {-1, 1}, {1, -1}, {-1, -1}};
    for (int i = 0; i < tries; i++) {
        int32_t gs, track;
        v[0] = near[0] + beside[i][0], v[1] = near[1] + beside[i][1];
        if (!course_is_vector(v[0], v[1]) ||
            rounded(polar_speed_e2(v[0], v[1]), c->plan.quantum[QUANTUM_GS]) != k->gs_e2_kt) {
            continue; /* most of them */
        }
        if (vector_gives(c, v, &gs, &track) && gs == k->gs_e2_kt && track == k->track_e2_deg) {
            return true;
        }
    }
    return false;
}

INLINE void write_vector(struct course *c, const int32_t v[2])
{
    for (unsigned i = 0; i < 2; i++) {
        c->whole_kt[i] = code_change(c, false, WAY, COLUMN_EAST + i, c->whole_kt[i], v[i]);
    }
    c->now = (struct motion){c->whole_kt[0], c->whole_kt[1]};
}

/* --- place ------------------------------------------------------------------------------------ */

void course_zones(struct course *c, unsigned zones)
{
    c->zones = zones;
    for (int kind = GRID_EVEN; kind < GRID_KINDS; kind++) {
        c->step[kind][1] =
            grid_lon_step((enum grid_kind)kind, zones, c->plan.quantum[QUANTUM_PLACE]);
    }
}

/* The grid a place lies on. */
static enum grid_kind find_grid(const struct course *c, const struct kept *k, unsigned *zones)
{
    for (int kind = GRID_EVEN; kind < GRID_KINDS; kind++) {
        const struct grid_step *lat = &c->step[kind][0];
        if (grid_e7(lat, grid_steps(lat, k->lat_e7)) != k->lat_e7) {
            continue;
        }
        *zones = cpr_nl(k->lat_e7);
        const struct grid_step lon =
            *zones == c->zones
                ? c->step[kind][1]
                : grid_lon_step((enum grid_kind)kind, *zones, c->plan.quantum[QUANTUM_PLACE]);
        if (grid_e7(&lon, grid_steps(&lon, k->lon_e7)) == k->lon_e7) {
            return (enum grid_kind)kind;
        }
    }
    return GRID_NONE;
}

/* The last place carried on by the mean of the last and this velocity; without, as it went on
   before. */
INLINE void expect(struct course *c, struct motion before, bool had, bool has, double place[2])
{
    const double dt = (double)c->dt_ms;
    if (!has) {
        const double part = c->before_dt_ms > 0 ? dt / (double)c->before_dt_ms : 0;
        place[0] = c->lat_e7 + (double)((int64_t)c->lat_e7 - c->before_e7[0]) * part;
        place[1] = c->lon_e7 + (double)((int64_t)c->lon_e7 - c->before_e7[1]) * part;
    } else {
        const double half = had ? 0.5 * dt : dt;
        const double east = had ? c->now.east_kt + before.east_kt : c->now.east_kt;
        const double north = had ? c->now.north_kt + before.north_kt : c->now.north_kt;
        course_scale_at(c, c->lat_e7);
        place[0] = c->lat_e7 + north * half * c->scale.lat_per_kt_ms;
        place[1] = c->lon_e7 + east * half * c->scale.lon_per_kt_ms;
    }
}

INLINE void write_coordinate(struct course *c, enum grid_kind kind, unsigned axis, double expected,
                             int32_t v)
{
    const unsigned column = (axis ? COLUMN_LON : COLUMN_LAT) + (kind != GRID_NONE);
    const int32_t q = c->plan.quantum[QUANTUM_PLACE];
    if (c->index == 0) {
        code_first(c, false, WAY, v / q);
    } else if (kind == GRID_NONE) {
        code_number(c, false, WAY, column, minus(v / q, nearest(expected * c->per_place)));
    } else {
        const struct grid_step *step = &c->step[kind][axis];
        const int64_t e = grid_steps(step, expected);
        code_number(c, false, WAY, column, wrapped(grid_steps(step, v) - e));
    }
}

/* --- the whole -------------------------------------------------------------------------------- */

static unsigned find_mode(struct course *c, const struct kept *k, unsigned mask, int32_t vector[2],
                          unsigned *zones)
{
    const bool has = k->gs_e2_kt != KEPT_NONE && k->track_e2_deg != KEPT_NONE;
    const bool same =
        has && c->index > 0 && k->gs_e2_kt == c->gs_e2_kt && k->track_e2_deg == c->track_e2_deg;
    const enum velocity velocity = same                               ? VELOCITY_SAME
                                   : has && find_vector(c, k, vector) ? VELOCITY_VECTOR
                                                                      : VELOCITY_POLAR;
    const enum grid_kind kind = find_grid(c, k, zones);
    *zones = kind == GRID_NONE ? c->zones : *zones;
    return (velocity * 2 + is_quiet(c, mask, k)) * GRID_KINDS + kind;
}

INLINE unsigned write_mode(struct course *c, const struct kept *k, unsigned mask, int32_t vector[2])
{
    unsigned zones = c->zones;
    const unsigned mode = find_mode(c, k, mask, vector, &zones);
    const unsigned code = CODE_MODE + course_mode[c->mode].code;
    if (zones != c->zones) {
        code_symbol(c, false, WAY, code, MODE_ZONES);
        code_bits(c, false, WAY, 6, zones);
        course_zones(c, zones);
    }
    c->mode = code_symbol(c, false, WAY, code, mode);
    return mode;
}

/* k: what was written goes where what is expected next is reckoned from. */
INLINE void write_place(struct course *c, enum grid_kind kind, const double place[2],
                        const struct kept *k)
{
    write_coordinate(c, kind, 0, place[0], k->lat_e7);
    write_coordinate(c, kind, 1, place[1], k->lon_e7);
    c->before_e7[0] = c->lat_e7;
    c->before_e7[1] = c->lon_e7;
    c->before_dt_ms = c->index > 0 ? c->dt_ms : 0;
    c->lat_e7 = k->lat_e7;
    c->lon_e7 = k->lon_e7;
}

/* gap: how many points it is to the next change of something rare. */
INLINE void write_point(struct course *c, struct kept *k, unsigned gap)
{
    if (c->index == c->next_rare) {
        course_rare_code(c, false, k, gap);
    }
    const unsigned mask = (unsigned)c->recent[RARE_MASK][0];
    const unsigned air = (unsigned)c->recent[RARE_AIR_MASK][0];
    if (c->index > 0) {
        c->dt_ms = k->t_ms - c->t_ms;
        write_time(c, (uint32_t)(c->dt_ms / c->plan.quantum[QUANTUM_TIME]));
    }
    c->t_ms = k->t_ms;
    int32_t vector[2] = {0};
    const unsigned mode = write_mode(c, k, mask, vector), told = mode / GRID_KINDS;
    write_heights(c, told & 1, mask, k);
    const struct motion before = c->now;
    const bool had = c->has_velocity;
    const int32_t track_was = c->track_e2_deg;
    c->has_velocity = (mask & HAS_GS) && (mask & HAS_TRACK);
    if (told >> 1 == VELOCITY_VECTOR) {
        write_vector(c, vector);
    } else if (told >> 1 == VELOCITY_POLAR && mask & (HAS_GS | HAS_TRACK)) {
        course_polar(c, false, mask, k);
    }
    c->gs_e2_kt = k->gs_e2_kt;
    c->track_e2_deg = k->track_e2_deg;
    double place[2];
    expect(c, before, had, c->has_velocity, place);
    write_place(c, (enum grid_kind)(mode % GRID_KINDS), place, k);
    if (air) {
        course_air(c, false, air, track_was, k);
    }
    c->index++;
}

void course_start(struct course *c, const struct course_codes *codes,
                  const struct course_plan *plan)
{
    memset(&c->below, 0, sizeof *c - offsetof(struct course, below));
    c->codes = codes;
    c->plan = *plan;
    for (int i = 0; i < COLUMNS; i++) {
        c->below[i] = (uint16_t)(COURSE_LEVEL_MOST - course_level_start[i]);
    }
    c->below[COLUMN_TIME] = (uint16_t)(COURSE_LEVEL_MOST - length_of(plan->time_low) * 14);
    c->time_mean = (int32_t)(plan->time_low < TIME_MOST ? plan->time_low : TIME_MOST) * 16;
    c->base = kept_none();
    c->base.address = plan->address;
    c->t_ms = plan->first_ms;
    c->gs_e2_kt = c->track_e2_deg = KEPT_NONE;
    course_rare_start(c);
    for (int kind = GRID_EVEN; kind < GRID_KINDS; kind++) {
        c->step[kind][0] = grid_lat_step((enum grid_kind)kind, plan->quantum[QUANTUM_PLACE]);
    }
    c->per_place = 1.0 / plan->quantum[QUANTUM_PLACE];
    /* Where there is no grid a quantum is a step. */
    c->step[GRID_NONE][0] = c->step[GRID_NONE][1] = (struct grid_step){
        .per_e7 = c->per_place, .quanta = 1.0, .quantum_e7 = plan->quantum[QUANTUM_PLACE]};
    course_zones(c, 59);
    c->per_alt[ALT_BARO] = 1.0 / plan->quantum[QUANTUM_ALT_BARO];
    c->per_alt[ALT_GEOM] = c->per_alt[ALT_ALONE] = 1.0 / plan->quantum[QUANTUM_ALT_GEOM];
}

#define WRITE(name, target)                                                                        \
    static target void name(struct course *c, const struct kept *p, size_t n)                      \
    {                                                                                              \
        size_t next = 0;                                                                           \
        for (size_t i = 0; i < n; i++) {                                                           \
            struct kept k = p[i];                                                                  \
            if (next <= i) {                                                                       \
                for (next = i + 1; next < n && course_rare_same(&p[next - 1], &p[next]); next++) { \
                }                                                                                  \
            }                                                                                      \
            write_point(c, &k, next < n ? (unsigned)(next - i) : 0);                               \
        }                                                                                          \
    }

/* Shifting by as many bits as there were before is what processors of the last ten years do in one
   step: the same code once more for them. No instruction that would round otherwise is among
   these. */
#if defined(__x86_64__)
WRITE(write_fast, __attribute__((target("bmi,bmi2,lzcnt,avx2"))))
#define HAS_FAST (__builtin_cpu_supports("bmi2") && __builtin_cpu_supports("avx2"))
#else
#define write_fast write_all
#define HAS_FAST   false
#endif

WRITE(write_all, )

void course_write(struct course *c, const struct kept *p, size_t n)
{
    if (HAS_FAST) {
        write_fast(c, p, n);
    } else {
        write_all(c, p, n);
    }
}
