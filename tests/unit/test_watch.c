/* The language of watches, and the machine on positions and claims made by hand. */
#include "serve/fault.h"
#include "watch/say.h"
#include "watch/watch.h"

#include "watch_world.h"

/* ---- the language ---- */

static void test_wrong(void **state)
{
    static const struct {
        const char *text, *why;
        size_t at;
    } rows[] = {
        {"", "empty", 0},
        {"squawk 7700 and", "the end where a condition", 15},
        {"squawk 7800", "four digits from 0 to 7", 7},
        {"hex 3c644", "six hexadecimal", 4},
        {"type C17 lands", "'lands' where and", 9},
        {"bogus 1", "'bogus' where a condition", 0},
        {"(type C17", "the end where ')'", 9},
        {"class lorry", "there is no class 'lorry'; there are airlift_heavy", 6},
        {"in nowhere", "there is no area 'nowhere'", 3},
        {"in box=1,2,3", "", 3},
        {"in polygon=0,0,10,10,0,10,10,0", "crosses itself", 3},
        {"list spies", "there is no list 'spies'", 5},
        {"callsign (a+)+", "'(' where a value", 9},
        {"callsign a+$", "no regular expression", 9},
        {"not lands", "then not", 4},
        {"lands and departs", "one moment", 10},
        {"altitude < 500", "too many", 0},
        {"altitude = 500", "'='", 9},
        {"altitude < high", "'high' where a number", 11},
        {"type C17 and lands p >= 7", "between 0.01 and 1", 24},
        {"departs then lands", "within", 18},
        {"departs then lands within soon", "'soon' where a time", 26},
        {"departs then not lands within 2 h then spoofed within 2 h", "last step", 57},
        {"military again 2 h", "'2' where 'after'", 15},
        {"both (military) at DRRN", "'at' where 'and'", 16},
        {"both (in here) and (civil) at DRRN", "only who", 6},
        {"lands at DRRN", "no airports are known", 9},
        {"\"military\"", "where a condition", 0},
        {"list \"gov", "quote does not end", 5},
        {"orbits country NE", "whose land is whose", 15},
        {"in country NE, ML", "one country here", 11},
        {"meets for 2 h", "after dark", 6},
        {"dark for 30", "the end where the unit of a time", 11},
        {"new 9999 days", "between 1 s and 3660 days", 4},
        {"lands and altitude < 5000 kt", "'kt' where and", 26},
        {"lands and altitude < 9999999", "a number of ft", 21},
        {"lands and speed fast", "'fast' where < <=", 16},
        {"in", "the end where an area", 2},
        {"in box=5,2,3,4", "lies north of", 3},
        {"in circle=1,2", "a circle is", 3},
        {"in circle=1,2,90000km", "radius", 3},
        {"in polygon=1,2,3", "a polygon is", 3},
        {"in polygon=1,2,95,4,5,6", "is no place", 3},
        {"in shape=1", "an area is", 3},
        {"in {\"type\":\"Point\",\"coordinates\":[1,2]}", "no Polygon", 3},
        {"in {no", "no JSON", 3},
        {"country Niger", "two letters", 8},
        {"type Globemaster3", "matched whole", 5},
        {"callsign ABCDEFGHIJKLMNOPQRSTUVWXYZ", "no value: 1 to", 9},
        {"both military", "'military' where '('", 5},
        {"both (military) and (civil)", "asked of airports", 27},
        {"clearance soon", "'soon' where 'lapses'", 10},
        {"clearance lapses within 2 h of", "name of an operation", 30},
        {"military and clearance lapses within 2 h", "stands alone", 13},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct watch_rule *r;
        struct watch_wrong wrong;
        const enum err e = watch_rule_read(rows[i].text, strlen(rows[i].text), &names, &r, &wrong);
        if (!e || r || !strstr(wrong.why, rows[i].why) || wrong.at != rows[i].at) {
            fail_msg("%s: at %zu '%s'", rows[i].text, wrong.at, e ? wrong.why : "taken");
        }
        if (strcmp(fault_find(wrong.why, 400).name, "refused") == 0) {
            fail_msg("%s: '%s' has no name in fault.def", rows[i].text, wrong.why);
        }
    }
}

