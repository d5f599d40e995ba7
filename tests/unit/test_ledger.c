/* The ledger: rows as bytes, in a store, corrected, replaced; sums; memory of flights. */
#include "../store_folder.h"
#include "base/chance.h"
#include "ledger/flight.h"
#include "ledger/memory.h"
#include "model/claim_pack.h"
#include "movement/movement.h"
#include "store/ledger.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct claim row(uint32_t address, uint32_t number, enum claim_kind kind, const char *code)
{
    struct claim c = claim_none(kind, address, 0);
    c.number = number;
    c.leg = 1;
    c.p = 0.75F;
    c.none_p = 0.25F;
    c.made_ms = INT64_C(1717750000000) + number;
    c.t_lo_ms = c.sure_hi_ms = c.made_ms - 60000;
    c.t_hi_ms = c.sure_lo_ms = c.made_ms;
    c.candidates = 1;
    strcpy(c.candidate[0].airport, code);
    c.candidate[0].p = 0.75F;
    memcpy(c.flight, "RCH103  ", 8);
    return c;
}

static void packs_bit_for_bit(void **state)
{
    (void)state;
    uint8_t bytes[CLAIM_PACK_MAX], again[CLAIM_PACK_MAX];
    struct claim c = row(0xaefc10, 7, CLAIM_LANDED, "DRRN"), d;
    c.evidence.rules = 0x80000001;
    c.evidence.receiver[3] = 777;
    c.lat_e7 = -133333333;
    memcpy(c.runway, "09L", 4);
    c.candidates = CLAIM_CANDIDATES;
    for (int i = 1; i < CLAIM_CANDIDATES; i++) {
        strcpy(c.candidate[i].airport, "DRZA");
        c.candidate[i].p = 0.01F;
    }
    const size_t n = claim_pack(&c, bytes);
    assert_true(n <= CLAIM_PACK_MAX);
    assert_int_equal(claim_unpack(bytes, n, &d), ERR_OK);
    assert_int_equal(claim_pack(&d, again), n);
    assert_memory_equal(bytes, again, n);
    assert_int_equal(d.evidence.rules, c.evidence.rules);
    assert_int_equal(d.lat_e7, c.lat_e7);
    assert_string_equal(d.candidate[7].airport, "DRZA");
    for (size_t cut = 0; cut < n; cut++) {
        assert_int_equal(claim_unpack(bytes, cut, &d), ERR_SYNTAX);
    }
}

/* A row as version 1 packed it, the one of row(0xaefc10, 7, CLAIM_LANDED, "DRRN") with two rules:
   it says no time of its own, and is listed by the middle. */
static void reads_what_version_1_packed(void **state)
{
    (void)state;
    static const char old[] =
        "0110fcae00070000000000000001000000ffffffff000002000000010000403f0000803e87e9e0f18f010000"
        "27ffdff18f01000087e9e0f18f01000087e9e0f18f01000027ffdff18f010000000000800000008000000080"
        "0000000000000000000052434831303320200000000000000000000000800000000000000080000000000000"
        "000000000000000000000000000080bf0000000000000080010000804452524e00000000000000000000403f";
    uint8_t bytes[CLAIM_PACK_MAX];
    const size_t n = strlen(old) / 2;
    for (size_t i = 0; i < n; i++) {
        const char pair[3] = {old[2 * i], old[2 * i + 1], 0};
        bytes[i] = (uint8_t)strtoul(pair, NULL, 16);
    }
    struct claim want = row(0xaefc10, 7, CLAIM_LANDED, "DRRN"), c;
    assert_int_equal(claim_unpack(bytes, n, &c), ERR_OK);
    assert_int_equal(c.address, want.address);
    assert_int_equal(c.kind, want.kind);
    assert_int_equal(c.t_lo_ms, want.t_lo_ms);
    assert_int_equal(c.t_hi_ms, want.t_hi_ms);
    assert_int_equal(c.evidence.rules, 0x80000001);
    assert_string_equal(c.candidate[0].airport, "DRRN");
    assert_true(c.candidate[0].p == 0.75F);
    assert_int_equal(c.t_ms, CLAIM_NO_TIME);
    assert_int_equal(claim_time(&c), want.t_lo_ms + 30000);
    assert_int_equal(claim_unpack(bytes, n - 1, &c), ERR_SYNTAX);
    /* Kept anew it is of this version, and says the same. */
    want = c = (struct claim){0};
    assert_int_equal(claim_unpack(bytes, n, &want), ERR_OK);
    assert_int_equal(claim_unpack(bytes, claim_pack(&want, bytes), &c), ERR_OK);
    assert_memory_equal(&c, &want, sizeof c);
    want.t_ms = want.t_hi_ms;
    assert_int_equal(claim_unpack(bytes, claim_pack(&want, bytes), &c), ERR_OK);
    assert_int_equal(claim_time(&c), want.t_hi_ms);
}

