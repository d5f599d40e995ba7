/* AVR: frames as hexadecimal text, a line each.
 *
 *   *8D4840D6202CC371C32CE0576098;                no time; ':' instead of '*' likewise
 *   @016CE3671A7A8D4840D6202CC371C32CE0576098;    12 digits of the 12 MHz counter first; or '%'
 *   <016CE3671A7AC48D4840D6202CC371C32CE0576098;  counter, then 2 digits of signal
 *
 * 4 digits are Mode A/C, 14 a short and 28 a long frame; *0000; is a heartbeat. Several may stand
 * on a line. */
#include "base/bytes.h"
#include "wire/clock.h"
#include "wire/line_reader.h"
#include "wire/text.h"
#include "wire/tick.h"
#include "wire/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_BYTES = 4096, TICK_BYTES = 6, BYTES_MAX = TICK_BYTES + 1 + FRAME_LONG };

struct avr {
    struct line_reader in;
    struct clock clock;
};

static const char *const keys[] = {"mlat", NULL};

static line_fn use_line;

static struct wire_reader *reader_new(const struct wire_options *o, const struct spec *s, char *why,
                                      size_t why_size)
{
    (void)s;
    struct avr *a = line_reader_new(sizeof *a, LINE_MAX_BYTES, use_line, o, why, why_size);
    if (!a) {
        return NULL;
    }
    clock_start(&a->clock, o->clock, CLOCK_TICK_12MHZ, o->base_us);
    return (struct wire_reader *)a;
}

/* Bytes before the frame's, by the character a line begins with; -1: none of ours. */
static int lead_bytes(char mark)
{
    switch (mark) {
    case '*':
    case ':':
        return 0;
    case '@':
    case '%':
        return TICK_BYTES;
    case '<':
        return TICK_BYTES + 1;
    default:
        return -1;
    }
}

/* t: a frame without its ';'. False where it is none. */
static bool use_frame(struct avr *a, struct text t)
{
    uint8_t byte[BYTES_MAX];
    const int lead = t.n > 0 ? lead_bytes(t.p[0]) : -1;
    if (lead < 0) {
        return false;
    }
    const size_t n = text_bytes((struct text){t.p + 1, t.n - 1}, byte, sizeof byte);
    if (n != (size_t)lead + FRAME_LONG && n != (size_t)lead + FRAME_SHORT &&
        n != (size_t)lead + FRAME_MODE_AC) {
        return false;
    }
    struct frame f = {.tick = FRAME_NO_TICK, .n = (uint8_t)(n - (size_t)lead)};
    memcpy(f.byte, byte + lead, f.n);
    if (f.n == FRAME_MODE_AC && f.byte[0] == 0 && f.byte[1] == 0) {
        return true;
    }
    uint8_t flags = 0;
    if (lead > 0) {
        f.tick = tick_read(be48(byte), &flags);
        f.signal = lead > TICK_BYTES ? byte[TICK_BYTES] : 0;
    }
    f.flags = flags | clock_frame(&a->clock, f.tick, a->in.now_us, &f.t_us);
    const struct wire_item item = {.kind = WIRE_FRAME, .frame = &f};
    a->in.out(a->in.ctx, &item);
    return true;
}

static void use_line(void *ctx, const char *p, size_t n)
{
    struct avr *a = ctx;
    struct text rest = text_trim((struct text){p, n});
    while (rest.n > 0) {
        const char *end = memchr(rest.p, ';', rest.n);
        const size_t length = end ? (size_t)(end - rest.p) : rest.n;
        if (!end || !use_frame(a, (struct text){rest.p, length})) {
            count(a->in.lines.counters, COUNT_AVR_BAD_LINE);
        }
        const size_t used = length + (end ? 1 : 0);
        rest = text_trim((struct text){rest.p + used, rest.n - used});
    }
}

/* ---- writing ---- */

struct avr_writer {
    bool has_ticks;
};

static struct wire_writer *writer_new(const struct spec *s, char *why, size_t why_size)
{
    const char *mlat = spec_get(s, "mlat", "0");
    if (strcmp(mlat, "0") != 0 && strcmp(mlat, "1") != 0) {
        snprintf(why, why_size, "mlat is '%s': write 1 for @ lines with the counter, or 0", mlat);
        return NULL;
    }
    struct avr_writer *w = calloc(1, sizeof *w);
    if (!w) {
        snprintf(why, why_size, "out of memory");
        return NULL;
    }
    w->has_ticks = mlat[0] == '1';
    return (struct wire_writer *)w;
}

static void writer_free(struct wire_writer *w)
{
    free(w);
}

static char *put_hex(char *to, const uint8_t *p, size_t n)
{
    static const char digit[] = "0123456789ABCDEF";
    for (size_t i = 0; i < n; i++) {
        *to++ = digit[p[i] >> 4];
        *to++ = digit[p[i] & 15];
    }
    return to;
}

static void writer_event(struct wire_writer *writer, const struct wire_event *e, struct buf *out)
{
    const struct avr_writer *w = (const struct avr_writer *)writer;
    const struct frame *f = e->frame;
    if (!f || (e->message && !e->attributed) || f->flags & FRAME_NO_FORWARD) {
        return;
    }
    char *const line = (char *)buf_reserve(out, 2 * BYTES_MAX + 3);
    if (!line) {
        return;
    }
    char *to = line;
    *to++ = w->has_ticks ? '@' : '*';
    if (w->has_ticks) {
        uint8_t tick[TICK_BYTES];
        put_be48(tick, tick_write(f));
        to = put_hex(to, tick, sizeof tick);
    }
    to = put_hex(to, f->byte, f->n);
    *to++ = ';';
    *to++ = '\n';
    out->n += (size_t)(to - line);
}

static const char heartbeat[] = "*0000;\n";

const struct wire_format wire_avr = {
    .name = "avr",
    .help =
        "frames as hexadecimal text (port 30002); mlat=1 writes @ lines with the 12 MHz counter",
    .keys = keys,
    .reader_new = reader_new,
    .reader_push = line_reader_push,
    .reader_end = line_reader_end,
    .reader_free = line_reader_free,
    .writer_new = writer_new,
    .writer_event = writer_event,
    .writer_free = writer_free,
    .heartbeat = heartbeat,
    .heartbeat_n = sizeof heartbeat - 1,
    .takes_frames = true,
};
