#include "simulate/flight.h"

#include "base/instant.h"
#include "simulate/draw.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double ft_per_hpa = 27.3; /* near sea level */
static const double leg_parked_s = 40 * 60, leg_arrived_s = 15 * 60;
static const double traffic_parked_s = 8 * 60, traffic_arrived_s = 3 * 60;
/* How those hold that do not say how. */
static const double hold_min = 85, hold_leg_nm = 20, hold_width_nm = 10;
static const double ghost_share = 0.3; /* of its way is over where a ghost is first heard */

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
    f.ghost = leg->kind_at == LEG_GHOST;
    f.emitter_at = leg->emitter_at;
    f.alt_error_ft = leg->alt_error_ft;
    f.class = strcmp(leg->sends, "position") == 0  ? FLIGHT_POSITION
              : strcmp(leg->sends, "mode_s") == 0  ? FLIGHT_MODE_S
              : strcmp(leg->sends, "nothing") == 0 ? FLIGHT_SILENT
                                                   : draw_class(sc, seed, f.id);
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

static bool holds(const struct scenario_leg *leg)
{
    return leg && (leg->kind_at == LEG_TURNBACK || leg->kind_at == LEG_RACETRACK ||
                   leg->kind_at == LEG_CIRCLE || leg->hold_min > 0);
}

/* Distance flown in laps: so many minutes at cruise speed, as far as the time allows. */
static double way_held_nm(const struct scenario_leg *leg, double cruise_kt)
{
    double way_nm = 20; /* around both runways */
    for (size_t i = 0; i + 1 < leg->n; i++) {
        way_nm += sphere_distance_m(leg->waypoint[i], leg->waypoint[i + 1]) / SPHERE_M_PER_NM;
    }
    const double minutes = leg->hold_min > 0 ? leg->hold_min : hold_min;
    const double all_nm = (double)(leg->landing_us - leg->takeoff_us) / 3.6e9 * cruise_kt * 0.96;
    return fmin(minutes / 60 * cruise_kt, fmax(all_nm - way_nm, 0));
}

/* Stands from take-off to landing time. */
static void park(struct flight *f, struct flight_plan *plan)
{
    struct profile *p = &plan->profile;
    const double field_ft = p->phase[PHASE_PARKED].h_ft;
    *p = (struct profile){.on_us = f->takeoff_us,
                          .takeoff_us = f->takeoff_us,
                          .landing_us = f->leg->landing_us,
                          .off_us = f->leg->landing_us,
                          .cruise_kt = p->cruise_kt,
                          .cruise_ft = p->cruise_ft};
    for (int k = 0; k < PHASE_COUNT; k++) {
        p->phase[k].begin_s = k ? 1e12 : 0;
        p->phase[k].h_ft = field_ft;
    }
    p->phase[PHASE_PARKED].length_s = 1e12;
}

static void hold_shape(const struct scenario_leg *leg, double cruise_kt, struct path_plan *way)
{
    if (holds(leg)) {
        way->hold_nm = way_held_nm(leg, cruise_kt);
        way->hold_width_nm = leg->hold_width_nm > 0 ? leg->hold_width_nm : hold_width_nm;
        way->hold_leg_nm = leg->kind_at == LEG_CIRCLE ? 0
                           : leg->hold_leg_nm > 0     ? leg->hold_leg_nm
                                                      : hold_leg_nm;
    }
}

/* The times of the profile, as the kind of leg bends them. */
static void set_times(struct flight *f, struct flight_plan *plan)
{
    if (f->leg && f->leg->kind_at == LEG_PARKED) {
        park(f, plan);
    }
    struct profile *p = &plan->profile;
    f->landing_us = p->landing_us;
    f->on_us = p->on_us;
    f->off_us = p->off_us;
    if (f->ghost) { /* nobody saw it take off */
        f->on_us = p->takeoff_us + (int64_t)((double)(p->landing_us - p->takeoff_us) * ghost_share);
    }
}

enum err flight_plan(const struct scenario *sc, uint64_t seed, struct flight *f,
                     struct flight_plan *plan)
{
    const int64_t t = f->takeoff_us;
    struct path_plan way = {
        .from = path_end(sc, seed, f->origin_at, t, f->address),
        .to = path_end(sc, seed, f->destination_at, t, f->address),
        .waypoint = f->leg ? f->leg->waypoint : NULL,
        .n = f->leg ? f->leg->n : 0,
    };
    hold_shape(f->leg, sc->type[f->type_at].cruise_kt, &way);
    path_build(&plan->path, &way);
    const struct profile_plan times = {
        .type = &sc->type[f->type_at],
        .takeoff_us = t,
        .landing_us = f->leg && f->leg->kind_at != LEG_PARKED ? f->leg->landing_us : INSTANT_NONE,
        .rolling = f->leg && f->leg->rolling,
        .touching = f->leg && f->leg->kind_at == LEG_TOUCH_AND_GO,
        .cruise_kt = f->leg ? sc->type[f->type_at].cruise_kt : f->cruise_kt,
        .cruise_ft = f->cruise_ft,
        .from_ft = runway_ft(sc, seed, f->origin_at, t),
        .to_ft = runway_ft(sc, seed, f->destination_at, t),
        .parked_s = f->leg ? leg_parked_s : traffic_parked_s,
        .arrived_s = f->leg ? leg_arrived_s : traffic_arrived_s,
    };
    const enum err e = profile_build(&plan->profile, &plan->path, &times);
    if (!e) {
        set_times(f, plan);
    }
    return e;
}

/* When the way is s_nm long, while the flight lasts. */
static int64_t time_at(const struct profile *p, double s_nm)
{
    int64_t low = p->takeoff_us, high = p->landing_us;
    while (high - low > 1000) {
        const int64_t half = low + (high - low) / 2;
        struct profile_state at;
        profile_at(p, half, &at);
        if (at.s_nm < s_nm) {
            low = half;
        } else {
            high = half;
        }
    }
    return low;
}

bool flight_hold(const struct flight_plan *plan, int64_t *from_us, int64_t *to_us)
{
    const struct path *p = &plan->path;
    if (p->laps == 0) {
        return false;
    }
    *from_us = time_at(&plan->profile, p->loop_nm);
    *to_us = time_at(&plan->profile, p->loop_nm + p->laps * p->lap_nm);
    return true;
}
