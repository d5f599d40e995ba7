#include "uat/encode.h"

#include "uat/bits.h"
#include "uat/decode.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* As decode.c has them: bytes and bits are explained there. */
enum { NOT_SAID = INT32_MIN };

static void put_altitude(uint8_t *p, unsigned byte, int32_t ft)
{
    if (ft >= -1000 && ft <= 101350) {
        uat_put_bits(p, byte, 1, 12, (uint32_t)((ft + 1025 + 12) / 25));
    }
}

static uint32_t angle_code(int32_t e2_deg)
{
    return (uint32_t)(((int64_t)e2_deg * 512 + 18000) / 36000) & 511;
}

/* Sign and size of a velocity, at most 1,021 steps of one or four knots. */
static void put_speed(uint8_t *p, unsigned byte, unsigned bit, long kt, int step_kt)
{
    const long size = (labs(kt) + step_kt / 2) / step_kt;
    uat_put_bits(p, byte, bit, 1, kt < 0);
    uat_put_bits(p, bit == 8 ? byte + 1 : byte, bit == 8 ? 1 : bit + 1, 10,
                 (uint32_t)(size > 1021 ? 1022 : size) + 1);
}

static void put_velocity(const struct message *m, uint8_t *p)
{
    const int32_t gs = message_get(m, FIELD_GS, NOT_SAID),
                  track = message_get(m, FIELD_TRACK, NOT_SAID);
    int32_t ns = message_get(m, FIELD_NORTH_VELOCITY, NOT_SAID);
    int32_t ew = message_get(m, FIELD_EAST_VELOCITY, NOT_SAID);
    const bool fast = message_get(m, FIELD_SUPERSONIC, 0) || (gs > 102100 && ns == NOT_SAID);
    if (ns == NOT_SAID && ew == NOT_SAID && gs != NOT_SAID && track != NOT_SAID) {
        ns = (int32_t)lround(gs / 100.0 * cos(track * M_PI / 18000));
        ew = (int32_t)lround(gs / 100.0 * sin(track * M_PI / 18000));
    }
    uat_put_bits(p, 13, 1, 2, fast);
    if (ns != NOT_SAID) {
        put_speed(p, 13, 4, ns, fast ? 4 : 1);
    }
    if (ew != NOT_SAID) {
        put_speed(p, 14, 7, ew, fast ? 4 : 1);
    }
    const int32_t baro = message_get(m, FIELD_BARO_RATE, NOT_SAID);
    const int32_t rate = baro != NOT_SAID ? baro : message_get(m, FIELD_GEOM_RATE, NOT_SAID);
    if (rate != NOT_SAID) {
        const long steps = (labs((long)rate) + 32) / 64;
        uat_put_bits(p, 16, 2, 1, baro != NOT_SAID);
        uat_put_bits(p, 16, 3, 1, rate < 0);
        uat_put_bits(p, 16, 4, 9, (uint32_t)(steps > 509 ? 510 : steps) + 1);
    }
}

static void put_ground(const struct message *m, uint8_t *p)
{
    static const uint8_t angle[4] = {0, FIELD_TRACK, FIELD_MAG_HEADING, FIELD_TRUE_HEADING};
    const int32_t gs = message_get(m, FIELD_GS, NOT_SAID);
    uat_put_bits(p, 13, 1, 2, 2);
    if (gs >= 0) {
        uat_put_bits(p, 13, 5, 10, (uint32_t)((gs + 50) / 100 > 1021 ? 1022 : (gs + 50) / 100) + 1);
    }
    for (unsigned kind = 1; kind < 4; kind++) {
        const int32_t v = message_get(m, (enum field)angle[kind], NOT_SAID);
        if (v != NOT_SAID) {
            uat_put_bits(p, 14, 7, 2, kind);
            uat_put_bits(p, 15, 1, 9, angle_code(v));
            break;
        }
    }
}

