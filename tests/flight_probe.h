/* Flights made up for tests: a flier that goes from place to place and gives the points it is heard
   with to a movements machine, whose claims are kept. */
#ifndef MASAR_TESTS_FLIGHT_PROBE_H
#define MASAR_TESTS_FLIGHT_PROBE_H

#include "geo/sphere.h"
#include "identity/airport_build.h"
#include "movement/movement.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct flight_probe {
    struct movement *m;
    uint32_t address;
    const char *call;
    double t_s, lat, lon, alt_ft, kt, track;
    double every_s, error_ft; /* of the altimeter */
    double rate_fpm;
    bool ground, silent, no_ground_bit;
    bool no_integrity; /* version 2, and SIL 0: as those who make positions up forget it */
    uint8_t origin;
    void (*point)(struct flight_probe *p, const struct kept *k); /* NULL: points go to m */
    void *ctx;
    struct claim *claim;
    size_t claims, max;
};

struct flight_field {
    const char *code;
    double lat, lon;
    int elevation_ft; /* INT_MIN: not known */
    double runway_deg;
    uint8_t kind;
};

static inline struct airports *flight_airports(const struct flight_field *f, size_t n,
                                               struct buf *file)
{
    struct airport_builder *b = airport_builder_new();
    struct airports *view = NULL;
    char why[128];
    for (size_t i = 0; i < n; i++) {
        struct airport_row row = {.kind = f[i].kind, .scheduled = 1};
        strcpy(row.ident, f[i].code);
        if (strlen(f[i].code) == 4) {
            strcpy(row.icao, f[i].code);
        }
        strcpy(row.name, f[i].code);
        row.elevation_ft =
            f[i].elevation_ft < -9999 ? AIRPORT_NO_ELEVATION : (int16_t)f[i].elevation_ft;
        row.lat_e7 = (int32_t)lround(f[i].lat * 1e7);
        row.lon_e7 = (int32_t)lround(f[i].lon * 1e7);
        airport_builder_add(b, &row);
        const struct sphere_place at = {row.lat_e7, row.lon_e7};
        const struct sphere_place low =
            sphere_destination(at, fmod(f[i].runway_deg + 180, 360), 1500);
        const struct sphere_place high = sphere_destination(at, f[i].runway_deg, 1500);
        struct runway_row r = {.r = {low.lat_e7, low.lon_e7, high.lat_e7, high.lon_e7,
                                     (int16_t)f[i].runway_deg, 9843, 148, 1, 0, "1", "2"},
                               .surface = SURFACE_HARD};
        strcpy(r.airport, f[i].code);
        airport_builder_runway(b, &r);
    }
    airport_builder_finish(b, "made up", file);
    airport_builder_free(b);
    return airports_open(file->p, file->n, &view, why, sizeof why) ? NULL : view;
}

static inline void flight_take(void *ctx, const struct claim *c)
{
    struct flight_probe *p = ctx;
    if (p->claims == p->max) {
        p->max = p->max ? 2 * p->max : 64;
        p->claim = realloc(p->claim, p->max * sizeof *p->claim);
    }
    p->claim[p->claims++] = *c;
}

static inline void flight_point_out(struct flight_probe *p)
{
    struct kept k = kept_none();
    k.t_ms = llround(p->t_s * 1000);
    k.address = p->address;
    k.lat_e7 = (int32_t)lround(p->lat * 1e7);
    k.lon_e7 = sphere_wrap_e7(llround(p->lon * 1e7));
    k.alt_baro_ft = p->ground ? KEPT_NONE : (int32_t)(lround((p->alt_ft + p->error_ft) / 25) * 25);
    k.gs_e2_kt = (int32_t)lround(p->kt * 100);
    k.track_e2_deg = (int32_t)lround(p->track * 100) % 36000;
    k.baro_rate_fpm = p->ground ? KEPT_NONE : (int32_t)lround(p->rate_fpm / 64) * 64;
    k.ground = p->ground && !p->no_ground_bit;
    if (p->no_integrity) {
        k.version = 2;
        k.sil = 0;
    }
    k.origin = p->origin ? p->origin : ORIGIN_ADSB_ICAO;
    memcpy(k.flight, p->call, strnlen(p->call, sizeof k.flight));
    if (p->point) {
        p->point(p, &k);
    } else if (!p->silent) {
        movement_push(p->m, &k, flight_take, p);
    }
}

/* Straight to a place, climbing or descending toward alt_ft on the way. */
static inline void flight_to(struct flight_probe *p, double lat, double lon, double alt_ft,
                             double kt)
{
    const struct sphere_place to = {(int32_t)lround(lat * 1e7), sphere_wrap_e7(llround(lon * 1e7))};
    p->kt = kt;
    for (;;) {
        const struct sphere_place at = {(int32_t)lround(p->lat * 1e7),
                                        sphere_wrap_e7(llround(p->lon * 1e7))};
        const double left_m = sphere_distance_m(at, to);
        const double step_m = kt * 0.514444 * p->every_s;
        const double rate = kt > 250 ? 1900 : 1000;
        const double dh = rate / 60 * p->every_s;
        if (left_m > 1) {
            p->track = sphere_bearing_deg(at, to);
        }
        const struct sphere_place next =
            left_m <= step_m ? to : sphere_destination(at, p->track, step_m);
        p->lat = next.lat_e7 * 1e-7;
        p->lon = next.lon_e7 * 1e-7;
        const double up_ft =
            alt_ft > p->alt_ft ? fmin(dh, alt_ft - p->alt_ft) : -fmin(dh, p->alt_ft - alt_ft);
        p->alt_ft += up_ft;
        p->rate_fpm = up_ft / p->every_s * 60;
        p->t_s += p->every_s;
        flight_point_out(p);
        if (left_m <= step_m) {
            return;
        }
    }
}

