#include "simulate/flight.h"

#include "base/instant.h"
#include "simulate/draw.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double ft_per_hpa = 27.3; /* near sea level */
static const double leg_parked_s = 40 * 60, leg_arrived_s = 15 * 60;
static const double traffic_parked_s = 8 * 60, traffic_arrived_s = 3 * 60;
static const double hold_kt = 390; /* mean over the ground of a leg that turns back */

/* Day, route, rotation and direction in one number: 30, 14, 10 and 1 bits. */
static uint64_t traffic_id(int64_t day, size_t route, unsigned rotation, unsigned back)
{
    return FLIGHT_TRAFFIC | (uint64_t)day << 25 | (uint64_t)route << 11 |
           (uint64_t)(rotation & 0x3ff) << 1 | back;
}

static size_t id_route(uint64_t id)
{
    return (size_t)(id >> 11 & 0x3fff);
}

static unsigned id_rotation(uint64_t id)
{
    return (unsigned)(id >> 1 & 0x3ff);
}

/* Octal digits; never 75xx to 77xx nor 0xxx, which mean something of their own. */
static uint16_t draw_squawk(uint64_t seed, uint64_t id)
{
    const uint64_t bits = draw_bits(seed, DRAW_SQUAWK, id, 0);
    return (uint16_t)((1 + bits % 6) << 9 | (bits >> 8 & 0777));
}

static uint8_t draw_class(const struct scenario *sc, uint64_t seed, uint64_t id)
{
    const double pct = 100 * draw_unit(seed, DRAW_CLASS, id, 0);
    return pct < sc->head.position_pct                         ? FLIGHT_POSITION
           : pct < sc->head.position_pct + sc->head.mode_s_pct ? FLIGHT_MODE_S
                                                               : FLIGHT_SILENT;
}

double flight_qnh_hpa(const struct scenario *sc, uint64_t seed, size_t airport, int64_t t_us)
{
    const double u = draw_unit(seed, DRAW_QNH, airport, (uint64_t)(t_us / DAY_US));
    return floor(1013.25 + (2 * u - 1) * sc->head.qnh_span_hpa);
}

struct flight flight_of_leg(const struct scenario *sc, uint64_t seed, size_t at)
{
    const struct scenario_leg *leg = &sc->leg[at];
    struct flight f = {
        .id = (uint64_t)leg->leg,
        .address = (uint32_t)leg->icao24,
        .type_at = leg->type_at,
        .origin_at = leg->origin_at,
        .destination_at = leg->destination_at,
        .leg = leg,
        .takeoff_us = leg->takeoff_us,
        .landing_us = leg->landing_us,
        .cruise_ft = leg->cruise_fl * 100,
    };
    f.class = draw_class(sc, seed, f.id);
    f.squawk = draw_squawk(seed, f.id);
    snprintf(f.callsign, sizeof f.callsign, "%s", leg->callsign);
    return f;
}

unsigned flight_rotations(const struct scenario *sc, uint64_t seed, size_t route, int64_t day)
{
    const double whole = floor(sc->route[route].per_day);
    const double more = sc->route[route].per_day - whole;
    return (unsigned)whole + (draw_unit(seed, DRAW_COUNT, route, (uint64_t)day) < more);
}

/* Number n of an operator's call signs, its # and @ filled in; numbers go round where they end. */
static void make_callsign(const struct scenario_operator *op, uint32_t n, char out[9])
{
    static const char letters[] =
        "ABCDEFGHJKLMNPQRSTUVWXYZ"; /* no I, no O: they look like digits */
    /* A step prime to the count of every pattern (powers of 2, 3 and 5) spreads neighbors. */
    uint64_t rest = (uint64_t)n * 7919 + 1234;
    size_t length = strlen(op->callsign);
    out[length] = '\0';
    while (length-- > 0) {
        const char c = op->callsign[length];
        const bool leading = c == '#' && (length == 0 || op->callsign[length - 1] != '#');
        const unsigned base = c == '@' ? 24 : leading ? 9 : 10;
        const unsigned digit = (unsigned)(rest % base);
        out[length] = c;
        if (c == '@' || c == '#') {
            out[length] = c == '@' ? letters[digit] : (char)('0' + digit + leading);
            rest /= base;
        }
    }
}

/* Levels by the semicircular rule: odd thousands eastward, even westward. */
static double draw_level_ft(const struct scenario_type *type, uint64_t seed, uint64_t id,
                            const struct scenario_airport *from, const struct scenario_airport *to)
{
    const double fl =
        type->fl_low + (type->fl_high - type->fl_low) * draw_unit(seed, DRAW_LEVEL, id, 0);
    const double east = fmod(to->lon - from->lon + 540, 360) - 180 >= 0;
    return 1000 * (2 * floor((fl / 10 - east) / 2 + 0.5) + east);
}

