/* Bytes that many connections send at once: made once, counted, freed with the last. One thread. */
#ifndef MASAR_SERVE_BODY_H
#define MASAR_SERVE_BODY_H

#include "base/buf.h"

#include <stddef.h>
#include <stdint.h>

struct body {
    size_t n;
    uint8_t *bytes; /* room for the library's frame header stands before them */
    unsigned holders;
};

struct body *body_new(const void *bytes, size_t n); /* a copy, held once; NULL: out of memory */
struct body *body_of(const struct buf *b);          /* NULL also where b has failed */
struct body *body_gzip(const struct body *b);       /* NULL: out of memory */
struct body *body_hold(struct body *b);
void body_drop(struct body *b); /* NULL is fine */

#endif
