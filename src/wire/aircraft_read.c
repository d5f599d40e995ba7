#include "wire/aircraft_read.h"

#include "wire/value.h"

#include <string.h>

/* 10^11 seconds are the year 5138, 10^11 milliseconds 1973. */
#define SECONDS_MAX_US (INT64_C(100000000000) * 1000000)
#define AGE_MAX_US     (INT64_C(1000000) * 1000000)

int64_t aircraft_read_epoch(const struct json_value *v)
{
    int64_t us;
    if (v->kind != JSON_KIND_NUMBER || !text_decimal(v->text, 6, &us) || us < 0) {
        return INSTANT_NONE;
    }
    return us < SECONDS_MAX_US ? us : us / 1000;
}

static int64_t age_of(const struct json_value *v, int64_t otherwise)
{
    int64_t us;
    if (v->kind != JSON_KIND_NUMBER || !text_decimal(v->text, 6, &us) || us < 0 ||
        us > AGE_MAX_US) {
        return otherwise;
    }
    return us;
}

/* The row with this key. Objects repeat the order of their keys, so the search goes on from the one
   found last. */
static enum field find(struct text key, enum field from)
{
    enum field f = from;
    for (int i = 0; i < FIELD_COUNT; i++) {
        const char *k = field_row[f].key;
        if (k[0] == key.p[0] && text_is(key, k)) {
            return f;
        }
        f = f + 1 < FIELD_COUNT ? f + 1 : 0;
    }
    return FIELD_COUNT;
}

static bool word_value(enum field f, struct text t, int64_t *out)
{
    const char *const *words = field_words(f);
    for (int32_t i = 0; words && words[i]; i++) {
        if (text_is(t, words[i])) {
            *out = i;
            return true;
        }
    }
    return false;
}

static bool set_value(enum field f, const struct json_value *v, int64_t *out)
{
    struct json_walk w;
    struct json_value word;
    if (v->kind != JSON_KIND_ARRAY) {
        return false;
    }
    *out = 0;
    json_walk_start(&w, v);
    while (json_walk_next(&w, NULL, &word)) {
        int64_t bit;
        if (word.kind == JSON_KIND_STRING && word_value(f, word.text, &bit)) {
            *out |= INT64_C(1) << bit;
        }
    }
    return !w.is_bad;
}

static bool flag_value(const struct json_value *v, int64_t *out)
{
    if (v->kind == JSON_KIND_TRUE || v->kind == JSON_KIND_FALSE) {
        *out = v->kind == JSON_KIND_TRUE;
        return true;
    }
    return v->kind == JSON_KIND_NUMBER && text_decimal(v->text, 0, out);
}

static bool category_value(const struct json_value *v, int64_t *out)
{
    uint64_t hex;
    if (v->kind != JSON_KIND_STRING || v->text.n != 2 || !text_hex(v->text, &hex)) {
        return false;
    }
    *out = (int64_t)hex;
    return true;
}

static bool squawk_value(const struct json_value *v, int64_t *out)
{
    int32_t squawk;
    if (v->kind != JSON_KIND_STRING || v->text.n != 4 || !text_squawk(v->text, &squawk)) {
        return false;
    }
    *out = squawk;
    return true;
}

static bool field_value(enum field f, const struct json_value *v, struct message *m, int64_t *out)
{
    const bool is_string = v->kind == JSON_KIND_STRING;
    *out = 0;
    switch ((enum field_kind)field_row[f].kind) {
    case FIELD_KIND_NUMBER:
        return v->kind == JSON_KIND_NUMBER && text_decimal(v->text, field_row[f].decimals, out);
    case FIELD_KIND_FLAG:
        return flag_value(v, out);
    case FIELD_KIND_ENUM:
        return is_string && word_value(f, v->text, out);
    case FIELD_KIND_SET:
        return set_value(f, v, out);
    case FIELD_KIND_OCTAL:
        return squawk_value(v, out);
    case FIELD_KIND_HEX:
        return category_value(v, out);
    case FIELD_KIND_TEXT:
        return is_string && text_flight(v->text, m->flight);
    case FIELD_KIND_PLACE:
        break;
    }
    return false;
}

