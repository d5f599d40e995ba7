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

/* The carry moves through; range.c. */
void range_shift_low(struct range_coder *c);

/* What follows is inline: a position of the store is some thirty of these calls. */
enum { RANGE_SLOWEST = 62, RANGE_MIN = 1 << 24, RANGE_RAW_MAX = 16 };

static inline uint8_t range_next_byte(struct range_coder *c)
{
    if (c->at >= c->n) {
        c->short_of = true;
        return 0;
    }
    return c->in[c->at++];
}

static inline void range_normalize(struct range_coder *c)
{
    while (c->range < RANGE_MIN) {
        c->range <<= 8;
        if (c->reading) {
            c->code = c->code << 8 | range_next_byte(c);
        } else {
            range_shift_low(c);
        }
    }
}

/* Takes the lower `bound` of the range for a 0, the rest for a 1. */
static inline unsigned range_split(struct range_coder *c, uint32_t bound, unsigned bit)
{
    if (c->reading) {
        bit = c->code >= bound;
        c->code -= bit ? bound : 0;
    } else if (bit) {
        c->low += bound;
    }
    c->range = bit ? c->range - bound : bound;
    range_normalize(c);
    return bit;
}

static inline unsigned range_bit(struct range_coder *c, struct range_model *m, unsigned bit)
{
    bit = range_split(c, (c->range >> 12) * (m->p >> 4), bit);
    const unsigned pace = 31u - (unsigned)__builtin_clz(m->n + 2u); /* 1, 1, 2, 2, 2, 2, 3 … 6 */
    const uint32_t p = m->p;
    m->p = (uint16_t)(bit ? p - (p >> pace) : p + ((65536u - p) >> pace));
    m->n = (uint16_t)(m->n < RANGE_SLOWEST ? m->n + 1 : m->n);
    return bit;
}

/* n bits (0..32), each as likely 0 as 1, highest first, up to 16 at once. */
static inline uint32_t range_raw(struct range_coder *c, unsigned n, uint32_t v)
{
    uint32_t read = 0;
    while (n > 0) {
        const unsigned k = n < RANGE_RAW_MAX ? n : RANGE_RAW_MAX;
        const uint32_t mask = (1u << k) - 1;
        uint32_t part = v >> (n - k) & mask;
        c->range >>= k;
        if (c->reading) {
            part = c->code / c->range;
            part = part < mask ? part : mask; /* beyond: no writer's bytes */
            c->code -= part * c->range;
        } else {
            c->low += (uint64_t)part * c->range;
        }
        range_normalize(c);
        read = read << k | part;
        n -= k;
    }
    return read;
}

/* A symbol of n bits (1..8), highest first; m has 2^n models, of which m[0] is not used. */
static inline uint32_t range_tree(struct range_coder *c, struct range_model *m, unsigned n,
                                  uint32_t v)
{
    uint32_t node = 1;
    for (unsigned i = n; i-- > 0;) {
        node = node << 1 | range_bit(c, &m[node], v >> i & 1u);
    }
    return node - (1u << n);
}

/* A signed number, small ones being likelier. */
struct range_number {
    struct range_model sign;
    struct range_model more[32]; /* more[i]: has the magnitude more than i bits? */
    struct range_model top[33];  /* top[i]: the bit below the leading one of i bits */
};

static inline int32_t range_number(struct range_coder *c, struct range_number *m, int32_t v)
{
    uint32_t size = v < 0 ? 0u - (uint32_t)v : (uint32_t)v;
    const unsigned bits = size ? 32u - (unsigned)__builtin_clz(size) : 0;
    unsigned n = 0;
    while (n < 32 && range_bit(c, &m->more[n], bits > n)) {
        n++;
    }
    if (n == 0) {
        return 0;
    }
    const unsigned negative = range_bit(c, &m->sign, v < 0);
    uint32_t read = 1;
    if (n > 1) {
        read = 2 | range_bit(c, &m->top[n], size >> (n - 2) & 1u);
    }
    if (n > 2) {
        read = read << (n - 2) | range_raw(c, n - 2, size & ((1u << (n - 2)) - 1));
    }
    return (int32_t)(negative ? 0u - read : read);
}

#endif
