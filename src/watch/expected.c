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
#define EARLY_ON_MS (60 * MINUTE_MS)   /* nobody lands earlier than that before the plan */
#define STOP_MS     (30 * MINUTE_MS)   /* nobody lands, unloads and leaves in less */
#define SURE_P      0.5F

enum { EXPECTED_MAX = 1 << 16, NEAR_M = 8000 };

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

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

/* Of flights nobody heard anything else of, so many are late, and so many never come. An
   assumption, on the small side: who tells of each unheard landing is not listened to. */
static float prior_of(unsigned phase)
{
    static const float of[WATCH_PHASES] = {
        [WATCH_PHASE_LATE_OFF] = 0.1F, [WATCH_PHASE_MISSING] = 0.05F,
        [WATCH_PHASE_LATE_ON] = 0.05F, [WATCH_PHASE_INCERFA] = 0.02F,
        [WATCH_PHASE_ALERFA] = 0.02F,  [WATCH_PHASE_DETRESFA] = 0.02F};
    return of[phase];
}

static const struct airport *site_of(const struct watch_set *s, const char *code)
{
    const uint32_t i = s->views.airports && code[0]
                           ? airport_find(s->views.airports, code, AIRPORT_TODAY)
                           : AIRPORT_NONE;
    return i == AIRPORT_NONE ? NULL : airport_at(s->views.airports, i);
}

static int32_t field_ft(const struct airport *a)
{
    return a->elevation_ft == AIRPORT_NO_ELEVATION ? 0 : a->elevation_ft;
}

static float heard_at(const struct watch_set *s, struct sphere_place at, int32_t alt_ft,
                      int64_t t_ms)
{
    const float h =
        s->views.heard ? s->views.heard(s->views.heard_ctx, at.lat_e7, at.lon_e7, alt_ft, t_ms) : 0;
    return h > 0 ? h : 0;
}

/* From where and when nothing was heard of it any more: where it was heard last, else where it
   should have left. */
static bool lost_at(const struct watch_set *s, const struct expected *x, struct sphere_place *from,
                    int32_t *alt_ft, int64_t *t_ms)
{
    const struct airport *origin = site_of(s, x->of.origin);
    if (x->has_place) {
        *from = x->place;
        *alt_ft = x->alt_ft;
        *t_ms = x->heard_ms;
        return true;
    }
    if (origin) {
        *from = (struct sphere_place){origin->lat_e7, origin->lon_e7};
        *alt_ft = field_ft(origin);
        *t_ms = x->of.off_ms;
    }
    return origin != NULL;
}

/* How surely it would have been heard at all on the rest of its way, had it come: the most of some
   places of it, for they are not independent. Who was heard low on the approach may well have
   landed unheard; who was not heard over places where everybody is has not come by them. */
static float way_heard(const struct watch_set *s, const struct expected *x)
{
    enum { PLACES = 12, CRUISE_FT = 33000, CLIMB_FT = 20000, FINAL_FT = 1500, FT_A_NM = 300 };
    const struct airport *to = site_of(s, x->of.destination);
    struct sphere_place from;
    int32_t top_ft;
    int64_t t_ms;
    float most = 0;
    if (!to) {
        return 0;
    }
    const struct sphere_place end = {to->lat_e7, to->lon_e7};
    if (!lost_at(s, x, &from, &top_ft, &t_ms)) {
        return heard_at(s, end, field_ft(to) + 2 * FINAL_FT, x->of.on_ms);
    }
    const double nm = sphere_distance_m(from, end) / SPHERE_M_PER_NM;
    const double ms_a_nm = 3600000.0 / 430;
    if (top_ft == KEPT_NONE || (top_ft < CLIMB_FT && nm > 150)) {
        top_ft = CRUISE_FT; /* it was climbing */
    }
    for (int i = 1; i <= PLACES; i++) {
        const double left_nm = nm * (PLACES - i) / PLACES;
        const double slope_ft = field_ft(to) + FINAL_FT + left_nm * FT_A_NM;
        const float h = heard_at(s, sphere_between(from, end, (double)i / PLACES),
                                 slope_ft < top_ft ? (int32_t)slope_ft : top_ft,
                                 t_ms + (int64_t)((nm - left_nm) * ms_a_nm));
        most = h > most ? h : most;
    }
    return most;
}

