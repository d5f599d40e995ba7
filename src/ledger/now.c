#include "ledger/now.h"

#include "base/instant.h"
#include "ledger/flight.h"
#include "ledger/memory.h"
#include "store/ledger.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FORECASTS_MAX = 240, LIST_MAX = 10, NAME_MAX = 160, WHO_MAX = 200 };

/* From here on a place is said without doubt, said, guessed at all. */
#define SAID_P    CLAIM_NAMED_P
#define LIKELY_P  0.5F
#define GUESSED_P 0.1F

/* The rows of the airframe that used the address last. */
struct rows {
    struct claim *claim;
    bool *stands;
    struct flight *flight;
    size_t n, cap, flights;
    bool failed;
};

static bool take(void *ctx, const struct claim *c)
{
    struct rows *r = ctx;
    if (r->n > 0 && r->claim[0].epoch != c->epoch) {
        r->n = 0;
    }
    if (r->n == r->cap) {
        const size_t cap = r->cap ? r->cap * 2 : 256;
        struct claim *more = realloc(r->claim, cap * sizeof *more);
        if (!more) {
            r->failed = true;
            return false;
        }
        r->claim = more;
        r->cap = cap;
    }
    r->claim[r->n++] = *c;
    return true;
}

/* ---- pieces ---- */

static void put_text(struct buf *b, const char *key, const char *text)
{
    buf_format(b, ",\"%s\":", key);
    buf_json_string(b, text, strlen(text));
}

static void put_time(struct buf *b, const char *key, int64_t t_ms)
{
    char text[32];
    if (t_ms == CLAIM_NO_TIME) {
        buf_format(b, ",\"%s\":null", key);
    } else {
        instant_format(t_ms * 1000, 0, text);
        put_text(b, key, text);
    }
}

static const struct airport *airport_of(const struct ledger_views *v, const char *code,
                                        int64_t t_ms)
{
    const uint32_t i = airport_find(v->airports, code, memory_day(t_ms));
    return i == AIRPORT_NONE ? NULL : airport_at(v->airports, i);
}

static void put_candidates(struct buf *b, const struct ledger_views *v, const struct claim *c)
{
    buf_text(b, ",\"candidates\":[");
    for (unsigned k = 0; k < c->candidates; k++) {
        const struct airport *a = airport_of(v, c->candidate[k].airport, c->made_ms);
        buf_text(b, k ? ",{\"airport\":" : "{\"airport\":");
        buf_json_string(b, c->candidate[k].airport, strlen(c->candidate[k].airport));
        buf_format(b, ",\"p\":%.4f", (double)c->candidate[k].p);
        if (a) {
            put_text(b, "name", airport_name(v->airports, a));
            put_text(b, "country", a->country);
            buf_format(b, ",\"lat\":%.5f,\"lon\":%.5f", a->lat_e7 * 1e-7, a->lon_e7 * 1e-7);
        }
        buf_byte(b, '}');
    }
    buf_format(b, "],\"none_p\":%.4f", (double)c->none_p);
}

static void put_rules(struct buf *b, uint32_t rules)
{
    buf_text(b, ",\"rules\":[");
    const char *comma = "";
    for (int i = 0; i < CLAIM_RULES; i++) {
        if (rules & 1U << i) {
            buf_format(b, "%s\"%s\"", comma, claim_rule_word[i].key);
            comma = ",";
        }
    }
    buf_byte(b, ']');
}

static void put_evidence(struct buf *b, const struct claim_evidence *e)
{
    buf_format(b, ",\"fixes\":%" PRIu32 ",\"receivers\":%u,\"silent_s\":%" PRIu32, e->fixes,
               e->receivers, e->silent_s);
    if (e->heard >= 0) {
        buf_format(b, ",\"heard_p\":%.3f", (double)e->heard);
    }
    put_rules(b, e->rules);
}

/* One claim; null where there is none. */
static void put_claim(struct buf *b, const struct ledger_views *v, const char *key,
                      const struct claim *c)
{
    buf_format(b, ",\n\"%s\":", key);
    if (!c) {
        buf_text(b, "null");
        return;
    }
    buf_format(b, "{\"kind\":\"%s\",\"method\":\"%s\",\"row\":%" PRIu32 ",\"p\":%.4f",
               claim_kind_word[c->kind].key, claim_method_word[c->method].key, c->number,
               (double)c->p);
    put_time(b, "t_lo", c->t_lo_ms);
    put_time(b, "t_hi", c->t_hi_ms);
    put_time(b, "made", c->made_ms);
    put_candidates(b, v, c);
    put_evidence(b, &c->evidence);
    buf_byte(b, '}');
}

