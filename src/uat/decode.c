#include "uat/decode.h"

#include "uat/bits.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *name;
    uint8_t origin;
    bool is_icao;
} qualifier[8] = {
    [UAT_ADSB_ICAO] = {"adsb_icao", ORIGIN_UAT_ICAO, true},
    [UAT_ADSB_OTHER] = {"adsb_other", ORIGIN_UAT_OTHER, false},
    [UAT_TISB_ICAO] = {"tisb_icao", ORIGIN_UAT_TISB_ICAO, true},
    [UAT_TISB_TRACKFILE] = {"tisb_trackfile", ORIGIN_UAT_TISB_TRACKFILE, false},
    [UAT_VEHICLE] = {"vehicle", ORIGIN_UAT_VEHICLE, true},
    [UAT_BEACON] = {"fixed_beacon", ORIGIN_UAT_BEACON, false},
    [UAT_ADSR_OTHER] = {"adsr_other", ORIGIN_UAT_ADSR_OTHER, false},
    [UAT_RESERVED] = {"reserved", ORIGIN_UNKNOWN, false},
};

const char *uat_qualifier_name(unsigned q)
{
    return qualifier[q & 7].name;
}

/* What follows the header, by payload type code (DO-282B Table 2-10); all but the header-only types
   begin with a state vector. */
enum element {
    SV = 1,
    MS = 2,     /* mode status, bytes 18..29 */
    AUX = 4,    /* auxiliary state vector, from byte 30 */
    TARGET = 8, /* target state, from byte 30 */
    EARLY = 16  /* target state, from byte 25 */
};

static const uint8_t elements[32] = {
    [0] = SV,
    [1] = SV | MS | AUX,
    [2] = SV | AUX,
    [3] = SV | MS | TARGET,
    [4] = SV | TARGET,
    [5] = SV | AUX,
    [6] = SV | EARLY | AUX,
    [7] = SV,
    [8] = SV,
    [9] = SV,
    [10] = SV,
};

/* Radius of containment in meters, by NIC; 0: not known. */
static const int32_t rc_m[16] = {0, 37040, 14816, 7408, 3704, 1852, 1111, 370, 185, 75, 25, 8};

/* Altitude code: 0 none, 1 is -1000 ft, steps of 25 ft. */
static void put_altitude(struct message *m, uint32_t raw, bool is_geometric)
{
    if (raw) {
        message_add(m, is_geometric ? FIELD_ALT_GEOM : FIELD_ALT_BARO, ((int32_t)raw - 41) * 25);
    }
}

/* Airborne, bytes 13..17:
 *   13 | A/G 2 | reserved 1 | N/S sign 1 | north velocity 10 …
 *   14.7 | E/W sign 1 | east velocity 10 …
 *   16.2 | source of the vertical rate 1 | its sign 1 | rate 9 …
 * Velocities: 0 none, 1 is 0 kt, steps of 1 kt (4 kt if supersonic); rate: 0 none, 1 is 0, 64 fpm.
 */
static void put_velocity(struct message *m, const uint8_t *p, int32_t step_kt)
{
    const uint32_t raw_ns = uat_bits(p, 13, 5, 10), raw_ew = uat_bits(p, 14, 8, 10);
    const int32_t ns = ((int32_t)raw_ns - 1) * (uat_bits(p, 13, 4, 1) ? -step_kt : step_kt);
    const int32_t ew = ((int32_t)raw_ew - 1) * (uat_bits(p, 14, 7, 1) ? -step_kt : step_kt);
    if (raw_ns) {
        message_add(m, FIELD_NORTH_VELOCITY, ns);
    }
    if (raw_ew) {
        message_add(m, FIELD_EAST_VELOCITY, ew);
    }
    if (raw_ns && raw_ew) {
        message_add(m, FIELD_GS, (int32_t)lround(100 * sqrt((double)ns * ns + (double)ew * ew)));
        const long e2 = lround(atan2(ew, ns) * (18000 / M_PI));
        message_add(m, FIELD_TRACK, (int32_t)((e2 + 36000) % 36000));
    }
    const uint32_t raw_rate = uat_bits(p, 16, 4, 9);
    if (raw_rate) {
        const int32_t fpm = ((int32_t)raw_rate - 1) * (uat_bits(p, 16, 3, 1) ? -64 : 64);
        message_add(m, uat_bits(p, 16, 2, 1) ? FIELD_BARO_RATE : FIELD_GEOM_RATE, fpm);
    }
}

