#include "watch/expected.h"

#include "watch/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MINUTE_MS   INT64_C(60000)
#define LATE_OFF_MS (30 * MINUTE_MS)
#define LATE_ON_MS  (15 * MINUTE_MS)
#define PHASE_MS    (30 * MINUTE_MS)
#define DISTRESS_MS (120 * MINUTE_MS)
#define EARLY_MS    (360 * MINUTE_MS)  /* so long before it should leave it may be heard */
#define AFTER_MS    (1440 * MINUTE_MS) /* so long after it should have landed it still counts */
#define SURE_P      0.5F

enum { EXPECTED_MAX = 1 << 16, NEAR_M = 8000 };

static const char *const names[] = {"planned", "late_off", "missing", "late_on",  "INCERFA",
                                    "ALERFA",  "DETRESFA", "arrived", "elsewhere"};

const char *watch_phase_name(enum watch_phase p)
{
    return names[p];
}

enum err watch_expect(struct watch_set *s, const struct watch_expected *e)
{
    struct expected *x = NULL;
    for (size_t i = 0; i < s->n_expected && !x; i++) {
        x = s->expected[i].of.id == e->id ? &s->expected[i] : NULL;
    }
    s->renewed++;
    if (x) {
        x->of = *e;
        return ERR_OK;
    }
    if (s->n_expected == s->expected_max) {
        const size_t max = s->expected_max ? 2 * s->expected_max : 64;
        struct expected *more =
            max > EXPECTED_MAX ? NULL : realloc(s->expected, max * sizeof *more);
        if (!more) {
            return ERR_MEMORY;
        }
        s->expected = more;
        s->expected_max = max;
    }
    s->expected[s->n_expected++] = (struct expected){
        .of = *e, .address = e->address, .heard_ms = KEPT_NO_TIME, .reach_ms = KEPT_NO_TIME};
    return ERR_OK;
}

void watch_expect_drop(struct watch_set *s, int64_t id)
{
    for (size_t i = 0; i < s->n_expected; i++) {
        if (s->expected[i].of.id == id) {
            s->expected[i] = s->expected[--s->n_expected];
            return;
        }
    }
}

void watch_phases(const struct watch_set *s, watch_phase_fn *out, void *ctx)
{
    for (size_t i = 0; i < s->n_expected; i++) {
        out(ctx, &s->expected[i].of, (enum watch_phase)s->expected[i].phase,
            s->expected[i].heard_ms);
    }
}

/* ---- who it is ---- */

static bool is_flight(const char padded[8], const char *callsign)
{
    const size_t n = strlen(callsign);
    return n > 0 && strncmp(padded, callsign, n) == 0 && (n == 8 || padded[n] == ' ' || !padded[n]);
}

static bool is_it(const struct expected *x, const struct plane *a, int64_t t_ms)
{
    if (t_ms < x->of.off_ms - EARLY_MS || t_ms > x->of.on_ms + AFTER_MS) {
        return false;
    }
    return x->of.address != ADDRESS_NONE ? a->address == x->of.address
                                         : is_flight(a->flight, x->of.callsign);
}

bool expected_any(const struct watch_set *s, const struct plane *a)
{
    for (size_t i = 0; i < s->n_expected; i++) {
        if (a->address == s->expected[i].of.address ||
            is_flight(a->flight, s->expected[i].of.callsign)) {
            return true;
        }
    }
    return false;
}

/* ---- telling ---- */

static unsigned word_of(unsigned phase)
{
    return phase == WATCH_PHASE_LATE_OFF || phase == WATCH_PHASE_LATE_ON ? WATCH_LATE
           : phase == WATCH_PHASE_MISSING                                ? WATCH_MISSING
                                                                         : WATCH_OVERDUE;
}

static bool is_where(const struct watch_set *s, const struct watch *w, const struct watch_term *t,
                     const struct expected *x)
{
    struct claim c = claim_none(CLAIM_LANDED, 0, 0);
    int best;
    c.p = 1;
    c.candidates = 1;
    snprintf(c.candidate[0].airport, sizeof c.candidate[0].airport, "%.11s", x->of.destination);
    c.candidate[0].p = 1;
    return t->where == WATCH_ANYWHERE || weigh_place(s, w, t, &c, &best) > 0;
}

