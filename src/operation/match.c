#include "operation/match.h"

#include "base/instant.h"
#include "operation/habit.h"
#include "operation/hidden.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)
/* An end as sure as this by its own path needs no habit. */
#define SURE 0.95
/* A way in known no closer than this may have been that of another stay. */
#define CAME_WIDE_MS (12 * INT64_C(3600000))
/* A correction names a flight by address and an instant in it, to the minute or so. */
#define NAMED_SLACK_MS (10 * INT64_C(60000))

const char *match_why_key(enum match_why w)
{
    static const char *const key[] = {"in",   "by hand",   "out by hand", "party", "civil",
                                      "type", "call sign", "period",      "place"};
    return key[w];
}

/* ---- where ---- */

static double at_bases(const struct operation *o, const struct sortie_end *e, char best[12],
                       bool *by_habit)
{
    double p = 0, most = 0, told = 0;
    for (unsigned k = 0; k < e->places; k++) {
        if (operation_is_base(o, e->place[k].code)) {
            told += (double)(e->place[k].told > 0 ? e->place[k].told : e->place[k].p);
            p += (double)(e->place[k].p + e->place[k].more);
            if ((double)e->place[k].p > most) {
                most = (double)e->place[k].p;
                memcpy(best, e->place[k].code, sizeof e->place[k].code);
            }
        }
    }
    *by_habit |= told < SURE && p > told;
    return p < 1 ? p : 1;
}

static void find_ends(const struct operation *o, struct match *m)
{
    const struct sortie *s = &m->s;
    char from[12] = "", to[12] = "";
    const double off = at_bases(o, &s->off, from, &m->by_habit);
    const double on = at_bases(o, &s->on, to, &m->by_habit);
    const double count = s->is_sortie ? 1 : 0;
    m->leaves = (float)(count * (double)s->off.p * off * (1 - on));
    m->arrives = (float)(count * (double)s->on.p * on * (1 - off));
    memcpy(m->base, m->leaves >= m->arrives && *from ? from : *to ? to : from, sizeof m->base);
    const struct sortie_end *e = m->leaves >= m->arrives ? &s->off : &s->on;
    const struct sortie_end *other = e == &s->off ? &s->on : &s->off;
    m->t_ms = e->lo_ms != SORTIE_NO_TIME       ? sortie_end_time(e)
              : other->lo_ms != SORTIE_NO_TIME ? sortie_end_time(other)
                                               : 0;
}

/* ---- whose ---- */

static void add_tail(const struct operation *o, struct sortie *s)
{
    char key[8];
    item_hex(s->address, key);
    const struct item *t = operation_find(o, ITEM_TAIL, key);
    if (!t) {
        return;
    }
    const char *type = item_text(t, SAID_TAIL_TYPE), *party = item_text(t, SAID_TAIL_PARTY);
    snprintf(s->type, sizeof s->type, "%.4s", type);
    if (*party) {
        snprintf(s->country, sizeof s->country, "%.2s", party);
        s->military = true;
    }
    if (item_has(t, SAID_TAIL_REGISTRATION)) {
        snprintf(s->registration, sizeof s->registration, "%.16s",
                 item_text(t, SAID_TAIL_REGISTRATION));
    }
}

/* By party, type and call sign, wherever it was. */
static enum match_why whose(const struct item *head, const struct sortie *s)
{
    if (!item_lists(head, SAID_HEAD_PARTIES, s->country, false)) {
        return MATCH_PARTY;
    }
    if (!s->military && !item_flag(head, SAID_HEAD_CIVIL)) {
        return MATCH_CIVIL;
    }
    if (item_has(head, SAID_HEAD_TYPES) ? !item_lists(head, SAID_HEAD_TYPES, s->type, false)
                                        : !s->is_lift && s->type[0]) {
        return MATCH_TYPE;
    }
    return item_lists(head, SAID_HEAD_CALLSIGNS, s->callsign, true) ? MATCH_IN : MATCH_CALLSIGN;
}

static enum match_why why_of(const struct item *head, const struct match *m, int64_t start_ms,
                             int64_t now_ms)
{
    const struct sortie *s = &m->s;
    if (m->leaves <= 0 && m->arrives <= 0) {
        return MATCH_PLACE;
    }
    return m->t_ms < start_ms || m->t_ms > now_ms ? MATCH_PERIOD : whose(head, s);
}

static bool is_named(const struct item *c, const struct sortie *s)
{
    int64_t at_us;
    char address[8];
    snprintf(address, sizeof address, "%06x/", (unsigned)(s->address & 0xffffff));
    if (strncmp(c->key, address, 7) != 0 || instant_parse(c->key + 7, &at_us)) {
        return false;
    }
    const int64_t t_ms = at_us / 1000;
    const int64_t lo = s->off.lo_ms != SORTIE_NO_TIME ? s->off.lo_ms : s->on.lo_ms;
    const int64_t hi = s->on.hi_ms != SORTIE_NO_TIME ? s->on.hi_ms : s->off.hi_ms;
    return lo != SORTIE_NO_TIME && t_ms >= lo - NAMED_SLACK_MS && t_ms <= hi + NAMED_SLACK_MS;
}

