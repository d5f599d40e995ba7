/* Properties of the wire formats: a stream may be cut anywhere, what is written is read back. */
#include "unit/wire_probe.h"

#include "base/bytes.h"
#include "base/rng.h"
#include "seed.h"
#include "track/track.h"

#include <time.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { STREAMS = 300, PIECES = 12, FRAMES = 400 };

static const char *const specs[] = {"beast", "beast:ticks=gps", "avr", "sbs", "jsonl", "trackcsv"};

static const char sbs_line[] = "MSG,3,1,1,4CA2AD,1,2010/05/23,00:00:17.984,2010/05/23,"
                               "00:00:18.812,,15225,,,51.2,-0.4,,,0,0,0,0\r\n";

/* Whole and broken pieces of each format, joined at random. */
static const char *const pieces[] = {
    "*5D4840D6112233;\n",
    "@0000000003E88D4840D6202CC371C32CE0576098;\r\n",
    "<0000000003E8C45D;",
    sbs_line,
    "MLAT,3,1,1,4CA2AD\n",
    "12,MSG,8,,,AB5361,\n",
    "MSG,",
    "{\"now\":1717750000.5,\"hex\":\"4ca2ad\",\"gs\":450,\"lat\":1,\"lon\":2}\n",
    "{\"hex\":\"4ca2ad\",\"nav_modes\":[\"tcas\"],\"x\":{\"y\":\"\\\"}\"}}\n",
    "{\"hex\":\"",
    "time_utc_epoch,icao24,callsign,lat,lon,alt_ft,gs_kt,track_deg,vrate_fpm,onground\n",
    "1717750000.5,4e1234,\"A,B\",48.5,2.25,35000,450.5,270,-64,0\n",
    ",,,\n",
    "\r\n",
    "\n",
    ";",
    "PROXY TCP4 192.0.2.7 198.51.100.1 4711 30004\r\n",
    "PROXY ",
};

static uint64_t seed;

static void put_random_beast(struct buf *b, struct rng *r)
{
    static const uint8_t type[] = {'1', '2', '3', '3',  '3',  '4',  '5',
                                   'P', 'W', 'z', 0xe3, 0xe4, 0xe8, 0x1a};
    buf_byte(b, 0x1a);
    buf_byte(b, type[rng_below(r, sizeof type)]);
    const uint32_t n = rng_below(r, 40);
    for (uint32_t i = 0; i < n; i++) {
        static const uint8_t often[] = {0x1a, 0x1a, 0, 0xff, '3', 'a', '-'};
        const bool is_often = rng_below(r, 3) == 0;
        buf_byte(b, is_often ? often[rng_below(r, sizeof often)] : (uint8_t)rng_next(r));
    }
}

static void put_stream(struct buf *b, struct rng *r)
{
    const uint32_t n = 1 + rng_below(r, PIECES);
    for (uint32_t i = 0; i < n; i++) {
        if (rng_below(r, 2)) {
            put_random_beast(b, r);
        } else {
            buf_text(b, pieces[rng_below(r, sizeof pieces / sizeof *pieces)]);
        }
    }
}

static void a_stream_may_be_cut_anywhere(void **state)
{
    (void)state;
    struct rng r = {seed};
    for (int i = 0; i < STREAMS; i++) {
        struct buf b = {0};
        put_stream(&b, &r);
        for (size_t s = 0; s < sizeof specs / sizeof *specs; s++) {
            const size_t cut[] = {1 + rng_below(&r, 30), 1 + rng_below(&r, 5),
                                  1 + rng_below(&r, 100), 0};
            const size_t ones[] = {1, 0};
            assert_true(probe_same_split(specs[s], WIRE_CLOCK_FEED, b.p, b.n, cut));
            assert_true(probe_same_split(specs[s], WIRE_CLOCK_RECEIVE, b.p, b.n, ones));
        }
        buf_free(&b);
    }
}

/* ---- round trips ---- */

static struct wire_writer *writer_new(const char *text)
{
    struct spec s;
    char why[200];
    assert_int_equal(spec_parse(&s, text, why, sizeof why), ERR_OK);
    struct wire_writer *w = wire_format_find(s.name)->writer_new(&s, why, sizeof why);
    assert_non_null(w);
    return w;
}

