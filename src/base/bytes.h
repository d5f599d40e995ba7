/* Reading and writing integers and bit fields in byte strings; no alignment is assumed. */
#ifndef MASAR_BASE_BYTES_H
#define MASAR_BASE_BYTES_H

#include <stddef.h>
#include <stdint.h>

static inline uint32_t be24(const uint8_t *p)
{
    return (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
}

static inline uint32_t be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | be24(p + 1);
}

static inline uint64_t be48(const uint8_t *p)
{
    return (uint64_t)be24(p) << 24 | be24(p + 3);
}

static inline uint64_t be56(const uint8_t *p)
{
    return (uint64_t)be24(p) << 32 | be32(p + 3);
}

static inline uint64_t be64(const uint8_t *p)
{
    return (uint64_t)be32(p) << 32 | be32(p + 4);
}

static inline uint64_t le64(const uint8_t *p)
{
    uint64_t v = 0;
    for (int i = 7; i >= 0; i--) {
        v = v << 8 | p[i];
    }
    return v;
}

static inline void put_be24(uint8_t *p, uint32_t v)
{
    p[0] = (uint8_t)(v >> 16);
    p[1] = (uint8_t)(v >> 8);
    p[2] = (uint8_t)v;
}

static inline void put_be48(uint8_t *p, uint64_t v)
{
    put_be24(p, (uint32_t)(v >> 24) & 0xffffffu);
    put_be24(p + 3, (uint32_t)v & 0xffffffu);
}

static inline void put_le64(uint8_t *p, uint64_t v)
{
    for (int i = 0; i < 8; i++) {
        p[i] = (uint8_t)(v >> (8 * i));
    }
}

/* Bits first..last (1 = most significant) of a 56-bit ME or MB field, the numbering of ICAO Doc
   9871's register tables. 1 <= first <= last <= 56; a field of at most 32 bits. */
static inline uint32_t me_bits(uint64_t me, unsigned first, unsigned last)
{
    return (uint32_t)(me >> (56 - last)) & (uint32_t)((UINT64_C(1) << (last - first + 1)) - 1);
}

static inline unsigned me_bit(uint64_t me, unsigned bit)
{
    return (unsigned)(me >> (56 - bit)) & 1u;
}

/* The low n bits of v (1..32) as a two's complement number. */
static inline int32_t sign_extend(uint32_t v, unsigned n)
{
    const uint32_t sign = UINT32_C(1) << (n - 1);
    return (int32_t)((v ^ sign) - sign);
}

#endif
