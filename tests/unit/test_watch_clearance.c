/* Watches over clearances: once before an end, corrected when it is given another. */
#include "watch/say.h"
#include "watch/watch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TOLD_MAX = 8 };

#define HOUR INT64_C(3600000)
#define NOW  INT64_C(1717718400000) /* 2024-06-07 */

struct probe {
    struct watch_set *set;
    struct watch_clearance clearance[3];
    unsigned clearances, alerts, told;
    uint8_t tell[TOLD_MAX];
    char key[TOLD_MAX][WATCH_KEY_MAX], english[TOLD_MAX][256], json[2048];
    struct watch_told kept[TOLD_MAX];
    bool silent;
};

static bool list(void *ctx, int64_t now_ms, watch_clearance_fn *out, void *out_ctx)
{
    const struct probe *p = ctx;
    for (unsigned i = 0; i < p->clearances && !p->silent; i++) {
        struct watch_clearance c = p->clearance[i];
        c.runs = c.runs && c.from_ms <= now_ms && now_ms <= c.to_ms;
        out(out_ctx, &c);
    }
    return !p->silent;
}

static void take(void *ctx, const struct watch_alert *a)
{
    struct probe *p = ctx;
    struct buf text = {0}, json = {0};
    assert_true(p->alerts < TOLD_MAX);
    watch_say(a, WATCH_EN, NULL, &text);
    watch_say_json(a, NULL, &json);
    p->tell[p->alerts] = a->tell;
    memcpy(p->key[p->alerts], a->key, sizeof a->key);
    snprintf(p->english[p->alerts++], sizeof *p->english, "%.*s", (int)text.n, (char *)text.p);
    snprintf(p->json, sizeof p->json, "%.*s", (int)json.n, (char *)json.p);
    buf_free(&text);
    buf_free(&json);
}

static void keep(void *ctx, const struct watch_told *t)
{
    struct probe *p = ctx;
    assert_true(p->told < TOLD_MAX);
    p->kept[p->told++] = *t;
}

static void start(struct probe *p, const char *rule)
{
    const struct watch_views views = {
        .clearances = list, .clearances_ctx = p, .known_since_ms = KEPT_NO_TIME};
    const struct watch_names names = {.day = AIRPORT_TODAY};
    struct watch_rule *r;
    struct watch_wrong wrong = {0};
    if (watch_rule_read(rule, strlen(rule), &names, &r, &wrong)) {
        fail_msg("%s: %s", rule, wrong.why);
    }
    p->set = watch_set_new(&views, take, p);
    assert_non_null(p->set);
    assert_int_equal(watch_set_put(p->set, 1, r), ERR_OK);
}

static struct watch_clearance landing(const char *number, const char *country, int64_t to_ms)
{
    struct watch_clearance c = {
        .operation = "niamey", .runs = true, .is_last = true, .from_ms = 0, .to_ms = to_ms};
    snprintf(c.number, sizeof c.number, "%s", number);
    snprintf(c.country, sizeof c.country, "%s", country);
    return c;
}

static void tick(struct probe *p, int64_t at_ms)
{
    assert_int_equal(watch_tick(p->set, at_ms), ERR_OK);
}

static void once_before_its_end(void **state)
{
    (void)state;
    struct probe p = {.clearances = 2};
    p.clearance[0] = landing("NE-17", "NE", NOW + 72 * HOUR);
    p.clearance[1] = landing("TD-3", "TD", NOW + 80 * HOUR);
    start(&p, "clearance country NE lapses within 48 h of niamey");
    for (int64_t h = 0; h < 100; h++) {
        tick(&p, NOW + h * HOUR);
        assert_int_equal(p.alerts, h >= 24);
    }
    assert_string_equal(p.english[0],
                        "Clearance NE-17 (NE, landing) ends on 10 June 2024 00:00Z; none follows.");
    assert_non_null(strstr(p.json, "\"clearance\":{\"number\":\"NE-17\",\"operation\":\"niamey\""));
    assert_non_null(strstr(p.json, "\"follows\":false"));
    assert_null(strstr(p.json, "\"hex\""));
    watch_set_free(p.set);
}

