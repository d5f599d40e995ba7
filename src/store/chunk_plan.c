#include "store/chunk_internal.h"

static uint32_t common(uint32_t a, uint32_t b)
{
    while (b) {
        const uint32_t r = a % b;
        a = b;
        b = r;
    }
    return a;
}

/* The greatest number of which all values are multiples; 1 where that is useless or too large. */
struct divisor {
    uint32_t of;
};

static void divide(struct divisor *d, int32_t v)
{
    if (d->of != 1 && v != KEPT_NONE && v != 0) {
        d->of = common(d->of, v < 0 ? 0u - (uint32_t)v : (uint32_t)v);
    }
}

static void find_quanta(const struct kept *p, size_t n, int32_t quantum[QUANTA])
{
    struct divisor d[QUANTA] = {0};
    d[QUANTUM_PLACE].of = 100; /* of the powers of ten only: what decimals were written */
    for (size_t i = 0; i < n; i++) {
        divide(&d[QUANTUM_TIME], (int32_t)(p[i].t_ms - p[0].t_ms));
        divide(&d[QUANTUM_PLACE], p[i].lat_e7);
        divide(&d[QUANTUM_PLACE], p[i].lon_e7);
        divide(&d[QUANTUM_BARO_RATE], p[i].baro_rate_fpm);
        divide(&d[QUANTUM_GEOM_RATE], p[i].geom_rate_fpm);
        divide(&d[QUANTUM_ALT_BARO], p[i].alt_baro_ft);
        divide(&d[QUANTUM_ALT_GEOM], p[i].alt_geom_ft);
        divide(&d[QUANTUM_GS], p[i].gs_e2_kt);
        divide(&d[QUANTUM_TRACK], p[i].track_e2_deg);
    }
    for (int i = 0; i < QUANTA; i++) {
        quantum[i] = d[i].of >= 1 && d[i].of <= UINT16_MAX ? (int32_t)d[i].of : 1;
    }
    const int32_t place = quantum[QUANTUM_PLACE];
    quantum[QUANTUM_PLACE] = place % 100 == 0 ? 100 : place % 10 == 0 ? 10 : 1;
}

static bool all_in_steps(const struct kept *p, size_t n, enum point_air a)
{
    for (size_t i = 0; i < n; i++) {
        const int32_t v = point_air_get(&p[i], a);
        if (point_air_mask(&p[i]) >> a & 1 &&
            point_air_value(point_air_steps(v, AIR_STEPS), AIR_STEPS) != v) {
            return false;
        }
    }
    return true;
}

static void find_air_quanta(const struct kept *p, size_t n, int32_t quantum[AIRS])
{
    struct divisor d[AIRS] = {0};
    for (size_t i = 0; i < n; i++) {
        const unsigned mask = point_air_mask(&p[i]);
        for (unsigned a = 0; a < AIRS; a++) {
            divide(&d[a], mask >> a & 1 ? point_air_get(&p[i], a) : KEPT_NONE);
        }
    }
    for (unsigned a = 0; a < AIRS; a++) {
        quantum[a] = d[a].of >= 1 && d[a].of <= UINT16_MAX ? (int32_t)d[a].of : 1;
        if (a >= AIR_ROLL && quantum[a] < 10 && all_in_steps(p, n, a)) {
            quantum[a] = AIR_STEPS;
        }
    }
}

static unsigned bits_of(uint32_t v)
{
    return v ? 32u - (unsigned)__builtin_clz(v) : 0;
}

enum { TIME_CLASSES = 128 };

/* Quarters of an octave. */
static unsigned time_class(uint32_t v)
{
    const unsigned bits = bits_of(v);
    return bits < 3 ? v : (bits - 2) * 4 + (v >> (bits - 3) & 3);
}

/* A straight line between powers of two; 0 of 0. */
static double log2_about(uint32_t v)
{
    const unsigned whole = bits_of(v | 1) - 1;
    return v ? whole + (double)v / (double)(UINT32_C(1) << whole) - 1 : 0;
}

/* Times between points. Where all but a few of them are as likely as each other, as with a steady
   report and the jitter of its reception, they need no more bits than that says; `cost` is in bits
   a point. */
static void plan_times(const struct kept *p, size_t n, struct course_plan *plan)
{
    uint32_t count[TIME_CLASSES] = {0}, high[TIME_CLASSES] = {0}, low = UINT32_MAX;
    double sum = 0, lengths = 0;
    for (size_t i = 1; i < n; i++) {
        const uint32_t v = (uint32_t)((p[i].t_ms - p[i - 1].t_ms) / plan->quantum[QUANTUM_TIME]);
        const unsigned class = time_class(v);
        count[class]++;
        high[class] = v > high[class] ? v : high[class];
        low = v < low ? v : low;
        sum += v;
    }
    const double all = (double)(n - 1);
    plan->time_low = n > 1 ? (uint32_t)(sum / all) : 0;
    for (size_t i = 1; i < n; i++) {
        const uint32_t v = (uint32_t)((p[i].t_ms - p[i - 1].t_ms) / plan->quantum[QUANTUM_TIME]);
        lengths += bits_of(v < plan->time_low ? plan->time_low - v : v - plan->time_low) + 1.5;
    }
    double best = lengths + 8;
    double within = 0;
    for (unsigned class = 0; class < TIME_CLASSES && n > 1; class ++) {
        within += count[class];
        if (count[class] == 0 || high[class] - low >= TIME_WIDTH_MAX) {
            continue;
        }
        const double cost = all * log2_about(high[class] - low + 2) + (all - within) * 30 + 16;
        if (cost < best) {
            best = cost;
            plan->time_width = high[class] - low + 1;
        }
    }
    plan->time_low = plan->time_width > 0 ? low : plan->time_low;
}

void chunk_plan_make(const struct kept *p, size_t n, bool has_air, struct course_plan *plan)
{
    *plan =
        (struct course_plan){.points = (uint32_t)n, .address = p[0].address, .first_ms = p[0].t_ms};
    find_quanta(p, n, plan->quantum);
    if (has_air) {
        find_air_quanta(p, n, plan->air_quantum);
    }
    plan_times(p, n, plan);
    plan->has_rest = has_air;
    for (size_t i = 0; i < n; i++) {
        plan->has_rest |= p[i].alt_geom_ft != KEPT_NONE && p[i].alt_baro_ft != KEPT_NONE;
    }
}