/* How well a landing there is heard: where it is not, silence means nothing. */
static float heard_there(const struct watch_set *s, const struct expected *x, int64_t t_ms)
{
    enum { LOW_FT = 3000 };
    const uint32_t i = s->views.airports
                           ? airport_find(s->views.airports, x->of.destination, AIRPORT_TODAY)
                           : AIRPORT_NONE;
    if (i == AIRPORT_NONE || !s->views.heard) {
        return CLAIM_HEARD_UNKNOWN;
    }
    const struct airport *a = airport_at(s->views.airports, i);
    const int32_t field_ft = a->elevation_ft == AIRPORT_NO_ELEVATION ? 0 : a->elevation_ft;
    return s->views.heard(s->views.heard_ctx, a->lat_e7, a->lon_e7, field_ft + LOW_FT, t_ms);
}

/* The shortest time it can take from where it is: as a jet flies, or faster than now by a quarter.
 */
static int64_t way_ms(const struct watch_set *s, const struct expected *x, const struct plane *a)
{
    enum { JET_KT = 500 };
    const uint32_t i = s->views.airports
                           ? airport_find(s->views.airports, x->of.destination, AIRPORT_TODAY)
                           : AIRPORT_NONE;
    if (i == AIRPORT_NONE) {
        return 0;
    }
    const struct airport *to = airport_at(s->views.airports, i);
    const double way_m = sphere_distance_m((struct sphere_place){a->lat_e7, a->lon_e7},
                                           (struct sphere_place){to->lat_e7, to->lon_e7});
    const double now_kt = 1.25 * a->gs_e2_kt / 100, kt = now_kt > JET_KT ? now_kt : JET_KT;
    return (int64_t)(way_m / (kt * SPHERE_M_PER_NM / 3600) * 1000);
}

/* Whether it cannot come in time any more, wherever a landing is heard. */
static bool is_surely_late(const struct expected *x)
{
    return x->reach_ms > x->of.on_ms + LATE_ON_MS;
}

static void fill(const struct watch_set *s, const struct expected *x, unsigned phase, int64_t at_ms,
                 struct watch_alert *o)
{
    o->word = (uint8_t)word_of(phase);
    o->phase = (uint8_t)phase;
    o->expected = x->of.id;
    o->made_ms = o->t_hi_ms = at_ms;
    o->t_lo_ms = phase == WATCH_PHASE_LATE_OFF ? x->of.off_ms : x->of.on_ms;
    o->heard = heard_there(s, x, at_ms);
    o->address = x->address;
    if (x->of.callsign[0]) {
        snprintf(o->flight, sizeof o->flight, "%s", x->of.callsign);
    }
    o->p = phase == WATCH_PHASE_LATE_ON && is_surely_late(x) ? 1 : o->heard > 0 ? o->heard : 0;
    snprintf(o->airport, sizeof o->airport, "%s", x->of.destination);
    if (x->heard_ms != KEPT_NO_TIME && at_ms > x->heard_ms) {
        o->silent_s = (uint32_t)((at_ms - x->heard_ms) / 1000);
    }
    snprintf(o->key, sizeof o->key, "e:%lld:%s", (long long)x->of.id, names[phase]);
}

static void tell(struct watch_set *s, struct expected *x, unsigned phase, int64_t at_ms,
                 const struct claim *found)
{
    struct plane unheard = {.address = x->address, .event = NONE, .squawk = KEPT_NO_SQUAWK};
    struct plane *a = x->address == ADDRESS_NONE ? NULL : plane_find(s, x->address);
    size_t n = strlen(x->of.callsign);
    memset(unheard.flight, ' ', 8);
    memcpy(unheard.flight, x->of.callsign, n < 8 ? n : 8);
    unheard.who.military = -1;
    unheard.alt_ft = CLAIM_NO_ALTITUDE;
    if (!a && s->views.who) {
        s->views.who(s->views.who_ctx, x->address, unheard.flight, at_ms, &unheard.who);
    }
    a = a ? a : &unheard;
    for (uint32_t i = index_first(s, index_key(KEY_WORD, word_of(phase), "", 0)); i != NONE;
         i = s->link[i].next) {
        const struct entry en = s->entry[s->link[i].entry];
        const struct watch *w = &s->watch[en.watch];
        const struct watch_case *of = &w->rule->of[en.of];
        if (en.word != word_of(phase) || en.step || w->rule->steps > 1 ||
            !is_where(s, w, &w->rule->term[of->event], x) ||
            weigh_case(s, w, of, a, at_ms) != IS_TRUE) {
            continue;
        }
        struct watch_alert o = event_alert(s, w, a);
        fill(s, x, phase, at_ms, &o);
        o.tell = o.p >= w->rule->term[of->event].p ? WATCH_TELL_ALERT : WATCH_TELL_NOTE;
        if (found && !(x->alerted >> phase & 1)) {
            continue; /* nobody was told */
        }
        x->alerted |= (uint16_t)((o.tell == WATCH_TELL_ALERT ? 1U : 0U) << phase);
        if (found) {
            o.tell = WATCH_TELL_CORRECTED;
            o.made_ms = found->made_ms;
            o.t_lo_ms = found->t_lo_ms;
            o.t_hi_ms = found->t_hi_ms;
            o.has_claim = true;
            o.claim = *found;
            snprintf(o.airport, sizeof o.airport, "%.11s", found->candidate[0].airport);
        }
        event_give(s, &o);
    }
}

