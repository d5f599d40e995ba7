/* The encoders of include/masar.h: ranges are judged here, bits are set in encode/. */
#include "libmasar/internal.h"

#include "base/bytes.h"
#include "encode/encode.h"

#include <math.h>
#include <string.h>

enum { ALTITUDE_LEAST_FT = -1000, ALTITUDE_MOST_FT = 126700, NIC = 8 };

static bool within(int64_t v, int64_t least, int64_t most)
{
    return v >= least && v <= most;
}

static bool is_address(uint32_t address)
{
    return address <= 0xffffff;
}

static bool is_place(int32_t lat_e7, int32_t lon_e7)
{
    return within(lat_e7, -900000000, 900000000) && within(lon_e7, -1800000000, 1800000000);
}

static bool is_altitude(int32_t ft)
{
    return ft == MASAR_UNKNOWN || within(ft, ALTITUDE_LEAST_FT, ALTITUDE_MOST_FT);
}

/* Not so for what is not a number. */
static bool is_velocity(double gs_kt, double most_kt, double track_deg)
{
    return gs_kt >= 0 && gs_kt <= most_kt && track_deg >= 0 && track_deg < 360;
}

static struct encode_state state_of(uint32_t address)
{
    struct encode_state s = encode_state_unknown();
    s.address = address;
    s.nic = NIC;
    return s;
}

static void set_velocity(struct encode_state *s, double gs_kt, double track_deg)
{
    s->gs_e2_kt = (int32_t)lrint(gs_kt * 100);
    s->track_e2_deg = (int32_t)lrint(track_deg * 100) % 36000;
}

static size_t give(const struct frame *f, uint8_t *frame)
{
    memcpy(frame, f->byte, f->n);
    return f->n;
}

size_t masar_encode_squitter(uint32_t address, const uint8_t me[7], uint8_t frame[14])
{
    struct frame f;
    if (!is_address(address)) {
        return 0;
    }
    encode_squitter(17, 5, address, be56(me), &f);
    return give(&f, frame);
}

static bool is_flight(const char *flight)
{
    const size_t n = strspn(flight, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ");
    return n <= 8 && flight[n] == '\0';
}

size_t masar_encode_identification(uint32_t address, const char *flight, int category,
                                   uint8_t frame[14])
{
    struct encode_state s = state_of(address);
    struct frame f;
    const bool is_category = within(category, 0xa0, 0xd7) && (category & 0x0f) <= 7;
    if (!is_address(address) || !is_category || (flight && !is_flight(flight))) {
        return 0;
    }
    s.category = (uint8_t)category;
    memcpy(s.flight, flight ? flight : "", flight ? strlen(flight) : 0);
    encode_identification(&s, &f);
    return give(&f, frame);
}

size_t masar_encode_position(uint32_t address, int32_t lat_e7, int32_t lon_e7, int32_t alt_baro_ft,
                             bool odd, uint8_t frame[14])
{
    struct encode_state s = state_of(address);
    struct frame f;
    if (!is_address(address) || !is_place(lat_e7, lon_e7) || !is_altitude(alt_baro_ft)) {
        return 0;
    }
    s.at = (struct cpr_position){lat_e7, lon_e7};
    s.alt_baro_ft = alt_baro_ft;
    encode_position(&s, odd, &f);
    return give(&f, frame);
}

size_t masar_encode_surface(uint32_t address, int32_t lat_e7, int32_t lon_e7, double gs_kt,
                            double track_deg, bool odd, uint8_t frame[14])
{
    struct encode_state s = state_of(address);
    struct frame f;
    if (!is_address(address) || !is_place(lat_e7, lon_e7) || !is_velocity(gs_kt, 175, track_deg)) {
        return 0;
    }
    s.ground = true;
    s.at = (struct cpr_position){lat_e7, lon_e7};
    set_velocity(&s, gs_kt, track_deg);
    encode_position(&s, odd, &f);
    return give(&f, frame);
}

size_t masar_encode_velocity(uint32_t address, double gs_kt, double track_deg,
                             int32_t vertical_rate_fpm, uint8_t frame[14])
{
    struct encode_state s = state_of(address);
    struct frame f;
    const bool is_rate =
        vertical_rate_fpm == MASAR_UNKNOWN || within(vertical_rate_fpm, -32640, 32640);
    if (!is_address(address) || !is_velocity(gs_kt, 4084, track_deg) || !is_rate) {
        return 0;
    }
    set_velocity(&s, gs_kt, track_deg);
    s.baro_rate_fpm = vertical_rate_fpm;
    encode_velocity(&s, &f);
    return give(&f, frame);
}

size_t masar_encode_emergency(uint32_t address, int emergency, int squawk, uint8_t frame[14])
{
    struct encode_state s = state_of(address);
    struct frame f;
    if (!is_address(address) || !within(emergency, 0, 6) || !within(squawk, 0, 07777)) {
        return 0;
    }
    s.emergency = (uint8_t)emergency;
    s.squawk = (uint16_t)squawk;
    encode_status(&s, &f);
    return give(&f, frame);
}

size_t masar_encode_operational(uint32_t address, bool ground, int nac_p, int sil,
                                uint8_t frame[14])
{
    struct encode_state s = state_of(address);
    struct frame f;
    if (!is_address(address) || !within(nac_p, 0, 11) || !within(sil, 0, 3)) {
        return 0;
    }
    s.ground = ground;
    s.nac_p = (uint8_t)nac_p;
    s.sil = (uint8_t)sil;
    encode_operational(&s, &f);
    return give(&f, frame);
}

size_t masar_encode_all_call(uint32_t address, int interrogator, uint8_t frame[7])
{
    struct encode_state s = state_of(address);
    struct frame f;
    if (!is_address(address) || !within(interrogator, 0, 79) || interrogator == 16) {
        return 0;
    }
    s.interrogator = (uint8_t)interrogator;
    encode_all_call(&s, &f);
    return give(&f, frame);
}

size_t masar_encode_reply(int df, uint32_t address, int32_t code, const uint8_t *field,
                          uint8_t *frame)
{
    struct encode_state s = state_of(address);
    struct frame f;
    const bool is_short = df == 0 || df == 4 || df == 5;
    const bool is_long = df == 16 || df == 20 || df == 21;
    const bool is_squawk = df == 5 || df == 21;
    if (!(is_short || is_long) || !is_address(address) || is_long != (field != NULL) ||
        !(is_squawk ? within(code, 0, 07777) : is_altitude(code))) {
        return 0;
    }
    if (is_squawk) {
        s.squawk = (uint16_t)code;
    } else {
        s.alt_baro_ft = code;
    }
    if (field) {
        encode_long_reply(&s, (unsigned)df, be56(field), &f);
    } else {
        encode_short_surveillance(&s, (unsigned)df, &f);
    }
    return give(&f, frame);
}