static void test_bounds(void **state)
{
    char *text = malloc(WATCH_TEXT_MAX + 100);
    struct watch_rule *r;
    struct watch_wrong wrong;
    (void)state;
    memset(text, '(', WATCH_TEXT_MAX);
    assert_int_not_equal(watch_rule_read(text, WATCH_TEXT_MAX, &names, &r, &wrong), ERR_OK);
    assert_int_equal(watch_rule_read(text, WATCH_TEXT_MAX + 1, &names, &r, &wrong), ERR_FULL);
    size_t n = 0;
    for (int i = 0; i < 8; i++) { /* 2^8 cases */
        n += (size_t)sprintf(text + n, "%s(type C%d or type D%d)", i ? " and " : "", i, i);
    }
    assert_int_equal(watch_rule_read(text, n, &names, &r, &wrong), ERR_FULL);
    assert_non_null(strstr(wrong.why, "more than 64 ways"));
    free(text);
}

static void test_patterns(void **state)
{
    (void)state;
    assert_true(watch_pattern_fits("RCH*", "rch103"));
    assert_true(watch_pattern_fits("*", ""));
    assert_true(watch_pattern_fits("R?H[0-2]*3", "RCH103"));
    assert_true(watch_pattern_fits("*A*B*", "XAYYBZ"));
    assert_false(watch_pattern_fits("RCH", "RCH1"));
    /* Made to be slow: a backtracking matcher would not end. */
    enum { SLOW = 2000 };
    char pattern[2 * SLOW + 2], text[SLOW + 1];
    for (size_t i = 0; i < SLOW; i++) {
        memcpy(pattern + 2 * i, "*A", 2);
        text[i] = 'A';
    }
    memcpy(pattern + 2 * SLOW, "B", 2);
    text[SLOW] = '\0';
    assert_false(watch_pattern_fits(pattern, text));
    assert_false(watch_pattern_fits("RCH[5-9]*", "RCH103"));
    assert_false(watch_pattern_fits("?", ""));
    assert_false(watch_pattern_fits("*A*A*A*A*A*A*A*A*A*B", "AAAAAAAAAAAAAAAAAAAAAAA"));
    assert_false(watch_pattern_fits("[", "A"));
}

/* ---- states ---- */

static void test_state_once(void **state)
{
    struct world *w =
        world("military", "type C17", "list gov", "type C172", "civil and not type C17",
              "squawk 7700", "operator RCH and callsign RCH1*", NULL);
    (void)state;
    for (int i = 0; i < 100; i++) {
        struct kept k = point(RCH, T0 + i * 10000, 20, 20 + i * 0.1);
        memcpy(k.flight, i > 50 ? "RCH103  " : "\0\0\0\0\0\0\0", 8);
        k.squawk = i > 60 ? 07700 : KEPT_NO_SQUAWK;
        assert_int_equal(watch_fix(w->set, &k), ERR_OK);
    }
    assert_int_equal(w->n, 5);
    assert_int_equal(w->told[0].watch, 1);
    assert_int_equal(w->told[3].watch, 7);
    assert_int_equal(w->told[3].t_lo_ms, T0 + 510000);
    assert_int_equal(w->told[4].watch, 6);
    assert_int_equal(w->told[4].squawk, 07700);
    fly(w, 0x123456, T0 + HOUR, 1, 1); /* of whom nothing is known: neither military nor not */
    assert_int_equal(w->n, 5);
    fly(w, AFR, T0 + HOUR, 1, 1);
    assert_int_equal(w->n, 6);
    assert_int_equal(w->told[5].watch, 5);
    end(w);
}

