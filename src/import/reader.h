/* What the readers of this room's formats have in common: plain bytes in, points out. */
#ifndef MASAR_IMPORT_READER_H
#define MASAR_IMPORT_READER_H

#include "archive/point.h"
#include "import/import.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many of a file's first bytes are looked at to tell its format. */
enum { READER_HEAD_BYTES = 1 << 16 };

struct reader {
    /* Whether a file that begins with these n bytes (up to READER_HEAD_BYTES, all it has if less)
       is one. */
    bool (*is)(const uint8_t *p, size_t n);
    void *(*make)(archive_point_fn *out, void *ctx);            /* NULL: out of memory */
    void (*unmake)(void *r);                                    /* NULL is fine */
    enum err (*start)(void *r, const struct import_options *o); /* before each file */
    enum err (*push)(void *r, const uint8_t *p, size_t n);
    enum err (*end)(void *r);
    const char *(*why)(const void *r); /* a sentence's end; valid until the next start */
    /* repeated, bad_points, bad_values of all files; the rest is not the reader's. */
    void (*sums)(const void *r, struct import_sums *s);
};

extern const struct reader *const reader_of[IMPORT_FORMATS];

#define FORMAT(id, name, what) extern const struct reader import_read_##id;
#include "import/format.def"

#endif
