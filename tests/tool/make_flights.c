/* make_flights DIR ROUTES.csv AIRPORTS.masar [FLIGHTS [SEED]]: flights of the routes given, flown
   by the simulator's own ways and profiles, heard with the holes that African tracks have, and
   labeled: DIR/labels.csv and DIR/tracks/ID.csv. For measuring whether the probabilities of
   `masar infer` are true (docs/MOVEMENT.md); the same arguments give the same bytes.

   Holes (of 731 tracks around Entebbe, measured by others): 40 % have one longer than 10 minutes,
   28 % one longer than 25, 10 % one longer than 45, the longest 127; median gap 9 s; 6.4 % of
   landings and 2.5 % of take-offs are not heard. Besides: one in twelve flights goes where no route
   goes, one in eight holds before it lands, ways bend with airways. */
#include "base/instant.h"
#include "base/rng.h"
#include "identity/airport.h"
#include "movement/route.h"
#include "simulate/path.h"
#include "simulate/profile.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FLIGHTS = 120, DAY = 19880, TRIES = 4000 };

static const struct type {
    struct scenario_type t;
    double from_nm, to_nm; /* how far it is flown */
} types[] = {
    {{.type = "AT76",
      .category = 0xa2,
      .cruise_kt = 270,
      .fl_low = 160,
      .fl_high = 230,
      .climb_fpm_low = 1300,
      .climb_fpm_high = 700,
      .descent_nm = 3,
      .rotate_kt = 110,
      .approach_kt = 105},
     80,
     350},
    {{.type = "E190",
      .category = 0xa3,
      .cruise_kt = 430,
      .fl_low = 280,
      .fl_high = 370,
      .climb_fpm_low = 2400,
      .climb_fpm_high = 1200,
      .descent_nm = 3.1,
      .rotate_kt = 140,
      .approach_kt = 130},
     150,
     1200},
    {{.type = "A320",
      .category = 0xa3,
      .cruise_kt = 445,
      .fl_low = 310,
      .fl_high = 390,
      .climb_fpm_low = 2600,
      .climb_fpm_high = 1200,
      .descent_nm = 3.2,
      .rotate_kt = 145,
      .approach_kt = 135},
     200,
     2200},
    {{.type = "B738",
      .category = 0xa3,
      .cruise_kt = 450,
      .fl_low = 310,
      .fl_high = 390,
      .climb_fpm_low = 2600,
      .climb_fpm_high = 1300,
      .descent_nm = 3.2,
      .rotate_kt = 145,
      .approach_kt = 142},
     200,
     2400},
    {{.type = "A333",
      .category = 0xa5,
      .cruise_kt = 470,
      .fl_low = 350,
      .fl_high = 400,
      .climb_fpm_low = 2000,
      .climb_fpm_high = 900,
      .descent_nm = 3.3,
      .rotate_kt = 150,
      .approach_kt = 140},
     1500,
     5500},
};
enum { TYPES = sizeof types / sizeof *types };

struct made {
    const struct airports *airports;
    const struct route_prior *routes;
    struct rng rng;
    double all; /* weight of all routes */
    FILE *labels;
    const char *dir;
};

/* One flight as drawn. */
struct draw {
    const struct airport *from, *to;
    struct scenario_airport from_s, to_s;
    const struct type *type;
    char call[9];
    uint32_t address;
    double hole_from, hole_min; /* share of the way; minutes, 0 none */
    double step_s, offset_ft;
    double brisk; /* how fast it climbs, of what its type does */
    bool no_landing, no_takeoff;
};

static double normal(struct rng *r)
{
    return sqrt(-2 * log(1 - rng_unit(r))) * cos(2 * M_PI * rng_unit(r));
}

static bool can_take(const struct made *m, const struct airport *a)
{
    (void)m;
    return (a->kind == AIRPORT_LARGE || a->kind == AIRPORT_MEDIUM) && a->longest_ft >= 4500 &&
           DAY >= a->from_day && DAY < a->to_day;
}

static struct sphere_place place_of(const struct airport *a)
{
    return (struct sphere_place){a->lat_e7, a->lon_e7};
}

