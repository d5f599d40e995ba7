#include "store/point.h"

#include "modes/cpr.h"
#include "modes/polar.h"

#include <string.h>

/* Differences wrap at 32 bits, so that any values can follow each other; what a damaged chunk
   gives is nonsense but defined. */
static int32_t minus(int32_t a, int32_t b)
{
    return (int32_t)((uint32_t)a - (uint32_t)b);
}

static int32_t plus(int32_t a, int32_t b)
{
    return (int32_t)((uint32_t)a + (uint32_t)b);
}

static int32_t times(int32_t a, int32_t b)
{
    return (int32_t)((uint32_t)a * (uint32_t)b);
}

/* Within 1e-7 degrees once around and far more than any altitude or speed. */
static double within(double v)
{
    return v > 4e9 ? 4e9 : v < -4e9 ? -4e9 : v;
}

static int32_t nearest(double v)
{
    const double w = v > 2e9 ? 2e9 : v < -2e9 ? -2e9 : v;
    return (int32_t)(w < 0 ? w - 0.5 : w + 0.5);
}

static uint32_t code_length(struct range_coder *c, struct point_length *m, uint32_t v)
{
    const unsigned n = range_tree(c, m->bits, 5, v ? 32u - (unsigned)__builtin_clz(v) : 0);
    if (n < 2) {
        return n;
    }
    const unsigned k = n > 2 ? 2 : 1; /* bits below the first that are learned */
    const uint32_t top = range_tree(c, m->top[n], k, v >> (n - 1 - k) & ((1u << k) - 1));
    const unsigned rest = n - 1 - k;
    const uint32_t head = (1u << k | top) << rest;
    return rest ? head | range_raw(c, rest, v & ((1u << rest) - 1)) : head;
}

/* --- what changes rarely ---------------------------------------------------------------------- */

static const uint8_t slow_bits[SLOWS] = {64, 16, 16, 8, 1, 8, 8, 8, 8, 32, 16};

static void slow_set(struct kept *k, const uint64_t v[SLOWS])
{
    memcpy(k->flight, &v[SLOW_FLIGHT], 8);
    k->squawk = (uint16_t)v[SLOW_SQUAWK];
    k->receiver = (uint16_t)v[SLOW_RECEIVER];
    k->origin = (uint8_t)v[SLOW_ORIGIN];
    k->ground = (uint8_t)v[SLOW_GROUND];
    k->version = (uint8_t)v[SLOW_VERSION];
    k->sil = (uint8_t)v[SLOW_SIL];
    k->nac_p = (uint8_t)v[SLOW_NAC_P];
    k->nic = (uint8_t)v[SLOW_NIC];
    k->rc_m = (int32_t)(uint32_t)v[SLOW_RC];
    k->nav_qnh_e1_hpa = (uint16_t)v[SLOW_QNH];
}

static uint64_t code_raw(struct range_coder *c, unsigned bits, uint64_t v)
{
    if (bits <= 32) {
        return range_raw(c, bits, (uint32_t)v);
    }
    const uint64_t high = range_raw(c, bits - 32, (uint32_t)(v >> 32));
    return high << 32 | range_raw(c, 32, (uint32_t)v);
}

/* A value other than the last: one of those before it (recent[1] ..), or in full (place 0). It goes
   to the front. */
static uint64_t code_recent(struct point_coder *p, enum point_slow s, uint64_t v)
{
    uint64_t *recent = p->recent[s];
    unsigned i = POINT_RECENT - 1;
    while (i > 0 && recent[i] != v) {
        i--;
    }
    i = range_tree(&p->c, p->m.recent[s], 3, i);
    v = i > 0 ? recent[i] : code_raw(&p->c, slow_bits[s], v);
    memmove(recent + 1, recent, (i > 0 ? i : POINT_RECENT - 1) * sizeof *recent);
    recent[0] = v;
    return v;
}

