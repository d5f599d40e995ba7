#include "encode/encode.h"

#include "base/bytes.h"
#include "modes/altitude.h"
#include "modes/squawk.h"
#include "radio/parity.h"

#include <string.h>

struct encode_state encode_state_unknown(void)
{
    struct encode_state s = {.alt_baro_ft = MODES_UNKNOWN,
                             .alt_geom_ft = MODES_UNKNOWN,
                             .gs_e2_kt = MODES_UNKNOWN,
                             .track_e2_deg = MODES_UNKNOWN,
                             .baro_rate_fpm = MODES_UNKNOWN,
                             .category = 0xa0,
                             .version = 2,
                             .nav_altitude_mcp_ft = MODES_UNKNOWN,
                             .nav_qnh_e1_hpa = MODES_UNKNOWN,
                             .ias_kt = MODES_UNKNOWN,
                             .tas_kt = MODES_UNKNOWN,
                             .mach_e3 = MODES_UNKNOWN,
                             .mag_heading_e2_deg = MODES_UNKNOWN,
                             .roll_e2_deg = MODES_UNKNOWN,
                             .track_rate_e2_deg_s = MODES_UNKNOWN};
    memset(s.flight, ' ', sizeof s.flight);
    return s;
}

/* The first 32 bits, then perhaps 56 more, then the parity with what is laid over it. */
static void finish(struct frame *out, uint32_t head, const uint64_t *payload, uint32_t overlay)
{
    uint8_t *p = out->byte;
    p[0] = (uint8_t)(head >> 24);
    put_be24(p + 1, head & 0xffffff);
    out->n = FRAME_SHORT;
    out->corrected = 0;
    if (payload) {
        p[4] = (uint8_t)(*payload >> 48);
        put_be48(p + 5, *payload & UINT64_C(0xffffffffffff));
        out->n = FRAME_LONG;
    }
    put_be24(p + out->n - 3, parity_of(p, out->n) ^ overlay);
}

static uint32_t address_of(const struct encode_state *s)
{
    return s->address & 0xffffff;
}

static unsigned capability(const struct encode_state *s)
{
    return s->ground ? 4 : 5;
}

void encode_all_call(const struct encode_state *s, struct frame *out)
{
    finish(out, 11u << 27 | capability(s) << 24 | address_of(s), NULL, s->interrogator);
}

void encode_squitter(unsigned df, unsigned ca_or_cf, uint32_t address, uint64_t me,
                     struct frame *out)
{
    finish(out, df << 27 | (ca_or_cf & 7) << 24 | (address & 0xffffff), &me, 0);
}

static void squitter(const struct encode_state *s, uint64_t me, struct frame *out)
{
    encode_squitter(17, capability(s), s->address, me, out);
}

void encode_position(const struct encode_state *s, bool odd, struct frame *out)
{
    squitter(s, encode_me_position(s, odd), out);
}

void encode_identification(const struct encode_state *s, struct frame *out)
{
    squitter(s, encode_me_identification(s), out);
}

void encode_velocity(const struct encode_state *s, struct frame *out)
{
    squitter(s, encode_me_velocity(s), out);
}

void encode_status(const struct encode_state *s, struct frame *out)
{
    squitter(s, encode_me_status(s), out);
}

void encode_advisory(const struct encode_state *s, struct frame *out)
{
    squitter(s, encode_me_advisory(s), out);
}

void encode_target_state(const struct encode_state *s, struct frame *out)
{
    squitter(s, encode_me_target_state(s), out);
}

void encode_operational(const struct encode_state *s, struct frame *out)
{
    squitter(s, encode_me_operational(s), out);
}

/* Flight status: an alert or SPI hides whether the aircraft is on the ground where there is no code
   for both. */
static uint32_t flight_status(const struct encode_state *s)
{
    if (s->spi) {
        return s->alert ? 4 : 5;
    }
    return s->alert * 2u + s->ground;
}

/* The first 32 bits of DF 0, 4, 5, 16, 20, 21. */
static uint32_t reply_head(const struct encode_state *s, unsigned df)
{
    const uint32_t code = df & 1 ? squawk_to_id13(s->squawk) : altitude_to_ac13(s->alt_baro_ft);
    const bool air_air = df == 0 || df == 16;
    return df << 27 | (air_air ? (uint32_t)s->ground << 26 : flight_status(s) << 24) | code;
}

void encode_short_surveillance(const struct encode_state *s, unsigned df, struct frame *out)
{
    finish(out, reply_head(s, df), NULL, address_of(s));
}

void encode_long_reply(const struct encode_state *s, unsigned df, uint64_t payload,
                       struct frame *out)
{
    finish(out, reply_head(s, df), &payload, address_of(s));
}

/* Pulses 0 A4 A2 A1 0 B4 B2 B1 SPI C4 C2 C1 0 D4 D2 D1. */
static void mode_ac(uint32_t abcd, bool spi, struct frame *out)
{
    out->n = FRAME_MODE_AC;
    out->corrected = 0;
    out->byte[0] = (uint8_t)((abcd >> 9 & 7) << 4 | (abcd >> 6 & 7));
    out->byte[1] = (uint8_t)((uint32_t)spi << 7 | (abcd >> 3 & 7) << 4 | (abcd & 7));
}

void encode_mode_a(const struct encode_state *s, struct frame *out)
{
    mode_ac(s->squawk, s->spi, out);
}

void encode_mode_c(const struct encode_state *s, struct frame *out)
{
    mode_ac(altitude_to_mode_c(s->alt_baro_ft), false, out);
}
