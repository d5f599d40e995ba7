/* Comm-B registers, the inverse of modes/bds. The bits are written out here once more and not
   shared with the decoder, so that a wrong bit in one of them shows in the round trip. */
#include "encode/bits.h"
#include "encode/encode.h"
#include "modes/callsign.h"

#include <stddef.h>

/* A number at first..last (first the sign, where there is one) behind its status bit (0: none). */
struct number {
    uint8_t status, first, last;
    bool is_signed;
    int32_t mul; /* value = raw * mul / 2^shift */
    uint8_t shift;
};

/* Its bits, none where it is unknown or has no code. */
static uint64_t number(struct number n, int32_t value)
{
    if (value == MODES_UNKNOWN) {
        return 0;
    }
    const int64_t raw = bits_round((int64_t)value * (1 << n.shift), n.mul);
    const unsigned width = n.last - n.first + 1u;
    const int64_t top = (INT64_C(1) << (n.is_signed ? width - 1 : width)) - 1;
    if (raw > top || raw < (n.is_signed ? -top - 1 : 0)) {
        return 0;
    }
    return bits_at(n.first, n.last, raw) | (n.status ? bits_at(n.status, n.status, 1) : 0);
}

/* An angle of 0 .. 359.99 degrees as two's complement -180 .. 180. */
static uint64_t angle(struct number n, int32_t value_e2)
{
    if (value_e2 < 0 || value_e2 >= 36000) {
        return 0;
    }
    /* What rounds up to 180 is -180: the same direction, and it has a code. */
    const int32_t half_lsb = n.mul >> (n.shift + 1);
    return number(n, value_e2 >= 18000 - half_lsb ? value_e2 - 36000 : value_e2);
}

static uint64_t capability(void)
{
    return bits_at(1, 8, 0x10) | bits_at(16, 16, 1) | /* ACAS operational */
           bits_at(17, 23, 5) |                       /* Mode S subnetwork version */
           bits_at(25, 25, 1) |                       /* specific services */
           bits_at(33, 35, 7) | /* identification, squitter, surveillance identifier */
           bits_at(37, 40, 3);  /* ACAS version */
}

/* Registers 0,5 0,6 0,8 0,9 2,0 4,0 5,0 6,0 in BDS 1,7's order. */
static uint64_t common_gicb(const struct encode_state *s)
{
    static const uint8_t loaded[] = {1, 2, 4, 5, 7, 9, 16, 24};
    uint64_t mb = bits_at(1, 24, s->gicb);
    for (size_t i = 0; !s->gicb && i < sizeof loaded; i++) {
        mb |= bits_at(loaded[i], loaded[i], 1);
    }
    return mb;
}

/* In BDS 1,8 register n has bit 57 - n. */
static uint64_t specific_gicb(void)
{
    static const uint8_t loaded[] = {0x05, 0x06, 0x08, 0x09, 0x10, 0x17, 0x18, 0x20, 0x30};
    uint64_t mb = 0;
    for (size_t i = 0; i < sizeof loaded; i++) {
        mb |= bits_at(57u - loaded[i], 57u - loaded[i], 1);
    }
    return mb;
}

static uint64_t intention(const struct encode_state *s)
{
    const uint8_t modes = s->has & ENCODE_NAV_MODES ? s->nav_modes : 0;
    uint64_t mb = number((struct number){1, 2, 13, false, 16, 0}, s->nav_altitude_mcp_ft);
    if (s->has & ENCODE_NAV_ALTITUDE_FMS) {
        mb |= number((struct number){14, 15, 26, false, 16, 0}, s->nav_altitude_fms_ft);
    }
    if (s->nav_qnh_e1_hpa >= 8000) {
        mb |= number((struct number){27, 28, 39, false, 1, 0}, s->nav_qnh_e1_hpa - 8000);
    }
    if (s->has & ENCODE_NAV_MODES) {
        mb |= bits_at(48, 48, 1) | bits_at(49, 49, modes & NAV_VNAV ? 1 : 0) |
              bits_at(50, 50, modes & NAV_ALTHOLD ? 1 : 0) |
              bits_at(51, 51, modes & NAV_APPROACH ? 1 : 0);
    }
    return mb;
}