static void correct(const struct operation *o, struct match *m)
{
    size_t n;
    const struct item *c = operation_all(o, ITEM_CORRECTION, &n);
    for (size_t k = 0; k < n; k++) {
        if (!is_named(&c[k], &m->s)) {
            continue;
        }
        m->correction = &c[k];
        m->why = item_word(&c[k], SAID_CORRECTION_ACTION) == 0 ? MATCH_BY_HAND : MATCH_OUT_BY_HAND;
    }
}

/* ---- never heard ---- */

static double at_place(const struct sortie_end *e, const char *place)
{
    double p = 0;
    for (unsigned k = 0; k < e->places; k++) {
        p += strcmp(e->place[k].code, place) == 0 ? (double)(e->p * e->place[k].p) : 0;
    }
    return p;
}

/* What of an end another one of the same stay does not tell too: its places, with what is over. */
static double left_over(const struct sortie_end *e, const struct sortie_end *other,
                        struct sortie_end *out)
{
    double sum = 0;
    *out = (struct sortie_end){.known = true};
    for (unsigned k = 0; k < e->places; k++) {
        const double over = (double)(e->p * e->place[k].p) - at_place(other, e->place[k].code);
        if (over > 0) {
            out->place[out->places] = e->place[k];
            out->place[out->places++].p = (float)over;
            sum += over;
        }
    }
    for (unsigned k = 0; k < out->places; k++) {
        out->place[k].p /= (float)sum;
    }
    return sum;
}

/* The airframe ended a flight at one place and began the next at another: it flew between. Where
   both may have been at the same places, that is one doubt, not two: only what is over on either
   side speaks of a flight. */
static bool implied(const struct sortie *a, const struct sortie *b, struct sortie *out)
{
    if (!a->on.known || !b->off.known || !a->on.places || !b->off.places ||
        a->on.hi_ms == SORTIE_NO_TIME || b->off.lo_ms == SORTIE_NO_TIME) {
        return false;
    }
    struct sortie_end off, on;
    const double from = left_over(&a->on, &b->off, &off), to = left_over(&b->off, &a->on, &on);
    const double p = from < to ? from : to;
    if (p < 0.05) {
        return false;
    }
    *out = *a;
    out->implied = true;
    out->is_sortie = true;
    out->leg = 0;
    out->states = 0;
    out->path_known = false;
    out->callsign[0] = 0;
    out->off = off;
    out->on = on;
    out->off.p = out->on.p = (float)(p < 1 ? p : 1);
    out->off.lo_ms = out->on.lo_ms = a->on.hi_ms;
    out->off.hi_ms = out->on.hi_ms = b->off.lo_ms > a->on.hi_ms ? b->off.lo_ms : a->on.hi_ms;
    return true;
}

/* ---- all ---- */

static int compare(const void *p, const void *q)
{
    const struct match *a = p, *b = q;
    if (a->t_ms != b->t_ms) {
        return a->t_ms < b->t_ms ? -1 : 1;
    }
    if (a->s.address != b->s.address) {
        return a->s.address < b->s.address ? -1 : 1;
    }
    return a->s.leg < b->s.leg ? -1 : a->s.leg > b->s.leg;
}

static bool is_wide(const struct sortie_end *e)
{
    return e->lo_ms == SORTIE_NO_TIME || e->hi_ms - e->lo_ms > CAME_WIDE_MS;
}

/* The flight before ended at the base where this one begins: the call sign of the way there. Where
   neither end of the stay is known well, others may lie between. */
static void take_sign(const struct operation *o, struct sortie *s, const struct sortie *before)
{
    if (!before || !before->on.known || !before->on.places || !s->off.places ||
        !operation_is_base(o, s->off.place[0].code) ||
        strcmp(before->on.place[0].code, s->off.place[0].code) != 0 ||
        (is_wide(&before->on) && is_wide(&s->off))) {
        return;
    }
    memcpy(s->came_as, before->callsign, sizeof s->came_as);
    s->came_by = is_wide(&before->on) ? 0 : before->leg + 1;
}

struct matching {
    const struct operation *o;
    const struct item *head;
    int64_t start_ms, now_ms;
    bool has_corrections;
    struct matches *out;
    size_t cap;
};

static enum err add(struct matching *w, const struct sortie *s, const struct sortie *before)
{
    struct match m = {.s = *s};
    take_sign(w->o, &m.s, before);
    find_ends(w->o, &m);
    if (m.leaves <= 0 && m.arrives <= 0 && !w->has_corrections) {
        return ERR_OK;
    }
    add_tail(w->o, &m.s);
    m.why = why_of(w->head, &m, w->start_ms, w->now_ms);
    correct(w->o, &m);
    if ((m.why == MATCH_PLACE || m.why == MATCH_PERIOD) && !m.correction) {
        return ERR_OK;
    }
    if (m.why == MATCH_BY_HAND && m.leaves <= 0 && m.arrives <= 0) {
        m.leaves = 1; /* whoever put it in says it was there */
    }
    if (w->out->n == w->cap) {
        w->cap = w->cap ? w->cap * 2 : 64;
        struct match *more = realloc(w->out->of, w->cap * sizeof *more);
        if (!more) {
            return ERR_MEMORY;
        }
        w->out->of = more;
    }
    w->out->of[w->out->n++] = m;
    w->out->in += match_is_in(&m);
    return ERR_OK;
}