/* ---- what comes ---- */

void expected_fix(struct watch_set *s, const struct plane *a)
{
    for (size_t i = 0; i < s->n_expected; i++) {
        struct expected *x = &s->expected[i];
        if (is_it(x, a, a->last_ms)) {
            x->address = a->address;
            x->heard_ms = a->last_ms > x->heard_ms ? a->last_ms : x->heard_ms;
            x->reach_ms = a->last_ms + way_ms(s, x, a);
        }
    }
}

void expected_claim(struct watch_set *s, const struct plane *a, const struct claim *c)
{
    if (c->kind != CLAIM_LANDED || c->flags & CLAIM_WITHDRAWN || c->candidates == 0 ||
        c->p * c->candidate[0].p < SURE_P) {
        return;
    }
    for (size_t i = 0; i < s->n_expected; i++) {
        struct expected *x = &s->expected[i];
        if (x->phase >= WATCH_PHASE_ARRIVED || !is_it(x, a, c->t_lo_ms) ||
            c->t_hi_ms < x->of.off_ms) {
            continue;
        }
        const unsigned before = x->phase;
        const bool there = strncmp(c->candidate[0].airport, x->of.destination, 12) == 0;
        x->address = a->address;
        x->phase = there ? WATCH_PHASE_ARRIVED : WATCH_PHASE_ELSEWHERE;
        if (before != WATCH_PHASE_PLANNED && before != WATCH_PHASE_LATE_OFF) {
            tell(s, x, before, c->made_ms, c);
        }
    }
}

/* ---- time ---- */

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* When a phase begins as things stand; INT64_MAX: it does not. */
static int64_t begins(const struct expected *x, unsigned phase)
{
    const struct watch_expected *e = &x->of;
    const int64_t heard_ms = later(x->heard_ms, e->reported_ms);
    const bool heard = heard_ms != KEPT_NO_TIME;
    int64_t at_ms = later(later(e->on_ms, x->reach_ms), heard_ms) + PHASE_MS;
    if (heard && e->report_ms > 0) {
        const int64_t due_ms = heard_ms + e->report_ms + PHASE_MS;
        at_ms = due_ms < at_ms ? due_ms : at_ms;
    }
    switch (phase) {
    case WATCH_PHASE_LATE_OFF:
        return heard ? INT64_MAX : e->off_ms + LATE_OFF_MS;
    case WATCH_PHASE_MISSING:
        return heard ? INT64_MAX : e->on_ms + PHASE_MS;
    case WATCH_PHASE_LATE_ON:
        return !heard ? INT64_MAX : is_surely_late(x) ? x->heard_ms : e->on_ms + LATE_ON_MS;
    case WATCH_PHASE_INCERFA:
        return heard ? at_ms : INT64_MAX;
    case WATCH_PHASE_ALERFA:
        return heard ? at_ms + PHASE_MS : INT64_MAX;
    default: /* WATCH_PHASE_DETRESFA */
        return !heard                       ? INT64_MAX
               : e->fuel_ms != KEPT_NO_TIME ? later(e->fuel_ms, at_ms)
                                            : at_ms + DISTRESS_MS;
    }
}

void expected_tick(struct watch_set *s)
{
    for (size_t i = 0; i < s->n_expected; i++) {
        struct expected *x = &s->expected[i];
        for (unsigned p = WATCH_PHASE_LATE_OFF; p <= WATCH_PHASE_DETRESFA; p++) {
            const int64_t at_ms = begins(x, p);
            if (x->phase < WATCH_PHASE_ARRIVED && !(x->told >> p & 1) && s->now_ms >= at_ms &&
                s->now_ms < x->of.on_ms + 2 * AFTER_MS) {
                x->told |= (uint16_t)(1U << p);
                x->phase = (uint8_t)(p > x->phase ? p : x->phase);
                tell(s, x, p, at_ms, NULL);
            }
        }
    }
}