static void corrected_when_extended_and_told_again(void **state)
{
    (void)state;
    struct probe p = {.clearances = 1};
    p.clearance[0] = landing("NE-17", "NE", NOW + 30 * HOUR);
    start(&p, "clearance lapses within 48 h");
    tick(&p, NOW);
    p.silent = true; /* nobody can say: nothing is taken back */
    tick(&p, NOW + HOUR);
    assert_int_equal(p.alerts, 1);
    p.silent = false;
    p.clearance[0].to_ms = NOW + 100 * HOUR;
    tick(&p, NOW + 2 * HOUR);
    assert_int_equal(p.alerts, 2);
    assert_int_equal(p.tell[1], WATCH_TELL_CORRECTED);
    assert_string_equal(p.key[1], p.key[0]);
    assert_string_equal(
        p.english[1], "Correction: clearance NE-17 (NE, landing) now ends on 11 June 2024 04:00Z.");
    tick(&p, NOW + 60 * HOUR);
    assert_int_equal(p.alerts, 3);
    assert_int_equal(p.tell[2], WATCH_TELL_ALERT);
    assert_string_not_equal(p.key[2], p.key[0]);
    p.clearance[0].runs = false; /* revoked */
    tick(&p, NOW + 61 * HOUR);
    assert_int_equal(p.alerts, 4);
    assert_non_null(strstr(p.english[3], "was replaced or taken back"));
    watch_set_free(p.set);
}

static void remembered_over_a_restart(void **state)
{
    (void)state;
    struct probe p = {.clearances = 1}, q = {.clearances = 1};
    p.clearance[0] = landing("NE-17", "NE", NOW + 30 * HOUR);
    start(&p, "clearance lapses within 48 h");
    tick(&p, NOW);
    watch_changes(p.set, false, keep, &p);
    assert_int_equal(p.told, 1);
    watch_set_free(p.set);
    q.clearance[0] = p.clearance[0];
    start(&q, "clearance lapses within 48 h");
    assert_int_equal(watch_recall(q.set, &p.kept[0]), ERR_OK);
    tick(&q, NOW + HOUR);
    assert_int_equal(q.alerts, 0);
    q.clearance[0].to_ms += 24 * HOUR;
    tick(&q, NOW + 2 * HOUR);
    assert_int_equal(q.alerts, 1 + (q.clearance[0].to_ms - NOW - 2 * HOUR <= 48 * HOUR));
    assert_int_equal(q.tell[0], WATCH_TELL_CORRECTED);
    assert_string_equal(q.key[0], p.key[0]);
    watch_changes(q.set, false, keep, &q);
    assert_false(q.kept[0].standing);
    watch_set_free(q.set);
}

static void slips_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *rule, *why;
    } wrong[] = {
        {"clearance", "lapses"},
        {"clearance lapses in 48 h", "within"},
        {"clearance lapses within soon", "a time"},
        {"clearance lapses within 48 h of", "the name of an operation"},
        {"clearance country Niger lapses within 48 h", "two letters"},
        {"military and clearance lapses within 48 h", "of no one aircraft"},
        {"clearance lapses within 48 h then hex aefc10 within 3 h", "of no one aircraft"},
        {"clearance lapses within 48 h of a or clearance lapses within 2 h of b", "one a watch"},
    };
    const struct watch_names names = {.day = AIRPORT_TODAY};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct watch_rule *r;
        struct watch_wrong w = {0};
        assert_int_not_equal(watch_rule_read(wrong[i].rule, strlen(wrong[i].rule), &names, &r, &w),
                             ERR_OK);
        if (!strstr(w.why, wrong[i].why)) {
            fail_msg("%s: %s", wrong[i].rule, w.why);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(once_before_its_end),
        cmocka_unit_test(corrected_when_extended_and_told_again),
        cmocka_unit_test(remembered_over_a_restart),
        cmocka_unit_test(slips_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
