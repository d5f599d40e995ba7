#include "operation/hidden.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define HOUR_MS 3600000.0
/* With fewer stays than this there is no rhythm to go by. */
#define LEAST_STAYS 8
/* A flight is measured where both its ends are known this well. */
#define SHARP_H 1.0
/* A stay of more times the usual is no usual one. */
#define UNUSUAL 2.5
#define P_LEAST 0.05
#define P_MOST  0.94 /* never "inferred", which is what paths show */

static int64_t middle(const struct sortie_end *e)
{
    return e->lo_ms == SORTIE_NO_TIME ? SORTIE_NO_TIME : e->lo_ms + (e->hi_ms - e->lo_ms) / 2;
}

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
    if (at_bases >= HIDDEN_SURE) {
        return base;
    }
    return e->known && e->places && (double)(e->p * e->place[0].p) >= HIDDEN_SURE ? e->place[0].code
                                                                                  : NULL;
}

static bool is_next(const struct sortie *a, const struct sortie *b)
{
    return a->address == b->address && a->epoch == b->epoch;
}

static int rising(const void *p, const void *q)
{
    const double a = *(const double *)p, b = *(const double *)q;
    return a < b ? -1 : a > b;
}

static double median(double *of, size_t n)
{
    if (n > 1) {
        qsort(of, n, sizeof *of, rising);
    }
    return n ? of[n / 2] : 0;
}

struct counts {
    double heard_out, heard_in;   /* at bases, of flights heard at an end at least */
    double hidden_out, hidden_in; /* inferred, or it was at a base and next elsewhere */
};

static double width_h(const struct sortie_end *e)
{
    return (double)(e->hi_ms - e->lo_ms) / HOUR_MS;
}

static bool is_sharp(const struct sortie_end *e)
{
    return e->lo_ms != SORTIE_NO_TIME && width_h(e) <= SHARP_H;
}

/* When a flight came: as long after it left as flights take, within what is known of it. One whose
   ends are both wide came at the latest it may have. */
static int64_t came_ms(const struct hidden *h, const struct sortie *s)
{
    if (!is_sharp(&s->off)) {
        return is_sharp(&s->on) ? middle(&s->on) : s->on.hi_ms;
    }
    const int64_t t_ms = middle(&s->off) + (int64_t)(h->flight_h * HOUR_MS);
    return t_ms < s->on.lo_ms ? s->on.lo_ms : t_ms > s->on.hi_ms ? s->on.hi_ms : t_ms;
}

static int64_t left_ms(const struct hidden *h, const struct sortie *s)
{
    if (!is_sharp(&s->on)) {
        return is_sharp(&s->off) ? middle(&s->off) : s->off.lo_ms;
    }
    const int64_t t_ms = middle(&s->on) - (int64_t)(h->flight_h * HOUR_MS);
    return t_ms < s->off.lo_ms ? s->off.lo_ms : t_ms > s->off.hi_ms ? s->off.hi_ms : t_ms;
}

static double stay_of(const struct hidden *h, const struct sortie *a, const struct sortie *b)
{
    return fmax(0, (double)(left_ms(h, b) - came_ms(h, a)) / HOUR_MS);
}

static void count_pair(const struct operation *o, const struct sortie *a, const struct sortie *b,
                       struct counts *c, struct hidden *out)
{
    const char *from = place_of(o, &a->on), *to = place_of(o, &b->off);
    if (!from || !to || a->on.lo_ms == SORTIE_NO_TIME || b->off.lo_ms == SORTIE_NO_TIME) {
        return;
    }
    const bool was = operation_is_base(o, from), is = operation_is_base(o, to);
    if (was && strcmp(from, to) == 0) {
        if ((is_sharp(&a->off) || is_sharp(&a->on)) && (is_sharp(&b->off) || is_sharp(&b->on))) {
            out->stay_h[out->stays++] = stay_of(out, a, b);
        }
    } else {
        c->hidden_out += was && !is;
        c->hidden_in += is && !was;
    }
}