static void sums_as_a_poisson_binomial(void **state)
{
    (void)state;
    struct chance_sum s;
    float p[40];
    for (int i = 0; i < 40; i++) {
        p[i] = 0.5F;
    }
    assert_int_equal(chance_sum(p, 40, &s), ERR_OK);
    /* Binomial(40, 1/2): 5 % point 15, 95 % point 25. */
    assert_int_equal(s.low, 15);
    assert_int_equal(s.high, 25);
    assert_true(fabs(s.expected - 20) < 1e-9);
    p[0] = p[1] = 1;
    assert_int_equal(chance_sum(p, 2, &s), ERR_OK);
    assert_int_equal(s.low, 2);
    assert_int_equal(s.high, 2);
    assert_int_equal(chance_sum(p, 0, &s), ERR_OK);
    assert_int_equal(s.high, 0);
}

struct counted {
    uint32_t destination[8];
    float count[8];
    int n;
};

static void take_count(void *ctx, uint32_t destination, float count)
{
    struct counted *c = ctx;
    c->destination[c->n] = destination;
    c->count[c->n++] = count;
}

static void remembers_alike_in_any_order(void **state)
{
    (void)state;
    static const int32_t day[6] = {10, 11, 12, 11, 100, 101};
    static const int order[2][6] = {{0, 1, 2, 3, 4, 5}, {0, 3, 2, 1, 5, 4}};
    struct counted got[2][3] = {0};
    for (int k = 0; k < 2; k++) {
        struct memory *m = memory_new();
        for (int i = 0; i < 6; i++) {
            const int w = order[k][i];
            assert_int_equal(memory_add(m, 5, 1, (uint32_t)w % 2, 0.9F, day[w]), ERR_OK);
        }
        memory_ask(m, 5, 1, 100, take_count, &got[k][0]);
        memory_ask(m, 5, 1, 101, take_count, &got[k][1]);
        memory_ask(m, 5, 2, 101, take_count, &got[k][2]);
        memory_free(m);
    }
    assert_memory_equal(&got[0], &got[1], sizeof got[0]);
    assert_int_equal(got[0][0].n, 2);
    assert_int_equal(got[0][2].n, 0);
    assert_true(got[0][1].count[1] > got[0][0].count[1]); /* day 101 was not known on day 100 */
    assert_int_equal(memory_known_day(INT64_C(86400000) - 3600001), 1);
    assert_int_equal(memory_known_day(INT64_C(86400000) - 3600000), 2);
}

/* What is known from tomorrow on changes nothing today. */
/* Any gate is no gate there is, and not any origin: what was lost somewhere is not counted as flown
   from anywhere a second time. */
static void any_gate_is_its_own_key(void **state)
{
    (void)state;
    const uint32_t any = movement_gate_any(MEMORY_ANY);
    assert_int_not_equal(any, MEMORY_ANY);
    assert_int_not_equal(any, movement_gate_any(0));
    assert_int_not_equal(any, movement_gate_any(70000));
    for (int32_t lat = -90; lat < 90; lat++) {
        for (int32_t lon = -180; lon < 180; lon++) {
            assert_int_not_equal(movement_gate(lat * 10000000, lon * 10000000), any);
        }
    }
}

static void knows_nothing_of_tomorrow(void **state)
{
    (void)state;
    struct memory *m = memory_new();
    struct counted before = {0}, after = {0};
    for (int32_t day = 1; day <= 40; day++) {
        assert_int_equal(memory_add(m, 5, 1, 9, 0.7F, day), ERR_OK);
    }
    memory_ask(m, 5, 1, 40, take_count, &before);
    assert_int_equal(memory_add(m, 5, 1, 9, 0.9F, 41), ERR_OK);
    memory_ask(m, 5, 1, 40, take_count, &after);
    assert_memory_equal(&before, &after, sizeof before);
    memory_free(m);
}

static bool take_rows(void *ctx, const struct claim *c)
{
    struct claim **to = ctx;
    *(*to)++ = *c;
    return true;
}

static size_t find(struct store *s, const struct store_ledger_query *q, struct claim *out)
{
    struct claim *end = out;
    size_t torn;
    assert_int_equal(store_ledger_find(s, q, take_rows, &end, &torn), ERR_OK);
    assert_int_equal(torn, 0);
    return (size_t)(end - out);
}

