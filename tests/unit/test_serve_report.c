/* Position reports over HTTP: what is taken, and every way to be refused. */
#include "serve_site.h"

#include "serve/report.h"

enum { NOW_S = 1717749000 };

static void post_with(struct site *s, const char *headers, const char *body, struct reply *r)
{
    char request[8192];
    snprintf(request, sizeof request,
             "POST /api/v1/reports HTTP/1.1\r\nHost: localhost\r\nContent-Length: %zu\r\n%s\r\n%s",
             strlen(body), headers, body);
    site_ask(s, request, r);
}

static void post(struct site *s, const char *body, struct reply *r)
{
    char headers[256];
    snprintf(headers, sizeof headers,
             "Authorization: Bearer %s\r\nContent-Type: application/json; charset=utf-8\r\n",
             s->token);
    post_with(s, headers, body, r);
}

static void a_report_becomes_a_message(void **state)
{
    struct site *s = *state;
    struct reply r;
    post(s,
         "{\"hex\":\"ae1234\",\"lat\":13.4815,\"lon\":180,\"t\":\"2024-06-07T08:29:00Z\",\"who\":"
         "\"Tower \xc3\xa9\","
         "\"alt_ft\":12000,\"gs_kt\":250.5,\"track_deg\":359.999,\"flight\":\"rch123\",\"note\":"
         "\"by telephone\"}",
         &r);
    assert_int_equal(r.status, 202);
    json_t *o = reply_json(&r);
    assert_true(json_is_true(json_object_get(o, "accepted")));
    json_decref(o);
    reply_free(&r);
    const struct message *m = &s->reported;
    assert_int_equal(m->address, 0xae1234);
    assert_int_equal(m->origin, ORIGIN_REPORT);
    assert_true(m->has_place);
    assert_int_equal(m->lat_e7, 134815000);
    assert_int_equal(m->lon_e7, -1800000000);
    assert_int_equal(m->t_us, INT64_C(1717748940000000));
    assert_int_equal(message_get(m, FIELD_ALT_BARO, -1), 12000);
    assert_int_equal(message_get(m, FIELD_GS, -1), 25050);
    assert_int_equal(message_get(m, FIELD_TRACK, -1), 0);
    assert_memory_equal(m->flight, "RCH123  ", 8);
    assert_string_equal(s->who, "Tower \xc3\xa9");
    assert_int_equal(s->counters.n[COUNT_REPORTS_IN], 1);
}

