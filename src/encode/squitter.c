#include "base/bytes.h"
#include "encode/bits.h"
#include "encode/containment.h"
#include "encode/encode.h"
#include "modes/callsign.h"
#include "modes/squawk.h"

/* The ME fields whose tables stand in modes/adsb_identification.c, adsb_status.c, adsb_target.c and
   adsb_operational.c. */

uint64_t encode_me_identification(const struct encode_state *s)
{
    const bool has_set = s->category >= 0xa0 && s->category <= 0xd7;
    return bits_at(1, 5, has_set ? 14 - (s->category >> 4) : 4) |
           bits_at(6, 8, has_set ? s->category : 0) | callsign_write(s->flight);
}

uint64_t encode_me_status(const struct encode_state *s)
{
    return bits_at(1, 5, 28) | bits_at(6, 8, 1) | bits_at(9, 11, s->emergency) |
           bits_at(12, 24, squawk_to_id13(s->squawk));
}

uint64_t encode_me_advisory(const struct encode_state *s)
{
    return bits_at(1, 5, 28) | bits_at(6, 8, 2) | bits_at(9, 22, s->resolution);
}

static uint64_t accuracy(const struct encode_state *s)
{
    return bits_at(40, 43, s->nac_p) | bits_at(44, 44, s->nic_baro) | bits_at(45, 46, s->sil);
}

static uint64_t selected_altitude(const struct encode_state *s)
{
    const bool mcp = s->nav_altitude_mcp_ft != MODES_UNKNOWN;
    if (!mcp && !(s->has & ENCODE_NAV_ALTITUDE_FMS)) {
        return 0;
    }
    const int32_t ft = mcp ? s->nav_altitude_mcp_ft : s->nav_altitude_fms_ft;
    const int64_t n = bits_round(ft, 32) + 1;
    return n < 1 || n > 2047 ? 0 : bits_at(9, 9, !mcp) | bits_at(10, 20, n);
}

static uint64_t pressure_setting(const struct encode_state *s)
{
    if (s->nav_qnh_e1_hpa == MODES_UNKNOWN) {
        return 0;
    }
    const int64_t n = bits_round(s->nav_qnh_e1_hpa - INT64_C(8000), 8) + 1;
    return n < 1 || n > 511 ? 0 : bits_at(21, 29, n);
}

static uint64_t selected_modes(const struct encode_state *s)
{
    if (!(s->has & ENCODE_NAV_MODES)) {
        return 0;
    }
    return bits_at(47, 47, 1) | bits_at(48, 48, (s->nav_modes & NAV_AUTOPILOT) != 0) |
           bits_at(49, 49, (s->nav_modes & NAV_VNAV) != 0) |
           bits_at(50, 50, (s->nav_modes & NAV_ALTHOLD) != 0) |
           bits_at(52, 52, (s->nav_modes & NAV_APPROACH) != 0) |
           bits_at(54, 54, (s->nav_modes & NAV_LNAV) != 0);
}

static uint64_t target_version_2(const struct encode_state *s)
{
    const bool heading = s->has & ENCODE_NAV_HEADING;
    return bits_at(6, 7, 1) | bits_at(8, 8, s->sil_per_sample) | selected_altitude(s) |
           pressure_setting(s) | bits_at(30, 30, heading) |
           (heading ? bits_at(31, 39, bits_round(s->nav_heading_e2_deg * INT64_C(512), 36000))
                    : 0) |
           accuracy(s) | selected_modes(s) | bits_at(53, 53, s->tcas);
}

static uint64_t target_version_1(const struct encode_state *s)
{
    const bool mcp = s->nav_altitude_mcp_ft != MODES_UNKNOWN;
    const bool heading = s->has & ENCODE_NAV_HEADING;
    uint64_t me = 0;
    if (mcp || (s->has & ENCODE_NAV_ALTITUDE_FMS)) {
        const int32_t ft = mcp ? s->nav_altitude_mcp_ft : s->nav_altitude_fms_ft;
        const int64_t n = bits_round(ft + INT64_C(1000), 100);
        me |= n < 0 || n > 1010 ? 0 : bits_at(8, 9, mcp ? 1 : 3) | bits_at(16, 25, n);
    }
    if (heading) {
        me |= bits_at(26, 27, 1) | bits_at(28, 36, bits_round(s->nav_heading_e2_deg, 100) % 360);
    }
    return me | accuracy(s) | bits_at(52, 52, !s->tcas) | bits_at(54, 56, s->emergency);
}

uint64_t encode_me_target_state(const struct encode_state *s)
{
    return bits_at(1, 5, 29) | (s->version >= 2 ? target_version_2(s) : target_version_1(s));
}

static uint64_t on_surface(const struct encode_state *s, const struct containment_code *c)
{
    return bits_at(6, 8, 1) | bits_at(21, 24, s->size_code) | bits_at(53, 53, s->surface_heading) |
           (s->version >= 2 ? bits_at(17, 19, s->nac_v) | bits_at(20, 20, c->low) : 0);
}

static uint64_t in_air(const struct encode_state *s)
{
    return bits_at(11, 11, s->version >= 2 ? s->tcas : !s->tcas) | bits_at(53, 53, s->nic_baro) |
           (s->version >= 2 ? bits_at(49, 50, s->gva) : 0);
}

uint64_t encode_me_operational(const struct encode_state *s)
{
    const uint64_t head = bits_at(1, 5, 31);
    if (s->version == 0) {
        return head;
    }
    const struct containment_code c = containment_code(s->nic, s->ground, false);
    const uint64_t all = head | bits_at(41, 43, s->version) | bits_at(44, 44, c.a) |
                         bits_at(45, 48, s->nac_p) | bits_at(51, 52, s->sil) |
                         bits_at(54, 54, s->hrd);
    const uint64_t of_2 =
        s->version >= 2 ? bits_at(31, 32, s->sda) | bits_at(55, 55, s->sil_per_sample) : 0;
    return all | of_2 | (s->ground ? on_surface(s, &c) : in_air(s));
}
