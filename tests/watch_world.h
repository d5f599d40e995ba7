/* Two aircraft, a set of watches and what they told: what the tests of watches stand on. */
#ifndef MASAR_TESTS_WATCH_WORLD_H
#define MASAR_TESTS_WATCH_WORLD_H

#include "identity/type.h"
#include "watch/watch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define T0   INT64_C(1717749000000)
#define MIN  INT64_C(60000)
#define HOUR (60 * MIN)

enum { TOLD_MAX = 64, RCH = 0xaefc10, AFR = 0x39ff7c };

struct world {
    struct watch_set *set;
    struct watch_alert told[TOLD_MAX];
    unsigned n;
    float heard;
};

static inline void take(void *ctx, const struct watch_alert *a)
{
    struct world *w = ctx;
    assert_true(w->n < TOLD_MAX);
    w->told[w->n++] = *a;
}

/* Two aircraft everybody knows; of others nothing. */
static inline void who(void *ctx, uint32_t address, const char *flight, int64_t t_ms,
                       struct watch_who *out)
{
    (void)ctx;
    (void)flight;
    (void)t_ms;
    *out = (struct watch_who){.military = -1};
    if (address == RCH) {
        *out = (struct watch_who){.registration = "08-8194",
                                  .type = "C17",
                                  .operator= "RCH",
                                  .country = "US",
                                  .kind = KIND_AIRLIFT_HEAVY,
                                  .military = 1,
                                  .lists = 1};
    } else if (address == AFR) {
        *out = (struct watch_who){.registration = "F-GKXA",
                                  .type = "A320",
                                  .operator= "AFR",
                                  .country = "FR",
                                  .kind = KIND_AIRLINER,
                                  .military = 0};
    }
}

static inline float heard(void *ctx, int32_t lat_e7, int32_t lon_e7, int32_t alt_ft, int64_t t_ms)
{
    (void)lat_e7;
    (void)lon_e7;
    (void)alt_ft;
    (void)t_ms;
    return ((struct world *)ctx)->heard;
}

static const char *area(void *ctx, const char *name)
{
    (void)ctx;
    return strcmp(name, "here") == 0 ? "circle=10,10,50km" : NULL;
}

static inline int list(void *ctx, const char *name)
{
    (void)ctx;
    return strcmp(name, "gov") == 0 ? 0 : -1;
}

static const struct watch_names names = {.day = AIRPORT_TODAY, .area = area, .list = list};

static inline struct watch_rule *rule(const char *text)
{
    struct watch_rule *r;
    struct watch_wrong wrong;
    if (watch_rule_read(text, strlen(text), &names, &r, &wrong)) {
        fail_msg("%s: at %zu %s", text, wrong.at, wrong.why);
    }
    return r;
}

static inline struct world *world(const char *first, ...)
{
    struct world *w = calloc(1, sizeof *w);
    va_list more;
    int64_t id = 0;
    w->heard = 0.97F;
    const struct watch_views views = {
        .who = who, .heard = heard, .heard_ctx = w, .known_since_ms = T0 - 100 * 24 * HOUR};
    w->set = watch_set_new(&views, take, w);
    assert_non_null(w->set);
    va_start(more, first);
    for (const char *text = first; text; text = va_arg(more, const char *)) {
        assert_int_equal(watch_set_put(w->set, ++id, rule(text)), ERR_OK);
    }
    va_end(more);
    return w;
}

static inline void end(struct world *w)
{
    watch_set_free(w->set);
    free(w);
}

static inline struct kept point(uint32_t address, int64_t t_ms, double lat, double lon)
{
    struct kept k = kept_none();
    k.address = address;
    k.t_ms = t_ms;
    k.lat_e7 = (int32_t)(lat * 1e7);
    k.lon_e7 = (int32_t)(lon * 1e7);
    k.alt_baro_ft = 31000;
    k.gs_e2_kt = 44000;
    k.track_e2_deg = 9000;
    k.baro_rate_fpm = 0;
    return k;
}

static inline void fly(struct world *w, uint32_t address, int64_t t_ms, double lat, double lon)
{
    const struct kept k = point(address, t_ms, lat, lon);
    assert_int_equal(watch_fix(w->set, &k), ERR_OK);
}

static inline struct claim row(enum claim_kind kind, uint32_t address, uint32_t number,
                               int64_t t_ms, const char *airport, float p)
{
    struct claim c = claim_none(kind, address, 0);
    c.number = number;
    c.leg = 1;
    c.p = 1;
    c.made_ms = c.t_lo_ms = c.t_hi_ms = t_ms;
    if (airport) {
        c.candidates = 1;
        snprintf(c.candidate[0].airport, sizeof c.candidate[0].airport, "%s", airport);
        c.candidate[0].p = p;
        c.none_p = 1 - p;
    }
    return c;
}

static inline void say(struct world *w, struct claim c)
{
    assert_int_equal(watch_claim(w->set, &c), ERR_OK);
}

#endif
