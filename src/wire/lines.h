/* Bytes → lines: text formats' stream state. A line ends with LF, CR LF or CR; a longer one than
   max is skipped and counted. A line wholly in the bytes pushed is used where it stands, another is
   held. */
#ifndef MASAR_WIRE_LINES_H
#define MASAR_WIRE_LINES_H

#include "model/counter.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lines {
    size_t max, n; /* n of at most max bytes held */
    bool is_skipping;
    char *held;
    struct counters *counters;
};

/* p: n bytes, not NUL-terminated, without the line's end; never empty. */
typedef void line_fn(void *ctx, const char *p, size_t n);

bool lines_start(struct lines *l, size_t max, struct counters *counters); /* false: out of memory */
void lines_stop(struct lines *l);
void lines_push(struct lines *l, const uint8_t *p, size_t n, line_fn *fn, void *ctx);

/* The stream has ended: what is held is a line. */
void lines_end(struct lines *l, line_fn *fn, void *ctx);

#endif
