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

/* Where reading is, for functions that are not inlined. */
INLINE void lend(struct course *c, struct how how)
{
    if (how.reading) {
        c->in[WAY].at = how.in[WAY].at;
        c->in[REST].at = how.in[REST].at;
    }
}

INLINE void take_back(const struct course *c, struct how how)
{
    if (how.reading) {
        how.in[WAY].at = c->in[WAY].at;
        how.in[REST].at = c->in[REST].at;
    }
}

/* --- time ------------------------------------------------------------------------------------- */

/* One of n (2 ..) numbers any of which is as likely as another: the first few in a bit less. */
INLINE uint32_t code_any(struct course *c, struct how how, uint32_t n, uint32_t v)
{
    const unsigned bits = length_of(n) - 1; /* 2^bits <= n */
    const uint32_t few = (uint32_t)((UINT64_C(2) << bits) - n);
    if (!how.reading) {
        const uint32_t told = v < few ? v : v + few;
        bits_put(c->out[WAY], bits, v < few ? told : told >> 1);
        bits_put(c->out[WAY], v >= few, v < few ? 0 : told & 1);
        return v;
    }
    const uint64_t ahead = bits_peek(&how.in[WAY]);
    const uint32_t told = (uint32_t)bits_low(ahead, bits);
    how.in[WAY].at += bits + (told >= few);
    return told < few ? told : (told << 1 | (uint32_t)(ahead >> bits & 1)) - few;
}

/* Quanta since the last point. */
INLINE uint32_t code_time(struct course *c, struct how how, uint32_t v)
{
    const struct course_plan *plan = &c->plan;
    if (plan->time_width > 0) {
        const uint32_t past = v - plan->time_low; /* large where v is less */
        const uint32_t in = code_any(c, how, plan->time_width + 1,
                                     past < plan->time_width ? past : plan->time_width);
        return in < plan->time_width ? plan->time_low + in
                                     : (uint32_t)code_first(c, how, WAY, (int32_t)v);
    }
    const int32_t mean = c->time_mean >> 4;
    const int32_t gone = plus(mean, code_number(c, how, WAY, COLUMN_TIME, minus((int32_t)v, mean)));
    /* Not beyond what a chunk may span, or the mean would not fit. */
    const int32_t some = gone < 0 ? 0 : gone > TIME_MOST ? TIME_MOST : gone;
    c->time_mean += ((some << 4) - c->time_mean) >> 2;
    return (uint32_t)gone;
}

/* --- rates, altitudes ------------------------------------------------------------------------- */

/* quiet: it is as was expected, and nothing is written. */
INLINE int32_t code_rate(struct course *c, struct how how, bool quiet, unsigned geom, int32_t v)
{
    const int32_t q = c->plan.quantum[QUANTUM_BARO_RATE + geom];
    if (!quiet) {
        const unsigned moves = c->rate[geom] != 0;
        c->rate[geom] =
            code_change(c, how, WAY, (geom ? COLUMN_GEOM_RATE : COLUMN_BARO_RATE) + moves,
                        c->rate[geom], how.reading ? 0 : v / q);
    }
    return times(c->rate[geom], q);
}

INLINE int32_t alt_quantum(const struct course *c, enum course_alt which)
{
    return c->plan.quantum[which == ALT_BARO ? QUANTUM_ALT_BARO : QUANTUM_ALT_GEOM];
}

INLINE int32_t expect_alt(const struct course *c, enum course_alt which, double gone_ft)
{
    return plus(c->alt[which], nearest(gone_ft * c->per_alt[which]));
}

INLINE int32_t code_alt(struct course *c, struct how how, bool quiet, int stream,
                        enum course_alt which, unsigned column, double gone_ft, int32_t v)
{
    const int32_t expected = expect_alt(c, which, gone_ft), q = alt_quantum(c, which);
    c->alt[which] =
        quiet ? expected : code_change(c, how, stream, column, expected, how.reading ? 0 : v / q);
    return times(c->alt[which], q);
}

INLINE double climb_ft(const struct course *c, double rate_fpm)
{
    return (rate_fpm + c->rate_fpm) * (double)c->dt_ms * (0.5 / 60000.0);
}

/* Geometric altitude where there is no pressure altitude has a column of its own, which a map
 * needs.
 */