static double share(double hidden, double heard)
{
    return (hidden + 0.5) / (hidden + heard + 1);
}

/* Long stays that hold flights: more than there are of those too short for it but unusual too. */
static void settle(struct hidden *h, const struct counts *c)
{
    double between = 0, with_room = 0;
    for (size_t k = 0; k < h->stays; k++) {
        with_room += h->stay_h[k] >= h->room_h;
        between += h->stay_h[k] >= UNUSUAL * h->usual_h && h->stay_h[k] < h->room_h;
    }
    /* A long stay hides a departure and an arrival: each merged pair is one of each unheard. */
    const double hides = fmax(0, with_room - between);
    h->unheard_out = share(c->hidden_out + hides, c->heard_out);
    h->unheard_in = share(c->hidden_in + hides, c->heard_in);
    h->p_room = with_room > 0 ? fmin(P_MOST, fmax(0, with_room - between - 0.3) / with_room) : 0;
    const double both = h->unheard_out * h->unheard_in;
    const double visits = fmax(c->heard_out + c->hidden_out, c->heard_in + c->hidden_in) + hides;
    h->unseen = visits * both / (1 - both);
}

static void count_flight(const struct operation *o, const struct sortie *s, bool own,
                         struct counts *c, double *flight_h, size_t *flights)
{
    const char *off = place_of(o, &s->off), *on = place_of(o, &s->on);
    const bool leaves = off && operation_is_base(o, off), comes = on && operation_is_base(o, on);
    const bool heard = s->off.observed || s->on.observed;
    if (!own || leaves == comes) {
        return;
    }
    *(leaves ? heard ? &c->heard_out : &c->hidden_out : heard ? &c->heard_in : &c->hidden_in) += 1;
    if (off && on && is_sharp(&s->off) && is_sharp(&s->on)) {
        flight_h[(*flights)++] = (double)(middle(&s->on) - middle(&s->off)) / HOUR_MS;
    }
}

enum err hidden_learn(const struct operation *o, const struct sortie *s, const bool *own, size_t n,
                      struct hidden *out)
{
    struct counts c = {0};
    size_t flights = 0;
    *out = (struct hidden){0};
    double *flight_h = malloc((n + 1) * sizeof *flight_h);
    out->stay_h = malloc((n + 1) * sizeof *out->stay_h);
    if (!flight_h || !out->stay_h) {
        free(flight_h);
        hidden_free(out);
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < n; i++) {
        count_flight(o, &s[i], own[i], &c, flight_h, &flights);
    }
    out->flight_h = median(flight_h, flights);
    for (size_t i = 1; i < n; i++) {
        if (own[i] && own[i - 1] && is_next(&s[i - 1], &s[i])) {
            count_pair(o, &s[i - 1], &s[i], &c, out);
        }
    }
    out->usual_h = median(out->stay_h, out->stays);
    out->room_h = 2 * (out->flight_h + out->usual_h);
    if (out->stays >= LEAST_STAYS) {
        settle(out, &c);
    } else {
        out->stays = 0;
    }
    free(flight_h);
    return ERR_OK;
}

