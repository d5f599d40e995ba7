#include "ledger/question.h"

#include "base/instant.h"
#include "identity/address.h"
#include "identity/type.h"
#include "model/claim.h"
#include "model/kept.h"
#include "wire/ask.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[LEDGER_WHATS] = {
    [LEDGER_FLIGHTS] = "flights",       [LEDGER_ARRIVALS] = "arrivals",
    [LEDGER_DEPARTURES] = "departures", [LEDGER_STAYS] = "stays",
    [LEDGER_ORBITS] = "orbits",         [LEDGER_EVENTS] = "events",
};

enum ledger_what ledger_what_find(const char *name)
{
    int w = 0;
    while (w < LEDGER_WHATS && strcmp(names[w], name) != 0) {
        w++;
    }
    return (enum ledger_what)w;
}

const char *ledger_what_name(enum ledger_what w)
{
    return names[w];
}

void ledger_question_start(struct ledger_question *q, enum ledger_what what)
{
    *q = (struct ledger_question){.what = what,
                                  .address = ADDRESS_NONE,
                                  .military = -1,
                                  .kind = what == LEDGER_ORBITS ? CLAIM_ORBIT : -1,
                                  .from_ms = INT64_MIN,
                                  .to_ms = INT64_MAX,
                                  .least_p = LEDGER_LEAST_P};
}

void ledger_question_free(struct ledger_question *q)
{
    area_shape_free(q->shape);
    area_given_free(&q->area);
    q->shape = NULL;
}

/* ---- values ---- */

/* Upper case, of letters, digits and the signs given. */
static enum err take_word(const char *v, char *out, size_t size, const char *signs,
                          const char *what, const struct ask_why *w)
{
    const size_t n = strlen(v);
    bool fine = n > 0 && n < size;
    for (size_t i = 0; i < n && fine; i++) {
        fine = isalnum((unsigned char)v[i]) || strchr(signs, v[i]);
        out[i] = (char)toupper((unsigned char)v[i]);
    }
    out[fine ? n : 0] = 0;
    return fine ? ERR_OK : ask_say(w, ERR_SYNTAX, "'%.40s' is no %s", v, what);
}

static enum err set_airport(struct ledger_question *q, const char *v, const struct ask_why *w)
{
    return take_word(v, q->airport, 12, "-_", "airport's code (DRRN)", w);
}

static enum err set_country(struct ledger_question *q, const char *v, const struct ask_why *w)
{
    return take_word(v, q->country, 3, "", "country: two letters (NE)", w);
}

static enum err set_state(struct ledger_question *q, const char *v, const struct ask_why *w)
{
    const enum err e = take_word(v, q->state, 3, "", "state: two letters (US)", w);
    return e || address_has_country(q->state)
               ? e
               : ask_say(w, ERR_UNKNOWN, "state: no aircraft have addresses of '%s'", q->state);
}

static enum err set_registration(struct ledger_question *q, const char *v, const struct ask_why *w)
{
    return take_word(v, q->registration, 17, "-+", "registration (08-8204)", w);
}

static enum err set_type(struct ledger_question *q, const char *v, const struct ask_why *w)
{
    return take_word(v, q->type, 5, "", "type's designator (C17)", w);
}

static enum err set_operator(struct ledger_question *q, const char *v, const struct ask_why *w)
{
    if (!isalpha((unsigned char)*v)) {
        return ask_say(w, ERR_SYNTAX, "'%.40s' is no operator's letters (RCH)", v);
    }
    return take_word(v, q->operator, LEDGER_TEXT_MAX, "", "operator's letters (RCH)", w);
}

static enum err set_callsign(struct ledger_question *q, const char *v, const struct ask_why *w)
{
    return take_word(v, q->callsign, 9, "", "call sign (RCH103)", w);
}

static enum err set_class(struct ledger_question *q, const char *v, const struct ask_why *w)
{
    char known[512] = "";
    for (int k = 0; k < KINDS; k++) {
        const char *key = type_kind_key((enum type_kind)k);
        if (*key && strcmp(key, v) == 0) {
            snprintf(q->class, sizeof q->class, "%s", key);
            return ERR_OK;
        }
        const size_t n = strlen(known);
        snprintf(known + n, sizeof known - n, "%s%s", n && *key ? ", " : "", key);
    }
    return ask_say(w, ERR_UNKNOWN, "class: there is no '%.40s'; known are %.180s", v, known);
}

static enum err set_hex(struct ledger_question *q, const char *v, const struct ask_why *w)
{
    const bool other = *v == '~';
    const char *digits = other ? v + 1 : v;
    char *end;
    const unsigned long n = strtoul(digits, &end, 16);
    if (strlen(digits) != 6 || *end || !isxdigit((unsigned char)digits[0])) {
        return ask_say(w, ERR_SYNTAX, "hex: '%.40s' is no address: six hexadecimal digits", v);
    }
    q->address = (uint32_t)n | (other ? ADDRESS_NON_ICAO : 0);
    return ERR_OK;
}