static unsigned qualifier_of(uint8_t origin, bool is_icao)
{
    switch (origin) {
    case ORIGIN_UAT_TISB_ICAO:
    case ORIGIN_TISB_ICAO:
        return UAT_TISB_ICAO;
    case ORIGIN_UAT_TISB_TRACKFILE:
    case ORIGIN_TISB_TRACKFILE:
    case ORIGIN_TISB_OTHER:
        return UAT_TISB_TRACKFILE;
    case ORIGIN_UAT_VEHICLE:
        return UAT_VEHICLE;
    case ORIGIN_UAT_BEACON:
        return UAT_BEACON;
    case ORIGIN_UAT_ADSR_OTHER:
    case ORIGIN_ADSR_OTHER:
        return UAT_ADSR_OTHER;
    default:
        return is_icao ? UAT_ADSB_ICAO : UAT_ADSB_OTHER;
    }
}

/* Degrees as steps of 360/2^24. */
static uint32_t place_code(int32_t e7)
{
    return (uint32_t)lround(e7 * (16777216.0 / 3.6e9));
}

static void put_state_vector(const struct message *m, uint8_t *p, unsigned q)
{
    const int32_t baro = message_get(m, FIELD_ALT_BARO, NOT_SAID);
    const int32_t geom = message_get(m, FIELD_ALT_GEOM, NOT_SAID);
    if (m->has_place) {
        uat_put_bits(p, 5, 1, 23, place_code(m->lat_e7) & 0x7fffff);
        uat_put_bits(p, 7, 8, 24, place_code(m->lon_e7) & 0xffffff);
    }
    if (baro != NOT_SAID) {
        put_altitude(p, 11, baro);
    } else if (geom != NOT_SAID) {
        uat_put_bits(p, 10, 8, 1, 1);
        put_altitude(p, 11, geom);
    }
    uat_put_bits(p, 12, 5, 4, (uint32_t)message_get(m, FIELD_NIC, 0));
    const int32_t ground = message_get(m, FIELD_GROUND, NOT_SAID);
    if (ground == 1) {
        put_ground(m, p);
    } else if (ground == NOT_SAID && message_get(m, FIELD_GS, NOT_SAID) == NOT_SAID) {
        uat_put_bits(p, 13, 1, 2, 3); /* reserved: nobody knows whether it flies */
    } else {
        put_velocity(m, p);
    }
    if (q == UAT_TISB_ICAO || q == UAT_TISB_TRACKFILE || q == UAT_ADSR_OTHER) {
        uat_put_bits(p, 17, 5, 4, (uint32_t)message_get(m, FIELD_TISB_SITE, 0));
    } else {
        uat_put_bits(p, 17, 5, 1, (uint32_t)message_get(m, FIELD_UTC_COUPLED, 0));
        uat_put_bits(p, 17, 6, 3, (uint32_t)message_get(m, FIELD_UPLINK_FEEDBACK, 0));
    }
}

static uint32_t letter_code(char c)
{
    return c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
           : c >= 'A' && c <= 'Z' ? (uint32_t)(c - 'A' + 10)
                                  : 36;
}

static void put_names(const struct message *m, uint8_t *p)
{
    char id[8] = {' ', ' ', ' ', ' ', ' ', ' ', ' ', ' '};
    const int32_t squawk = message_get(m, FIELD_SQUAWK, NOT_SAID);
    const bool has_flight = message_get(m, FIELD_FLIGHT, NOT_SAID) != NOT_SAID;
    if (has_flight) {
        memcpy(id, m->flight, sizeof id);
    } else if (squawk != NOT_SAID) {
        for (unsigned i = 0; i < 4; i++) {
            id[i] = (char)('0' + (squawk >> (9 - 3 * i) & 7));
        }
    }
    const int32_t category = message_get(m, FIELD_CATEGORY, 0xa0) - 0xa0;
    uint32_t digit[9] = {category < 0 ? 0 : ((uint32_t)category >> 4) * 8 + (category & 7)};
    for (unsigned i = 0; i < 8; i++) {
        digit[i + 1] = letter_code(id[i]);
    }
    for (unsigned i = 0; i < 3; i++) {
        const uint32_t *d = digit + (size_t)3 * i;
        uat_put_bits(p, 18 + 2 * i, 1, 16, (d[0] * 40 + d[1]) * 40 + d[2]);
    }
    uat_put_bits(p, 27, 7, 1, has_flight);
}

