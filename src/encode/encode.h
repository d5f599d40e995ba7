/* Message → frame: the inverse of modes/, used by `simulate` and by every round-trip test. Each
   call fills a whole frame of 7 or 14 bytes with its parity; t_us, receiver, signal stay for the
   caller. Units as in field.def; a value not known is MODES_UNKNOWN and is encoded as "not
   available". */
#ifndef MASAR_ENCODE_ENCODE_H
#define MASAR_ENCODE_ENCODE_H

#include "model/frame.h"
#include "modes/cpr.h"

#include <stdbool.h>
#include <stdint.h>

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
};

void encode_all_call(const struct encode_state *s, struct frame *out); /* DF11 */
void encode_position(const struct encode_state *s, bool odd,
                     struct frame *out); /* DF17 BDS 0,5 or 0,6 */
void encode_identification(const struct encode_state *s, struct frame *out); /* DF17 BDS 0,8 */
void encode_velocity(const struct encode_state *s, struct frame *out);       /* DF17 BDS 0,9 */
void encode_status(const struct encode_state *s, struct frame *out);         /* DF17 BDS 6,1 */
void encode_target_state(const struct encode_state *s, struct frame *out);   /* DF17 BDS 6,2 */
void encode_operational(const struct encode_state *s, struct frame *out);    /* DF17 BDS 6,5 */
void encode_short_surveillance(const struct encode_state *s, unsigned df,
                               struct frame *out); /* DF 0 4 5 */
void encode_comm_b(const struct encode_state *s, unsigned df, uint8_t bds,
                   struct frame *out); /* DF 20 21 */

/* Any 112-bit extended squitter of DF 17 or 18 around a given ME field. */
void encode_squitter(unsigned df, unsigned ca_or_cf, uint32_t address, uint64_t me,
                     struct frame *out);

#endif