/* Keys that are no rows of field.def. */
static void take_own(struct text key, const struct json_value *v, struct message *m,
                     struct aircraft_read *r, struct text place[2])
{
    const bool is_string = v->kind == JSON_KIND_STRING;
    if (text_is(key, "hex") || text_is(key, "icao24")) {
        if (is_string && !text_address(v->text, &m->address)) {
            m->address = ADDRESS_NONE;
        }
    } else if (text_is(key, "lat") || text_is(key, "lon")) {
        place[key.p[2] == 'n'] = v->kind == JSON_KIND_NUMBER ? v->text : (struct text){key.p, 0};
    } else if (text_is(key, "now") || text_is(key, "t")) {
        /* "t" is also readsb's aircraft type, a string: then it is no time */
        const int64_t us = aircraft_read_epoch(v);
        r->now_us = us == INSTANT_NONE ? r->now_us : us;
    } else if (text_is(key, "seen")) {
        r->seen_us = age_of(v, 0);
    } else if (text_is(key, "seen_pos")) {
        r->seen_pos_us = age_of(v, -1);
    } else if (text_is(key, "rId")) {
        r->receiver = is_string ? v->text : (struct text){0};
    } else if (text_is(key, "type")) {
        char word[20] = {0};
        if (is_string && v->text.n < sizeof word) {
            memcpy(word, v->text.p, v->text.n);
            m->origin = (uint8_t)origin_find(word);
        }
    }
}

/* aircraft.json has "ground" instead of a number in alt_baro: a number says it flies. */
static void take_field(enum field f, const struct json_value *v, struct message *m)
{
    int64_t value;
    if (field_value(f, v, m, &value)) {
        if (value_add(m, f, value) && f == FIELD_ALT_BARO) {
            value_add(m, FIELD_GROUND, 0);
        }
    } else if (f == FIELD_ALT_BARO && v->kind == JSON_KIND_STRING && text_is(v->text, "ground")) {
        value_add(m, FIELD_GROUND, 1);
    }
}

static void take_member(struct text key, const struct json_value *v, struct message *m,
                        struct aircraft_read *r, struct text place[2])
{
    const enum field f = key.n > 0 ? find(key, r->next) : FIELD_COUNT;
    if (f == FIELD_COUNT) {
        take_own(key, v, m, r, place);
        return;
    }
    r->next = f + 1 < FIELD_COUNT ? f + 1 : 0;
    take_field(f, v, m);
}

bool aircraft_read(const struct json_value *v, struct message *m, struct aircraft_read *r)
{
    struct json_walk w;
    struct text key, place[2] = {{0}, {0}};
    struct json_value member;
    if (v->kind != JSON_KIND_OBJECT) {
        return false;
    }
    message_start(m);
    r->now_us = INSTANT_NONE;
    r->seen_us = 0;
    r->seen_pos_us = -1;
    r->receiver = (struct text){0};
    r->next = r->next < FIELD_COUNT ? r->next : 0;
    json_walk_start(&w, v);
    while (json_walk_next(&w, &key, &member)) {
        take_member(key, &member, m, r, place);
    }
    if (w.is_bad || m->address == ADDRESS_NONE) {
        return false;
    }
    m->has_place =
        place[0].n > 0 && place[1].n > 0 && text_place(place[0], place[1], &m->lat_e7, &m->lon_e7);
    return true;
}

int64_t aircraft_read_time(const struct aircraft_read *r, const struct message *m, int64_t now_us)
{
    const int64_t now = r->now_us == INSTANT_NONE ? now_us : r->now_us;
    return now - (m->has_place && r->seen_pos_us >= 0 ? r->seen_pos_us : r->seen_us);
}
