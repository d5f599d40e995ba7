#include "app/operation/operation_ledger.h"

#include "ledger/flight.h"
#include "ledger/memory.h"
#include "store/ledger.h"

#include <stdlib.h>
#include <string.h>

void sorties_free(struct sorties *s)
{
    free(s->of);
    *s = (struct sorties){0};
}

const char *operation_country(void *ctx, const char *airport)
{
    const struct operation_views *v = ctx;
    const uint32_t i = airport_find(v->airports, airport, AIRPORT_TODAY);
    return i == AIRPORT_NONE ? "" : airport_at(v->airports, i)->country;
}

/* ---- one flight ---- */

static void copy_text(char *out, size_t size, const char *in)
{
    const size_t n = strnlen(in, size - 1);
    memcpy(out, in, n);
    memset(out + n, 0, size - n);
}

/* Where the operation's bases are, looked up once for all flights. */
struct base_sites {
    const struct item *base;
    uint32_t *site; /* AIRPORT_NONE: not known */
    size_t n;
};

static enum err find_sites(const struct operation *o, const struct operation_views *v,
                           struct base_sites *out)
{
    out->base = operation_all(o, ITEM_BASE, &out->n);
    out->site = malloc((out->n + 1) * sizeof *out->site);
    for (size_t k = 0; k < out->n && out->site; k++) {
        const uint32_t i = airport_find(v->airports, out->base[k].key, AIRPORT_TODAY);
        out->site[k] = i == AIRPORT_NONE ? AIRPORT_NONE : airport_at(v->airports, i)->site;
    }
    return out->site ? ERR_OK : ERR_MEMORY;
}

/* The base that shares a site with a field stands for it: AB101 is at DRRN. */
static void name_place(const struct base_sites *bases, const struct operation_views *v,
                       const char *code, struct sortie_place *out)
{
    const uint32_t i = airport_find(v->airports, code, AIRPORT_TODAY);
    copy_text(out->code, sizeof out->code, code);
    if (i == AIRPORT_NONE) {
        return;
    }
    const struct airport *a = airport_at(v->airports, i);
    copy_text(out->country, sizeof out->country, a->country);
    for (size_t k = 0; k < bases->n; k++) {
        if (bases->site[k] != AIRPORT_NONE && bases->site[k] == a->site) {
            copy_text(out->code, sizeof out->code, bases->base[k].key);
        }
    }
}

static void take_end(const struct base_sites *bases, const struct operation_views *v,
                     const struct claim *c, struct sortie_end *out)
{
    *out = (struct sortie_end){.lo_ms = SORTIE_NO_TIME, .hi_ms = SORTIE_NO_TIME};
    if (!c) {
        return;
    }
    out->known = true;
    out->observed = c->method == CLAIM_METHOD_OBSERVED;
    out->p = c->p;
    out->number = c->number;
    if (c->t_lo_ms != CLAIM_NO_TIME) {
        out->lo_ms = c->t_lo_ms;
        out->hi_ms = c->t_hi_ms;
        out->t_ms = claim_time(c);
    }
    for (unsigned k = 0; k < c->candidates && k < SORTIE_PLACES; k++) {
        struct sortie_place *p = &out->place[out->places];
        *p = (struct sortie_place){.p = c->candidate[k].p};
        name_place(bases, v, c->candidate[k].airport, p);
        out->places++;
    }
}

static void identify(struct sortie *s, const struct operation_views *v, int64_t day_ms)
{
    struct identity i;
    identity_look(v->book, s->address, s->callsign, memory_day(day_ms), &i);
    copy_text(s->registration, sizeof s->registration, i.registration);
    copy_text(s->type, sizeof s->type, strlen(i.type) < sizeof s->type ? i.type : "");
    copy_text(s->operator, sizeof s->operator, i.has_operator ? i.operator.prefix : "");
    copy_text(s->country, sizeof s->country, i.country);
    s->military = i.military != 0;
    if (i.lift) {
        s->is_lift = true;
        s->lift_kg[0] = i.lift->low_kg;
        s->lift_kg[1] = i.lift->plan_kg;
        s->lift_kg[2] = i.lift->max_kg;
        s->seats = i.lift->seats_plan;
    }
}

/* Where only the landing was heard its call sign is the flight's: a take-off that was inferred may
   still tell the one of the way there. */
