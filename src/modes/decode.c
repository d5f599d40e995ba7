#include "modes/decode.h"

#include "base/bytes.h"
#include "modes/adsb.h"
#include "modes/altitude.h"
#include "modes/squawk.h"
#include "radio/parity.h"

/* One frame on its way: the bytes that count, after any repair. */
struct reading {
    const uint8_t *p; /* 7 or 14 bytes */
    uint32_t head;    /* its first 32 bits */
    uint32_t syndrome;
};

/* Bits first..last of the frame, 1 = first sent, all within the first 32. */
static uint32_t head_bits(const struct reading *r, unsigned first, unsigned last)
{
    return r->head >> (32 - last) & ((1u << (last - first + 1)) - 1);
}

static void add_altitude(struct message *m, int32_t ft)
{
    if (ft != ALTITUDE_NONE) {
        message_add(m, FIELD_ALT_BARO, ft);
    }
}

/* Flight status, DF 4 5 20 21 (Annex 10 IV 3.1.2.6.5.1): what each of 0..5 says; 6 and 7 say
 * nothing.
 */
static void flight_status(struct message *m, uint32_t fs)
{
    static const struct {
        int8_t alert, spi, ground; /* -1: not said */
    } says[8] = {{0, 0, 0},  {0, 0, 1},  {1, 0, 0},    {1, 0, 1},
                 {1, 1, -1}, {0, 1, -1}, {-1, -1, -1}, {-1, -1, -1}};
    message_add(m, FIELD_FLIGHT_STATUS, (int32_t)fs);
    if (says[fs].alert >= 0) {
        message_add(m, FIELD_ALERT, says[fs].alert);
        message_add(m, FIELD_SPI, says[fs].spi);
    }
    if (says[fs].ground >= 0) {
        message_add(m, FIELD_GROUND, says[fs].ground);
    }
}

/* DF 4 5 20 21, surveillance and Comm-B replies (Annex 10 IV 3.1.2.6.5, .7, .6.6, .6.8)
 *
 *    1- 5  format
 *    6- 8  flight status
 *    9-13  downlink request
 *   14-19  utility message
 *   20-32  altitude (4, 20) or identity (5, 21)
 *   33-88  MB (20, 21)
 *  last 24 address and parity
 */
static void surveillance(struct message *m, const struct reading *r)
{
    m->address = r->syndrome;
    flight_status(m, head_bits(r, 6, 8));
    message_add(m, FIELD_DOWNLINK_REQ, (int32_t)head_bits(r, 9, 13));
    message_add(m, FIELD_UTILITY, (int32_t)head_bits(r, 14, 19));
    if (m->df & 1) {
        message_add(m, FIELD_SQUAWK, (int32_t)squawk_from_id13(head_bits(r, 20, 32)));
    } else {
        add_altitude(m, altitude_ac13(head_bits(r, 20, 32)));
    }
    if (m->df >= 20) {
        m->payload = be56(r->p + 4);
    }
}

/* DF 0 and 16, air-air surveillance (Annex 10 IV 3.1.2.8.2, .8.3; 4.3.8.4.2.4)
 *
 *    1- 5  format
 *       6  vertical status: 1 on the ground
 *       7  crosslink capability (0)
 *    9-11  sensitivity level
 *   14-17  reply information
 *   20-32  altitude
 *   33-88  MV (16): register 3,0 holds the resolution advisory as BDS 3,0 does
 *  last 24 address and parity
 */
static void air_air(struct message *m, const struct reading *r)
{
    m->address = r->syndrome;
    const int32_t on_ground = (int32_t)head_bits(r, 6, 6);
    message_add(m, FIELD_VERTICAL, on_ground);
    message_add(m, FIELD_GROUND, on_ground);
    message_add(m, FIELD_SENSITIVITY, (int32_t)head_bits(r, 9, 11));
    message_add(m, FIELD_REPLY_INFO, (int32_t)head_bits(r, 14, 17));
    add_altitude(m, altitude_ac13(head_bits(r, 20, 32)));
    if (m->df == 16) {
        m->payload = be56(r->p + 4);
        if (me_bits(m->payload, 1, 8) == 0x30) {
            m->bds = 0x30;
            adsb_advisory(m);
        }
    }
}

/* Capability, DF 11 and 17 (Annex 10 IV 3.1.2.5.2.2.1): 4 on the ground, 5 airborne, else not said.
 */
static void capability(struct message *m, uint32_t ca, bool says_ground)
{
    message_add(m, FIELD_CAPABILITY, (int32_t)ca);
    if (says_ground && (ca == 4 || ca == 5)) {
        message_add(m, FIELD_GROUND, ca == 4);
    }
}

/* DF 11, all-call reply and acquisition squitter (Annex 10 IV 3.1.2.5.2.2)
 *
 *    1- 5  format
 *    6- 8  capability
 *    9-32  address
 *   33-56  parity, overlaid with the interrogator's code: 3 bits CL and 4 bits IC
 */
