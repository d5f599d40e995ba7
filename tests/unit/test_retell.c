/* Positions told in values, told again as squitters: what a decoder reads from them is what was put
   in, in the form of whoever said it. */
#include "encode/retell.h"

#include "modes/cpr.h"
#include "modes/decode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { FRAMES = 32 };

struct heard {
    struct message m[FRAMES];
    size_t n;
};

static void hear(void *ctx, const struct frame *f)
{
    struct heard *h = ctx;
    assert_true(h->n < FRAMES);
    modes_decode(f, &(struct modes_options){0}, &h->m[h->n]);
    assert_int_equal(h->m[h->n].t_us, f->t_us);
    h->n++;
}

static struct message told(uint32_t address, enum origin origin)
{
    struct message m;
    message_start(&m);
    m.t_us = INT64_C(1717749000000000);
    m.address = address;
    m.origin = (uint8_t)origin;
    m.has_place = true;
    m.lat_e7 = 135012345;
    m.lon_e7 = -21012345;
    memcpy(m.flight, "RCH123  ", 8);
    message_add(&m, FIELD_FLIGHT, 0);
    message_add(&m, FIELD_ALT_BARO, 31000);
    message_add(&m, FIELD_GS, 45000);
    message_add(&m, FIELD_TRACK, 9000);
    message_add(&m, FIELD_BARO_RATE, -640);
    message_add(&m, FIELD_SQUAWK, 01234);
    message_add(&m, FIELD_VERSION, 2);
    message_add(&m, FIELD_NIC, 8);
    message_add(&m, FIELD_NAC_P, 9);
    message_add(&m, FIELD_SIL, 3);
    return m;
}

static int32_t any(const struct heard *h, enum field f)
{
    for (size_t i = 0; i < h->n; i++) {
        const int32_t v = message_get(&h->m[i], f, INT32_MIN);
        if (v != INT32_MIN) {
            return v;
        }
    }
    return INT32_MIN;
}

/* The place both halves say together. */
static void assert_place(const struct heard *h, bool surface, int32_t lat_e7, int32_t lon_e7)
{
    uint32_t half[2][2] = {{0}};
    unsigned seen = 0;
    for (size_t i = 0; i < h->n; i++) {
        const struct message_cpr *c = &h->m[i].cpr;
        if (c->present) {
            half[c->odd][0] = c->lat;
            half[c->odd][1] = c->lon;
            assert_int_equal(c->surface, surface);
            seen |= 1u << c->odd;
        }
    }
    assert_int_equal(seen, 3);
    struct cpr_position p;
    const struct cpr_position near = {lat_e7 + 100000, lon_e7 - 100000};
    assert_int_equal(surface ? cpr_surface(half[0], half[1], true, near, &p)
                             : cpr_airborne(half[0], half[1], true, &p),
                     CPR_OK);
    assert_in_range(abs(p.lat_e7 - lat_e7), 0, 240);
    assert_in_range(abs(p.lon_e7 - lon_e7), 0, 250);
}

static const struct form {
    enum origin origin, read_as;
    uint32_t other; /* ADDRESS_NON_ICAO or 0 */
    uint8_t df;
    bool direct;
} forms[] = {
    {ORIGIN_ADSB_ICAO, ORIGIN_ADSB_ICAO, 0, 17, true},
    {ORIGIN_ADSB_ICAO_NT, ORIGIN_ADSB_ICAO_NT, 0, 18, true},
    {ORIGIN_ADSB_OTHER, ORIGIN_ADSB_OTHER, ADDRESS_NON_ICAO, 18, true},
    {ORIGIN_ADSR_ICAO, ORIGIN_ADSR_ICAO, 0, 18, true},
    {ORIGIN_ADSR_OTHER, ORIGIN_ADSR_OTHER, ADDRESS_NON_ICAO, 18, true},
    {ORIGIN_TISB_ICAO, ORIGIN_TISB_ICAO, 0, 18, false},
    {ORIGIN_TISB_OTHER, ORIGIN_TISB_OTHER, ADDRESS_NON_ICAO, 18, false},
    {ORIGIN_MLAT, ORIGIN_MLAT, 0, 18, false},
    {ORIGIN_MLAT, ORIGIN_MLAT, ADDRESS_NON_ICAO, 18, false},
    {ORIGIN_API, ORIGIN_TISB_ICAO, 0, 18, false},
    {ORIGIN_UNKNOWN, ORIGIN_TISB_ICAO, 0, 18, false},
};

