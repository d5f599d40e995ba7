/* Aircraft objects, messages as JSON, and the answers of network APIs. */
#include "unit/wire_probe.h"

#include "track/track.h"
#include "wire/aircraft_json.h"
#include "wire/api_adsbx.h"
#include "wire/api_opensky.h"

#include <jansson.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define NOW_US INT64_C(1717750000500000)

static void check(const char *text, const char *log)
{
    struct probe *p = probe_all("jsonl", WIRE_CLOCK_FEED, text, strlen(text));
    assert_string_equal(probe_log(p), log);
    probe_free(p);
}

static void reads_an_aircraft_object(void **state)
{
    (void)state;
    check("{\"now\":1717750000.5,\"hex\":\"4ca2ad\",\"type\":\"adsb_icao\",\"flight\":\"RYR1AB  \","
          "\"alt_baro\":35000,\"gs\":450.5,\"track\":270.25,\"baro_rate\":-64,\"squawk\":\"7700\","
          "\"emergency\":\"general\",\"category\":\"A3\",\"nav_qnh\":1013.6,\"nav_modes\":"
          "[\"autopilot\",\"tcas\"],\"lat\":48.123456,\"lon\":-2.5,\"nic\":8,\"mach\":0.784,"
          "\"mlat\":[],\"seen_pos\":0.3,\"seen\":0.1,\"rssi\":-12.5,\"alert\":0}\n",
          "M 1717750000200000 0 4ca2ad adsb_icao at 481234560 -25000000 flight=RYR1AB   "
          "alt_baro=35000 ground=0 gs=45050 track=27025 baro_rate=-64 squawk=4032 emergency=1 "
          "category=163 nav_qnh=10136 nav_modes=33 nic=8 mach=784 alert=0\n");
    check("{\"hex\":\"~4ca2ad\",\"alt_baro\":\"ground\",\"now\":1717750000500,\"seen\":2}",
          "M 1717749998500000 0 14ca2ad other ground=1\n");
    check("{ \"hex\" : \"4ca2ad\" , \"x\" : {\"a\":[1,{}]}, \"gs\" : null }\r\n",
          "M 0 2 4ca2ad other\n");
}

static void says_who_heard_what_follows(void **state)
{
    (void)state;
    check("{\"hex\":\"4ca2ad\",\"now\":1,\"rId\":\"roof\"}\n{\"hex\":\"4ca2ad\",\"now\":2,\"rId\":"
          "\"roof\"}\n"
          "{\"hex\":\"4ca2ad\",\"now\":3,\"rId\":\"a\\\"b\"}\n{\"hex\":\"4ca2ad\",\"now\":4,"
          "\"rId\":7}\n",
          "R 0 roof\nM 1000000 0 4ca2ad other\nM 2000000 0 4ca2ad other\n"
          "R 0 \nM 3000000 0 4ca2ad other\nM 4000000 0 4ca2ad other\n");
}

static void drops_impossible_values_and_wrong_kinds(void **state)
{
    (void)state;
    check("{\"hex\":\"4ca2ad\",\"now\":1,\"lat\":91,\"lon\":0,\"gs\":\"fast\",\"track\":400,"
          "\"squawk\":\"9999\",\"category\":\"Z9\",\"nic\":12,\"emergency\":\"maybe\","
          "\"flight\":\"=1+1\",\"alt_baro\":1e99}\n",
          "M 1000000 0 4ca2ad other\n");
}

static void counts_lines_that_are_none(void **state)
{
    (void)state;
    static const char text[] = "{}\n[]\nnull\n{\"hex\":\"4ca2ad\"\n{\"hex\":\"4ca2ad\",}\n"
                               "{\"hex\":12}\n{\"hex\":\"4ca2ad\"} x\n\"\\\nhello\n{\"hex\"}\n";
    struct probe *p = probe_all("jsonl", WIRE_CLOCK_FEED, text, sizeof text - 1);
    assert_int_equal(p->messages, 0);
    assert_int_equal(p->counters.n[COUNT_JSON_BAD_LINE], 10);
    probe_free(p);
}

