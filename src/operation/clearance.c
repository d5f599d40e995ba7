#include "operation/clearance.h"

#include <stdlib.h>
#include <string.h>

#define HOUR_MS INT64_C(3600000)
#define DAY_MS  INT64_C(86400000)
/* A clearance speaks of a flight it names if its time is this near. */
#define NAMED_NEAR_MS (10 * DAY_MS)
/* One that never held for it must be this near to have been for it, not for another rotation. */
#define OWN_NEAR_MS (3 * DAY_MS)

enum { STATE_REQUESTED, STATE_APPROVED, STATE_REFUSED, STATE_EXPIRED, STATE_REVOKED };

const char *clearance_state_key(enum clearance_state s)
{
    static const char *const key[CLEARANCE_STATES] = {"inside", "outside", "none", "unknown"};
    return key[s];
}

static const struct item *rule_of(const struct operation *o, const char *country)
{
    return operation_find(o, ITEM_RULE, country);
}

static bool is_needed(const struct operation *o, const char *country, enum clearance_use use)
{
    const struct item *r = rule_of(o, country);
    return !r ||
           item_word(r, use == CLEARANCE_LANDING ? SAID_RULE_LANDING : SAID_RULE_OVERFLIGHT) != 1;
}

bool clearance_is_known(const struct item *c, int64_t now_ms)
{
    const int64_t asked = item_ms(c, SAID_CLEARANCE_REQUESTED);
    const int64_t decided = item_ms(c, SAID_CLEARANCE_DECIDED);
    const int64_t first = asked != ITEM_NO_TIME ? asked : decided;
    return first == ITEM_NO_TIME || first <= now_ms;
}

static bool is_decided(const struct item *c, int64_t now_ms)
{
    const int64_t decided = item_ms(c, SAID_CLEARANCE_DECIDED);
    return item_word(c, SAID_CLEARANCE_STATE) != STATE_REQUESTED &&
           (decided == ITEM_NO_TIME || decided <= now_ms);
}

static int64_t day_start(int64_t t_ms)
{
    return t_ms / DAY_MS * DAY_MS;
}

bool clearance_window(const struct operation *o, const struct item *c, int64_t now_ms,
                      int64_t *from_ms, int64_t *to_ms)
{
    const struct item *r = rule_of(o, item_text(c, SAID_CLEARANCE_COUNTRY));
    const int state = item_word(c, SAID_CLEARANCE_STATE);
    const int64_t revoked = item_ms(c, SAID_CLEARANCE_REVOKED);
    if (!is_decided(c, now_ms) || state == STATE_REFUSED || state == STATE_REQUESTED ||
        (state == STATE_REVOKED && revoked == ITEM_NO_TIME)) {
        return false;
    }
    *from_ms = item_ms(c, SAID_CLEARANCE_FROM);
    *to_ms = item_ms(c, SAID_CLEARANCE_TO);
    *to_ms = *to_ms == ITEM_NO_TIME ? *from_ms : *to_ms;
    if (r) {
        *from_ms -= (int64_t)(item_number(r, SAID_RULE_BEFORE_H, 0) * (double)HOUR_MS);
        *to_ms += (int64_t)(item_number(r, SAID_RULE_AFTER_H, 0) * (double)HOUR_MS);
        if (item_word(r, SAID_RULE_MODE) == 1) { /* whole days */
            *from_ms = day_start(*from_ms);
            *to_ms = day_start(*to_ms) + DAY_MS - 1;
        }
    }
    if (state == STATE_REVOKED && revoked < *to_ms && revoked <= now_ms) {
        *to_ms = revoked;
    }
    return *from_ms <= *to_ms;
}

/* How well a clearance names a flight. */
enum fit {
    FIT_NO,
    FIT_TAIL, /* the airframe, under another call sign: it may be another flight's */
    FIT_CAME, /* the airframe and the call sign it came under */
    FIT_OWN
};

/* A clearance for the other way is not for this flight, though it names airframe and call sign. */
static double at(const struct sortie_end *e, const char *place)
{
    double p = 0;
    for (unsigned k = 0; k < e->places && *place; k++) {
        p += strcmp(e->place[k].code, place) == 0 ? (double)e->place[k].p : 0;
    }
    return p;
}

static bool is_other_way(const struct item *c, const struct sortie *s)
{
    const char *from = item_text(c, SAID_CLEARANCE_ORIGIN);
    const char *to = item_text(c, SAID_CLEARANCE_DESTINATION);
    return at(&s->off, to) + at(&s->on, from) > at(&s->off, from) + at(&s->on, to);
}