INLINE void code_heights(struct course *c, struct how how, bool quiet, unsigned mask,
                         struct kept *k)
{
    double rate = 0;
    if (mask & HAS_GEOM_RATE) {
        k->geom_rate_fpm = code_rate(c, how, quiet, 1, k->geom_rate_fpm);
        rate = k->geom_rate_fpm;
    }
    if (mask & HAS_BARO_RATE) {
        k->baro_rate_fpm = code_rate(c, how, quiet, 0, k->baro_rate_fpm);
        rate = k->baro_rate_fpm;
    }
    const double up_ft = climb_ft(c, rate);
    const unsigned steep = up_ft > 12.0 || up_ft < -12.0;
    c->rate_fpm = rate;
    const int32_t was = c->alt[ALT_BARO];
    if (mask & HAS_ALT_BARO) {
        k->alt_baro_ft =
            code_alt(c, how, quiet, WAY, ALT_BARO, COLUMN_ALT_BARO + steep, up_ft, k->alt_baro_ft);
    }
    if ((mask & (HAS_ALT_BARO | HAS_ALT_GEOM)) == HAS_ALT_GEOM) {
        k->alt_geom_ft =
            code_alt(c, how, quiet, WAY, ALT_ALONE, COLUMN_ALT_ALONE, up_ft, k->alt_geom_ft);
    } else if (how.rest && mask & HAS_ALT_GEOM) {
        const double gone_ft =
            (double)minus(c->alt[ALT_BARO], was) * (double)c->plan.quantum[QUANTUM_ALT_BARO];
        k->alt_geom_ft = code_alt(c, how, false, REST, ALT_GEOM, COLUMN_ALT_GEOM + steep, gone_ft,
                                  k->alt_geom_ft);
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
    const double up_ft = climb_ft(c, mask & HAS_BARO_RATE   ? rate[0]
                                     : mask & HAS_GEOM_RATE ? rate[1]
                                                            : 0);
    const enum course_alt which = mask & HAS_ALT_BARO ? ALT_BARO : ALT_ALONE;
    return !(mask & (HAS_ALT_BARO | HAS_ALT_GEOM)) ||
           times(expect_alt(c, which, up_ft), alt_quantum(c, which)) ==
               (mask & HAS_ALT_BARO ? k->alt_baro_ft : k->alt_geom_ft);
}

/* --- velocity --------------------------------------------------------------------------------- */

enum velocity { VELOCITY_SAME, VELOCITY_VECTOR, VELOCITY_POLAR, VELOCITIES };

INLINE int32_t rounded(int32_t v, int32_t quantum)
{
    return quantum == 1 ? v : (v + quantum / 2) / quantum * quantum;
}

/* What whole knots east and north can be (BDS 0,9). */
INLINE bool is_vector(int32_t east, int32_t north)
{
    return east >= -4095 && east <= 4095 && north >= -4095 && north <= 4095;
}

/* Speed and direction of whole knots east and north, in quanta. */
INLINE bool vector_gives(const struct course *c, const int32_t v[2], int32_t *gs, int32_t *track)
{
    if (!is_vector(v[0], v[1]) || !polar_of(v[0], v[1], gs, track)) {
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
        if (!is_vector(v[0], v[1]) ||
            rounded(polar_speed_e2(v[0], v[1]), c->plan.quantum[QUANTUM_GS]) != k->gs_e2_kt) {
            continue; /* most of them */
        }
        if (vector_gives(c, v, &gs, &track) && gs == k->gs_e2_kt && track == k->track_e2_deg) {
            return true;
        }
    }
    return false;
}

INLINE void code_vector(struct course *c, struct how how, struct kept *k, const int32_t v[2])
{
    for (unsigned i = 0; i < 2; i++) {
        c->whole_kt[i] =
            code_change(c, how, WAY, COLUMN_EAST + i, c->whole_kt[i], how.reading ? 0 : v[i]);
    }
    if (__builtin_expect(!is_vector(c->whole_kt[0], c->whole_kt[1]), 0)) {
        c->whole_kt[0] = c->whole_kt[1] = 0; /* a damaged chunk's */
    }
    c->now = (struct motion){c->whole_kt[0], c->whole_kt[1]};
    if (how.reading && how.rest && !vector_gives(c, c->whole_kt, &k->gs_e2_kt, &k->track_e2_deg)) {
        k->gs_e2_kt = k->track_e2_deg = 0; /* a damaged chunk's */
    }
}

/* Speed and direction by themselves, or the one of them that is known. */
static __attribute__((noinline)) void code_polar(struct course *c, const bool reading,
                                                 unsigned mask, struct kept *k)
{
    const struct how how = {reading, true, c->in};
    const int32_t qg = c->plan.quantum[QUANTUM_GS], qt = c->plan.quantum[QUANTUM_TRACK];
    if (mask & HAS_GS) {
        c->gs = code_change(c, how, WAY, COLUMN_GS, c->gs, reading ? 0 : k->gs_e2_kt / qg);
        k->gs_e2_kt = times(c->gs, qg);
    }
    if (mask & HAS_TRACK) {
        /* The short way around, where the turn is a whole number of quanta. */
        const int32_t turn = 36000 % qt ? 0 : 36000 / qt;
        int32_t v = reading ? 0 : k->track_e2_deg / qt;
        const int32_t gone = minus(v, c->track);
        v += reading || turn == 0 ? 0 : gone > turn / 2 ? -turn : gone < -turn / 2 ? turn : 0;
        v = code_change(c, how, WAY, COLUMN_TRACK, c->track, v);
        c->track = turn && v < 0 ? plus(v, turn) : turn && v >= turn ? minus(v, turn) : v;
        k->track_e2_deg = times(c->track, qt);
    }
    if ((mask & HAS_GS) && (mask & HAS_TRACK)) {
        c->now = motion_of(k->gs_e2_kt, k->track_e2_deg);
        c->whole_kt[0] = nearest(c->now.east_kt);
        c->whole_kt[1] = nearest(c->now.north_kt);
    }
}

/* --- place ------------------------------------------------------------------------------------ */

static void use_zones(struct course *c, unsigned zones)
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
        motion_scale_at(&c->scale, c->lat_e7);
        place[0] = c->lat_e7 + north * half * c->scale.lat_per_kt_ms;
        place[1] = c->lon_e7 + east * half * c->scale.lon_per_kt_ms;
    }
}

