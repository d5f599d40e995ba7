#include "watch/say.h"

#include "watch/expected.h"

#include "base/instant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum band {
    BAND_OBSERVED,
    BAND_SURE,
    BAND_PROBABLE,
    BAND_POSSIBLE,
    BAND_LOW,
    BAND_NOW_SURE,
    BAND_NOW_PROBABLE,
    BAND_NOW_LOW
};

static const float least_p[] = {0.95F, 0.95F, 0.7F, 0.4F, 0, 0.95F, 0.7F, 0};

struct sentence {
    uint8_t word, band;
    const char *text[WATCH_LANGUAGES];
};

#define SAY(word, band, en, ar, fr) {WATCH_##word, BAND_##band, {en, ar, fr}},
static const struct sentence sentences[] = {
#include "watch/say.def"
};

enum other {
#define SAY(word, band, en, ar, fr)
#define SAY_OTHER(id, en, ar, fr) OTHER_##id,
#include "watch/say.def"
    OTHERS
};

static const char *const others[OTHERS][WATCH_LANGUAGES] = {
#define SAY(word, band, en, ar, fr)
#define SAY_OTHER(id, en, ar, fr) {en, ar, fr},
#include "watch/say.def"
};

static const char *const language_names[] = {"en", "ar", "fr"};

enum watch_language watch_language_find(const char *name)
{
    unsigned l = 0;
    while (l < WATCH_LANGUAGES && strcmp(name, language_names[l]) != 0) {
        l++;
    }
    return (enum watch_language)l;
}

const char *watch_language_name(enum watch_language l)
{
    return language_names[l];
}

/* ---- pieces ---- */

/* Text from outside: no control characters, in Arabic isolated from the words around it (U+2066
   ... U+2069), so that its own letters and digits keep their order. */
static void token(struct buf *out, enum watch_language l, const char *s)
{
    if (l == WATCH_AR) {
        buf_text(out, "\xe2\x81\xa6");
    }
    for (; *s; s++) {
        if ((unsigned char)*s >= 0x20 && *s != 0x7f) {
            buf_byte(out, (uint8_t)*s);
        }
    }
    if (l == WATCH_AR) {
        buf_text(out, "\xe2\x81\xa9");
    }
}

void watch_say_time(int64_t t_ms, enum watch_language l, struct buf *out)
{
    static const char *const months[][12] = {
        {"January", "February", "March", "April", "May", "June", "July", "August", "September",
         "October", "November", "December"},
        {"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر",
         "نوفمبر", "ديسمبر"},
        {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
         "octobre", "novembre", "décembre"}};
    const struct instant_parts p = instant_split(t_ms * 1000);
    char clock[16];
    snprintf(clock, sizeof clock, "%02d:%02dZ", p.hour, p.minute);
    buf_format(out, "%d %s %d ", p.day, months[l][p.month - 1], p.year);
    token(out, l, clock);
}

void watch_say_airport(const char *code, enum watch_language l, const struct airports *airports,
                       struct buf *out)
{
    const uint32_t i = airports ? airport_find(airports, code, AIRPORT_TODAY) : AIRPORT_NONE;
    const char *name = i == AIRPORT_NONE ? "" : airport_name(airports, airport_at(airports, i));
    char both[160];
    snprintf(both, sizeof both, "%s (%s)", name, code);
    token(out, l, *name ? both : code);
}

static void say_who(const struct watch_alert *a, enum watch_language l, struct buf *out)
{
    char text[64];
    const char *name = a->flight[0] ? a->flight : a->who.registration;
    if (*name && a->who.type[0] && a->address != ADDRESS_NONE) {
        snprintf(text, sizeof text, "%s (%s, %06x)", name, a->who.type, (unsigned)a->address);
    } else if (a->address == ADDRESS_NONE) {
        snprintf(text, sizeof text, "%s", *name ? name : "?");
    } else if (*name) {
        snprintf(text, sizeof text, "%s (%06x)", name, (unsigned)a->address);
    } else {
        snprintf(text, sizeof text, "%06x", (unsigned)a->address);
    }
    token(out, l, text);
}

