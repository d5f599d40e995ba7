/* Bit fields of UAT payloads, numbered as DO-282B does: bytes and bits from 1, bit 1 the most
   significant. */
#ifndef MASAR_UAT_BITS_H
#define MASAR_UAT_BITS_H

#include <stdint.h>

/* The n bits (1..32) of p from bit `bit` of byte `byte` on. The caller vouches for their being
   there. */
static inline uint32_t uat_bits(const uint8_t *p, unsigned byte, unsigned bit, unsigned n)
{
    const unsigned first = 8 * (byte - 1) + bit - 1, last = first + n - 1;
    uint64_t v = 0;
    for (unsigned i = first / 8; i <= last / 8; i++) {
        v = v << 8 | p[i];
    }
    return (uint32_t)(v >> (7 - last % 8)) & (uint32_t)((UINT64_C(1) << n) - 1);
}

/* Sets them. */
static inline void uat_put_bits(uint8_t *p, unsigned byte, unsigned bit, unsigned n, uint32_t v)
{
    const unsigned first = 8 * (byte - 1) + bit - 1;
    for (unsigned i = 0; i < n; i++) {
        const unsigned at = first + i;
        const uint8_t mask = (uint8_t)(0x80 >> at % 8);
        p[at / 8] = (uint8_t)(v >> (n - 1 - i) & 1 ? p[at / 8] | mask : p[at / 8] & ~mask);
    }
}

/* A 23-bit latitude and a 24-bit longitude, which stand one after the other from bit 1 of p on, in
   steps of 360/2^24 degrees, as 1e-7 degrees. */
static inline int32_t uat_angle_e7(uint32_t raw)
{
    return (int32_t)(((int64_t)raw * 3600000000 + (1 << 23)) >> 24);
}

static inline void uat_place(const uint8_t *p, int32_t *lat_e7, int32_t *lon_e7)
{
    /* 0..90 and 270..360 degrees of latitude, of which the uppermost bit is not sent: what is above
       90 is south. Both poles are the same code. */
    const int32_t lat = uat_angle_e7(uat_bits(p, 1, 1, 23));
    const int64_t lon = ((int64_t)uat_bits(p, 3, 8, 24) * 3600000000 + (1 << 23)) >> 24;
    *lat_e7 = lat > 900000000 ? lat - 1800000000 : lat;
    *lon_e7 = (int32_t)(lon >= 1800000000 ? lon - 3600000000 : lon);
}

#endif
