#include "simulate/operation.h"

#include "base/instant.h"
#include "simulate/draw.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const operation_file_name[OPERATION_FILES] = {
    "sorties.csv", "requirement.csv", "clearances.csv", "claims.csv", "events.csv"};

static const char *const head[OPERATION_FILES] = {
    "sortie,party,airframe,icao24,callsign,type,origin,destination,planned,takeoff_utc,landing_utc,"
    "kind,sends,load_t,people,route,clearances,note\n",
    "line,what,quantity,unit,priority,sensitive,may_be_left,ready_utc,latest_utc,from,to\n",
    "clearance,country,kind,party,airframe,callsign,type,route,requested_utc,decided_utc,state,"
    "valid_from_utc,valid_to_utc,sorties,origin,destination\n",
    "claim,published_utc,by,source,event,place,low,high,unit,as_of_utc,sortie,text,text_ar,text_"
    "fr\n",
    "event,sorties,icao24,party,from_utc,to_utc,lat,lon,radius_nm,airport,shape,to_lat,to_lon,"
    "note\n",
};

static const double stated_share = 0.3; /* of loads somebody states */

bool operation_is_sortie(const struct scenario_leg *leg)
{
    return leg->kind_at != LEG_GHOST && leg->kind_at != LEG_PARKED;
}

bool operation_is_within(const struct operation *o, size_t leg)
{
    return o->flight[leg].off_us > o->start_us && o->flight[leg].on_us < o->end_us;
}

void operation_instant(struct buf *b, int64_t t_us, const char *then)
{
    char text[32];
    instant_format(t_us, 0, text);
    buf_text(b, text);
    buf_text(b, then);
}

void operation_field(struct buf *b, const char *text, const char *then)
{
    if (!strpbrk(text, ",\"")) {
        buf_text(b, text);
    } else {
        buf_byte(b, '"');
        for (; *text; text++) {
            buf_text(b, *text == '"' ? "\"" : "");
            buf_byte(b, (uint8_t)*text);
        }
        buf_byte(b, '"');
    }
    buf_text(b, then);
}

/* --- people ------------------------------------------------------------------------------- */

static const struct scenario_requirement *people_line(const struct scenario *sc,
                                                      const struct scenario_leg *leg)
{
    const struct scenario_requirement *found = NULL;
    for (size_t i = 0; i < sc->n_requirements; i++) {
        const struct scenario_requirement *r = &sc->requirement[i];
        if (strcmp(r->unit, "people") == 0 && strcmp(r->from, leg->origin) == 0 &&
            r->ready_us <= leg->takeoff_us && (!found || r->ready_us >= found->ready_us)) {
            found = r;
        }
    }
    return leg->load_t > 0 ? found : NULL;
}

/* Some fly with a crew's friends, some with a company. */
static double share_of(const struct operation *o, size_t leg)
{
    const double u = draw_unit(o->seed, DRAW_PEOPLE, (uint64_t)o->sc->leg[leg].leg, 1);
    return 0.25 + 1.75 * u * u;
}

static void share_out(struct operation *o, const struct scenario_requirement *line)
{
    const struct scenario *sc = o->sc;
    double sum = 0, left = floor(line->quantity + 0.5);
    for (size_t i = 0; i < sc->n_legs; i++) {
        sum += people_line(sc, &sc->leg[i]) == line ? share_of(o, i) : 0;
    }
    for (size_t i = 0; i < sc->n_legs; i++) {
        if (people_line(sc, &sc->leg[i]) == line) {
            const double share = share_of(o, i);
            const double n = floor(left * share / sum + 0.5); /* the last takes what is left */
            o->people[i] = (unsigned)n;
            left -= n;
            sum -= share;
        }
    }
}

void operation_people(struct operation *o)
{
    for (size_t i = 0; i < o->sc->n_requirements; i++) {
        if (strcmp(o->sc->requirement[i].unit, "people") == 0) {
            share_out(o, &o->sc->requirement[i]);
        }
    }
}

/* --- sorties, requirement, claims --------------------------------------------------------- */

static void write_sortie(struct operation *o, size_t at)
{
    static const char *const sends[] = {"position", "mode_s", "nothing"};
    const struct scenario_leg *leg = &o->sc->leg[at];
    const struct flight *f = &o->flight[at];
    struct buf *b = &o->text[OPERATION_SORTIES];
    buf_format(b, "%" PRId64 ",%s,%s,%06x,%s,%s,%s,%s,%s,", leg->leg, leg->party, leg->airframe,
               f->address, leg->callsign, leg->type, leg->origin, leg->destination,
               *leg->planned ? leg->planned : leg->destination);
    operation_instant(b, f->takeoff_us, ",");
    operation_instant(b, f->landing_us, ",");
    buf_format(b, "%s,%s,%.0f,%u,%s,", leg->kind, sends[f->class], leg->load_t, o->people[at],
               leg->route);
    operation_clearance_states(o, at, b);
    buf_byte(b, ',');
    operation_field(b, leg->note, "\n");
}