static void remembers_stays(void **state)
{
    (void)state;
    struct memory *m = memory_new();
    struct counted flights = {0};
    float stays, hours;
    memory_stays(m, 5, 1, 10, &stays, &hours);
    assert_true(stays == 0 && hours == 0);
    assert_int_equal(memory_add(m, 5, 1, 0, 0.9F, 10), ERR_OK);
    assert_int_equal(memory_add_stay(m, 5, 1, 3.5F, 10), ERR_OK);
    assert_int_equal(memory_add_stay(m, 5, 1, 600, 10), ERR_OK);
    assert_int_equal(memory_add_stay(m, 5, 1, 8, 11), ERR_OK);
    assert_int_equal(memory_add_stay(m, 5, 2, 1, 10), ERR_OK);
    memory_stays(m, 5, 1, 10, &stays, &hours);
    assert_true(stays == 2 && hours == 603.5F); /* what is known tomorrow is not known yet */
    memory_stays(m, 5, 1, 40, &stays, &hours);
    assert_float_equal(stays, 1 + exp2(-29 / 30.0), 1e-3);
    memory_stays(m, 6, 1, 10, &stays, &hours);
    assert_true(stays == 0 && hours == 0);
    memory_ask(m, 5, 1, 10, take_count, &flights); /* and is no flight */
    assert_int_equal(flights.n, 1);
    assert_float_equal(flights.count[0], 0.9, 1e-2);
    memory_free(m);
}

static void keeps_what_was_said_before(void **state)
{
    (void)state;
    char dir[64];
    folder_new(dir);
    const struct store_options o = {.mode = STORE_WRITE};
    struct store *s = folder_open(dir, &o);
    struct store_ledger_query q = {
        .address = ADDRESS_NONE, .from_ms = INT64_MIN, .to_ms = INT64_MAX};
    struct claim got[8];
    assert_int_equal(find(s, &q, got), 0);
    struct claim c[3] = {row(0xaefc10, 1, CLAIM_TOOK_OFF, "ETAR"),
                         row(0xaefc10, 2, CLAIM_LANDED, "DRRN"),
                         row(0xaefc11, 1, CLAIM_TOOK_OFF, "LERT")};
    assert_int_equal(store_ledger_append(s, "one", c, 3, 1000), ERR_OK);
    assert_int_equal(find(s, &q, got), 3);
    q.airport = "DRRN";
    assert_int_equal(find(s, &q, got), 2); /* all of the aircraft that was there */
    q.airport = NULL;
    q.airports = "[\"EDDF\",\"DRRN\"]";
    assert_int_equal(find(s, &q, got), 2);
    q.airports = "[\"LERT\",\"DRRN\"]";
    assert_int_equal(find(s, &q, got), 3);
    q.to_ms = c[0].t_lo_ms; /* begun before */
    assert_int_equal(find(s, &q, got), 0);
    q.to_ms = INT64_MAX;
    q.airports = NULL;
    c[1].p = 0.9F;
    struct store_ledger_change changed;
    assert_int_equal(store_ledger_open(s), ERR_OK);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(store_ledger_stage(s, &c[i]), ERR_OK);
    }
    assert_int_equal(store_ledger_close(s, "two", 2000, &changed), ERR_OK);
    assert_int_equal(changed.came, 1);
    assert_int_equal(changed.gone, 2);
    assert_int_equal(find(s, &q, got), 2);
    assert_true(got[1].p > 0.89F);
    q.edition = 1;
    assert_int_equal(find(s, &q, got), 3);
    assert_true(got[1].p < 0.76F);
    struct store_ledger_state st;
    assert_int_equal(store_ledger_state(s, &st), ERR_OK);
    assert_int_equal(st.edition, 2);
    assert_int_equal(st.rows, 2);
    assert_int_equal(st.all, 4);
    assert_int_equal(st.through_ms, 2000);
    assert_string_equal(st.detector, "two");
    store_close(s);
    folder_remove(dir);
}

static void takes_the_last_word(void **state)
{
    (void)state;
    struct claim c[5] = {row(1, 1, CLAIM_TOOK_OFF, "ETAR"), row(1, 2, CLAIM_DESTINATION, "DRRN"),
                         row(1, 3, CLAIM_LANDED, "DRRN"), row(1, 4, CLAIM_LANDED, "DRZA"),
                         row(1, 5, CLAIM_TURN_BACK, "ETAR")};
    c[3].supersedes = 3;
    c[4].flags = CLAIM_NOT_SORTIE;
    bool stands[5];
    struct flight f[5];
    flight_standing(c, 5, stands);
    assert_false(stands[2]);
    assert_int_equal(flights_of(c, 5, stands, f, 5), 1);
    assert_ptr_equal(f[0].on, &c[3]);
    assert_ptr_equal(f[0].off, &c[0]);
    assert_false(f[0].is_sortie);
    c[3].flags = CLAIM_WITHDRAWN;
    flight_standing(c, 5, stands);
    assert_int_equal(flights_of(c, 5, stands, f, 5), 1);
    assert_null(f[0].on);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packs_bit_for_bit),
        cmocka_unit_test(reads_what_version_1_packed),
        cmocka_unit_test(sums_as_a_poisson_binomial),
        cmocka_unit_test(remembers_alike_in_any_order),
        cmocka_unit_test(any_gate_is_its_own_key),
        cmocka_unit_test(knows_nothing_of_tomorrow),
        cmocka_unit_test(remembers_stays),
        cmocka_unit_test(keeps_what_was_said_before),
        cmocka_unit_test(takes_the_last_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
