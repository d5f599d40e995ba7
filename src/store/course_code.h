/* How symbols, bits and numbers of a chunk of version 3 are told: what the files of its points
   share. Each function is inlined where `reading` is known: what the other does falls away. What
   every point has is read by a faster twin of these (course_read.c). Inside these files only. */
#ifndef MASAR_STORE_COURSE_CODE_H
#define MASAR_STORE_COURSE_CODE_H

#include "store/course.h"

#define INLINE static inline __attribute__((always_inline))

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

INLINE unsigned code_symbol(struct course *c, bool reading, int stream, unsigned code, unsigned v)
{
    if (reading) {
        return prefix_get(&c->in[stream], &c->codes->code[code]);
    }
    prefix_put(c->out[stream], &c->codes->words[code], v);
    return v;
}

INLINE uint64_t code_bits(struct course *c, bool reading, int stream, unsigned n, uint64_t v)
{
    if (reading) {
        return bits_get(&c->in[stream], n);
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

/* A column's level goes a quarter of the way to 16 times the bits of a number's size. No branch:
   how large a number is cannot be guessed. */
INLINE uint16_t course_below_after(int below, uint32_t size)
{
    const int zeros = size ? __builtin_clz(size) : 32; /* its bits are 32 less these */
    return (uint16_t)(below - ((below + 1 - zeros * 16) >> 2));
}

/* Which code a number is told in and how many bits are cut off, by eighths of what its column's
   level is below COURSE_LEVEL_MOST. */
struct course_scale {
    uint8_t code, cut;
};
extern const struct course_scale course_scale[COURSE_LEVELS];

/* A number that is likely small, or about as large as the last ones of its column, and either way:
   a symbol for its size without the last bits, more bits of it, its sign lowest. */
INLINE int32_t code_number(struct course *c, bool reading, int stream, unsigned column, int32_t v)
{
    const unsigned kind = column < COLUMN_BARO_RATE ? 0 : column < COLUMN_EAST ? 1 : 2;
    const unsigned below = c->below[column];
    const struct course_scale scale = course_scale[below >> 3];
    const unsigned which = kind * NUMBER_CODES + scale.code;
    uint32_t size = size_of(v);
    if (reading) {
        struct bits_in *in = &c->in[stream];
        const uint64_t ahead = bits_peek(in);
        const uint32_t e = c->codes->code[which].entry[ahead & ((1 << PREFIX_BITS) - 1)];
        const unsigned n = prefix_all(e) + scale.cut; /* not cut: nothing may follow */
        const uint64_t twice =
            (bits_low(ahead, n) >> prefix_length(e)) + (prefix_value(e) << scale.cut);
        in->at += n;
        size = (uint32_t)(twice >> 1);
        const uint32_t negative = 0u - ((uint32_t)twice & 1);
        v = (int32_t)((size ^ negative) - negative);
    } else {
        const unsigned s = symbol_of(size >> scale.cut);
        const struct prefix_words *words = &c->codes->words[which];
        const uint32_t e = c->codes->code[which].entry[words->word[s]];
        const unsigned length = prefix_length(e);
        bits_put(c->out[stream], length, words->word[s]);
        bits_put(c->out[stream], prefix_all(e) - length + scale.cut,
                 ((uint64_t)size << 1) - ((uint64_t)prefix_value(e) << scale.cut) + (v < 0));
    }
    c->below[column] = course_below_after((int)below, size);
    return v;
}

/* A number of which nothing is known: how many bits, then they and the sign. */
INLINE int32_t code_first(struct course *c, bool reading, int stream, int32_t v)
{
    const uint32_t size = size_of(v);
    const unsigned bits = (unsigned)code_bits(c, reading, stream, 6, length_of(size));
    const unsigned n = bits < 32 ? bits : 32;
    const uint64_t told = code_bits(c, reading, stream, n + 1, (uint64_t)size << 1 | (v < 0));
    const uint32_t got = (uint32_t)(told >> 1);
    return (int32_t)(told & 1 ? 0u - got : got);
}

/* A value by its difference from what was expected of it. The first of a chunk stands for itself.
 */
INLINE int32_t code_change(struct course *c, bool reading, int stream, unsigned column,
                           int32_t expected, int32_t v)
{
    if (c->index == 0) {
        return code_first(c, reading, stream, v);
    }
    return plus(expected, code_number(c, reading, stream, column, minus(v, expected)));
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

/* --- what is reckoned ------------------------------------------------------------------------- */

enum velocity { VELOCITY_SAME, VELOCITY_VECTOR, VELOCITY_POLAR, VELOCITIES };

/* How velocity is told (enum velocity), what grid the place is on and whether the heights are as
   expected, in one symbol: (velocity * 2 + quiet) * GRID_KINDS + grid. One more: the number of
   longitude zones is another: six bits, then once more. */
enum { MODE_ZONES = VELOCITIES * 2 * GRID_KINDS };

/* What a mode says, and which code the one after it is told in: even and odd are alike. */
struct course_mode {
    uint8_t velocity, quiet, grid, code;
};
extern const struct course_mode course_mode[MODES];

/* The mean of times, 16 times it. Not beyond what a chunk may span, or it would not fit. */
INLINE int32_t course_time_mean(int32_t mean, int32_t gone)
{
    const int32_t some = gone < 0 ? 0 : gone > TIME_MOST ? TIME_MOST : gone;
    return mean + (((some << 4) - mean) >> 2);
}

/* What two rates one after the other bring. */
INLINE double course_climb_ft(double before_fpm, double rate_fpm, int64_t dt_ms)
{
    return (rate_fpm + before_fpm) * (double)dt_ms * (0.5 / 60000.0);
}

INLINE unsigned course_is_steep(double up_ft)
{
    return up_ft > 12.0 || up_ft < -12.0;
}

/* What whole knots east and north can be (BDS 0,9). */
INLINE bool course_is_vector(int32_t east, int32_t north)
{
    return east >= -4095 && east <= 4095 && north >= -4095 && north <= 4095;
}

/* Makes c->scale that of a latitude. */
INLINE void course_scale_at(struct course *c, int32_t lat_e7)
{
    if (__builtin_expect(!motion_scale_is_at(&c->scale, lat_e7), 0)) {
        struct motion_scale *s = &c->scales[(uint32_t)(lat_e7 >> MOTION_BAND_BITS) % COURSE_SCALES];
        motion_scale_at(s, lat_e7);
        c->scale = *s;
    }
}

/* From now on there are so many longitude zones, 1 .. 59. */
void course_zones(struct course *c, unsigned zones);

/* --- course_seldom.c ----------------------------------------------------------------------------
 */

/* Speed and direction by themselves, or the one of them that is known. */
void course_polar(struct course *c, bool reading, unsigned mask, struct kept *k);
/* Air data, of which mask says what is known. track_was: the point before's. */
void course_air(struct course *c, bool reading, unsigned mask, int32_t track_was, struct kept *k);

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