static enum err set_military(struct ledger_question *q, const char *v, const struct ask_why *w)
{
    q->military = strcmp(v, "1") == 0 || strcmp(v, "yes") == 0  ? 1
                  : strcmp(v, "0") == 0 || strcmp(v, "no") == 0 ? 0
                                                                : -1;
    return q->military >= 0 ? ERR_OK
                            : ask_say(w, ERR_SYNTAX, "military: write 1 or 0, not '%.40s'", v);
}

static enum err set_kind(struct ledger_question *q, const char *v, const struct ask_why *w)
{
    const enum claim_kind k = claim_kind_find(v);
    if (k == CLAIM_KINDS || q->what != LEDGER_EVENTS) {
        return ask_say(w, ERR_UNKNOWN,
                       q->what != LEDGER_EVENTS
                           ? "kind goes with events: this asks for one kind already (%.40s)"
                           : "kind: there is no '%.40s'; say orbit, holding, survey, refueling, "
                             "formation, go_around, touch_and_go, turn_back, diversion, spoofed, "
                             "address_shared, jamming",
                       v);
    }
    q->kind = k;
    return ERR_OK;
}

static enum err set_from(struct ledger_question *q, const char *v, const struct ask_why *w)
{
    return ask_time(v, "from", &q->from_ms, w);
}

static enum err set_to(struct ledger_question *q, const char *v, const struct ask_why *w)
{
    return ask_time(v, "to", &q->to_ms, w);
}

static enum err set_p(struct ledger_question *q, const char *v, const struct ask_why *w)
{
    char *end;
    const double p = strtod(v, &end);
    if (end == v || *end || !(p >= 0 && p <= 1)) {
        return ask_say(w, ERR_RANGE, "p: '%.40s' is no probability: 0 to 1", v);
    }
    q->least_p = (float)p;
    return ERR_OK;
}

static enum err set_limit(struct ledger_question *q, const char *v, const struct ask_why *w)
{
    return ask_count(v, "limit", 100000000, &q->limit, w);
}

/* As put_next writes it. */
static enum err set_after(struct ledger_question *q, const char *v, const struct ask_why *w)
{
    long long t_ms;
    int n = 0;
    struct ledger_after a = {.given = true};
    if (sscanf(v, "%lld_%x_%u_%u_%u_%n", &t_ms, &a.address, &a.epoch, &a.leg, &a.number, &n) < 5 ||
        n == 0 || strlen(v + n) >= sizeof a.airport) {
        return ask_say(w, ERR_SYNTAX, "after: '%.40s' is no `next` of an answer", v);
    }
    a.t_ms = t_ms;
    memcpy(a.airport, v + n, strlen(v + n));
    q->after = a;
    return ERR_OK;
}

static enum err set_edition(struct ledger_question *q, const char *v, const struct ask_why *w)
{
    uint64_t n = 0;
    const enum err e = ask_count(v, "edition", 1000000, &n, w);
    q->edition = (int64_t)n;
    return e;
}

static enum err set_format(struct ledger_question *q, const char *v, const struct ask_why *w)
{
    static const char *const format[] = {"table", "csv", "json"};
    for (int i = 0; i < 3; i++) {
        if (strcmp(format[i], v) == 0) {
            q->format = (enum ledger_format)i;
            return ERR_OK;
        }
    }
    return ask_say(w, ERR_UNKNOWN, "format: there is no '%.40s'; write table, csv or json", v);
}

static enum err set_area(struct ledger_question *q, const char *v, const struct ask_why *w)
{
    area_shape_free(q->shape);
    q->shape = NULL;
    area_given_free(&q->area);
    enum err e = area_read(v, strlen(v), q->lands, &q->area, w->text, w->size);
    if (!e && area_shape_new(&q->area.area, &q->shape)) {
        e = ask_say(w, ERR_RANGE, "area: this is none");
    }
    return e;
}

static const struct {
    const char *name;
    enum err (*set)(struct ledger_question *q, const char *v, const struct ask_why *w);
} settings[] = {
    {"airport", set_airport},
    {"country", set_country},
    {"area", set_area},
    {"hex", set_hex},
    {"registration", set_registration},
    {"type", set_type},
    {"class", set_class},
    {"operator", set_operator},
    {"callsign", set_callsign},
    {"military", set_military},
    {"state", set_state},
    {"kind", set_kind},
    {"from", set_from},
    {"to", set_to},
    {"p", set_p},
    {"limit", set_limit},
    {"after", set_after},
    {"edition", set_edition},
    {"format", set_format},
};

enum err ledger_question_set(struct ledger_question *q, const char *name, const char *value,
                             char *why, size_t why_size)
{
    const struct ask_why w = {why, why_size};
    size_t i = 0;
    enum err e = ask_row(&settings[0].name, sizeof *settings, sizeof settings / sizeof *settings,
                         name, &i, &w);
    e = e ? e : settings[i].set(q, value, &w);
    return e || q->from_ms < q->to_ms
               ? e
               : ask_say(&w, ERR_RANGE, "%s: nothing lies between: `from` comes before `to`", name);
}