static void say_place(const struct watch_alert *a, enum watch_language l,
                      const struct airports *airports, struct buf *out)
{
    char text[48] = "?";
    if (a->airport[0]) {
        watch_say_airport(a->airport, l, airports, out);
        return;
    }
    if (a->area[0] && !strpbrk(a->area, "={")) {
        token(out, l, a->area);
        return;
    }
    if (a->lat_e7 != CLAIM_NO_PLACE) {
        snprintf(text, sizeof text, "%.2f%c %.2f%c", abs(a->lat_e7) / 1e7,
                 a->lat_e7 < 0 ? 'S' : 'N', abs(a->lon_e7) / 1e7, a->lon_e7 < 0 ? 'W' : 'E');
    }
    token(out, l, text);
}

/* French says "de Niamey" but "d’Agadez"; h and y stay as foreign names mostly have them. */
static void say_of_place(const struct watch_alert *a, const struct airports *airports,
                         struct buf *out)
{
    struct buf place = {0};
    say_place(a, WATCH_FR, airports, &place);
    const bool has_accent = place.n > 1 && place.p[0] == 0xc3; /* À to Ö, à to ü */
    const char *vowels = has_accent
                             ? "\x80\x82\x88\x89\x8a\x8b\x8e\x94\xa0\xa2\xa8\xa9\xaa\xab\xae\xb4"
                             : "AEIOUaeiou";
    const bool is_elided = place.n > has_accent && strchr(vowels, place.p[has_accent]);
    buf_text(out, is_elided ? "d’" : "de ");
    buf_add(out, place.p, place.n);
    out->failed |= place.failed;
    buf_free(&place);
}

/* It is being flown: its end is not known. */
static bool goes_on(const struct watch_alert *a)
{
    return a->has_claim && a->claim.flags & CLAIM_GOES_ON;
}

static void say_times(const struct watch_alert *a, enum watch_language l, struct buf *out)
{
    enum { MINUTES_APART = 120000 };
    static const char *const between[] = {" – ", " إلى ", " – "};
    if (a->word == WATCH_INBOUND && a->tell == WATCH_TELL_ALERT) {
        watch_say_time(a->made_ms, l, out);
        return;
    }
    watch_say_time(a->t_lo_ms, l, out);
    if (a->t_hi_ms - a->t_lo_ms > MINUTES_APART && !goes_on(a)) {
        buf_text(out, between[l]);
        watch_say_time(a->t_hi_ms, l, out);
    }
}

static void say_other(const struct watch_alert *a, enum watch_language l, struct buf *out)
{
    char text[8];
    snprintf(text, sizeof text, "%06x", (unsigned)(a->other & 0xffffff));
    token(out, l, a->other == ADDRESS_NONE ? "?" : text);
}

/* `NE-17 (NE, landing)`. */
static void say_clearance(const struct watch_alert *a, enum watch_language l, struct buf *out)
{
    static const char *const uses[WATCH_LANGUAGES][2] = {
        {"landing", "overflight"}, {"هبوط", "عبور"}, {"atterrissage", "survol"}};
    const struct watch_clearance *c = a->clearance;
    if (!c || !c->number[0]) { /* told before a restart, and not kept any more */
        token(out, l, "?");
        return;
    }
    token(out, l, c->number);
    buf_text(out, " (");
    token(out, l, c->country);
    buf_format(out, "%s %s)", l == WATCH_AR ? "،" : ",", uses[l][c->overflight]);
}

static void fill(const char *text, const struct watch_alert *a, enum watch_language l,
                 const struct airports *airports, struct buf *out)
{
    for (const char *p = text; *p;) {
        if (strncmp(p, "{who}", 5) == 0) {
            say_who(a, l, out);
            p += 5;
        } else if (l == WATCH_FR && strncmp(p, "de {place}", 10) == 0) {
            say_of_place(a, airports, out);
            p += 10;
        } else if (strncmp(p, "{place}", 7) == 0) {
            say_place(a, l, airports, out);
            p += 7;
        } else if (strncmp(p, "{time}", 6) == 0) {
            say_times(a, l, out);
            p += 6;
        } else if (strncmp(p, "{other}", 7) == 0) {
            say_other(a, l, out);
            p += 7;
        } else if (strncmp(p, "{clearance}", 11) == 0) {
            say_clearance(a, l, out);
            p += 11;
        } else {
            buf_byte(out, (uint8_t)*p++);
        }
    }
}

