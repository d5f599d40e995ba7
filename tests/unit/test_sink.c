/* Outputs: an event written once reaches every peer, whole; a late one gets the head first. */
#include "source_probe.h"

#include "sink/sink.h"
#include "wire/wire.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

static enum err open_sink(struct source_probe *p, const char *text, struct sink **out)
{
    const struct sink_options o = {
        .loop = &p->base.loop, .clock_us = probe_clock_us, .counters = &p->base.counters};
    return sink_open(text, &o, out, p->base.why, sizeof p->base.why);
}

static const struct frame frame = {
    .t_us = INT64_C(1717749000000000),
    .tick = 12345,
    .signal = 100,
    .n = FRAME_LONG,
    .byte = {0x8d, 0x48, 0x40, 0xd6, 0x20, 0x2c, 0xc3, 0x71, 0xc3, 0x2c, 0xe0, 0x57, 0x60, 0x98}};

static void say(struct sink *s, unsigned n)
{
    const struct wire_event e = {.frame = &frame, .now_us = frame.t_us};
    for (unsigned i = 0; i < n; i++) {
        sink_event(s, &e);
    }
}

static int dial(const struct sink *s)
{
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(sink_port(s))};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

static size_t count_lines(int fd)
{
    char text[65536];
    size_t lines = 0;
    for (ssize_t n; (n = recv(fd, text, sizeof text, MSG_DONTWAIT)) > 0;) {
        for (ssize_t i = 0; i < n; i++) {
            lines += text[i] == '\n';
        }
    }
    return lines;
}

static void turn(struct source_probe *p)
{
    run_until(&p->base.loop, never, NULL, 20);
}

static void every_peer_gets_every_event(void **state)
{
    struct source_probe *p = *state;
    struct sink *s;
    assert_int_equal(open_sink(p, "avr:listen=:0", &s), ERR_OK);
    say(s, 5); /* to nobody */
    const int one = dial(s);
    turn(p);
    say(s, 7);
    const int two = dial(s);
    turn(p);
    say(s, 11);
    turn(p);
    assert_int_equal(count_lines(one), 18);
    assert_int_equal(count_lines(two), 11);
    assert_non_null(strstr(sink_state(s), ", 2 connected"));
    assert_string_equal(sink_name(s), "avr");
    close(one);
    turn(p);
    say(s, 1);
    turn(p);
    assert_int_equal(count_lines(two), 1);
    sink_close(s);
    turn(p);
    char byte;
    assert_int_equal(recv(two, &byte, 1, MSG_DONTWAIT), 0); /* closed */
    close(two);
}

static void an_event_waits_for_no_other(void **state)
{
    struct source_probe *p = *state;
    struct sink *s;
    assert_int_equal(open_sink(p, "avr:listen=:0", &s), ERR_OK);
    const int fd = dial(s);
    turn(p);
    say(s, 1);
    uv_run(&p->base.loop, UV_RUN_NOWAIT); /* one turn of the loop is enough */
    usleep(1000);
    assert_int_equal(count_lines(fd), 1);
    sink_close(s);
    close(fd);
}

static void full_speed_drops_nothing_when_waited_for(void **state)
{
    struct source_probe *p = *state;
    struct sink *s;
    assert_int_equal(open_sink(p, "avr:listen=:0", &s), ERR_OK);
    const int fd = dial(s);
    turn(p);
    size_t lines = 0;
    for (unsigned i = 0; i < 2000; i++) {
        say(s, 500);
        for (unsigned wait = 0; sink_waiting(s) > 1 << 20 && wait < 1000; wait++) {
            lines += count_lines(fd);
            uv_run(&p->base.loop, UV_RUN_NOWAIT);
        }
    }
    sink_close(s);
    for (unsigned i = 0; i < 200 && lines < 1000000; i++) {
        lines += count_lines(fd);
        uv_run(&p->base.loop, UV_RUN_NOWAIT);
        usleep(1000);
    }
    assert_int_equal(lines, 1000000);
    assert_int_equal(p->base.counters.n[COUNT_SINK_DROPPED_BYTES], 0);
    close(fd);
}

/* What masar writes it reads again, for every format that goes both ways, through each packing. */
static void files_round_trip(void **state)
{
    struct source_probe *p = *state;
    static const char *const names[] = {"avr:file=%s.avr", "avr:file=%s.avr.gz",
                                        "beast:file=%s.bin.zst", "beast:file=%s.bin"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char text[100], path[64];
        strcpy(path, "/tmp/masar_sink_XXXXXX");
        const int fd = mkstemp(path);
        assert_true(fd >= 0);
        close(fd);
        snprintf(text, sizeof text, names[i], path);
        struct sink *s;
        assert_int_equal(open_sink(p, text, &s), ERR_OK);
        say(s, 1000);
        sink_close(s);
        turn(p);
        p->n_frames = 0;
        p->base.done = 0;
        assert_int_equal(probe_source(p, text), ERR_OK);
        assert_true(run_until(&p->base.loop, probe_is_done, &p->base, 3000));
        assert_int_equal(p->base.e, ERR_OK);
        assert_int_equal(p->n_frames, 1000);
        assert_memory_equal(p->frame[999].byte, frame.byte, FRAME_LONG);
        source_close(p->source);
        p->source = NULL;
        unlink(path);
        unlink(strchr(text, '=') + 1);
    }
}