/* Length and width codes, in decimeters: an upper bound of each (DO-282B Table 2-35). */
static const uint16_t size_dm[16][2] = {
    {0, 0},     {150, 230}, {250, 285}, {250, 340}, {350, 330}, {350, 380}, {450, 395}, {450, 450},
    {550, 450}, {550, 520}, {650, 595}, {650, 670}, {750, 725}, {750, 800}, {850, 800}, {850, 900}};

/* Where the GPS antenna is: bit 16.7 tells along (1) or across (0). Along: 0 none, 1 applied by the
   sensor, else steps of 2 m from the nose. Across, left negative: 0 none, 1..3 left, 4..7 right of
   the middle. */
static void put_antenna_place(struct message *m, const uint8_t *p)
{
    const uint32_t along = uat_bits(p, 16, 8, 5), across = uat_bits(p, 16, 8, 3);
    if (uat_bits(p, 16, 7, 1)) {
        if (along) {
            message_add(m, FIELD_GPS_OFFSET_APPLIED, along == 1);
        }
        if (along > 1) {
            message_add(m, FIELD_GPS_LONGITUDINAL, (int32_t)(along - 1) * 2);
        }
    } else if (across) {
        message_add(m, FIELD_GPS_LATERAL,
                    across <= 3 ? (int32_t)across * -2 : ((int32_t)across - 4) * 2);
    }
}

/* On the ground, bytes 13..17:
 *   13 | A/G 2 | reserved 2 | ground speed 10 (0 none, 1 is 0 kt) …
 *   14.7 | type of angle 2: 0 none, 1 track, 2 magnetic heading, 3 true heading | angle 9, 360/512
 *   16.2 | length and width code 4 | 16.7 GPS antenna 6 */
static void put_ground(struct message *m, const uint8_t *p)
{
    static const uint8_t angle[4] = {0, FIELD_TRACK, FIELD_MAG_HEADING, FIELD_TRUE_HEADING};
    const uint32_t speed = uat_bits(p, 13, 5, 10), kind = uat_bits(p, 14, 7, 2);
    if (speed) {
        message_add(m, FIELD_GS, ((int32_t)speed - 1) * 100);
    }
    if (kind) {
        const uint32_t raw = uat_bits(p, 15, 1, 9);
        message_add(m, (enum field)angle[kind], (int32_t)((raw * 36000 + 256) / 512) % 36000);
    }
    const uint32_t size = uat_bits(p, 16, 2, 4);
    if (size) {
        message_add(m, FIELD_LENGTH, size_dm[size][0]);
        message_add(m, FIELD_WIDTH, size_dm[size][1]);
    }
    put_antenna_place(m, p);
}

/* Who may say what in bits 5..8 of byte 17: aircraft whether their clock is that of UTC and how
   much of the uplink they heard, ground stations who they are. */
static void put_last_nibble(struct message *m, const uint8_t *p, unsigned q)
{
    switch (q) {
    case UAT_ADSB_ICAO:
    case UAT_ADSB_OTHER:
    case UAT_VEHICLE:
    case UAT_BEACON:
        message_add(m, FIELD_UTC_COUPLED, (int32_t)uat_bits(p, 17, 5, 1));
        message_add(m, FIELD_UPLINK_FEEDBACK, (int32_t)uat_bits(p, 17, 6, 3));
        break;
    case UAT_TISB_ICAO:
    case UAT_TISB_TRACKFILE:
    case UAT_ADSR_OTHER:
        message_add(m, FIELD_TISB_SITE, (int32_t)uat_bits(p, 17, 5, 4));
        break;
    default:
        break;
    }
}

