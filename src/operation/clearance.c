#include "operation/clearance_internal.h"

#include <string.h>

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
    return t_ms / CLEARANCE_DAY_MS * CLEARANCE_DAY_MS;
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
        *from_ms -= (int64_t)(item_number(r, SAID_RULE_BEFORE_H, 0) * (double)CLEARANCE_HOUR_MS);
        *to_ms += (int64_t)(item_number(r, SAID_RULE_AFTER_H, 0) * (double)CLEARANCE_HOUR_MS);
        if (item_word(r, SAID_RULE_MODE) == 1) { /* whole days */
            *from_ms = day_start(*from_ms);
            *to_ms = day_start(*to_ms) + CLEARANCE_DAY_MS - 1;
        }
    }
    if (state == STATE_REVOKED && revoked < *to_ms && revoked <= now_ms) {
        *to_ms = revoked;
    }
    return *from_ms <= *to_ms;
}

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
enum clearance_fit clearance_fit(const struct operation *o, const struct item *c,
                                 const struct sortie *s)
{
    char address[8];
    const struct item *r = rule_of(o, item_text(c, SAID_CLEARANCE_COUNTRY));
    const bool fixed = r && item_word(r, SAID_RULE_CALLSIGNS) == 0;
    const bool overflight = item_word(c, SAID_CLEARANCE_USE) == CLEARANCE_OVERFLIGHT;
    item_hex(s->address, address);
    if (!item_lists(c, SAID_CLEARANCE_TAILS, address, false) ||
        !item_lists(c, SAID_CLEARANCE_TYPES, s->type, false) ||
        (overflight && is_other_way(c, s))) {
        return FIT_NO;
    }
    if (!s->callsign[0] || item_lists_sign(c, SAID_CLEARANCE_CALLSIGNS, s->callsign)) {
        return FIT_OWN;
    }
    if (!fixed && s->came_as[0] && item_lists_sign(c, SAID_CLEARANCE_CALLSIGNS, s->came_as)) {
        return FIT_CAME;
    }
    return item_has(c, SAID_CLEARANCE_TAILS) && !fixed ? FIT_TAIL : FIT_NO;
}

bool clearance_span(const struct item *c, int64_t *from_ms, int64_t *to_ms)
{
    *from_ms = item_ms(c, SAID_CLEARANCE_FROM);
    *to_ms = item_ms(c, SAID_CLEARANCE_TO);
    if (*from_ms == ITEM_NO_TIME) { /* asked for: the flight is some days later */
        *from_ms = item_ms(c, SAID_CLEARANCE_REQUESTED);
        *to_ms = *from_ms == ITEM_NO_TIME ? *from_ms : *from_ms + CLEARANCE_NAMED_MS;
    }
    *to_ms = *to_ms == ITEM_NO_TIME ? *from_ms : *to_ms;
    return *from_ms != ITEM_NO_TIME;
}

int64_t clearance_apart(const struct item *c, int64_t lo_ms, int64_t hi_ms)
{
    int64_t from, to;
    if (!clearance_span(c, &from, &to)) {
        return CLEARANCE_NAMED_MS;
    }
    return hi_ms < from ? from - hi_ms : lo_ms > to ? lo_ms - to : 0;
}

/* ---- one flight ---- */

struct asking {
    const struct operation *o;
    const struct clearance_taken *taken;
    const struct sortie *s;
    int64_t now_ms;
};

enum whose {
    WHOSE_ANY,    /* for whoever it names */
    WHOSE_OTHERS, /* another flight's, or not the one this flight has of its own */
    WHOSE_OPEN    /* this flight's or another one's */
};

static enum whose whose_is(const struct asking *q, const struct item *c, size_t at,
                           const struct clearance_flight *me, bool own, bool is_within,
                           const struct clearance_finding *f)
{
    if (!q->taken || at >= q->taken->n || !clearance_is_once(q->o, c)) {
        return WHOSE_ANY;
    }
    const struct clearance_flight *by = &q->taken->by[at];
    const bool leaving = f->use == CLEARANCE_LANDING && f->leaving;
    if (!by->is && own) { /* of one that left: another visit's, or its own that nobody heard come */
        return leaving && is_within ? WHOSE_OPEN : WHOSE_OTHERS;
    }
    if (!by->is || clearance_is_same(by, me)) {
        return by->contested ? WHOSE_OPEN : WHOSE_ANY;
    }
    /* Where nobody knows the flight that came, the visit it is for may be this one. */
    return !own && (by->contested || (leaving && !q->s->came_by)) ? WHOSE_OPEN : WHOSE_OTHERS;
}