static void code_slow(struct point_coder *p, struct kept *k)
{
    uint64_t v[SLOWS];
    bool changed = false;
    point_slow_get(k, v);
    for (unsigned s = 0; s < p->slows; s++) {
        changed |= v[s] != p->recent[s][0];
    }
    changed = range_bit(&p->c, &p->m.changed, changed);
    for (unsigned s = 0; s < p->slows; s++) {
        if (changed && range_bit(&p->c, &p->m.which[s], v[s] != p->recent[s][0])) {
            v[s] = code_recent(p, s, v[s]);
        } else {
            v[s] = p->recent[s][0];
        }
    }
    slow_set(k, v);
}

/* --- rates, altitudes ------------------------------------------------------------------------- */

enum {
    HAS_BARO_RATE = 1,
    HAS_GEOM_RATE = 2,
    HAS_ALT_BARO = 4,
    HAS_ALT_GEOM = 8,
    HAS_GS = 16,
    HAS_TRACK = 32
};

static unsigned mask_of(const struct kept *k)
{
    return (k->baro_rate_fpm != KEPT_NONE ? HAS_BARO_RATE : 0u) |
           (k->geom_rate_fpm != KEPT_NONE ? HAS_GEOM_RATE : 0u) |
           (k->alt_baro_ft != KEPT_NONE ? HAS_ALT_BARO : 0u) |
           (k->alt_geom_ft != KEPT_NONE ? HAS_ALT_GEOM : 0u) |
           (k->gs_e2_kt != KEPT_NONE ? HAS_GS : 0u) |
           (k->track_e2_deg != KEPT_NONE ? HAS_TRACK : 0u);
}

static unsigned code_mask(struct point_coder *p, const struct kept *k)
{
    const unsigned mask = p->c.reading ? 0 : mask_of(k);
    if (!range_bit(&p->c, &p->m.same_mask, mask != p->mask)) {
        return p->mask;
    }
    p->mask = range_tree(&p->c, p->m.mask, 6, mask);
    return p->mask;
}

static int32_t known(int32_t v)
{
    return v == KEPT_NONE ? 0 : v;
}

/* A value as the difference in quanta from what was expected. */
static int32_t code_quanta(struct point_coder *p, struct range_number *m, int32_t quantum,
                           double expected, int32_t v)
{
    const int32_t e = nearest(expected / quantum);
    return times(plus(range_number(&p->c, m, minus(v / quantum, e)), e), quantum);
}

static void code_heights(struct point_coder *p, unsigned mask, struct kept *k)
{
    const struct kept *at = &p->at;
    struct point_models *m = &p->m;
    const int32_t *q = p->quantum;
    const int32_t before = known(mask & HAS_BARO_RATE ? at->baro_rate_fpm : at->geom_rate_fpm);
    const unsigned moves = before != 0;
    int32_t baro = KEPT_NONE, geom = KEPT_NONE;
    if (mask & HAS_BARO_RATE) {
        baro = code_quanta(p, &m->rate[0][moves], q[QUANTUM_BARO_RATE], known(at->baro_rate_fpm),
                           k->baro_rate_fpm);
    }
    if (mask & HAS_GEOM_RATE) {
        geom = code_quanta(p, &m->rate[1][moves], q[QUANTUM_GEOM_RATE], known(at->geom_rate_fpm),
                           k->geom_rate_fpm);
    }
    k->baro_rate_fpm = baro;
    k->geom_rate_fpm = geom;
    const double rate = ((double)known(mask & HAS_BARO_RATE ? baro : geom) + before) / 2.0;
    const double up_ft = rate * (double)p->dt_ms / 60000.0;
    const unsigned steep = up_ft > 12.0 || up_ft < -12.0;
    const int32_t alt_was = known(at->alt_baro_ft);
    if (mask & HAS_ALT_BARO) {
        k->alt_baro_ft = code_quanta(p, &m->alt_baro[steep], q[QUANTUM_ALT_BARO],
                                     (double)alt_was + up_ft, k->alt_baro_ft);
    } else {
        k->alt_baro_ft = KEPT_NONE;
    }
    if (mask & HAS_ALT_GEOM) {
        const bool both = mask & HAS_ALT_BARO && at->alt_baro_ft != KEPT_NONE;
        const double gone = both ? (double)k->alt_baro_ft - alt_was : up_ft;
        k->alt_geom_ft = code_quanta(p, &m->alt_geom[steep], q[QUANTUM_ALT_GEOM],
                                     (double)known(at->alt_geom_ft) + gone, k->alt_geom_ft);
    } else {
        k->alt_geom_ft = KEPT_NONE;
    }
}

