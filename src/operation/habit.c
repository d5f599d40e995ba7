#include "operation/habit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Rounds until shares move no more that would show in a percent. */
#define ROUNDS 12
/* A flight beside those counted, shared by all ways: nothing is impossible for never having been.
 */
#define BESIDE 0.5
/* With fewer flights than this there is no habit. */
#define LEAST_FLIGHTS 12
/* An end known no closer than this may well be where it only stood before: it teaches no way. */
#define WIDE_MS (6 * INT64_C(3600000))
/* A flight less sure than this took place only with another one. */
#define SURE 0.98

/* An operation's aircraft at its base more than a day before anything there is ready to move,
   beside one at a place nothing is said of. */
#define NOT_READY 0.1
#define EARLY_MS  (24 * INT64_C(3600000))

enum { SLOTS_FIRST = 256, WAY_MAX = 24, WEEKS = 32 };
#define WEEK_MS (7 * INT64_C(86400000))

/* Ways by their two places, `LERT>DRRN`: open addressing, a power of two of slots, at most half of
   them full. What is usual changes: flights count by week (of a long time by longer spans), half as
   much for each week away. */
struct habit {
    struct habit_way {
        char name[WAY_MAX];
        double share[WEEKS]; /* near each week */
        double next[WEEKS], sure[WEEKS];
    } * slot;
    size_t slots, ways;
    double flights;
    int64_t first_ms, span_ms; /* of the first week; of each */
    const struct habit_ready *ready;
    size_t bases;
};

static int64_t time_of(const struct sortie *s)
{
    return s->on.hi_ms != SORTIE_NO_TIME ? s->on.hi_ms : s->off.lo_ms;
}

static unsigned week_of(const struct habit *h, const struct sortie *s)
{
    const int64_t t_ms = time_of(s);
    const int64_t k = t_ms == SORTIE_NO_TIME ? 0 : (t_ms - h->first_ms) / h->span_ms;
    return k < 0 ? 0 : k >= WEEKS ? WEEKS - 1 : (unsigned)k;
}

static struct habit begin(const struct sortie *s, const bool *own, size_t n,
                          const struct habit_ready *ready, size_t bases)
{
    int64_t first = INT64_MAX, last = INT64_MIN;
    for (size_t i = 0; i < n; i++) {
        const int64_t t_ms = time_of(&s[i]);
        if (own[i] && t_ms != SORTIE_NO_TIME) {
            first = t_ms < first ? t_ms : first;
            last = t_ms > last ? t_ms : last;
        }
    }
    const int64_t span = last > first ? (last - first) / WEEKS + 1 : 1;
    return (struct habit){.first_ms = first == INT64_MAX ? 0 : first,
                          .span_ms = span > WEEK_MS ? span : WEEK_MS,
                          .ready = ready,
                          .bases = bases};
}

static void name_way(const struct sortie_place *from, const struct sortie_place *to,
                     char out[WAY_MAX])
{
    size_t n = 0;
    for (const char *p = from->code; *p && n < sizeof from->code - 1; p++) {
        out[n++] = *p;
    }
    out[n++] = '>';
    for (const char *p = to->code; *p && n < WAY_MAX - 1; p++) {
        out[n++] = *p;
    }
    out[n] = 0;
}

static struct habit_way *slot_of(const struct habit *h, const char *name)
{
    size_t i = 5381;
    for (const char *p = name; *p; p++) {
        i = i * 33 + (unsigned char)*p;
    }
    i &= h->slots - 1;
    while (h->slot[i].name[0] && strcmp(h->slot[i].name, name) != 0) {
        i = (i + 1) & (h->slots - 1);
    }
    return &h->slot[i];
}

static enum err grow(struct habit *h)
{
    struct habit more = {.slots = h->slots ? 2 * h->slots : SLOTS_FIRST};
    more.slot = calloc(more.slots, sizeof *more.slot);
    if (!more.slot) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < h->slots; i++) {
        if (h->slot[i].name[0]) {
            *slot_of(&more, h->slot[i].name) = h->slot[i];
        }
    }
    free(h->slot);
    h->slot = more.slot;
    h->slots = more.slots;
    return ERR_OK;
}

static struct habit_way *way_of(const struct habit *h, const struct sortie *s, unsigned from,
                                unsigned to)
{
    char name[WAY_MAX];
    name_way(&s->off.place[from], &s->on.place[to], name);
    return slot_of(h, name);
}

