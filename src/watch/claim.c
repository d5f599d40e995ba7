/* Rows of the ledger: what they make so, and what they take back. */
#include "watch/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Below this share of what was asked an inbound is taken back; between the two it is left alone. */
#define BACK_SHARE 0.5F
/* A landing less sure than this says nothing against what was told. */
#define EVENT_LEAST_P 0.5F
/* Two rows of one meeting, one of each aircraft, begin as close as this. */
#define MEETING_MS INT64_C(1200000)
#define SPOOF_MS   INT64_C(1800000) /* told so long before its positions were found false */
#define HOLD_MS    INT64_C(1200000)

enum { HELD_MAX = 1 << 18 };

static uint32_t bit_of(const struct claim *c)
{
    return UINT32_C(1) << c->kind;
}

static bool is_withdrawn(const struct claim *c)
{
    return (c->flags & CLAIM_WITHDRAWN) != 0;
}

/* A flight has one end, whatever row says so. */
static bool is_end(unsigned word)
{
    return word == WATCH_DEPARTS || word == WATCH_LANDS || word == WATCH_INBOUND;
}

static bool is_same(const struct event *e, unsigned word, const struct claim *c)
{
    return e->told.word == word && e->told.epoch == c->epoch && e->told.number &&
           ((c->supersedes && e->told.number == c->supersedes) || e->told.number == c->number ||
            (is_end(word) && c->leg && e->told.leg == c->leg));
}

/* How surely the claim is what a case waits for; < 0: it is not at all. */
static float surely(struct watch_set *s, const struct watch *w, const struct watch_case *of,
                    const struct plane *a, const struct claim *c, int *best)
{
    const struct watch_term *t = of->event >= 0 ? &w->rule->term[of->event] : NULL;
    if (!t || !(watch_word_row[t->word].claims & bit_of(c)) || is_withdrawn(c)) {
        return -1;
    }
    const float p = weigh_place(s, w, t, c, best);
    if (p < t->p && !(t->word == WATCH_INBOUND && p > 0)) {
        return -1;
    }
    const int64_t t_ms = c->made_ms;
    if (weigh_case(s, w, of, a, t_ms) != IS_TRUE) {
        return -1;
    }
    if (t->word == WATCH_MEETS && t->sides[0]) {
        struct plane *other = c->other == ADDRESS_NONE ? NULL : plane_find(s, c->other);
        if (!other || !weigh_side(s, w, t, 0, other, t_ms)) {
            return -1;
        }
    }
    return p;
}

static void key_of_claim(char key[WATCH_KEY_MAX], unsigned word, const struct claim *c)
{
    const bool end = is_end(word) && c->leg;
    snprintf(key, WATCH_KEY_MAX, "%s:%06x:%u:%s%u", watch_word_row[word].word, (unsigned)c->address,
             (unsigned)c->epoch, end ? "" : "n", (unsigned)(end ? c->leg : c->number));
}

static struct watch_alert alert_of_claim(const struct watch_set *s, const struct watch *w,
                                         const struct plane *a, const struct claim *c,
                                         unsigned word, int best)
{
    struct watch_alert o = event_alert(s, w, a);
    o.word = (uint8_t)word;
    o.made_ms = c->made_ms;
    o.t_lo_ms = c->t_lo_ms;
    o.t_hi_ms = c->t_hi_ms;
    o.other = c->other;
    o.epoch = c->epoch;
    o.leg = c->leg;
    o.number = c->number;
    o.has_claim = true;
    o.claim = *c;
    if (c->flight[0]) {
        memcpy(o.flight, c->flight, 8);
        o.flight[8] = '\0';
        o.flight[strcspn(o.flight, " ")] = '\0';
    }
    if (c->lat_e7 != CLAIM_NO_PLACE) {
        o.lat_e7 = c->lat_e7;
        o.lon_e7 = c->lon_e7;
    }
    o.alt_ft = c->alt_ft;
    if (best >= 0) {
        snprintf(o.airport, sizeof o.airport, "%.11s", c->candidate[best].airport);
    }
    return o;
}

/* The area or airport asked for names the place of what has no airport. */
static void name_where(const struct watch *w, const struct watch_term *t, struct watch_alert *o)
{
    if (t->where == WATCH_WITHIN && !o->airport[0]) {
        if (t->places) {
            snprintf(o->airport, sizeof o->airport, "%.11s", w->rule->value[t->place].text);
        } else {
            snprintf(o->area, sizeof o->area, "%s", w->rule->area[t->area].name);
        }
    }
}

/* ---- what was told before ---- */