/* ---- sentences ---- */

static enum other other_of(const struct watch_alert *a)
{
    if (a->clearance) {
        return a->tell != WATCH_TELL_CORRECTED
                   ? (a->clearance->is_last ? OTHER_CLEARANCE_LAST : OTHER_CLEARANCE_FOLLOWED)
               : a->clearance->runs ? OTHER_CLEARANCE_OTHER_END
                                    : OTHER_CLEARANCE_GONE;
    }
    if (a->distrusted) {
        return OTHER_DISTRUSTED;
    }
    if (a->phase && a->tell == WATCH_TELL_NOTE) {
        return OTHER_NOBODY_HEARS;
    }
    if (a->phase && a->tell != WATCH_TELL_CORRECTED) {
        return (enum other)(OTHER_LATE_OFF + (a->phase - WATCH_PHASE_LATE_OFF));
    }
    if (a->absent) {
        return OTHER_ABSENT;
    }
    if (a->tell == WATCH_TELL_NOTE) {
        return OTHER_NOT_HEARD;
    }
    if (a->tell != WATCH_TELL_CORRECTED) {
        return OTHERS;
    }
    return a->has_claim && a->claim.flags & CLAIM_WITHDRAWN                 ? OTHER_WITHDRAWN
           : a->has_claim && a->claim.kind == CLAIM_SPOOFED                 ? OTHER_FALSE_POSITIONS
           : a->has_claim && a->claim.kind == CLAIM_LANDED && a->airport[0] ? OTHER_INSTEAD
                                                                            : OTHER_UNSURE;
}

/* Whether a sentence of this band is of what was seen so. */
static bool is_as(const struct watch_alert *a, uint8_t band)
{
    return band == BAND_OBSERVED   ? a->has_claim && a->claim.method == CLAIM_METHOD_OBSERVED
           : band >= BAND_NOW_SURE ? goes_on(a)
                                   : true;
}

void watch_say(const struct watch_alert *a, enum watch_language l, const struct airports *airports,
               struct buf *out)
{
    const enum other o = other_of(a);
    if (o != OTHERS) {
        fill(others[o][l], a, l, airports, out);
        return;
    }
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++) {
        const struct sentence *s = &sentences[i];
        if (s->word == a->word && a->p >= least_p[s->band] && is_as(a, s->band)) {
            fill(s->text[l], a, l, airports, out);
            return;
        }
    }
}

/* ---- JSON ---- */

static void json_text(struct buf *b, const char *key, const char *s)
{
    if (*s) {
        buf_format(b, ",\"%s\":", key);
        buf_json_string(b, s, strlen(s));
    }
}

static void json_time(struct buf *b, const char *key, int64_t t_ms)
{
    char text[32];
    if (t_ms != CLAIM_NO_TIME) {
        instant_format(t_ms * 1000, 0, text);
        buf_format(b, ",\"%s\":\"%s\"", key, text);
    }
}

static void json_evidence(struct buf *b, const struct claim *c)
{
    bool first = true;
    buf_format(b, ",\"claim\":{\"kind\":\"%s\",\"method\":\"%s\",\"number\":%u,\"epoch\":%u",
               claim_kind_word[c->kind].key, claim_method_word[c->method].key, (unsigned)c->number,
               (unsigned)c->epoch);
    if (c->leg) {
        buf_format(b, ",\"leg\":%u", (unsigned)c->leg);
    }
    buf_format(b, ",\"p\":%.3f,\"none_p\":%.3f,\"candidates\":[", (double)c->p, (double)c->none_p);
    for (unsigned i = 0; i < c->candidates; i++) {
        buf_format(b, "%s{\"airport\":\"%.12s\",\"p\":%.3f}", i ? "," : "", c->candidate[i].airport,
                   (double)c->candidate[i].p);
    }
    buf_format(b, "],\"fixes\":%u,\"receivers\":%u", (unsigned)c->evidence.fixes,
               (unsigned)c->evidence.receivers);
    if (c->evidence.heard >= 0) {
        buf_format(b, ",\"heard\":%.3f", (double)c->evidence.heard);
    }
    if (c->evidence.silent_s) {
        buf_format(b, ",\"silent_s\":%u", (unsigned)c->evidence.silent_s);
    }
    buf_text(b, ",\"rules\":[");
    for (unsigned r = 0; r < CLAIM_RULES; r++) {
        if (c->evidence.rules >> r & 1) {
            buf_format(b, "%s\"%s\"", first ? "" : ",", claim_rule_word[r].key);
            first = false;
        }
    }
    buf_text(b, "]}");
}

