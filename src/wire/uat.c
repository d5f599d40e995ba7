/* dump978 text: frames of 978 MHz as hexadecimal text, a line each (port 30978).
 *
 *   -0b2b48fe3aef1f88621a0856110a31c01105c4e6c4e6c40a9a820300000000000000;rs=2;rssi=-12.5;t=1448230000.123;
 *   +3c2ac28…;rs=1;         ground uplink, 432 bytes
 *   !program=dump978-fa;…   what the sender says of itself; not used
 *   2494583280,-0b2a…;      Stratux's log: nanoseconds since its line START,Mon Sep 7 14:17:41 …
 *
 * rs: bytes repaired; rssi: dBFS; t: seconds since 1970. Other members (ss, rt, …) are not used. */
#include "model/uat_frame.h"

#include "base/instant.h"
#include "wire/line_reader.h"
#include "wire/text.h"
#include "wire/wire.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_BYTES = 4096, PARTS_MAX = 16 };

struct uat {
    struct line_reader in;
    enum wire_clock clock;
    int64_t base_us;  /* elapsed times count from here */
    int64_t start_us; /* what a line START said; INSTANT_NONE before one */
    struct uat_frame frame;
};

static const char *const keys[] = {NULL};

static line_fn use_line;

static struct wire_reader *reader_new(const struct wire_options *o, const struct spec *s, char *why,
                                      size_t why_size)
{
    (void)s;
    struct uat *u = line_reader_new(sizeof *u, LINE_MAX_BYTES, use_line, o, why, why_size);
    if (!u) {
        return NULL;
    }
    u->clock = o->clock;
    u->base_us = o->base_us;
    u->start_us = INSTANT_NONE;
    return (struct wire_reader *)u;
}

/* "14:17:41" into p; false where it is not that. */
static bool read_time(struct text t, struct instant_parts *p)
{
    struct text part[4];
    int32_t v[3];
    if (text_split(t, ':', part, 4) != 3) {
        return false;
    }
    for (unsigned i = 0; i < 3; i++) {
        if (!text_number(part[i], 0, 0, 60, &v[i])) {
            return false;
        }
    }
    p->hour = v[0], p->minute = v[1], p->second = v[2];
    return true;
}

/* The month's number by its three letters, 0: none. */
static int month_of(struct text t)
{
    static const char *const name[12] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    for (int i = 0; i < 12; i++) {
        if (text_is(t, name[i])) {
            return i + 1;
        }
    }
    return 0;
}

/* "Mon Sep 7 14:17:41 +0000 UTC 2015" → its instant; false where it is not that. */
static bool read_start(struct text t, int64_t *us)
{
    enum { WEEKDAY, MONTH, DAY, TIME, ZONE, ZONE_NAME, YEAR, PARTS };
    struct text part[PARTS + 1];
    struct instant_parts p = {0};
    int32_t day, year, zone;
    if (text_split(t, ' ', part, PARTS + 1) != PARTS || !read_time(part[TIME], &p) ||
        !text_number(part[DAY], 0, 1, 31, &day) || !text_number(part[YEAR], 0, 1970, 9999, &year) ||
        !text_number(part[ZONE], 0, -1400, 1400, &zone)) {
        return false;
    }
    p.month = month_of(part[MONTH]);
    p.day = day;
    p.year = year;
    *us = instant_join(&p) - (zone / 100 * 60 + zone % 100) * INT64_C(60000000);
    return p.month > 0;
}

/* Takes a leading "digits," off t: nanoseconds since the start, -1 where there is none. */
static int64_t take_elapsed(struct text *t)
{
    const char *comma =
        t->n > 0 && t->p[0] >= '0' && t->p[0] <= '9' ? memchr(t->p, ',', t->n) : NULL;
    int64_t ns;
    if (!comma || !text_decimal((struct text){t->p, (size_t)(comma - t->p)}, 0, &ns) || ns < 0) {
        return -1;
    }
    t->n -= (size_t)(comma + 1 - t->p);
    t->p = comma + 1;
    return ns;
}

struct said {
    int64_t t_us, elapsed_ns; /* INSTANT_NONE, -1: not said */
};

static void set_time(const struct uat *u, struct uat_frame *f, const struct said *s)
{
    f->flags = 0;
    if (u->clock == WIRE_CLOCK_RECEIVE) {
        f->t_us = u->in.now_us;
    } else if (s->t_us != INSTANT_NONE) {
        f->t_us = s->t_us;
    } else if (s->elapsed_ns >= 0 && u->start_us != INSTANT_NONE) {
        f->t_us = u->start_us + s->elapsed_ns / 1000;
    } else if (s->elapsed_ns >= 0) {
        f->t_us = u->base_us + s->elapsed_ns / 1000;
        f->flags = u->base_us ? 0 : FRAME_ELAPSED;
    } else {
        f->t_us = 0;
        f->flags = FRAME_NO_TIME;
    }
}

