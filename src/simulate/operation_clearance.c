#include "simulate/draw.h"
#include "simulate/operation.h"

#include <inttypes.h>
#include <string.h>

/* Each flight into the country asks for a landing clearance that covers its way out too, and for
   one to overfly what its route passes. Most are granted in good time; a few come late, so that the
   flight was outside; a few flew with none on file; a few were revoked before. A flight that turned
   back was refused. */
enum luck { LUCK_GOOD, LUCK_LATE, LUCK_NONE, LUCK_REVOKED, LUCK_REFUSED };

static const double late_at = 0.90, none_at = 0.95, revoked_at = 0.98;
static const int64_t hour_us = INT64_C(3600000000);

struct clearance {
    char country[SCENARIO_CODE_MAX];
    bool landing;
    enum luck luck;
    size_t leg, next; /* the leg it was asked for and, of a landing, the one out; or none */
    int64_t requested_us, decided_us, from_us, to_us;
};

enum { CLEARANCES_OF_LEG = 4, NONE = -1 };

static bool is_cleared_airport(const struct scenario *sc, const char *code)
{
    const size_t n = strlen(sc->head.cleared_icao);
    return n > 0 && strncmp(code, sc->head.cleared_icao, n) == 0;
}

static bool asks(const struct scenario *sc, const struct scenario_leg *leg)
{
    return operation_is_sortie(leg) && strcmp(leg->party, sc->head.party) == 0 &&
           *leg->route != '\0';
}

/* The leg of the same airframe before this one; legs stand in the order of airframe and time. */
static size_t leg_in(const struct scenario *sc, size_t at)
{
    return at > 0 && strcmp(sc->leg[at - 1].airframe, sc->leg[at].airframe) == 0 ? at - 1 : at;
}

static enum luck draw_luck(const struct operation *o, size_t leg, bool landing)
{
    const double u =
        draw_unit(o->seed, DRAW_CLEARANCE, (uint64_t)o->sc->leg[leg].leg, landing ? 0 : 1);
    return u < late_at      ? LUCK_GOOD
           : u < none_at    ? LUCK_LATE
           : u < revoked_at ? LUCK_NONE
                            : LUCK_REVOKED;
}

static void fill(const struct operation *o, size_t at, bool landing, struct clearance *c)
{
    const struct scenario_leg *leg = &o->sc->leg[at];
    const bool turned = leg->kind_at == LEG_TURNBACK;
    const int64_t due_us = landing ? leg->landing_us : leg->takeoff_us;
    const double days =
        2 + 8 * draw_unit(o->seed, DRAW_CLEARANCE, (uint64_t)leg->leg, landing ? 2 : 3);
    c->landing = landing;
    c->leg = c->next = at;
    c->luck = turned && !landing ? LUCK_REFUSED : turned ? LUCK_GOOD : draw_luck(o, at, landing);
    c->from_us = due_us - 12 * hour_us;
    c->to_us = due_us + (landing ? 72 : 48) * hour_us;
    if (c->luck == LUCK_LATE) { /* valid only when the flight is over */
        c->from_us = leg->landing_us + 6 * hour_us;
        c->to_us = c->from_us + 72 * hour_us;
    }
    c->requested_us = leg->takeoff_us - (int64_t)(days * 24) * hour_us;
    c->decided_us = c->luck == LUCK_LATE ? c->from_us : c->requested_us + 36 * hour_us;
}