static enum err correct(struct watch_set *s, struct plane *a, struct event *e,
                        const struct claim *c)
{
    const uint32_t i = watch_index(s, e->told.watch);
    e->told.standing = false;
    e->told.number = c->number;
    e->told.last_ms = c->made_ms;
    event_changed(s, e);
    if (i == NONE) {
        return ERR_OK;
    }
    const struct watch *w = &s->watch[i];
    struct watch_alert o =
        alert_of_claim(s, w, a, c, e->told.word, c->candidates > 0 && !is_withdrawn(c) ? 0 : -1);
    o.tell = WATCH_TELL_CORRECTED;
    o.step = e->told.step;
    o.p = c->p;
    key_of_claim(o.key, e->told.word, c);
    if (!(is_end(e->told.word) && c->leg)) { /* its key has the number it began with */
        snprintf(o.key, sizeof o.key, "%s:%06x:%u:n%u", watch_word_row[e->told.word].word,
                 (unsigned)c->address, (unsigned)c->epoch, (unsigned)e->told.leg);
    }
    if (w->rule->steps == 1) {
        if (e->told.count > 1) {
            const size_t n = strlen(o.key);
            snprintf(o.key + n, sizeof o.key - n, "#%u", (unsigned)e->told.count);
        }
        event_give(s, &o);
    }
    return ERR_OK;
}

/* One row says it while it is flown, the next may call it another. */
static bool is_figure(uint32_t claims)
{
    return claims & (UINT32_C(1) << CLAIM_ORBIT | UINT32_C(1) << CLAIM_HOLDING |
                     UINT32_C(1) << CLAIM_SURVEY);
}

/* Whether a claim other than what was told contradicts it. */
static bool contradicts(struct watch_set *s, const struct event *e, const struct watch *w,
                        const struct claim *c)
{
    const unsigned word = e->told.word;
    int best;
    if (is_withdrawn(c)) {
        return c->supersedes == e->told.number;
    }
    if (is_figure(bit_of(c)) && is_figure(watch_word_row[word].claims) &&
        !(watch_word_row[word].claims & bit_of(c))) {
        return true; /* what began as an orbit ended as a hold */
    }
    const struct watch_step *st = &w->rule->step[e->told.step];
    float most = 0, least = 1;
    for (uint16_t k = 0; k < st->cases; k++) {
        const struct watch_case *of = &w->rule->of[st->first + k];
        if (of->event >= 0 && w->rule->term[of->event].word == word) {
            const struct watch_term *t = &w->rule->term[of->event];
            const float p = weigh_place(s, w, t, c, &best);
            most = p > most ? p : most;
            least = t->p < least ? t->p : least;
        }
    }
    if (word == WATCH_BOTH) {
        return c->kind == CLAIM_LANDED && most < EVENT_LEAST_P;
    }
    if (word == WATCH_INBOUND && c->kind == CLAIM_LANDED) {
        return most < EVENT_LEAST_P && c->p >= EVENT_LEAST_P;
    }
    return (watch_word_row[word].claims & bit_of(c)) &&
           most < (word == WATCH_INBOUND ? BACK_SHARE * least : least);
}

/* Goes through what was told of the aircraft that this row is about. */
static enum err revise(struct watch_set *s, struct plane *a, const struct claim *c)
{
    enum err err = ERR_OK;
    for (uint32_t i = a->event; i != NONE && !err;) {
        struct event *e = &s->event[i];
        i = e->next;
        const uint32_t at = watch_index(s, e->told.watch);
        const bool mine = e->told.number && !e->told.absent && is_same(e, e->told.word, c);
        const bool landed_else = e->told.word == WATCH_INBOUND && c->kind == CLAIM_LANDED &&
                                 e->told.epoch == c->epoch && c->leg && e->told.leg == c->leg;
        if (at == NONE || !e->told.standing || !(mine || landed_else)) {
            continue;
        }
        if (contradicts(s, e, &s->watch[at], c)) {
            err = correct(s, a, e, c);
        } else if (watch_word_row[e->told.word].claims & bit_of(c)) {
            e->told.number = c->number;
            e->told.last_ms = c->made_ms;
            event_changed(s, e);
        }
    }
    return err;
}

/* A silence that was told, and ended in a landing. */
static enum err revise_dark(struct watch_set *s, struct plane *a, const struct claim *c)
{
    for (struct event *e = event_at(s, a->event); e && c->kind == CLAIM_LANDED;
         e = event_at(s, e->next)) {
        const uint32_t at = watch_index(s, e->told.watch);
        if (e->told.word != WATCH_DARK || !e->told.standing || at == NONE ||
            c->t_hi_ms < e->told.since_ms || c->t_lo_ms > e->told.last_ms || c->p < 0.5F) {
            continue;
        }
        struct watch_alert o =
            alert_of_claim(s, &s->watch[at], a, c, WATCH_DARK, c->candidates ? 0 : -1);
        o.tell = WATCH_TELL_CORRECTED;
        snprintf(o.key, sizeof o.key, "d:%06x:%lld", (unsigned)a->address,
                 (long long)e->told.since_ms);
        e->told.standing = false;
        event_changed(s, e);
        event_give(s, &o);
    }
    return ERR_OK;
}

