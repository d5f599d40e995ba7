#include "base/bytes.h"
#include "encode/bits.h"
#include "encode/containment.h"
#include "encode/encode.h"
#include "modes/altitude.h"

/* The tables stand in modes/adsb_airborne.c and modes/adsb_surface.c. */

static int64_t surveillance_status(const struct encode_state *s)
{
    return s->alert ? 2 : s->spi ? 3 : 0;
}

static uint64_t cpr_field(const struct encode_state *s, bool odd)
{
    uint32_t half[2];
    cpr_encode(s->at, odd, s->ground, half);
    return bits_at(22, 22, odd) | bits_at(23, 39, half[0]) | bits_at(40, 56, half[1]);
}

static uint64_t airborne(const struct encode_state *s, bool odd)
{
    const bool gnss = s->alt_baro_ft == MODES_UNKNOWN && s->alt_geom_ft != MODES_UNKNOWN;
    const struct containment_code c = containment_code(s->nic, false, gnss);
    return bits_at(1, 5, c.tc) | bits_at(6, 7, surveillance_status(s)) |
           bits_at(8, 8, s->version >= 2 && c.low) |
           bits_at(9, 20, altitude_to_ac12(gnss ? s->alt_geom_ft : s->alt_baro_ft)) |
           cpr_field(s, odd);
}

/* Where a range of movement codes begins, in 0.001 kt, and the step in it. */
static int64_t movement_code(int32_t gs_e2)
{
    static const struct {
        int32_t base_e3, step_e3;
        uint8_t first;
    } range[] = {{100000, 5000, 109}, {70000, 2000, 94}, {15000, 1000, 39},
                 {2000, 500, 13},     {1000, 250, 9},    {125, 125, 2}};
    if (gs_e2 == MODES_UNKNOWN || gs_e2 < 0) {
        return 0;
    }
    if (gs_e2 >= 17500) {
        return 124;
    }
    const int32_t gs_e3 = gs_e2 * 10;
    for (unsigned i = 0; i < sizeof range / sizeof *range; i++) {
        if (gs_e3 >= range[i].base_e3) {
            return range[i].first + (gs_e3 - range[i].base_e3) / range[i].step_e3;
        }
    }
    return 1;
}

static uint64_t surface(const struct encode_state *s, bool odd)
{
    const bool has_track = s->track_e2_deg != MODES_UNKNOWN;
    return bits_at(1, 5, containment_code(s->nic, true, false).tc) |
           bits_at(6, 12, movement_code(s->gs_e2_kt)) | bits_at(13, 13, has_track) |
           (has_track ? bits_at(14, 20, bits_round(s->track_e2_deg * INT64_C(128), 36000)) : 0) |
           cpr_field(s, odd);
}

uint64_t encode_me_position(const struct encode_state *s, bool odd)
{
    return s->ground ? surface(s, odd) : airborne(s, odd);
}
