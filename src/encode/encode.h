/* Message → frame: the inverse of modes/, used by `simulate` and by every round-trip test. Each
   call fills a whole frame of 7 or 14 bytes with its parity; t_us, tick, receiver, signal and flags
   stay for the caller. Units as in field.def; a value not known is MODES_UNKNOWN and is encoded as
   "not available", as is one that no code of its field can say. */
#ifndef MASAR_ENCODE_ENCODE_H
#define MASAR_ENCODE_ENCODE_H

#include "model/frame.h"
#include "modes/cpr.h"
#include "modes/decode.h"

#include <stdbool.h>
#include <stdint.h>

/* Members of encode_state whose zero is a value: each counts only where its bit is set. */
enum encode_has {
    ENCODE_NAV_ALTITUDE_FMS = 1,
    ENCODE_NAV_HEADING = 2,
    ENCODE_NAV_MODES = 4,
    ENCODE_GEOM_RATE = 8,
    ENCODE_WEATHER = 16 /* wind, temperature and static pressure: BDS 4,4 */
};

struct encode_state {
    uint32_t address; /* 24 bits */
    bool ground;
    struct cpr_position at;
    int32_t alt_baro_ft, alt_geom_ft;
    int32_t gs_e2_kt, track_e2_deg, baro_rate_fpm;
    char flight[8];
    uint16_t squawk;
    uint8_t category; /* 0xa0 .. 0xd7 */
    uint8_t version, nic, nac_p, nac_v, sil, gva, sda, nic_baro;
    uint8_t emergency; /* enum emergency */
    int32_t nav_altitude_mcp_ft, nav_qnh_e1_hpa;
    int32_t ias_kt, tas_kt, mach_e3, mag_heading_e2_deg, roll_e2_deg, track_rate_e2_deg_s;

    uint8_t has;       /* enum encode_has */
    uint8_t nav_modes; /* enum nav_mode */
    int32_t nav_altitude_fms_ft, nav_heading_e2_deg, geom_rate_fpm;
    bool alert, spi, tcas;
    bool hrd;             /* headings are magnetic */
    bool surface_heading; /* track_e2_deg is a heading while on the ground */
    bool sil_per_sample;  /* else per hour */
    uint8_t size_code;    /* length and width, 0..15 */
    uint8_t interrogator; /* DF11: 0..15 II, 17..79 SI + 16 */
    uint16_t resolution;  /* ACAS: active resolution advisories, 14 bits */
    int32_t wind_dir_deg, wind_speed_kt, oat_e1_c, static_pressure_hpa;
    uint32_t gicb; /* bits 1..24 of BDS 1,7; 0: the registers encode_register fills by default */
};

/* A state of which nothing is known but that it is version 2 and airborne at 0 N 0 E. */
struct encode_state encode_state_unknown(void);

void encode_all_call(const struct encode_state *s, struct frame *out); /* DF11 */
void encode_position(const struct encode_state *s, bool odd,
                     struct frame *out); /* DF17 BDS 0,5 or 0,6 */
void encode_identification(const struct encode_state *s, struct frame *out); /* DF17 BDS 0,8 */
void encode_velocity(const struct encode_state *s, struct frame *out);       /* DF17 BDS 0,9 */
void encode_status(const struct encode_state *s, struct frame *out);         /* DF17 BDS 6,1 */
void encode_advisory(const struct encode_state *s,
                     struct frame *out); /* DF17 BDS 6,1 subtype 2: the ACAS RA broadcast */
void encode_target_state(const struct encode_state *s, struct frame *out); /* DF17 BDS 6,2 */
void encode_operational(const struct encode_state *s, struct frame *out);  /* DF17 BDS 6,5 */
void encode_short_surveillance(const struct encode_state *s, unsigned df,
                               struct frame *out); /* DF 0 4 5 */
void encode_comm_b(const struct encode_state *s, unsigned df, uint8_t bds,
                   struct frame *out);                               /* DF 20 21 */
void encode_mode_a(const struct encode_state *s, struct frame *out); /* 2 bytes: the squawk */
void encode_mode_c(const struct encode_state *s, struct frame *out); /* 2 bytes: the altitude */

/* A reply of DF 16, 20 or 21 around a given MV or MB field. */
void encode_long_reply(const struct encode_state *s, unsigned df, uint64_t payload,
                       struct frame *out);

/* The 56 bits of a Comm-B register: 0x05 0x06 0x08 0x09 0x10 0x17 0x18 0x20 0x30 0x40 0x44 0x50
   0x53 0x60 0x61 0x62 0x65. Zero, which is what a transponder answers for a register it does not
   load, for all others. */
uint64_t encode_register(const struct encode_state *s, uint8_t bds);

/* Any 112-bit extended squitter of DF 17 or 18 around a given ME field. */
void encode_squitter(unsigned df, unsigned ca_or_cf, uint32_t address, uint64_t me,
                     struct frame *out);

/* The ME fields alone, for squitters of other formats. */
uint64_t encode_me_position(const struct encode_state *s, bool odd);
uint64_t encode_me_identification(const struct encode_state *s);
uint64_t encode_me_velocity(const struct encode_state *s);
uint64_t encode_me_status(const struct encode_state *s);
uint64_t encode_me_advisory(const struct encode_state *s);
uint64_t encode_me_target_state(const struct encode_state *s);
uint64_t encode_me_operational(const struct encode_state *s);

#endif