/* What was told of an aircraft whose positions turn out false was told of nothing. */
static enum err revise_spoofed(struct watch_set *s, struct plane *a, const struct claim *c)
{
    enum err err = ERR_OK;
    if (c->kind == CLAIM_SPOOFED && is_withdrawn(c)) {
        a->false_lo_ms = a->false_hi_ms = KEPT_NO_TIME;
    }
    if (c->kind != CLAIM_SPOOFED || is_withdrawn(c) || c->p < EVENT_LEAST_P) {
        return ERR_OK;
    }
    a->false_lo_ms = c->t_lo_ms - SPOOF_MS;
    a->false_hi_ms = c->t_hi_ms > a->false_hi_ms ? c->t_hi_ms : a->false_hi_ms;
    held_drop(s, c->address, 0);
    both_drop(s, c->address);
    for (uint32_t i = a->event; i != NONE && !err;) {
        struct event *e = &s->event[i];
        i = e->next;
        if (e->told.standing && e->told.number && e->told.word != WATCH_SPOOFED &&
            e->told.epoch == c->epoch && e->told.since_ms >= c->t_lo_ms - SPOOF_MS) {
            err = correct(s, a, e, c);
        }
    }
    return err;
}

/* ---- what waits ---- */

void held_drop(struct watch_set *s, uint32_t address, uint32_t number)
{
    for (size_t i = 0; i < s->n_held;) {
        const struct claim *c = &s->held[i].claim;
        if (c->address == address && (number == 0 || c->number == number)) {
            s->held[i] = s->held[--s->n_held];
        } else {
            i++;
        }
    }
}

/* A figure is flown for a short time by a flight that may have been heard for long. */
static void note_flight(struct plane *a, const struct claim *c)
{
    const int64_t first_ms = c->evidence.first_ms;
    if (!c->leg || first_ms == CLAIM_NO_TIME) {
        return;
    }
    if (a->leg != c->leg || a->epoch != c->epoch || first_ms < a->flight_ms) {
        a->flight_ms = first_ms;
    }
    a->leg = c->leg;
    a->epoch = c->epoch;
}

/* What is said of a flight heard for so short a time only is not told yet: a ghost is found out in
   that time. True: it waits. */
static bool hold(struct watch_set *s, const struct plane *a, const struct claim *c)
{
    if (c->supersedes) {
        held_drop(s, c->address, c->supersedes);
    }
    if (c->kind == CLAIM_SPOOFED || c->evidence.first_ms == CLAIM_NO_TIME) {
        return false;
    }
    const int64_t ripe_ms = HOLD_MS + (c->leg ? a->flight_ms : c->evidence.first_ms);
    if (s->now_ms >= ripe_ms) {
        return false;
    }
    if (s->n_held == s->held_max) {
        const size_t max = s->held_max ? 2 * s->held_max : 64;
        struct held *more = max > HELD_MAX ? NULL : realloc(s->held, max * sizeof *more);
        if (!more) {
            return false;
        }
        s->held = more;
        s->held_max = max;
    }
    s->held[s->n_held++] = (struct held){*c, ripe_ms};
    return true;
}

/* ---- what it makes so ---- */

static struct event *find_told(struct watch_set *s, const struct plane *a, const struct watch *w,
                               unsigned step, unsigned word, const struct claim *c)
{
    for (struct event *e = event_at(s, a->event); e; e = event_at(s, e->next)) {
        if (e->told.watch == w->id && e->told.step == step && !e->told.absent &&
            is_same(e, word, c)) {
            return e;
        }
    }
    return NULL;
}

/* The other aircraft's row of the same meeting was told. */
static bool met_before(struct watch_set *s, const struct watch *w, const struct claim *c)
{
    const struct plane *other = c->other == ADDRESS_NONE ? NULL : plane_find(s, c->other);
    for (struct event *e = other ? event_at(s, other->event) : NULL; e; e = event_at(s, e->next)) {
        if (e->told.watch == w->id && e->told.word == WATCH_MEETS && e->told.other == c->address &&
            e->told.since_ms - c->t_lo_ms < MEETING_MS &&
            c->t_lo_ms - e->told.since_ms < MEETING_MS) {
            return true;
        }
    }
    return false;
}

