/* Beast binary, the lingua franca of 1090 MHz feeds, with readsb's extensions.
 *
 *   1a T  6 bytes counter, big-endian  1 byte signal  payload
 *      T  '1' Mode A/C, 2 bytes  '2' short, 7 bytes  '3' long, 14 bytes
 *         '4' status and '5' position of the receiver itself: 14 bytes, passed over
 *   1a e3  8 bytes big-endian: number of the receiver of the frames that follow
 *   1a e4  uuid in ASCII, at most 36 characters: who feeds
 *   1a 'P' 3 bytes: ping              1a 'W' 1 byte: setting, passed over
 *   1a e8  8 bytes little-endian, never doubled: milliseconds since 1970 of the frame that follows
 *
 * Every 1a within counter, signal, payload, e3 and 'P' is sent twice; one that stands alone begins
 * the next frame, whatever was under way. A line `PROXY TCP4 …` (PROXY protocol version 1) may come
 * before everything.
 *
 * The reader works in place on the bytes pushed. Only what a push cuts in two is held, HELD_MAX
 * bytes at most: no unit is longer. */
#include "base/bytes.h"
#include "wire/clock.h"
#include "wire/proxy.h"
#include "wire/tick.h"
#include "wire/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ESCAPE = 0x1a,
    HEAD = 2, /* 1a and the type */
    LEAD = 7, /* counter and signal */
    UUID_MAX = 36,
    UUID_DIGITS = 32,
    MARK_BYTES = 8,
    BODY_MAX = LEAD + FRAME_LONG,
    HELD_MAX = 256
};

/* A mark later than the year 2248 is none. */
#define MARK_MS_MAX (INT64_C(1) << 43)

struct beast {
    struct clock clock;
    struct counters *counters;
    wire_item_fn *out;
    void *ctx;
    int64_t now_us;
    bool at_start; /* nothing was read yet */
    bool has_feeder;
    struct frame frame;
    size_t held_n;
    uint8_t held[HELD_MAX];
};

static struct beast *beast_of(struct wire_reader *r)
{
    return (struct beast *)r;
}

static const char *const keys[] = {"ticks", "marks", NULL};

static struct wire_reader *reader_new(const struct wire_options *o, const struct spec *s, char *why,
                                      size_t why_size)
{
    const char *ticks = spec_get(s, "ticks", "12mhz");
    const bool gps = strcmp(ticks, "gps") == 0;
    if (!gps && strcmp(ticks, "12mhz") != 0) {
        snprintf(why, why_size, "ticks is '%s': write 12mhz, or gps for a Radarcape's GPS time",
                 ticks);
        return NULL;
    }
    struct beast *b = calloc(1, sizeof *b);
    if (!b) {
        snprintf(why, why_size, "out of memory");
        return NULL;
    }
    clock_start(&b->clock, o->clock, gps ? CLOCK_TICK_GPS : CLOCK_TICK_12MHZ, o->base_us);
    b->counters = o->counters;
    b->at_start = true;
    return (struct wire_reader *)b;
}

static void reader_free(struct wire_reader *r)
{
    free(r);
}

static inline uint64_t counter_at(const uint8_t *p)
{
    uint64_t v; /* two bytes more than the counter: the signal and the payload's first */
    memcpy(&v, p, sizeof v);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    v = __builtin_bswap64(v);
#endif
    return v >> 16;
}

/* body: counter, signal and payload of n bytes, 1a no longer doubled; BODY_MAX bytes can be read.
 */
static inline void give_frame(struct beast *b, const uint8_t *body, size_t n)
{
    struct frame *f = &b->frame;
    uint8_t flags = 0;
    f->tick = tick_read(counter_at(body), &flags);
    f->flags = flags | clock_frame(&b->clock, f->tick, b->now_us, &f->t_us);
    f->receiver = 0;
    f->signal = body[6];
    f->n = (uint8_t)n;
    f->corrected = 0;
    memcpy(f->byte, body + LEAD, FRAME_LONG); /* fixed sizes: no calls */
    if (n == FRAME_SHORT) {
        memset(f->byte + FRAME_SHORT, 0, FRAME_LONG - FRAME_SHORT);
    } else if (n == FRAME_MODE_AC) {
        memset(f->byte + FRAME_MODE_AC, 0, FRAME_LONG - FRAME_MODE_AC);
    }
    const struct wire_item item = {.kind = WIRE_FRAME, .frame = f};
    b->out(b->ctx, &item);
}

static void give_id(struct beast *b, enum wire_kind kind, uint64_t id, const char *name)
{
    const struct wire_item item = {.kind = kind, .receiver_name = name, .receiver_id = id};
    b->out(b->ctx, &item);
}

/* The ways a unit can be: bytes used, or none of them yet. */
enum { MORE = 0 };