static struct frame random_frame(struct rng *r, const struct frame *before)
{
    static const uint8_t length[] = {FRAME_MODE_AC, FRAME_SHORT, FRAME_LONG, FRAME_LONG};
    struct frame f = {.n = length[rng_below(r, 4)], .signal = (uint8_t)rng_next(r)};
    const uint64_t step = rng_below(r, 12000 * 50);
    f.tick = before->tick + step;
    f.t_us = before->t_us + (int64_t)step / 12;
    for (size_t i = 0; i < f.n; i++) {
        f.byte[i] = rng_below(r, 4) ? (uint8_t)rng_next(r) : 0x1a;
    }
    f.byte[0] |= 1; /* no heartbeat */
    return f;
}

static struct frame frames[FRAMES];
static size_t taken;

static void same_frame(void *ctx, const struct wire_item *item)
{
    const bool has_signal = *(const bool *)ctx;
    if (item->kind != WIRE_FRAME) {
        return;
    }
    const struct frame *want = &frames[taken++], *got = item->frame;
    assert_int_equal(got->n, want->n);
    assert_memory_equal(got->byte, want->byte, want->n);
    assert_true(got->tick == want->tick);
    if (has_signal) {
        assert_int_equal(got->signal, want->signal);
        assert_true(llabs(got->t_us - want->t_us) < 1000);
    }
}

static void frames_round_trip(const char *writer_spec, bool has_marks)
{
    struct rng r = {seed + 1};
    struct counters counters = {0};
    struct wire_writer *w = writer_new(writer_spec);
    struct spec s;
    char why[200];
    assert_int_equal(spec_parse(&s, writer_spec, why, sizeof why), ERR_OK);
    const struct wire_format *f = wire_format_find(s.name);
    struct receiver receivers[3] = {{.id = 1}, {.id = 0x1a}, {.id = UINT64_MAX}};
    struct frame before = {.tick = 1, .t_us = INT64_C(1717750000000000)};
    struct buf out = {0};
    if (f->writer_head) {
        f->writer_head(w, &out);
    }
    for (int i = 0; i < FRAMES; i++) {
        before = frames[i] = random_frame(&r, &before);
        const struct wire_event e = {.frame = &frames[i], .receiver = &receivers[rng_below(&r, 3)]};
        f->writer_event(w, &e, &out);
    }
    const struct wire_options o = {.clock = WIRE_CLOCK_FEED, .counters = &counters};
    struct wire_reader *reader = f->reader_new(&o, &s, why, sizeof why);
    taken = 0;
    f->reader_push(reader, out.p, out.n, 0, same_frame, &has_marks);
    f->reader_end(reader, 0, same_frame, &has_marks);
    assert_int_equal(taken, FRAMES);
    for (int i = 0; i < COUNT_COUNT; i++) {
        assert_int_equal(counters.n[i], 0);
    }
    f->reader_free(reader);
    f->writer_free(w);
    buf_free(&out);
}

static void frames_come_back_as_written(void **state)
{
    (void)state;
    frames_round_trip("beast:marks=1", true);
    frames_round_trip("avr:mlat=1", false);
}

/* A position report with what every text format can say. */
static struct message random_report(struct rng *r, int64_t t_us)
{
    struct message m;
    message_start(&m);
    m.t_us = t_us;
    m.address = 0x400000 + rng_below(r, 0xffff);
    m.origin = ORIGIN_OTHER;
    m.has_place = true;
    m.lat_e7 = ((int32_t)rng_below(r, 180000001) - 90000000) * 10;
    m.lon_e7 = ((int32_t)rng_below(r, 360000000) - 180000000) * 10;
    snprintf(m.flight, sizeof m.flight, "AB%05u", (unsigned)rng_below(r, 100000));
    m.flight[7] = ' ';
    message_add(&m, FIELD_FLIGHT, 0);
    message_add(&m, FIELD_ALT_BARO, (int32_t)rng_below(r, 40000));
    message_add(&m, FIELD_GS, (int32_t)rng_below(r, 600) * 100);
    message_add(&m, FIELD_TRACK, (int32_t)rng_below(r, 360) * 100);
    message_add(&m, FIELD_BARO_RATE, (int32_t)rng_below(r, 6000) - 3000);
    message_add(&m, FIELD_GROUND, 0);
    return m;
}

