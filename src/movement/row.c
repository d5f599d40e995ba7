#include "movement/internal.h"

#include <string.h>

static void add_evidence(struct claim_evidence *e, const struct tally *t)
{
    e->first_ms = t->fixes ? t->first_ms : CLAIM_NO_TIME;
    e->last_ms = t->fixes ? t->last_ms : CLAIM_NO_TIME;
    e->fixes = t->fixes;
    e->receivers = t->receivers;
    memcpy(e->receiver, t->receiver, sizeof e->receiver);
    unsigned left = t->fixes ? 100 : 0, largest = 0;
    for (unsigned s = 0; s < CLAIM_SOURCES && t->fixes; s++) {
        e->share_pct[s] = (uint8_t)((uint64_t)t->source[s] * 100 / t->fixes);
        left -= e->share_pct[s];
        largest = t->source[s] > t->source[largest] ? s : largest;
    }
    e->share_pct[largest] = (uint8_t)(e->share_pct[largest] + left);
}

_Static_assert(sizeof((struct airport *)0)->code == sizeof((struct claim_candidate *)0)->airport,
               "a claim names airports as identity does");

struct claim row_of(const struct aircraft *a, enum claim_kind kind, enum claim_method method)
{
    struct claim c = claim_none(kind, a->address, a->epoch);
    c.method = (uint8_t)method;
    c.leg = a->legs;
    c.p = 1;
    c.flags = a->frame.state ? CLAIM_STATE : 0;
    memcpy(c.flight, a->flight, sizeof c.flight);
    c.made_ms = a->path.last.t_ms;
    add_evidence(&c.evidence, &a->leg.tally);
    return c;
}

void row_times(struct claim *c, int64_t lo_ms, int64_t hi_ms)
{
    c->t_lo_ms = c->sure_hi_ms = lo_ms;
    c->t_hi_ms = c->sure_lo_ms = hi_ms;
}

void row_when(struct claim *c, struct instant when)
{
    row_times(c, when.lo_ms, when.hi_ms);
    c->t_ms = when.t_ms;
}

void row_place(struct claim *c, const struct path_point *p)
{
    c->lat_e7 = p->lat_e7;
    c->lon_e7 = p->lon_e7;
    c->alt_ft = p->alt_ft == PATH_NO_ALTITUDE ? CLAIM_NO_ALTITUDE : p->alt_ft;
}

void row_end(const struct movement *m, struct claim *c, const struct posterior_end *end)
{
    c->candidates = 0;
    c->evidence.rules |= end->rules;
    float all = 0;
    for (unsigned i = 0; i < end->n && c->candidates < CLAIM_CANDIDATES; i++) {
        if (end->place[i].p < 0.0005F) {
            break;
        }
        struct claim_candidate *k = &c->candidate[c->candidates++];
        const struct airport *a = airport_at(m->o.views.airports, end->place[i].airport);
        memcpy(k->airport, a->code, sizeof k->airport); /* NUL padded, as long */
        k->p = end->place[i].p;
        all += k->p;
        if (c->lat_e7 == CLAIM_NO_PLACE) {
            c->lat_e7 = a->lat_e7;
            c->lon_e7 = a->lon_e7;
        }
    }
    c->none_p = all < 1 ? 1 - all : 0;
}

uint32_t row_give(struct movement *m, struct aircraft *a, struct claim *c)
{
    c->number = ++a->number;
    /* A silence ended, or was long enough: known then, not when the last point before it came. */
    c->made_ms = c->made_ms < m->said_ms ? m->said_ms : c->made_ms;
    early_note(a, c);
    again_note(a, c);
    m->sums.claims++;
    if (m->fn) {
        m->fn(m->ctx, c);
    }
    return c->number;
}

static bool is_of_path(uint8_t kind)
{
    return kind == CLAIM_ORBIT || kind == CLAIM_HOLDING || kind == CLAIM_SURVEY;
}

void row_beside(void *ctx, const struct claim *c)
{
    struct row_ctx *r = ctx;
    struct claim own = *c;
    own.leg = r->a->legs;
    own.epoch = r->a->epoch;
    own.flags |= r->a->frame.state ? CLAIM_STATE : 0;
    memcpy(own.flight, r->a->flight, sizeof own.flight);
    if (is_of_path(c->kind)) {
        own.supersedes = r->a->pattern_claim;
        r->a->pattern_claim = 0;
    }
    row_give(r->m, r->a, &own);
}