/* How surely a departure is heard, at some height of the climb. */
static float climb_heard(const struct watch_set *s, const struct expected *x)
{
    static const int32_t above_ft[] = {2000, 6000, 15000, 25000};
    const struct airport *a = site_of(s, x->of.origin);
    float most = 0;
    for (size_t i = 0; a && i < sizeof above_ft / sizeof *above_ft; i++) {
        const struct sphere_place at = {a->lat_e7, a->lon_e7};
        const float h = heard_at(s, at, field_ft(a) + above_ft[i], x->of.off_ms);
        most = h > most ? h : most;
    }
    return most;
}

/* That it has not come, where it was not heard coming and would have been so surely. A receiver is
   off one day in twenty, whatever it heard on others; one in ten state flights sends no positions
   at all, unless it has sent one. */
static float surely_absent(unsigned phase, float heard, bool sends)
{
    const float most = sends ? 0.95F : 0.9F, prior = prior_of(phase);
    const float unheard = 1 - (heard < most ? heard : most);
    return prior / (prior + (1 - prior) * unheard);
}

/* The shortest time between a place and where it is bound: as a jet flies, or faster than it does
   by a quarter. */
static int64_t way_ms(const struct watch_set *s, const struct expected *x, struct sphere_place at,
                      int32_t gs_e2_kt)
{
    enum { JET_KT = 500 };
    const struct airport *to = site_of(s, x->of.destination);
    if (!to) {
        return 0;
    }
    const double way_m = sphere_distance_m(at, (struct sphere_place){to->lat_e7, to->lon_e7});
    const double now_kt = 1.25 * gs_e2_kt / 100, kt = now_kt > JET_KT ? now_kt : JET_KT;
    return (int64_t)(way_m / (kt * SPHERE_M_PER_NM / 3600) * 1000);
}

/* Whether, unheard since it was heard last or left, it can have landed where it was bound, stood
   there and come to where it is: then that it is far away says nothing of its being late. */
static bool may_be_back(const struct watch_set *s, const struct expected *x, struct sphere_place at,
                        int64_t t_ms)
{
    struct sphere_place from;
    int32_t alt_ft;
    int64_t from_ms;
    if (!lost_at(s, x, &from, &alt_ft, &from_ms)) {
        return false;
    }
    int64_t there_ms = later(from_ms, x->of.off_ms) + way_ms(s, x, from, 0);
    there_ms = later(there_ms, x->of.on_ms - EARLY_ON_MS);
    return t_ms >= there_ms + STOP_MS + way_ms(s, x, at, 0);
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
    o->heard = x->may_be_back                  ? 0
               : phase == WATCH_PHASE_LATE_OFF ? climb_heard(s, x)
                                               : way_heard(s, x);
    o->address = x->address;
    if (x->of.callsign[0]) {
        snprintf(o->flight, sizeof o->flight, "%s", x->of.callsign);
    }
    o->p = phase == WATCH_PHASE_LATE_ON && is_surely_late(x)
               ? 1
               : surely_absent(phase, o->heard, x->has_place);
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
        const struct sphere_place at = {a->lat_e7, a->lon_e7};
        if (!is_it(x, a, a->last_ms)) {
            continue;
        }
        x->address = a->address;
        x->may_be_back |= may_be_back(s, x, at, a->last_ms);
        x->heard_ms = a->last_ms > x->heard_ms ? a->last_ms : x->heard_ms;
        if (!x->may_be_back) {
            x->reach_ms = a->last_ms + way_ms(s, x, at, a->gs_e2_kt);
            x->has_place = true;
            x->place = at;
            x->alt_ft = a->alt_ft;
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