/* A flight that one place at each end is known of teaches the same in every round. */
static bool is_open(const struct sortie *s)
{
    return s->off.places > 1 || s->on.places > 1;
}

static bool teaches(const struct sortie *s)
{
    return s->off.lo_ms != SORTIE_NO_TIME && s->on.lo_ms != SORTIE_NO_TIME &&
           s->off.hi_ms - s->off.lo_ms <= WIDE_MS && s->on.hi_ms - s->on.lo_ms <= WIDE_MS;
}

/* What being at a place at a time weighs beside another. */
static double fits(const struct habit *h, const struct sortie_place *at, int64_t t_ms)
{
    for (size_t k = 0; k < h->bases; k++) {
        if (strcmp(h->ready[k].code, at->code) == 0) {
            return t_ms != SORTIE_NO_TIME && t_ms + EARLY_MS < h->ready[k].ms ? NOT_READY : 1;
        }
    }
    return 1;
}

/* Ways of a flight by what the ledger says; told is set. */
static enum err add(struct habit *h, struct sortie *s)
{
    for (unsigned k = 0; k < s->off.places; k++) {
        s->off.place[k].told = s->off.place[k].p;
    }
    for (unsigned k = 0; k < s->on.places; k++) {
        s->on.place[k].told = s->on.place[k].p;
    }
    const unsigned week = week_of(h, s);
    for (unsigned i = 0; i < s->off.places; i++) {
        for (unsigned j = 0; j < s->on.places; j++) {
            char name[WAY_MAX];
            if (h->ways * 2 >= h->slots && grow(h)) {
                return ERR_MEMORY;
            }
            name_way(&s->off.place[i], &s->on.place[j], name);
            struct habit_way *w = slot_of(h, name);
            if (!w->name[0]) {
                memcpy(w->name, name, sizeof w->name);
                h->ways++;
            }
            const double p =
                teaches(s) ? (double)(s->on.p * s->off.place[i].p * s->on.place[j].p) : 0;
            w->next[week] += p;
            w->sure[week] += is_open(s) ? 0 : p;
            h->flights += p;
        }
    }
    return ERR_OK;
}

/* What each pair of an open flight's places weighs; the sum. */
static double weigh(const struct habit *h, const struct sortie *s,
                    double weight[SORTIE_PLACES][SORTIE_PLACES])
{
    double sum = 0;
    const unsigned week = week_of(h, s);
    double there[SORTIE_PLACES];
    for (unsigned j = 0; j < s->on.places; j++) {
        there[j] = (double)s->on.place[j].told * fits(h, &s->on.place[j], s->on.hi_ms);
    }
    for (unsigned i = 0; i < s->off.places; i++) {
        const double here = (double)s->off.place[i].told * fits(h, &s->off.place[i], s->off.hi_ms);
        for (unsigned j = 0; j < s->on.places; j++) {
            weight[i][j] =
                here * there[j] * (way_of(h, s, i, j)->share[week] + BESIDE / (double)h->ways);
            sum += weight[i][j];
        }
    }
    return sum;
}

static double told_in_all(const struct sortie_end *e)
{
    double sum = 0;
    for (unsigned k = 0; k < e->places; k++) {
        sum += (double)e->place[k].told;
    }
    return sum;
}

static void count(struct habit *h, const struct sortie *s)
{
    double weight[SORTIE_PLACES][SORTIE_PLACES];
    const double sum = weigh(h, s, weight);
    const double all = (double)s->on.p * told_in_all(&s->off) * told_in_all(&s->on);
    const unsigned week = week_of(h, s);
    for (unsigned i = 0; i < s->off.places && sum > 0; i++) {
        for (unsigned j = 0; j < s->on.places; j++) {
            way_of(h, s, i, j)->next[week] += all * weight[i][j] / sum;
        }
    }
}

/* Halves for each week away, from either side. */
static void spread(const double of[WEEKS], double out[WEEKS])
{
    double before = 0, after = 0;
    for (int k = 0; k < WEEKS; k++) {
        before = before / 2 + of[k];
        out[k] = before;
    }
    for (int k = WEEKS - 1; k > 0; k--) {
        after = (after + of[k]) / 2;
        out[k - 1] += after;
    }
}