/* By call sign, by the one it came under, for that often changes on the way back, by tail. A
   country that fixes call signs wants both. A call sign nobody heard speaks against none. */
static enum fit fit_of(const struct operation *o, const struct item *c, const struct sortie *s)
{
    char address[8] = "";
    const struct item *r = rule_of(o, item_text(c, SAID_CLEARANCE_COUNTRY));
    static const char digit[] = "0123456789abcdef";
    for (int k = 0; k < 6; k++) {
        address[k] = digit[s->address >> (20 - 4 * k) & 15];
    }
    const bool fixed = r && item_word(r, SAID_RULE_CALLSIGNS) == 0;
    const bool overflight = item_word(c, SAID_CLEARANCE_USE) == CLEARANCE_OVERFLIGHT;
    if (!item_lists(c, SAID_CLEARANCE_TAILS, address, false) ||
        !item_lists(c, SAID_CLEARANCE_TYPES, s->type, false) ||
        (overflight && is_other_way(c, s))) {
        return FIT_NO;
    }
    if (!s->callsign[0] || item_lists(c, SAID_CLEARANCE_CALLSIGNS, s->callsign, false)) {
        return FIT_OWN;
    }
    if (!fixed && s->came_as[0] && item_lists(c, SAID_CLEARANCE_CALLSIGNS, s->came_as, false)) {
        return FIT_CAME;
    }
    return item_has(c, SAID_CLEARANCE_TAILS) && !fixed ? FIT_TAIL : FIT_NO;
}

/* How far a span lies from a clearance's time; 0: they meet. */
static int64_t apart(const struct item *c, int64_t lo_ms, int64_t hi_ms)
{
    int64_t from = item_ms(c, SAID_CLEARANCE_FROM), to = item_ms(c, SAID_CLEARANCE_TO);
    if (from == ITEM_NO_TIME) { /* asked for: the flight is some days later */
        from = item_ms(c, SAID_CLEARANCE_REQUESTED);
        to = from == ITEM_NO_TIME ? from : from + NAMED_NEAR_MS;
    }
    if (from == ITEM_NO_TIME) {
        return NAMED_NEAR_MS;
    }
    to = to == ITEM_NO_TIME ? from : to;
    return hi_ms < from ? from - hi_ms : lo_ms > to ? lo_ms - to : 0;
}

/* ---- clearances for one flight alone ---- */

static bool is_once(const struct operation *o, const struct item *c)
{
    const struct item *r = rule_of(o, item_text(c, SAID_CLEARANCE_COUNTRY));
    return r && item_flag(r, SAID_RULE_ONCE) &&
           item_word(c, SAID_CLEARANCE_USE) == CLEARANCE_OVERFLIGHT &&
           item_has(c, SAID_CLEARANCE_CALLSIGNS);
}

static int64_t time_of(const struct sortie *s)
{
    const struct sortie_end *e = s->off.lo_ms != SORTIE_NO_TIME ? &s->off : &s->on;
    return e->lo_ms == SORTIE_NO_TIME ? SORTIE_NO_TIME : e->lo_ms + (e->hi_ms - e->lo_ms) / 2;
}

struct pairing {
    int64_t far_ms;
    uint32_t clearance, flight;
};

static int nearer(const void *p, const void *q)
{
    const struct pairing *a = p, *b = q;
    return a->far_ms != b->far_ms         ? (a->far_ms < b->far_ms ? -1 : 1)
           : a->clearance != b->clearance ? (a->clearance < b->clearance ? -1 : 1)
           : a->flight != b->flight       ? (a->flight < b->flight ? -1 : 1)
                                          : 0;
}

struct pairs {
    struct pairing *of;
    size_t n, cap;
};

static enum err add_pair(struct pairs *p, struct pairing one)
{
    if (p->n == p->cap) {
        p->cap = p->cap ? p->cap * 2 : 256;
        struct pairing *more = realloc(p->of, p->cap * sizeof *more);
        if (!more) {
            return ERR_MEMORY;
        }
        p->of = more;
    }
    p->of[p->n++] = one;
    return ERR_OK;
}

static const struct sortie *sortie_at(const struct sortie *first, size_t stride, size_t i)
{
    return (const struct sortie *)(const void *)((const char *)first + i * stride);
}

/* Those within its time first, by how long after it begins, for it is granted for one flight's
   time; then those beside it. */
static int64_t distance(const struct item *c, int64_t t_ms)
{
    const int64_t beside = apart(c, t_ms, t_ms), from = item_ms(c, SAID_CLEARANCE_FROM);
    return beside > 0 || from == ITEM_NO_TIME ? NAMED_NEAR_MS + beside : t_ms - from;
}