static void test_area(void **state)
{
    struct world *w = world("in here again after 5 min", "type C17 and in here",
                            "in here and altitude < 5000", "type C17 and not in here", NULL);
    (void)state;
    fly(w, RCH, T0, 10, 8);
    assert_int_equal(w->n, 1);
    assert_int_equal(w->told[0].watch, 4);
    fly(w, RCH, T0 + MIN, 10, 10);
    assert_int_equal(w->n, 3);
    for (int i = 2; i < 240; i++) {
        fly(w, RCH, T0 + i * MIN, 10, 10);
    }
    fly(w, RCH, T0 + 240 * MIN, 10, 12); /* out, and soon in again: the same */
    fly(w, RCH, T0 + 242 * MIN, 10, 10);
    assert_int_equal(w->n, 4); /* that it is out is told again: it was in for hours */
    fly(w, RCH, T0 + 243 * MIN, 10, 12);
    fly(w, RCH, T0 + 260 * MIN, 10, 10); /* after the five minutes of the first, not the second */
    assert_int_equal(w->n, 5);
    assert_int_equal(w->told[4].watch, 1);
    struct kept low = point(RCH, T0 + 261 * MIN, 10, 10);
    low.alt_baro_ft = 3000;
    assert_int_equal(watch_fix(w->set, &low), ERR_OK);
    assert_int_equal(w->n, 6);
    assert_int_equal(w->told[5].watch, 3);
    assert_string_equal(w->told[5].area, "here");
    end(w);
}

static void test_new(void **state)
{
    struct world *w = world("new 30 days", NULL);
    (void)state;
    assert_int_equal(watch_seen(w->set, AFR, T0 - 24 * HOUR), ERR_OK);
    assert_int_equal(watch_seen(w->set, 0x123456, T0 - 40 * 24 * HOUR), ERR_OK);
    fly(w, AFR, T0, 1, 1);
    assert_int_equal(w->n, 0);
    fly(w, 0x123456, T0, 1, 1);
    fly(w, RCH, T0, 1, 1);
    fly(w, RCH, T0 + MIN, 1, 1);
    assert_int_equal(w->n, 2);
    end(w);
}

/* ---- claims ---- */

static void test_inbound(void **state)
{
    struct world *w = world("class airlift_heavy and inbound p >= 0.7", "military and lands", NULL);
    (void)state;
    struct claim c = row(CLAIM_DESTINATION, RCH, 1, T0, "DRRN", 0.9F);
    c.p = 0.6F;
    say(w, c);
    assert_int_equal(w->n, 0);
    c.number = 2;
    c.supersedes = 1;
    c.p = 0.8F;
    say(w, c);
    assert_int_equal(w->n, 1);
    assert_string_equal(w->told[0].airport, "DRRN");
    c.number = 3;
    c.supersedes = 2;
    c.p = 0.5F; /* less sure: not taken back yet */
    say(w, c);
    assert_int_equal(w->n, 1);
    c.number = 4;
    c.supersedes = 3;
    c.p = 0.2F;
    say(w, c);
    assert_int_equal(w->n, 2);
    assert_int_equal(w->told[1].tell, WATCH_TELL_CORRECTED);
    assert_string_equal(w->told[1].key, w->told[0].key);
    c.number = 5;
    c.supersedes = 4;
    c.p = 0.95F;
    say(w, c);
    assert_int_equal(w->n, 3);
    assert_int_equal(w->told[2].tell, WATCH_TELL_ALERT);
    assert_string_not_equal(w->told[2].key, w->told[0].key);
    say(w, row(CLAIM_LANDED, RCH, 6, T0 + HOUR, "DRRN", 0.95F));
    assert_int_equal(w->n, 4);
    assert_int_equal(w->told[3].watch, 2);
    say(w, row(CLAIM_LANDED, AFR, 1, T0 + HOUR, "DRRN", 1));
    assert_int_equal(w->n, 4);
    end(w);
}

/* An orbit is told while it is flown, once; the rows that follow change nothing unless they take it
   back, as where it turns out to be a hold. */
