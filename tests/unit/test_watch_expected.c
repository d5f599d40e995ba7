/* Flights that are expected, and the lists and files watches are given. */
#include "watch/expected.h"
#include "watch/list.h"

#include "watch_world.h"

static void expect(struct world *w, const char *callsign, int64_t off_ms, int64_t on_ms)
{
    struct watch_expected e = {.id = 7,
                               .address = ADDRESS_NONE,
                               .destination = "DRRN",
                               .off_ms = off_ms,
                               .on_ms = on_ms,
                               .fuel_ms = KEPT_NO_TIME,
                               .reported_ms = KEPT_NO_TIME};
    snprintf(e.callsign, sizeof e.callsign, "%s", callsign);
    assert_int_equal(watch_expect(w->set, &e), ERR_OK);
}

static void tick_to(struct world *w, int64_t from_ms, int64_t to_ms)
{
    for (int64_t t = from_ms; t <= to_ms; t += MIN) {
        assert_int_equal(watch_tick(w->set, t), ERR_OK);
    }
}

static void test_expected(void **state)
{
    struct world *w = world("late", "missing", "overdue", "overdue and country FR", NULL);
    (void)state;
    expect(w, "RCH103", T0, T0 + 2 * HOUR);
    tick_to(w, T0, T0 + 40 * MIN);
    assert_int_equal(w->n, 1); /* not heard leaving */
    assert_int_equal(w->told[0].phase, WATCH_PHASE_LATE_OFF);
    assert_int_equal(w->told[0].made_ms, T0 + 30 * MIN);
    struct kept k = point(RCH, T0 + HOUR, 20, 5);
    memcpy(k.flight, "RCH103  ", 8);
    assert_int_equal(watch_fix(w->set, &k), ERR_OK);
    tick_to(w, T0 + HOUR, T0 + 6 * HOUR);
    assert_int_equal(w->n, 5);
    assert_int_equal(w->told[1].phase, WATCH_PHASE_LATE_ON);
    assert_int_equal(w->told[2].phase, WATCH_PHASE_INCERFA);
    assert_int_equal(w->told[2].made_ms, T0 + 2 * HOUR + 30 * MIN);
    assert_int_equal(w->told[3].phase, WATCH_PHASE_ALERFA);
    assert_int_equal(w->told[4].phase, WATCH_PHASE_DETRESFA);
    assert_int_equal(w->told[4].address, RCH);
    say(w, row(CLAIM_LANDED, RCH, 1, T0 + 6 * HOUR, "GOBD", 1));
    assert_int_equal(w->n, 5);
    for (unsigned i = 0; i < w->n; i++) { /* of a place nobody knows nobody hears anything */
        assert_int_equal(w->told[i].tell, WATCH_TELL_NOTE);
    }
    end(w);
    w = world("late", "missing", "overdue", NULL);
    expect(w, "RCH103", T0, T0 + 2 * HOUR);
    k.t_ms = T0 + 10 * MIN;
    assert_int_equal(watch_fix(w->set, &k), ERR_OK);
    say(w, row(CLAIM_LANDED, RCH, 1, T0 + 2 * HOUR, "DRRN", 1));
    tick_to(w, T0 + 2 * HOUR, T0 + 6 * HOUR);
    assert_int_equal(w->n, 0); /* it came */
    end(w);
    w = world("late", "missing", "overdue", NULL);
    expect(w, "RCH104", T0, T0 + 2 * HOUR);
    tick_to(w, T0, T0 + 9 * HOUR);
    assert_int_equal(w->n, 2); /* nobody heard it: it may never have left */
    assert_int_equal(w->told[1].phase, WATCH_PHASE_MISSING);
    end(w);
}

static bool no_row(void *ctx, const struct watch_expected *e)
{
    (void)ctx;
    (void)e;
    return true;
}

static void test_expected_file(void **state)
{
    static const struct {
        const char *text, *why;
    } rows[] = {
        {"a,b\n1,2\n", "the first line must name"},
        {"callsign,to,off,on\nRCH1,XXXX,2024-06-07T08:30Z,2024-06-07T09:30Z\n",
         "line 2, to: 'XXXX'"},
        {"hex,to,off,on\nxyz,DRRN,2024-06-07T08:30Z,2024-06-07T09:30Z\n", "line 2, hex: 'xyz'"},
        {"callsign,to,off,on\n,DRRN,2024-06-07T08:30Z,2024-06-07T09:30Z\n", "line 2, callsign"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[200], why[256] = "";
        snprintf(text, sizeof text, "%s", rows[i].text);
        assert_false(
            watch_expected_read(text, strlen(text), NULL, 1, no_row, NULL, why, sizeof why));
        if (!strstr(why, rows[i].why)) {
            fail_msg("%s: %s", rows[i].text, why);
        }
    }
}

static void count(void *ctx, uint32_t address, const char *label)
{
    if (address == 0xaefc10) {
        assert_string_equal(label, "08-8194, USAF, C-17");
    }
    ++*(unsigned *)ctx;
}

static void test_list(void **state)
{
    char text[] = "$ICAO,$Registration,$Operator,$Type\nAEFC10,08-8194,USAF,C-17\n\"3b75"
                  "6b\",F-RAFA,,A332\nnone,x,y,z\n";
    unsigned n = 0;
    size_t bad;
    (void)state;
    assert_int_equal(watch_list_read(text, strlen(text), count, &n, &bad), 2);
    assert_int_equal(n, 2);
    assert_int_equal(bad, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_expected),
        cmocka_unit_test(test_expected_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