/* --- velocity --------------------------------------------------------------------------------- */

enum velocity { VELOCITY_SAME, VELOCITY_VECTOR, VELOCITY_POLAR };

static int32_t rounded(int32_t v, int32_t quantum)
{
    return (v + quantum / 2) / quantum * quantum;
}

/* What whole knots east and north can be (BDS 0,9). */
static bool is_vector(int32_t east, int32_t north)
{
    return east >= -4095 && east <= 4095 && north >= -4095 && north <= 4095;
}

/* Speed and direction of whole knots east and north (BDS 0,9), in quanta. */
static bool vector_gives(const struct point_coder *p, int32_t east, int32_t north, int32_t *gs,
                         int32_t *track)
{
    if (!is_vector(east, north) || !polar_of(east, north, gs, track)) {
        return false;
    }
    *gs = rounded(*gs, p->quantum[QUANTUM_GS]);
    *track = rounded(*track, p->quantum[QUANTUM_TRACK]);
    *track = *track >= 36000 ? 0 : *track;
    return true;
}

/* The whole knots that speed and direction came from, if they did. */
static bool find_vector(const struct point_coder *p, const struct kept *k, int32_t v[2])
{
    const struct motion m = motion_of(k->gs_e2_kt, k->track_e2_deg);
    const int32_t near[2] = {nearest(m.east_kt), nearest(m.north_kt)};
    /* Rounded to tenths, a fast one's direction leaves more than one candidate. */
    const int tries = p->quantum[QUANTUM_TRACK] > 1 ? 9 : 1;
    static const int8_t beside[9][2] = {{0, 0}, {1, 0},  {-1, 0}, {0, 1},  {0, -1},
                                        {1, 1}, {-1, 1}, {1, -1}, {-1, -1}};
    for (int i = 0; i < tries; i++) {
        int32_t gs, track;
        v[0] = near[0] + beside[i][0], v[1] = near[1] + beside[i][1];
        if (!is_vector(v[0], v[1]) ||
            rounded(polar_speed_e2(v[0], v[1]), p->quantum[QUANTUM_GS]) != k->gs_e2_kt) {
            continue; /* most of them */
        }
        if (vector_gives(p, v[0], v[1], &gs, &track) && gs == k->gs_e2_kt &&
            track == k->track_e2_deg) {
            return true;
        }
    }
    return false;
}

static void code_vector(struct point_coder *p, struct kept *k, const int32_t was[2], int32_t v[2])
{
    v[0] = plus(was[0], range_number(&p->c, &p->m.east[0], minus(v[0], was[0])));
    v[1] = plus(was[1], range_number(&p->c, &p->m.north[0], minus(v[1], was[1])));
    if (!vector_gives(p, v[0], v[1], &k->gs_e2_kt, &k->track_e2_deg)) {
        k->gs_e2_kt = k->track_e2_deg = 0; /* a damaged chunk's */
    }
    p->now = (struct motion){v[0], v[1]};
}

static void code_polar(struct point_coder *p, unsigned mask, struct kept *k)
{
    const int32_t *q = p->quantum;
    if (mask & HAS_GS) {
        k->gs_e2_kt = code_quanta(p, &p->m.gs, q[QUANTUM_GS], known(p->at.gs_e2_kt), k->gs_e2_kt);
    }
    if (mask & HAS_TRACK) {
        /* The short way around, where the turn is a whole number of quanta. */
        const int32_t was = known(p->at.track_e2_deg), turn = 36000;
        int32_t v = k->track_e2_deg;
        const bool wraps = turn % q[QUANTUM_TRACK] == 0;
        if (wraps && !p->c.reading) {
            v += v - was > turn / 2 ? -turn : v - was < -turn / 2 ? turn : 0;
        }
        v = code_quanta(p, &p->m.track, q[QUANTUM_TRACK], was, v);
        k->track_e2_deg = wraps && v < 0 ? plus(v, turn) : wraps && v >= turn ? minus(v, turn) : v;
    }
}

