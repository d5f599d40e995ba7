/* How receivers hear, over HTTP: the figures of each, minute by minute, and as metrics. */
#include "serve_site.h"

#include "track/hearing.h"

struct ears {
    struct site *site;
    struct hearing *hearing;
    struct serve *serve;
};

static struct ears ears;

/* A second server beside the site's, with figures of its first receiver. */
static int ears_up(void **state)
{
    char why[512];
    if (site_up(state)) {
        return -1;
    }
    ears.site = *state;
    ears.hearing = hearing_new();
    struct message m;
    message_start(&m);
    m.df = 17;
    m.receiver = 1;
    m.address = 0x3c6444;
    m.signal = 81;
    m.t_us = ears.site->now_us;
    m.parity = PARITY_OK;
    m.corrected = 1;
    const struct outcome o = {.track = NULL};
    hearing_message(ears.hearing, &m, false, &o, NULL);
    struct receiver_radio *radio = &ears.site->receivers->row[1].radio;
    *radio = (struct receiver_radio){
        .samples = 2400000, .lost = 7, .noise_dbfs = -33.25, .has_gain = true, .gain_db10 = 372};
    hearing_radio(ears.hearing, 1, radio, m.t_us);
    struct serve_options options = site_options(ears.site);
    options.hearing = ears.hearing;
    if (serve_open(&options, &ears.serve, why, sizeof why)) {
        fail_msg("%s", why);
    }
    ears.site->port = serve_port(ears.serve);
    return 0;
}

static int ears_down(void **state)
{
    serve_close(ears.serve);
    const int r = site_down(state);
    hearing_free(ears.hearing);
    return r;
}

static double number(const json_t *o, const char *key)
{
    return json_number_value(json_object_get(o, key));
}

static void each_receiver_says_how_it_hears(void **state)
{
    struct site *s = *state;
    struct reply r;
    site_get(s, "/api/v1/receivers", &r);
    json_t *all = reply_json(&r);
    const json_t *o = json_array_get(json_object_get(all, "receivers"), 0);
    assert_true(number(json_object_get(o, "formats"), "17") == 1);
    assert_true(number(o, "repaired") == 1);
    assert_true(number(o, "unknown") == 1);
    assert_int_equal(json_array_size(json_object_get(json_object_get(o, "range"), "m")),
                     HEARING_BANDS);
    assert_true(number(json_object_get(o, "radio"), "noise_dbfs") == -33.3 ||
                number(json_object_get(o, "radio"), "noise_dbfs") == -33.2);
    assert_true(number(json_object_get(o, "radio"), "gain_db") == 37.2);
    json_decref(all);
    reply_free(&r);
}

static void minutes_are_rows_of_columns(void **state)
{
    struct site *s = *state;
    struct reply r;
    site_get(s, "/api/v1/receivers/1/minutes?minutes=5", &r);
    json_t *o = reply_json(&r);
    const json_t *rows = json_object_get(o, "rows");
    assert_int_equal(json_array_size(rows), 1);
    assert_int_equal(json_array_size(json_array_get(rows, 0)),
                     json_array_size(json_object_get(o, "columns")));
    assert_true(json_number_value(json_array_get(json_array_get(rows, 0), 1)) == 1);
    json_decref(o);
    reply_free(&r);
    static const char *const none[] = {"/api/v1/receivers/99/minutes",
                                       "/api/v1/receivers/0/minutes", "/api/v1/receivers/x/minutes",
                                       "/api/v1/receivers/-1/minutes"};
    for (size_t k = 0; k < sizeof none / sizeof none[0]; k++) {
        site_get(s, none[k], &r);
        assert_int_equal(r.status, 404);
        reply_free(&r);
    }
}

static void metrics_have_rows_of_each_receiver(void **state)
{
    struct site *s = *state;
    struct reply r;
    site_get(s, "/metrics", &r);
    const char *text = (const char *)r.body.p;
    assert_non_null(strstr(
        text, "masar_receiver_frames_total{receiver=\"ro\\\"of\",number=\"1\",df=\"17\"} 1\n"));
    assert_non_null(
        strstr(text, "masar_receiver_noise_dbfs{receiver=\"ro\\\"of\",number=\"1\"} -33.25\n"));
    assert_non_null(
        strstr(text, "masar_receiver_gain_db{receiver=\"ro\\\"of\",number=\"1\"} 37.2\n"));
    assert_non_null(strstr(text, ",reason=\"unknown\"} 1\n"));
    assert_non_null(strstr(
        text, "masar_receiver_radio_total{receiver=\"ro\\\"of\",number=\"1\",what=\"samples\"} "));
    reply_free(&r);
}

#define HEARD(test) cmocka_unit_test_setup_teardown(test, ears_up, ears_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        HEARD(each_receiver_says_how_it_hears),
        HEARD(minutes_are_rows_of_columns),
        HEARD(metrics_have_rows_of_each_receiver),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