INLINE int32_t code_coordinate(struct course *c, struct how how, enum grid_kind kind, unsigned axis,
                               double expected, int32_t v)
{
    const unsigned column = (axis ? COLUMN_LON : COLUMN_LAT) + (kind != GRID_NONE);
    const int32_t q = c->plan.quantum[QUANTUM_PLACE];
    if (c->index == 0) {
        return times(code_first(c, how, WAY, v / q), q);
    }
    if (kind == GRID_NONE) {
        const int32_t e = nearest(expected * c->per_place);
        return times(plus(e, code_number(c, how, WAY, column, minus(v / q, e))), q);
    }
    const struct grid_step *step = &c->step[kind][axis];
    const int64_t e = grid_steps(step, expected);
    const int32_t r =
        code_number(c, how, WAY, column, how.reading ? 0 : wrapped(grid_steps(step, v) - e));
    return times(nearest((double)wrapped(e + r) * step->quanta), step->quantum_e7);
}

/* --- air data --------------------------------------------------------------------------------- */

/* Which of those known differ from when they were last known, less, of the heading, the change of
   track; then by how much. */
static __attribute__((noinline)) void code_air(struct course *c, const bool reading, unsigned mask,
                                               int32_t track_was, struct kept *k)
{
    const struct how how = {reading, true, c->in};
    const int32_t *q = c->plan.air_quantum;
    int32_t v[AIRS] = {0};
    unsigned changed = 0;
    for (unsigned a = 0; a < AIRS && !reading; a++) {
        if (mask >> a & 1) {
            v[a] = point_air_steps(point_air_get(k, a), q[a]);
            changed |= (unsigned)(v[a] != c->air[a]) << a;
        }
    }
    changed = code_symbol(c, how, REST, CODE_AIR + c->air_changed, changed);
    c->air_changed = changed;
    const bool turns = k->track_e2_deg != KEPT_NONE && track_was != KEPT_NONE;
    for (unsigned a = 0; a < AIRS; a++) {
        if (changed >> a & 1) {
            const int32_t turn =
                a == AIR_HEADING && turns && c->index > 0
                    ? point_air_steps(minus(k->track_e2_deg, track_was) % 36000, q[a])
                    : 0;
            c->air[a] = code_change(c, how, REST, COLUMN_AIR + a, plus(c->air[a], turn), v[a]);
        }
        if (mask >> a & 1) {
            point_air_set(k, a, point_air_value(c->air[a], q[a]));
        }
    }
}

/* --- the whole -------------------------------------------------------------------------------- */

/* How velocity is told (enum velocity), what grid the place is on and whether the heights are as
   expected, in one symbol: (velocity * 2 + quiet) * GRID_KINDS + grid. One more: the number of
   longitude zones is another: six bits, then once more. */