static void test_orbit_goes_on(void **state)
{
    struct world *w = world("orbits in here", "orbits in here p 90%", "holds in here", NULL);
    struct buf text = {0};
    (void)state;
    struct claim c = row(CLAIM_ORBIT, RCH, 3, T0, NULL, 0);
    c.lat_e7 = c.lon_e7 = 100000000;
    c.flags = CLAIM_OPEN | CLAIM_GOES_ON;
    c.p = 0.74F;
    c.t_hi_ms = c.made_ms = T0 + 12 * MIN;
    c.evidence.first_ms = T0;
    struct claim seen = row(CLAIM_FIRST_SEEN, RCH, 1, T0 - HOUR, NULL, 0);
    seen.evidence.first_ms = T0 - HOUR; /* so it is no ghost of a few minutes */
    say(w, seen);
    say(w, c);
    assert_int_equal(w->n, 1);
    assert_int_equal(w->told[0].made_ms, T0 + 12 * MIN);
    watch_say(&w->told[0], WATCH_EN, NULL, &text);
    buf_byte(&text, '\0');
    assert_non_null(strstr((const char *)text.p, "is probably flying an orbit near here, since "));
    buf_free(&text);
    c.supersedes = c.number++;
    c.p = 0.96F;
    say(w, c);
    assert_int_equal(w->n, 2);
    assert_int_equal(w->told[1].watch, 2);
    c.supersedes = c.number++;
    c.flags = 0; /* its end */
    say(w, c);
    assert_int_equal(w->n, 2);
    c.supersedes = c.number++;
    c.kind = CLAIM_HOLDING;
    say(w, c);
    assert_int_equal(w->n, 5);
    for (unsigned i = 2; i < 5; i++) {
        assert_int_equal(w->told[i].tell,
                         w->told[i].watch == 3 ? WATCH_TELL_ALERT : WATCH_TELL_CORRECTED);
    }
    for (unsigned i = 2; i < 5; i++) { /* of each its own */
        assert_true(w->told[i].watch == 3 ||
                    strcmp(w->told[i].key, w->told[w->told[i].watch - 1].key) == 0);
    }
    end(w);
}

/* Of a flight heard for minutes only it waits, for that may be a ghost. */
static void test_orbit_of_nobody(void **state)
{
    struct world *w = world("orbits in here", NULL);
    (void)state;
    struct claim c = row(CLAIM_ORBIT, RCH, 3, T0, NULL, 0);
    c.lat_e7 = c.lon_e7 = 100000000;
    c.flags = CLAIM_OPEN | CLAIM_GOES_ON;
    c.made_ms = T0 + 12 * MIN;
    c.evidence.first_ms = T0;
    say(w, c);
    assert_int_equal(w->n, 0);
    assert_int_equal(watch_tick(w->set, T0 + 19 * MIN), ERR_OK);
    assert_int_equal(w->n, 0);
    assert_int_equal(watch_tick(w->set, T0 + 20 * MIN), ERR_OK);
    assert_int_equal(w->n, 1);
    end(w);
}

static void test_withdrawn(void **state)
{
    struct world *w = world("lands", NULL);
    (void)state;
    say(w, row(CLAIM_LANDED, RCH, 7, T0, "DRRN", 0.95F));
    struct claim c = row(CLAIM_LANDED, RCH, 8, T0 + HOUR, NULL, 0);
    c.supersedes = 7;
    c.flags = CLAIM_WITHDRAWN;
    say(w, c);
    assert_int_equal(w->n, 2);
    assert_int_equal(w->told[1].tell, WATCH_TELL_CORRECTED);
    say(w, c); /* said again it says nothing new */
    assert_int_equal(w->n, 2);
    end(w);
}

struct keep {
    struct watch_told *t;
    unsigned n;
};

static void keep_told(void *ctx, const struct watch_told *t)
{
    struct keep *into = ctx;
    into->t[into->n++] = *t;
}

