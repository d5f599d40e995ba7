/* How symbols, bits and numbers of a chunk of version 3 are told: what the files of its points
   share. Each function is inlined into a reader of the way, a reader of all and a writer, where
   `how` is known: what the others do falls away. Inside these files only. */
#ifndef MASAR_STORE_COURSE_CODE_H
#define MASAR_STORE_COURSE_CODE_H

#include "store/course.h"

#define INLINE static inline __attribute__((always_inline))

struct how {
    bool reading, rest;
    struct bits_in *in; /* of a reader: the way, the rest; local, so that they stay in registers */
};

enum { WAY, REST };

/* Of time, for its mean. */
#define TIME_MOST (INT32_C(1) << 26)

/* What a chunk may span. */
#define DT_MOST_MS INT64_C(2000000000)

/* Differences wrap at 32 bits, so that any values can follow each other; what a damaged chunk
   gives is nonsense but defined. */
INLINE int32_t minus(int32_t a, int32_t b)
{
    return (int32_t)((uint32_t)a - (uint32_t)b);
}

INLINE int32_t plus(int32_t a, int32_t b)
{
    return (int32_t)((uint32_t)a + (uint32_t)b);
}

INLINE int32_t times(int32_t a, int32_t b)
{
    return (int32_t)((uint32_t)a * (uint32_t)b);
}

INLINE int32_t wrapped(int64_t v)
{
    return (int32_t)(uint32_t)(uint64_t)v;
}

/* To the nearest, halves up; what 32 bits do not hold wraps, as differences do. |v| < 2^62. */
INLINE int32_t nearest(double v)
{
    return wrapped(grid_nearest(v));
}

INLINE unsigned length_of(uint32_t v)
{
    return v ? 32u - (unsigned)__builtin_clz(v) : 0;
}

/* --- symbols and numbers ---------------------------------------------------------------------- */

INLINE unsigned code_symbol(struct course *c, struct how how, int stream, unsigned code, unsigned v)
{
    if (how.reading) {
        return prefix_get(&how.in[stream], &c->codes->code[code]);
    }
    prefix_put(c->out[stream], &c->codes->words[code], v);
    return v;
}

INLINE uint64_t code_bits(struct course *c, struct how how, int stream, unsigned n, uint64_t v)
{
    if (how.reading) {
        return bits_get(&how.in[stream], n);
    }
    bits_put(c->out[stream], n, v);
    return v;
}

INLINE uint32_t size_of(int32_t v)
{
    return v < 0 ? 0u - (uint32_t)v : (uint32_t)v;
}

/* Where its ranges begin and how many bits they have: course_codes.c. */
INLINE unsigned symbol_of(uint32_t size)
{
    return size < 8     ? size
           : size < 16  ? 8 + (size >= 12)
           : size < 32  ? 10 + (size >= 24)
           : size < 128 ? 12 + (size >= 64)
                        : 14 + (size >= 128 + 1024);
}

/* Which code a number is told in and how many bits are cut off, by eighths of its column's level.
 */
struct course_scale {
    uint8_t code, cut;
};
extern const struct course_scale course_scale[65];

/* A number that is likely small, or about as large as the last ones of its column, and either way:
   a symbol for its size without the last bits, more bits of it, its sign lowest. */
INLINE int32_t code_number(struct course *c, struct how how, int stream, unsigned column, int32_t v)
{
    const unsigned kind = column < COLUMN_BARO_RATE ? 0 : column < COLUMN_EAST ? 1 : 2;
    const int level = c->level[column];
    const struct course_scale scale = course_scale[level >> 3];
    const unsigned which = kind * NUMBER_CODES + scale.code;
    uint32_t size = size_of(v);
    if (how.reading) {
        struct bits_in *in = &how.in[stream];
        const uint64_t ahead = bits_peek(in);
        const struct prefix_entry e = c->codes->code[which].entry[ahead & ((1 << PREFIX_BITS) - 1)];
        const unsigned n = e.bits + (unsigned)scale.cut; /* not cut: bits may be 0 */
        const uint64_t told = bits_low(ahead >> e.length, n);
        in->at += e.length + n;
        size = ((uint32_t)e.from << scale.cut) + (uint32_t)(told >> 1);
        const uint32_t negative = 0u - ((uint32_t)told & 1);
        v = (int32_t)((size ^ negative) - negative);
    } else {
        const unsigned s = symbol_of(size >> scale.cut);
        const struct prefix_words *words = &c->codes->words[which];
        const struct prefix_entry e = c->codes->code[which].entry[words->word[s]];
        bits_put(c->out[stream], e.length, words->word[s]);
        bits_put(c->out[stream], e.bits + (unsigned)scale.cut,
                 (uint64_t)(size - ((uint32_t)e.from << scale.cut)) << 1 | (v < 0));
    }
    const int bits = 63 - __builtin_clzll((uint64_t)size << 1 | 1);
    c->level[column] = (uint16_t)(level + (((bits << 4) - level) >> 2));
    return v;
}

/* A number of which nothing is known: how many bits, then they and the sign. */
INLINE int32_t code_first(struct course *c, struct how how, int stream, int32_t v)
{
    const uint32_t size = size_of(v);
    const unsigned bits = (unsigned)code_bits(c, how, stream, 6, length_of(size));
    const unsigned n = bits < 32 ? bits : 32;
    const uint64_t told = code_bits(c, how, stream, n + 1, (uint64_t)size << 1 | (v < 0));
    const uint32_t got = (uint32_t)(told >> 1);
    return (int32_t)(told & 1 ? 0u - got : got);
}

/* A value by its difference from what was expected of it. The first of a chunk stands for itself.
 */
INLINE int32_t code_change(struct course *c, struct how how, int stream, unsigned column,
                           int32_t expected, int32_t v)
{
    if (c->index == 0) {
        return code_first(c, how, stream, v);
    }
    return plus(expected, code_number(c, how, stream, column, minus(v, expected)));
}

/* Which quantities are known, by bits. */
enum {
    HAS_BARO_RATE = 1,
    HAS_GEOM_RATE = 2,
    HAS_ALT_BARO = 4,
    HAS_ALT_GEOM = 8,
    HAS_GS = 16,
    HAS_TRACK = 32,
    HAS_USUAL = HAS_BARO_RATE | HAS_ALT_BARO | HAS_ALT_GEOM | HAS_GS | HAS_TRACK
};

/* --- course_rare.c ------------------------------------------------------------------------------
 */

/* What is taken for known before the first point. */
void course_rare_start(struct course *c);
/* Whether nothing rare differs between two points. */
bool course_rare_same(const struct kept *a, const struct kept *b);
/* Tells which have changed and to what, in the order of enum point_slow, then how many points it is
   to the next change: gap, of the writer. */
void course_rare_code(struct course *c, bool reading, const struct kept *k, unsigned gap);

#endif
