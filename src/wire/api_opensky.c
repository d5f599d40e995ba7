#include "wire/api_opensky.h"

#include "wire/aircraft_read.h"
#include "wire/api_body.h"
#include "wire/value.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Places in a state vector (opensky-api docs/free/rest.rst). */
enum {
    AT_HEX,
    AT_FLIGHT,
    AT_COUNTRY,
    AT_TIME_POSITION,
    AT_LAST_CONTACT,
    AT_LON,
    AT_LAT,
    AT_ALT_BARO,
    AT_GROUND,
    AT_SPEED,
    AT_TRACK,
    AT_RATE,
    AT_SENSORS,
    AT_ALT_GEOM,
    AT_SQUAWK,
    AT_SPI,
    AT_SOURCE,
    AT_CATEGORY,
    AT_COUNT
};

/* Feet in a metre, knots in a metre a second. */
#define FEET_PER_M   (1 / 0.3048)
#define KNOTS_PER_MS (3600 / 1852.0)

/* A number of metres with three decimals, times factor. */
static void add_scaled(struct message *m, enum field f, const struct json_value *v, double factor)
{
    int64_t e3;
    if (v->kind == JSON_KIND_NUMBER && text_decimal(v->text, 3, &e3) && e3 > -1000000000 &&
        e3 < 1000000000) {
        value_add(m, f, llround((double)e3 / 1000 * factor));
    }
}

static void add_flag(struct message *m, enum field f, const struct json_value *v)
{
    if (v->kind == JSON_KIND_TRUE || v->kind == JSON_KIND_FALSE) {
        message_add(m, f, v->kind == JSON_KIND_TRUE);
    }
}

/* OpenSky's emitter categories 2..20 as DO-260B's A1..C7; 0 and 1 are not known. */
static void add_category(struct message *m, const struct json_value *v)
{
    static const uint8_t category[] = {0,    0,    0xa1, 0xa2, 0xa3, 0xa4, 0xa5,
                                       0xa6, 0xa7, 0xb1, 0xb2, 0xb3, 0xb4, 0xb5,
                                       0xb6, 0xb7, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5};
    int32_t i;
    if (v->kind == JSON_KIND_NUMBER &&
        text_number(v->text, 0, 2, (int32_t)sizeof category - 1, &i)) {
        message_add(m, FIELD_CATEGORY, category[i]);
    }
}

static void add_strings(struct message *m, const struct json_value *at)
{
    int32_t squawk;
    if (at[AT_FLIGHT].kind == JSON_KIND_STRING && text_flight(at[AT_FLIGHT].text, m->flight)) {
        message_add(m, FIELD_FLIGHT, 0);
    }
    if (at[AT_SQUAWK].kind == JSON_KIND_STRING && at[AT_SQUAWK].text.n == 4 &&
        text_squawk(at[AT_SQUAWK].text, &squawk)) {
        message_add(m, FIELD_SQUAWK, squawk);
    }
}

static void set_time(struct message *m, const struct json_value *at, int64_t now_us)
{
    const int64_t position_us = aircraft_read_epoch(&at[AT_TIME_POSITION]);
    const int64_t contact_us = aircraft_read_epoch(&at[AT_LAST_CONTACT]);
    m->t_us = m->has_place && position_us != INSTANT_NONE ? position_us
              : contact_us != INSTANT_NONE                ? contact_us
                                                          : now_us;
}

/* False where v is no state vector. */
static bool read_state(const struct json_value *v, int64_t now_us, struct message *m)
{
    struct json_value at[AT_COUNT] = {{0}};
    struct json_walk w;
    size_t n = 0;
    json_walk_start(&w, v);
    while (n < AT_COUNT && json_walk_next(&w, NULL, &at[n])) {
        n++;
    }
    message_start(m);
    if (w.is_bad || n <= AT_TRACK || at[AT_HEX].kind != JSON_KIND_STRING ||
        !text_address(at[AT_HEX].text, &m->address)) {
        return false;
    }
    m->origin = ORIGIN_API;
    if (at[AT_LAT].kind == JSON_KIND_NUMBER && at[AT_LON].kind == JSON_KIND_NUMBER) {
        value_add_place(m, at[AT_LAT].text, at[AT_LON].text);
    }
    set_time(m, at, now_us);
    add_strings(m, at);
    add_scaled(m, FIELD_ALT_BARO, &at[AT_ALT_BARO], FEET_PER_M);
    add_scaled(m, FIELD_ALT_GEOM, &at[AT_ALT_GEOM], FEET_PER_M);
    add_scaled(m, FIELD_GS, &at[AT_SPEED], 100 * KNOTS_PER_MS);
    add_scaled(m, FIELD_TRACK, &at[AT_TRACK], 100);
    add_scaled(m, FIELD_BARO_RATE, &at[AT_RATE], 60 * FEET_PER_M);
    add_flag(m, FIELD_GROUND, &at[AT_GROUND]);
    add_flag(m, FIELD_SPI, &at[AT_SPI]);
    add_category(m, &at[AT_CATEGORY]);
    return true;
}

static bool find_parts(const struct json_value *top, struct json_value *list, int64_t *now_us)
{
    struct json_walk w;
    struct text key;
    struct json_value v;
    bool has_list = false;
    json_walk_start(&w, top);
    while (json_walk_next(&w, &key, &v)) {
        if (text_is(key, "states")) {
            *list = v;
            has_list = v.kind == JSON_KIND_ARRAY || v.kind == JSON_KIND_NULL;
        } else if (text_is(key, "time")) {
            const int64_t us = aircraft_read_epoch(&v);
            *now_us = us == INSTANT_NONE ? *now_us : us;
        }
    }
    return has_list && !w.is_bad;
}

enum err api_opensky_parse(const char *body, size_t n, int64_t now_us, api_message_fn *fn,
                           void *ctx, char *why, size_t why_size)
{
    struct json_value top, list, v;
    const enum err e = api_body_read(body, n, &top, why, why_size);
    if (e) {
        return e;
    }
    if (top.kind != JSON_KIND_OBJECT || !find_parts(&top, &list, &now_us)) {
        snprintf(why, why_size, "the answer has no list \"states\": %s",
                 api_body_start(body, n).text);
        return ERR_UNKNOWN;
    }
    struct message m;
    struct json_walk w;
    json_walk_start(&w, &list);
    while (json_walk_next(&w, NULL, &v)) {
        if (read_state(&v, now_us, &m)) {
            fn(ctx, &m);
        }
    }
    if (w.is_bad) {
        snprintf(why, why_size, "the list of states breaks off");
        return ERR_SYNTAX;
    }
    return ERR_OK;
}