static enum err weigh_entry(struct watch_set *s, struct plane *a, const struct claim *c,
                            uint32_t entry)
{
    const struct entry en = s->entry[entry];
    const struct watch *w = &s->watch[en.watch];
    const struct watch_case *of = &w->rule->of[en.of];
    int best = -1;
    if (en.word >= WATCH_WORDS || !(watch_word_row[en.word].claims & bit_of(c))) {
        return ERR_OK;
    }
    struct event *old = find_told(s, a, w, en.step, en.word, c);
    if (old && old->told.standing) {
        return ERR_OK;
    }
    const float p = surely(s, w, of, a, c, &best);
    const struct watch_term *t = &w->rule->term[of->event];
    if (p < t->p || (en.word == WATCH_MEETS && met_before(s, w, c)) ||
        (en.step && !event_armed(s, w->id, en.step, a->address, c->t_lo_ms, c->t_hi_ms))) {
        return ERR_OK;
    }
    struct watch_alert o = alert_of_claim(s, w, a, c, en.word, best);
    o.p = p;
    o.step = (uint8_t)en.step;
    name_where(w, t, &o);
    key_of_claim(o.key, en.word, c);
    const struct watch_told told = {.watch = w->id,
                                    .since_ms = c->t_lo_ms,
                                    .last_ms = c->made_ms,
                                    .word = en.word,
                                    .step = (uint8_t)en.step,
                                    .epoch = c->epoch,
                                    .address = c->address,
                                    .other = c->other,
                                    .leg = is_end(en.word) && c->leg ? c->leg : c->number,
                                    .number = c->number};
    return event_tell(s, a, &o, &told, old);
}

static enum err weigh_key(struct watch_set *s, struct plane *a, const struct claim *c, uint32_t key)
{
    enum err e = ERR_OK;
    for (uint32_t i = index_first(s, key); i != NONE && !e; i = s->link[i].next) {
        e = weigh_entry(s, a, c, s->link[i].entry);
    }
    return e;
}

/* The country of a site; "". */
static const char *country_of(const struct watch_set *s, const char *code)
{
    const uint32_t i =
        s->views.airports ? airport_find(s->views.airports, code, AIRPORT_TODAY) : AIRPORT_NONE;
    return i == AIRPORT_NONE ? "" : airport_at(s->views.airports, i)->country;
}

static enum err weigh_places(struct watch_set *s, struct plane *a, const struct claim *c)
{
    enum err e = ERR_OK;
    for (unsigned i = 0; i < c->candidates && !e; i++) {
        const char *code = c->candidate[i].airport;
        const char *country = country_of(s, code);
        bool seen = false;
        for (unsigned k = 0; k < i && !seen; k++) {
            seen = strcmp(country_of(s, c->candidate[k].airport), country) == 0;
        }
        e = weigh_key(s, a, c, index_key(KEY_AT, 0, code, 0));
        e = e || seen ? e : weigh_key(s, a, c, index_key(KEY_COUNTRY, 0, country, 0));
    }
    return e;
}

static enum err weigh_all(struct watch_set *s, struct plane *a, const struct claim *c)
{
    enum err e = ERR_OK;
    for (uint32_t i = 0; i < a->entries && !e; i++) {
        e = weigh_entry(s, a, c, a->entry[i]);
    }
    e = e ? e : weigh_places(s, a, c);
    for (unsigned word = 0; word < WATCH_WORDS && !e; word++) {
        if (watch_word_row[word].claims & bit_of(c)) {
            e = weigh_key(s, a, c, index_key(KEY_WORD, word, "", 0));
        }
    }
    return e;
}

enum err held_tick(struct watch_set *s)
{
    enum err e = ERR_OK;
    for (size_t i = 0; i < s->n_held && !e;) {
        struct plane *a = plane_find(s, s->held[i].claim.address);
        if (s->now_ms < s->held[i].ripe_ms) {
            i++;
            continue;
        }
        struct claim c = s->held[i].claim;
        c.made_ms = s->held[i].ripe_ms;
        s->held[i] = s->held[--s->n_held];
        e = a ? plane_renew(s, a) : ERR_OK;
        e = e || !a ? e : weigh_all(s, a, &c);
    }
    return e;
}

enum err watch_claim(struct watch_set *s, const struct claim *c)
{
    struct plane *a;
    enum err e = plane_get(s, c->address, &a);
    if (e) {
        return e;
    }
    s->sums.claims++;
    s->now_ms = c->made_ms > s->now_ms ? c->made_ms : s->now_ms;
    if (!a->flight[0] && c->flight[0]) {
        memcpy(a->flight, c->flight, 8);
        a->renewed = 0;
    }
    e = plane_renew(s, a);
    event_forget(s, a);
    e = e ? e : revise(s, a, c);
    e = e ? e : revise_dark(s, a, c);
    e = e ? e : revise_spoofed(s, a, c);
    if (a->is_expected) {
        expected_claim(s, a, c);
    }
    note_flight(a, c);
    e = e || hold(s, a, c) ? e : weigh_all(s, a, c);
    return e || !s->has_both ? e : both_claim(s, a, c);
}
