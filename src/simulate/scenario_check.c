#include "simulate/flight.h"
#include "simulate/scenario.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double route_least_nm = 40; /* room for climb, turns and a straight approach */

struct check {
    struct scenario *sc;
    char *why;
    size_t why_size;
};

static enum err needed(struct check *c)
{
    for (int i = 0; scenario_files[i].name; i++) {
        if (scenario_files[i].needed && !c->sc->has[i]) {
            snprintf(c->why, c->why_size, "%s is missing from the scenario",
                     scenario_files[i].name);
            return ERR_NOT_FOUND;
        }
    }
    return ERR_OK;
}

/* Row of a name in airports.csv or types.csv; told where it is not there. */
static enum err resolve(struct check *c, const char *file, size_t line, const char *in,
                        const char *name, int at, uint16_t *out)
{
    if (at < 0) {
        snprintf(c->why, c->why_size, "%s:%zu: '%s' is not in %s; add a row there", file, line,
                 name, in);
        return ERR_UNKNOWN;
    }
    *out = (uint16_t)at;
    return ERR_OK;
}

static enum err resolve_ends(struct check *c, const char *file, size_t line, const char *origin,
                             const char *destination, uint16_t *origin_at, uint16_t *destination_at)
{
    const enum err e = resolve(c, file, line, "airports.csv", origin,
                               scenario_airport_find(c->sc, origin), origin_at);
    return e ? e
             : resolve(c, file, line, "airports.csv", destination,
                       scenario_airport_find(c->sc, destination), destination_at);
}

static double between_nm(const struct scenario *sc, uint16_t a, uint16_t b)
{
    const struct scenario_airport *from = &sc->airport[a], *to = &sc->airport[b];
    const struct sphere_place p = {(int32_t)(from->lat * 1e7), (int32_t)(from->lon * 1e7)};
    const struct sphere_place q = {(int32_t)(to->lat * 1e7), (int32_t)(to->lon * 1e7)};
    return sphere_distance_m(p, q) / SPHERE_M_PER_NM;
}

/* The least level above both fields that leaves room to climb and descend, whatever the pressure.
 */
static double least_level(const struct scenario *sc, uint16_t a, uint16_t b)
{
    return fmax(sc->airport[a].elevation_ft, sc->airport[b].elevation_ft) / 100 + 50;
}

static enum err check_types(struct check *c)
{
    for (size_t i = 0; i < c->sc->n_types; i++) {
        const struct scenario_type *t = &c->sc->type[i];
        if (t->fl_high < t->fl_low) {
            snprintf(c->why, c->why_size, "types.csv: %s: fl_high is below fl_low", t->type);
            return ERR_RANGE;
        }
    }
    return ERR_OK;
}