static bool is_same(const struct sortie *a, const struct sortie *b)
{
    return a->address == b->address && a->epoch == b->epoch;
}

/* Which are the operation's by whose they are, wherever they were. */
static void find_own(const struct matching *w, const struct sortie *s, size_t n, bool *own)
{
    for (size_t i = 0; i < n; i++) {
        struct sortie known = s[i];
        add_tail(w->o, &known);
        const int64_t t_ms = known.off.lo_ms != SORTIE_NO_TIME ? known.off.lo_ms : known.on.lo_ms;
        own[i] = whose(w->head, &known) == MATCH_IN && t_ms != SORTIE_NO_TIME &&
                 t_ms <= w->now_ms && known.is_sortie;
    }
}

/* Flights that the operation's rhythm tells of, between those heard. */
static enum err add_hidden(struct matching *w, const struct sortie *s, const bool *own, size_t n)
{
    struct hidden h = {0};
    enum err e = hidden_learn(w->o, s, own, n, &h);
    for (size_t i = 0; i < n && !e; i++) {
        struct sortie between[HIDDEN_MOST];
        const bool last = i + 1 == n || !is_same(&s[i], &s[i + 1]);
        if (!own[i] || (!last && !own[i + 1])) {
            continue;
        }
        const size_t k = hidden_between(w->o, &h, s, i, !last, w->now_ms, between);
        for (size_t j = 0; j < k && !e; j++) {
            e = add(w, &between[j], NULL);
        }
    }
    w->out->unseen = h.u.unseen;
    w->out->unseen_low = h.u.unseen_low;
    w->out->unseen_high = h.u.unseen_high;
    hidden_free(&h);
    return e;
}

enum { READY_MAX = 16 };

/* The bases something moves from or to, and when the first of it is ready; none where a line does
   not say when. */
static size_t find_ready(const struct operation *o, struct habit_ready of[READY_MAX])
{
    size_t lines, bases, n = 0;
    const struct item *l = operation_all(o, ITEM_LINE, &lines);
    const struct item *b = operation_all(o, ITEM_BASE, &bases);
    for (size_t k = 0; k < bases && n < READY_MAX; k++) {
        int64_t first = INT64_MAX;
        for (size_t i = 0; i < lines; i++) {
            if (strcmp(item_text(&l[i], SAID_LINE_FROM), b[k].key) == 0 ||
                strcmp(item_text(&l[i], SAID_LINE_TO), b[k].key) == 0) {
                const int64_t ready = item_ms(&l[i], SAID_LINE_READY);
                first = ready < first ? ready : first;
            }
        }
        if (first != INT64_MAX && first != ITEM_NO_TIME) {
            of[n++] = (struct habit_ready){.code = b[k].key, .ms = first};
        }
    }
    return n;
}

enum err match_all(const struct operation *o, struct sortie *s, size_t n, int64_t now_ms,
                   struct matches *out)
{
    struct matching w = {.o = o, .head = operation_head(o), .now_ms = now_ms, .out = out};
    enum err e = ERR_OK;
    *out = (struct matches){0};
    if (!w.head) {
        return ERR_NOT_FOUND;
    }
    size_t corrections;
    operation_all(o, ITEM_CORRECTION, &corrections);
    w.has_corrections = corrections > 0;
    w.start_ms = item_ms(w.head, SAID_HEAD_START);
    bool *own = malloc(n + 1);
    if (!own) {
        return ERR_MEMORY;
    }
    find_own(&w, s, n, own);
    struct habit_ready ready[READY_MAX];
    e = habit_weigh(s, own, n, ready, find_ready(o, ready));
    for (size_t i = 0; i < n && !e; i++) {
        struct sortie between;
        const bool same = i > 0 && is_same(&s[i - 1], &s[i]);
        if (same && implied(&s[i - 1], &s[i], &between)) {
            e = add(&w, &between, &s[i - 1]);
        }
        e = e ? e : add(&w, &s[i], same ? &s[i - 1] : NULL);
    }
    e = e ? e : add_hidden(&w, s, own, n);
    free(own);
    if (e) {
        matches_free(out);
        return e;
    }
    if (out->n > 1) {
        qsort(out->of, out->n, sizeof *out->of, compare);
    }
    e = clearance_take(o, out->n ? &out->of[0].s : NULL, out->n, sizeof *out->of, &out->taken);
    if (e) {
        matches_free(out);
    }
    return e;
}

void matches_free(struct matches *m)
{
    free(m->of);
    clearance_taken_free(&m->taken);
    *m = (struct matches){0};
}
