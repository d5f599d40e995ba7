#include "wire/api_adsbx.h"

#include "wire/aircraft_read.h"
#include "wire/api_body.h"

#include <stdio.h>
#include <string.h>

/* The list of aircraft and the answer's time, wherever they stand in the object. */
static bool find_parts(const struct json_value *top, struct json_value *list, int64_t *now_us)
{
    struct json_walk w;
    struct text key;
    struct json_value v;
    bool has_list = false;
    json_walk_start(&w, top);
    while (json_walk_next(&w, &key, &v)) {
        if ((text_is(key, "ac") || text_is(key, "aircraft")) && v.kind != JSON_KIND_NUMBER) {
            *list = v; /* null where nothing flies, at some */
            has_list = v.kind == JSON_KIND_ARRAY || v.kind == JSON_KIND_NULL;
        } else if (text_is(key, "now")) {
            const int64_t us = aircraft_read_epoch(&v);
            *now_us = us == INSTANT_NONE ? *now_us : us;
        }
    }
    return has_list && !w.is_bad;
}

enum err api_adsbx_parse(const char *body, size_t n, int64_t now_us, api_message_fn *fn, void *ctx,
                         char *why, size_t why_size)
{
    struct json_value top, list, v;
    const enum err e = api_body_read(body, n, &top, why, why_size);
    if (e) {
        return e;
    }
    if (top.kind != JSON_KIND_OBJECT || !find_parts(&top, &list, &now_us)) {
        snprintf(why, why_size, "the answer has no list \"ac\" or \"aircraft\": %s",
                 api_body_start(body, n).text);
        return ERR_UNKNOWN;
    }
    struct aircraft_read read = {0};
    struct message m;
    struct json_walk w;
    json_walk_start(&w, &list);
    while (json_walk_next(&w, NULL, &v)) {
        if (aircraft_read(&v, &m, &read)) {
            m.t_us = aircraft_read_time(&read, &m, now_us);
            m.origin = ORIGIN_API;
            fn(ctx, &m);
        }
    }
    if (w.is_bad) {
        snprintf(why, why_size, "the list of aircraft breaks off");
        return ERR_SYNTAX;
    }
    return ERR_OK;
}