/* One `key=value` after the frame; what is not understood is not there. */
static void use_member(struct uat_frame *f, struct said *s, struct text t)
{
    const char *equals = memchr(t.p, '=', t.n);
    if (!equals) {
        return;
    }
    const struct text key = {t.p, (size_t)(equals - t.p)};
    const struct text value = {equals + 1, t.n - key.n - 1};
    int32_t v;
    int64_t us;
    if (text_is(key, "rs") && text_number(value, 0, 0, 255, &v)) {
        f->corrected = (uint8_t)v;
    } else if (text_is(key, "rssi") && text_number(value, 1, -2000, 1000, &v)) {
        f->rssi_ddb = (int16_t)v;
        const double level = 255 * pow(10, v / 200.0);
        f->signal = (uint8_t)(level < 1 ? 1 : level > 255 ? 255 : lround(level));
    } else if (text_is(key, "t") && text_decimal(value, 6, &us) && us > 0 &&
               us < INT64_C(1) << 55) {
        s->t_us = us;
    }
}

/* + is an uplink's mark, - the others'. */
static bool length_fits(char mark, size_t n)
{
    return mark == '+' ? n == UAT_UPLINK : mark == '-' && (n == UAT_SHORT || n == UAT_LONG);
}

static bool use_frame(struct uat *u, struct text t, int64_t elapsed_ns)
{
    struct uat_frame *f = &u->frame;
    struct text part[PARTS_MAX];
    const size_t n = text_split(t, ';', part, PARTS_MAX);
    const size_t bytes =
        n > 0 && part[0].n > 1
            ? text_bytes((struct text){part[0].p + 1, part[0].n - 1}, f->byte, sizeof f->byte)
            : 0;
    if (bytes == 0 || !length_fits(t.p[0], bytes)) {
        return false;
    }
    f->receiver = 0;
    f->signal = f->corrected = 0;
    f->rssi_ddb = UAT_NO_RSSI;
    f->n = (uint16_t)bytes;
    struct said s = {.t_us = INSTANT_NONE, .elapsed_ns = elapsed_ns};
    for (size_t i = 1; i < n; i++) {
        use_member(f, &s, part[i]);
    }
    set_time(u, f, &s);
    const struct wire_item item = {.kind = WIRE_UAT, .uat = f};
    u->in.out(u->in.ctx, &item);
    return true;
}

static void use_line(void *ctx, const char *p, size_t n)
{
    static const char start[] = "START,";
    struct uat *u = ctx;
    struct text t = text_trim((struct text){p, n});
    if (t.n == 0 || t.p[0] == '!') {
        return;
    }
    if (t.n > sizeof start && memcmp(t.p, start, sizeof start - 1) == 0) {
        const struct text when = {t.p + sizeof start - 1, t.n - (sizeof start - 1)};
        if (!read_start(when, &u->start_us)) {
            count(u->in.lines.counters, COUNT_UAT_BAD_LINE);
        }
        return;
    }
    const int64_t elapsed_ns = take_elapsed(&t);
    if (!use_frame(u, t, elapsed_ns)) {
        count(u->in.lines.counters, COUNT_UAT_BAD_LINE);
    }
}

/* ---- writing ---- */

static void writer_event(struct wire_writer *w, const struct wire_event *e, struct buf *out)
{
    (void)w;
    const struct uat_frame *f = e->uat;
    if (!f || f->flags & FRAME_NO_FORWARD) {
        return;
    }
    buf_byte(out, f->n == UAT_UPLINK ? '+' : '-');
    buf_hex(out, f->byte, f->n);
    buf_byte(out, ';');
    if (f->corrected > 0) {
        buf_format(out, "rs=%u;", f->corrected);
    }
    if (f->rssi_ddb != UAT_NO_RSSI) {
        buf_format(out, "rssi=%.1f;", f->rssi_ddb / 10.0);
    }
    if (!(f->flags & (FRAME_ELAPSED | FRAME_NO_TIME))) {
        const struct instant_parts at = instant_split(f->t_us);
        buf_format(out, "t=%lld.%03d;", (long long)((f->t_us - at.us) / 1000000), at.us / 1000);
    }
    buf_byte(out, '\n');
}

static const char heartbeat[] = "\n";

const struct wire_format wire_uat = {
    .name = "uat",
    .help = "978 MHz frames as dump978's text (port 30978)",
    .keys = keys,
    .takes_frames = true,
    .reader_new = reader_new,
    .reader_push = line_reader_push,
    .reader_end = line_reader_end,
    .reader_free = line_reader_free,
    .writer_new = line_writer_new,
    .writer_event = writer_event,
    .writer_free = line_writer_free,
    .heartbeat = heartbeat,
    .heartbeat_n = sizeof heartbeat - 1,
};