static enum err pair_up(const struct operation *o, const struct item *c, uint32_t number,
                        const struct sortie *first, size_t n, size_t stride, struct pairs *p)
{
    enum err e = ERR_OK;
    for (size_t i = 0; i < n && !e; i++) {
        const struct sortie *s = sortie_at(first, stride, i);
        const int64_t t_ms = time_of(s);
        if (!s->implied && t_ms != SORTIE_NO_TIME && s->callsign[0] &&
            apart(c, t_ms, t_ms) < NAMED_NEAR_MS && fit_of(o, c, s) == FIT_OWN) {
            e = add_pair(p, (struct pairing){distance(c, t_ms), number, (uint32_t)i});
        }
    }
    return e;
}

/* Each flight takes one clearance a country. */
static bool has_one(const struct operation *o, const struct clearance_taken *t,
                    const struct sortie *s, const char *country)
{
    size_t n;
    const struct item *c = operation_all(o, ITEM_CLEARANCE, &n);
    for (size_t i = 0; t && i < n && i < t->n; i++) {
        if (t->by[i].is && t->by[i].address == s->address && t->by[i].leg == s->leg &&
            t->by[i].epoch == s->epoch &&
            strcmp(item_text(&c[i], SAID_CLEARANCE_COUNTRY), country) == 0) {
            return true;
        }
    }
    return false;
}

enum err clearance_take(const struct operation *o, const struct sortie *first, size_t n,
                        size_t stride, struct clearance_taken *out)
{
    size_t items;
    const struct item *c = operation_all(o, ITEM_CLEARANCE, &items);
    struct pairs p = {0};
    enum err e = ERR_OK;
    *out = (struct clearance_taken){.by = calloc(items + 1, sizeof *out->by), .n = items};
    for (size_t i = 0; i < items && out->by && !e; i++) {
        e = is_once(o, &c[i]) ? pair_up(o, &c[i], (uint32_t)i, first, n, stride, &p) : ERR_OK;
    }
    if (p.n > 1) {
        qsort(p.of, p.n, sizeof *p.of, nearer);
    }
    for (size_t k = 0; k < p.n && out->by && !e; k++) {
        const struct sortie *s = sortie_at(first, stride, p.of[k].flight);
        struct clearance_flight *by = &out->by[p.of[k].clearance];
        const char *country = item_text(&c[p.of[k].clearance], SAID_CLEARANCE_COUNTRY);
        if (!by->is && !has_one(o, out, s, country)) {
            *by = (struct clearance_flight){s->address, s->leg, s->epoch, true};
        }
    }
    free(p.of);
    e = out->by ? e : ERR_MEMORY;
    if (e) {
        clearance_taken_free(out);
    }
    return e;
}

void clearance_taken_free(struct clearance_taken *t)
{
    free(t->by);
    *t = (struct clearance_taken){0};
}

/* ---- one flight ---- */

struct asking {
    const struct operation *o;
    const struct clearance_taken *taken;
    const struct sortie *s;
    int64_t now_ms;
};

/* Another flight's, or not the one this flight has of its own. */
static bool is_others(const struct asking *q, const struct item *c, size_t at, bool own)
{
    if (!q->taken || at >= q->taken->n || !is_once(q->o, c)) {
        return false;
    }
    const struct clearance_flight *by = &q->taken->by[at];
    return by->is ? by->address != q->s->address || by->leg != q->s->leg || by->epoch != q->s->epoch
                  : own;
}

