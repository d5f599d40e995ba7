/* Inputs: a wire format over a transport, the table of receivers, what is told of wrong SPECs. */
#include "source_probe.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

static char path[] = "/tmp/masar_source_XXXXXX";

/* Beast: 1a 33, 6 bytes of counter, signal, 14 bytes (INTERFACES of Beast, type 3). */
static void add_frame(struct buf *b, uint32_t address)
{
    const uint8_t frame[] = {0x1a,
                             '3',
                             0x00,
                             0x00,
                             0x00,
                             0x00,
                             0x00,
                             0x10,
                             0x40,
                             0x8d,
                             (uint8_t)(address >> 16),
                             (uint8_t)(address >> 8),
                             (uint8_t)address,
                             0x20,
                             0x2c,
                             0xc3,
                             0x71,
                             0xc3,
                             0x2c,
                             0xe0,
                             0x57,
                             0x60,
                             0x98};
    buf_add(b, frame, sizeof frame);
}

static void add_receiver(struct buf *b, uint64_t id)
{
    const uint8_t head[] = {0x1a, 0xe3};
    buf_add(b, head, 2);
    for (int shift = 56; shift >= 0; shift -= 8) {
        const uint8_t byte = (uint8_t)(id >> shift);
        buf_byte(b, byte);
        if (byte == 0x1a) {
            buf_byte(b, byte);
        }
    }
}

static void put(const struct buf *b)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(b->p, 1, b->n, f), b->n);
    fclose(f);
}

static void read_all(struct source_probe *p, const char *keys)
{
    char text[300];
    snprintf(text, sizeof text, "beast:file=%s%s", path, keys);
    assert_int_equal(probe_source(p, text), ERR_OK);
    assert_true(run_until(&p->base.loop, probe_is_done, &p->base, 5000));
}

static bool has_frames(void *ctx)
{
    const struct source_probe *p = ctx;
    return p->n_frames >= (size_t)p->base.opened; /* the number wanted */
}

static bool wait_frames(struct source_probe *p, unsigned n)
{
    p->base.opened = n;
    return run_until(&p->base.loop, has_frames, p, 3000);
}

static void file_gives_its_frames(void **state)
{
    struct source_probe *p = *state;
    struct buf b = {0};
    for (unsigned i = 0; i < 100; i++) {
        add_frame(&b, 0x400020 + i); /* none with 0x1a, which would be doubled */
    }
    put(&b);
    read_all(p, ",name=roof,at=13.48/2.18/230");
    assert_int_equal(p->base.e, ERR_OK);
    assert_int_equal(p->n_frames, 100);
    assert_true(source_has_own_clock(p->source));
    assert_string_equal(source_name(p->source), "roof");
    for (unsigned i = 0; i < 100; i++) {
        assert_int_equal(p->frame[i].receiver, 1);
        assert_int_equal(p->frame[i].byte[3], 0x20 + i);
    }
    const struct receiver *row = &p->receivers->row[1];
    assert_string_equal(row->name, "roof");
    assert_true(row->has_place);
    assert_int_equal(row->lat_e7, 134800000);
    assert_int_equal(row->lon_e7, 21800000);
    assert_int_equal(row->alt_m, 230);
    assert_int_equal(row->frames, 100);
    buf_free(&b);
}

static void receivers_named_by_the_feed_get_rows(void **state)
{
    struct source_probe *p = *state;
    struct buf b = {0};
    add_frame(&b, 1);
    add_receiver(&b, UINT64_C(0x1a2b3c4d5e6f7081));
    add_frame(&b, 2);
    add_receiver(&b, RECEIVER_ID_SIMULATED | 7);
    add_frame(&b, 3);
    add_receiver(&b, UINT64_C(0x1a2b3c4d5e6f7081));
    add_frame(&b, 4);
    put(&b);
    read_all(p, ",at=-1.5\\,-2.25");
    assert_int_equal(p->n_frames, 4);
    assert_int_equal(p->frame[0].receiver, 1);
    assert_int_equal(p->frame[1].receiver, 2);
    assert_int_equal(p->frame[2].receiver, 3);
    assert_int_equal(p->frame[3].receiver, 2);
    assert_int_equal(p->receivers->n, 4);
    assert_string_equal(p->receivers->row[2].name, "1a2b3c4d5e6f7081");
    assert_false(p->receivers->row[2].simulated);
    assert_true(p->receivers->row[3].simulated);
    assert_int_equal(p->receivers->row[2].frames, 2);
    /* One feed from one place: at= holds for what it names. */
    assert_true(p->receivers->row[2].has_place);
    assert_int_equal(p->receivers->row[2].lat_e7, -15000000);
    assert_int_equal(p->receivers->row[2].lon_e7, -22500000);
    buf_free(&b);
}