/* How the answer of a flight moved: every forecast of it, corrected since or not. */
static void put_forecasts(struct buf *b, const struct rows *r, uint32_t leg)
{
    size_t first = r->n, n = 0;
    while (first > 0 && n < FORECASTS_MAX) {
        const struct claim *c = &r->claim[--first];
        n += c->kind == CLAIM_DESTINATION && c->leg == leg;
    }
    const char *comma = "";
    buf_text(b, ",\n\"forecasts\":[");
    for (size_t i = first; i < r->n; i++) {
        const struct claim *c = &r->claim[i];
        if (c->kind != CLAIM_DESTINATION || c->leg != leg) {
            continue;
        }
        buf_format(b, "%s{\"row\":%" PRIu32, comma, c->number);
        put_time(b, "t", c->made_ms);
        buf_text(b, ",\"candidates\":[");
        for (unsigned k = 0; k < c->candidates && k < 3; k++) {
            buf_format(b, "%s{\"airport\":\"%s\",\"p\":%.4f}", k ? "," : "",
                       c->candidate[k].airport, (double)c->candidate[k].p);
        }
        buf_format(b, "],\"none_p\":%.4f}", (double)c->none_p);
        comma = ",\n";
    }
    buf_byte(b, ']');
}

/* ---- as it stands ---- */

enum state { UNKNOWN, FLYING, LANDED, GROUND };

static const char *const state_key[] = {"unknown", "flying", "landed", "ground"};

struct now {
    enum state state;
    const struct flight *flight; /* the last; NULL */
    const struct claim *stay;    /* that lasts; NULL */
    const struct claim *place;   /* whose first candidate the sentence names; NULL */
    double visits;               /* of that place by this airframe, expected, with this one */
};

static const struct claim *last_of(const struct rows *r, enum claim_kind kind)
{
    for (size_t i = r->n; i-- > 0;) {
        if (r->stands[i] && r->claim[i].kind == kind) {
            return &r->claim[i];
        }
    }
    return NULL;
}

/* Landings there, each as sure as it is. */
static double visits_of(const struct rows *r, const char *airport)
{
    double sum = 0;
    for (size_t i = 0; i < r->flights; i++) {
        const struct flight *f = &r->flight[i];
        const struct claim *on = f->on ? f->on : f->whole ? f->destination : NULL;
        for (unsigned k = 0; on && k < on->candidates; k++) {
            sum += strcmp(on->candidate[k].airport, airport) == 0
                       ? (double)(on->p * on->candidate[k].p)
                       : 0;
        }
    }
    return sum;
}

static struct now look(const struct rows *r)
{
    struct now n = {.state = UNKNOWN};
    const struct claim *stay = last_of(r, CLAIM_STAY), *ground = last_of(r, CLAIM_GROUND_ONLY);
    if (r->flights > 0) {
        n.flight = &r->flight[r->flights - 1];
        const struct claim *on = n.flight->on      ? n.flight->on
                                 : n.flight->whole ? n.flight->destination
                                                   : NULL;
        n.state = on ? LANDED : n.flight->whole ? UNKNOWN : FLYING;
        n.place = on ? on : n.flight->destination;
    } else if (ground) {
        n.state = GROUND;
        n.place = ground;
    }
    if (stay && stay->flags & CLAIM_OPEN && n.state != FLYING) {
        n.stay = stay;
    }
    if (n.place && n.place->candidates) {
        n.visits = visits_of(r, n.place->candidate[0].airport);
        n.visits += n.state == FLYING ? 1 : 0;
    }
    return n;
}

/* ---- the sentence ---- */

static void name_aircraft(char out[WHO_MAX], const struct identity *i, const char *hex)
{
    const char *type = i->kind ? i->kind->name : *i->type ? i->type : "aircraft";
    const char *of = i->has_operator ? i->operator.name : i->owner;
    snprintf(out, WHO_MAX, "%.60s %.20s%s%.80s", type, *i->registration ? i->registration : hex,
             *of ? " of " : "", of);
}

static void name_place(char out[NAME_MAX], const struct ledger_views *v, const struct claim *c)
{
    const struct airport *a = airport_of(v, c->candidate[0].airport, c->made_ms);
    snprintf(out, NAME_MAX, "%.120s%s%.12s%s", a ? airport_name(v->airports, a) : "", a ? " (" : "",
             c->candidate[0].airport, a ? ")" : "");
}

