#include "ledger/row.h"

#include "identity/address.h"
#include "identity/operator.h"
#include "ledger/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAMED  CLAIM_NAMED_P
#define LIKELY 0.5F

static void copy(char *out, size_t size, const char *text)
{
    const size_t n = strnlen(text, size - 1);
    memcpy(out, text, n);
    memset(out + n, 0, size - n);
}

/* ---- who ---- */

static void identify(struct ledger_row *r, const struct ledger_views *v)
{
    char callsign[9];
    struct identity i;
    if (r->address == ADDRESS_NONE) {
        return;
    }
    copy(callsign, sizeof callsign, "");
    memcpy(callsign, r->claim.flight, sizeof r->claim.flight);
    identity_look(v->book, r->address, callsign, memory_day(r->t_ms), &i);
    copy(r->registration, sizeof r->registration, i.registration);
    copy(r->type, sizeof r->type, strlen(i.type) < sizeof r->type ? i.type : "");
    copy(r->operator, sizeof r->operator, i.has_operator ? i.operator.prefix : "");
    copy(r->class, sizeof r->class, i.kind ? type_kind_key((enum type_kind)i.kind->kind) : "");
    copy(r->country, sizeof r->country, i.country);
    r->military = i.military != 0;
    if (i.lift) {
        r->lift_kg[0] = i.lift->low_kg;
        r->lift_kg[1] = i.lift->plan_kg;
        r->lift_kg[2] = i.lift->max_kg;
    }
}

/* A call sign as it was asked for, spaces at its end or not. */
static bool is_callsign(const char flight[8], const char *asked)
{
    const size_t n = strlen(asked);
    return memcmp(flight, asked, n) == 0 && (n == 8 || flight[n] == ' ' || flight[n] == 0);
}

static bool is_asked_for(const struct ledger_question *q, const struct ledger_row *r)
{
    return (!q->type[0] || strcmp(q->type, r->type) == 0) &&
           (!q->class[0] || strcmp(q->class, r->class) == 0) &&
           (!q->operator[0] || strcmp(q->operator, r->operator) == 0) &&
           (!q->registration[0] || strcmp(q->registration, r->registration) == 0) &&
           (!q->state[0] || strcmp(q->state, r->country) == 0) &&
           (!q->callsign[0] || is_callsign(r->claim.flight, q->callsign)) &&
           (q->military < 0 || q->military == (int)r->military);
}

static bool is_in_time(const struct ledger_question *q, int64_t t_ms)
{
    return t_ms >= q->from_ms && t_ms < q->to_ms;
}

/* ---- where ---- */

static bool asks_place(const struct ledger_question *q)
{
    return q->airport[0] || q->country[0] || q->shape;
}

static bool is_place(const struct ledger_question *q, const struct ledger_views *v,
                     const char *code, int64_t t_ms)
{
    const int32_t day = memory_day(t_ms);
    const uint32_t i = airport_find(v->airports, code, day);
    if (i == AIRPORT_NONE) {
        return false;
    }
    const struct airport *a = airport_at(v->airports, i);
    if (q->airport[0]) {
        const uint32_t k = airport_find(v->airports, q->airport, day);
        if (k == AIRPORT_NONE || airport_at(v->airports, k)->site != a->site) {
            return false;
        }
    }
    return (!q->country[0] || strcmp(q->country, a->country) == 0) &&
           (!q->shape || area_shape_has(q->shape, a->lat_e7, a->lon_e7));
}

/* How sure it is that one end of a flight is in the place asked for. */
static float end_p(const struct ledger_question *q, const struct ledger_views *v,
                   const struct claim *c)
{
    float p = 0;
    for (unsigned k = 0; c && k < c->candidates; k++) {
        p += is_place(q, v, c->candidate[k].airport, c->made_ms) ? c->candidate[k].p : 0;
    }
    return p;
}

/* ---- rows ---- */

static void add(struct ledger_rows *rows, const struct ledger_question *q,
                const struct ledger_views *v, struct ledger_row *r)
{
    if (r->p < q->least_p || !is_in_time(q, r->t_ms)) {
        return;
    }
    identify(r, v);
    if (!is_asked_for(q, r)) {
        return;
    }
    if (rows->n == rows->cap) {
        const size_t cap = rows->cap ? rows->cap * 2 : 256;
        struct ledger_row *more = realloc(rows->row, cap * sizeof *more);
        if (!more) {
            rows->failed = true;
            return;
        }
        rows->row = more;
        rows->cap = cap;
    }
    r->sum_p = r->p;
    rows->row[rows->n++] = *r;
}

