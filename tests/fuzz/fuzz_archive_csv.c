/* Any bytes as CSV, as they are and under each dialect's first line. */
#include "archive/csv.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(void *ctx, const struct kept *k, const struct archive_more *more)
{
    (void)ctx;
    (void)more;
    if (k->t_ms < KEPT_TIME_MIN || k->t_ms > KEPT_TIME_MAX || abs(k->lat_e7) > 900000000 ||
        k->lon_e7 < -1800000000 || k->lon_e7 >= 1800000000 || k->track_e2_deg >= 36000 ||
        (k->squawk > 07777 && k->squawk != KEPT_NO_SQUAWK)) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const head[] = {
        "",
        ("time,icao24,lat,lon,velocity,heading,vertrate,callsign,onground,squawk,baroaltitude,"
         "geoaltitude,lastposupdate\n"),
        "UTC,Callsign,Position,Altitude,Speed,Direction\n",
    };
    struct csv_reader *r = csv_reader_new(check, NULL);
    if (!r) {
        abort();
    }
    for (size_t i = 0; i < sizeof head / sizeof *head; i++) {
        csv_reader_start(r, i == 2 ? 0x3c6444 : ADDRESS_NONE);
        csv_reader_push(r, (const uint8_t *)head[i], strlen(head[i]));
        for (size_t at = 0; at < size; at += 37) {
            csv_reader_push(r, data + at, size - at < 37 ? size - at : 37);
        }
        csv_reader_end(r);
    }
    csv_reader_free(r);
    return 0;
}