static void check_form(const struct form *form)
{
    struct retell *r = retell_new();
    struct heard h = {.n = 0};
    const struct message m = told(0x3c6444 | form->other, form->origin);
    assert_int_equal(retell_push(r, &m, hear, &h), ERR_OK);
    for (size_t i = 0; i < h.n; i++) {
        const bool answer = h.m[i].df == 5;
        assert_int_equal(h.m[i].df, answer ? 5 : form->df);
        assert_int_equal(h.m[i].address, m.address);
        if (!answer) {
            assert_int_equal(h.m[i].parity, PARITY_OK);
            assert_int_equal(h.m[i].origin, form->read_as);
        }
    }
    assert_place(&h, false, m.lat_e7, m.lon_e7);
    assert_int_equal(any(&h, FIELD_ALT_BARO), 31000);
    assert_int_equal(any(&h, FIELD_GS), 45000);
    assert_int_equal(any(&h, FIELD_TRACK), 9000);
    assert_int_equal(any(&h, FIELD_BARO_RATE), -640);
    assert_int_equal(any(&h, FIELD_SQUAWK), form->direct || !form->other ? 01234 : INT32_MIN);
    assert_int_equal(any(&h, FIELD_NAC_P), form->origin == ORIGIN_MLAT ? INT32_MIN : 9);
    retell_free(r);
}

static void test_every_origin_has_its_form(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        check_form(&forms[i]);
    }
}

static void test_on_the_ground(void **state)
{
    (void)state;
    struct retell *r = retell_new();
    struct heard h = {.n = 0};
    struct message m = told(0x3c6444, ORIGIN_ADSB_ICAO);
    message_add(&m, FIELD_GROUND, 1);
    m.item[2].value = 1200; /* speed */
    assert_int_equal(m.item[2].field, FIELD_GS);
    assert_int_equal(retell_push(r, &m, hear, &h), ERR_OK);
    assert_place(&h, true, m.lat_e7, m.lon_e7);
    assert_int_equal(any(&h, FIELD_GS), 1200);
    retell_free(r);
}

/* Call sign, squawk and quality again after ten seconds or when they are others. */
static void test_does_not_repeat_itself(void **state)
{
    (void)state;
    struct retell *r = retell_new();
    struct message m = told(0x3c6444, ORIGIN_ADSB_ICAO);
    static const size_t frames[] = {6, 3, 4, 6};
    for (size_t i = 0; i < 4; i++) {
        struct heard h = {.n = 0};
        m.t_us += i == 3 ? 10000000 : 1000000;
        m.flight[3] = i == 2 ? '9' : m.flight[3];
        assert_int_equal(retell_push(r, &m, hear, &h), ERR_OK);
        assert_int_equal(h.n, frames[i]);
    }
    retell_free(r);
}

static void test_nothing_to_tell(void **state)
{
    (void)state;
    struct retell *r = retell_new();
    struct heard h = {.n = 0};
    struct message m = told(ADDRESS_NONE, ORIGIN_ADSB_ICAO);
    assert_int_equal(retell_push(r, &m, hear, &h), ERR_RANGE);
    m = told(0x3c6444, ORIGIN_ADSB_ICAO);
    m.has_place = false;
    assert_int_equal(retell_push(r, &m, hear, &h), ERR_RANGE);
    assert_int_equal(h.n, 0);
    retell_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_origin_has_its_form),
        cmocka_unit_test(test_on_the_ground),
        cmocka_unit_test(test_does_not_repeat_itself),
        cmocka_unit_test(test_nothing_to_tell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
