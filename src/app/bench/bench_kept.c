#include "app/bench/bench_kept.h"

#include "base/rng.h"
#include "modes/cpr.h"
#include "modes/polar.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double rad = M_PI / 180, nm_per_deg = 60;

enum { WAYPOINTS = 4, DAY_S = 86400, FLIGHTS_MAX = 8 };

/* One aircraft in one flight. */
struct flier {
    const struct bench_world *w;
    struct rng r;
    double t_s; /* of the day */
    double lat, lon, alt_ft, kt, course_deg, rate_fpm;
    double cruise_ft, cruise_kt, target_ft;
    double error_lat, error_lon; /* of the antenna's position, degrees; wanders */
    double wind_kt, geom_off_ft; /* wander */
    struct sphere_place way[WAYPOINTS + 1];
    unsigned leg;
    bool turns;
    struct kept held; /* what changes rarely */
    double silent_until_s;
    struct kept *out;
    size_t n, max;
};

static double normal(struct rng *r) /* about normal, deviation 1 */
{
    return (rng_unit(r) + rng_unit(r) + rng_unit(r) - 1.5) * 2;
}

static struct sphere_place place(double lat, double lon)
{
    return (struct sphere_place){(int32_t)lround(lat * 1e7), sphere_wrap_e7(llround(lon * 1e7))};
}

void bench_world_make(struct bench_world *w, uint64_t seed, double interval_s, int64_t start_ms)
{
    /* Where most of the world's airline traffic is; the rest lies anywhere. */
    static const struct {
        int8_t lat;
        int16_t lon;
    } busy[] = {{50, 8},    {41, -77}, {35, -97},  {37, -119}, {33, 115}, {22, 78},
                {45, 12},   {53, -2},  {40, -4},   {36, 138},  {3, 104},  {25, 52},
                {-23, -47}, {59, 14},  {-32, 148}, {19, -99},  {55, 38},  {39, 33}};
    struct rng r = {.state = seed};
    *w = (struct bench_world){.seed = seed, .interval_s = interval_s, .start_ms = start_ms};
    for (size_t c = 0; c < BENCH_CLUSTERS; c++) {
        w->cluster[c] = c < sizeof busy / sizeof *busy
                            ? place(busy[c].lat, busy[c].lon)
                            : place(rng_unit(&r) * 110 - 50, rng_unit(&r) * 360 - 180);
    }
    for (size_t i = 0; i < BENCH_AIRPORTS; i++) {
        w->airport[i] = sphere_destination(w->cluster[i % BENCH_CLUSTERS], rng_unit(&r) * 360,
                                           rng_unit(&r) * 900e3);
    }
}

uint32_t bench_kept_address(uint32_t aircraft)
{
    return (uint32_t)(0x100000 + (uint64_t)aircraft * 9973 % 0xd00000);
}

void bench_kept_flight(uint32_t aircraft, unsigned flight, char out[8])
{
    char text[16];
    snprintf(text, sizeof text, "%c%c%c%-5u", (char)('A' + aircraft % 26),
             (char)('A' + aircraft / 26 % 26), (char)('A' + aircraft / 676 % 26),
             (unsigned)((aircraft / 17576 * 8 + flight) % 100000));
    memcpy(out, text, 8);
}

/* Errors of satellite positioning have both a part that stays a while and one that does not. */
static void wander(struct flier *f, double dt_s)
{
    const double keep = exp(-dt_s / 120), add = sqrt(1 - keep * keep);
    f->error_lat = f->error_lat * keep + normal(&f->r) * add * 3e-5;
    f->error_lon = f->error_lon * keep + normal(&f->r) * add * 3e-5;
    f->wind_kt = f->wind_kt * keep + normal(&f->r) * add * 12;
    f->geom_off_ft = f->geom_off_ft * keep + normal(&f->r) * add * 40;
}

static void report_quality(struct flier *f)
{
    static const struct {
        uint8_t nic;
        int16_t rc_m;
    } row[] = {{7, 371}, {8, 186}, {9, 75}};
    if (rng_below(&f->r, 60) == 0) {
        const uint32_t i = rng_below(&f->r, 3);
        f->held.nic = row[i].nic;
        f->held.rc_m = row[i].rc_m;
        f->held.nac_p = (uint8_t)(8 + rng_below(&f->r, 3));
    }
    if (rng_below(&f->r, 25) == 0) {
        f->held.receiver = (uint16_t)(1 + rng_below(&f->r, 5));
    }
}

