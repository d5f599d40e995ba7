/* modes_comm_b on any 56 bits, any altitude or squawk, and any memory of the aircraft: never a
   crash, never undefined, at most what fits a message, and nothing added where nothing is named. */
#include "base/bytes.h"
#include "modes/decode.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEAD = 12 };

static struct modes_known known_from(const uint8_t *p, size_t n)
{
    struct modes_known k = modes_known_nothing;
    int32_t *const to[] = {&k.alt_baro_ft,
                           &k.gs_e2_kt,
                           &k.track_e2_deg,
                           &k.baro_rate_fpm,
                           &k.ias_kt,
                           &k.tas_kt,
                           &k.mach_e3,
                           &k.mag_heading_e2_deg,
                           &k.nav_altitude_mcp_ft,
                           &k.nav_qnh_e1_hpa,
                           &k.gicb,
                           &k.nav_altitude_fms_ft,
                           &k.geom_rate_fpm,
                           &k.squawk};
    for (size_t i = 0; i < sizeof to / sizeof *to && n >= 4; i++, p += 4, n -= 4) {
        *to[i] = (int32_t)be32(p);
    }
    if (n >= 8) {
        k.lat_e7 = (int32_t)be32(p) % 900000001;
        k.lon_e7 = (int32_t)be32(p + 4) % 1800000000;
    }
    return k;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < HEAD) {
        return 0;
    }
    struct message m;
    message_start(&m);
    m.payload = be56(data);
    m.df = data[7] & 1 ? 20 : 21;
    if (data[7] & 2) {
        message_add(&m, data[7] & 1 ? FIELD_ALT_BARO : FIELD_SQUAWK, (int32_t)be32(data + 8));
    }
    const uint8_t before = m.n;
    const struct message asked = m;
    const struct modes_known k = known_from(data + HEAD, size - HEAD);
    const uint8_t bds = modes_comm_b(&m, data[7] & 4 ? &k : NULL);
    if (bds != m.bds || m.n > MESSAGE_ITEMS_MAX || (!bds && m.n != before) || (!m.payload && bds)) {
        abort();
    }
    struct message as = asked;
    if (!modes_comm_b_as(&as, data[size - 1]) && (as.n != before || as.bds)) {
        abort();
    }
    return 0;
}
