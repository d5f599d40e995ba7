/* Any bytes as the body of a position report. What is taken must lie within the ranges the API
   states. */
#include "serve/report.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { NOW_S = 1717749000 };
    const int64_t now_us = NOW_S * INT64_C(1000000);
    struct report r;
    char why[256] = "";
    if (size > REPORT_BYTES_MAX) {
        return 0;
    }
    if (report_parse(data, size, now_us, &r, why, sizeof why)) {
        must(why[0] != '\0');
        return 0;
    }
    const struct message *m = &r.message;
    must(m->address < 2 * ADDRESS_NON_ICAO);
    must(m->lat_e7 >= -900000000 && m->lat_e7 <= 900000000);
    must(m->lon_e7 >= -1800000000 && m->lon_e7 < 1800000000);
    must(m->t_us >= 0 && m->t_us <= now_us + 60000000);
    must(strlen(r.who) > 0);
    const int32_t track = message_get(m, FIELD_TRACK, 0);
    must(track >= 0 && track < 36000);
    return 0;
}