static void json_who(struct buf *b, const struct watch_alert *a)
{
    if (a->address != ADDRESS_NONE) {
        buf_format(b, ",\"hex\":\"%06x\"", (unsigned)a->address);
    }
    json_text(b, "callsign", a->flight);
    json_text(b, "registration", a->who.registration);
    json_text(b, "type", a->who.type);
    json_text(b, "operator", a->who.operator);
    json_text(b, "country", a->who.country);
    if (a->who.military >= 0) {
        buf_format(b, ",\"military\":%s", a->who.military ? "true" : "false");
    }
    if (a->squawk != KEPT_NO_SQUAWK) {
        buf_format(b, ",\"squawk\":\"%04o\"", (unsigned)a->squawk);
    }
    if (a->other != ADDRESS_NONE) {
        buf_format(b, ",\"other\":\"%06x\"", (unsigned)a->other);
    }
}

static void json_clearance(struct buf *b, const struct watch_clearance *c)
{
    buf_text(b, ",\"clearance\":{\"number\":");
    buf_json_string(b, c->number, strlen(c->number));
    json_text(b, "operation", c->operation);
    json_text(b, "country", c->country);
    json_text(b, "use", c->overflight ? "overflight" : "landing");
    json_text(b, "flights", c->flights);
    if (c->runs) {
        json_time(b, "valid_from", c->from_ms);
        json_time(b, "valid_until", c->to_ms);
    }
    buf_format(b, ",\"runs\":%s,\"follows\":%s}", c->runs ? "true" : "false",
               c->runs && !c->is_last ? "true" : "false");
}

void watch_say_json(const struct watch_alert *a, const struct airports *airports, struct buf *out)
{
    static const char *const tells[] = {"alert", "corrected", "note"};
    buf_format(out,
               "{\"watch\":%lld,\"tell\":\"%s\",\"event\":\"%s\",\"key\":", (long long)a->watch,
               tells[a->tell], watch_event_name(a->word));
    buf_json_string(out, a->key, strlen(a->key));
    if (a->absent) {
        buf_text(out, ",\"absent\":true");
    }
    if (a->distrusted) {
        buf_text(out, ",\"distrusted\":true");
    }
    if (a->phase) {
        buf_format(out, ",\"phase\":\"%s\",\"expected\":%lld",
                   watch_phase_name((enum watch_phase)a->phase), (long long)a->expected);
    }
    json_time(out, "made", a->made_ms);
    json_time(out, "t_lo", a->t_lo_ms);
    json_time(out, "t_hi", a->t_hi_ms);
    buf_format(out, ",\"p\":%.3f", (double)a->p);
    json_who(out, a);
    json_text(out, "airport", a->airport);
    json_text(out, "area", a->area);
    if (a->lat_e7 != CLAIM_NO_PLACE) {
        buf_format(out, ",\"lat\":%.5f,\"lon\":%.5f", a->lat_e7 / 1e7, a->lon_e7 / 1e7);
    }
    if (a->alt_ft != CLAIM_NO_ALTITUDE) {
        buf_format(out, ",\"alt_ft\":%d", (int)a->alt_ft);
    }
    if (a->silent_s) {
        buf_format(out, ",\"silent_s\":%u", (unsigned)a->silent_s);
    }
    if (a->heard >= 0) {
        buf_format(out, ",\"heard\":%.3f", (double)a->heard);
    }
    if (a->has_claim) {
        json_evidence(out, &a->claim);
    }
    if (a->clearance) {
        json_clearance(out, a->clearance);
    }
    for (unsigned l = 0; l < WATCH_LANGUAGES; l++) {
        struct buf text = {0};
        watch_say(a, (enum watch_language)l, airports, &text);
        buf_format(out, ",\"%s\":", language_names[l]);
        buf_json_string(out, text.p ? (const char *)text.p : "", text.n);
        out->failed |= text.failed;
        buf_free(&text);
    }
    buf_byte(out, '}');
}