static void report_place(struct flier *f, bool ground, struct kept *k)
{
    struct cpr_position at = {
        (int32_t)lround((f->lat + f->error_lat + normal(&f->r) * 8e-6) * 1e7),
        sphere_wrap_e7(llround((f->lon + f->error_lon + normal(&f->r) * 8e-6) * 1e7))};
    const bool odd = rng_below(&f->r, 2);
    uint32_t half[2];
    cpr_encode(at, odd, ground, half);
    cpr_local(half, odd, ground, at, &at);
    k->lat_e7 = at.lat_e7, k->lon_e7 = at.lon_e7;
}

static void report(struct flier *f, bool ground)
{
    /* Half a second of the transponder's own schedule, then the receiver's clock. */
    const double heard_s = f->t_s + rng_unit(&f->r) * 0.4;
    const int64_t t_ms = f->w->start_ms + llround(heard_s * 1000);
    if (f->n == f->max || f->t_s < f->silent_until_s ||
        (f->n > 0 && t_ms <= f->out[f->n - 1].t_ms)) {
        return;
    }
    report_quality(f);
    struct kept k = f->held;
    k.t_ms = t_ms;
    report_place(f, ground, &k);
    k.ground = ground;
    const double angle = f->course_deg * rad;
    const double kt = fmax(f->kt + (ground ? 0 : f->wind_kt), 0);
    polar_of((int32_t)lround(kt * sin(angle) + normal(&f->r) * 0.4),
             (int32_t)lround(kt * cos(angle) + normal(&f->r) * 0.4), &k.gs_e2_kt, &k.track_e2_deg);
    if (!ground) {
        k.alt_baro_ft = (int32_t)lround((f->alt_ft + normal(&f->r) * 6) / 25) * 25;
        k.alt_geom_ft =
            (int32_t)lround((f->alt_ft * 1.021 + 150 + f->geom_off_ft + normal(&f->r) * 8) / 25) *
            25;
        k.baro_rate_fpm = (int32_t)lround((f->rate_fpm + normal(&f->r) * 40) / 64) * 64;
    }
    f->out[f->n++] = k;
    if (rng_below(&f->r, 400) == 0) { /* out of everybody's hearing for a while */
        f->silent_until_s = f->t_s + 60 + rng_unit(&f->r) * 1500;
    }
}

static void climb(struct flier *f, double dt_s, double left_nm)
{
    const double down_ft = left_nm / 3.2 * 1000; /* height from which one comes down in time */
    const double aim_ft = fmin(f->target_ft, fmax(down_ft, 0));
    const double most_fpm = f->alt_ft < 10000 ? 2400 : 1300, miss_ft = aim_ft - f->alt_ft;
    const double fpm = fmax(-2200, fmin(most_fpm, miss_ft / dt_s * 60));
    f->rate_fpm = f->rate_fpm * 0.3 + fpm * 0.7;
    f->alt_ft = fmax(f->alt_ft + f->rate_fpm * dt_s / 60, 0);
    if (fabs(miss_ft) < 60) {
        f->rate_fpm = 0;
    }
    const double share = fmin(f->alt_ft / 30000, 1);
    const double kt = 150 + (f->cruise_kt - 150) * sqrt(share);
    f->kt += fmax(-2 * dt_s, fmin(2 * dt_s, kt - f->kt));
}

/* One step on the way; false at the end of it. */
static bool fly(struct flier *f, double dt_s)
{
    const struct sphere_place to = f->way[f->leg];
    double east = (double)sphere_wrap_e7((int64_t)to.lon_e7 - llround(f->lon * 1e7)) * 1e-7;
    const double north = to.lat_e7 * 1e-7 - f->lat, cosine = cos(f->lat * rad);
    east *= cosine;
    const double left_nm = sqrt(north * north + east * east) * nm_per_deg;
    const double step_nm = f->kt * dt_s / 3600;
    if (left_nm < fmax(step_nm, 1.0) + (f->leg < WAYPOINTS ? 3 : 0)) {
        return ++f->leg <= WAYPOINTS;
    }
    double turn = atan2(east, north) / rad - f->course_deg;
    turn = turn > 180 ? turn - 360 : turn < -180 ? turn + 360 : turn;
    const double most = 2.2 * dt_s;
    f->turns = fabs(turn) > 2;
    f->course_deg += fmax(-most, fmin(most, turn)) + normal(&f->r) * 0.15;
    f->course_deg = fmod(f->course_deg + 720, 360);
    climb(f, dt_s, left_nm + (f->leg < WAYPOINTS ? 60 : 0));
    f->lat += step_nm / nm_per_deg * cos(f->course_deg * rad);
    f->lon += step_nm / nm_per_deg * sin(f->course_deg * rad) / fmax(cosine, 0.05);
    f->lon = f->lon >= 180 ? f->lon - 360 : f->lon < -180 ? f->lon + 360 : f->lon;
    wander(f, dt_s);
    return fabs(f->lat) < 85;
}