/* State vector (DO-282B 2.2.4.5.2):
 *    5 | latitude 23 | 7.8 longitude 24 | 10.8 altitude is geometric 1
 *   11 | altitude 12 | 12.5 NIC 4
 *   13 | A/G state 2 … as above */
static void put_state_vector(struct message *m, const uint8_t *p, unsigned q)
{
    enum { SUBSONIC, SUPERSONIC, ON_GROUND };
    const uint32_t nic = uat_bits(p, 12, 5, 4), state = uat_bits(p, 13, 1, 2);
    put_altitude(m, uat_bits(p, 11, 1, 12), uat_bits(p, 10, 8, 1));
    message_add(m, FIELD_NIC, (int32_t)nic);
    if (rc_m[nic]) {
        message_add(m, FIELD_RC, rc_m[nic]);
    }
    if (uat_bits(p, 5, 1, 23) || uat_bits(p, 7, 8, 24) || nic) {
        m->has_place = true;
        uat_place(p + 4, &m->lat_e7, &m->lon_e7);
    }
    if (state <= ON_GROUND) {
        message_add(m, FIELD_GROUND, state == ON_GROUND);
    }
    if (state == SUPERSONIC) {
        message_add(m, FIELD_SUPERSONIC, 1);
    }
    if (state == ON_GROUND) {
        put_ground(m, p);
    } else if (state != 3) {
        put_velocity(m, p, state == SUPERSONIC ? 4 : 1);
    }
    put_last_nibble(m, p, q);
}

