/* Any UAT payload of ADS-B decoded, encoded and decoded again says the same. */
#include "base/rng.h"
#include "uat/bits.h"
#include "uat/decode.h"
#include "uat/encode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* What the encoder does not write: where an aircraft's antenna is and how long it is. */
static bool is_written(enum field f)
{
    return f != FIELD_LENGTH && f != FIELD_WIDTH && f != FIELD_GPS_LATERAL &&
           f != FIELD_GPS_LONGITUDINAL && f != FIELD_GPS_OFFSET_APPLIED;
}

static struct uat_frame chance(struct rng *r)
{
    struct uat_frame f = {.n = rng_below(r, 4) ? UAT_LONG : UAT_SHORT, .rssi_ddb = UAT_NO_RSSI};
    for (unsigned i = 0; i < f.n; i++) {
        f.byte[i] = (uint8_t)rng_below(r, 256);
    }
    uat_put_bits(f.byte, 1, 1, 5, f.n == UAT_SHORT ? 0 : 1 + rng_below(r, 6));
    uat_put_bits(f.byte, 1, 6, 3, rng_below(r, 7));
    return f;
}

static void check(const struct message *a, const struct message *b)
{
    assert_int_equal(a->address, b->address);
    assert_int_equal(a->origin, b->origin);
    assert_int_equal(a->has_place, b->has_place);
    if (a->has_place) {
        assert_int_equal(a->lat_e7, b->lat_e7);
        assert_int_equal(a->lon_e7, b->lon_e7);
    }
    for (unsigned i = 0; i < a->n; i++) {
        const enum field f = (enum field)a->item[i].field;
        if (is_written(f) && message_get(b, f, INT32_MIN) != a->item[i].value) {
            print_error("%s: %d became %d\n", field_row[f].key, a->item[i].value,
                        message_get(b, f, INT32_MIN));
            fail();
        }
    }
    for (unsigned i = 0; i < b->n; i++) {
        const enum field f = (enum field)b->item[i].field;
        assert_int_equal(message_get(a, f, INT32_MIN), b->item[i].value);
    }
}

static void what_is_decoded_is_encoded_again(void **state)
{
    (void)state;
    struct rng r = {20260301};
    printf("seed %llu\n", (unsigned long long)r.state);
    for (unsigned i = 0; i < 200000; i++) {
        const struct uat_frame f = chance(&r);
        struct uat_frame again;
        struct message a, b;
        uat_decode(&f, &a);
        uat_encode(&a, &again);
        uat_decode(&again, &b);
        assert_int_equal(again.n, f.n);
        check(&a, &b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_decoded_is_encoded_again)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