static double interval_s(struct flier *f)
{
    const double share = f->turns ? 0.25 : f->alt_ft < 10000 ? 0.35 : f->rate_fpm != 0 ? 0.6 : 1.0;
    /* Thinning leaves some long and many short intervals; frames come every half a second. */
    const double s = f->w->interval_s * share * (0.3 + 1.4 * rng_unit(&f->r));
    return fmax(0.5, floor(s * 2) / 2);
}

static void taxi(struct flier *f, double seconds)
{
    const double end_s = f->t_s + seconds;
    f->course_deg = rng_unit(&f->r) * 360;
    f->rate_fpm = 0, f->alt_ft = 0;
    while (f->t_s < end_s) {
        const double dt_s = 5 + floor(rng_unit(&f->r) * 20) / 2;
        f->kt = rng_below(&f->r, 3) ? rng_unit(&f->r) * 20 : 0;
        f->course_deg = fmod(f->course_deg + normal(&f->r) * 25 + 360, 360);
        f->lat += f->kt * dt_s / 3600 / nm_per_deg * cos(f->course_deg * rad);
        f->lon += f->kt * dt_s / 3600 / nm_per_deg * sin(f->course_deg * rad);
        wander(f, dt_s);
        report(f, true);
        f->t_s += dt_s;
    }
}

static void plan(struct flier *f, struct sphere_place to)
{
    const struct sphere_place from = place(f->lat, f->lon);
    const double nm = sphere_distance_m(from, to) / SPHERE_M_PER_NM;
    for (int i = 0; i < WAYPOINTS; i++) {
        const struct sphere_place on =
            sphere_between(from, to, (i + 0.6 + 0.6 * rng_unit(&f->r)) / (WAYPOINTS + 1));
        f->way[i] = sphere_destination(on, rng_unit(&f->r) * 360,
                                       fmin(nm * 0.06, 40) * SPHERE_M_PER_NM * rng_unit(&f->r));
    }
    f->way[WAYPOINTS] = to;
    f->leg = 0;
    f->cruise_ft = fmin(nm * 90, 27000 + 1000 * rng_below(&f->r, 15));
    f->cruise_ft = fmax(floor(f->cruise_ft / 1000) * 1000, 3000);
    f->cruise_kt = 300 + fmin(nm / 8, 110) + rng_unit(&f->r) * 90;
    f->target_ft = f->cruise_ft;
    f->kt = 140;
}

static struct sphere_place next_airport(struct flier *f, uint32_t *at)
{
    const bool far = rng_below(&f->r, 8) == 0;
    const uint32_t cluster = far ? rng_below(&f->r, BENCH_CLUSTERS) : *at % BENCH_CLUSTERS;
    const uint32_t ports = BENCH_AIRPORTS / BENCH_CLUSTERS;
    uint32_t to = rng_below(&f->r, ports) * BENCH_CLUSTERS + cluster;
    to = to == *at ? (to + BENCH_CLUSTERS) % BENCH_AIRPORTS : to;
    *at = to;
    return f->w->airport[to];
}

size_t bench_kept_day(const struct bench_world *w, uint32_t aircraft, uint32_t day,
                      struct kept *out, size_t max)
{
    struct flier f = {.w = w, .out = out, .max = max};
    f.r.state = (w->seed ^ (uint64_t)aircraft << 32) + day;
    f.r.state = rng_next(&f.r);
    f.held = kept_none();
    f.held.address = bench_kept_address(aircraft);
    f.held.origin = ORIGIN_ADSB_ICAO;
    f.held.version = 2, f.held.sil = 3, f.held.nic = 8, f.held.rc_m = 186, f.held.nac_p = 9;
    f.held.receiver = 1;
    struct rng home = {.state = aircraft};
    uint32_t port = rng_below(&home, BENCH_AIRPORTS);
    f.lat = w->airport[port].lat_e7 * 1e-7;
    f.lon = w->airport[port].lon_e7 * 1e-7;
    const double day_s = (double)day * DAY_S;
    f.t_s = day_s + rng_unit(&f.r) * 30000;
    for (unsigned flight = 0; flight < FLIGHTS_MAX && f.t_s < day_s + DAY_S - 6000; flight++) {
        bench_kept_flight(aircraft, flight, f.held.flight);
        f.held.squawk = (uint16_t)rng_below(&f.r, 07777);
        taxi(&f, 200 + rng_unit(&f.r) * 500);
        plan(&f, next_airport(&f, &port));
        for (bool going = true; going && f.t_s < day_s + DAY_S - 400 && f.n < max;) {
            const double dt_s = interval_s(&f);
            f.t_s += dt_s;
            going = fly(&f, dt_s);
            report(&f, false);
        }
        taxi(&f, 150 + rng_unit(&f.r) * 300);
        f.t_s += 2000 + rng_unit(&f.r) * 9000;
    }
    return f.n;
}