void hidden_free(struct hidden *h)
{
    free(h->stay_h);
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

static int64_t hours(double h)
{
    return (int64_t)(h * HOUR_MS);
}

/* It came and was not heard again: it left unheard, or stays longer than any other did. */
static size_t never_again(const struct operation *o, const struct hidden *h, const struct sortie *a,
                          int64_t now_ms, struct sortie *out)
{
    const double waited_h = (double)(now_ms - came_ms(h, a)) / HOUR_MS;
    double longer = 0.5;
    for (size_t k = 0; k < h->stays; k++) {
        longer += h->stay_h[k] > waited_h;
    }
    const double stays = longer / ((double)h->stays + 1);
    const double p =
        h->unheard_out / (h->unheard_out + (1 - h->unheard_out) * stays) * (double)a->on.p;
    if (waited_h < UNUSUAL * h->usual_h || p < P_LEAST) {
        return 0;
    }
    const int64_t came = came_ms(h, a), until = came + hours(2 * h->usual_h);
    *out = blank(a, fmin(p, P_MOST));
    put_end(o, &out->off, &a->on, true, came, until < now_ms ? until : now_ms);
    return 1;
}

/* A stay with room for a flight out and one back. */
static size_t out_and_back(const struct operation *o, const struct hidden *h,
                           const struct sortie *a, const struct sortie *b,
                           struct sortie out[HIDDEN_MOST])
{
    if (stay_of(h, a, b) < h->room_h || h->p_room < P_LEAST) {
        return 0;
    }
    const int64_t came = came_ms(h, a), left = left_ms(h, b);
    out[0] = blank(a, h->p_room);
    put_end(o, &out[0].off, &a->on, true, came, came + hours(2 * h->usual_h));
    out[1] = blank(b, h->p_room);
    put_end(o, &out[1].on, &b->off, true, left - hours(2 * h->usual_h), left);
    return 2;
}

/* From one place elsewhere to another one that the operation reaches from a base: how often it was
   flown to by a base, and how often from the first place. */
static size_t by_a_base(const struct operation *o, const struct hidden *h, const struct sortie *a,
                        const struct sortie *b, const struct sortie *all, const bool *own, size_t n,
                        struct sortie out[HIDDEN_MOST])
{
    double by = 0, straight = 0.5;
    const struct sortie_end *base = NULL;
    const char *from = a->on.place[0].code, *to = b->off.place[0].code;
    for (size_t i = 0; i < n; i++) {
        const char *off = place_of(o, &all[i].off), *on = place_of(o, &all[i].on);
        if (!own[i] || !off || !on || strcmp(on, to) != 0) {
            continue;
        }
        straight += strcmp(off, from) == 0;
        if (operation_is_base(o, off)) {
            by++;
            base = &all[i].off;
        }
    }
    const double gap_h = (double)(b->off.lo_ms - a->on.hi_ms) / HOUR_MS;
    const double p =
        by / (by + straight) *
        fmin((double)(a->on.p * a->on.place[0].p), (double)(b->off.p * b->off.place[0].p));
    if (!base || by < 2 || p < P_LEAST || gap_h < h->flight_h + h->usual_h) {
        return 0;
    }
    out[0] = blank(a, fmin(p, P_MOST));
    put_end(o, &out[0].off, &a->on, false, a->on.hi_ms, b->off.lo_ms);
    put_end(o, &out[0].on, base, true, a->on.hi_ms, b->off.lo_ms);
    out[1] = blank(b, fmin(p, P_MOST));
    put_end(o, &out[1].off, base, true, a->on.hi_ms, b->off.lo_ms);
    put_end(o, &out[1].on, &b->off, false, a->on.hi_ms, b->off.lo_ms);
    return 2;
}

size_t hidden_between(const struct operation *o, const struct hidden *h, const struct sortie *a,
                      const struct sortie *b, const struct sortie *all, const bool *own, size_t n,
                      int64_t now_ms, struct sortie out[HIDDEN_MOST])
{
    const char *from = place_of(o, &a->on), *to = b ? place_of(o, &b->off) : NULL;
    if (!h->stays || !from || a->on.lo_ms == SORTIE_NO_TIME || middle(&a->on) > now_ms ||
        (b && (!to || b->off.lo_ms == SORTIE_NO_TIME))) {
        return 0;
    }
    const bool was = operation_is_base(o, from);
    if (!b) {
        return was ? never_again(o, h, a, now_ms, out) : 0;
    }
    if (was) {
        return strcmp(from, to) == 0 ? out_and_back(o, h, a, b, out) : 0;
    }
    return operation_is_base(o, to) || strcmp(from, to) == 0
               ? 0
               : by_a_base(o, h, a, b, all, own, n, out);
}
