#include "movement/unheard.h"

#include <math.h>
#include <stdlib.h>

#define HOUR_MS 3600000.0
/* With fewer stays than this there is no rhythm to go by. */
#define LEAST_STAYS 8
/* A flight is measured where both its ends are known this well. */
#define SHARP_H 1.0
/* A stay of more times the usual is no usual one. */
#define UNUSUAL 2.5
#define P_MOST  0.94 /* never "inferred", which is what paths show */

static int64_t middle(const struct unheard_end *e)
{
    return e->lo_ms == UNHEARD_NO_TIME ? UNHEARD_NO_TIME : e->lo_ms + (e->hi_ms - e->lo_ms) / 2;
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

static bool is_sharp(const struct unheard_end *e)
{
    return e->lo_ms != UNHEARD_NO_TIME && (double)(e->hi_ms - e->lo_ms) / HOUR_MS <= SHARP_H;
}

static int64_t within(int64_t t_ms, const struct unheard_end *e)
{
    return t_ms < e->lo_ms ? e->lo_ms : t_ms > e->hi_ms ? e->hi_ms : t_ms;
}

/* When a flight came: as long after it left as flights take, within what is known of it. One whose
   ends are both wide came at the latest it may have. */
static int64_t came_ms(const struct unheard *u, const struct unheard_flight *f)
{
    if (!is_sharp(&f->off)) {
        return is_sharp(&f->on) ? middle(&f->on) : f->on.hi_ms;
    }
    return within(middle(&f->off) + (int64_t)(u->flight_h * HOUR_MS), &f->on);
}

static int64_t left_ms(const struct unheard *u, const struct unheard_flight *f)
{
    if (!is_sharp(&f->on)) {
        return is_sharp(&f->off) ? middle(&f->off) : f->off.lo_ms;
    }
    return within(middle(&f->on) - (int64_t)(u->flight_h * HOUR_MS), &f->off);
}

static double stay_of(const struct unheard *u, const struct unheard_flight *a,
                      const struct unheard_flight *b)
{
    return fmax(0, (double)(left_ms(u, b) - came_ms(u, a)) / HOUR_MS);
}

/* ---- learning ---- */

struct counts {
    double heard_out, heard_in;   /* at bases, of flights heard */
    double hidden_out, hidden_in; /* inferred, or it was at a base and next elsewhere */
};

static void count_pair(const struct unheard_flight *a, const struct unheard_flight *b,
                       struct counts *c, struct unheard *out)
{
    if (!a->on.place || !b->off.place || a->on.lo_ms == UNHEARD_NO_TIME ||
        b->off.lo_ms == UNHEARD_NO_TIME) {
        return;
    }
    if (a->on.is_base && a->on.place == b->off.place) {
        if ((is_sharp(&a->off) || is_sharp(&a->on)) && (is_sharp(&b->off) || is_sharp(&b->on))) {
            out->stay_h[out->stays++] = stay_of(out, a, b);
        }
    } else {
        c->hidden_out += a->on.is_base && !b->off.is_base;
        c->hidden_in += b->off.is_base && !a->on.is_base;
    }
}

static double share(double hidden, double heard)
{
    return (hidden + 0.5) / (hidden + heard + 1);
}

/* Long stays that hold flights: more than there are of those too short for it but unusual too. */
static void settle(struct unheard *u, const struct counts *c)
{
    double between = 0, with_room = 0;
    for (size_t k = 0; k < u->stays; k++) {
        with_room += u->stay_h[k] >= u->room_h;
        between += u->stay_h[k] >= UNUSUAL * u->usual_h && u->stay_h[k] < u->room_h;
    }
    /* A long stay hides a departure and an arrival: each merged pair is one of each unheard. */
    const double hides = fmax(0, with_room - between);
    u->hidden = c->hidden_out + c->hidden_in + 2 * hides;
    u->unheard_out = share(c->hidden_out + hides, c->heard_out);
    u->unheard_in = share(c->hidden_in + hides, c->heard_in);
    u->p_room = with_room > 0 ? fmin(P_MOST, fmax(0, with_room - between - 0.3) / with_room) : 0;
    const double both = u->unheard_out * u->unheard_in;
    const double visits = fmax(c->heard_out + c->hidden_out, c->heard_in + c->hidden_in) + hides;
    u->unseen = visits * both / (1 - both);
}

/* As surely as it left a base for elsewhere, or came to one. */
static void count_flight(const struct unheard_flight *f, struct counts *c, double *flight_h,
                         size_t *flights)
{
    if (!f->own) {
        return;
    }
    const double leaves = f->off.base_p * (1 - f->on.base_p);
    const double comes = f->on.base_p * (1 - f->off.base_p);
    *(f->heard ? &c->heard_out : &c->hidden_out) += leaves;
    *(f->heard ? &c->heard_in : &c->hidden_in) += comes;
    if (f->off.place && f->on.place && f->off.is_base != f->on.is_base && is_sharp(&f->off) &&
        is_sharp(&f->on)) {
        flight_h[(*flights)++] = (double)(middle(&f->on) - middle(&f->off)) / HOUR_MS;
    }
}

enum err unheard_learn(const struct unheard_flight *f, size_t n, struct unheard *out)
{
    struct counts c = {0};
    size_t flights = 0;
    *out = (struct unheard){0};
    double *flight_h = calloc(n + 1, sizeof *flight_h);
    out->stay_h = calloc(n + 1, sizeof *out->stay_h);
    if (!flight_h || !out->stay_h) {
        free(flight_h);
        unheard_free(out);
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < n; i++) {
        count_flight(&f[i], &c, flight_h, &flights);
    }
    out->flight_h = median(flight_h, flights);
    for (size_t i = 1; i < n; i++) {
        if (f[i].own && f[i - 1].own && f[i - 1].airframe == f[i].airframe) {
            count_pair(&f[i - 1], &f[i], &c, out);
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

void unheard_free(struct unheard *u)
{
    free(u->stay_h);
    *u = (struct unheard){0};
}

/* ---- flights in between ---- */

static int64_t hours(double h)
{
    return (int64_t)(h * HOUR_MS);
}

/* It came and was not heard again: it left unheard, or stays longer than any other did. */
static struct unheard_between never_again(const struct unheard *u, const struct unheard_flight *a,
                                          int64_t now_ms)
{
    const int64_t came = came_ms(u, a), until = came + hours(2 * u->usual_h);
    const double waited_h = (double)(now_ms - came) / HOUR_MS;
    double longer = 0.5;
    for (size_t k = 0; k < u->stays; k++) {
        longer += u->stay_h[k] > waited_h;
    }
    const double stays = longer / ((double)u->stays + 1);
    const double p = u->unheard_out / (u->unheard_out + (1 - u->unheard_out) * stays) * a->on.p;
    if (waited_h < UNUSUAL * u->usual_h || p < UNHEARD_LEAST_P) {
        return (struct unheard_between){0};
    }
    return (struct unheard_between){.kind = UNHEARD_LEFT,
                                    .p = fmin(p, P_MOST),
                                    .came_ms = came,
                                    .left_ms = until < now_ms ? until : now_ms};
}

/* A stay with room for a flight out and one back. */
static struct unheard_between out_and_back(const struct unheard *u, const struct unheard_flight *a,
                                           const struct unheard_flight *b)
{
    if (stay_of(u, a, b) < u->room_h || u->p_room < UNHEARD_LEAST_P) {
        return (struct unheard_between){0};
    }
    return (struct unheard_between){.kind = UNHEARD_OUT_AND_BACK,
                                    .p = u->p_room,
                                    .came_ms = came_ms(u, a),
                                    .left_ms = left_ms(u, b),
                                    .within_ms = hours(2 * u->usual_h)};
}

/* From one place elsewhere to another one that is reached from a base: how often it was flown to by
   a base, and how often from the first place. */
static struct unheard_between by_a_base(const struct unheard *u, const struct unheard_flight *all,
                                        size_t n, const struct unheard_flight *a,
                                        const struct unheard_flight *b)
{
    double by = 0, straight = 0.5;
    struct unheard_between out = {.kind = UNHEARD_BY_A_BASE};
    for (size_t i = 0; i < n; i++) {
        if (!all[i].own || !all[i].off.place || all[i].on.place != b->off.place) {
            continue;
        }
        straight += all[i].off.place == a->on.place;
        if (all[i].off.is_base) {
            by++;
            out.like = i;
        }
    }
    const double gap_h = (double)(b->off.lo_ms - a->on.hi_ms) / HOUR_MS;
    const double p = by / (by + straight) * fmin(a->on.place_p, b->off.place_p);
    if (by < 2 || p < UNHEARD_LEAST_P || gap_h < u->flight_h + u->usual_h) {
        return (struct unheard_between){0};
    }
    out.p = fmin(p, P_MOST);
    out.came_ms = a->on.hi_ms;
    out.left_ms = b->off.lo_ms;
    return out;
}

struct unheard_between unheard_find(const struct unheard *u, const struct unheard_flight *flight,
                                    size_t n, size_t at, bool has_next, int64_t now_ms)
{
    const struct unheard_flight *a = &flight[at], *b = has_next ? a + 1 : NULL;
    if (!u->stays || !a->on.place || a->on.lo_ms == UNHEARD_NO_TIME || middle(&a->on) > now_ms ||
        (b && (!b->off.place || b->off.lo_ms == UNHEARD_NO_TIME))) {
        return (struct unheard_between){0};
    }
    if (!b) {
        return a->on.is_base ? never_again(u, a, now_ms) : (struct unheard_between){0};
    }
    if (a->on.is_base) {
        return a->on.place == b->off.place ? out_and_back(u, a, b) : (struct unheard_between){0};
    }
    return b->off.is_base || a->on.place == b->off.place ? (struct unheard_between){0}
                                                         : by_a_base(u, flight, n, a, b);
}