enum { MODE_ZONES = VELOCITIES * 2 * GRID_KINDS };

/* Which code a mode is told in, by the one before: even and odd are alike. */
static const uint8_t mode_code[MODES] = {
#define ROW(first) first, (first) + 1, (first) + 1, (first) + 2, (first) + 2
    ROW(0),  ROW(3), ROW(6), ROW(9), ROW(12),
    ROW(15), 0,      0
#undef ROW
};

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

INLINE unsigned code_mode(struct course *c, struct how how, const struct kept *k, unsigned mask,
                          int32_t vector[2])
{
    unsigned mode = 0, zones = c->zones;
    if (!how.reading) {
        mode = find_mode(c, k, mask, vector, &zones);
    }
    const unsigned code = CODE_MODE + mode_code[c->mode];
    unsigned s = code_symbol(c, how, WAY, code, zones != c->zones ? MODE_ZONES : mode);
    if (__builtin_expect(s >= MODE_ZONES, 0)) {
        zones = (unsigned)code_bits(c, how, WAY, 6, zones);
        use_zones(c, zones < 1 ? 1 : zones > 59 ? 59 : zones);
        s = code_symbol(c, how, WAY, code, mode);
        s = s < MODE_ZONES ? s : 0;
    }
    c->mode = s;
    return s;
}

INLINE void code_velocity(struct course *c, struct how how, enum velocity velocity, unsigned mask,
                          const int32_t vector[2], struct kept *k)
{
    if (velocity == VELOCITY_SAME) {
        if (how.reading && how.rest) {
            k->gs_e2_kt = c->gs_e2_kt;
            k->track_e2_deg = c->track_e2_deg;
        }
    } else if (velocity == VELOCITY_VECTOR) {
        code_vector(c, how, k, vector);
    } else if (mask & (HAS_GS | HAS_TRACK)) {
        lend(c, how);
        code_polar(c, how.reading, mask, k);
        take_back(c, how);
    }
    c->gs_e2_kt = k->gs_e2_kt;
    c->track_e2_deg = k->track_e2_deg;
}

INLINE void code_place(struct course *c, struct how how, enum grid_kind kind, const double place[2],
                       struct kept *k)
{
    const int32_t lat_e7 = code_coordinate(c, how, kind, 0, place[0], k->lat_e7);
    const int32_t lon_e7 = code_coordinate(c, how, kind, 1, place[1], k->lon_e7);
    c->before_e7[0] = c->lat_e7;
    c->before_e7[1] = c->lon_e7;
    c->before_dt_ms = c->index > 0 ? c->dt_ms : 0;
    c->lat_e7 = k->lat_e7 = lat_e7;
    c->lon_e7 = k->lon_e7 = lon_e7;
}

/* gap: of the writer, how many points it is to the next change of something rare. */
INLINE void code_point(struct course *c, const struct how how, struct kept *k, unsigned gap)
{
    if (c->index == c->next_rare) {
        lend(c, how);
        course_rare_code(c, how.reading, k, gap);
        take_back(c, how);
    }
    const unsigned mask = (unsigned)c->recent[RARE_MASK][0];
    const unsigned air = (unsigned)c->recent[RARE_AIR_MASK][0];
    if (how.reading) {
        *k = c->base;
    }
    if (c->index > 0) {
        const int32_t q = c->plan.quantum[QUANTUM_TIME];
        const uint32_t gone = how.reading ? 0 : (uint32_t)((k->t_ms - c->t_ms) / q);
        const int64_t dt_ms = (int64_t)code_time(c, how, gone) * q;
        c->dt_ms = dt_ms < DT_MOST_MS ? dt_ms : DT_MOST_MS; /* beyond: a damaged chunk's */
    }
    c->t_ms += c->dt_ms;
    k->t_ms = c->t_ms;
    int32_t vector[2];
    const unsigned mode = code_mode(c, how, k, mask, vector), told = mode / GRID_KINDS;
    code_heights(c, how, told & 1, mask, k);
    const struct motion before = c->now;
    const bool had = c->has_velocity, has = (mask & HAS_GS) && (mask & HAS_TRACK);
    const int32_t track_was = c->track_e2_deg;
    code_velocity(c, how, (enum velocity)(told >> 1), mask, vector, k);
    double place[2];
    expect(c, before, had, has, place);
    c->has_velocity = has;
    code_place(c, how, (enum grid_kind)(mode % GRID_KINDS), place, k);
    if (how.rest && air) {
        lend(c, how);
        code_air(c, how.reading, air, track_was, k);
        take_back(c, how);
    }
    if (how.reading && !how.rest) {
        k->gs_e2_kt = k->track_e2_deg = k->baro_rate_fpm = k->geom_rate_fpm = KEPT_NONE;
    }
    c->index++;
}