/* ---- writing ---- */

/* b as a document jansson accepts. */
static json_t *document(struct buf *b)
{
    json_error_t error;
    json_t *j = json_loadb((const char *)b->p, b->n, JSON_REJECT_DUPLICATES, &error);
    if (!j) {
        fail_msg("%s: %.*s", error.text, (int)b->n, (const char *)b->p);
    }
    return j;
}

static void writes_a_message(void **state)
{
    (void)state;
    struct buf b = {0};
    struct message m;
    const struct frame f = {.n = 7, .byte = {0x5d, 0x48, 0x40, 0xd6, 1, 2, 3}, .signal = 255};
    message_start(&m);
    m.t_us = INT64_C(1717664319147975);
    m.address = 0x4840d6;
    m.df = 17;
    m.tc = 4;
    m.bds = 0x08;
    m.parity = PARITY_OK;
    m.signal = 255;
    m.origin = ORIGIN_ADSB_ICAO;
    memcpy(m.flight, "KLM1023 ", 8);
    message_add(&m, FIELD_FLIGHT, 0);
    message_add(&m, FIELD_CATEGORY, 0xa3);
    message_json_write(&b, &f, &m, NULL);
    buf_byte(&b, 0);
    assert_string_equal(
        (const char *)b.p,
        "{\"t\":1717664319.147975,\"frame\":\"5d4840d6010203\",\"df\":17,\"icao24\":\"4840d6\","
        "\"crc_ok\":true,\"corrected\":0,\"tc\":4,\"bds\":\"08\",\"type\":\"adsb_icao\",\"flight\":"
        "\"KLM1023 \",\"category\":\"A3\",\"rssi\":0}");
    buf_clear(&b);
    m.flags = FRAME_ELAPSED;
    m.parity = PARITY_ADDRESS;
    m.bds = 0;
    m.tc = 255;
    m.n = 0;
    message_add(&m, FIELD_SQUAWK, 0123);
    message_add(&m, FIELD_GROUND, 1);
    const struct fix fix = {.verdict = VERDICT_ACCEPTED, .lat_e7 = 1, .lon_e7 = -1800000000};
    message_json_write(&b, NULL, &m, &fix);
    json_t *j = document(&b);
    assert_true(json_is_null(json_object_get(j, "t")));
    assert_true(json_is_null(json_object_get(j, "crc_ok")));
    assert_null(json_object_get(j, "bds"));
    assert_null(json_object_get(j, "frame"));
    assert_string_equal(json_string_value(json_object_get(j, "squawk")), "0123");
    assert_string_equal(json_string_value(json_object_get(j, "alt_baro")), "ground");
    assert_true(json_number_value(json_object_get(j, "lon")) == -180);
    json_decref(j);
    buf_free(&b);
}

static void writes_a_message_for_people(void **state)
{
    (void)state;
    struct buf b = {0};
    struct message m;
    message_start(&m);
    m.t_us = INT64_C(1717664319147975);
    m.address = 0x4840d6;
    m.df = 17;
    m.tc = 11;
    m.bds = 0x05;
    m.parity = PARITY_OK;
    m.corrected = 1;
    message_add(&m, FIELD_ALT_BARO, 38000);
    const struct fix fix = {.verdict = VERDICT_SPEED};
    message_text_write(&b, NULL, &m, &fix);
    buf_byte(&b, 0);
    assert_string_equal((const char *)b.p,
                        "2024-06-06T08:58:39.147975Z DF17 4840d6 (repaired) BDS 0,5 TC 11  "
                        "alt_baro 38000 ft  position not believed: farther from the last position "
                        "than the aircraft can have flown");
    buf_free(&b);
}