static struct scenario_airport scenario_of(const struct made *m, const struct airport *a)
{
    struct scenario_airport s = {.lat = a->lat_e7 * 1e-7,
                                 .lon = a->lon_e7 * 1e-7,
                                 .elevation_ft =
                                     a->elevation_ft == AIRPORT_NO_ELEVATION ? 0 : a->elevation_ft,
                                 .runway_deg = 90,
                                 .runway_ft = a->longest_ft};
    for (uint32_t i = 0; i < a->runways; i++) {
        const struct runway *r = runway_at(m->airports, a->runway + i);
        if (r->low_heading_deg >= 0 && r->length_ft == a->longest_ft) {
            s.runway_deg = r->low_heading_deg;
        }
    }
    return s;
}

static const struct route *draw_route(struct made *m)
{
    double at = rng_unit(&m->rng) * m->all;
    for (size_t i = 0; i < route_count(m->routes); i++) {
        const struct route *r = route_at(m->routes, (uint32_t)i);
        at -= r->weight;
        if (at < 0) {
            return r;
        }
    }
    return route_at(m->routes, 0);
}

static void call_sign(struct made *m, const struct route *r, char out[9])
{
    char op[4] = {0};
    uint32_t key = r->operator_key;
    for (int i = 2; i >= 0; i--) {
        op[i] = (char)('A' + key % 27 - 1);
        key /= 27;
    }
    snprintf(out, 9, "%s%u", op, 1 + rng_below(&m->rng, 998));
}

/* The longest hole of a track, minutes. */
static double hole_minutes(struct rng *r)
{
    static const double edge[][2] = {{0.10, 127}, {0.28, 45}, {0.40, 25}};
    const double u = rng_unit(r);
    double low = 0;
    if (u >= edge[2][0]) {
        return 0;
    }
    if (u < edge[0][0]) {
        low = 45;
    } else if (u < edge[1][0]) {
        low = 25;
    } else {
        low = 10;
    }
    const double high = u < edge[0][0] ? edge[0][1] : u < edge[1][0] ? edge[1][1] : edge[2][1];
    return low + (high - low) * rng_unit(r);
}

static bool draw(struct made *m, unsigned n, struct draw *d)
{
    for (int i = 0; i < TRIES; i++) {
        const struct route *r = draw_route(m);
        *d = (struct draw){.from = airport_at(m->airports, r->origin),
                           .to = airport_at(m->airports, r->destination),
                           .type = &types[rng_below(&m->rng, TYPES)],
                           .address = 0xf00000 + n};
        call_sign(m, r, d->call);
        if (rng_below(&m->rng, 12) == 0) {
            d->to = airport_at(m->airports, rng_below(&m->rng, airports_count(m->airports)));
        }
        const double nm = sphere_distance_m(place_of(d->from), place_of(d->to)) / SPHERE_M_PER_NM;
        if (can_take(m, d->from) && can_take(m, d->to) && nm > d->type->from_nm &&
            nm < d->type->to_nm) {
            d->from_s = scenario_of(m, d->from);
            d->to_s = scenario_of(m, d->to);
            d->hole_min = hole_minutes(&m->rng);
            d->hole_from = rng_unit(&m->rng);
            d->step_s = 5 + 25 * rng_unit(&m->rng) * rng_unit(&m->rng);
            d->offset_ft = 150 * normal(&m->rng);
            d->brisk = exp(0.15 * normal(&m->rng) - 0.1 * log(nm / 700));
            d->no_landing = rng_unit(&m->rng) < 0.064;
            d->no_takeoff = rng_unit(&m->rng) < 0.025;
            return true;
        }
    }
    return false;
}

/* The way: bent once in the middle as airways do, and over an arrival fix. */
static void plan_path(struct made *m, const struct draw *d, struct path *path)
{
    const struct sphere_place from = place_of(d->from), to = place_of(d->to);
    const double nm = sphere_distance_m(from, to) / SPHERE_M_PER_NM;
    const double course = sphere_bearing_deg(from, to), back = sphere_bearing_deg(to, from);
    struct sphere_place way[2];
    way[0] = sphere_destination(sphere_between(from, to, 0.3 + 0.4 * rng_unit(&m->rng)),
                                fmod(course + 90, 360), 0);
    const double aside = normal(&m->rng) * (4 + 0.05 * nm);
    way[0] = sphere_destination(way[0], fmod(course + (aside < 0 ? 270 : 90), 360),
                                fabs(aside) * SPHERE_M_PER_NM);
    way[1] = sphere_destination(to, fmod(back + 35 * normal(&m->rng) + 720, 360),
                                (20 + 25 * rng_unit(&m->rng)) * SPHERE_M_PER_NM);
    const struct path_plan plan = {
        .from = {&d->from_s, rng_below(&m->rng, 2) == 0, 2 * rng_unit(&m->rng) - 1},
        .to = {&d->to_s, rng_below(&m->rng, 2) == 0, 2 * rng_unit(&m->rng) - 1},
        .waypoint = way,
        .n = 2,
        .hold_nm = rng_below(&m->rng, 8) == 0 ? 30 + 60 * rng_unit(&m->rng) : 0};
    path_build(path, &plan);
}