/* "between 14:12Z and 14:20Z on 2024-06-07", "at 14:16Z …" within a minute. */
static void name_time(char out[NAME_MAX], const struct claim *c)
{
    char lo[32], hi[32];
    instant_format(c->t_lo_ms * 1000, 0, lo);
    instant_format(c->t_hi_ms * 1000, 0, hi);
    if (c->t_hi_ms - c->t_lo_ms < 60000) {
        snprintf(out, NAME_MAX, " at %.5sZ on %.10s", lo + 11, lo);
    } else if (memcmp(lo, hi, 10) == 0) {
        snprintf(out, NAME_MAX, " between %.5sZ and %.5sZ on %.10s", lo + 11, hi + 11, lo);
    } else {
        snprintf(out, NAME_MAX, " between %.10s %.5sZ and %.10s %.5sZ", lo, lo + 11, hi, hi + 11);
    }
}

/* Where, with the doubt there is: named alone where it is sure, as the likeliest where it is less
   likely than not; "" where next to nothing is known. */
static void name_end(char out[2 * NAME_MAX], const struct ledger_views *v, const struct now *n,
                     const char *to)
{
    const struct claim *c = n->place;
    char place[NAME_MAX], visit[40] = "";
    const float p = c && c->candidates ? c->candidate[0].p : 0;
    out[0] = 0;
    if (!c || p < GUESSED_P) {
        return;
    }
    name_place(place, v, c);
    if (n->visits > 1.5) {
        snprintf(visit, sizeof visit, ", visit %.0f of this airframe", n->visits);
    }
    if (p >= SAID_P) {
        snprintf(out, 2 * NAME_MAX, " %s %s%s", to, place, visit);
    } else if (p >= LIKELY_P) {
        snprintf(out, 2 * NAME_MAX, " %s %s with probability %.2f%s", to, place, (double)p, visit);
    } else {
        snprintf(out, 2 * NAME_MAX, ", most likely %s %s, with probability %.2f", to, place,
                 (double)p);
    }
}

static void say(char *out, size_t size, const struct now *n, const struct ledger_views *v,
                const char *who)
{
    char place[2 * NAME_MAX], when[NAME_MAX] = "";
    const struct claim *c = n->place;
    name_end(place, v, n, n->state == FLYING ? "to" : "at");
    const char *known = *place               ? place
                        : n->state == FLYING ? ", whereto is not known"
                                             : ", where is not known";
    if (n->state == LANDED && c->t_lo_ms != CLAIM_NO_TIME) {
        name_time(when, c);
    }
    switch (n->state) {
    case FLYING:
        snprintf(out, size, "%s, en route%s", who, known);
        break;
    case LANDED:
        snprintf(out, size, "%s, %slanded%s%s", who, c->p < SAID_P ? "probably " : "", when, known);
        break;
    case GROUND:
        snprintf(out, size, "%s, on the ground%s", who, known);
        break;
    case UNKNOWN:
        snprintf(out, size, "%s, nothing is known of where it is", who);
        break;
    }
}

/* ---- all ---- */

static void put_events(struct buf *b, const struct rows *r)
{
    const char *comma = "";
    unsigned n = 0;
    buf_text(b, ",\n\"events\":[");
    for (size_t i = r->n; i-- > 0 && n < LIST_MAX;) {
        const struct claim *c = &r->claim[i];
        if (!r->stands[i] || c->kind < CLAIM_ORBIT || c->kind > CLAIM_ADDRESS_SHARED) {
            continue;
        }
        buf_format(b, "%s{\"kind\":\"%s\",\"row\":%" PRIu32 ",\"p\":%.3f", comma,
                   claim_kind_word[c->kind].key, c->number, (double)c->p);
        put_time(b, "t_lo", c->t_lo_ms);
        put_time(b, "t_hi", c->t_hi_ms);
        if (c->lat_e7 != CLAIM_NO_PLACE) {
            buf_format(b, ",\"lat\":%.5f,\"lon\":%.5f,\"size_m\":%" PRIu32, c->lat_e7 * 1e-7,
                       c->lon_e7 * 1e-7, c->size_m);
        }
        put_rules(b, c->evidence.rules);
        buf_byte(b, '}');
        comma = ",";
        n++;
    }
    buf_byte(b, ']');
}

static int64_t as_of(const struct rows *r)
{
    int64_t t_ms = CLAIM_NO_TIME;
    for (size_t i = 0; i < r->n; i++) {
        t_ms = r->claim[i].made_ms > t_ms ? r->claim[i].made_ms : t_ms;
    }
    return t_ms;
}