static inline void flight_off(double lat, double lon, double deg, double nm, double *lat2,
                              double *lon2)
{
    const struct sphere_place q = sphere_destination(
        (struct sphere_place){(int32_t)lround(lat * 1e7), sphere_wrap_e7(llround(lon * 1e7))},
        fmod(deg + 720, 360), nm * 1852);
    *lat2 = q.lat_e7 * 1e-7;
    *lon2 = q.lon_e7 * 1e-7;
}

/* Stands, for so long. */
static inline void flight_stand(struct flight_probe *p, double seconds)
{
    p->ground = true;
    p->kt = 0;
    for (double s = 0; s < seconds; s += p->every_s * 4) {
        p->t_s += p->every_s * 4;
        flight_point_out(p);
    }
}

static inline void flight_at(struct flight_probe *p, const struct flight_field *f)
{
    p->lat = f->lat;
    p->lon = f->lon;
    p->alt_ft = f->elevation_ft < -9999 ? 0 : f->elevation_ft;
    p->ground = true;
}

/* Rolls, rotates, and is 10 NM out at 3,500 ft above the field. */
static inline void flight_take_off(struct flight_probe *p, const struct flight_field *f)
{
    double lat, lon;
    const double field = p->alt_ft;
    p->ground = true;
    p->track = f->runway_deg;
    flight_off(f->lat, f->lon, f->runway_deg, 0.5, &lat, &lon);
    flight_to(p, lat, lon, field, 60);
    p->ground = false;
    flight_off(f->lat, f->lon, f->runway_deg, 10, &lat, &lon);
    flight_to(p, lat, lon, field + 3500, 200);
}

/* By the extended centerline down to so many feet above the field, over its threshold. */
static inline void flight_approach(struct flight_probe *p, const struct flight_field *f,
                                   double above_ft)
{
    double lat, lon;
    const double field = f->elevation_ft < -9999 ? 0 : f->elevation_ft;
    flight_off(f->lat, f->lon, f->runway_deg + 180, 14, &lat, &lon);
    flight_to(p, lat, lon, field + 4500, 220);
    flight_off(f->lat, f->lon, f->runway_deg + 180, 0.8, &lat, &lon);
    flight_to(p, lat, lon, field + above_ft, 150);
}

static inline void flight_land(struct flight_probe *p, const struct flight_field *f)
{
    double lat, lon;
    flight_approach(p, f, 40);
    p->ground = true;
    p->alt_ft = f->elevation_ft < -9999 ? 0 : f->elevation_ft;
    flight_to(p, f->lat, f->lon, p->alt_ft, 90);
    flight_off(f->lat, f->lon, f->runway_deg, 0.4, &lat, &lon);
    flight_to(p, lat, lon, p->alt_ft, 25);
    flight_stand(p, 60);
}

/* Up, over, and down to 30 NM before the other field. */
static inline void flight_cruise(struct flight_probe *p, const struct flight_field *to,
                                 double cruise_ft, double kt)
{
    const struct sphere_place a = {(int32_t)lround(p->lat * 1e7),
                                   sphere_wrap_e7(llround(p->lon * 1e7))};
    const struct sphere_place b = {(int32_t)lround(to->lat * 1e7),
                                   sphere_wrap_e7(llround(to->lon * 1e7))};
    const double nm = sphere_distance_m(a, b) / 1852;
    const double down_nm = fmin(cruise_ft * 0.0045 + 20, 0.6 * nm);
    struct sphere_place q = sphere_between(a, b, 1 - down_nm / nm);
    flight_to(p, q.lat_e7 * 1e-7, q.lon_e7 * 1e-7, cruise_ft, kt);
    q = sphere_between(a, b, 1 - fmin(25, 0.3 * nm) / nm);
    flight_to(p, q.lat_e7 * 1e-7, q.lon_e7 * 1e-7,
              (to->elevation_ft < -9999 ? 0 : to->elevation_ft) + 6000, 0.8 * kt);
}

static inline void flight_whole(struct flight_probe *p, const struct flight_field *from,
                                const struct flight_field *to, double cruise_ft, double kt)
{
    flight_at(p, from);
    flight_stand(p, 120);
    flight_take_off(p, from);
    flight_cruise(p, to, cruise_ft, kt);
    flight_land(p, to);
}

static inline bool flight_is_void(const struct flight_probe *p, const struct claim *c)
{
    for (size_t i = 0; i < p->claims; i++) {
        if (p->claim[i].supersedes == c->number && p->claim[i].address == c->address &&
            p->claim[i].epoch == c->epoch) {
            return true;
        }
    }
    return (c->flags & CLAIM_WITHDRAWN) != 0;
}

/* Claims of a kind that stand; *last is the last of them. */
static inline unsigned flight_count(const struct flight_probe *p, enum claim_kind kind,
                                    const struct claim **last)
{
    unsigned n = 0;
    for (size_t i = 0; i < p->claims; i++) {
        if (p->claim[i].kind == kind && !flight_is_void(p, &p->claim[i])) {
            n++;
            if (last) {
                *last = &p->claim[i];
            }
        }
    }
    return n;
}

static inline void flight_done(struct flight_probe *p)
{
    movement_end(p->m, ADDRESS_NONE, flight_take, p);
    movement_free(p->m);
    p->m = NULL;
}

#endif
