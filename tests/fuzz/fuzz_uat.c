/* Any payload is decoded, printed and, of an uplink, walked: within its bytes, and with values that
   an aircraft can have. */
#include "uat/decode.h"
#include "uat/uplink.h"
#include "wire/uat_json.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct message *m)
{
    const bool is_place = m->lat_e7 >= -900000000 && m->lat_e7 <= 900000000 &&
                          m->lon_e7 >= -1800000000 && m->lon_e7 < 1800000000;
    const int32_t track = message_get(m, FIELD_TRACK, 0);
    if ((m->has_place && !is_place) || m->n >= MESSAGE_ITEMS_MAX || track < 0 || track >= 36000) {
        abort();
    }
}

/* The first byte says of what length the payload is. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint16_t length[3] = {UAT_SHORT, UAT_LONG, UAT_UPLINK};
    if (size < 1) {
        return 0;
    }
    /* exactly what is there, so that a sanitizer sees a read beyond it */
    const uint16_t n = length[data[0] % 3];
    struct uat_frame *f = calloc(1, sizeof *f);
    if (!f) {
        return 0;
    }
    f->n = n;
    f->rssi_ddb = UAT_NO_RSSI;
    memcpy(f->byte, data + 1, size - 1 < n ? size - 1 : n);
    struct message m;
    struct buf out = {0};
    uat_decode(f, &m);
    check(&m);
    uat_json_write(&out, f, &m);
    uat_text_write(&out, f, &m, NULL);
    buf_free(&out);
    free(f);
    return 0;
}
