/* JSON lines: an aircraft object of aircraft.json on each line, as readsb's JSON port sends them,
   with "now" where the line says its time. */
#include "wire/aircraft_json.h"
#include "wire/aircraft_read.h"
#include "wire/line_reader.h"
#include "wire/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_BYTES = 16384 };

struct jsonl {
    struct line_reader in;
    enum wire_clock clock;
    struct aircraft_read read;
    struct message message;
    char heard_by[RECEIVER_NAME_MAX]; /* whose lines these are; "" not said */
};

static const char *const keys[] = {"every", NULL};

static line_fn use_line;

static struct wire_reader *reader_new(const struct wire_options *o, const struct spec *s, char *why,
                                      size_t why_size)
{
    (void)s;
    struct jsonl *j = line_reader_new(sizeof *j, LINE_MAX_BYTES, use_line, o, why, why_size);
    if (!j) {
        return NULL;
    }
    j->clock = o->clock;
    return (struct wire_reader *)j;
}

static void set_time(struct jsonl *j, struct message *m)
{
    if (j->clock == WIRE_CLOCK_RECEIVE) {
        j->read.now_us = INSTANT_NONE;
    } else if (j->read.now_us == INSTANT_NONE) {
        m->flags |= FRAME_NO_TIME;
        m->t_us = 0;
        return;
    }
    m->t_us = aircraft_read_time(&j->read, m, j->in.now_us);
}

/* Says who heard this line where the one before was another's. A name that is written with escapes
   or too long for one is not taken. */
static void use_receiver(struct jsonl *j)
{
    char name[RECEIVER_NAME_MAX] = "";
    const struct text t = j->read.receiver;
    if (t.n < sizeof name && (t.n == 0 || !memchr(t.p, '\\', t.n))) {
        snprintf(name, sizeof name, "%.*s", (int)t.n, t.n ? t.p : "");
    }
    if (strcmp(name, j->heard_by) != 0) {
        memcpy(j->heard_by, name, sizeof name);
        const struct wire_item item = {.kind = WIRE_RECEIVER,
                                       .receiver_name = name[0] ? name : NULL};
        j->in.out(j->in.ctx, &item);
    }
}

static void use_line(void *ctx, const char *p, size_t n)
{
    struct jsonl *j = ctx;
    struct message *m = &j->message;
    struct json_value v;
    if (!json_read((struct text){p, n}, &v) || !aircraft_read(&v, m, &j->read)) {
        count(j->in.lines.counters, COUNT_JSON_BAD_LINE);
        return;
    }
    if (m->origin == ORIGIN_UNKNOWN) {
        m->origin = ORIGIN_OTHER;
    }
    set_time(j, m);
    use_receiver(j);
    line_reader_give(&j->in, m);
}

/* ---- writing ---- */

struct jsonl_writer {
    bool every_message;
};

static struct wire_writer *writer_new(const struct spec *s, char *why, size_t why_size)
{
    const char *every = spec_get(s, "every", "position");
    if (strcmp(every, "position") != 0 && strcmp(every, "message") != 0) {
        snprintf(why, why_size, "every is '%s': write position or message", every);
        return NULL;
    }
    struct jsonl_writer *w = calloc(1, sizeof *w);
    if (!w) {
        snprintf(why, why_size, "out of memory");
        return NULL;
    }
    w->every_message = strcmp(every, "message") == 0;
    return (struct wire_writer *)w;
}

static void writer_free(struct wire_writer *w)
{
    free(w);
}

static void writer_event(struct wire_writer *writer, const struct wire_event *e, struct buf *out)
{
    const struct jsonl_writer *w = (const struct jsonl_writer *)writer;
    const bool has_position = e->fix && e->fix->verdict == VERDICT_ACCEPTED;
    if (!e->track || !e->message || !(has_position || w->every_message)) {
        return;
    }
    const bool has_time = !(e->message->flags & (FRAME_ELAPSED | FRAME_NO_TIME));
    const int64_t now_us = e->message->flags & FRAME_NO_TIME ? e->now_us : e->message->t_us;
    aircraft_json_write(out, e->track, NULL, NULL, now_us, has_time ? AIRCRAFT_JSON_NOW : 0);
    buf_byte(out, '\n');
}

static const char heartbeat[] = "\n";

const struct wire_format wire_jsonl = {
    .name = "jsonl",
    .help = "an aircraft.json object on each line; every=message writes one for every message, not "
            "only for positions",
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
};