static void the_token_is_asked_for(void **state)
{
    struct site *s = *state;
    struct stat st;
    struct reply r;
    assert_int_equal(stat(s->token_file, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(strlen(s->token), 64);
    static const struct {
        const char *headers;
        int status;
    } tried[] = {
        {"Content-Type: application/json\r\n", 401},
        {"Content-Type: application/json\r\nAuthorization: Bearer \r\n", 403},
        {"Content-Type: application/json\r\nAuthorization: Basic YTpi\r\n", 403},
        {"Content-Type: application/json\r\nAuthorization: Bearer "
         "0000000000000000000000000000000000000000000000000000000000000000\r\n",
         403},
    };
    for (size_t i = 0; i < sizeof tried / sizeof *tried; i++) {
        post_with(s, tried[i].headers, "{}", &r);
        assert_int_equal(r.status, tried[i].status);
        reply_free(&r);
    }
    char headers[256];
    snprintf(headers, sizeof headers, "Authorization: Bearer %s\r\nContent-Type: text/plain\r\n",
             s->token);
    post_with(s, headers, "{}", &r);
    assert_int_equal(r.status, 415);
    reply_free(&r);
    assert_int_equal(s->counters.n[COUNT_REPORTS_REFUSED], 5);
}

static void a_refused_report_says_so(void **state)
{
    struct site *s = *state;
    struct reply r;
    s->refuse_reports = true;
    post(s, "{\"hex\":\"ae1234\",\"lat\":13,\"lon\":2,\"t\":1717749000,\"who\":\"x\"}", &r);
    assert_int_equal(r.status, 422);
    reply_free(&r);
}

static void too_many_are_told_to_wait(void **state)
{
    struct site *s = *state;
    int limited = 0;
    for (int i = 0; i < 14; i++) {
        struct reply r;
        char value[16];
        post(s, "{}", &r);
        if (r.status == 429) {
            assert_string_equal(reply_header(&r, "retry-after", value, sizeof value), "2");
            limited++;
        }
        reply_free(&r);
    }
    assert_in_range(limited, 3, 4);
}

static void too_large_is_refused_while_it_comes(void **state)
{
    struct site *s = *state;
    struct reply r;
    char body[REPORT_BYTES_MAX + 2];
    memset(body, ' ', sizeof body);
    body[sizeof body - 1] = '\0';
    post(s, body, &r);
    assert_int_equal(r.status, 413);
    reply_free(&r);
    body[REPORT_BYTES_MAX] = '\0'; /* exactly as large as allowed, and no report */
    post(s, body, &r);
    assert_int_equal(r.status, 400);
    reply_free(&r);
}

/* ------------------------------------------------------------------ the parser by itself */

static void every_fault_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *body, *named;
    } faults[] = {
        {"", "JSON object"},
        {"[]", "JSON object"},
        {"{\"hex\":\"ae1234\"", "JSON object"},
        {"{\"hex\":\"ae1234\",\"hex\":\"ae1235\"}", "JSON object"},
        {"{\"hex\":\"ae123\"}", "hex"},
        {"{\"hex\":11407924}", "hex"},
        {"{\"icao24\":\"ae12345\"}", "icao24"},
        {"{\"hex\":\"ae1234\",\"icao24\":\"ae1234\"}", "icao24"},
        {"{\"lat\":90.1}", "lat"},
        {"{\"lat\":\"13\"}", "lat"},
        {"{\"lon\":-180.5}", "lon"},
        {"{\"lon\":1e999}", "JSON object"},
        {"{\"t\":\"yesterday\"}", "t must"},
        {"{\"t\":1717749061}", "ahead"},
        {"{\"t\":-1}", "t must"},
        {"{\"t\":\"1969-12-31\"}", "t lies"},
        {"{\"who\":\"\"}", "who"},
        {"{\"who\":7}", "who"},
        {"{\"who\":\"a\\u0007\"}", "who"},
        {"{\"who\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}", "who"},
        {"{\"alt_ft\":130001}", "alt_ft"},
        {"{\"gs_kt\":-1}", "gs_kt"},
        {"{\"track_deg\":361}", "track_deg"},
        {"{\"flight\":\"TOOLONGXX\"}", "flight"},
        {"{\"flight\":\"A/B\"}", "flight"},
        {"{\"flight\":null}", "flight"},
        {"{\"note\":[]}", "note"},
        {"{\"latitude\":1}", "latitude"},
        {"{\"lat\":1,\"lon\":2,\"t\":1,\"who\":\"x\"}", "hex is needed"},
        {"{\"hex\":\"ae1234\",\"lon\":2,\"t\":1,\"who\":\"x\"}", "lat is needed"},
        {"{\"hex\":\"ae1234\",\"lat\":2,\"t\":1,\"who\":\"x\"}", "lon is needed"},
        {"{\"hex\":\"ae1234\",\"lat\":2,\"lon\":2,\"who\":\"x\"}", "t is needed"},
        {"{\"hex\":\"ae1234\",\"lat\":2,\"lon\":2,\"t\":1}", "who is needed"},
    };
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct report r;
        char why[256] = "";
        assert_int_not_equal(report_parse(faults[i].body, strlen(faults[i].body),
                                          NOW_S * INT64_C(1000000), &r, why, sizeof why),
                             ERR_OK);
        if (!strstr(why, faults[i].named)) {
            fail_msg("%s: %s", faults[i].body, why);
        }
    }
}

static void the_least_is_enough(void **state)
{
    (void)state;
    struct report r;
    char why[256];
    const char body[] = "{\"icao24\":\"~ABCDEF\",\"lat\":-90,\"lon\":-180,\"t\":0.5,\"who\":\"x\"}";
    assert_int_equal(
        report_parse(body, sizeof body - 1, NOW_S * INT64_C(1000000), &r, why, sizeof why), ERR_OK);
    assert_int_equal(r.message.address, 0xabcdef | ADDRESS_NON_ICAO);
    assert_int_equal(r.message.t_us, 500000);
    assert_int_equal(r.message.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SITE_TEST(a_report_becomes_a_message),
        SITE_TEST(the_token_is_asked_for),
        SITE_TEST(a_refused_report_says_so),
        SITE_TEST(too_many_are_told_to_wait),
        SITE_TEST(too_large_is_refused_while_it_comes),
        cmocka_unit_test(every_fault_is_named),
        cmocka_unit_test(the_least_is_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