static void all_call(struct message *m, const struct reading *r)
{
    m->address = r->head & 0xffffff;
    capability(m, head_bits(r, 6, 8), true);
    if (m->parity != PARITY_BAD) {
        message_add(m, FIELD_INTERROGATOR, (int32_t)r->syndrome);
    }
}

/* Eight characters and the category leave no room for IMF: one reading for every service. */
static void identification(struct message *m, enum adsb_service s)
{
    (void)s;
    adsb_identification(m);
}

/* The ME field by its type code: 24 is the ground stations' own, 25..27 and 30 are reserved. */
static void type_code(struct message *m, enum adsb_service s)
{
    static void (*const read[32])(struct message *, enum adsb_service) = {
        [0] = adsb_airborne,  [1] = identification, [2] = identification,   [3] = identification,
        [4] = identification, [5] = adsb_surface,   [6] = adsb_surface,     [7] = adsb_surface,
        [8] = adsb_surface,   [9] = adsb_airborne,  [10] = adsb_airborne,   [11] = adsb_airborne,
        [12] = adsb_airborne, [13] = adsb_airborne, [14] = adsb_airborne,   [15] = adsb_airborne,
        [16] = adsb_airborne, [17] = adsb_airborne, [18] = adsb_airborne,   [19] = adsb_velocity,
        [20] = adsb_airborne, [21] = adsb_airborne, [22] = adsb_airborne,   [23] = adsb_test,
        [28] = adsb_status,   [29] = adsb_target,   [31] = adsb_operational};
    m->tc = (uint8_t)me_bits(m->payload, 1, 5);
    if (read[m->tc]) {
        read[m->tc](m, s);
    }
}

static bool is_position(uint32_t tc)
{
    return (tc >= 5 && tc <= 18) || (tc >= 20 && tc <= 22);
}

/* DF 17, extended squitter (Annex 10 IV 3.1.2.8.6)
 *
 *    1- 5  format
 *    6- 8  capability
 *    9-32  address
 *   33-88  ME
 *  89-112  parity
 */
static void squitter(struct message *m, const struct reading *r)
{
    m->address = r->head & 0xffffff;
    m->payload = be56(r->p + 4);
    m->origin = ORIGIN_ADSB_ICAO;
    capability(m, head_bits(r, 6, 8), !is_position(me_bits(m->payload, 1, 5)));
    type_code(m, ADSB_DIRECT);
}

/* DF 18, extended squitter of what is no transponder (Annex 10 IV 3.1.2.8.7; DO-260B 2.2.3.2.1.3):
   as DF 17, with a control field for the capability:
       0  ADS-B, ICAO address              4  management of TIS-B and ADS-R
       1  ADS-B, other address             5  fine TIS-B, other address
       2  fine TIS-B, address by IMF       6  ADS-R, address by IMF
       3  coarse TIS-B, address by IMF     7  reserved
   4 and 7 tell of no aircraft: what stands in the address field is kept, but as no ICAO address and
   with the origin unknown. */
static void non_transponder(struct message *m, const struct reading *r)
{
    static const struct {
        uint8_t origin, service;
        bool other;
    } says[8] = {{ORIGIN_ADSB_ICAO_NT, ADSB_DIRECT, false}, {ORIGIN_ADSB_OTHER, ADSB_DIRECT, true},
                 {ORIGIN_TISB_ICAO, ADSB_TISB, false},      {ORIGIN_TISB_ICAO, ADSB_TISB, false},
                 {ORIGIN_UNKNOWN, ADSB_DIRECT, true},       {ORIGIN_TISB_OTHER, ADSB_TISB, true},
                 {ORIGIN_ADSR_ICAO, ADSB_ADSR, false},      {ORIGIN_UNKNOWN, ADSB_DIRECT, true}};
    const uint32_t cf = head_bits(r, 6, 8);
    m->address = (r->head & 0xffffff) | (says[cf].other ? ADDRESS_NON_ICAO : 0);
    m->payload = be56(r->p + 4);
    m->origin = says[cf].origin;
    message_add(m, FIELD_CONTROL, (int32_t)cf);
    if (cf == 3) {
        tisb_coarse(m);
    } else if (cf != 4 && cf != 7) {
        const bool mlat = (m->flags & FRAME_MLAT) && says[cf].service == ADSB_TISB;
        type_code(m, mlat ? ADSB_MLAT : (enum adsb_service)says[cf].service);
    }
}

/* DF 19, military extended squitter: recognized. Application field 0 is a squitter as DF 17's
   (Annex 10 IV 3.1.2.8.8); the others' content is not public. */
static void military(struct message *m, const struct reading *r)
{
    const uint32_t af = head_bits(r, 6, 8);
    m->payload = be56(r->p + 4);
    message_add(m, FIELD_CONTROL, (int32_t)af);
    if (af == 0) {
        m->address = r->head & 0xffffff;
        m->origin = ORIGIN_ADSB_ICAO;
        type_code(m, ADSB_DIRECT);
    }
}

/* DF 24, Comm-D extended length message (Annex 10 IV 3.1.2.7.3): recognized; 1-2 format, 4 KE, 5-8
   segment, 9-88 MD, 89-112 address and parity. One segment says nothing by itself. */