struct flown {
    int64_t off_lo_s, off_hi_s, on_lo_s, on_hi_s, first_s, last_s;
    unsigned fixes;
    double first_alt, last_alt, gap_s;
    struct sphere_place first, last;
};

static bool is_heard(const struct draw *d, const struct profile_state *s, double share, double t,
                     double hole_t)
{
    const bool low = s->h_ft < 9000;
    if ((d->no_landing && share > 0.5 && low) || (d->no_takeoff && share < 0.5 && low)) {
        return false;
    }
    return d->hole_min == 0 || t < hole_t || t > hole_t + d->hole_min * 60;
}

static void write_track(struct made *m, const struct draw *d, const struct path *path,
                        const struct profile *p, FILE *f, struct flown *out)
{
    const double all_s = (double)(p->off_us - p->on_us) * 1e-6;
    const double hole_t = (all_s - d->hole_min * 60) * d->hole_from;
    *out = (struct flown){0};
    fputs("time_utc_epoch,icao24,callsign,lat,lon,alt_ft,gs_kt,track_deg,vrate_fpm,onground\n", f);
    for (double t = 0; t < all_s; t += d->step_s * (0.6 + 0.8 * rng_unit(&m->rng))) {
        struct profile_state s;
        struct path_place q;
        profile_at(p, p->on_us + (int64_t)(t * 1e6), &s);
        path_at(path, s.s_nm, &q);
        const int64_t now_s = (p->on_us + (int64_t)(t * 1e6)) / 1000000;
        if (!s.ground && out->off_hi_s == 0) {
            out->off_lo_s = p->takeoff_us / 1000000 - 5;
            out->off_hi_s = now_s;
        }
        if (!is_heard(d, &s, s.s_nm / path->length_nm, t, hole_t)) {
            continue;
        }
        if (out->fixes++ == 0) {
            out->first_s = now_s;
            out->first = q.place;
            out->first_alt = s.h_ft;
        } else if ((double)(now_s - out->last_s) > out->gap_s) {
            out->gap_s = (double)(now_s - out->last_s);
        }
        out->last_s = now_s;
        out->last = q.place;
        out->last_alt = s.h_ft;
        fprintf(f, "%lld,%06x,%s,%.5f,%.5f,", (long long)now_s, d->address, d->call,
                q.place.lat_e7 * 1e-7, q.place.lon_e7 * 1e-7);
        if (!s.ground) {
            fprintf(f, "%.0f", round((s.h_ft + d->offset_ft) / 25) * 25);
        }
        fprintf(f, ",%.0f,%.1f,%.0f,%d\n", s.v_kt, q.track_deg, round(s.r_fpm / 64) * 64, s.ground);
    }
}