static void take_sign(const struct flight *f, const struct claim *on, struct sortie *s)
{
    const bool landed = s->on.observed && !s->off.observed;
    const struct claim *const said[3] = {landed ? on : f->off, landed ? f->off : on, f->first};
    for (size_t i = 0; i < 3 && !s->callsign[0]; i++) {
        if (!said[i]) {
            continue;
        }
        memcpy(s->callsign, said[i]->flight, sizeof said[i]->flight);
        for (size_t k = 8; k-- > 0 && (s->callsign[k] == ' ' || s->callsign[k] == 0);) {
            s->callsign[k] = 0;
        }
    }
}

static void take_flight(const struct base_sites *bases, const struct operation_views *v,
                        const struct flight *f, struct sortie *s)
{
    const struct claim *on = f->on ? f->on : f->destination;
    *s = (struct sortie){.address = f->first->address,
                         .epoch = f->first->epoch,
                         .leg = f->leg,
                         .is_sortie = f->is_sortie,
                         .is_over = f->whole != NULL || f->on != NULL};
    take_end(bases, v, f->off, &s->off);
    take_end(bases, v, on, &s->on);
    s->off.p = f->off ? f->off_p : 0;
    if (!s->is_over) { /* bound there, not there */
        s->on.known = false;
        s->on.p = 0;
    }
    take_sign(f, on, s);
    identify(s, v, f->first->made_ms);
}

/* ---- all of one airframe ---- */

struct gathering {
    struct base_sites bases;
    const struct operation_views *v;
    int64_t at_ms;
    struct claim *claim;
    size_t n, cap;
    struct sorties *out;
};

static void end_airframe(struct gathering *g)
{
    bool *stands = malloc(g->n + 1);
    struct flight *flight = malloc((g->n + 1) * sizeof *flight);
    struct sorties *out = g->out;
    if (g->n > 0 && stands && flight) {
        flight_standing(g->claim, g->n, stands);
        const size_t flights = flights_of(g->claim, g->n, stands, flight, g->n);
        if (out->n + flights > out->cap) {
            const size_t cap = (out->n + flights) * 2;
            struct sortie *more = realloc(out->of, cap * sizeof *more);
            out->failed |= !more;
            out->of = more ? more : out->of;
            out->cap = more ? cap : out->cap;
        }
        for (size_t i = 0; i < flights && !out->failed; i++) {
            take_flight(&g->bases, g->v, &flight[i], &out->of[out->n++]);
        }
    }
    out->failed |= !stands || !flight;
    free(stands);
    free(flight);
    g->n = 0;
}

static bool take(void *ctx, const struct claim *c)
{
    struct gathering *g = ctx;
    if (g->n > 0 && (g->claim[0].address != c->address || g->claim[0].epoch != c->epoch)) {
        end_airframe(g);
    }
    if (c->made_ms > g->at_ms) {
        return !g->out->failed;
    }
    if (g->n == g->cap) {
        g->cap = g->cap ? g->cap * 2 : 256;
        struct claim *more = realloc(g->claim, g->cap * sizeof *more);
        if (!more) {
            g->out->failed = true;
            return false;
        }
        g->claim = more;
    }
    g->claim[g->n++] = *c;
    return !g->out->failed;
}

/* Codes of the bases as a JSON array. */
static void write_codes(const struct item *base, size_t n, struct buf *out)
{
    buf_byte(out, '[');
    for (size_t b = 0; b < n; b++) {
        buf_text(out, b ? "," : "");
        buf_json_string(out, base[b].key, strlen(base[b].key));
    }
    buf_byte(out, ']');
    buf_byte(out, 0);
}

enum err operation_sorties(const struct operation *o, struct store *s,
                           const struct operation_views *v, int64_t at_ms, int64_t edition,
                           struct sorties *out)
{
    struct gathering g = {.v = v, .at_ms = at_ms, .out = out};
    struct buf codes = {0};
    *out = (struct sorties){0};
    enum err e = find_sites(o, v, &g.bases);
    write_codes(g.bases.base, g.bases.n, &codes);
    const struct store_ledger_query q = {.address = ADDRESS_NONE,
                                         .from_ms =
                                             item_ms(operation_head(o), SAID_HEAD_START) - 86400000,
                                         .to_ms = at_ms + 1,
                                         .airports = (const char *)codes.p,
                                         .edition = edition};
    e = e ? e : codes.failed ? ERR_MEMORY : store_ledger_find(s, &q, take, &g, NULL);
    end_airframe(&g);
    free(g.claim);
    free(g.bases.site);
    buf_free(&codes);
    e = e ? e : out->failed ? ERR_MEMORY : ERR_OK;
    if (e) {
        sorties_free(out);
    }
    return e;
}