static void test_restart(void **state)
{
    struct world *a = world("lands", "in here", NULL), *b = world("lands", "in here", NULL);
    struct watch_told kept[8];
    (void)state;
    say(a, row(CLAIM_LANDED, RCH, 7, T0, "DRRN", 0.95F));
    fly(a, RCH, T0 + MIN, 10, 10);
    assert_int_equal(a->n, 2);
    struct keep keep = {kept, 0};
    watch_changes(a->set, true, keep_told, &keep);
    assert_int_equal(keep.n, 2);
    for (unsigned i = 0; i < keep.n; i++) {
        assert_int_equal(watch_recall(b->set, &kept[i]), ERR_OK);
    }
    say(b, row(CLAIM_LANDED, RCH, 7, T0, "DRRN", 0.95F));
    fly(b, RCH, T0 + 20 * MIN, 10, 10);
    assert_int_equal(b->n, 0);
    struct claim c = row(CLAIM_LANDED, RCH, 8, T0 + HOUR, NULL, 0);
    c.supersedes = 7;
    c.flags = CLAIM_WITHDRAWN;
    say(b, c);
    assert_int_equal(b->n, 1);
    assert_string_equal(b->told[0].key, a->told[0].key);
    end(a);
    end(b);
}

static void test_steps(void **state)
{
    struct world *w =
        world("departs then not lands within 2 h", "departs then lands within 2 h", NULL);
    (void)state;
    say(w, row(CLAIM_TOOK_OFF, RCH, 1, T0, "DRRN", 1));
    say(w, row(CLAIM_TOOK_OFF, AFR, 1, T0, "DRRN", 1));
    say(w, row(CLAIM_LANDED, AFR, 2, T0 + HOUR, "GOBD", 1));
    assert_int_equal(w->n, 1);
    assert_int_equal(w->told[0].watch, 2);
    assert_int_equal(w->told[0].address, AFR);
    for (int i = 0; i < 5 * 60; i++) {
        assert_int_equal(watch_tick(w->set, T0 + HOUR + i * MIN), ERR_OK);
    }
    assert_int_equal(w->n, 2);
    assert_int_equal(w->told[1].watch, 1);
    assert_int_equal(w->told[1].address, RCH);
    assert_true(w->told[1].absent);
    end(w);
}

static void test_dark(void **state)
{
    struct world *w = world("military and dark for 30 min", NULL);
    (void)state;
    for (int i = 0; i < 10; i++) {
        fly(w, RCH, T0 + i * MIN, 20, 10 + i * 0.1);
        fly(w, AFR, T0 + i * MIN, 20, 10 + i * 0.1);
    }
    for (int i = 10; i < 120; i++) {
        assert_int_equal(watch_tick(w->set, T0 + i * MIN), ERR_OK);
    }
    assert_int_equal(w->n, 1);
    assert_int_equal(w->told[0].tell, WATCH_TELL_ALERT);
    assert_int_equal(w->told[0].made_ms, T0 + 39 * MIN);
    assert_int_equal(w->told[0].silent_s, 1800);
    struct claim c = row(CLAIM_LANDED, RCH, 1, T0 + 30 * MIN, "DRRN", 1);
    say(w, c); /* it had landed */
    assert_int_equal(w->n, 2);
    assert_int_equal(w->told[1].tell, WATCH_TELL_CORRECTED);
    w->heard = 0.1F;
    fly(w, RCH, T0 + 200 * MIN, 20, 10);
    for (int i = 200; i < 300; i++) {
        assert_int_equal(watch_tick(w->set, T0 + i * MIN), ERR_OK);
    }
    assert_int_equal(w->n, 3);
    assert_int_equal(w->told[2].tell, WATCH_TELL_NOTE);
    end(w);
}

static void test_meets(void **state)
{
    struct world *w = world("military and meets (operator AFR)", "civil and meets (civil)", NULL);
    (void)state;
    fly(w, RCH, T0, 10, 10);
    fly(w, AFR, T0, 10, 10);
    struct claim c = row(CLAIM_FORMATION, RCH, 1, T0, NULL, 0);
    c.other = AFR;
    say(w, c);
    c.address = AFR;
    c.other = RCH;
    say(w, c);
    assert_int_equal(w->n, 1);
    assert_int_equal(w->told[0].other, AFR);
    end(w);
}

