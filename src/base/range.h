/* Adaptive binary range coder: symbols of unequal probability in a fraction of a bit, in integers
   alone, so that every implementation gives the same bytes. The carry is handled as in G. N. N.
   Martin, "Range encoding" (1979): a byte is held back until it can no longer change. One struct
   codes both ways, so that a format is written down once: each call takes the value (ignored when
   reading) and returns it. docs/WEBSOCKET.md and docs/STORE.md describe the bytes. */
#ifndef MASAR_BASE_RANGE_H
#define MASAR_BASE_RANGE_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How likely a bit is 0, learned from the bits before. */
struct range_model {
    uint16_t p; /* probability of 0, times 65536; stays in 63 .. 65473 */
    uint16_t n; /* bits seen, up to 62: the more, the slower it learns */
};

struct range_coder {
    bool reading;
    uint32_t range;
    /* writing */
    struct buf *out;
    uint64_t low;
    uint64_t held; /* bytes not yet written: one of `cache`, the others 0xff */
    uint8_t cache;
    /* reading */
    const uint8_t *in;
    size_t n, at;
    uint32_t code;
    bool short_of; /* more bytes were needed than there are: what was read is of no use */
};

void range_write(struct range_coder *c, struct buf *out);
void range_write_end(struct range_coder *c);
void range_read(struct range_coder *c, const uint8_t *p, size_t n);

void range_model_start(struct range_model *m, size_t n);

unsigned range_bit(struct range_coder *c, struct range_model *m, unsigned bit);

/* n bits (0..32), each as likely 0 as 1, highest first, up to 16 at once. */
uint32_t range_raw(struct range_coder *c, unsigned n, uint32_t v);

/* A symbol of n bits (1..8), highest first; m has 2^n models, of which m[0] is not used. */
uint32_t range_tree(struct range_coder *c, struct range_model *m, unsigned n, uint32_t v);

/* A signed number, small ones being likelier. */
struct range_number {
    struct range_model sign;
    struct range_model more[32]; /* more[i]: has the magnitude more than i bits? */
    struct range_model top[33];  /* top[i]: the bit below the leading one of i bits */
};

int32_t range_number(struct range_coder *c, struct range_number *m, int32_t v);

#endif