/* Three letters of base 40 in 16 bits, the first one of the first word being the category. */
static void put_names(struct message *m, const uint8_t *p)
{
    static const char letter[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ   ";
    char name[9];
    for (unsigned i = 0; i < sizeof name; i++) {
        static const uint16_t weight[3] = {1600, 40, 1};
        const uint32_t digit = uat_bits(p, 18 + i / 3 * 2, 1, 16) / weight[i % 3] % 40;
        name[i] = digit < sizeof letter - 1 ? letter[digit] : ' ';
        if (i == 0) {
            message_add(m, FIELD_CATEGORY, (int32_t)((0xa0 + (digit / 8 << 4)) | digit % 8));
        }
    }
    const char *const id = name + 1;
    bool is_octal = memcmp(id + 4, "    ", 4) == 0;
    int32_t squawk = 0;
    for (unsigned i = 0; i < 4; i++) {
        is_octal &= id[i] >= '0' && id[i] <= '7';
        squawk = squawk << 3 | (id[i] & 7);
    }
    if (uat_bits(p, 27, 7, 1)) { /* CSID: a call sign; else the flight plan's Mode A code */
        if (memcmp(id, "        ", 8) != 0) {
            memcpy(m->flight, id, sizeof m->flight);
            message_add(m, FIELD_FLIGHT, 0);
        }
    } else if (is_octal) {
        message_add(m, FIELD_SQUAWK, squawk);
    }
}

/* Mode status (DO-282B 2.2.4.5.4), after the names of bytes 18..23. */
static const struct uat_plain mode_status[] = {
    {24, 1, 3, FIELD_EMERGENCY},
    {24, 4, 3, FIELD_VERSION},
    {24, 7, 2, FIELD_SIL},
    {25, 1, 6, FIELD_MSO},
    {25, 7, 2, FIELD_SDA},
    {26, 1, 4, FIELD_NAC_P},
    {26, 5, 3, FIELD_NAC_V},
    {26, 8, 1, FIELD_NIC_BARO},
    {27, 1, 1, FIELD_UAT_IN},
    {27, 2, 1, FIELD_ES_IN},
    {27, 3, 1, FIELD_TCAS},
    {27, 4, 1, FIELD_RA_ACTIVE},
    {27, 5, 1, FIELD_SPI},
    {27, 6, 1, FIELD_ATC_SERVICES},
    {28, 1, 2, FIELD_GVA},
    {28, 3, 1, FIELD_ONE_ANTENNA},
    {28, 4, 1, FIELD_NIC_SUPPLEMENT},
};

const struct uat_plain *uat_mode_status(size_t *n)
{
    *n = sizeof mode_status / sizeof *mode_status;
    return mode_status;
}

static void put_mode_status(struct message *m, const uint8_t *p)
{
    put_names(m, p);
    for (size_t i = 0; i < sizeof mode_status / sizeof *mode_status; i++) {
        const struct uat_plain *e = &mode_status[i];
        message_add(m, (enum field)e->field, (int32_t)uat_bits(p, e->byte, e->bit, e->n));
    }
    message_add(m, FIELD_SIL_TYPE, uat_bits(p, 27, 8, 1) ? SIL_PER_SAMPLE : SIL_PER_HOUR);
}

/* Target state (DO-282B 2.2.4.5.6), p at its first byte:
 *   1 | altitude is the FMS's 1 | altitude 11 (0 none, 1 is 0 ft, 32 ft)
 *   2.5 | pressure setting 9 (0 none, 1 is 800 hPa, 0.8 hPa)
 *   3.6 | heading there 1 | sign 1 | heading 8, 180/256
 *   4.8 | modes there 1 | 5 | autopilot, VNAV, altitude hold, approach, LNAV */
static void put_target(struct message *m, const uint8_t *p)
{
    const uint32_t altitude = uat_bits(p, 1, 2, 11), pressure = uat_bits(p, 2, 5, 9);
    if (altitude) {
        message_add(m, uat_bits(p, 1, 1, 1) ? FIELD_NAV_ALT_FMS : FIELD_NAV_ALT_MCP,
                    ((int32_t)altitude - 1) * 32);
    }
    if (pressure) {
        message_add(m, FIELD_NAV_QNH, 8000 + ((int32_t)pressure - 1) * 8);
    }
    if (uat_bits(p, 3, 6, 1)) { /* with its sign nine bits of a full turn, as on 1090 MHz */
        const uint32_t raw = uat_bits(p, 3, 7, 9);
        message_add(m, FIELD_NAV_HEADING, (int32_t)((raw * 36000 + 256) / 512) % 36000);
    }
    if (uat_bits(p, 4, 8, 1)) {
        static const uint8_t mode[5] = {NAV_AUTOPILOT, NAV_VNAV, NAV_ALTHOLD, NAV_APPROACH,
                                        NAV_LNAV};
        int32_t set = 0;
        for (unsigned i = 0; i < 5; i++) {
            set |= uat_bits(p, 5, 1 + i, 1) ? mode[i] : 0;
        }
        message_add(m, FIELD_NAV_MODES, set);
    }
}

void uat_decode(const struct uat_frame *f, struct message *m)
{
    message_start(m);
    m->t_us = f->t_us;
    m->receiver = f->receiver;
    m->flags = f->flags;
    m->signal = f->signal;
    m->parity = PARITY_OK; /* Reed-Solomon has vouched for every byte */
    if (f->n != UAT_SHORT && f->n != UAT_LONG) {
        return;
    }
    const uint8_t *p = f->byte;
    const unsigned type = uat_bits(p, 1, 1, 5), q = uat_bits(p, 1, 6, 3);
    /* What a basic message is too short for is not there, whatever its type says. */
    const unsigned have = f->n == UAT_LONG ? elements[type] : elements[type] & SV;
    m->address = uat_bits(p, 2, 1, 24) | (qualifier[q].is_icao ? 0 : ADDRESS_NON_ICAO);
    m->origin = qualifier[q].origin;
    message_add(m, FIELD_PAYLOAD_TYPE, (int32_t)type);
    if (have & SV) {
        put_state_vector(m, p, q);
    }
    if (have & MS) {
        put_mode_status(m, p);
    }
    if (have & AUX) {
        put_altitude(m, uat_bits(p, 30, 1, 12), !uat_bits(p, 10, 8, 1));
    }
    if (have & (TARGET | EARLY)) {
        put_target(m, p + (have & TARGET ? 29 : 24));
    }
}