static void test_drop(void **state)
{
    struct world *w = world("military", "type C17", NULL);
    (void)state;
    fly(w, RCH, T0, 10, 10);
    assert_int_equal(w->n, 2);
    watch_set_drop(w->set, 1);
    assert_int_equal(watch_set_count(w->set), 1);
    assert_int_equal(watch_set_put(w->set, 2, rule("operator RCH")), ERR_OK);
    fly(w, RCH, T0 + MIN, 10, 10); /* another rule under the same number is told anew */
    assert_int_equal(w->n, 3);
    assert_int_equal(w->told[2].watch, 2);
    end(w);
}

static void test_sentences(void **state)
{
    struct watch_alert a = {.word = WATCH_LANDS,
                            .p = 0.8F,
                            .address = RCH,
                            .flight = "RCH103",
                            .who = {.type = "C17"},
                            .airport = "DRRN",
                            .t_lo_ms = T0,
                            .t_hi_ms = T0,
                            .lat_e7 = CLAIM_NO_PLACE,
                            .squawk = KEPT_NO_SQUAWK,
                            .other = ADDRESS_NONE,
                            .heard = CLAIM_HEARD_UNKNOWN};
    static const char *const expected[] = {
        "RCH103 (C17, aefc10) probably landed at DRRN, 7 June 2024 08:30Z.",
        "على الأرجح هبطت \xe2\x81\xa6RCH103 (C17, aefc10)\xe2\x81\xa9 في "
        "\xe2\x81\xa6"
        "DRRN\xe2\x81\xa9، 7 يونيو 2024 \xe2\x81\xa6"
        "08:30Z\xe2\x81\xa9.",
        "RCH103 (C17, aefc10) s’est probablement posé à DRRN, 7 juin 2024 08:30Z."};
    (void)state;
    for (unsigned l = 0; l < WATCH_LANGUAGES; l++) {
        struct buf b = {0};
        watch_say(&a, (enum watch_language)l, NULL, &b);
        buf_byte(&b, 0);
        assert_string_equal(b.p, expected[l]);
        buf_free(&b);
    }
    a.word = WATCH_DEPARTS;
    static const char *const fields[][2] = {
        {"DRRN", "RCH103 (C17, aefc10) a probablement décollé de DRRN, 7 juin 2024 08:30Z."},
        {"EDDF", "RCH103 (C17, aefc10) a probablement décollé d’EDDF, 7 juin 2024 08:30Z."}};
    for (size_t i = 0; i < 2; i++) {
        struct buf b = {0};
        snprintf(a.airport, sizeof a.airport, "%s", fields[i][0]);
        watch_say(&a, WATCH_FR, NULL, &b);
        buf_byte(&b, 0);
        assert_string_equal(b.p, fields[i][1]);
        buf_free(&b);
    }
    for (unsigned word = 0; word < WATCH_WORDS; word++) { /* each has a sentence however unsure */
        for (int p = 0; p <= 10; p++) {
            struct buf b = {0};
            a.word = (uint8_t)word;
            a.p = (float)p / 10;
            watch_say(&a, WATCH_FR, NULL, &b);
            assert_true(b.n > 0 || word >= WATCH_LATE ||
                        watch_word_row[word].sort != WATCH_IS_EVENT);
            buf_free(&b);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wrong),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_patterns),
        cmocka_unit_test(test_state_once),
        cmocka_unit_test(test_area),
        cmocka_unit_test(test_new),
        cmocka_unit_test(test_inbound),
        cmocka_unit_test(test_orbit_goes_on),
        cmocka_unit_test(test_orbit_of_nobody),
        cmocka_unit_test(test_withdrawn),
        cmocka_unit_test(test_restart),
        cmocka_unit_test(test_steps),
        cmocka_unit_test(test_dark),
        cmocka_unit_test(test_meets),
        cmocka_unit_test(test_drop),
        cmocka_unit_test(test_sentences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