static void put_mode_status(const struct message *m, uint8_t *p)
{
    size_t n;
    const struct uat_plain *e = uat_mode_status(&n);
    put_names(m, p);
    for (; n > 0; n--, e++) {
        uat_put_bits(p, e->byte, e->bit, e->n, (uint32_t)message_get(m, (enum field)e->field, 0));
    }
    uat_put_bits(p, 27, 8, 1, message_get(m, FIELD_SIL_TYPE, SIL_PER_HOUR) == SIL_PER_SAMPLE);
}

static void put_target(const struct message *m, uint8_t *p)
{
    const int32_t fms = message_get(m, FIELD_NAV_ALT_FMS, NOT_SAID);
    const int32_t altitude = fms != NOT_SAID ? fms : message_get(m, FIELD_NAV_ALT_MCP, NOT_SAID);
    const int32_t qnh = message_get(m, FIELD_NAV_QNH, NOT_SAID);
    const int32_t heading = message_get(m, FIELD_NAV_HEADING, NOT_SAID);
    const int32_t modes = message_get(m, FIELD_NAV_MODES, NOT_SAID);
    if (altitude >= 0 && altitude <= 65472) {
        uat_put_bits(p, 1, 1, 1, fms != NOT_SAID);
        uat_put_bits(p, 1, 2, 11, (uint32_t)(altitude + 16) / 32 + 1);
    }
    if (qnh >= 8000 && qnh <= 12080) {
        uat_put_bits(p, 2, 5, 9, (uint32_t)(qnh - 8000 + 4) / 8 + 1);
    }
    if (heading != NOT_SAID) {
        uat_put_bits(p, 3, 6, 1, 1);
        uat_put_bits(p, 3, 7, 9, angle_code(heading));
    }
    if (modes != NOT_SAID) {
        static const uint8_t mode[5] = {NAV_AUTOPILOT, NAV_VNAV, NAV_ALTHOLD, NAV_APPROACH,
                                        NAV_LNAV};
        uat_put_bits(p, 4, 8, 1, 1);
        for (unsigned i = 0; i < 5; i++) {
            uat_put_bits(p, 5, 1 + i, 1, (modes & mode[i]) != 0);
        }
    }
}

void uat_encode(const struct message *m, struct uat_frame *f)
{
    int32_t type = message_get(m, FIELD_PAYLOAD_TYPE, 1);
    type = type >= 1 && type <= 6 ? type : 0;
    const unsigned q = qualifier_of(m->origin, !(m->address & ADDRESS_NON_ICAO));
    *f = (struct uat_frame){
        .t_us = m->t_us,
        .receiver = m->receiver,
        .flags = m->flags,
        .signal = m->signal,
        .rssi_ddb = UAT_NO_RSSI,
        .n = type == 0 ? UAT_SHORT : UAT_LONG,
    };
    uint8_t *p = f->byte;
    uat_put_bits(p, 1, 1, 5, (uint32_t)type);
    uat_put_bits(p, 1, 6, 3, q);
    uat_put_bits(p, 2, 1, 24, m->address & 0xffffff);
    put_state_vector(m, p, q);
    if (type == 1 || type == 3) {
        put_mode_status(m, p);
    }
    if (type == 1 || type == 2 || type == 5 || type == 6) {
        const bool has_baro = message_get(m, FIELD_ALT_BARO, NOT_SAID) != NOT_SAID;
        const int32_t geom = message_get(m, FIELD_ALT_GEOM, NOT_SAID);
        if (has_baro && geom != NOT_SAID) {
            put_altitude(p, 30, geom);
        }
    }
    if (type == 3 || type == 4) {
        put_target(m, p + 29);
    } else if (type == 6) {
        put_target(m, p + 24);
    }
}