static void extended_length(struct message *m, const struct reading *r)
{
    m->address = r->syndrome;
}

/* What is laid over the parity of a format: nothing, the interrogator's code, the address. */
enum overlay { OVERLAY_NONE, OVERLAY_ID, OVERLAY_ADDRESS };

struct format {
    void (*read)(struct message *m, const struct reading *r);
    uint8_t overlay;
    uint8_t repair_max;
};

enum { FORMATS = 25, IC_MAX = 79 };

/* The formats left out are reserved: their parity is taken for plain, and nothing is read. */
static const struct format formats[FORMATS] = {
    [0] = {air_air, OVERLAY_ADDRESS, 0},          [4] = {surveillance, OVERLAY_ADDRESS, 0},
    [5] = {surveillance, OVERLAY_ADDRESS, 0},     [11] = {all_call, OVERLAY_ID, 1},
    [16] = {air_air, OVERLAY_ADDRESS, 0},         [17] = {squitter, OVERLAY_NONE, 2},
    [18] = {non_transponder, OVERLAY_NONE, 2},    [19] = {military, OVERLAY_NONE, 0},
    [20] = {surveillance, OVERLAY_ADDRESS, 0},    [21] = {surveillance, OVERLAY_ADDRESS, 0},
    [24] = {extended_length, OVERLAY_ADDRESS, 0},
};

/* Flips what the syndrome accuses, in a copy: r then reads the copy. */
static bool repair(struct reading *r, uint8_t copy[FRAME_LONG], unsigned n, unsigned bits_max,
                   struct message *m)
{
    uint8_t bits[2];
    const unsigned wrong = parity_repair(r->syndrome, n, bits_max, bits);
    if (wrong == 0) {
        return false;
    }
    for (unsigned i = 0; i < n; i++) {
        copy[i] = r->p[i];
    }
    for (unsigned i = 0; i < wrong; i++) {
        copy[bits[i] / 8] ^= (uint8_t)(0x80 >> bits[i] % 8);
    }
    m->corrected = (uint8_t)(m->corrected + wrong);
    *r = (struct reading){copy, be32(copy), 0};
    return true;
}

static enum message_parity judge(const struct format *format, struct reading *r,
                                 uint8_t copy[FRAME_LONG], unsigned n, unsigned bits_max,
                                 struct message *m)
{
    if (format->overlay == OVERLAY_ADDRESS) {
        return PARITY_ADDRESS;
    }
    if (r->syndrome == 0) {
        return PARITY_OK;
    }
    if (format->overlay == OVERLAY_ID && r->syndrome <= IC_MAX) {
        return PARITY_ID;
    }
    const unsigned most = bits_max < format->repair_max ? bits_max : format->repair_max;
    return repair(r, copy, n, most, m) ? PARITY_OK : PARITY_BAD;
}

/* A Mode A/C reply: pulses 0 A4 A2 A1 0 B4 B2 B1 SPI C4 C2 C1 0 D4 D2 D1. Whether it answers "who"
   or "how high" only the interrogator knows: both readings are given. */
static void mode_ac(const uint8_t *p, struct message *m)
{
    const uint32_t v = (uint32_t)p[0] << 8 | p[1];
    const uint32_t code = (v >> 12 & 7) << 9 | (v >> 8 & 7) << 6 | (v >> 4 & 7) << 3 | (v & 7);
    m->df = 32;
    m->origin = ORIGIN_MODE_AC;
    message_add(m, FIELD_SQUAWK, (int32_t)code);
    if (v & 0x0080) {
        message_add(m, FIELD_SPI, 1);
    } else {
        add_altitude(m, altitude_mode_c(code));
    }
}

enum message_parity modes_decode(const struct frame *f, const struct modes_options *o,
                                 struct message *out)
{
    message_start(out);
    out->t_us = f->t_us;
    out->receiver = f->receiver;
    out->flags = f->flags;
    out->signal = f->signal;
    out->corrected = f->corrected;
    if (f->n == FRAME_MODE_AC) {
        mode_ac(f->byte, out);
        return PARITY_NONE;
    }
    const unsigned df = f->byte[0] < 0xc0 ? f->byte[0] >> 3 : 24;
    out->df = (uint8_t)df;
    if (f->n != (df < 16 ? FRAME_SHORT : FRAME_LONG)) {
        out->parity = PARITY_BAD;
        return PARITY_BAD;
    }
    uint8_t copy[FRAME_LONG];
    struct reading r = {f->byte, be32(f->byte), parity_remainder(f->byte, f->n)};
    const struct format *format = &formats[df];
    out->parity = (uint8_t)judge(format, &r, copy, f->n, o->repair_bits, out);
    if (format->read) {
        out->origin = ORIGIN_MODE_S;
        format->read(out, &r);
    }
    if (f->flags & FRAME_MLAT && out->origin != ORIGIN_UNKNOWN) {
        out->origin = ORIGIN_MLAT;
    }
    return (enum message_parity)out->parity;
}