/* Every field with its largest and smallest 32-bit value makes a document. */
static void any_value_makes_a_document(void **state)
{
    (void)state;
    static const int32_t value[] = {0, 1, -1, INT32_MAX, INT32_MIN};
    for (size_t v = 0; v < sizeof value / sizeof *value; v++) {
        for (enum field f = 0; f < FIELD_COUNT; f++) {
            struct buf b = {0};
            struct message m;
            message_start(&m);
            m.t_us = INT64_MAX;
            memcpy(m.flight, "\"\\\n\xff\x80\0x ", 8);
            message_add(&m, f, value[v]);
            message_json_write(&b, NULL, &m, NULL);
            json_decref(document(&b));
            buf_free(&b);
        }
    }
}

/* ---- a track ---- */

static struct counters counters;

static struct tracker *tracker_with(struct message *m, struct outcome *o)
{
    const struct tracker_options options = {.counters = &counters};
    struct tracker *t = tracker_new(&options);
    assert_non_null(t);
    for (int i = 0; i < 3; i++) {
        m->t_us += 1000000;
        tracker_push(t, m, o);
    }
    return t;
}

static void aircraft_comes_back_as_written(void **state)
{
    (void)state;
    struct message m;
    struct outcome o;
    message_start(&m);
    m.t_us = NOW_US;
    m.address = 0x4ca2ad;
    m.origin = ORIGIN_OTHER;
    m.has_place = true;
    m.lat_e7 = 481234567;
    m.lon_e7 = -23456789;
    memcpy(m.flight, "RYR1AB  ", 8);
    message_add(&m, FIELD_FLIGHT, 0);
    message_add(&m, FIELD_ALT_BARO, 35000);
    message_add(&m, FIELD_GROUND, 0);
    message_add(&m, FIELD_GS, 45050);
    message_add(&m, FIELD_SQUAWK, 07000);
    struct tracker *t = tracker_with(&m, &o);
    const struct track *a = tracker_find(t, 0x4ca2ad);
    assert_non_null(a);
    struct buf b = {0};
    const struct aircraft_name name = {"EI-\"D", "B738", "BOEING 737-800", "", 2004, 1};
    aircraft_json_write(&b, a, NULL, &name, m.t_us + 300000,
                        AIRCRAFT_JSON_NOW | AIRCRAFT_JSON_VALUES);
    json_t *j = document(&b);
    assert_string_equal(json_string_value(json_object_get(j, "r")), "EI-\"D");
    assert_string_equal(json_string_value(json_object_get(j, "t")), "B738");
    assert_string_equal(json_string_value(json_object_get(j, "year")), "2004");
    assert_int_equal(json_integer_value(json_object_get(j, "dbFlags")), 1);
    assert_null(json_object_get(j, "ownOp"));
    assert_string_equal(json_string_value(json_object_get(j, "hex")), "4ca2ad");
    assert_string_equal(json_string_value(json_object_get(j, "flight")), "RYR1AB  ");
    assert_string_equal(json_string_value(json_object_get(j, "squawk")), "7000");
    assert_true(json_number_value(json_object_get(j, "alt_baro")) == 35000);
    assert_true(json_number_value(json_object_get(j, "lat")) == 48.1234567);
    assert_true(json_number_value(json_object_get(j, "seen")) == 0.3);
    assert_int_equal(json_integer_value(json_object_get(j, "messages")), 3);
    const json_t *gs = json_object_get(json_object_get(j, "values"), "gs");
    assert_true(json_number_value(json_object_get(gs, "value")) == 450.5);
    assert_true(json_number_value(json_object_get(gs, "age")) == 0.3);
    json_decref(j);
    struct probe *p = probe_all("jsonl", WIRE_CLOCK_FEED, b.p, b.n);
    assert_int_equal(p->messages, 1);
    assert_int_equal(p->message.lat_e7, m.lat_e7);
    assert_int_equal(p->message.lon_e7, m.lon_e7);
    assert_int_equal(message_get(&p->message, FIELD_GS, 0), 45050);
    assert_true(p->message.t_us == m.t_us);
    probe_free(p);
    buf_free(&b);
    tracker_free(t);
}

