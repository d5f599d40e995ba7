/* Two parties at one airport, ghosts, and flights that do not come: what needs airports. */
#include "watch/expected.h"

#include "flight_probe.h"
#include "watch_world.h"

static const struct flight_field fields[] = {{"DRRN", 13.4815, 2.1836, 732, 90, AIRPORT_LARGE},
                                             {"LERT", 36.645, -6.349, 86, 100, AIRPORT_LARGE},
                                             {"DIAP", 5.261, -3.926, 21, 30, AIRPORT_LARGE}};

struct site {
    struct world w;
    struct buf file;
    struct airports *airports;
    float low; /* hearing below 10,000 ft; w.heard above */
};

static float heard_by_height(void *ctx, int32_t lat_e7, int32_t lon_e7, int32_t alt_ft,
                             int64_t t_ms)
{
    const struct site *x = ctx;
    (void)lat_e7;
    (void)lon_e7;
    (void)t_ms;
    return alt_ft < 10000 ? x->low : x->w.heard;
}

static struct site *site(const char *text)
{
    struct site *x = calloc(1, sizeof *x);
    assert_non_null(x);
    x->airports = flight_airports(fields, 3, &x->file);
    assert_non_null(x->airports);
    x->w.heard = 0.98F;
    x->low = 0.5F;
    const struct watch_views views = {.airports = x->airports,
                                      .who = who,
                                      .heard = heard_by_height,
                                      .heard_ctx = x,
                                      .known_since_ms = T0 - 100 * 24 * HOUR};
    const struct watch_names with = {.airports = x->airports, .day = AIRPORT_TODAY};
    struct watch_rule *r;
    struct watch_wrong wrong;
    x->w.set = watch_set_new(&views, take, &x->w);
    assert_non_null(x->w.set);
    if (watch_rule_read(text, strlen(text), &with, &r, &wrong)) {
        fail_msg("%s: at %zu %s", text, wrong.at, wrong.why);
    }
    assert_int_equal(watch_set_put(x->w.set, 1, r), ERR_OK);
    return x;
}

static void leave(struct site *x)
{
    watch_set_free(x->w.set);
    airports_free(x->airports);
    buf_free(&x->file);
    free(x);
}

/* On the ground at Niamey, a position a minute. */
static void stand(struct site *x, uint32_t address, int64_t from_ms, int64_t to_ms)
{
    for (int64_t t = from_ms; t <= to_ms; t += MIN) {
        struct kept k = point(address, t, 13.482, 2.184);
        k.ground = 1;
        assert_int_equal(watch_fix(x->w.set, &k), ERR_OK);
        assert_int_equal(watch_tick(x->w.set, t), ERR_OK);
    }
}

static struct claim at(enum claim_kind kind, uint32_t address, uint32_t number, int64_t t_ms,
                       const char *airport)
{
    struct claim c = row(kind, address, number, t_ms, airport, 1);
    c.lat_e7 = 134815000;
    c.lon_e7 = 21836000;
    return c;
}

#define BOTH "both (country US) and (country FR) at DRRN"

static void test_on_the_ground(void **state)
{
    struct site *x = site(BOTH);
    (void)state;
    stand(x, AFR, T0, T0 + 10 * MIN);
    say(&x->w, at(CLAIM_LANDED, RCH, 1, T0 + 10 * MIN, "DRRN"));
    assert_int_equal(x->w.n, 0); /* heard for so short a time it may be a ghost */
    stand(x, AFR, T0 + 11 * MIN, T0 + 40 * MIN);
    assert_int_equal(x->w.n, 1);
    assert_true(x->w.told[0].p > 0.95F);
    assert_int_equal(x->w.told[0].t_lo_ms, T0 + 10 * MIN);
    say(&x->w, at(CLAIM_TOOK_OFF, RCH, 2, T0 + 50 * MIN, "DRRN"));
    assert_int_equal(x->w.n, 1); /* once */
    leave(x);
}

static void test_by_leaving(void **state)
{
    struct site *x = site(BOTH);
    (void)state;
    say(&x->w, at(CLAIM_LANDED, AFR, 1, T0, "DRRN"));
    say(&x->w, at(CLAIM_TOOK_OFF, RCH, 1, T0 + 2 * HOUR, "DRRN")); /* nobody heard it come */
    assert_int_equal(x->w.n, 1);
    assert_int_equal(x->w.told[0].t_lo_ms, T0 + HOUR);
    assert_int_equal(x->w.told[0].t_hi_ms, T0 + 2 * HOUR);
    leave(x);
    x = site(BOTH);
    struct claim c = at(CLAIM_TOOK_OFF, RCH, 1, T0 + 2 * HOUR, "DRRN");
    c.method = CLAIM_METHOD_INFERRED_REAPPEARANCE; /* when it left nobody knows */
    say(&x->w, at(CLAIM_LANDED, AFR, 1, T0, "DRRN"));
    say(&x->w, c);
    assert_int_equal(x->w.n, 0);
    leave(x);
}

static void test_long_ago(void **state)
{
    struct site *x = site(BOTH);
    (void)state;
    say(&x->w, at(CLAIM_LANDED, AFR, 1, T0 - 120 * HOUR, "DRRN"));
    say(&x->w, at(CLAIM_LANDED, RCH, 1, T0, "DRRN"));
    assert_int_equal(x->w.n, 0); /* it may have left unheard */
    stand(x, AFR, T0 - HOUR, T0 + HOUR);
    assert_int_equal(x->w.n, 1); /* it is there */
    leave(x);
}

