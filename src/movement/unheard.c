#include "movement/unheard.h"

#include <math.h>
#include <stdlib.h>

#define HOUR_MS 3600000.0
/* With fewer stays than this there is no rhythm to go by. */
#define LEAST_STAYS 8
/* A flight is measured where both its ends are known this well. */
#define SHARP_H 1.0
/* A stay of more times the usual is no usual one. */
#define UNUSUAL   2.5
#define BOTH_MOST 0.25
/* Standard deviations from the middle to the 10 and 90 % points. */
#define TENTH  1.2816
#define P_MOST 0.94 /* never "inferred", which is what paths show */

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
    double heard_out, heard_in;     /* at bases, of flights heard */
    double hidden_out, hidden_in;   /* said to have been, though not heard */
    double missing_out, missing_in; /* it came to a base and was next heard to leave elsewhere */
};

static void add_stay(const struct unheard_flight *a, const struct unheard_flight *b,
                     struct unheard *out)
{
    if (!a->on.place || !b->off.place || a->on.lo_ms == UNHEARD_NO_TIME ||
        b->off.lo_ms == UNHEARD_NO_TIME) {
        return;
    }
    if (a->on.is_base && a->on.place == b->off.place && (is_sharp(&a->off) || is_sharp(&a->on)) &&
        (is_sharp(&b->off) || is_sharp(&b->on))) {
        out->stay_h[out->stays++] = stay_of(out, a, b);
    }
}

/* Two flights that were heard, one after the other: as surely as the first came to where the second
   did not leave, one between was not heard, whatever is thought of it. */
static void count_heard(const struct unheard_flight *a, const struct unheard_flight *b,
                        struct counts *c)
{
    if (a->on.lo_ms != UNHEARD_NO_TIME && b->off.lo_ms != UNHEARD_NO_TIME) {
        c->missing_in += fmax(0, b->off.base_p - a->on.base_p);
        c->missing_out += fmax(0, a->on.base_p - b->off.base_p);
    }
}

static double share(double hidden, double heard)
{
    return (hidden + 0.5) / (hidden + heard + 1);
}

/* A share's 10 and 90 % points: the normal curve on the root of the count, which is as wide for
   many as for few. */
static double share_at(double hidden, double heard, double deviations)
{
    const double root = fmax(0, sqrt(hidden + 0.5) + deviations / 2);
    return fmin(0.9, root * root / (hidden + heard + 1));
}