static void code_velocity(struct point_coder *p, unsigned mask, struct kept *k)
{
    const unsigned both = HAS_GS | HAS_TRACK;
    k->gs_e2_kt = mask & HAS_GS ? k->gs_e2_kt : KEPT_NONE;
    k->track_e2_deg = mask & HAS_TRACK ? k->track_e2_deg : KEPT_NONE;
    p->has_velocity = (mask & both) == both;
    if (!p->has_velocity) {
        code_polar(p, mask, k);
        return;
    }
    unsigned how = VELOCITY_POLAR;
    int32_t v[2] = {0};
    const int32_t was[2] = {nearest(p->now.east_kt), nearest(p->now.north_kt)};
    if (!p->c.reading) {
        if (k->gs_e2_kt == p->at.gs_e2_kt && k->track_e2_deg == p->at.track_e2_deg) {
            how = VELOCITY_SAME;
        } else if (find_vector(p, k, v)) {
            how = VELOCITY_VECTOR;
        }
    }
    how = range_tree(&p->c, p->m.velocity[p->velocity], 2, how);
    p->velocity = how;
    if (how == VELOCITY_SAME) {
        k->gs_e2_kt = p->at.gs_e2_kt;
        k->track_e2_deg = p->at.track_e2_deg;
    } else if (how == VELOCITY_VECTOR) {
        code_vector(p, k, was, v);
    } else {
        code_polar(p, mask, k);
        p->now = motion_of(k->gs_e2_kt, k->track_e2_deg);
    }
}

/* --- air data --------------------------------------------------------------------------------- */

unsigned point_air_mask(const struct kept *k)
{
    return (k->ias_kt != KEPT_NONE_16 ? 1u << AIR_IAS : 0u) |
           (k->tas_kt != KEPT_NONE_16 ? 1u << AIR_TAS : 0u) |
           (k->roll_e2_deg != KEPT_NONE_16 ? 1u << AIR_ROLL : 0u) |
           (k->mag_heading_e2_deg != KEPT_NO_HEADING ? 1u << AIR_HEADING : 0u);
}

int32_t point_air_get(const struct kept *k, enum point_air a)
{
    const int32_t v[AIRS] = {k->ias_kt, k->tas_kt, k->roll_e2_deg, k->mag_heading_e2_deg};
    return v[a];
}

void point_air_set(struct kept *k, enum point_air a, int32_t v)
{
    switch (a) {
    case AIR_IAS:
        k->ias_kt = (int16_t)v;
        break;
    case AIR_TAS:
        k->tas_kt = (int16_t)v;
        break;
    case AIR_ROLL:
        k->roll_e2_deg = (int16_t)v;
        break;
    default:
        k->mag_heading_e2_deg = (uint16_t)v;
        break;
    }
}

/* 45/256 degrees are 1125/64 hundredths; halves away from zero, in integers. */
enum { STEP_E2 = 1125, STEP_PARTS = 64 };

static int32_t quotient(int64_t v, int64_t by)
{
    return (int32_t)((v < 0 ? v - by / 2 : v + by / 2) / by);
}

int32_t point_air_steps(int32_t v, int32_t quantum)
{
    return quantum == AIR_STEPS ? quotient((int64_t)v * STEP_PARTS, STEP_E2) : v / quantum;
}

int32_t point_air_value(int32_t steps, int32_t quantum)
{
    return quantum == AIR_STEPS ? quotient((int64_t)steps * STEP_E2, STEP_PARTS)
                                : times(steps, quantum);
}

static unsigned code_air_mask(struct point_coder *p, const struct kept *k)
{
    const unsigned mask = p->c.reading ? 0 : point_air_mask(k);
    if (range_bit(&p->c, &p->m.air_same, mask != p->air_mask)) {
        p->air_mask = range_tree(&p->c, p->m.air_mask, AIRS, mask);
    }
    return p->air_mask;
}