static struct ledger_row row_of(const struct claim *c)
{
    return (struct ledger_row){.address = c->address,
                               .epoch = c->epoch,
                               .leg = c->leg,
                               .number = c->number,
                               .claim = *c,
                               .t_ms = claim_time(c),
                               .p = c->p,
                               .off_lo_ms = CLAIM_NO_TIME,
                               .off_hi_ms = CLAIM_NO_TIME,
                               .off_t_ms = CLAIM_NO_TIME,
                               .on_lo_ms = CLAIM_NO_TIME,
                               .on_hi_ms = CLAIM_NO_TIME,
                               .on_t_ms = CLAIM_NO_TIME,
                               .off_method = -1,
                               .on_method = -1,
                               .observed = c->method == CLAIM_METHOD_OBSERVED,
                               .is_sortie = true};
}

static bool is_named(const struct claim *c)
{
    return c && c->candidates && c->candidate[0].p >= NAMED;
}

/* What is said of its end: it landed; or it is over, and was bound there. */
static const struct claim *end_of(const struct flight *f)
{
    return f->on ? f->on : f->whole ? f->destination : NULL;
}

/* It follows from what was heard before and after. */
static bool is_unheard(const struct flight *f)
{
    return f->off && f->on && f->off->method == CLAIM_METHOD_INFERRED_REAPPEARANCE &&
           f->on->method == CLAIM_METHOD_INFERRED_REAPPEARANCE && f->on->evidence.fixes == 0;
}

/* When an end was, if that is known at all. */
static int64_t end_time(const struct claim *c)
{
    return c->t_lo_ms == CLAIM_NO_TIME ? CLAIM_NO_TIME : claim_time(c);
}

static void put_ends(struct ledger_row *r, const struct flight *f)
{
    const struct claim *off = f->off, *on = end_of(f) ? end_of(f) : f->destination;
    if (off) {
        r->from = off->candidates ? off->candidate[0] : r->from;
        r->off_lo_ms = off->t_lo_ms;
        r->off_hi_ms = off->t_hi_ms;
        r->off_t_ms = end_time(off);
        r->off_method = off->method;
    } else {
        r->off_lo_ms = r->off_hi_ms = r->off_t_ms = f->first->t_lo_ms;
    }
    if (on) {
        r->to = on->candidates ? on->candidate[0] : r->to;
        r->on_lo_ms = on->t_lo_ms;
        r->on_hi_ms = on->t_hi_ms;
        r->on_t_ms = end_time(on);
        r->on_method = on->method;
    }
    r->leg = f->leg;
    r->is_sortie = f->is_sortie;
    r->is_over = f->whole != NULL;
    r->is_unheard = is_unheard(f);
}

static void add_flight(struct ledger_rows *rows, const struct ledger_question *q,
                       const struct ledger_views *v, const struct flight *f)
{
    const struct claim *on = end_of(f) ? end_of(f) : f->destination;
    struct ledger_row r = row_of(on ? on : f->off ? f->off : f->first);
    put_ends(&r, f);
    r.t_ms = r.off_t_ms;
    r.p = f->off ? f->off_p : 1;
    if (asks_place(q)) {
        const float a = end_p(q, v, f->off), b = end_p(q, v, on);
        r.p *= 1 - (1 - a) * (1 - b);
    }
    r.observed = f->off && f->on && f->off->method == CLAIM_METHOD_OBSERVED &&
                 f->on->method == CLAIM_METHOD_OBSERVED;
    add(rows, q, v, &r);
}

