/* Tracks AVR lines from standard input (`*8d…;`), a hundred a second, and prints what is known at
 * the end. */
#include <masar.h>

#include <inttypes.h>
#include <stdio.h>

int main(void)
{
    struct masar_tracker *tracker = masar_tracker_new(1000);
    char line[128];
    int64_t t_us = 0;
    while (tracker && fgets(line, sizeof line, stdin)) {
        uint8_t frame[14];
        size_t n = 0;
        unsigned byte;
        while (n < 14 && sscanf(line + 1 + 2 * n, "%2x", &byte) == 1) {
            frame[n++] = (uint8_t)byte;
        }
        masar_tracker_frame(tracker, frame, n, t_us += 10000, 0, 1);
    }
    const int altitude = masar_quantity("alt_baro");
    for (const struct masar_track *a = NULL; tracker && (a = masar_tracker_next(tracker, a));) {
        printf("%06" PRIx32 " %-8s", masar_track_address(a), masar_track_flight(a));
        struct masar_value v;
        int32_t lat_e7, lon_e7;
        if (masar_track_get(a, altitude, &v)) {
            printf(" %d ft", (int)v.value);
        }
        if (masar_track_place(a, &lat_e7, &lon_e7, &t_us)) {
            printf(" %.5f %.5f", lat_e7 / 1e7, lon_e7 / 1e7);
        }
        putchar('\n');
    }
    masar_tracker_free(tracker);
    return 0;
}
