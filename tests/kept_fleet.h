/* Flights for tests of the store: climbs, turns, cruise, descent and ground, with noise and the
   quantization of ADS-B: positions on the CPR grid, whole knots, 25 ft, 64 ft/min. And the reading
   of a readsb trace, as far as a kept point goes. */
#ifndef MASAR_TESTS_KEPT_FLEET_H
#define MASAR_TESTS_KEPT_FLEET_H

#include "base/rng.h"
#include "geo/sphere.h"
#include "model/kept.h"
#include "modes/cpr.h"
#include "modes/polar.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct kept_flier {
    struct rng r;
    int64_t t_ms;
    double lat, lon, alt_ft, kt, course_deg, turn_deg_s, rate_fpm;
    uint32_t address;
    bool on_grid, quality;
    struct kept last;
};

static inline struct kept_flier kept_flier(uint64_t seed, uint32_t address)
{
    struct kept_flier f = {.r = {seed * 7919 + 1}, .t_ms = INT64_C(1717749000000)};
    f.lat = asin(rng_unit(&f.r) * 1.7 - 0.85) * 180 / M_PI;
    f.lon = rng_unit(&f.r) * 350 - 175;
    f.alt_ft = 2000 + rng_unit(&f.r) * 30000;
    f.kt = 180 + rng_unit(&f.r) * 330;
    f.course_deg = rng_unit(&f.r) * 360;
    f.address = address;
    f.on_grid = true;
    f.last = kept_none();
    return f;
}

static inline double kept_noise(struct rng *r) /* about normal, deviation 1 */
{
    return (rng_unit(r) + rng_unit(r) + rng_unit(r) - 1.5) * 2;
}

static inline void kept_maneuver(struct kept_flier *f, double dt_s)
{
    if (rng_unit(&f->r) < dt_s / 90) {
        f->turn_deg_s = rng_below(&f->r, 2) ? 0 : rng_unit(&f->r) * 4 - 2;
    }
    if (rng_unit(&f->r) < dt_s / 240) {
        f->rate_fpm = rng_below(&f->r, 2) ? 0 : rng_unit(&f->r) * 4000 - 2000;
    }
    if ((f->alt_ft > 41000 && f->rate_fpm > 0) || (f->alt_ft < 1500 && f->rate_fpm < 0)) {
        f->rate_fpm = -f->rate_fpm;
    }
    f->course_deg = fmod(f->course_deg + f->turn_deg_s * dt_s + 360, 360);
    f->alt_ft += f->rate_fpm * dt_s / 60;
    f->kt += kept_noise(&f->r) * 0.2 * sqrt(dt_s);
    const double nm = f->kt * dt_s / 3600;
    f->lat += nm / 60 * cos(f->course_deg * M_PI / 180);
    f->lon += nm / 60 * sin(f->course_deg * M_PI / 180) / cos(f->lat * M_PI / 180);
    if (fabs(f->lat) > 80 || fabs(f->lon) > 179) {
        f->lat = rng_unit(&f->r) * 100 - 50;
        f->lon = rng_unit(&f->r) * 300 - 150;
    }
}

/* The next point, interval_ms later but for jitter of an eighth of it. */
static inline struct kept kept_fly(struct kept_flier *f, int32_t interval_ms)
{
    struct rng *r = &f->r;
    const int32_t dt_ms =
        interval_ms * 7 / 8 + (int32_t)rng_below(r, (uint32_t)interval_ms / 4 + 1);
    f->t_ms += dt_ms;
    for (int32_t left = dt_ms; left > 0; left -= 1000) {
        kept_maneuver(f, left > 1000 ? 1.0 : left / 1000.0);
    }
    struct kept k = kept_none();
    k.t_ms = f->t_ms;
    k.address = f->address;
    /* 3 m of noise at the antenna, then the grid. */
    struct cpr_position at = {(int32_t)lround(f->lat * 1e7 + kept_noise(r) * 270),
                              (int32_t)lround(f->lon * 1e7 + kept_noise(r) * 270)};
    if (f->on_grid) {
        const bool odd = rng_below(r, 2);
        uint32_t half[2];
        cpr_encode(at, odd, false, half);
        cpr_local(half, odd, false, at, &at);
    }
    k.lat_e7 = at.lat_e7, k.lon_e7 = at.lon_e7;
    k.alt_baro_ft = (int32_t)lround(f->alt_ft / 25) * 25;
    k.alt_geom_ft = (int32_t)lround((f->alt_ft * 1.02 + 150 + kept_noise(r) * 5) / 25) * 25;
    k.baro_rate_fpm = (int32_t)lround((f->rate_fpm + kept_noise(r) * 30) / 64) * 64;
    const double rad = f->course_deg * M_PI / 180;
    polar_of((int32_t)lround(f->kt * sin(rad) + kept_noise(r) * 0.3),
             (int32_t)lround(f->kt * cos(rad) + kept_noise(r) * 0.3), &k.gs_e2_kt, &k.track_e2_deg);
    memcpy(k.flight, "MSR1234 ", 8);
    k.squawk = 01234;
    k.origin = ORIGIN_ADSB_ICAO;
    k.nic = 8, k.rc_m = 186, k.nac_p = 10, k.sil = 3, k.version = 2;
    if (f->quality && rng_below(r, 8) == 0) { /* values that wander */
        k.nic = (uint8_t)(7 + rng_below(r, 3));
        k.rc_m = k.nic == 8 ? 186 : k.nic == 7 ? 371 : 75;
        k.nac_p = (uint8_t)(8 + rng_below(r, 3));
    }
    k.receiver = f->quality ? (uint16_t)(1 + rng_below(r, 4)) : 1;
    f->last = k;
    return k;
}

