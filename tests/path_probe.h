/* A path for tests: an aircraft steered by straight pieces and turns, heard every so often. */
#ifndef MASAR_TESTS_PATH_PROBE_H
#define MASAR_TESTS_PATH_PROBE_H

#include "geo/sphere.h"
#include "model/kept.h"

#include <math.h>
#include <stdbool.h>

struct path_probe {
    struct sphere_place at;
    double heading_deg, speed_kt, alt_ft, climb_fpm;
    double t_s, every_s, heard_s;
    bool mute_track; /* no reported track and speed */
    uint32_t address;
    void (*heard)(void *ctx, const struct kept *k);
    void *ctx;
};

static inline struct path_probe path_probe(double lat, double lon, double heading_deg,
                                           double speed_kt, double alt_ft, double every_s)
{
    return (struct path_probe){.at = {(int32_t)lround(lat * 1e7), (int32_t)lround(lon * 1e7)},
                               .heading_deg = heading_deg,
                               .speed_kt = speed_kt,
                               .alt_ft = alt_ft,
                               .t_s = 1.7e9,
                               .every_s = every_s,
                               .heard_s = 0,
                               .address = 0x4b1234};
}

static inline void path_hear(struct path_probe *p)
{
    struct kept k = kept_none();
    const double track = fmod(p->heading_deg + 36000.0, 360.0);
    k.address = p->address;
    k.t_ms = (int64_t)llround(p->t_s * 1000.0);
    k.lat_e7 = p->at.lat_e7;
    k.lon_e7 = p->at.lon_e7;
    k.alt_baro_ft = (int32_t)lround(p->alt_ft / 25.0) * 25;
    k.origin = ORIGIN_ADSB_ICAO;
    if (!p->mute_track) {
        k.gs_e2_kt = (int32_t)lround(p->speed_kt * 100.0);
        k.track_e2_deg = (int32_t)lround(track * 100.0) % 36000;
        k.baro_rate_fpm = (int32_t)lround(p->climb_fpm);
    }
    p->heard_s = p->t_s;
    p->heard(p->ctx, &k);
}

/* Flies on for so long, turning at this rate. */
static inline void path_fly(struct path_probe *p, double seconds, double deg_per_s)
{
    const double end_s = p->t_s + seconds, step_s = 0.5;
    while (p->t_s < end_s - 1e-6) {
        const double way_m = p->speed_kt / 3600.0 * SPHERE_M_PER_NM * step_s;
        const double course = p->heading_deg + deg_per_s * step_s / 2.0;
        p->at = sphere_destination(p->at, fmod(course + 36000.0, 360.0), way_m);
        p->heading_deg += deg_per_s * step_s;
        p->alt_ft += p->climb_fpm * step_s / 60.0;
        p->t_s += step_s;
        if (p->t_s - p->heard_s >= p->every_s - 1e-6) {
            path_hear(p);
        }
    }
}

static inline void path_turn(struct path_probe *p, double deg, double deg_per_s)
{
    path_fly(p, fabs(deg) / deg_per_s, deg < 0 ? -deg_per_s : deg_per_s);
}

#endif