static void test_elsewhere(void **state)
{
    struct site *x = site(BOTH);
    (void)state;
    say(&x->w, at(CLAIM_LANDED, AFR, 1, T0, "DRRN"));
    say(&x->w, at(CLAIM_LANDED, RCH, 1, T0 + HOUR, "DRRN"));
    assert_int_equal(x->w.n, 1);
    struct claim c = at(CLAIM_LANDED, RCH, 2, T0 + HOUR, "DIAP");
    c.supersedes = 1;
    say(&x->w, c);
    assert_int_equal(x->w.n, 2);
    assert_int_equal(x->w.told[1].tell, WATCH_TELL_CORRECTED);
    leave(x);
}

static void test_ghost(void **state)
{
    struct site *x = site("lands DRRN");
    (void)state;
    struct claim c = row(CLAIM_SPOOFED, RCH, 1, T0, NULL, 0);
    c.p = 0.9F;
    say(&x->w, c);
    say(&x->w, at(CLAIM_LANDED, RCH, 2, T0 + 2 * HOUR, "DRRN"));
    struct claim again = at(CLAIM_LANDED, RCH, 3, T0 + 2 * HOUR, "DRRN");
    again.supersedes = 2;
    say(&x->w, again);
    assert_int_equal(x->w.n, 1);
    assert_int_equal(x->w.told[0].tell, WATCH_TELL_NOTE);
    assert_true(x->w.told[0].distrusted);
    c = at(CLAIM_LANDED, RCH, 4, T0 + 9 * HOUR, "DRRN");
    c.leg = 2;
    say(&x->w, c);
    assert_int_equal(x->w.n, 2); /* another day */
    assert_int_equal(x->w.told[1].tell, WATCH_TELL_ALERT);
    leave(x);
}

static void test_found_good(void **state)
{
    struct site *x = site("lands DRRN");
    (void)state;
    struct claim c = row(CLAIM_SPOOFED, RCH, 1, T0, NULL, 0);
    say(&x->w, c);
    c.number = 2;
    c.supersedes = 1;
    c.flags = CLAIM_WITHDRAWN;
    say(&x->w, c); /* they were right after all */
    say(&x->w, at(CLAIM_LANDED, RCH, 3, T0 + HOUR, "DRRN"));
    assert_int_equal(x->w.n, 1);
    assert_int_equal(x->w.told[0].tell, WATCH_TELL_ALERT);
    leave(x);
}

/* ---- expected flights ---- */

static void lost(struct site *x, double lat, double lon, int32_t alt_ft)
{
    const struct watch_expected e = {.id = 1,
                                     .address = RCH,
                                     .origin = "LERT",
                                     .destination = "DRRN",
                                     .off_ms = T0,
                                     .on_ms = T0 + 5 * HOUR,
                                     .fuel_ms = KEPT_NO_TIME,
                                     .reported_ms = KEPT_NO_TIME};
    assert_int_equal(watch_expect(x->w.set, &e), ERR_OK);
    struct kept k = point(RCH, T0 + 4 * HOUR + 30 * MIN, lat, lon);
    k.alt_baro_ft = alt_ft;
    assert_int_equal(watch_fix(x->w.set, &k), ERR_OK);
    for (int64_t t = k.t_ms; t < T0 + 8 * HOUR; t += MIN) {
        assert_int_equal(watch_tick(x->w.set, t), ERR_OK);
    }
}

static void test_overdue(void **state)
{
    struct site *x = site("late DRRN or overdue DRRN");
    (void)state;
    lost(x, 13.7, 2.1, 6000); /* on the approach, and landings are half heard */
    for (unsigned i = 0; i < x->w.n; i++) {
        assert_int_equal(x->w.told[i].tell, WATCH_TELL_NOTE);
        assert_true(x->w.told[i].p < 0.1F);
    }
    assert_int_equal(x->w.n, 4);
    leave(x);
    x = site("late DRRN or overdue DRRN");
    lost(x, 17, 1, 33000); /* 220 NM out, and nobody is unheard there */
    assert_int_equal(x->w.n, 4);
    assert_int_equal(x->w.told[1].phase, WATCH_PHASE_INCERFA);
    assert_true(x->w.told[0].p > 0.5F && x->w.told[1].p > 0.28F);
    leave(x);
    x = site("overdue DRRN p >= 0.2");
    lost(x, 17, 1, 33000);
    assert_int_equal(x->w.told[0].tell, WATCH_TELL_ALERT); /* for who wants to know of each */
    leave(x);
    x = site("late DRRN or overdue DRRN");
    lost(x, 30, -3, 33000); /* it cannot be there in time */
    assert_int_equal(x->w.told[0].phase, WATCH_PHASE_LATE_ON);
    assert_int_equal(x->w.told[0].made_ms, T0 + 4 * HOUR + 30 * MIN);
    assert_true(x->w.told[0].p == 1);
    leave(x);
}

/* Far away, but long after it should have landed: it may be on its way back. */
static void test_way_back(void **state)
{
    struct site *x = site("late DRRN or overdue DRRN");
    (void)state;
    lost(x, 13.7, 2.1, 6000);
    const unsigned before = x->w.n;
    fly(&x->w, RCH, T0 + 9 * HOUR, 25, 0);
    for (int64_t t = T0 + 9 * HOUR; t < T0 + 12 * HOUR; t += MIN) {
        assert_int_equal(watch_tick(x->w.set, t), ERR_OK);
    }
    assert_true(x->w.n > 0);
    for (unsigned i = before; i < x->w.n; i++) {
        assert_int_equal(x->w.told[i].tell, WATCH_TELL_NOTE);
    }
    leave(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_on_the_ground), cmocka_unit_test(test_by_leaving),
        cmocka_unit_test(test_long_ago),      cmocka_unit_test(test_elsewhere),
        cmocka_unit_test(test_ghost),         cmocka_unit_test(test_found_good),
        cmocka_unit_test(test_overdue),       cmocka_unit_test(test_way_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