static enum err check_callsign(struct check *c, const char *file, const char *code,
                               const char *text)
{
    if (*text == '\0' || text[strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789#@")] != '\0') {
        snprintf(c->why, c->why_size,
                 "%s: %s: call sign '%s' must be of capital letters, digits, # (a digit) and @ (a "
                 "letter)",
                 file, code, text);
        return ERR_SYNTAX;
    }
    return ERR_OK;
}

static enum err check_operators(struct check *c)
{
    const struct scenario *sc = c->sc;
    for (size_t i = 0; i < sc->n_operators; i++) {
        const struct scenario_operator *a = &sc->op[i];
        const enum err e = check_callsign(c, "operators.csv", a->code, a->callsign);
        if (e) {
            return e;
        }
        if (a->last < a->first) {
            snprintf(c->why, c->why_size, "operators.csv: %s: last is below first", a->code);
            return ERR_RANGE;
        }
        for (size_t j = 0; j < i; j++) {
            const struct scenario_operator *b = &sc->op[j];
            if (strcmp(a->code, b->code) == 0) {
                snprintf(c->why, c->why_size, "operators.csv: %s stands twice", a->code);
                return ERR_EXISTS;
            }
            if (a->first <= b->last && b->first <= a->last) {
                snprintf(c->why, c->why_size, "operators.csv: addresses of %s and %s overlap",
                         a->code, b->code);
                return ERR_RANGE;
            }
        }
    }
    return ERR_OK;
}

static int operator_find(const struct scenario *sc, const char *code)
{
    for (size_t i = 0; i < sc->n_operators; i++) {
        if (strcmp(sc->op[i].code, code) == 0) {
            return (int)i;
        }
    }
    return -1;
}

/* An airframe serves its rotation every second day, so one must end within two. */
static enum err check_length(struct check *c, const struct scenario_route *r)
{
    const double nm = between_nm(c->sc, r->origin_at, r->destination_at);
    const struct scenario_type *t = &c->sc->type[r->type_at];
    const double mean_kt = 0.7 * (t->cruise_kt - t->cruise_spread_kt); /* or faster */
    const double hours = 2 * (nm / fmax(mean_kt, 30) + 1) + t->turn_min / 60 * 1.4;
    if (nm < route_least_nm || hours > 44) {
        snprintf(c->why, c->why_size,
                 "traffic.csv:%zu: %s to %s is %.0f NM: a rotation needs at least %.0f NM and at "
                 "most 44 hours",
                 r->line, r->origin, r->destination, nm, route_least_nm);
        return ERR_RANGE;
    }
    if (t->fl_low < least_level(c->sc, r->origin_at, r->destination_at)) {
        snprintf(c->why, c->why_size,
                 "traffic.csv:%zu: fl_low of %s must be at least %.0f between "
                 "these airports",
                 r->line, r->type, least_level(c->sc, r->origin_at, r->destination_at));
        return ERR_RANGE;
    }
    if (r->last < r->first) {
        snprintf(c->why, c->why_size, "traffic.csv:%zu: last is before first", r->line);
        return ERR_RANGE;
    }
    return ERR_OK;
}

static enum err check_route(struct check *c, struct scenario_route *r)
{
    enum err e = resolve(c, "traffic.csv", r->line, "operators.csv", r->operator_code,
                         operator_find(c->sc, r->operator_code), &r->operator_at);
    e = e ? e
          : resolve(c, "traffic.csv", r->line, "types.csv", r->type,
                    scenario_type_find(c->sc, r->type), &r->type_at);
    e = e ? e
          : resolve_ends(c, "traffic.csv", r->line, r->origin, r->destination, &r->origin_at,
                         &r->destination_at);
    e = e ? e : check_length(c, r);
    if (e) {
        return e;
    }
    struct scenario_operator *op = &c->sc->op[r->operator_at];
    const uint32_t pairs = 2 * (uint32_t)ceil(r->per_day);
    r->airframe = (uint32_t)op->first + op->airframes;
    r->call = op->calls;
    op->airframes += pairs;
    op->calls += pairs;
    if ((int64_t)op->airframes > op->last - op->first + 1) {
        snprintf(c->why, c->why_size,
                 "traffic.csv:%zu: %s has %" PRId64
                 " addresses in operators.csv and needs at least %u: 2 for each rotation a day",
                 r->line, op->code, op->last - op->first + 1, op->airframes);
        return ERR_FULL;
    }
    return ERR_OK;
}

static const char *const kinds[] = {"normal",       "turnback", "racetrack", "circle",
                                    "touch_and_go", "ghost",    "parked"};

static int site_find(const struct scenario *sc, const char *name)
{
    for (size_t i = 0; i < sc->n_sites; i++) {
        if (strcmp(sc->site[i].site, name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

/* What the kind asks for, and what the airframe and the party are where the row does not say. */
static enum err check_kind(struct check *c, struct scenario_leg *leg)
{
    size_t kind = 0;
    while (kind < sizeof kinds / sizeof *kinds && strcmp(kinds[kind], leg->kind) != 0) {
        kind++;
    }
    if (kind == sizeof kinds / sizeof *kinds) {
        snprintf(c->why, c->why_size,
                 "%s:%zu: kind '%s' is none of normal, turnback, racetrack, circle, touch_and_go, "
                 "ghost, parked",
                 leg->file, leg->line, leg->kind);
        return ERR_UNKNOWN;
    }
    leg->kind_at = (enum leg_kind)kind;
    if (*leg->sends && strcmp(leg->sends, "position") != 0 && strcmp(leg->sends, "mode_s") != 0 &&
        strcmp(leg->sends, "nothing") != 0) {
        snprintf(c->why, c->why_size, "%s:%zu: sends '%s' is none of position, mode_s, nothing",
                 leg->file, leg->line, leg->sends);
        return ERR_UNKNOWN;
    }
    if (!*leg->airframe) {
        snprintf(leg->airframe, sizeof leg->airframe, "%06" PRIx64, (uint64_t)leg->icao24);
    }
    if (!*leg->party) {
        snprintf(leg->party, sizeof leg->party, "%s", c->sc->head.party);
    }
    return kind != LEG_GHOST ? ERR_OK
                             : resolve(c, leg->file, leg->line, "sites.csv", leg->emitter,
                                       site_find(c->sc, leg->emitter), &leg->emitter_at);
}

/* A circuit around one field is flown low. */
static double leg_least_level(const struct scenario *sc, const struct scenario_leg *leg)
{
    const double level = least_level(sc, leg->origin_at, leg->destination_at);
    return leg->origin_at == leg->destination_at ? level - 30 : level;
}

static enum err check_leg(struct check *c, struct scenario_leg *leg)
{
    struct scenario *sc = c->sc;
    enum err e = resolve(c, leg->file, leg->line, "types.csv", leg->type,
                         scenario_type_find(sc, leg->type), &leg->type_at);
    e = e ? e
          : resolve_ends(c, leg->file, leg->line, leg->origin, leg->destination, &leg->origin_at,
                         &leg->destination_at);
    e = e ? e : check_callsign(c, leg->file, leg->origin, leg->callsign);
    if (e) {
        return e;
    }
    for (size_t i = 0; i < sc->n_operators; i++) {
        if (leg->icao24 >= sc->op[i].first && leg->icao24 <= sc->op[i].last) {
            snprintf(c->why, c->why_size,
                     "%s:%zu: address %06" PRIx64 " is among those of %s in operators.csv",
                     leg->file, leg->line, (uint64_t)leg->icao24, sc->op[i].code);
            return ERR_EXISTS;
        }
    }
    e = check_kind(c, leg);
    if (e) {
        return e;
    }
    const int64_t most_us = leg->kind_at == LEG_PARKED ? 120 * DAY_US : DAY_US;
    if (leg->landing_us <= leg->takeoff_us || leg->landing_us - leg->takeoff_us > most_us) {
        snprintf(c->why, c->why_size,
                 "%s:%zu: landing_utc must be later than takeoff_utc, by at most a day", leg->file,
                 leg->line);
        return ERR_RANGE;
    }
    if (leg->cruise_fl < leg_least_level(sc, leg)) {
        snprintf(c->why, c->why_size,
                 "%s:%zu: cruise_fl must be at least %.0f between these "
                 "airports",
                 leg->file, leg->line, leg_least_level(sc, leg));
        return ERR_RANGE;
    }
    return ERR_OK;
}

/* Legs in the order of airframe and time. */
static int by_airframe(const void *a, const void *b)
{
    const struct scenario_leg *p = a, *q = b;
    const int order = strcmp(p->airframe, q->airframe);
    if (order != 0) {
        return order;
    }
    return p->takeoff_us < q->takeoff_us ? -1 : p->takeoff_us > q->takeoff_us;
}

static enum err fly_leg(struct check *c, size_t at, struct flight_plan *plan, struct flight *out)
{
    const struct scenario_leg *leg = &c->sc->leg[at];
    *out = flight_of_leg(c->sc, (uint64_t)c->sc->head.seed, at);
    const enum err e = flight_plan(c->sc, (uint64_t)c->sc->head.seed, out, plan);
    if (e) {
        snprintf(c->why, c->why_size,
                 "%s:%zu: leg %" PRId64
                 " has %.0f NM to fly in %.2f h, which no speed of 100 to 700 kt does; change its "
                 "times or waypoints",
                 leg->file, leg->line, leg->leg, plan->path.length_nm,
                 (double)(leg->landing_us - leg->takeoff_us) / 3.6e9);
    }
    return e;
}

static enum err fly_legs(struct check *c, struct flight_plan *plan)
{
    struct scenario *sc = c->sc;
    struct flight before = {0};
    for (size_t i = 0; i < sc->n_legs; i++) {
        struct flight now;
        struct scenario_leg *leg = &sc->leg[i];
        const bool same = i > 0 && strcmp(leg[-1].airframe, leg->airframe) == 0;
        leg->rolling = same && leg[-1].kind_at == LEG_TOUCH_AND_GO;
        const enum err e = fly_leg(c, i, plan, &now);
        if (e) {
            return e;
        }
        if (same && before.off_us > now.on_us) {
            snprintf(c->why, c->why_size,
                     "%s:%zu: %06x is still on leg %" PRIu64
                     ": between landing and the next take-off an hour and a quarter is needed",
                     now.leg->file, now.leg->line, now.address, before.id);
            return ERR_RANGE;
        }
        if (same && before.destination_at != now.origin_at) {
            snprintf(c->why, c->why_size,
                     "%s:%zu: %06x leaves %s but its leg %" PRIu64 " ended at %s", now.leg->file,
                     now.leg->line, now.address, now.leg->origin, before.id,
                     before.leg->destination);
            return ERR_RANGE;
        }
        before = now;
    }
    return ERR_OK;
}

static enum err check_legs(struct check *c)
{
    struct scenario *sc = c->sc;
    for (size_t i = 0; i < sc->n_legs; i++) {
        const enum err e = check_leg(c, &sc->leg[i]);
        if (e) {
            return e;
        }
    }
    if (sc->n_legs > 1) {
        qsort(sc->leg, sc->n_legs, sizeof *sc->leg, by_airframe);
    }
    struct flight_plan *plan = malloc(sizeof *plan);
    if (!plan) {
        snprintf(c->why, c->why_size, "out of memory");
        return ERR_MEMORY;
    }
    const enum err e = fly_legs(c, plan);
    free(plan);
    return e;
}

enum err scenario_check(struct scenario *sc, char *why, size_t why_size)
{
    struct check c = {sc, why, why_size};
    enum err e = needed(&c);
    e = e ? e : check_types(&c);
    e = e ? e : check_operators(&c);
    for (size_t i = 0; i < sc->n_routes && !e; i++) {
        e = check_route(&c, &sc->route[i]);
    }
    return e ? e : check_legs(&c);
}

enum err scenario_check_legs(struct scenario *sc, char *why, size_t why_size)
{
    struct check c = {sc, why, why_size};
    return check_legs(&c);
}