/* A turn of the track is one of the heading. */
static int32_t turned(const struct point_coder *p, const struct kept *k)
{
    const bool both = k->track_e2_deg != KEPT_NONE && p->at.track_e2_deg != KEPT_NONE;
    return both ? point_air_steps(minus(k->track_e2_deg, p->at.track_e2_deg) % 36000,
                                  p->air_quantum[AIR_HEADING])
                : 0;
}

static void code_air(struct point_coder *p, struct kept *k)
{
    const unsigned mask = code_air_mask(p, k);
    if (mask == 0) {
        return;
    }
    int32_t v[AIRS] = {0};
    bool moved = false;
    for (unsigned a = 0; a < AIRS && !p->c.reading; a++) {
        if (mask >> a & 1) {
            v[a] = point_air_steps(point_air_get(k, a), p->air_quantum[a]);
            moved |= v[a] != p->air[a];
        }
    }
    p->air_moved = range_bit(&p->c, &p->m.air_moves[p->air_moved], moved);
    for (unsigned a = 0; a < AIRS; a++) {
        if (mask >> a & 1) {
            if (p->air_moved) {
                const int32_t e = plus(p->air[a], a == AIR_HEADING ? turned(p, k) : 0);
                p->air[a] = plus(e, range_number(&p->c, &p->m.air[a], minus(v[a], e)));
            }
            point_air_set(k, a, point_air_value(p->air[a], p->air_quantum[a]));
        }
    }
}

/* --- place ------------------------------------------------------------------------------------ */

static void expect(struct point_coder *p, struct motion before, bool had, double place[2])
{
    const double dt = (double)p->dt_ms;
    struct motion m = p->drift;
    if (p->has_velocity) {
        m.east_kt = had ? (p->now.east_kt + before.east_kt) / 2.0 : p->now.east_kt;
        m.north_kt = had ? (p->now.north_kt + before.north_kt) / 2.0 : p->now.north_kt;
    }
    motion_scale_at(&p->scale, p->at.lat_e7);
    place[0] = within((double)p->at.lat_e7 + m.north_kt * dt * p->scale.lat_per_kt_ms);
    place[1] = within((double)p->at.lon_e7 + m.east_kt * dt * p->scale.lon_per_kt_ms);
}

static void use_zones(struct point_coder *p, unsigned zones)
{
    p->zones = zones;
    for (int kind = GRID_EVEN; kind < GRID_KINDS; kind++) {
        p->step[kind][1] = grid_lon_step((enum grid_kind)kind, zones, p->quantum[QUANTUM_PLACE]);
    }
}

/* The grid a place lies on, the one of the point before last and its like first. */
static enum grid_kind find_grid(struct point_coder *p, const struct kept *k, unsigned *zones)
{
    for (int kind = GRID_EVEN; kind < GRID_KINDS; kind++) {
        const struct grid_step *lat = &p->step[kind][0];
        if (grid_e7(lat, grid_steps(lat, k->lat_e7)) != k->lat_e7) {
            continue;
        }
        *zones = cpr_nl(k->lat_e7);
        const struct grid_step lon =
            *zones == p->zones
                ? p->step[kind][1]
                : grid_lon_step((enum grid_kind)kind, *zones, p->quantum[QUANTUM_PLACE]);
        if (grid_e7(&lon, grid_steps(&lon, k->lon_e7)) == k->lon_e7) {
            return (enum grid_kind)kind;
        }
    }
    return GRID_NONE;
}

enum { ZONES_FOLLOW = 5 };

static enum grid_kind code_grid(struct point_coder *p, const struct kept *k)
{
    unsigned zones = p->zones;
    enum grid_kind kind = p->c.reading ? GRID_NONE : find_grid(p, k, &zones);
    struct range_model *m = p->m.grid[p->kind];
    const bool other = kind != GRID_NONE && zones != p->zones;
    unsigned said = range_tree(&p->c, m, 3, other ? ZONES_FOLLOW : (unsigned)kind);
    if (said == ZONES_FOLLOW) {
        zones = range_raw(&p->c, 6, zones);
        use_zones(p, zones < 1 ? 1 : zones > 59 ? 59 : zones);
        said = range_tree(&p->c, m, 3, (unsigned)kind);
    }
    kind = said < GRID_KINDS ? (enum grid_kind)said : GRID_NONE;
    p->kind = kind;
    return kind;
}