static void old_values_go_and_old_places_are_last_ones(void **state)
{
    (void)state;
    struct message m;
    struct outcome o;
    message_start(&m);
    m.t_us = NOW_US;
    m.address = 0x4ca2ad;
    m.origin = ORIGIN_MLAT;
    m.has_place = true;
    m.lat_e7 = 481234567;
    m.lon_e7 = -23456789;
    message_add(&m, FIELD_GS, 45050);
    struct tracker *t = tracker_with(&m, &o);
    const struct track *a = tracker_find(t, 0x4ca2ad);
    struct buf b = {0};
    aircraft_json_write(&b, a, NULL, NULL, m.t_us, 0);
    json_t *j = document(&b);
    assert_string_equal(json_string_value(json_object_get(j, "type")), "mlat");
    assert_string_equal(json_string_value(json_array_get(json_object_get(j, "mlat"), 0)), "lat");
    assert_string_equal(json_string_value(json_array_get(json_object_get(j, "mlat"), 1)), "lon");
    assert_string_equal(json_string_value(json_array_get(json_object_get(j, "mlat"), 2)), "gs");
    json_decref(j);
    buf_clear(&b);
    aircraft_json_write(&b, a, NULL, NULL, m.t_us + 61000000, 0);
    j = document(&b);
    assert_null(json_object_get(j, "lat"));
    assert_null(json_object_get(j, "gs"));
    const json_t *last = json_object_get(j, "lastPosition");
    assert_true(json_number_value(json_object_get(last, "seen_pos")) == 61);
    json_decref(j);
    buf_free(&b);
    tracker_free(t);
}

/* ---- network APIs ---- */

struct answers {
    size_t n;
    struct message last;
};

static void take(void *ctx, struct message *m)
{
    struct answers *a = ctx;
    a->n++;
    a->last = *m;
}

static void reads_an_adsbx_answer(void **state)
{
    (void)state;
    static const char body[] =
        "{\"ac\":[{\"hex\":\"4ca2ad\",\"type\":\"adsb_icao\",\"t\":\"B738\",\"lat\":1.5,\"lon\":2."
        "5,"
        "\"seen\":1,\"seen_pos\":2.5,\"alt_baro\":\"ground\"},{\"nothing\":1},7],"
        "\"msg\":\"No error\",\"now\":1717750000500,\"total\":1}\n";
    struct answers a = {0};
    char why[200] = "";
    assert_int_equal(api_adsbx_parse(body, sizeof body - 1, 5, take, &a, why, sizeof why), ERR_OK);
    assert_int_equal(a.n, 1);
    assert_int_equal(a.last.origin, ORIGIN_API);
    assert_true(a.last.t_us == INT64_C(1717749998000000));
    assert_int_equal(a.last.lat_e7, 15000000);
    assert_int_equal(message_get(&a.last, FIELD_GROUND, 0), 1);
    static const char readsb[] =
        "{ \"now\" : 1717750000.5, \"aircraft\" : [{\"hex\":\"4ca2ad\",\"seen\":1}] }";
    a.n = 0;
    assert_int_equal(api_adsbx_parse(readsb, sizeof readsb - 1, 5, take, &a, why, sizeof why),
                     ERR_OK);
    assert_int_equal(a.n, 1);
    assert_true(a.last.t_us == NOW_US - 1000000);
}