static inline int32_t kept_json_e(json_t *v, double scale, int32_t none)
{
    return json_is_number(v) ? (int32_t)lround(json_number_value(v) * scale) : none;
}

/* What a readsb trace holds, at most max points; 0 where it is not there. What its detail objects
   say stands until the next says otherwise. */
static inline size_t kept_read_trace(const char *path, struct kept *out, size_t max)
{
    json_t *root = json_load_file(path, 0, NULL), *row;
    size_t i, n = 0;
    if (!root) {
        return 0;
    }
    const double base_s = json_number_value(json_object_get(root, "timestamp"));
    struct kept held = kept_none();
    held.address = (uint32_t)strtoul(json_string_value(json_object_get(root, "icao")), NULL, 16);
    json_array_foreach(json_object_get(root, "trace"), i, row)
    {
        json_t *d = json_array_get(row, 8), *alt = json_array_get(row, 3);
        struct kept k = held;
        k.t_ms = llround((base_s + json_number_value(json_array_get(row, 0))) * 1000);
        k.lat_e7 = (int32_t)llround(json_number_value(json_array_get(row, 1)) * 1e6) * 10;
        k.lon_e7 = (int32_t)llround(json_number_value(json_array_get(row, 2)) * 1e6) * 10;
        k.ground = json_is_string(alt);
        k.alt_baro_ft = kept_json_e(alt, 1, KEPT_NONE);
        k.gs_e2_kt = kept_json_e(json_array_get(row, 4), 100, KEPT_NONE);
        k.track_e2_deg = kept_json_e(json_array_get(row, 5), 100, KEPT_NONE);
        k.baro_rate_fpm = kept_json_e(json_array_get(row, 7), 1, KEPT_NONE);
        k.alt_geom_ft = kept_json_e(json_array_get(row, 10), 1, KEPT_NONE);
        k.geom_rate_fpm = kept_json_e(json_array_get(row, 11), 1, KEPT_NONE);
        k.origin = (uint8_t)origin_find(json_string_value(json_array_get(row, 9)));
        if (d && json_is_object(d)) {
            const char *flight = json_string_value(json_object_get(d, "flight"));
            const char *squawk = json_string_value(json_object_get(d, "squawk"));
            memset(k.flight, 0, 8);
            if (flight) {
                memset(k.flight, ' ', 8);
                memcpy(k.flight, flight, strlen(flight) < 8 ? strlen(flight) : 8);
            }
            k.squawk = squawk ? (uint16_t)strtoul(squawk, NULL, 8) : KEPT_NO_SQUAWK;
            k.nic = (uint8_t)kept_json_e(json_object_get(d, "nic"), 1, KEPT_NONE_8);
            k.rc_m = kept_json_e(json_object_get(d, "rc"), 1, KEPT_NONE);
            k.nac_p = (uint8_t)kept_json_e(json_object_get(d, "nac_p"), 1, KEPT_NONE_8);
            k.sil = (uint8_t)kept_json_e(json_object_get(d, "sil"), 1, KEPT_NONE_8);
            k.version = (uint8_t)kept_json_e(json_object_get(d, "version"), 1, KEPT_NONE_8);
        }
        held = k;
        if (n < max) {
            out[n++] = k;
        }
    }
    json_decref(root);
    return n;
}

#endif