/* What was asked for on behalf of a leg. */
static size_t clearances_of(const struct operation *o, size_t at,
                            struct clearance out[CLEARANCES_OF_LEG])
{
    const struct scenario *sc = o->sc;
    const struct scenario_leg *leg = &sc->leg[at];
    size_t n = 0;
    if (!asks(sc, leg)) {
        return 0;
    }
    const bool in = is_cleared_airport(sc, leg->destination) ||
                    (leg->kind_at == LEG_TURNBACK && is_cleared_airport(sc, leg->planned));
    if (in) {
        memcpy(out[n].country, sc->head.cleared, sizeof out[n].country);
        fill(o, at, true, &out[n]);
        const bool more =
            at + 1 < sc->n_legs && leg_in(sc, at + 1) == at && leg->kind_at != LEG_TURNBACK;
        out[n].next = more ? at + 1 : at;
        n++;
    }
    for (const char *p = sc->head.overflown; *p && n < CLEARANCES_OF_LEG;) {
        const size_t name = strcspn(p, ":"), length = strcspn(p, " ");
        if (name < length && strlen(leg->route) == name && strncmp(p, leg->route, name) == 0 &&
            length - name - 1 < sizeof out[n].country) {
            memset(out[n].country, 0, sizeof out[n].country);
            memcpy(out[n].country, p + name + 1, length - name - 1);
            fill(o, at, false, &out[n++]);
        }
        p += length + strspn(p + length, " ");
    }
    return n;
}

static void write_clearance(struct operation *o, const struct clearance *c)
{
    static const char *const state[] = {"approved", "approved", "", "revoked", "refused"};
    const struct scenario_leg *leg = &o->sc->leg[c->leg];
    struct buf *b = &o->text[OPERATION_CLEARANCES];
    if (c->luck == LUCK_NONE) {
        return;
    }
    buf_format(b, "%s-24-%04" PRId64 "%s,%s,%s,%s,%s,%s,%s,%s,", c->country, leg->leg,
               c->landing ? "L" : "O", c->country, c->landing ? "landing" : "overflight",
               leg->party, leg->airframe, leg->callsign, leg->type, leg->route);
    operation_instant(b, c->requested_us, ",");
    operation_instant(b, c->decided_us, ",");
    buf_format(b, "%s,", state[c->luck]);
    if (c->luck == LUCK_REFUSED) {
        buf_text(b, ",,");
    } else {
        operation_instant(b, c->from_us, ",");
        operation_instant(b, c->to_us, ",");
    }
    buf_format(b, "%" PRId64, leg->leg);
    if (c->next != c->leg) {
        buf_format(b, " %" PRId64, o->sc->leg[c->next].leg);
    }
    buf_format(b, ",%s,%s\n", leg->origin, leg->destination);
}

void operation_clearances(struct operation *o)
{
    for (size_t i = 0; i < o->sc->n_legs; i++) {
        struct clearance c[CLEARANCES_OF_LEG];
        const size_t n = clearances_of(o, i, c);
        for (size_t k = 0; k < n && operation_is_within(o, i); k++) {
            write_clearance(o, &c[k]);
        }
    }
}

static const char *state_of(const struct clearance *c, int64_t t_us)
{
    if (c->luck == LUCK_NONE) {
        return "none";
    }
    return c->luck == LUCK_GOOD && t_us >= c->from_us && t_us <= c->to_us ? "inside" : "outside";
}

void operation_clearance_states(const struct operation *o, size_t at, struct buf *out)
{
    const struct scenario *sc = o->sc;
    const struct scenario_leg *leg = &sc->leg[at];
    struct clearance c[CLEARANCES_OF_LEG];
    const char *between = "";
    if (asks(sc, leg) && is_cleared_airport(sc, leg->origin) && leg_in(sc, at) != at) {
        const size_t n = clearances_of(o, leg_in(sc, at), c);
        for (size_t k = 0; k < n; k++) {
            if (c[k].landing) {
                buf_format(out, "%s:%s", c[k].country, state_of(&c[k], leg->takeoff_us));
                between = " ";
            }
        }
    }
    const size_t n = clearances_of(o, at, c);
    for (size_t k = 0; k < n; k++) {
        const int64_t t_us = c[k].landing ? leg->landing_us : leg->takeoff_us;
        const char *said = c[k].luck == LUCK_REFUSED ? "refused" : state_of(&c[k], t_us);
        buf_format(out, "%s%s:%s", between, c[k].country, said);
        between = " ";
    }
}