static double visits_unseen(double visits, double both)
{
    return visits * both / (1 - both);
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
    const double out = fmax(c->hidden_out, c->missing_out), in = fmax(c->hidden_in, c->missing_in);
    u->hidden = out + in + 2 * hides;
    u->unheard_out = share(out + hides, c->heard_out);
    u->unheard_in = share(in + hides, c->heard_in);
    u->p_room = with_room > 0 ? fmin(P_MOST, fmax(0, with_room - between - 0.3) / with_room) : 0;
    /* Where hardly anything is heard two lists do not tell how many are in neither. */
    const double both = fmin(u->unheard_out * u->unheard_in, BOTH_MOST);
    const double visits = fmax(c->heard_out + out, c->heard_in + in) + hides;
    double edge[2];
    for (int k = 0; k < 2; k++) {
        const double deviations = k ? TENTH : -TENTH;
        edge[k] = fmin(share_at(out + hides, c->heard_out, deviations) *
                           share_at(in + hides, c->heard_in, deviations),
                       BOTH_MOST);
    }
    u->unseen = visits_unseen(visits, both);
    u->unseen_low = visits_unseen(visits, edge[0]);
    u->unseen_high = visits_unseen(visits, edge[1]);
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
    const struct unheard_flight *last = NULL; /* of this airframe that was heard */
    for (size_t i = 0; i < n; i++) {
        const bool same = i > 0 && f[i - 1].airframe == f[i].airframe;
        last = same ? last : NULL;
        if (same && f[i].own && f[i - 1].own) {
            add_stay(&f[i - 1], &f[i], out);
        }
        if (last && f[i].own && f[i].heard) {
            count_heard(last, &f[i], &c);
        }
        last = f[i].own && f[i].heard ? &f[i] : last;
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
    const double p =
        u->unheard_out / (u->unheard_out + (1 - u->unheard_out) * stays) * a->on.base_p;
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

/* How flights came to a place (or went from it): by a base, or straight from one other place. */
struct ways {
    double by, straight;
    size_t like; /* the one by a base that is nearest in time */
};

static double hours_apart(const struct unheard_end *e, int64_t t_ms)
{
    return fabs((double)(middle(e) - t_ms)) / HOUR_MS;
}

/* To `here` (coming) or from it. Straight ones count where that other end was heard; heard: only
   those, else any. */
static struct ways ways_of(const struct unheard_flight *all, size_t n, bool coming, uint32_t here,
                           uint32_t other, int64_t t_ms, bool heard)
{
    struct ways w = {.straight = 0.5};
    for (size_t i = 0; i < n; i++) {
        const struct unheard_end *near = coming ? &all[i].on : &all[i].off;
        const struct unheard_end *far = coming ? &all[i].off : &all[i].on;
        if (!all[i].own || !far->place || near->place != here) {
            continue;
        }
        w.straight += far->place == other && (!heard || is_sharp(far));
        if (far->is_base) {
            if (w.by++ < 1 || hours_apart(near, t_ms) <
                                  hours_apart(coming ? &all[w.like].on : &all[w.like].off, t_ms)) {
                w.like = i;
            }
        }
    }
    return w;
}

static struct unheard_between by(enum unheard_kind kind, const struct ways *w, double sure,
                                 int64_t came_ms, int64_t left_ms)
{
    const double p = w->by / (w->by + w->straight) * sure;
    if (w->by < 2 || p < UNHEARD_LEAST_P) {
        return (struct unheard_between){0};
    }
    return (struct unheard_between){.kind = kind,
                                    .p = fmin(p, P_MOST),
                                    .came_ms = came_ms,
                                    .left_ms = left_ms,
                                    .like = w->like};
}

/* From one place elsewhere to another one that is reached from a base: how often it was flown to by
   a base, and how often from the first place. */
static struct unheard_between by_a_base(const struct unheard *u, const struct unheard_flight *all,
                                        size_t n, const struct unheard_flight *a,
                                        const struct unheard_flight *b)
{
    const double gap_h = (double)(b->off.lo_ms - a->on.hi_ms) / HOUR_MS;
    if (gap_h < u->flight_h + u->usual_h) {
        return (struct unheard_between){0};
    }
    const struct ways w = ways_of(all, n, true, b->off.place, a->on.place, b->off.lo_ms, false);
    return by(UNHEARD_BY_A_BASE, &w, fmin(a->on.place_p, b->off.place_p), a->on.hi_ms,
              b->off.lo_ms);
}

/* Whether there was time to fly to a base and back between two instants. */
static bool has_room(const struct unheard *u, int64_t from_ms, int64_t to_ms)
{
    return (double)(to_ms - from_ms) / HOUR_MS >= 2 * u->flight_h;
}

/* It stood at a place, and what is heard next is the end of a flight elsewhere or back: that it
   left from where it stood nobody heard. */
static struct unheard_between from_a_base(const struct unheard *u, const struct unheard_flight *all,
                                          size_t n, const struct unheard_flight *a,
                                          const struct unheard_flight *b)
{
    if (is_sharp(&b->off) || !b->on.place || b->on.is_base || !is_sharp(&b->on) ||
        !has_room(u, a->on.hi_ms, b->on.lo_ms)) {
        return (struct unheard_between){0};
    }
    const struct ways w = ways_of(all, n, true, b->on.place, b->off.place, b->on.lo_ms, true);
    return by(UNHEARD_FROM_A_BASE, &w, fmin(b->off.place_p, b->on.place_p), a->on.hi_ms,
              b->on.lo_ms);
}

/* The start of a flight was heard, and then that it leaves a place elsewhere: that it came there
   nobody heard. */
static struct unheard_between to_a_base(const struct unheard *u, const struct unheard_flight *all,
                                        size_t n, const struct unheard_flight *a,
                                        const struct unheard_flight *b)
{
    if (is_sharp(&a->on) || !a->off.place || a->off.is_base || !is_sharp(&a->off) ||
        !has_room(u, a->off.hi_ms, b->off.lo_ms)) {
        return (struct unheard_between){0};
    }
    const struct ways w = ways_of(all, n, false, a->off.place, a->on.place, a->off.lo_ms, true);
    return by(UNHEARD_TO_A_BASE, &w, fmin(a->off.place_p, a->on.place_p), a->off.hi_ms,
              b->off.lo_ms);
}

/* Between two places elsewhere, or at one of them. */
static struct unheard_between elsewhere(const struct unheard *u, const struct unheard_flight *all,
                                        size_t n, const struct unheard_flight *a,
                                        const struct unheard_flight *b)
{
    if (a->on.place != b->off.place) {
        return by_a_base(u, all, n, a, b);
    }
    const struct unheard_between g = from_a_base(u, all, n, a, b);
    return g.kind ? g : to_a_base(u, all, n, a, b);
}

struct unheard_between unheard_find(const struct unheard *u, const struct unheard_flight *flight,
                                    size_t n, size_t at, bool has_next, int64_t now_ms)
{
    const struct unheard_flight *a = &flight[at], *b = has_next ? a + 1 : NULL;
    if (!u->stays || a->on.lo_ms == UNHEARD_NO_TIME || middle(&a->on) > now_ms) {
        return (struct unheard_between){0};
    }
    if (!b) {
        return never_again(u, a, now_ms);
    }
    if (!a->on.place || !b->off.place || b->off.lo_ms == UNHEARD_NO_TIME) {
        return (struct unheard_between){0};
    }
    if (a->on.is_base) {
        return a->on.place == b->off.place ? out_and_back(u, a, b) : (struct unheard_between){0};
    }
    return b->off.is_base ? (struct unheard_between){0} : elsewhere(u, flight, n, a, b);
}
