/* Reed-Solomon of UAT: what can be repaired is, with erasures too; what cannot is left as it was;
   a code word known from the air. */
#include "base/rng.h"
#include "radio/uat_rs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    unsigned n_data, n_check;
} codes[3] = {{18, 12}, {34, 14}, {72, 20}};

static void fill(struct rng *r, uint8_t *p, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        p[i] = (uint8_t)rng_below(r, 256);
    }
}

/* n different places below limit. */
static void places(struct rng *r, uint8_t *at, unsigned n, unsigned limit)
{
    for (unsigned i = 0; i < n;) {
        at[i] = (uint8_t)rng_below(r, limit);
        if (!memchr(at, at[i], i)) {
            i++;
        }
    }
}

static void every_mix_of_errors_and_erasures_is_repaired(void **state)
{
    (void)state;
    struct rng r = {1};
    struct uat_rs rs;
    uat_rs_start(&rs);
    for (unsigned c = 0; c < 3; c++) {
        const unsigned n_check = codes[c].n_check, n = codes[c].n_data + n_check;
        for (unsigned errors = 0; errors <= n_check / 2; errors++) {
            for (unsigned e = 0; 2 * errors + e <= n_check; e++) {
                uint8_t sent[92], got[92], at[UAT_RS_CHECK_MAX];
                fill(&r, sent, codes[c].n_data);
                uat_rs_encode(&rs, sent, codes[c].n_data, n_check);
                memcpy(got, sent, n);
                places(&r, at, errors + e, n);
                for (unsigned i = 0; i < errors; i++) {
                    got[at[i]] ^= (uint8_t)(1 + rng_below(&r, 255));
                }
                for (unsigned i = 0; i < e; i++) {
                    got[at[errors + i]] = (uint8_t)rng_below(&r, 256);
                }
                const int changed = uat_rs_decode(&rs, got, n, n_check, at + errors, e, errors);
                assert_in_range(changed, errors, errors + e);
                assert_memory_equal(got, sent, n);
            }
        }
    }
}

static void too_many_errors_leave_it_as_it_was(void **state)
{
    (void)state;
    struct rng r = {2};
    struct uat_rs rs;
    uat_rs_start(&rs);
    unsigned wrong = 0;
    for (unsigned turn = 0; turn < 600; turn++) {
        const unsigned c = turn % 3, n = codes[c].n_data + codes[c].n_check;
        uint8_t p[92], was[92];
        fill(&r, p, n);
        memcpy(was, p, n);
        if (uat_rs_decode(&rs, p, n, codes[c].n_check, NULL, 0, codes[c].n_check / 2) < 0) {
            assert_memory_equal(p, was, n);
        } else {
            wrong++;
        }
    }
    assert_int_equal(wrong, 0); /* one in 256^6 and less */
}

static void fewer_errors_may_be_asked_for(void **state)
{
    (void)state;
    struct rng r = {3};
    struct uat_rs rs;
    uat_rs_start(&rs);
    uint8_t p[30];
    fill(&r, p, 18);
    uat_rs_encode(&rs, p, 18, 12);
    p[3] ^= 1, p[9] ^= 2, p[20] ^= 3;
    assert_int_equal(uat_rs_decode(&rs, p, 30, 12, NULL, 0, 2), -1);
    assert_int_equal(uat_rs_decode(&rs, p, 30, 12, NULL, 0, 3), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_mix_of_errors_and_erasures_is_repaired),
        cmocka_unit_test(too_many_errors_leave_it_as_it_was),
        cmocka_unit_test(fewer_errors_may_be_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