/* What the clearances that fit within these bounds say; how many there are. */
static unsigned judge_fit(const struct asking *q, int64_t lo_ms, int64_t hi_ms, enum fit least,
                          enum fit most, struct clearance_finding *f)
{
    const struct operation *o = q->o;
    const struct sortie *s = q->s;
    const int64_t now_ms = q->now_ms;
    const bool own = has_one(o, q->taken, s, f->country);
    size_t n;
    const struct item *c = operation_all(o, ITEM_CLEARANCE, &n);
    int64_t nearest = NAMED_NEAR_MS;
    unsigned found = 0;
    for (size_t i = 0; i < n && f->state != CLEARANCE_INSIDE; i++) {
        int64_t from, to;
        const int64_t far = apart(&c[i], lo_ms, hi_ms);
        if (strcmp(item_text(&c[i], SAID_CLEARANCE_COUNTRY), f->country) != 0 ||
            item_word(&c[i], SAID_CLEARANCE_USE) != (int)f->use ||
            !clearance_is_known(&c[i], now_ms) || far >= NAMED_NEAR_MS ||
            is_others(q, &c[i], i, own)) {
            continue;
        }
        const enum fit fit = fit_of(o, &c[i], s);
        if (fit < least || fit > most) {
            continue;
        }
        const bool valid = clearance_window(o, &c[i], now_ms, &from, &to);
        const enum clearance_state state = !valid || hi_ms < from || lo_ms > to ? CLEARANCE_OUTSIDE
                                           : lo_ms >= from && hi_ms <= to       ? CLEARANCE_INSIDE
                                                                                : CLEARANCE_UNKNOWN;
        if (state == CLEARANCE_OUTSIDE && (fit == FIT_TAIL || far > OWN_NEAR_MS)) {
            continue; /* another flight's */
        }
        found++;
        if (state == CLEARANCE_INSIDE || f->state == CLEARANCE_NONE || far < nearest ||
            state == CLEARANCE_UNKNOWN) {
            f->state = state;
            f->clearance = &c[i];
            nearest = far;
        }
    }
    return found;
}

/* What a country's clearances say of a flight that was there some time from lo to hi: its own, and
   where it has none those that name the airframe. */
static void judge(const struct asking *q, int64_t lo_ms, int64_t hi_ms, struct clearance_finding *f)
{
    f->state = CLEARANCE_NONE;
    if (!judge_fit(q, lo_ms, hi_ms, FIT_OWN, FIT_OWN, f)) {
        judge_fit(q, lo_ms, hi_ms, FIT_TAIL, FIT_CAME, f);
    }
}

struct finding_list {
    struct clearance_finding *of;
    size_t n;
};

static struct clearance_finding *add(struct finding_list *l, const char *country,
                                     enum clearance_use use, bool leaving)
{
    for (size_t k = 0; k < l->n; k++) {
        if (strcmp(l->of[k].country, country) == 0 && l->of[k].use == use &&
            l->of[k].leaving == leaving) {
            return NULL;
        }
    }
    if (l->n == CLEARANCE_FINDINGS) {
        return NULL;
    }
    struct clearance_finding *f = &l->of[l->n++];
    *f = (struct clearance_finding){.use = use, .leaving = leaving, .state = CLEARANCE_UNKNOWN};
    memcpy(f->country, country, sizeof f->country);
    return f;
}

static bool is_own(const struct operation *o, const struct sortie *s, const char *country)
{
    const struct item *head = operation_head(o);
    return strcmp(s->country, country) == 0 ||
           (head && item_has(head, SAID_HEAD_PARTIES) &&
            item_lists(head, SAID_HEAD_PARTIES, country, false));
}

static bool was_seen(const struct sortie *s, const char *country)
{
    for (unsigned k = 0; k < s->states; k++) {
        if (strcmp(s->state[k].country, country) == 0) {
            return true;
        }
    }
    return false;
}

/* A landing or take-off: known only where it was observed, or the flight was seen over the country
   and the field is as good as sure. */
static void find_end(const struct asking *q, bool leaving, struct finding_list *l)
{
    const struct operation *o = q->o;
    const struct sortie *s = q->s;
    const struct sortie_end *e = leaving ? &s->off : &s->on;
    const char *country = e->places ? e->place[0].country : "";
    if (!country[0] || is_own(o, s, country) || !is_needed(o, country, CLEARANCE_LANDING)) {
        return;
    }
    struct clearance_finding *f = add(l, country, CLEARANCE_LANDING, leaving);
    const bool sure = (double)(e->place[0].p * e->p) >= 0.95 && e->lo_ms != SORTIE_NO_TIME;
    if (f && sure && (e->observed || was_seen(s, country))) {
        judge(q, e->lo_ms, e->hi_ms, f);
    }
}

static bool is_end(const struct sortie *s, const char *country)
{
    return (s->off.places && strcmp(s->off.place[0].country, country) == 0) ||
           (s->on.places && strcmp(s->on.place[0].country, country) == 0);
}

