/* What every reader of a text format is: lines of a stream, each handed to the format with where
   its items go. A format's own state begins with a struct line_reader; push, end and free then
   stand in its wire_format as they are. */
#ifndef MASAR_WIRE_LINE_READER_H
#define MASAR_WIRE_LINE_READER_H

#include "wire/lines.h"
#include "wire/wire.h"

struct line_reader {
    struct lines lines;
    line_fn *line; /* ctx is the format's state */
    int64_t now_us;
    wire_item_fn *out;
    void *ctx;
};

/* Zeroed memory of size bytes that begins with a line_reader, for lines of at most max bytes. NULL:
 * out of memory, told in why. */
void *line_reader_new(size_t size, size_t max, line_fn *line, const struct wire_options *o,
                      char *why, size_t why_size);

void line_reader_push(struct wire_reader *r, const uint8_t *p, size_t n, int64_t now_us,
                      wire_item_fn *out, void *ctx);
void line_reader_end(struct wire_reader *r, int64_t now_us, wire_item_fn *out, void *ctx);
void line_reader_free(struct wire_reader *r);

/* Hands a message on. */
void line_reader_give(struct line_reader *r, struct message *m);

/* A writer of a format whose lines need nothing remembered, and its end. */
struct wire_writer *line_writer_new(const struct spec *s, char *why, size_t why_size);
void line_writer_free(struct wire_writer *w);

#endif
