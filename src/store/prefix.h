/* Prefix codes of up to eight bits, read by looking eight bits ahead, and bits as they are, in one
   stream, lowest bit first. Codes are canonical: their lengths say all. Pure; docs/STORE.md
   describes the bits. */
#ifndef MASAR_STORE_PREFIX_H
#define MASAR_STORE_PREFIX_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
    PREFIX_BITS = 8, /* the longest code */
    PREFIX_SYMBOLS = 32,
    PREFIX_PAD = 512 /* bytes behind what is read, of any value, that may be looked at */
};

/* To read a code: what eight bits say. From the lowest byte on: bits of the code and of what
   follows it, of the code alone; then 16 bits of what the symbol stands for, else the symbol. */
struct prefix_code {
    uint32_t entry[1 << PREFIX_BITS];
};

static inline uint32_t prefix_entry(unsigned value, unsigned length, unsigned follow)
{
    return value << 16 | length << 8 | (length + follow);
}

static inline unsigned prefix_value(uint32_t entry)
{
    return entry >> 16;
}

static inline unsigned prefix_length(uint32_t entry)
{
    return entry >> 8 & 255;
}

static inline unsigned prefix_all(uint32_t entry)
{
    return entry & 255;
}

/* To write it. */
struct prefix_words {
    uint8_t word[PREFIX_SYMBOLS], length[PREFIX_SYMBOLS];
};

/* Makes the code of n symbols (2 .. PREFIX_SYMBOLS) of these lengths, 1 .. PREFIX_BITS each, which
   must fill the code exactly. */
void prefix_make(struct prefix_code *c, struct prefix_words *w, const uint8_t *length, unsigned n);

struct bits_in {
    const uint8_t *p; /* goes on for PREFIX_PAD bytes */
    size_t at, end;   /* bits */
};

struct bits_out {
    struct buf out;
    uint64_t held; /* not yet in out */
    unsigned holds;
};

/* Up to 56 bits from where reading is, the next one lowest; reading stays. */
static inline uint64_t bits_peek(const struct bits_in *b)
{
    uint64_t v;
    memcpy(&v, b->p + (b->at >> 3), sizeof v);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    v = __builtin_bswap64(v);
#endif
    return v >> (b->at & 7);
}

/* The n lowest bits, n < 64. */
static inline uint64_t bits_low(uint64_t v, unsigned n)
{
    return v & ((UINT64_C(1) << n) - 1);
}

static inline uint64_t bits_get(struct bits_in *b, unsigned n)
{
    const uint64_t v = bits_low(bits_peek(b), n);
    b->at += n;
    return v;
}

static inline unsigned prefix_get(struct bits_in *b, const struct prefix_code *c)
{
    const uint32_t e = c->entry[bits_peek(b) & ((1 << PREFIX_BITS) - 1)];
    b->at += prefix_length(e);
    return prefix_value(e);
}

/* n (0 .. 56) bits of v, which has no others. */
static inline void bits_put(struct bits_out *b, unsigned n, uint64_t v)
{
    b->held |= v << b->holds;
    b->holds += n;
    struct buf *out = &b->out;
    uint8_t *to = out->cap - out->n >= 8 ? out->p + out->n : buf_reserve(out, 8);
    if (to) {
        uint64_t v_le = b->held;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        v_le = __builtin_bswap64(v_le);
#endif
        memcpy(to, &v_le, sizeof v_le);
        out->n += b->holds / 8;
    }
    b->held >>= b->holds & 56;
    b->holds &= 7;
}

static inline void prefix_put(struct bits_out *b, const struct prefix_words *w, unsigned symbol)
{
    bits_put(b, w->length[symbol], w->word[symbol]);
}

void bits_put_clear(struct bits_out *b);
/* Fills up to a byte; what was written is in out. */
void bits_put_end(struct bits_out *b);

#endif