static void write_requirement(struct operation *o, const struct scenario_requirement *r)
{
    struct buf *b = &o->text[OPERATION_REQUIREMENT];
    operation_field(b, r->line, ",");
    operation_field(b, r->what, ",");
    buf_format(b, "%.0f,%s,%" PRId64 ",%" PRId64 ",%" PRId64 ",", r->quantity, r->unit, r->priority,
               r->sensitive, r->may_be_left);
    operation_instant(b, r->ready_us, ",");
    operation_instant(b, r->latest_us, ",");
    buf_format(b, "%s,%s\n", r->from, r->to);
}

/* The text with its {q} filled in. */
static void add_text(struct buf *b, const char *text, double quantity, const char *after)
{
    struct buf said = {0};
    const char *q = strstr(text, "{q}");
    if (q) {
        buf_add(&said, text, (size_t)(q - text));
        buf_format(&said, "%.0f", quantity);
        text = q + 3;
    }
    buf_text(&said, text);
    buf_byte(&said, '\0');
    b->failed |= said.failed;
    operation_field(b, said.failed ? "" : (const char *)said.p, after);
    buf_free(&said);
}

static void write_claim(struct operation *o, const struct scenario_claim *c)
{
    struct buf *b = &o->text[OPERATION_CLAIMS];
    buf_format(b, "%s,", c->claim);
    operation_instant(b, c->published_us, ",");
    operation_field(b, c->by, ",");
    operation_field(b, c->source, ",");
    buf_format(b, "%s,%s,", c->event, c->place);
    if (c->high > 0) {
        buf_format(b, "%.0f,%.0f,%s,", c->low, c->high, c->unit);
    } else {
        buf_text(b, ",,,");
    }
    operation_instant(b, c->as_of_us, ",,");
    add_text(b, c->text, c->high, ",");
    add_text(b, c->text_ar, c->high, ",");
    add_text(b, c->text_fr, c->high, "\n");
}

/* What somebody says a flight carried: near the truth, after the fact. */
static void write_stated_load(struct operation *o, size_t at)
{
    const struct scenario_leg *leg = &o->sc->leg[at];
    const uint64_t id = (uint64_t)leg->leg;
    if (leg->load_t <= 0 || draw_unit(o->seed, DRAW_CLAIM, id, 0) >= stated_share) {
        return;
    }
    struct buf *b = &o->text[OPERATION_CLAIMS];
    const double error = 0.85 + 0.3 * draw_unit(o->seed, DRAW_CLAIM, id, 1);
    const double said = floor(leg->load_t * error + 0.5);
    const double hours = 6 + 42 * draw_unit(o->seed, DRAW_CLAIM, id, 2);
    buf_format(b, "L%" PRId64 ",", leg->leg);
    operation_instant(b, leg->takeoff_us + (int64_t)(hours * 3600) * 1000000, ",");
    buf_format(b, "press office (invented),,load,%s,%.0f,%.0f,t,", leg->origin, said, said);
    operation_instant(b, leg->takeoff_us, ",");
    buf_format(b, "%" PRId64 ",%s left with %.0f t aboard,,\n", leg->leg, leg->callsign, said);
}

static void write_all(struct operation *o)
{
    const struct scenario *sc = o->sc;
    for (size_t i = 0; i < sc->n_requirements; i++) {
        write_requirement(o, &sc->requirement[i]);
    }
    for (size_t i = 0; i < sc->n_claims; i++) {
        write_claim(o, &sc->claim[i]);
    }
    for (size_t i = 0; i < sc->n_legs; i++) {
        if (operation_is_sortie(&sc->leg[i]) && operation_is_within(o, i)) {
            write_sortie(o, i);
            write_stated_load(o, i);
        }
    }
    operation_clearances(o);
    operation_events(o);
}

static bool plan_all(struct operation *o)
{
    for (size_t i = 0; i < o->sc->n_legs; i++) {
        o->flight[i] = flight_of_leg(o->sc, o->seed, i);
        if (flight_plan(o->sc, o->seed, &o->flight[i], o->plan)) {
            return false;
        }
    }
    return true;
}

bool operation_write(const struct scenario *sc, uint64_t seed, int64_t start_us, int64_t end_us,
                     struct buf text[OPERATION_FILES])
{
    const size_t n = sc->n_legs + 1;
    struct operation o = {sc,
                          seed,
                          start_us,
                          end_us,
                          calloc(n, sizeof *o.flight),
                          malloc(sizeof *o.plan),
                          calloc(n, sizeof *o.people),
                          text};
    bool done = o.flight && o.plan && o.people && plan_all(&o);
    for (int i = 0; i < OPERATION_FILES; i++) {
        buf_text(&text[i], head[i]);
    }
    if (done) {
        operation_people(&o);
        write_all(&o);
    }
    for (int i = 0; i < OPERATION_FILES; i++) {
        done = done && !text[i].failed;
    }
    free(o.flight);
    free(o.plan);
    free(o.people);
    return done;
}