static void reads_an_opensky_answer(void **state)
{
    (void)state;
    static const char body[] =
        "{\"time\":1717750000,\"states\":[[\"4ca2ad\",\"RYR1AB  \",\"Ireland\",1717749990,"
        "1717749998,2.5,48.5,10668,false,231.5,270.5,-0.33,null,10972.8,\"7000\",false,0,4],"
        "[\"bad\"],[\"4ca2ae\",null,\"\",null,1717749999,null,null,null,true,null,null,null,null,"
        "null,null,false,0]]}";
    struct answers a = {0};
    char why[200] = "";
    assert_int_equal(api_opensky_parse(body, 160, 5, take, &a, why, sizeof why), ERR_SYNTAX);
    assert_int_equal(api_opensky_parse(body, sizeof body - 1, 5, take, &a, why, sizeof why),
                     ERR_OK);
    assert_int_equal(a.n, 2);
    assert_int_equal(a.last.address, 0x4ca2ae);
    assert_true(a.last.t_us == INT64_C(1717749999000000));
    assert_int_equal(message_get(&a.last, FIELD_GROUND, 0), 1);
    const char *one = strstr(body, ",[\"bad\"]");
    char only[400];
    snprintf(only, sizeof only, "%.*s]}", (int)(one - body), body);
    assert_int_equal(api_opensky_parse(only, strlen(only), 5, take, &a, why, sizeof why), ERR_OK);
    const struct message *m = &a.last;
    assert_true(m->t_us == INT64_C(1717749990000000));
    assert_int_equal(m->lat_e7, 485000000);
    assert_int_equal(m->lon_e7, 25000000);
    assert_int_equal(message_get(m, FIELD_ALT_BARO, 0), 35000);
    assert_int_equal(message_get(m, FIELD_ALT_GEOM, 0), 36000);
    assert_int_equal(message_get(m, FIELD_GS, 0), 45000);
    assert_int_equal(message_get(m, FIELD_TRACK, 0), 27050);
    assert_int_equal(message_get(m, FIELD_BARO_RATE, 0), -65);
    assert_int_equal(message_get(m, FIELD_SQUAWK, 0), 07000);
    assert_int_equal(message_get(m, FIELD_CATEGORY, 0), 0xa3);
    static const char none[] = "{\"time\":1717750000,\"states\":null}";
    a.n = 0;
    assert_int_equal(api_opensky_parse(none, sizeof none - 1, 5, take, &a, why, sizeof why),
                     ERR_OK);
    assert_int_equal(a.n, 0);
}

static void says_what_is_wrong_with_an_answer(void **state)
{
    (void)state;
    static const struct {
        const char *body, *word;
        enum err e;
    } bad[] = {
        {"", "empty", ERR_SYNTAX},
        {"  \n", "empty", ERR_SYNTAX},
        {"<html><body>502 Bad Gateway", "HTML", ERR_SYNTAX},
        {"Too many requests", "not whole JSON", ERR_SYNTAX},
        {"{\"ac\":[{\"hex\":\"4ca2ad\"", "not whole JSON", ERR_SYNTAX},
        {"{\"error\":\"no\"}", "no list", ERR_UNKNOWN},
        {"[1,2]", "no list", ERR_UNKNOWN},
        {"{\"ac\":{},\"states\":\"x\"}", "no list", ERR_UNKNOWN},
        {"{\"ac\":[1 2],\"states\":[1 2]}", "breaks off", ERR_SYNTAX},
    };
    struct answers a = {0};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char why[200] = "";
        const size_t n = strlen(bad[i].body);
        assert_int_equal(api_adsbx_parse(bad[i].body, n, 0, take, &a, why, sizeof why), bad[i].e);
        assert_non_null(strstr(why, bad[i].word));
        why[0] = '\0';
        assert_int_equal(api_opensky_parse(bad[i].body, n, 0, take, &a, why, sizeof why), bad[i].e);
        assert_non_null(strstr(why, bad[i].word));
    }
    assert_int_equal(a.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_an_aircraft_object),
        cmocka_unit_test(says_who_heard_what_follows),
        cmocka_unit_test(drops_impossible_values_and_wrong_kinds),
        cmocka_unit_test(counts_lines_that_are_none),
        cmocka_unit_test(writes_a_message),
        cmocka_unit_test(writes_a_message_for_people),
        cmocka_unit_test(any_value_makes_a_document),
        cmocka_unit_test(aircraft_comes_back_as_written),
        cmocka_unit_test(old_values_go_and_old_places_are_last_ones),
        cmocka_unit_test(reads_an_adsbx_answer),
        cmocka_unit_test(reads_an_opensky_answer),
        cmocka_unit_test(says_what_is_wrong_with_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