static void silence_is_filled_with_heartbeats(void **state)
{
    struct source_probe *p = *state;
    struct sink *s;
    assert_int_equal(open_sink(p, "avr:listen=:0,heartbeat=1", &s), ERR_OK);
    const int fd = dial(s);
    turn(p);
    say(s, 1);
    const uint64_t said_ns = uv_hrtime();
    turn(p);
    assert_int_equal(count_lines(fd), 1);
    char text[32];
    ssize_t n = -1;
    while (n < 0 && uv_hrtime() - said_ns < UINT64_C(10000000000)) {
        turn(p);
        n = recv(fd, text, sizeof text, MSG_DONTWAIT);
    }
    assert_true(uv_hrtime() - said_ns > 950000000); /* a second of silence first */
    assert_int_equal(n, 7);
    assert_memory_equal(text, "*0000;\n", 7);
    sink_close(s);
    close(fd);
    assert_int_equal(open_sink(p, "avr:listen=:0,heartbeat=soon", &s), ERR_RANGE);
}

static void say_from(struct sink *s, uint64_t id, unsigned n)
{
    const struct receiver who = {.id = id};
    const struct wire_event e = {.frame = &frame, .receiver = &who, .now_us = frame.t_us};
    for (unsigned i = 0; i < n; i++) {
        sink_event(s, &e);
    }
}

/* A peer that lost bytes must not take one receiver's frames for another's: what it reads after the
   hole says first who it is of. */
static void after_a_loss_the_receiver_is_said_again(void **state)
{
    struct source_probe *p = *state;
    struct sink *s;
    assert_int_equal(open_sink(p, "beast:listen=:0,queue=4096", &s), ERR_OK);
    const int fd = dial(s);
    turn(p);
    say_from(s, 0x11, 1);
    turn(p);
    for (unsigned i = 0; i < 3000 && p->base.counters.n[COUNT_SINK_DROPPED_BYTES] == 0; i++) {
        say_from(s, 0x11, 2000);
        uv_run(&p->base.loop, UV_RUN_NOWAIT);
    }
    assert_true(p->base.counters.n[COUNT_SINK_DROPPED_BYTES] > 0);
    say_from(s, 0x22, 1); /* lost, and with it the change of receiver */
    turn(p);
    struct buf got = {0};
    for (unsigned i = 0; i < 200; i++) {
        uint8_t *to = buf_reserve(&got, 1 << 20);
        const ssize_t n = recv(fd, to, 1 << 20, MSG_DONTWAIT);
        got.n += n > 0 ? (size_t)n : 0;
        uv_run(&p->base.loop, UV_RUN_NOWAIT);
        usleep(500);
    }
    got.n = 0;
    say_from(s, 0x22, 1); /* it keeps up again: after this a head */
    turn(p);
    say_from(s, 0x22, 1);
    turn(p);
    uint8_t *to = buf_reserve(&got, 1 << 20);
    const ssize_t n = recv(fd, to, 1 << 20, MSG_DONTWAIT);
    static const uint8_t head[] = {0x1a, 0xe3, 0, 0, 0, 0, 0, 0, 0, 0x22, 0x1a, '3'};
    assert_true(n >= (ssize_t)sizeof head);
    assert_memory_equal(to, head, sizeof head);
    buf_free(&got);
    sink_close(s);
    close(fd);
}

static void full_disk_is_told(void **state)
{
    struct source_probe *p = *state;
    struct sink *s;
    assert_int_equal(open_sink(p, "avr:file=/dev/full", &s), ERR_OK);
    say(s, 10);
    turn(p);
    assert_string_equal(sink_state(s), "cannot write /dev/full: no space left on device");
    assert_true(p->base.counters.n[COUNT_SINK_DROPPED_BYTES] > 0);
    say(s, 10); /* to nobody */
    assert_int_equal(sink_finish(s), ERR_SYSTEM);
    sink_close(s);
    /* Compressed, it fits into memory until the very end. */
    char path[64], text[100], want[150];
    snprintf(path, sizeof path, "/tmp/masar_full_%d.gz", getpid());
    snprintf(text, sizeof text, "avr:file=%s", path);
    snprintf(want, sizeof want, "cannot write %s: no space left on device", path);
    assert_int_equal(symlink("/dev/full", path), 0);
    assert_int_equal(open_sink(p, text, &s), ERR_OK);
    say(s, 10);
    assert_int_equal(sink_finish(s), ERR_SYSTEM);
    assert_string_equal(sink_state(s), want);
    sink_close(s);
    unlink(path);
    assert_int_equal(open_sink(p, text, &s), ERR_OK);
    say(s, 10);
    assert_int_equal(sink_finish(s), ERR_OK);
    sink_close(s);
    unlink(path);
}

static void wrong_specs_are_told(void **state)
{
    struct source_probe *p = *state;
    struct sink *s;
    assert_int_equal(open_sink(p, "beest:file=x", &s), ERR_UNKNOWN);
    assert_non_null(strstr(p->base.why, "'beest' is no output; there are beast avr"));
    assert_int_equal(open_sink(p, "avr:fiel=x", &s), ERR_UNKNOWN);
    assert_non_null(strstr(p->base.why, "'avr' does not know the key 'fiel'; it knows file"));
    assert_int_equal(open_sink(p, "avr", &s), ERR_SYNTAX);
    assert_non_null(strstr(p->base.why, "'avr' needs one of file=PATH (- is standard output)"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SOURCED(every_peer_gets_every_event),
        SOURCED(an_event_waits_for_no_other),
        SOURCED(full_speed_drops_nothing_when_waited_for),
        SOURCED(silence_is_filled_with_heartbeats),
        SOURCED(after_a_loss_the_receiver_is_said_again),
        SOURCED(files_round_trip),
        SOURCED(full_disk_is_told),
        SOURCED(wrong_specs_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
