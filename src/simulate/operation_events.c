#include "simulate/operation.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const int64_t stay_most_us = INT64_C(36) * 3600000000; /* who stays longer lives there */

/* One row of events.csv; what is not set stays empty. */
struct event {
    const char *event, *party, *airport, *shape, *note;
    int64_t from_us, to_us;
    int64_t sortie[2]; /* 0: none */
    uint32_t address[2];
    double lat, lon, radius_nm; /* radius < 0: no place */
};

static void write_event(struct operation *o, const struct event *e)
{
    struct buf *b = &o->text[OPERATION_EVENTS];
    if (e->to_us <= o->start_us || e->from_us >= o->end_us) {
        return;
    }
    buf_format(b, "%s,", e->event);
    for (int i = 0; i < 2; i++) {
        if (e->sortie[i]) {
            buf_format(b, "%s%" PRId64, i ? " " : "", e->sortie[i]);
        }
    }
    buf_byte(b, ',');
    for (int i = 0; i < 2; i++) {
        if (e->address[i] && (i == 0 || e->address[1] != e->address[0])) {
            buf_format(b, "%s%06x", i ? " " : "", e->address[i]);
        }
    }
    buf_format(b, ",%s,", e->party ? e->party : "");
    operation_instant(b, e->from_us, ",");
    operation_instant(b, e->to_us, ",");
    if (e->radius_nm >= 0) {
        buf_format(b, "%.4f,%.4f,%.1f,", e->lat, e->lon, e->radius_nm);
    } else {
        buf_text(b, ",,,");
    }
    buf_format(b, "%s,%s,,,", e->airport ? e->airport : "", e->shape ? e->shape : "");
    operation_field(b, e->note ? e->note : "", "\n");
}

static struct event of_leg(const struct operation *o, size_t at, const char *name)
{
    const struct scenario_leg *leg = &o->sc->leg[at];
    return (struct event){
        .event = name,
        .party = leg->party,
        .note = leg->note,
        .from_us = o->flight[at].takeoff_us,
        .to_us = o->flight[at].landing_us,
        .sortie = {leg->leg},
        .address = {o->flight[at].address},
        .radius_nm = -1,
    };
}

/* The middle of the lap, and how far the aircraft gets from it. */
static void place_hold(const struct path *p, struct event *e)
{
    enum { PARTS = 64 };
    struct path_vector sum = {0};
    double most = 0;
    for (int pass = 0; pass < 2; pass++) {
        const double n = sqrt(sum.x * sum.x + sum.y * sum.y + sum.z * sum.z);
        for (int i = 0; i < PARTS; i++) {
            struct path_place w;
            path_at(p, p->loop_nm + p->lap_nm * i / PARTS, &w);
            if (pass == 0) {
                sum = (struct path_vector){sum.x + w.at.x, sum.y + w.at.y, sum.z + w.at.z};
                continue;
            }
            const double x = w.at.x - sum.x / n, y = w.at.y - sum.y / n, z = w.at.z - sum.z / n;
            most = fmax(most, sqrt(x * x + y * y + z * z));
        }
    }
    const double degree = 3.14159265358979323846 / 180;
    e->lat = atan2(sum.z, sqrt(sum.x * sum.x + sum.y * sum.y)) / degree;
    e->lon = atan2(sum.y, sum.x) / degree;
    e->radius_nm = most * SPHERE_RADIUS_M / SPHERE_M_PER_NM;
}

static void write_hold(struct operation *o, size_t at)
{
    const struct scenario_leg *leg = &o->sc->leg[at];
    struct event e = of_leg(o, at, "orbit");
    struct flight f = o->flight[at];
    if (leg->kind_at == LEG_GHOST || flight_plan(o->sc, o->seed, &f, o->plan) ||
        !flight_hold(o->plan, &e.from_us, &e.to_us)) {
        return;
    }
    e.shape = leg->kind_at == LEG_CIRCLE ? "circle" : "racetrack";
    place_hold(&o->plan->path, &e);
    write_event(o, &e);
}

/* When it would have been there, by the way straight to it. */
static int64_t due_us(const struct operation *o, size_t at)
{
    const struct scenario_leg *leg = &o->sc->leg[at];
    const int to = scenario_airport_find(o->sc, leg->planned);
    if (to < 0) {
        return 0;
    }
    const struct scenario_airport *a = &o->sc->airport[leg->origin_at], *b = &o->sc->airport[to];
    const struct sphere_place p = {(int32_t)(a->lat * 1e7), (int32_t)(a->lon * 1e7)};
    const struct sphere_place q = {(int32_t)(b->lat * 1e7), (int32_t)(b->lon * 1e7)};
    const double hours =
        1.1 * sphere_distance_m(p, q) / SPHERE_M_PER_NM / o->sc->type[leg->type_at].cruise_kt + 0.3;
    return leg->takeoff_us + (int64_t)(hours * 3600) * 1000000;
}

