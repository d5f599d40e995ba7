/* Bytes that many connections send at once: made once, counted, freed with the last. One thread. */
#ifndef MASAR_SERVE_BODY_H
#define MASAR_SERVE_BODY_H

#include "base/buf.h"
#include "serve/job.h"

#include <stddef.h>
#include <stdint.h>

struct body {
    size_t n;
    uint8_t *bytes; /* room for the library's frame header stands before them */
    unsigned holders;
    struct jobs *jobs; /* what a large one is freed by; NULL: at once */
    void *memory;
    size_t size;
};

struct body *body_of(const struct buf *b); /* a copy, held once; NULL: out of memory, or b failed */

/* Without a copy: what is added to b between these two becomes the body, and b is empty. NULL: out
   of memory, or b has failed. */
void body_begin(struct buf *b);
struct body *body_take(struct buf *b, struct jobs *jobs);

struct body *body_hold(struct body *b);
void body_drop(struct body *b); /* NULL is fine */

#endif