static unsigned bits_of(int32_t v)
{
    const uint32_t size = v < 0 ? 0u - (uint32_t)v : (uint32_t)v;
    return size ? 32u - (unsigned)__builtin_clz(size) : 0;
}

static int32_t code_coordinate(struct point_coder *p, enum grid_kind kind, int axis,
                               double expected, int32_t v, unsigned *miss)
{
    struct range_number *m = &p->m.place[kind != GRID_NONE][p->context][axis];
    if (kind == GRID_NONE) {
        const int32_t q = p->quantum[QUANTUM_PLACE], e = nearest(expected / q);
        const int32_t r = range_number(&p->c, m, minus(v / q, e));
        *miss += bits_of(r);
        return times(plus(r, e), q);
    }
    const struct grid_step *step = &p->step[kind][axis];
    const int64_t e = grid_steps(step, expected);
    const int32_t r = range_number(&p->c, m, p->c.reading ? 0 : (int32_t)(grid_steps(step, v) - e));
    *miss += bits_of(r);
    return grid_e7(step, e + r);
}

static void code_place(struct point_coder *p, struct kept *k, const double expected[2])
{
    const enum grid_kind kind = code_grid(p, k);
    unsigned miss = 0;
    k->lat_e7 = code_coordinate(p, kind, 0, expected[0], k->lat_e7, &miss);
    k->lon_e7 = code_coordinate(p, kind, 1, expected[1], k->lon_e7, &miss);
    p->context = miss < 3 ? 0 : miss < 6 ? 1 : miss < 10 ? 2 : 3;
    if (p->dt_ms > 0) {
        const double dt = (double)p->dt_ms;
        p->drift.north_kt = ((double)k->lat_e7 - p->at.lat_e7) / (dt * p->scale.lat_per_kt_ms);
        p->drift.east_kt = ((double)k->lon_e7 - p->at.lon_e7) / (dt * p->scale.lon_per_kt_ms);
    }
}

/* --- the whole -------------------------------------------------------------------------------- */

void point_start(struct point_coder *p, uint32_t address, int64_t first_ms)
{
    range_model_start((struct range_model *)&p->m, sizeof p->m / sizeof(struct range_model));
    p->at = kept_none();
    p->at.address = address;
    p->at.t_ms = first_ms;
    p->at.lat_e7 = p->at.lon_e7 = 0;
    uint64_t v[SLOWS];
    point_slow_get(&p->at, v);
    for (unsigned s = 0; s < SLOWS; s++) {
        for (unsigned i = 0; i < POINT_RECENT; i++) {
            p->recent[s][i] = v[s];
        }
    }
    for (int kind = GRID_EVEN; kind < GRID_KINDS; kind++) {
        p->step[kind][0] = grid_lat_step((enum grid_kind)kind, p->quantum[QUANTUM_PLACE]);
    }
    use_zones(p, 59);
}

void point_code(struct point_coder *p, struct kept *k)
{
    const int32_t q = p->quantum[QUANTUM_TIME];
    const uint32_t gone = p->c.reading ? 0 : (uint32_t)((k->t_ms - p->at.t_ms) / q);
    p->dt_ms = (int64_t)code_length(&p->c, &p->m.time, gone) * q;
    k->t_ms = p->at.t_ms + p->dt_ms;
    k->address = p->at.address;
    code_slow(p, k);
    const unsigned mask = code_mask(p, k);
    code_heights(p, mask, k);
    const struct motion before = p->now;
    const bool had = p->has_velocity;
    double expected[2];
    code_velocity(p, mask, k);
    expect(p, before, had, expected);
    code_place(p, k, expected);
    if (p->has_air) {
        code_air(p, k);
    }
    p->at = *k;
}
