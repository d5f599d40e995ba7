#include "operation/hidden.h"

#include <stdlib.h>
#include <string.h>

/* Where an end was, if that is sure enough: of the bases the likeliest, where it is sure to have
   been at one of them; else NULL. */
static const char *place_of(const struct operation *o, const struct sortie_end *e)
{
    const char *base = NULL;
    double at_bases = 0;
    for (unsigned k = 0; k < e->places && e->known; k++) {
        if (operation_is_base(o, e->place[k].code)) {
            base = base ? base : e->place[k].code;
            at_bases += (double)(e->p * e->place[k].p);
        }
    }
    if (at_bases >= UNHEARD_SURE) {
        return base;
    }
    return e->known && e->places && (double)(e->p * e->place[0].p) >= UNHEARD_SURE
               ? e->place[0].code
               : NULL;
}

/* ---- places as numbers ---- */

struct names {
    const char **name; /* rising */
    size_t n;
};

static int by_name(const void *p, const void *q)
{
    return strcmp(*(const char *const *)p, *(const char *const *)q);
}

static uint32_t number_of(const struct names *names, const char *name)
{
    const char **at =
        name ? bsearch(&name, names->name, names->n, sizeof *names->name, by_name) : NULL;
    return at ? (uint32_t)(at - names->name) + 1 : 0;
}

static enum err names_make(const struct operation *o, const struct sortie *s, size_t n,
                           struct names *out)
{
    *out = (struct names){.name = malloc((2 * n + 1) * sizeof *out->name)};
    if (!out->name) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < 2 * n; i++) {
        const char *name = place_of(o, i % 2 ? &s[i / 2].on : &s[i / 2].off);
        if (name) {
            out->name[out->n++] = name;
        }
    }
    if (out->n > 1) {
        qsort(out->name, out->n, sizeof *out->name, by_name);
    }
    size_t kept = 0;
    for (size_t i = 0; i < out->n; i++) {
        if (kept == 0 || strcmp(out->name[kept - 1], out->name[i]) != 0) {
            out->name[kept++] = out->name[i];
        }
    }
    out->n = kept;
    return ERR_OK;
}

static struct unheard_end end_of(const struct operation *o, const struct names *names,
                                 const struct sortie_end *e)
{
    const char *place = place_of(o, e);
    double base_p = 0;
    for (unsigned k = 0; k < e->places && e->known; k++) {
        base_p += operation_is_base(o, e->place[k].code) ? (double)(e->p * e->place[k].p) : 0;
    }
    return (struct unheard_end){.place = number_of(names, place),
                                .is_base = place && operation_is_base(o, place),
                                .base_p = base_p < 1 ? base_p : 1,
                                .place_p = e->places ? (double)(e->p * e->place[0].p) : 0,
                                .lo_ms = e->lo_ms,
                                .hi_ms = e->hi_ms};
}

enum err hidden_learn(const struct operation *o, const struct sortie *s, const bool *own, size_t n,
                      struct hidden *out)
{
    struct names names;
    enum err e = names_make(o, s, n, &names);
    *out = (struct hidden){.flight = malloc((n + 1) * sizeof *out->flight), .n = n};
    for (size_t i = 0; i < n && !e && out->flight; i++) {
        out->flight[i] =
            (struct unheard_flight){.airframe = (uint64_t)s[i].address << 16 | s[i].epoch,
                                    .own = own[i],
                                    .heard = s[i].off.observed || s[i].on.observed,
                                    .off = end_of(o, &names, &s[i].off),
                                    .on = end_of(o, &names, &s[i].on)};
    }
    free(names.name);
    e = e ? e : out->flight ? unheard_learn(out->flight, n, &out->u) : ERR_MEMORY;
    if (e) {
        hidden_free(out);
    }
    return e;
}

void hidden_free(struct hidden *h)
{
    unheard_free(&h->u);
    free(h->flight);
    *h = (struct hidden){0};
}

/* ---- flights in between ---- */