static uint64_t weather(const struct encode_state *s)
{
    enum { SOURCE_INS = 1 };
    if (!(s->has & ENCODE_WEATHER) || s->wind_speed_kt < 0 || s->wind_dir_deg < 0) {
        return 0;
    }
    return bits_at(1, 4, SOURCE_INS) |
           number((struct number){5, 6, 14, false, 1, 0}, s->wind_speed_kt) |
           bits_at(15, 23, bits_round((int64_t)(s->wind_dir_deg % 360) * 256, 180)) |
           number((struct number){0, 24, 34, true, 5, 1}, s->oat_e1_c) |
           number((struct number){35, 36, 46, false, 1, 0}, s->static_pressure_hpa);
}

static uint64_t turn(const struct encode_state *s)
{
    return number((struct number){1, 2, 11, true, 4500, 8}, s->roll_e2_deg) |
           angle((struct number){12, 13, 23, true, 9000, 9}, s->track_e2_deg) |
           number((struct number){24, 25, 34, false, 200, 0}, s->gs_e2_kt) |
           number((struct number){35, 36, 45, true, 800, 8}, s->track_rate_e2_deg_s) |
           number((struct number){46, 47, 56, false, 2, 0}, s->tas_kt);
}

static uint64_t air_vector(const struct encode_state *s)
{
    return angle((struct number){1, 2, 12, true, 9000, 9}, s->mag_heading_e2_deg) |
           number((struct number){13, 14, 23, false, 1, 0}, s->ias_kt) |
           number((struct number){24, 25, 33, false, 8, 0}, s->mach_e3) |
           number((struct number){34, 35, 46, false, 1, 1}, s->tas_kt) |
           number((struct number){47, 48, 56, true, 64, 0}, s->baro_rate_fpm);
}

static uint64_t heading(const struct encode_state *s)
{
    const int32_t inertial = s->has & ENCODE_GEOM_RATE ? s->geom_rate_fpm : MODES_UNKNOWN;
    return angle((struct number){1, 2, 12, true, 9000, 9}, s->mag_heading_e2_deg) |
           number((struct number){13, 14, 23, false, 1, 0}, s->ias_kt) |
           number((struct number){24, 25, 34, false, 4, 0}, s->mach_e3) |
           number((struct number){35, 36, 45, true, 32, 0}, s->baro_rate_fpm) |
           number((struct number){46, 47, 56, true, 32, 0}, inertial);
}

uint64_t encode_register(const struct encode_state *s, uint8_t bds)
{
    switch (bds) {
    case 0x05:
    case 0x06:
        return encode_me_position(s, false);
    case 0x08:
        return encode_me_identification(s);
    case 0x09:
        return encode_me_velocity(s);
    case 0x10:
        return capability();
    case 0x17:
        return common_gicb(s);
    case 0x18:
        return specific_gicb();
    case 0x20:
        return bits_at(1, 8, 0x20) | callsign_write(s->flight);
    case 0x30:
        return bits_at(1, 8, 0x30) | bits_at(9, 22, s->resolution);
    case 0x40:
        return intention(s);
    case 0x44:
        return weather(s);
    case 0x50:
        return turn(s);
    case 0x53:
        return air_vector(s);
    case 0x60:
        return heading(s);
    case 0x61:
        return encode_me_status(s);
    case 0x62:
        return encode_me_target_state(s);
    case 0x65:
        return encode_me_operational(s);
    default:
        return 0;
    }
}

void encode_comm_b(const struct encode_state *s, unsigned df, uint8_t bds, struct frame *out)
{
    encode_long_reply(s, df, encode_register(s, bds), out);
}