static void settle(struct habit *h)
{
    for (size_t i = 0; i < h->slots; i++) {
        struct habit_way *w = &h->slot[i];
        if (w->name[0]) {
            spread(w->next, w->share);
            memcpy(w->next, w->sure, sizeof w->next);
        }
    }
}

/* ---- what is written ---- */

static int falling(const void *p, const void *q)
{
    const struct sortie_place *a = p, *b = q;
    return a->p > b->p ? -1 : a->p < b->p ? 1 : strcmp(a->code, b->code);
}

/* None is shown above what habit may say; sums take the whole. */
static void write_end(struct sortie_end *e, const double weight[SORTIE_PLACES], double sum)
{
    const double all = told_in_all(e);
    for (unsigned k = 0; k < e->places && e->places > 1; k++) {
        const double told = (double)e->place[k].told, p = all * weight[k] / sum;
        const double shown = p <= (double)HABIT_MOST || p <= told ? p
                             : told > (double)HABIT_MOST          ? told
                                                                  : (double)HABIT_MOST;
        e->place[k].p = (float)shown;
        e->place[k].more = (float)(p - shown);
    }
}

static void write_flight(const struct habit *h, struct sortie *s)
{
    double weight[SORTIE_PLACES][SORTIE_PLACES], off[SORTIE_PLACES] = {0}, on[SORTIE_PLACES] = {0};
    const double sum = weigh(h, s, weight);
    if (sum <= 0) {
        return;
    }
    for (unsigned i = 0; i < s->off.places; i++) {
        for (unsigned j = 0; j < s->on.places; j++) {
            off[i] += weight[i][j];
            on[j] += weight[i][j];
        }
    }
    write_end(&s->off, off, sum);
    write_end(&s->on, on, sum);
    qsort(s->off.place, s->off.places, sizeof *s->off.place, falling);
    qsort(s->on.place, s->on.places, sizeof *s->on.place, falling);
}

/* How much an end is at the places of another, as told and now. */
static void shared(const struct sortie_end *e, const struct sortie_end *places, double *told,
                   double *now)
{
    *told = *now = 0;
    for (unsigned k = 0; k < e->places; k++) {
        for (unsigned j = 0; j < places->places; j++) {
            if (strcmp(e->place[k].code, places->place[j].code) == 0) {
                *told += (double)e->place[k].told;
                *now += (double)e->place[k].p;
            }
        }
    }
}

/* A flight that took place only if its neighbor's end was at the place they meet. */
static void follow(struct sortie *unsure, const struct sortie_end *meets,
                   const struct sortie_end *neighbor)
{
    double told, now;
    shared(neighbor, meets, &told, &now);
    const double was = (double)unsure->off.p;
    if (told > 0 && now > told) {
        const double p = fmin(was * now / told, fmax(was, (double)HABIT_MOST));
        unsure->off.p = unsure->on.p = (float)p;
    }
}

static void link_all(struct sortie *s, const bool *own, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct sortie *a = &s[i - 1], *b = &s[i];
        if (!own[i - 1] || !own[i] || a->address != b->address || a->epoch != b->epoch) {
            continue;
        }
        const bool a_sure = (double)a->on.p >= SURE, b_sure = (double)b->off.p >= SURE;
        if (a_sure && !b_sure) {
            follow(b, &b->off, &a->on);
        } else if (b_sure && !a_sure) {
            follow(a, &a->on, &b->off);
        }
    }
}

enum err habit_weigh(struct sortie *s, const bool *own, size_t n, const struct habit_ready *ready,
                     size_t bases)
{
    struct habit h = begin(s, own, n, ready, bases);
    enum err e = ERR_OK;
    for (size_t i = 0; i < n && !e; i++) {
        e = own[i] ? add(&h, &s[i]) : ERR_OK;
    }
    const bool has_habit = !e && h.flights >= LEAST_FLIGHTS;
    settle(&h);
    for (int round = 0; round < ROUNDS && has_habit; round++) {
        for (size_t i = 0; i < n; i++) {
            if (own[i] && is_open(&s[i]) && teaches(&s[i])) {
                count(&h, &s[i]);
            }
        }
        settle(&h);
    }
    for (size_t i = 0; i < n && has_habit; i++) {
        if (own[i] && is_open(&s[i])) {
            write_flight(&h, &s[i]);
        }
    }
    if (has_habit) {
        link_all(s, own, n);
    }
    free(h.slot);
    return e;
}