static void same_report(const struct message *want, const struct message *got, bool has_flight)
{
    static const enum field field[] = {FIELD_ALT_BARO, FIELD_GS, FIELD_TRACK, FIELD_BARO_RATE,
                                       FIELD_GROUND};
    assert_int_equal(got->address, want->address);
    assert_true(got->has_place);
    assert_int_equal(got->lat_e7, want->lat_e7);
    assert_int_equal(got->lon_e7, want->lon_e7);
    assert_true(llabs(got->t_us - want->t_us) < 1000);
    for (size_t i = 0; i < sizeof field / sizeof *field; i++) {
        assert_int_equal(message_get(got, field[i], -1), message_get(want, field[i], -2));
    }
    if (has_flight) {
        assert_memory_equal(got->flight, want->flight, 8);
    }
}

static void report_round_trip(const char *spec, struct tracker *t, struct message *m,
                              bool needs_track)
{
    struct outcome o;
    struct message copy = *m;
    tracker_push(t, &copy, &o);
    assert_true(o.track && o.has_fix);
    /* the gate may hold a first position back; what is written is what was accepted */
    o.fix.verdict = VERDICT_ACCEPTED;
    const struct wire_event e = {
        .message = m, .fix = &o.fix, .attributed = true, .track = o.track, .now_us = m->t_us};
    struct wire_writer *w = writer_new(spec);
    struct spec s;
    char why[200];
    struct buf out = {0};
    assert_int_equal(spec_parse(&s, spec, why, sizeof why), ERR_OK);
    const struct wire_format *f = wire_format_find(s.name);
    if (f->writer_head) {
        f->writer_head(w, &out);
    }
    f->writer_event(w, &e, &out);
    struct probe *p = probe_all(s.name, WIRE_CLOCK_FEED, out.p, out.n);
    assert_int_equal(p->messages, 1);
    if (p->message.has_place || !needs_track) {
        same_report(m, &p->message, true);
    }
    probe_free(p);
    f->writer_free(w);
    buf_free(&out);
}

static void reports_come_back_as_written(void **state)
{
    (void)state;
    struct rng r = {seed + 2};
    struct counters counters = {0};
    const struct tracker_options o = {.counters = &counters, .aircraft_max = 10000};
    for (int i = 0; i < 100; i++) {
        struct tracker *t = tracker_new(&o);
        assert_non_null(t);
        struct message m = random_report(&r, INT64_C(1717750000123000));
        report_round_trip("sbs", t, &m, false);
        m.t_us += 1000000;
        report_round_trip("trackcsv", t, &m, false);
        m.t_us += 1000000;
        report_round_trip("jsonl", t, &m, true);
        tracker_free(t);
    }
}

/* No call sign, however made, begins a CSV cell with what a spreadsheet runs. */
static void csv_cells_never_run(void **state)
{
    (void)state;
    static const char bad[] = "=+-@\t\r\n\",|;";
    struct rng r = {seed + 3};
    struct counters counters = {0};
    const struct tracker_options o = {.counters = &counters};
    for (int i = 0; i < 200; i++) {
        struct tracker *t = tracker_new(&o);
        struct message m = random_report(&r, INT64_C(1717750000123000)), copy;
        struct outcome out;
        for (int k = 0; k < 8; k++) {
            m.flight[k] = bad[rng_below(&r, sizeof bad)];
        }
        copy = m;
        tracker_push(t, &copy, &out);
        assert_true(out.has_fix);
        out.fix.verdict = VERDICT_ACCEPTED;
        struct buf b = {0};
        struct wire_writer *w = writer_new("trackcsv");
        const struct wire_event e = {
            .message = &m, .fix = &out.fix, .attributed = true, .track = out.track};
        wire_format_find("trackcsv")->writer_event(w, &e, &b);
        buf_byte(&b, 0);
        char address[16];
        snprintf(address, sizeof address, ",%06x,,", m.address);
        assert_non_null(strstr((const char *)b.p, address));
        wire_format_find("trackcsv")->writer_free(w);
        buf_free(&b);
        tracker_free(t);
    }
}

int main(void)
{
    seed = seed_of_run();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stream_may_be_cut_anywhere),
        cmocka_unit_test(frames_come_back_as_written),
        cmocka_unit_test(reports_come_back_as_written),
        cmocka_unit_test(csv_cells_never_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