void course_start(struct course *c, const struct course_codes *codes,
                  const struct course_plan *plan)
{
    memset(&c->level, 0, sizeof *c - offsetof(struct course, level));
    c->codes = codes;
    c->plan = *plan;
    memcpy(c->level, course_level_start, sizeof c->level);
    c->level[COLUMN_TIME] = (uint16_t)(length_of(plan->time_low) * 14);
    c->time_mean = (int32_t)(plan->time_low < TIME_MOST ? plan->time_low : TIME_MOST) * 16;
    c->base = kept_none();
    c->base.address = plan->address;
    c->t_ms = plan->first_ms;
    c->gs_e2_kt = c->track_e2_deg = KEPT_NONE;
    course_rare_start(c);
    for (int kind = GRID_EVEN; kind < GRID_KINDS; kind++) {
        c->step[kind][0] = grid_lat_step((enum grid_kind)kind, plan->quantum[QUANTUM_PLACE]);
    }
    use_zones(c, 59);
    c->per_alt[ALT_BARO] = 1.0 / plan->quantum[QUANTUM_ALT_BARO];
    c->per_alt[ALT_GEOM] = c->per_alt[ALT_ALONE] = 1.0 / plan->quantum[QUANTUM_ALT_GEOM];
    c->per_place = 1.0 / plan->quantum[QUANTUM_PLACE];
}

#define WRITE(name, target)                                                                        \
    static target void name(struct course *c, const struct kept *p, size_t n)                      \
    {                                                                                              \
        const struct how how = {false, true, NULL};                                                \
        size_t next = 0;                                                                           \
        for (size_t i = 0; i < n; i++) {                                                           \
            struct kept k = p[i];                                                                  \
            if (next <= i) {                                                                       \
                for (next = i + 1; next < n && course_rare_same(&p[next - 1], &p[next]); next++) { \
                }                                                                                  \
            }                                                                                      \
            code_point(c, how, &k, next < n ? (unsigned)(next - i) : 0);                           \
        }                                                                                          \
    }

#define READ(name, rest, target)                                                                   \
    static target size_t name(struct course *c, size_t max, int64_t to_ms, struct kept *out)       \
    {                                                                                              \
        struct bits_in in[2] = {c->in[WAY], c->in[REST]};                                          \
        const struct how how = {true, rest, in};                                                   \
        size_t i = 0;                                                                              \
        for (; i < max && in[WAY].at <= in[WAY].end && in[REST].at <= in[REST].end; i++) {         \
            code_point(c, how, &out[i], 0);                                                        \
            if (out[i].t_ms > to_ms) {                                                             \
                break;                                                                             \
            }                                                                                      \
        }                                                                                          \
        lend(c, how);                                                                              \
        return i;                                                                                  \
    }

/* Both are shifting by as many bits as there were before, which processors of the last ten years do
   in one step: the same code once more for them. No instruction that would round otherwise is
   among these. */
#if defined(__x86_64__)
#define FAST __attribute__((target("bmi,bmi2,lzcnt,avx2")))
WRITE(write_fast, FAST)
READ(read_way_fast, false, FAST)
READ(read_all_fast, true, FAST)
#define HAS_FAST (__builtin_cpu_supports("bmi2") && __builtin_cpu_supports("avx2"))
#else
#define write_fast    write_all
#define read_way_fast read_way
#define read_all_fast read_all
#define HAS_FAST      false
#endif

WRITE(write_all, )
READ(read_way, false, )
READ(read_all, true, )

size_t course_read(struct course *c, size_t max, int64_t to_ms, bool rest, struct kept *out)
{
    if (HAS_FAST) {
        return rest ? read_all_fast(c, max, to_ms, out) : read_way_fast(c, max, to_ms, out);
    }
    return rest ? read_all(c, max, to_ms, out) : read_way(c, max, to_ms, out);
}

void course_write(struct course *c, const struct kept *p, size_t n)
{
    if (HAS_FAST) {
        write_fast(c, p, n);
    } else {
        write_all(c, p, n);
    }
}