/* One end of a flight: a row of each place asked for that it may have been at. */
static void add_end(struct ledger_rows *rows, const struct ledger_question *q,
                    const struct ledger_views *v, const struct flight *f, bool arrival)
{
    const struct claim *c = arrival ? end_of(f) : f->off;
    for (unsigned k = 0; c && k < c->candidates && (k == 0 || asks_place(q)); k++) {
        if (asks_place(q) && !is_place(q, v, c->candidate[k].airport, c->made_ms)) {
            continue;
        }
        struct ledger_row r = row_of(c);
        put_ends(&r, f);
        copy(r.airport, sizeof r.airport, c->candidate[k].airport);
        r.p = c->candidate[k].p * (arrival ? c->p : f->off_p);
        r.observed = c->method == CLAIM_METHOD_OBSERVED && k == 0 && is_named(c);
        add(rows, q, v, &r);
    }
}

static void add_stay(struct ledger_rows *rows, const struct ledger_question *q,
                     const struct ledger_views *v, const struct claim *c)
{
    for (unsigned k = 0; k < c->candidates && (k == 0 || asks_place(q)); k++) {
        if (asks_place(q) && !is_place(q, v, c->candidate[k].airport, c->made_ms)) {
            continue;
        }
        struct ledger_row r = row_of(c);
        copy(r.airport, sizeof r.airport, c->candidate[k].airport);
        r.p = c->p * c->candidate[k].p;
        r.is_over = (c->flags & CLAIM_OPEN) == 0;
        add(rows, q, v, &r);
    }
}

static bool is_one_place(const struct ledger_views *v, const struct claim *a, const struct claim *b)
{
    if (!a->candidates || !b->candidates) {
        return false;
    }
    const uint32_t i = airport_find(v->airports, a->candidate[0].airport, memory_day(a->made_ms));
    const uint32_t k = airport_find(v->airports, b->candidate[0].airport, memory_day(b->made_ms));
    return i != AIRPORT_NONE && k != AIRPORT_NONE &&
           airport_at(v->airports, i)->site == airport_at(v->airports, k)->site;
}

/* From a landing to the take-off after it; NULL: it was not heard to leave. Both may be concluded
   from one silence: then the stop is as sure as the less sure of them. */
static struct claim stay_between(const struct claim *on, const struct claim *off, float off_p)
{
    struct claim c = *on;
    c.kind = CLAIM_STAY;
    c.t_ms = CLAIM_NO_TIME; /* it lasts: the landing's instant is not its own */
    c.sure_lo_ms = on->t_hi_ms;
    if (!off) {
        c.sure_hi_ms = c.t_hi_ms = CLAIM_NO_TIME;
        c.flags |= CLAIM_OPEN;
        return c;
    }
    c.t_hi_ms = off->t_hi_ms;
    c.sure_hi_ms = off->t_lo_ms;
    if (c.sure_hi_ms < c.sure_lo_ms) {
        c.sure_lo_ms = c.sure_hi_ms = CLAIM_NO_TIME;
    }
    c.p = off_p < c.p ? off_p : c.p;
    c.method = off->method > c.method ? off->method : c.method;
    return c;
}

/* Whether a row of the ledger's says so already: of a stop heard on the ground there is one. */
static bool has_stay(const struct claim *c, size_t n, const bool *stands, const struct claim *on)
{
    for (size_t i = 0; i < n; i++) {
        if (stands[i] && c[i].kind == CLAIM_STAY && c[i].t_lo_ms == on->t_lo_ms) {
            return true;
        }
    }
    return false;
}

/* Stops that follow from flights: those nobody heard on the ground, and where it stands now. */
static void add_stays(struct ledger_rows *rows, const struct ledger_question *q,
                      const struct ledger_views *v, const struct claim *c, size_t n,
                      const bool *stands, struct flight *flight)
{
    const size_t flights = flights_of(c, n, stands, flight, n);
    for (size_t i = 0; i < flights; i++) {
        const struct claim *on = flight[i].on;
        const struct flight *next = i + 1 < flights ? &flight[i + 1] : NULL;
        const struct claim *off = next && next->off ? next->off : NULL;
        if (!on || has_stay(c, n, stands, on) ||
            (next && (!off || off->kind != CLAIM_TOOK_OFF || !is_one_place(v, on, off)))) {
            continue;
        }
        const struct claim stay = stay_between(on, off, next ? next->off_p : 1);
        add_stay(rows, q, v, &stay);
    }
}

static bool is_event(const struct claim *c)
{
    return (c->kind >= CLAIM_ORBIT && c->kind <= CLAIM_ADDRESS_SHARED) || c->kind == CLAIM_JAMMING;
}