/* Countries whose clearance names the flight, though it was not seen there. */
static void find_named(const struct operation *o, const struct sortie *s, int64_t now_ms,
                       struct finding_list *l)
{
    size_t n;
    const struct item *c = operation_all(o, ITEM_CLEARANCE, &n);
    const int64_t lo = s->off.lo_ms != SORTIE_NO_TIME ? s->off.lo_ms : s->on.lo_ms;
    const int64_t hi = s->on.hi_ms != SORTIE_NO_TIME ? s->on.hi_ms : s->off.hi_ms;
    for (size_t i = 0; i < n && lo != SORTIE_NO_TIME; i++) {
        const char *country = item_text(&c[i], SAID_CLEARANCE_COUNTRY);
        if (item_word(&c[i], SAID_CLEARANCE_USE) == CLEARANCE_OVERFLIGHT && !is_end(s, country) &&
            clearance_is_known(&c[i], now_ms) && fit_of(o, &c[i], s) >= FIT_CAME &&
            apart(&c[i], lo, hi) < DAY_MS) {
            add(l, country, CLEARANCE_OVERFLIGHT, false);
        }
    }
}

unsigned clearance_grave(enum clearance_state s)
{
    static const uint8_t rank[CLEARANCE_STATES] = {[CLEARANCE_INSIDE] = 0,
                                                   [CLEARANCE_UNKNOWN] = 1,
                                                   [CLEARANCE_NONE] = 2,
                                                   [CLEARANCE_OUTSIDE] = 3};
    return rank[s];
}

/* All passages of one country from the first on: as the worst of them stands. */
static void judge_passages(const struct asking *q, unsigned first, struct clearance_finding *f)
{
    const struct sortie *s = q->s;
    struct clearance_finding worst = *f;
    for (unsigned k = first; k < s->states; k++) {
        const struct sortie_state *st = &s->state[k];
        struct clearance_finding here = *f;
        if (strcmp(st->country, f->country) == 0) {
            judge(q, st->first_ms, st->last_ms, &here);
            worst = k == first || clearance_grave(here.state) > clearance_grave(worst.state)
                        ? here
                        : worst;
        }
    }
    *f = worst;
}

size_t clearance_find(const struct operation *o, const struct clearance_taken *taken,
                      const struct sortie *s, int64_t now_ms,
                      struct clearance_finding out[CLEARANCE_FINDINGS])
{
    const struct asking q = {o, taken, s, now_ms};
    struct finding_list l = {.of = out};
    find_end(&q, true, &l);
    find_end(&q, false, &l);
    for (unsigned k = 0; k < s->states; k++) {
        const struct sortie_state *st = &s->state[k];
        if (is_own(o, s, st->country) || is_end(s, st->country) ||
            !is_needed(o, st->country, CLEARANCE_OVERFLIGHT)) {
            continue;
        }
        struct clearance_finding *f = add(&l, st->country, CLEARANCE_OVERFLIGHT, false);
        if (f) {
            judge_passages(&q, k, f);
        }
    }
    find_named(o, s, now_ms, &l);
    return l.n;
}

/* ---- days ---- */

enum clearance_day clearance_day(const struct operation *o, const char *country, int32_t day,
                                 int64_t now_ms)
{
    size_t n;
    const struct item *c = operation_all(o, ITEM_CLEARANCE, &n);
    const int64_t start = (int64_t)day * DAY_MS;
    bool before = false, after = false;
    if (!is_needed(o, country, CLEARANCE_LANDING)) {
        return CLEARANCE_DAY_FREE;
    }
    for (size_t i = 0; i < n; i++) {
        int64_t from, to;
        if (strcmp(item_text(&c[i], SAID_CLEARANCE_COUNTRY), country) != 0 ||
            item_word(&c[i], SAID_CLEARANCE_USE) != CLEARANCE_LANDING ||
            !clearance_is_known(&c[i], now_ms) || !clearance_window(o, &c[i], now_ms, &from, &to)) {
            continue;
        }
        if (from < start + DAY_MS && to >= start) {
            return CLEARANCE_DAY_VALID;
        }
        before |= to < start;
        after |= from >= start + DAY_MS;
    }
    return before && after ? CLEARANCE_DAY_NONE : CLEARANCE_DAY_UNKNOWN;
}

bool clearance_lapses(const struct operation *o, const char *country, int64_t now_ms,
                      int64_t ahead_ms, int64_t *at_ms)
{
    size_t n;
    const struct item *c = operation_all(o, ITEM_CLEARANCE, &n);
    int64_t last = ITEM_NO_TIME;
    for (size_t i = 0; i < n; i++) {
        int64_t from, to;
        if (strcmp(item_text(&c[i], SAID_CLEARANCE_COUNTRY), country) == 0 &&
            item_word(&c[i], SAID_CLEARANCE_USE) == CLEARANCE_LANDING &&
            clearance_window(o, &c[i], now_ms, &from, &to) && to > last) {
            last = to;
        }
    }
    *at_ms = last;
    return last != ITEM_NO_TIME && last >= now_ms && last <= now_ms + ahead_ms;
}