/* Takes need bytes that follow a head, 1a undoubled, into body. Returns the bytes of p used, head
   included; MORE; or, negated, those before the 1a that cut it short. */
static long undouble(const uint8_t *p, size_t n, size_t need, uint8_t *body)
{
    size_t i = HEAD;
    for (size_t k = 0; k < need; k++, i++) {
        if (i >= n) {
            return MORE;
        }
        if (p[i] == ESCAPE) {
            if (i + 1 >= n) {
                return MORE;
            }
            if (p[i + 1] != ESCAPE) {
                return -(long)i;
            }
            i++;
        }
        body[k] = p[i];
    }
    return (long)i;
}

static bool is_heartbeat(const uint8_t *body)
{
    static const uint8_t zeros[LEAD + FRAME_MODE_AC];
    return memcmp(body, zeros, sizeof zeros) == 0;
}

static void use_body(struct beast *b, uint8_t type, const uint8_t *body)
{
    switch (type) {
    case '1':
        if (!is_heartbeat(body)) {
            give_frame(b, body, FRAME_MODE_AC);
        }
        break;
    case '2':
        give_frame(b, body, FRAME_SHORT);
        break;
    case '3':
        give_frame(b, body, FRAME_LONG);
        break;
    case 0xe3:
        clock_receiver(&b->clock, be64(body));
        give_id(b, WIRE_RECEIVER, be64(body), NULL);
        break;
    case 'P':
        give_id(b, WIRE_PING, be24(body), NULL);
        break;
    default:
        break;
    }
}