static bool make(struct made *m, unsigned n)
{
    struct draw d;
    static struct path path;
    struct profile p;
    struct flown flown;
    char name[512], id[32];
    struct scenario_type type;
    do {
        if (!draw(m, n, &d)) {
            return false;
        }
        type = d.type->t;
        type.climb_fpm_low *= d.brisk;
        type.climb_fpm_high *= d.brisk;
        plan_path(m, &d, &path);
    } while (profile_build(
                 &p, &path,
                 &(struct profile_plan){
                     .type = &type,
                     .takeoff_us = (DAY * INT64_C(86400) + rng_below(&m->rng, 86400)) * 1000000,
                     .landing_us = INSTANT_NONE,
                     .cruise_kt = d.type->t.cruise_kt + 15 * normal(&m->rng),
                     .cruise_ft = 100 * (d.type->t.fl_low + (d.type->t.fl_high - d.type->t.fl_low) *
                                                                rng_unit(&m->rng)),
                     .from_ft = d.from_s.elevation_ft,
                     .to_ft = d.to_s.elevation_ft,
                     .parked_s = 120 * rng_unit(&m->rng),
                     .arrived_s = 60}) != ERR_OK);
    snprintf(id, sizeof id, "sim_%06x_%s", d.address, d.call);
    snprintf(name, sizeof name, "%s/tracks/%s.csv", m->dir, id);
    FILE *f = fopen(name, "w");
    if (!f) {
        perror(name);
        return false;
    }
    write_track(m, &d, &path, &p, f, &flown);
    fclose(f);
    fprintf(m->labels,
            "%s,open,ads-b,%s,%s,%lld,%lld,%lld,%lld,%lld,%lld,%u,%.1f,%.1f,%d,%.0f,%.0f,"
            "%.1f,%.1f,%s,simulated,drawn\n",
            id, d.from->code, d.to->code, (long long)flown.off_lo_s, (long long)flown.off_hi_s,
            (long long)(p.landing_us / 1000000 - 5), (long long)(p.landing_us / 1000000 + 5),
            (long long)flown.first_s, (long long)flown.last_s, flown.fixes, d.step_s, flown.gap_s,
            d.hole_min > 10, flown.first_alt, flown.last_alt,
            sphere_distance_m(flown.first, place_of(d.from)) / SPHERE_M_PER_NM,
            sphere_distance_m(flown.last, place_of(d.to)) / SPHERE_M_PER_NM, d.type->t.type);
    return true;
}

/* ---- what is read ---- */

static char *read_all(const char *name, size_t *n)
{
    FILE *f = fopen(name, "rb");
    if (!f) {
        perror(name);
        return NULL;
    }
    fseek(f, 0, SEEK_END);
    *n = (size_t)ftell(f);
    rewind(f);
    char *p = malloc(*n ? *n : 1);
    if (p && fread(p, 1, *n, f) != *n) {
        free(p);
        p = NULL;
    }
    fclose(f);
    return p;
}

static int run(struct made *m, char **argv, unsigned flights)
{
    size_t n;
    char why[256], name[512];
    struct airports *airports;
    char *bytes = read_all(argv[3], &n);
    if (!bytes || airports_open(bytes, n, &airports, why, sizeof why)) {
        fprintf(stderr, "make_flights: %s: not a file of airports as masar makes it\n", argv[3]);
        return 1;
    }
    m->airports = airports;
    struct route_prior *routes = route_prior_new(airports);
    char *text = read_all(argv[2], &n);
    if (!routes || !text || route_prior_push(routes, text, n) || route_prior_ready(routes) ||
        route_count(routes) == 0) {
        fprintf(stderr,
                "make_flights: %s: not routes (operator,origin,destination,weight; not "
                "compressed)\n",
                argv[2]);
        return 1;
    }
    m->routes = routes;
    for (size_t i = 0; i < route_count(routes); i++) {
        m->all += route_at(routes, (uint32_t)i)->weight;
    }
    snprintf(name, sizeof name, "%s/tracks", argv[1]);
    mkdir(argv[1], 0777);
    mkdir(name, 0777);
    snprintf(name, sizeof name, "%s/labels.csv", argv[1]);
    m->labels = fopen(name, "w");
    if (!m->labels) {
        perror(name);
        return 1;
    }
    fputs(
        "flight_id,split,kind,origin,destination,takeoff_lo,takeoff_hi,landing_lo,landing_hi,"
        "first_fix,last_fix,n_fixes,median_gap_s,max_gap_s,gaps_gt_10min,first_alt_ft,last_alt_ft,"
        "first_dist_origin_nm,last_dist_dest_nm,type,source,label_basis\n",
        m->labels);
    bool ok = true;
    for (unsigned i = 0; i < flights && ok; i++) {
        ok = make(m, i);
    }
    ok = fclose(m->labels) == 0 && ok;
    route_prior_free(routes);
    airports_free(airports);
    free(bytes);
    free(text);
    return ok ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fputs("make_flights DIR ROUTES.csv AIRPORTS.masar [FLIGHTS [SEED]]\n", stderr);
        return 2;
    }
    struct made m = {.dir = argv[1], .rng = {argc > 5 ? strtoull(argv[5], NULL, 10) : 1}};
    return run(&m, argv, argc > 4 ? (unsigned)strtoul(argv[4], NULL, 10) : FLIGHTS);
}