static void write_turn_back(struct operation *o, size_t at)
{
    const struct scenario_leg *leg = &o->sc->leg[at];
    struct event e = of_leg(o, at, "turn_back");
    e.airport = leg->destination;
    write_event(o, &e);
    e = of_leg(o, at, "overdue");
    e.airport = leg->planned;
    e.from_us = due_us(o, at);
    e.note = "expected there; back where it came from at the end of this time";
    if (e.from_us > 0 && e.from_us < e.to_us) {
        write_event(o, &e);
    }
}

static void write_simple(struct operation *o, size_t at)
{
    const struct scenario_leg *leg = &o->sc->leg[at];
    struct event e = of_leg(o, at, "");
    switch (leg->kind_at) {
    case LEG_TOUCH_AND_GO:
        e.event = "touch_and_go";
        e.from_us = e.to_us = o->flight[at].landing_us;
        e.to_us += 20000000;
        e.airport = leg->destination;
        break;
    case LEG_GHOST:
        e.event = "ghost";
        e.from_us = o->flight[at].on_us;
        e.to_us = o->flight[at].off_us;
        e.airport = leg->destination;
        break;
    case LEG_PARKED:
        e.event = "parked";
        e.airport = leg->origin;
        break;
    default:
        return;
    }
    write_event(o, &e);
}

static void write_shared(struct operation *o, size_t a, size_t b)
{
    const struct flight *f = &o->flight[a], *g = &o->flight[b];
    if (f->address != g->address || strcmp(o->sc->leg[a].airframe, o->sc->leg[b].airframe) == 0 ||
        f->on_us >= g->off_us || g->on_us >= f->off_us) {
        return;
    }
    struct event e = of_leg(o, a, "address_shared");
    e.from_us = f->on_us > g->on_us ? f->on_us : g->on_us;
    e.to_us = f->off_us < g->off_us ? f->off_us : g->off_us;
    e.sortie[1] = o->sc->leg[b].leg;
    write_event(o, &e);
}

/* --- meetings ----------------------------------------------------------------------------- */

/* From a leg's landing to the next take-off of its airframe; false where it is none or too long. */
static bool stay_of(const struct operation *o, size_t at, int64_t *from_us, int64_t *to_us)
{
    const struct scenario_leg *leg = &o->sc->leg[at], *next = leg + 1;
    if (leg->kind_at == LEG_PARKED) {
        *from_us = leg->takeoff_us;
        *to_us = leg->landing_us;
        return true;
    }
    if (!operation_is_sortie(leg) || leg->kind_at == LEG_TOUCH_AND_GO || at + 1 >= o->sc->n_legs ||
        strcmp(next->airframe, leg->airframe) != 0) {
        return false;
    }
    *from_us = leg->landing_us;
    *to_us = next->takeoff_us;
    return *to_us - *from_us <= stay_most_us;
}

static void write_meeting(struct operation *o, size_t a, size_t b)
{
    const struct scenario_leg *p = &o->sc->leg[a], *q = &o->sc->leg[b];
    int64_t from[2], to[2];
    if (p->destination_at != q->destination_at || strcmp(p->party, q->party) == 0 ||
        !stay_of(o, a, &from[0], &to[0]) || !stay_of(o, b, &from[1], &to[1]) || from[0] >= to[1] ||
        from[1] >= to[0]) {
        return;
    }
    char parties[2 * SCENARIO_CODE_MAX];
    const size_t n = strlen(p->party);
    memcpy(parties, p->party, n);
    parties[n] = ' ';
    memcpy(parties + n + 1, q->party, strlen(q->party) + 1);
    const struct event e = {
        .event = "meeting",
        .party = parties,
        .airport = p->destination,
        .from_us = from[0] > from[1] ? from[0] : from[1],
        .to_us = to[0] < to[1] ? to[0] : to[1],
        .sortie = {p->leg, q->leg},
        .address = {o->flight[a].address, o->flight[b].address},
        .radius_nm = -1,
        .note = "both on the ground there",
    };
    write_event(o, &e);
}

static void write_patches(struct operation *o)
{
    for (size_t i = 0; i < o->sc->n_jammings; i++) {
        const struct scenario_jamming *j = &o->sc->jamming[i];
        const struct event e = {.event = "jamming",
                                .from_us = j->from_us,
                                .to_us = j->to_us,
                                .lat = j->lat,
                                .lon = j->lon,
                                .radius_nm = j->radius_nm,
                                .note = j->name};
        write_event(o, &e);
    }
}

void operation_events(struct operation *o)
{
    const struct scenario *sc = o->sc;
    write_patches(o);
    for (size_t i = 0; i < sc->n_legs; i++) {
        write_hold(o, i);
        write_simple(o, i);
        if (sc->leg[i].kind_at == LEG_TURNBACK) {
            write_turn_back(o, i);
        }
        if (sc->leg[i].alt_error_ft != 0) {
            const struct event e = of_leg(o, i, "altimeter_error");
            write_event(o, &e);
        }
        for (size_t k = 0; k < i; k++) {
            write_shared(o, k, i);
            write_meeting(o, k, i);
        }
    }
}
