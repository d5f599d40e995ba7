/* Tracks AVR lines from standard input (`*8d…;`), two a second, and prints what is known at the
   end. */
#include <masar.h>

#include <inttypes.h>
#include <stdio.h>

static void print(const struct masar_tracker *tracker, const struct masar_track *a)
{
    struct masar_value v;
    struct masar_fix fix;
    struct masar_point trail[512];
    printf("%06" PRIx32 " %-8s %s", masar_track_address(a), masar_track_flight(a),
           masar_track_origin(a));
    if (masar_track_get(a, masar_quantity("alt_baro"), &v)) {
        printf(" %d ft", (int)v.value);
    }
    if (masar_track_get(a, masar_quantity("squawk"), &v)) {
        printf(" %04o", (unsigned)v.value);
    }
    if (masar_track_place(a, &fix)) {
        printf(" %.5f %.5f", fix.lat_e7 / 1e7, fix.lon_e7 / 1e7);
    }
    printf(", %u frames, %u points\n", (unsigned)masar_track_messages(a),
           (unsigned)masar_track_trail(tracker, a, trail, 512));
}

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
        masar_tracker_frame(tracker, frame, n, t_us += 500000, 0, 1);
    }
    for (const struct masar_track *a = NULL; tracker && (a = masar_tracker_next(tracker, a));) {
        print(tracker, a);
    }
    masar_tracker_free(tracker);
    return 0;
}
