/* What a wire reader gives, written down as text, so that two runs can be compared and read. */
#ifndef MASAR_TESTS_WIRE_PROBE_H
#define MASAR_TESTS_WIRE_PROBE_H

#include "wire/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct probe {
    struct buf log;
    struct counters counters;
    size_t frames, uat_frames, messages, others;
    struct frame frame;     /* the last one */
    struct uat_frame uat;   /* the last one */
    struct message message; /* the last one */
    uint64_t receiver_id;
    char receiver_name[RECEIVER_NAME_MAX];
    const struct wire_format *format;
    struct wire_reader *reader;
};

static inline void probe_frame(struct probe *p, const struct frame *f)
{
    p->frames++;
    p->frame = *f;
    buf_format(&p->log, "F %lld %llu %u %u ", (long long)f->t_us, (unsigned long long)f->tick,
               f->signal, f->flags);
    buf_hex(&p->log, f->byte, f->n);
    buf_byte(&p->log, '\n');
}

static inline void probe_uat(struct probe *p, const struct uat_frame *f)
{
    p->uat_frames++;
    p->uat = *f;
    buf_format(&p->log, "U %lld %d %u %u ", (long long)f->t_us, f->rssi_ddb, f->corrected,
               f->flags);
    buf_hex(&p->log, f->byte, f->n);
    buf_byte(&p->log, '\n');
}

static inline void probe_message(struct probe *p, const struct message *m)
{
    p->messages++;
    p->message = *m;
    buf_format(&p->log, "M %lld %u %06x %s", (long long)m->t_us, m->flags, m->address,
               origin_row[m->origin].type);
    if (m->has_place) {
        buf_format(&p->log, " at %d %d", m->lat_e7, m->lon_e7);
    }
    for (unsigned i = 0; i < m->n; i++) {
        const unsigned f = m->item[i].field;
        if (field_row[f].kind == FIELD_KIND_TEXT) {
            buf_format(&p->log, " %s=%.8s", field_row[f].key, m->flight);
        } else {
            buf_format(&p->log, " %s=%d", field_row[f].key, m->item[i].value);
        }
    }
    buf_byte(&p->log, '\n');
}

static inline void probe_item(void *ctx, const struct wire_item *item)
{
    struct probe *p = ctx;
    switch (item->kind) {
    case WIRE_FRAME:
        probe_frame(p, item->frame);
        return;
    case WIRE_UAT:
        probe_uat(p, item->uat);
        return;
    case WIRE_MESSAGE:
        probe_message(p, item->message);
        return;
    case WIRE_RECEIVER:
    case WIRE_FEEDER:
    case WIRE_PING:
        p->others++;
        p->receiver_id = item->receiver_id;
        snprintf(p->receiver_name, sizeof p->receiver_name, "%s",
                 item->receiver_name ? item->receiver_name : "");
        buf_format(&p->log, "%c %llx %s\n", "...RfP"[item->kind],
                   (unsigned long long)item -> receiver_id, p -> receiver_name);
        return;
    }
}

/* A reader for spec text such as "beast:ticks=gps". NULL: refused, why holds the sentence. */
static inline struct probe *probe_open(const char *spec_text, struct wire_options o, char *why,
                                       size_t why_size)
{
    struct spec *s = calloc(1, sizeof *s);
    struct probe *p = calloc(1, sizeof *p);
    if (!s || !p || spec_parse(s, spec_text, why, why_size)) {
        abort();
    }
    o.counters = &p->counters;
    p->format = wire_format_find(s->name);
    p->reader = p->format ? p->format->reader_new(&o, s, why, why_size) : NULL;
    free(s);
    if (!p->reader) {
        free(p);
        return NULL;
    }
    return p;
}

static inline struct probe *probe_new(const char *spec_text, enum wire_clock clock)
{
    char why[200];
    struct probe *p = probe_open(spec_text, (struct wire_options){.clock = clock}, why, sizeof why);
    if (!p) {
        abort();
    }
    return p;
}

static inline void probe_push(struct probe *p, const void *bytes, size_t n, int64_t now_us)
{
    /* a copy of exactly n bytes, so that a sanitizer sees a read beyond them */
    uint8_t *copy = malloc(n ? n : 1);
    if (!copy) {
        abort();
    }
    if (n > 0) {
        memcpy(copy, bytes, n);
    }
    p->format->reader_push(p->reader, copy, n, now_us, probe_item, p);
    free(copy);
}

static inline void probe_end(struct probe *p)
{
    p->format->reader_end(p->reader, 0, probe_item, p);
    buf_byte(&p->log, 0); /* the log is a string from now on */
}

static inline const char *probe_log(struct probe *p)
{
    return (const char *)p->log.p;
}

static inline void probe_free(struct probe *p)
{
    p->format->reader_free(p->reader);
    buf_free(&p->log);
    free(p);
}

/* Everything at once, and to its end. */
static inline struct probe *probe_all(const char *spec_text, enum wire_clock clock,
                                      const void *bytes, size_t n)
{
    struct probe *p = probe_new(spec_text, clock);
    probe_push(p, bytes, n, 0);
    probe_end(p);
    return p;
}

/* True where cutting the n bytes after every length of cut (0-ended, repeated to the end) gives the
   same items and the same counts as the whole. */
static inline bool probe_same_split(const char *spec_text, enum wire_clock clock,
                                    const uint8_t *bytes, size_t n, const size_t *cut)
{
    struct probe *whole = probe_all(spec_text, clock, bytes, n);
    struct probe *parts = probe_new(spec_text, clock);
    const size_t *next = cut;
    for (size_t at = 0; at < n;) {
        const size_t want = *next ? *next : n;
        const size_t take = want < n - at ? want : n - at;
        probe_push(parts, bytes + at, take, 0);
        at += take;
        next++;
        if (!*next) {
            next = cut;
        }
    }
    probe_end(parts);
    const bool same = whole->log.n == parts->log.n &&
                      memcmp(whole->log.p, parts->log.p, whole->log.n) == 0 &&
                      memcmp(&whole->counters, &parts->counters, sizeof whole->counters) == 0;
    if (!same) {
        fprintf(stderr, "whole:\n%sparts:\n%s", probe_log(whole), probe_log(parts));
        for (int i = 0; i < COUNT_COUNT; i++) {
            if (whole->counters.n[i] != parts->counters.n[i]) {
                fprintf(stderr, "%s: %llu whole, %llu in parts\n", counter_row[i].name,
                        (unsigned long long)whole->counters.n[i],
                        (unsigned long long)parts->counters.n[i]);
            }
        }
    }
    probe_free(whole);
    probe_free(parts);
    return same;
}

#endif