static void file_that_ends_mid_frame(void **state)
{
    struct source_probe *p = *state;
    struct buf b = {0};
    add_frame(&b, 1);
    add_frame(&b, 2);
    b.n -= 5;
    put(&b);
    read_all(p, "");
    assert_int_equal(p->base.e, ERR_OK);
    assert_int_equal(p->n_frames, 1);
    assert_int_equal(p->base.counters.n[COUNT_BEAST_TRUNCATED], 1);
    buf_free(&b);
}

static int dial(struct source_probe *p)
{
    unsigned port = 0;
    assert_int_equal(sscanf(source_state(p->source), "listening on 127.0.0.1:%u", &port), 1);
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

static void send_raw(struct source_probe *p, int fd, const void *bytes, size_t n)
{
    assert_int_equal(write(fd, bytes, n), n);
    run_until(&p->base.loop, never, NULL, 5);
}

/* Two feeders at once, each cut at every place: what one sends never mixes with the other's. */
static void each_connection_reads_for_itself(void **state)
{
    struct source_probe *p = *state;
    assert_int_equal(probe_source(p, "beast:listen=:0,at=1/2"), ERR_OK);
    assert_false(source_has_own_clock(p->source));
    const int one = dial(p), two = dial(p);
    struct buf a = {0}, b = {0};
    add_receiver(&a, 0xaa);
    add_frame(&a, 0xaaaaaa);
    add_frame(&b, 0xbbbbbb);
    for (size_t i = 0; i < a.n || i < b.n; i++) {
        if (i < a.n) {
            send_raw(p, one, a.p + i, 1);
        }
        if (i < b.n) {
            send_raw(p, two, b.p + i, 1);
        }
    }
    assert_true(wait_frames(p, 2));
    for (unsigned i = 0; i < 2; i++) {
        const struct frame *f = &p->frame[i];
        assert_int_equal(f->byte[1], f->byte[2]);
        assert_int_equal(f->receiver, f->byte[1] == 0xaa ? 2 : 1);
        assert_int_equal(f->t_us, probe_clock_us());
    }
    assert_true(p->receivers->row[1].has_place);
    assert_false(p->receivers->row[2].has_place); /* others' receivers are elsewhere */
    close(one);
    close(two);
    buf_free(&a);
    buf_free(&b);
}

static void feeder_says_who_it_is(void **state)
{
    struct source_probe *p = *state;
    assert_int_equal(probe_source(p, "beast:listen=:0"), ERR_OK);
    const int fd = dial(p);
    static const char uuid[] = "\x1a\xe4"
                               "01234567-89ab-cdef-0123-456789abcdef";
    struct buf b = {0};
    add_frame(&b, 5);
    send_raw(p, fd, uuid, sizeof uuid - 1);
    send_raw(p, fd, b.p, b.n);
    assert_true(wait_frames(p, 1));
    assert_int_equal(p->frame[0].receiver, 2);
    assert_true(p->receivers->row[2].id != 0);
    close(fd);
    buf_free(&b);
}

static void ping_is_answered(void **state)
{
    struct source_probe *p = *state;
    assert_int_equal(probe_source(p, "beast:listen=:0"), ERR_OK);
    const int fd = dial(p);
    static const uint8_t ping[] = {0x1a, 'P', 0x12, 0x1a, 0x1a, 0x34};
    send_raw(p, fd, ping, sizeof ping);
    uint8_t answer[16];
    run_until(&p->base.loop, never, NULL, 50);
    assert_int_equal(recv(fd, answer, sizeof answer, MSG_DONTWAIT), sizeof ping);
    assert_memory_equal(answer, ping, sizeof ping);
    close(fd);
}

static void may_be_closed_by_its_own_item(void **state)
{
    struct source_probe *p = *state;
    struct buf b = {0};
    for (unsigned i = 0; i < 50; i++) {
        add_frame(&b, 0x20 + i);
    }
    put(&b);
    p->close_at_first = true;
    char text[300];
    snprintf(text, sizeof text, "beast:file=%s", path);
    assert_int_equal(probe_source(p, text), ERR_OK);
    assert_true(wait_frames(p, 1));
    run_until(&p->base.loop, never, NULL, 50);
    assert_int_equal(p->n_frames, 1);
    assert_int_equal(p->base.done, 0);
    buf_free(&b);
}

static void wrong_specs_are_told(void **state)
{
    struct source_probe *p = *state;
    static const struct {
        const char *text, *why;
        enum err e;
    } row[] = {
        {"beest:file=x", "'beest' is no input; there are beast avr sbs", ERR_UNKNOWN},
        {"beast:flie=x",
         "'beast' does not know the key 'flie'; it knows name at clock start speed file "
         "connect listen",
         ERR_UNKNOWN},
        {"beast:file=x,at=100/2", "at=100/2 is not a place", ERR_RANGE},
        {"beast:file=x,at=nan/2", "at=nan/2 is not a place", ERR_RANGE},
        {"beast:file=x,at=1", "at=1 is not a place", ERR_RANGE},
        {"beast:file=x,at=1/", "at=1/ is not a place", ERR_RANGE},
        {"beast:file=x,at=1/2/3/4", "at=1/2/3/4 is not a place", ERR_RANGE},
        {"beast:file=x,clock=now", "clock=now: it is feed (the times it bears) or receive",
         ERR_UNKNOWN},
        {"beast:file=x,start=noon", "start=noon is no time", ERR_SYNTAX},
        {"beast", "'beast' needs one of file=PATH", ERR_SYNTAX},
        {"", "has no name", ERR_SYNTAX},
        {"adsblol:", "'adsblol' needs one of point=LAT/LON/NM", ERR_SYNTAX},
        {"adsblol:point=13.5/2.2/300", "point=13.5/2.2/300: write LATITUDE", ERR_RANGE},
        {"adsblol:mil=1,url=ftp://x", "url=ftp://x is not an address", ERR_SYNTAX},
        {"adsblol:mil=1,every=0.1", "every=0.1 is not a number of seconds from 1 to 86400",
         ERR_RANGE},
        {"adsblol:mil=1,key-file=/nowhere/key", "cannot read key-file=/nowhere/key", ERR_SYSTEM},
        {"adsblol:mil=1,listen=:1", "'adsblol' does not know the key 'listen'", ERR_UNKNOWN},
        {"opensky:box=16/0/10/6", "box=16/0/10/6: write SOUTH/WEST/NORTH/EAST", ERR_RANGE},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        const enum err e = probe_source(p, row[i].text);
        if (e != row[i].e || !strstr(p->base.why, row[i].why)) {
            fail_msg("%s: %s: %s", row[i].text, err_text(e), p->base.why);
        }
    }
}

static void table_of_receivers(void **state)
{
    struct source_probe *p = *state;
    struct receivers *r = p->receivers;
    assert_int_equal(receivers_number(r, 1, "roof", 0), 1);
    assert_int_equal(receivers_number(r, 1, "roof", 0), 1);
    assert_int_equal(receivers_number(r, 2, "roof", 0), 2);
    assert_int_equal(receivers_number(r, 1, "barn", 0), 3);
    assert_int_equal(receivers_number(r, 1, NULL, 77), 4);
    assert_int_equal(receivers_number(r, 1, NULL, 77), 4);
    assert_int_equal(receivers_number(r, 2, NULL, 77), 5);
    assert_string_equal(r->row[4].name, "000000000000004d");
    for (uint64_t id = 1000; r->n < RECEIVERS_MAX; id++) {
        const uint16_t n = receivers_number(r, 2, NULL, id * UINT64_C(0x100000001b3));
        assert_int_equal(receivers_number(r, 2, NULL, id * UINT64_C(0x100000001b3)), n);
        assert_int_equal(n, r->n - 1);
    }
    /* Full: whoever else comes is the source's own. */
    assert_int_equal(receivers_number(r, 2, NULL, 5), 2);
    assert_int_equal(receivers_number(r, 1, "new", 0), 1);
    assert_int_equal(receivers_number(r, 9, "new", 0), 0);
    assert_int_equal(receivers_number(r, 1, NULL, 77), 4);
}

static int make_file(void **state)
{
    (void)state;
    const int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SOURCED(file_gives_its_frames),
        SOURCED(receivers_named_by_the_feed_get_rows),
        SOURCED(file_that_ends_mid_frame),
        SOURCED(each_connection_reads_for_itself),
        SOURCED(feeder_says_who_it_is),
        SOURCED(ping_is_answered),
        SOURCED(may_be_closed_by_its_own_item),
        SOURCED(wrong_specs_are_told),
        SOURCED(table_of_receivers),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