static struct flight traffic_flight(const struct scenario *sc, uint64_t seed, uint64_t id)
{
    const struct scenario_route *r = &sc->route[id_route(id)];
    const struct scenario_type *type = &sc->type[r->type_at];
    const bool back = id & 1;
    struct flight f = {
        .id = id,
        .type_at = r->type_at,
        .origin_at = back ? r->destination_at : r->origin_at,
        .destination_at = back ? r->origin_at : r->destination_at,
        .squawk = draw_squawk(seed, id),
        .landing_us = INSTANT_NONE,
    };
    f.class = draw_class(sc, seed, id & ~UINT64_C(1)); /* one airframe, one equipment */
    f.cruise_ft =
        draw_level_ft(type, seed, id, &sc->airport[f.origin_at], &sc->airport[f.destination_at]);
    f.cruise_kt =
        type->cruise_kt + (2 * draw_unit(seed, DRAW_SPEED, id, 0) - 1) * type->cruise_spread_kt;
    make_callsign(&sc->op[r->operator_at], r->call + 2 * id_rotation(id) + back, f.callsign);
    return f;
}

struct flight flight_out(const struct scenario *sc, uint64_t seed, size_t route, int64_t day,
                         unsigned rotation)
{
    const struct scenario_route *r = &sc->route[route];
    struct flight f = traffic_flight(sc, seed, traffic_id(day, route, rotation, 0));
    const double n = ceil(r->per_day);
    const double u = draw_unit(seed, DRAW_DEPARTURE, f.id, 0);
    const double hour = r->first + (r->last - r->first) * (rotation + u) / n;
    f.takeoff_us = day * DAY_US + (int64_t)(hour * 3600) * 1000000;
    f.address = r->airframe + 2 * rotation + (uint32_t)(day & 1);
    return f;
}

struct flight flight_back(const struct scenario *sc, uint64_t seed, const struct flight *out)
{
    struct flight f = traffic_flight(sc, seed, out->id | 1);
    const double turn_min = sc->type[f.type_at].turn_min;
    const double u = draw_unit(seed, DRAW_TURN, f.id, 0);
    f.takeoff_us = out->landing_us + (int64_t)(turn_min * 60 * (1 + 0.4 * u)) * 1000000;
    f.address = out->address;
    return f;
}

static double runway_ft(const struct scenario *sc, uint64_t seed, size_t airport, int64_t t_us)
{
    return sc->airport[airport].elevation_ft +
           (1013.25 - flight_qnh_hpa(sc, seed, airport, t_us)) * ft_per_hpa;
}

static struct path_end path_end(const struct scenario *sc, uint64_t seed, size_t airport,
                                int64_t t_us, uint32_t address)
{
    return (struct path_end){
        .airport = &sc->airport[airport],
        .reverse = draw_bits(seed, DRAW_RUNWAY, airport, (uint64_t)(t_us / DAY_US)) & 1,
        .stand = 2 * draw_unit(seed, DRAW_STAND, airport, address) - 1,
    };
}

static double hold_nm(const struct scenario_leg *leg)
{
    if (strcmp(leg->kind, "turnback") != 0) {
        return 0;
    }
    double nm = (double)(leg->landing_us - leg->takeoff_us) / 3.6e9 * hold_kt;
    for (size_t i = 0; i + 1 < leg->n; i++) {
        nm -= sphere_distance_m(leg->waypoint[i], leg->waypoint[i + 1]) / SPHERE_M_PER_NM;
    }
    return nm > 0 ? nm : 0;
}

enum err flight_plan(const struct scenario *sc, uint64_t seed, struct flight *f,
                     struct flight_plan *plan)
{
    const int64_t t = f->takeoff_us;
    const struct path_plan way = {
        .from = path_end(sc, seed, f->origin_at, t, f->address),
        .to = path_end(sc, seed, f->destination_at, t, f->address),
        .waypoint = f->leg ? f->leg->waypoint : NULL,
        .n = f->leg ? f->leg->n : 0,
        .hold_nm = f->leg ? hold_nm(f->leg) : 0,
    };
    path_build(&plan->path, &way);
    const struct profile_plan times = {
        .type = &sc->type[f->type_at],
        .takeoff_us = t,
        .landing_us = f->leg ? f->leg->landing_us : INSTANT_NONE,
        .cruise_kt = f->cruise_kt,
        .cruise_ft = f->cruise_ft,
        .from_ft = runway_ft(sc, seed, f->origin_at, t),
        .to_ft = runway_ft(sc, seed, f->destination_at, t),
        .parked_s = f->leg ? leg_parked_s : traffic_parked_s,
        .arrived_s = f->leg ? leg_arrived_s : traffic_arrived_s,
    };
    const enum err e = profile_build(&plan->profile, &plan->path, &times);
    f->landing_us = plan->profile.landing_us;
    f->on_us = plan->profile.on_us;
    f->off_us = plan->profile.off_us;
    return e;
}