static int hex_digit(uint8_t c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* 32 hexadecimal digits with '-' and ' ' anywhere; readsb fills up to 36 characters with 'f'. The
   id is the first 64 bits; only the first uuid of a stream counts. */
static size_t take_uuid(struct beast *b, const uint8_t *p, size_t n)
{
    uint64_t id = 0;
    size_t digits = 0, i = HEAD;
    for (; i < HEAD + UUID_MAX; i++) {
        if (i >= n) {
            return MORE;
        }
        const int digit = hex_digit(p[i]);
        if (digit < 0 && p[i] != '-' && p[i] != ' ') {
            break;
        }
        if (digit >= 0 && digits++ < UUID_DIGITS / 2) {
            id = id << 4 | (uint64_t)digit;
        }
    }
    if (digits < UUID_DIGITS) {
        count(b->counters, COUNT_BEAST_TRUNCATED);
    } else if (!b->has_feeder) {
        b->has_feeder = true;
        give_id(b, WIRE_FEEDER, id, NULL);
    }
    return i;
}

static size_t take_mark(struct beast *b, const uint8_t *p, size_t n)
{
    if (n < HEAD + MARK_BYTES) {
        return MORE;
    }
    const uint64_t ms = le64(p + HEAD);
    if (ms >= (uint64_t)MARK_MS_MAX) {
        count(b->counters, COUNT_BEAST_UNKNOWN);
        return HEAD;
    }
    clock_mark(&b->clock, (int64_t)ms * 1000);
    return HEAD + MARK_BYTES;
}

/* Bytes after the head by type, 1a doubled where it stands in them; 0: not of this kind. */
static size_t body_bytes(uint8_t type)
{
    switch (type) {
    case '1':
        return LEAD + FRAME_MODE_AC;
    case '2':
        return LEAD + FRAME_SHORT;
    case '3':
    case '4':
    case '5':
        return BODY_MAX;
    case 0xe3:
        return 8;
    case 'P':
        return 3;
    case 'W':
        return 1;
    default:
        return 0;
    }
}

/* p[0] is 1a. */
static size_t take_unit(struct beast *b, const uint8_t *p, size_t n)
{
    if (n < HEAD) {
        return MORE;
    }
    const size_t need = body_bytes(p[1]);
    if (need > 0) {
        uint8_t body[BODY_MAX] = {0};
        const long used = undouble(p, n, need, body);
        if (used > 0) {
            use_body(b, p[1], body);
        } else if (used < 0 && p[1] != '4' && p[1] != '5') { /* these are of any length */
            count(b->counters, COUNT_BEAST_TRUNCATED);
        }
        return (size_t)labs(used);
    }
    if (p[1] == 0xe8) {
        return take_mark(b, p, n);
    }
    if (p[1] == 0xe4) {
        return take_uuid(b, p, n);
    }
    if (p[1] == ESCAPE) {
        count_add(b->counters, COUNT_BEAST_GARBAGE, HEAD); /* the middle of a frame */
    } else {
        count(b->counters, COUNT_BEAST_UNKNOWN);
    }
    return HEAD;
}

static size_t take_garbage(struct beast *b, const uint8_t *p, size_t n)
{
    const uint8_t *next = memchr(p, ESCAPE, n);
    const size_t used = next ? (size_t)(next - p) : n;
    count_add(b->counters, COUNT_BEAST_GARBAGE, used);
    return used;
}

static size_t take_start(struct beast *b, const uint8_t *p, size_t n)
{
    struct proxy_line line;
    const long used = proxy_take(p, n, &line);
    if (used > 0 && line.id) {
        clock_receiver(&b->clock, line.id);
        give_id(b, WIRE_RECEIVER, line.id, line.name[0] ? line.name : NULL);
    }
    b->at_start = used == -ERR_SHORT;
    return used > 0 ? (size_t)used : 0;
}

static inline uint64_t word_at(const uint8_t *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

/* Not 0 where one of the eight bytes is 1a. */
static inline uint64_t escapes_in(uint64_t v)
{
    const uint64_t x = v ^ UINT64_C(0x1a1a1a1a1a1a1a1a);
    return (x - UINT64_C(0x0101010101010101)) & ~x & UINT64_C(0x8080808080808080);
}

/* Most frames hold no 1a and lie wholly in the bytes at hand: they are used where they stand.
   Returns the bytes of them, 0 where the next is not such a frame. */
static inline size_t take_plain(struct beast *b, const uint8_t *p, size_t n)
{
    if (n < HEAD + BODY_MAX || p[0] != ESCAPE) {
        return 0;
    }
    if (p[1] == '3') {
        if (escapes_in(word_at(p + 2)) | escapes_in(word_at(p + 10)) |
            escapes_in(word_at(p + 15))) {
            return 0;
        }
        give_frame(b, p + HEAD, FRAME_LONG);
        return HEAD + BODY_MAX;
    }
    if (p[1] == '2') {
        if (escapes_in(word_at(p + 2)) | escapes_in(word_at(p + 8))) {
            return 0;
        }
        give_frame(b, p + HEAD, FRAME_SHORT);
        return HEAD + LEAD + FRAME_SHORT;
    }
    return 0;
}

/* Uses whole units until enough bytes are gone or only the beginning of a unit is left. */
static size_t take(struct beast *b, const uint8_t *p, size_t n, size_t enough)
{
    size_t i = 0;
    if (b->at_start) {
        i = take_start(b, p, n);
        if (b->at_start) {
            return 0;
        }
    }
    while (i < enough) {
        size_t used = take_plain(b, p + i, n - i);
        if (used == 0) {
            used = p[i] == ESCAPE ? take_unit(b, p + i, n - i) : take_garbage(b, p + i, n - i);
        }
        if (used == MORE) {
            break;
        }
        i += used;
    }
    return i;
}

/* Joins what was held with what came, until a unit ends in the latter. Returns the bytes of p
   used: all of them where no unit ended. */
static size_t take_held(struct beast *b, const uint8_t *p, size_t n)
{
    const size_t old = b->held_n;
    if (old == 0) {
        return 0;
    }
    const size_t room = sizeof b->held - old, more = n < room ? n : room;
    memcpy(b->held + old, p, more);
    const size_t used = take(b, b->held, old + more, old);
    if (used >= old) {
        b->held_n = 0;
        return used - old;
    }
    b->held_n = old + more - used;
    memmove(b->held, b->held + used, b->held_n);
    return more;
}

static void reader_push(struct wire_reader *r, const uint8_t *p, size_t n, int64_t now_us,
                        wire_item_fn *out, void *ctx)
{
    struct beast *b = beast_of(r);
    if (n == 0) {
        return;
    }
    b->out = out;
    b->ctx = ctx;
    b->now_us = now_us;
    size_t i = take_held(b, p, n);
    if (b->held_n == 0) {
        i += take(b, p + i, n - i, n - i);
    }
    if (i < n) {
        memcpy(b->held, p + i, n - i);
        b->held_n = n - i;
    }
}

static void reader_end(struct wire_reader *r, int64_t now_us, wire_item_fn *out, void *ctx)
{
    (void)now_us;
    (void)out;
    (void)ctx;
    struct beast *b = beast_of(r);
    if (b->held_n > 0) {
        count(b->counters, COUNT_BEAST_TRUNCATED);
    }
    b->held_n = 0;
}

/* ---- writing ---- */

struct beast_writer {
    bool has_marks;
    bool has_receiver, has_mark;
    uint64_t receiver_id;
    int64_t mark_us;
    struct clock reader; /* what a reader of our bytes takes for the time */
};

/* A mark at least so often, for readers that do not count ticks; and whenever a reader would be
   off by so much. */
#define MARK_EVERY_US INT64_C(10000)
#define MARK_OFF_US   INT64_C(1000)

static struct wire_writer *writer_new(const struct spec *s, char *why, size_t why_size)
{
    const char *marks = spec_get(s, "marks", "0");
    if (strcmp(marks, "0") != 0 && strcmp(marks, "1") != 0) {
        snprintf(why, why_size, "marks is '%s': write 1 for marks of the time, or 0", marks);
        return NULL;
    }
    struct beast_writer *w = calloc(1, sizeof *w);
    if (!w) {
        snprintf(why, why_size, "out of memory");
        return NULL;
    }
    w->has_marks = marks[0] == '1';
    clock_start(&w->reader, WIRE_CLOCK_FEED, CLOCK_TICK_12MHZ, 0);
    return (struct wire_writer *)w;
}

static void writer_free(struct wire_writer *w)
{
    free(w);
}

static void put_doubled(struct buf *out, const uint8_t *p, size_t n)
{
    uint8_t *to = buf_reserve(out, 2 * n);
    if (!to) {
        return;
    }
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        if (p[i] == ESCAPE) {
            to[k++] = ESCAPE;
        }
        to[k++] = p[i];
    }
    out->n += k;
}

static void put_head(struct buf *out, uint8_t type)
{
    const uint8_t head[HEAD] = {ESCAPE, type};
    buf_add(out, head, sizeof head);
}

static void put_receiver(struct buf *out, uint64_t id)
{
    uint8_t body[8];
    for (size_t i = 0; i < sizeof body; i++) {
        body[i] = (uint8_t)(id >> (56 - 8 * i));
    }
    put_head(out, 0xe3);
    put_doubled(out, body, sizeof body);
}

/* Every stream begins anew: what was said to an earlier reader this one has not heard. */
static void writer_head(struct wire_writer *writer, struct buf *out)
{
    struct beast_writer *w = (struct beast_writer *)writer;
    if (w->has_receiver) {
        put_receiver(out, w->receiver_id);
    }
    w->has_mark = false;
}

static void put_mark(struct beast_writer *w, const struct frame *f, uint64_t tick, struct buf *out)
{
    if (f->flags & (FRAME_ELAPSED | FRAME_NO_TIME) || f->t_us < 0) {
        return;
    }
    uint8_t flags = 0;
    int64_t read_us;
    const uint64_t read_tick = tick_read(tick, &flags);
    clock_frame(&w->reader, read_tick, 0, &read_us);
    const int64_t off = f->t_us - read_us, since = f->t_us - w->mark_us;
    if (w->has_mark && off > -MARK_OFF_US && off < MARK_OFF_US && since >= 0 &&
        since < MARK_EVERY_US) {
        return;
    }
    uint8_t ms[MARK_BYTES];
    put_le64(ms, (uint64_t)(f->t_us / 1000));
    put_head(out, 0xe8);
    buf_add(out, ms, sizeof ms);
    w->has_mark = true;
    w->mark_us = f->t_us / 1000 * 1000;
    clock_mark(&w->reader, w->mark_us);
    clock_frame(&w->reader, read_tick, 0, &read_us);
}

static void writer_event(struct wire_writer *writer, const struct wire_event *e, struct buf *out)
{
    struct beast_writer *w = (struct beast_writer *)writer;
    const struct frame *f = e->frame;
    if (!f || (e->message && !e->attributed) || f->flags & FRAME_NO_FORWARD) {
        return;
    }
    const uint64_t id = e->receiver ? e->receiver->id : 0;
    if (id != w->receiver_id && (id || w->has_receiver)) {
        put_receiver(out, id);
        clock_receiver(&w->reader, id);
        w->receiver_id = id;
        w->has_receiver = true;
    }
    const uint64_t tick = tick_write(f);
    if (w->has_marks) {
        put_mark(w, f, tick, out);
    }
    uint8_t body[BODY_MAX];
    put_be48(body, tick);
    body[6] = f->signal;
    memcpy(body + LEAD, f->byte, f->n);
    put_head(out, f->n == FRAME_LONG ? '3' : f->n == FRAME_SHORT ? '2' : '1');
    put_doubled(out, body, LEAD + (size_t)f->n);
}

static const char heartbeat[HEAD + LEAD + FRAME_MODE_AC] = {ESCAPE, '1'};

const struct wire_format wire_beast = {
    .name = "beast",
    .help = "Beast binary (port 30005) with receiver ids; ticks=gps reads a Radarcape's GPS time, "
            "marks=1 writes the time of reception",
    .keys = keys,
    .is_binary = true,
    .reader_new = reader_new,
    .reader_push = reader_push,
    .reader_end = reader_end,
    .reader_free = reader_free,
    .writer_new = writer_new,
    .writer_head = writer_head,
    .writer_event = writer_event,
    .writer_free = writer_free,
    .heartbeat = heartbeat,
    .heartbeat_n = sizeof heartbeat,
    .takes_frames = true,
};