/* What happens in the air away from airports is in the country below. */
static bool is_over(const struct ledger_question *q, const struct ledger_views *v,
                    const struct claim *c)
{
    char country[3];
    return q->country[0] && !q->airport[0] && v->airspace && c->lat_e7 != CLAIM_NO_PLACE &&
           airspace_at(v->airspace, c->lat_e7, c->lon_e7, country) &&
           strcmp(country, q->country) == 0;
}

static void add_event(struct ledger_rows *rows, const struct ledger_question *q,
                      const struct ledger_views *v, const struct claim *c)
{
    struct ledger_row r = row_of(c);
    if (q->kind >= 0 ? c->kind != q->kind : c->kind == CLAIM_JAMMING && c->p < LIKELY) {
        return; /* of cells only those that likely are, unless asked for */
    }
    if (q->shape &&
        (c->lat_e7 == CLAIM_NO_PLACE || !area_shape_has(q->shape, c->lat_e7, c->lon_e7))) {
        return;
    }
    if ((q->airport[0] || q->country[0]) && end_p(q, v, c) <= 0 && !is_over(q, v, c)) {
        return;
    }
    if (c->candidates) {
        copy(r.airport, sizeof r.airport, c->candidate[0].airport);
    }
    r.is_sortie = (c->flags & CLAIM_NOT_SORTIE) == 0;
    add(rows, q, v, &r);
}

/* ---- what left no row ---- */

/* Where an end surely was: the likeliest of the places asked for, or the likeliest at all, as the
   number of its site. */
static struct unheard_end unheard_end(const struct ledger_question *q, const struct ledger_views *v,
                                      const struct claim *c, float happened_p)
{
    struct unheard_end e = {.lo_ms = UNHEARD_NO_TIME, .hi_ms = UNHEARD_NO_TIME};
    if (!c || !c->candidates || c->t_lo_ms == CLAIM_NO_TIME) {
        return e;
    }
    const double here = (double)(happened_p * end_p(q, v, c));
    e.base_p = here < 1 ? here : 1;
    e.place_p = (double)(happened_p * c->candidate[0].p);
    e.lo_ms = c->t_lo_ms;
    e.hi_ms = c->t_hi_ms;
    e.is_base = here >= UNHEARD_SURE;
    for (unsigned k = 0; k < c->candidates && !e.place; k++) {
        const int32_t day = memory_day(c->made_ms);
        const uint32_t i = airport_find(v->airports, c->candidate[k].airport, day);
        if (i != AIRPORT_NONE &&
            (!e.is_base || is_place(q, v, c->candidate[k].airport, c->made_ms))) {
            e.place = airport_at(v->airports, i)->site + 1;
        }
        if (!e.is_base) {
            break;
        }
    }
    e.place = e.is_base || e.place_p >= UNHEARD_SURE ? e.place : 0;
    return e;
}

static uint32_t site_of(const struct ledger_views *v, const char *code, int64_t t_ms)
{
    const uint32_t i = airport_find(v->airports, code, memory_day(t_ms));
    return i == AIRPORT_NONE ? UINT32_MAX : airport_at(v->airports, i)->site;
}

/* Who flies alike: a state's aircraft of a type, an operator's. */
static struct missed_group *unit_of(struct ledger_rows *rows, const struct ledger_row *r)
{
    char unit[24];
    snprintf(unit, sizeof unit, "%s/%s", r->military ? r->country : r->operator, r->type);
    return missed_group(&rows->missed, unit, r->military);
}

static void add_later(struct ledger_rows *rows, const struct ledger_views *v,
                      struct missed_group *g, const struct claim *c, float happened_p)
{
    const float p = c && c->candidates ? happened_p * c->candidate[0].p : 0;
    if (p >= (float)UNHEARD_SURE &&
        later_add(&g->later, c->made_ms, site_of(v, c->candidate[0].airport, c->made_ms), p)) {
        rows->failed = true;
    }
}

