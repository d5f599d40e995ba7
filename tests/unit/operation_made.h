/* A small operation and its flights, made in place. */
#ifndef MASAR_TESTS_OPERATION_MADE_H
#define MASAR_TESTS_OPERATION_MADE_H

#include "operation/operation.h"
#include "operation/sortie.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#define DAY_MS  INT64_C(86400000)
#define HOUR_MS INT64_C(3600000)
#define START   INT64_C(1717718400000) /* 2024-06-07T00:00:00Z */

static inline enum err put(struct operation *o, enum item_kind kind, const char *key,
                           const char *const *said, char why[ITEM_WHY_MAX])
{
    struct item i;
    enum err e = item_start(&i, kind, key, why, ITEM_WHY_MAX);
    for (; !e && *said; said += 2) {
        e = item_set(&i, said[0], said[1], why, ITEM_WHY_MAX);
    }
    e = e ? e : item_check(&i, START, why, ITEM_WHY_MAX);
    e = e ? e : operation_check(o, &i, why, ITEM_WHY_MAX);
    e = e ? e : operation_put(o, &i);
    item_free(&i);
    return e;
}

#define PUT(o, kind, key, ...)                                                                     \
    put(o, kind, key, (const char *const[]){__VA_ARGS__, NULL}, (char[ITEM_WHY_MAX]){0})

static inline void assert_refused(struct operation *o, enum item_kind kind, const char *key,
                                  const char *const *said, const char *begins)
{
    char why[ITEM_WHY_MAX] = "";
    const size_t before = o->n;
    assert_int_not_equal(put(o, kind, key, said, why), ERR_OK);
    if (strncmp(why, begins, strlen(begins)) != 0) {
        fail_msg("'%s' does not begin with '%s'", why, begins);
    }
    assert_int_equal(o->n, before);
}

#define REFUSED(o, kind, key, begins, ...)                                                         \
    assert_refused(o, kind, key, (const char *const[]){__VA_ARGS__, NULL}, begins)

static inline void make(struct operation *o)
{
    *o = (struct operation){0};
    assert_int_equal(PUT(o, ITEM_HEAD, "test", "name", "A test", "purpose", "withdrawal", "parties",
                         "US", "types", "C17", "start", "2024-06-07", "deadline",
                         "2024-09-15T23:59:59+01:00", "closure", "last_departure"),
                     ERR_OK);
    assert_int_equal(
        PUT(o, ITEM_BASE, "DRRN", "role", "onload", "mog", "2", "hours", "12", "ground_h", "2"),
        ERR_OK);
    assert_int_equal(PUT(o, ITEM_FACTOR, "low", "type", "C17", "edition", "E", "role", "low",
                         "payload", "25", "unit", "t", "source", "S"),
                     ERR_OK);
    assert_int_equal(PUT(o, ITEM_FACTOR, "plan", "type", "C17", "edition", "E", "role", "plan",
                         "payload", "59", "unit", "t", "source", "S"),
                     ERR_OK);
    assert_int_equal(PUT(o, ITEM_FACTOR, "max", "type", "C17", "edition", "E", "role", "max",
                         "payload", "77.5", "unit", "t", "source", "S", "seats", "188"),
                     ERR_OK);
}

static inline struct sortie flight(unsigned number, int64_t off_ms, const char *from,
                                   const char *to)
{
    struct sortie s = {.address = 0xae0001 + number % 3,
                       .leg = number,
                       .military = true,
                       .is_sortie = true,
                       .is_over = true,
                       .country = "US",
                       .type = "C17",
                       .callsign = "RCH1"};
    s.off = (struct sortie_end){.known = true,
                                .observed = true,
                                .places = 1,
                                .p = 1,
                                .lo_ms = off_ms,
                                .hi_ms = off_ms + 60000};
    strcpy(s.off.place[0].code, from);
    strcpy(s.off.place[0].country, "NE");
    s.off.place[0].p = 1;
    s.on = s.off;
    s.on.lo_ms = s.on.hi_ms = off_ms + 5 * HOUR_MS;
    strcpy(s.on.place[0].code, to);
    strcpy(s.on.place[0].country, "DE");
    return s;
}

#endif