/* What the clearances that fit within these bounds say; how many there are. */
static unsigned judge_fit(const struct asking *q, int64_t lo_ms, int64_t hi_ms,
                          enum clearance_fit least, enum clearance_fit most,
                          struct clearance_finding *f)
{
    const struct operation *o = q->o;
    const struct sortie *s = q->s;
    const int64_t now_ms = q->now_ms;
    const struct clearance_flight me = {
        s->address, f->use == CLEARANCE_LANDING ? clearance_visit(s, f->leaving) : s->leg,
        s->epoch,   true,
        false,      0};
    const bool own = clearance_has_one(o, q->taken, &me, f->country, f->use);
    size_t n;
    const struct item *c = operation_all(o, ITEM_CLEARANCE, &n);
    int64_t nearest = CLEARANCE_NAMED_MS;
    unsigned found = 0;
    for (size_t i = 0; i < n && f->state != CLEARANCE_INSIDE; i++) {
        int64_t from, to;
        const int64_t far = clearance_apart(&c[i], lo_ms, hi_ms);
        if (far >= CLEARANCE_NAMED_MS || item_word(&c[i], SAID_CLEARANCE_USE) != (int)f->use ||
            strcmp(item_text(&c[i], SAID_CLEARANCE_COUNTRY), f->country) != 0 ||
            !clearance_is_known(&c[i], now_ms)) {
            continue;
        }
        const enum clearance_fit fit = clearance_fit(o, &c[i], s);
        if (fit < least || fit > most) {
            continue;
        }
        const enum whose whose = whose_is(q, &c[i], i, &me, own, far == 0, f);
        if (whose == WHOSE_OTHERS) {
            continue;
        }
        const bool out =
            !clearance_window(o, &c[i], now_ms, &from, &to) || hi_ms < from || lo_ms > to;
        const enum clearance_state state = whose == WHOSE_OPEN            ? CLEARANCE_UNKNOWN
                                           : out                          ? CLEARANCE_OUTSIDE
                                           : lo_ms >= from && hi_ms <= to ? CLEARANCE_INSIDE
                                                                          : CLEARANCE_UNKNOWN;
        if (out && (fit == FIT_TAIL || far > CLEARANCE_OWN_MS)) {
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
    if (hi_ms - lo_ms > CLEARANCE_WIDE_MS && f->state != CLEARANCE_INSIDE) {
        f->state = CLEARANCE_UNKNOWN; /* not seen enough to say */
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
        if (clearance_apart(&c[i], lo, hi) < CLEARANCE_DAY_MS &&
            item_word(&c[i], SAID_CLEARANCE_USE) == CLEARANCE_OVERFLIGHT && !is_end(s, country) &&
            clearance_is_known(&c[i], now_ms) && clearance_fit(o, &c[i], s) >= FIT_CAME) {
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

/* Days of a span, from first_day on and n of them at most. */
static void mark_valid(int64_t from_ms, int64_t to_ms, int32_t first_day, size_t n,
                       enum clearance_day *out)
{
    const int64_t from = from_ms / CLEARANCE_DAY_MS - first_day;
    const int64_t to = to_ms / CLEARANCE_DAY_MS - first_day;
    for (int64_t d = from < 0 ? 0 : from; d <= to && d < (int64_t)n; d++) {
        out[d] = CLEARANCE_DAY_VALID;
    }
}

void clearance_days(const struct operation *o, const char *country, int32_t first_day, size_t n,
                    int64_t now_ms, enum clearance_day *out)
{
    size_t items;
    const struct item *c = operation_all(o, ITEM_CLEARANCE, &items);
    const bool needed = is_needed(o, country, CLEARANCE_LANDING);
    int64_t first_end = INT64_MAX, last_begin = INT64_MIN;
    for (size_t d = 0; d < n; d++) {
        out[d] = needed ? CLEARANCE_DAY_UNKNOWN : CLEARANCE_DAY_FREE;
    }
    for (size_t i = 0; i < items && needed; i++) {
        int64_t from, to;
        if (item_word(&c[i], SAID_CLEARANCE_USE) == CLEARANCE_LANDING &&
            strcmp(item_text(&c[i], SAID_CLEARANCE_COUNTRY), country) == 0 &&
            clearance_is_known(&c[i], now_ms) && clearance_window(o, &c[i], now_ms, &from, &to)) {
            first_end = to < first_end ? to : first_end;
            last_begin = from > last_begin ? from : last_begin;
            mark_valid(from, to, first_day, n, out);
        }
    }
    for (size_t d = 0; d < n; d++) {
        const int64_t start = (first_day + (int64_t)d) * CLEARANCE_DAY_MS;
        if (out[d] == CLEARANCE_DAY_UNKNOWN && first_end < start &&
            last_begin >= start + CLEARANCE_DAY_MS) {
            out[d] = CLEARANCE_DAY_NONE;
        }
    }
}

enum clearance_day clearance_day(const struct operation *o, const char *country, int32_t day,
                                 int64_t now_ms)
{
    enum clearance_day d;
    clearance_days(o, country, day, 1, now_ms, &d);
    return d;
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