static struct sortie blank(const struct sortie *like, double p)
{
    struct sortie s = *like;
    s.implied = s.is_sortie = s.is_over = true;
    s.leg = 0;
    s.states = 0;
    s.path_known = false;
    s.silent_ms = 0;
    s.callsign[0] = s.came_as[0] = 0;
    s.off = s.on = (struct sortie_end){
        .known = true, .p = (float)p, .lo_ms = SORTIE_NO_TIME, .hi_ms = SORTIE_NO_TIME};
    return s;
}

/* At one of the places where another end may have been that are bases, or that are none. */
static void put_end(const struct operation *o, struct sortie_end *e, const struct sortie_end *like,
                    bool base, int64_t lo_ms, int64_t hi_ms)
{
    double sum = 0;
    for (unsigned k = 0; k < like->places; k++) {
        if (operation_is_base(o, like->place[k].code) == base) {
            e->place[e->places++] = like->place[k];
            sum += (double)like->place[k].p;
        }
    }
    for (unsigned k = 0; k < e->places; k++) {
        e->place[k].p = (float)((double)e->place[k].p / sum);
    }
    e->lo_ms = lo_ms;
    e->hi_ms = hi_ms > lo_ms ? hi_ms : lo_ms;
}

size_t hidden_between(const struct operation *o, const struct hidden *h, const struct sortie *all,
                      size_t at, bool has_next, int64_t now_ms, struct sortie out[HIDDEN_MOST])
{
    const struct unheard_between g = unheard_find(&h->u, h->flight, h->n, at, has_next, now_ms);
    const struct sortie *a = &all[at], *b = a + 1;
    switch (g.kind) {
    case UNHEARD_LEFT:
        out[0] = blank(a, g.p);
        put_end(o, &out[0].off, &a->on, true, g.came_ms, g.left_ms);
        return 1;
    case UNHEARD_OUT_AND_BACK:
        out[0] = blank(a, g.p);
        put_end(o, &out[0].off, &a->on, true, g.came_ms, g.came_ms + g.within_ms);
        out[1] = blank(b, g.p);
        put_end(o, &out[1].on, &b->off, true, g.left_ms - g.within_ms, g.left_ms);
        return 2;
    case UNHEARD_BY_A_BASE:
        out[0] = blank(a, g.p);
        put_end(o, &out[0].off, &a->on, false, g.came_ms, g.left_ms);
        put_end(o, &out[0].on, &all[g.like].off, true, g.came_ms, g.left_ms);
        out[1] = blank(b, g.p);
        put_end(o, &out[1].off, &all[g.like].off, true, g.came_ms, g.left_ms);
        put_end(o, &out[1].on, &b->off, false, g.came_ms, g.left_ms);
        return 2;
    case UNHEARD_FROM_A_BASE:
        out[0] = blank(a, g.p);
        put_end(o, &out[0].off, &a->on, false, g.came_ms, g.left_ms);
        put_end(o, &out[0].on, &all[g.like].off, true, g.came_ms, g.left_ms);
        out[1] = blank(b, g.p);
        put_end(o, &out[1].off, &all[g.like].off, true, g.came_ms, g.left_ms);
        put_end(o, &out[1].on, &b->on, false, b->on.lo_ms, b->on.hi_ms);
        out[1].on.t_ms = b->on.t_ms;
        return 2;
    case UNHEARD_TO_A_BASE:
        out[0] = blank(a, g.p);
        put_end(o, &out[0].off, &a->off, false, a->off.lo_ms, a->off.hi_ms);
        out[0].off.t_ms = a->off.t_ms;
        put_end(o, &out[0].on, &all[g.like].on, true, g.came_ms, g.left_ms);
        out[1] = blank(b, g.p);
        put_end(o, &out[1].off, &all[g.like].on, true, g.came_ms, g.left_ms);
        put_end(o, &out[1].on, &a->on, false, g.came_ms, g.left_ms);
        return 2;
    default:
        return 0;
    }
}