static void put_all(struct buf *b, const struct rows *r, const struct ledger_views *v,
                    uint32_t address)
{
    char hex[8], callsign[9] = "", who[WHO_MAX], sentence[WHO_MAX + 4 * NAME_MAX];
    const struct now n = look(r);
    const struct claim *last = &r->claim[r->n - 1];
    struct identity i;
    snprintf(hex, sizeof hex, "%s%06" PRIx32, address & ADDRESS_NON_ICAO ? "~" : "",
             address & 0xffffff);
    memcpy(callsign, last->flight, sizeof last->flight);
    identity_look(v->book, address, callsign, memory_day(last->made_ms), &i);
    name_aircraft(who, &i, hex);
    say(sentence, sizeof sentence, &n, v, who);
    buf_format(b, "{\"hex\":\"%s\",\"epoch\":%u,\"state\":\"%s\"", hex, last->epoch,
               state_key[n.state]);
    put_text(b, "sentence", sentence);
    put_time(b, "as_of", as_of(r));
    buf_format(b, ",\"leg\":%" PRIu32 ",\"visits\":%.2f", n.flight ? n.flight->leg : 0, n.visits);
    put_claim(b, v, "from", n.flight ? n.flight->off : NULL);
    put_claim(b, v, "destination", n.flight ? n.flight->destination : NULL);
    put_claim(b, v, "landed", n.flight ? n.flight->on : NULL);
    put_claim(b, v, "stay", n.stay);
    put_forecasts(b, r, n.flight ? n.flight->leg : 0);
    put_events(b, r);
    buf_text(b, "}\n");
}

static enum err find(uint32_t address, struct store *s, struct rows *r, char *why, size_t why_size)
{
    const struct store_ledger_query q = {
        .address = address, .from_ms = INT64_MIN, .to_ms = INT64_MAX};
    enum err e = store_ledger_find(s, &q, take, r, NULL);
    if (e) {
        snprintf(why, why_size, "the ledger cannot be read");
    } else if (!r->failed && r->n == 0) {
        snprintf(why, why_size, "the ledger says nothing of this aircraft (yet)");
        return ERR_NOT_FOUND;
    }
    r->stands = malloc((r->n + 1) * sizeof *r->stands);
    r->flight = malloc((r->n + 1) * sizeof *r->flight);
    if (!e && (r->failed || !r->stands || !r->flight)) {
        snprintf(why, why_size, "out of memory");
        e = ERR_MEMORY;
    }
    return e;
}

enum err ledger_now(uint32_t address, struct store *s, const struct ledger_views *v,
                    struct buf *out, char *why, size_t why_size)
{
    struct rows r = {.n = 0};
    enum err e = find(address, s, &r, why, why_size);
    if (!e) {
        flight_standing(r.claim, r.n, r.stands);
        r.flights = flights_of(r.claim, r.n, r.stands, r.flight, r.n);
        put_all(out, &r, v, address);
        e = out->failed ? ERR_MEMORY : ERR_OK;
    }
    free(r.claim);
    free(r.stands);
    free(r.flight);
    return e;
}

/* ---- in short ---- */

static void put_brief(struct buf *b, const struct rows *r, uint32_t address, const char *comma)
{
    const struct now n = look(r);
    const struct claim *spoofed = last_of(r, CLAIM_SPOOFED);
    buf_format(b, "%s{\"hex\":\"%s%06" PRIx32 "\",\"state\":\"%s\"", comma,
               address & ADDRESS_NON_ICAO ? "~" : "", address & 0xffffff, state_key[n.state]);
    put_time(b, "as_of", as_of(r));
    put_time(b, "spoofed_until", spoofed ? spoofed->t_hi_ms : CLAIM_NO_TIME);
    if (n.place && n.place->candidates) {
        const struct claim_candidate *c = &n.place->candidate[0];
        buf_text(b, ",\"place\":{\"airport\":");
        buf_json_string(b, c->airport, strlen(c->airport));
        buf_format(b, ",\"p\":%.4f,\"method\":\"%s\"}", (double)c->p,
                   claim_method_word[n.place->method].key);
    } else {
        buf_text(b, ",\"place\":null");
    }
    buf_byte(b, '}');
}

enum err ledger_now_brief(const uint32_t *address, size_t n, struct store *s, struct buf *out,
                          char *why, size_t why_size)
{
    struct store_ledger_state state;
    const char *comma = "";
    enum err e = store_ledger_state(s, &state);
    if (!e && state.edition == 0) {
        snprintf(why, why_size, "this store has no ledger (yet)");
        return ERR_NOT_FOUND;
    }
    buf_text(out, "{\"movements\":[");
    for (size_t i = 0; !e && i < n; i++) {
        struct rows r = {.n = 0};
        e = find(address[i], s, &r, why, why_size);
        if (!e) {
            flight_standing(r.claim, r.n, r.stands);
            r.flights = flights_of(r.claim, r.n, r.stands, r.flight, r.n);
            put_brief(out, &r, address[i], comma);
            comma = ",\n";
        } else if (e == ERR_NOT_FOUND) {
            e = ERR_OK;
        }
        free(r.claim);
        free(r.stands);
        free(r.flight);
    }
    buf_text(out, "]}\n");
    return !e && out->failed ? ERR_MEMORY : e;
}