/* One of the candidates of a row, by what its weights have become. */
static float weighed(const struct later *l, const struct ledger_views *v, const struct claim *c,
                     const char *airport)
{
    double here = 0, all = (double)c->none_p * later_weight(l, c->made_ms, UINT32_MAX);
    for (unsigned k = 0; k < c->candidates; k++) {
        const double p =
            (double)c->candidate[k].p *
            later_weight(l, c->made_ms, site_of(v, c->candidate[k].airport, c->made_ms));
        here += strcmp(c->candidate[k].airport, airport) == 0 ? p : 0;
        all += p;
    }
    return all > 0 ? (float)(here / all) : 0;
}

enum err ledger_rows_weigh(struct ledger_rows *r, const struct ledger_question *q,
                           const struct ledger_views *v)
{
    for (size_t i = 0; i < r->missed.groups; i++) {
        if (later_ready(&r->missed.group[i].later)) {
            return ERR_MEMORY;
        }
    }
    for (size_t i = 0; i < r->n && missed_is_asked(q); i++) {
        struct ledger_row *row = &r->row[i];
        const struct claim *c = &row->claim;
        const struct missed_group *g = unit_of(r, row);
        float said = 0;
        for (unsigned k = 0; k < c->candidates; k++) {
            said += strcmp(c->candidate[k].airport, row->airport) == 0 ? c->candidate[k].p : 0;
        }
        if (!g) {
            return ERR_MEMORY;
        }
        if (said > 0 && said < NAMED && c->flags & CLAIM_STATE) {
            row->sum_p = row->p / said * weighed(&g->later, v, c, row->airport);
        }
    }
    return ERR_OK;
}

static bool touches(const struct ledger_question *q, const struct ledger_views *v,
                    const struct flight *f, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (end_p(q, v, f[i].off) > 0 || end_p(q, v, end_of(&f[i])) > 0) {
            return true;
        }
    }
    return false;
}

/* The flights of an airframe that was at the place, for what the sum says of those nobody heard. */
static void add_unheard(struct ledger_rows *rows, const struct ledger_question *q,
                        const struct ledger_views *v, const struct claim *first,
                        const struct flight *f, size_t n)
{
    struct ledger_row r = row_of(first);
    if (!missed_is_asked(q)) {
        return;
    }
    identify(&r, v);
    struct missed_group *g = is_asked_for(q, &r) ? unit_of(rows, &r) : NULL;
    const bool here = g && touches(q, v, f, n);
    for (size_t i = 0; i < n && g && !rows->failed; i++) {
        const struct claim *on = end_of(&f[i]);
        const struct unheard_flight u = {.airframe = (uint64_t)first->address << 16 | first->epoch,
                                         .own = true,
                                         .heard = !is_unheard(&f[i]),
                                         .off = unheard_end(q, v, f[i].off, f[i].off_p),
                                         .on = unheard_end(q, v, on, on ? on->p : 0)};
        add_later(rows, v, g, f[i].off, f[i].off_p);
        add_later(rows, v, g, on, on ? on->p : 0);
        if (here && f[i].is_sortie && missed_add(g, &u)) {
            rows->failed = true;
        }
    }
}

void ledger_rows_free(struct ledger_rows *r)
{
    missed_free(&r->missed);
    free(r->row);
    *r = (struct ledger_rows){0};
}

void ledger_rows_add(struct ledger_rows *rows, const struct ledger_question *q,
                     const struct ledger_views *v, const struct claim *c, size_t n, bool *stands,
                     struct flight *flight)
{
    flight_standing(c, n, stands);
    if (q->what <= LEDGER_DEPARTURES) {
        const size_t flights = flights_of(c, n, stands, flight, n);
        add_unheard(rows, q, v, &c[0], flight, flights);
        for (size_t i = 0; i < flights; i++) {
            if (q->what == LEDGER_FLIGHTS) {
                add_flight(rows, q, v, &flight[i]);
            } else {
                add_end(rows, q, v, &flight[i], q->what == LEDGER_ARRIVALS);
            }
        }
        return;
    }
    if (q->what == LEDGER_STAYS) {
        add_stays(rows, q, v, c, n, stands, flight);
    }
    for (size_t i = 0; i < n; i++) {
        if (!stands[i]) {
            continue;
        }
        if (q->what == LEDGER_STAYS && c[i].kind == CLAIM_STAY) {
            add_stay(rows, q, v, &c[i]);
        } else if (q->what != LEDGER_STAYS && is_event(&c[i])) {
            add_event(rows, q, v, &c[i]);
        }
    }
}
