#include "wire/line_reader.h"

#include <stdio.h>
#include <stdlib.h>

void *line_reader_new(size_t size, size_t max, line_fn *line, const struct wire_options *o,
                      char *why, size_t why_size)
{
    struct line_reader *r = calloc(1, size);
    if (!r || !lines_start(&r->lines, max, o->counters)) {
        free(r);
        snprintf(why, why_size, "out of memory");
        return NULL;
    }
    r->line = line;
    return r;
}

static struct line_reader *aim(struct wire_reader *reader, int64_t now_us, wire_item_fn *out,
                               void *ctx)
{
    struct line_reader *r = (struct line_reader *)reader;
    r->now_us = now_us;
    r->out = out;
    r->ctx = ctx;
    return r;
}

void line_reader_push(struct wire_reader *reader, const uint8_t *p, size_t n, int64_t now_us,
                      wire_item_fn *out, void *ctx)
{
    struct line_reader *r = aim(reader, now_us, out, ctx);
    lines_push(&r->lines, p, n, r->line, r);
}

void line_reader_end(struct wire_reader *reader, int64_t now_us, wire_item_fn *out, void *ctx)
{
    struct line_reader *r = aim(reader, now_us, out, ctx);
    lines_end(&r->lines, r->line, r);
}

void line_reader_free(struct wire_reader *reader)
{
    struct line_reader *r = (struct line_reader *)reader;
    if (r) {
        lines_stop(&r->lines);
        free(r);
    }
}

void line_reader_give(struct line_reader *r, struct message *m)
{
    const struct wire_item item = {.kind = WIRE_MESSAGE, .message = m};
    r->out(r->ctx, &item);
}

struct wire_writer *line_writer_new(const struct spec *s, char *why, size_t why_size)
{
    (void)s;
    struct wire_writer *w = malloc(1);
    if (!w) {
        snprintf(why, why_size, "out of memory");
    }
    return w;
}

void line_writer_free(struct wire_writer *w)
{
    free(w);
}
