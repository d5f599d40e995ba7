/* Any bytes at the installed library's calls, as an embedder might hand them in: wrong lengths,
   wrong numbers, times of any sign. What is encoded must decode to its own address, clean.

   The input is a list of events of 18 bytes: what to do, a number, two of arguments, 14 of frame.
 */
#include "masar.h"

#include <stdlib.h>
#include <string.h>

enum { EVENT = 18 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds) {
        abort();
    }
}

static int64_t number_of(const uint8_t *p)
{
    int64_t v = 0;
    memcpy(&v, p, sizeof v);
    return v;
}

static void look_at_message(const struct masar_message *m)
{
    int32_t value;
    must(masar_message_df(m) <= 31 && masar_message_typecode(m) <= 31);
    must(masar_message_corrected(m) <= 2 && strlen(masar_message_flight(m)) <= 8);
    for (int q = -1; q <= masar_quantity_count(); q++) {
        if (masar_message_get(m, q, &value)) {
            must(masar_quantity_key(q) != NULL);
            (void)masar_quantity_word(q, value);
        }
    }
}

static void look_at_tracks(const struct masar_tracker *t, int64_t now_us)
{
    struct masar_point points[40];
    struct masar_fix fixes[8];
    struct masar_value v;
    size_t n = 0;
    for (const struct masar_track *a = NULL; (a = masar_tracker_next(t, a)); n++) {
        must(masar_tracker_find(t, masar_track_address(a)) == a);
        for (int q = -1; q <= masar_quantity_count(); q++) {
            must(!masar_track_fresh(a, q, now_us, &v) || masar_track_get(a, q, &v));
        }
        must(!masar_track_place(a, fixes) || strcmp(fixes[0].verdict, "accepted") == 0);
        must(masar_track_trail(t, a, points, 40) <= 40);
    }
    must(n == masar_tracker_count(t));
    must(masar_tracker_rejected(t, MASAR_NO_ADDRESS, fixes, 8) <= 8);
}

static size_t encode(const uint8_t *p, uint8_t frame[14])
{
    const uint32_t address = (uint32_t)number_of(p + 2) & 0x1ffffff;
    const int32_t a = (int32_t)number_of(p + 4), b = (int32_t)number_of(p + 8);
    char flight[10] = "";
    double gs_kt, track_deg;
    memcpy(&gs_kt, p + 2, sizeof gs_kt);
    memcpy(&track_deg, p + 10, sizeof track_deg);
    memcpy(flight, p + 5, 9);
    switch (p[1] % 8) {
    case 0:
        return masar_encode_identification(address, flight, (int)p[2], frame);
    case 1:
        return masar_encode_position(address, a, b, (int32_t)number_of(p + 10), p[3] & 1, frame);
    case 2:
        return masar_encode_surface(address, a, b, gs_kt, track_deg, p[3] & 1, frame);
    case 3:
        return masar_encode_velocity(address, gs_kt, track_deg, b, frame);
    case 4:
        return masar_encode_emergency(address, (int8_t)p[3], a, frame);
    case 5:
        return masar_encode_operational(address, p[3] & 1, (int8_t)p[4], (int8_t)p[5], frame);
    case 6:
        return masar_encode_all_call(address, (int8_t)p[3], frame);
    default:
        return masar_encode_reply(p[3] % 32, address, b, p[4] & 1 ? p + 5 : NULL, frame);
    }
}

static void check_encoded(struct masar_message *m, const uint8_t *event, const uint8_t *frame,
                          size_t n)
{
    const uint32_t address = (uint32_t)number_of(event + 2) & 0x1ffffff;
    must(n == 7 || n == 14);
    must(masar_decode(m, frame, n, 0) == 0 && masar_message_address(m) == address);
    must(masar_message_parity(m) != MASAR_PARITY_BAD);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct masar_tracker *t = masar_tracker_new(8);
    struct masar_message *m = masar_message_new();
    must(t != NULL && m != NULL);
    int64_t now_us = 0;
    for (; size >= EVENT; data += EVENT, size -= EVENT) {
        const uint8_t *bytes = data + 4;
        uint8_t frame[14];
        size_t n = data[0] & 1 ? 14 : 7;
        now_us += data[1] * INT64_C(100000);
        switch (data[0] >> 1 & 7) {
        case 0:
            now_us = number_of(data + 4);
            masar_tracker_expire(t, now_us);
            look_at_tracks(t, now_us);
            continue;
        case 1:
            (void)masar_tracker_receiver(t, data[1], (int32_t)number_of(data + 2),
                                         (int32_t)number_of(data + 6), data[10]);
            continue;
        case 2:
        case 3:
            n = encode(data, frame);
            if (n == 0) {
                continue;
            }
            check_encoded(m, data, frame, n);
            bytes = frame;
            break;
        case 4:
            n = data[1];
            n = n == 7 || n == 14 ? 0 : n;
            break;
        default:
            break;
        }
        must(masar_decode(m, bytes, n, data[2] % 4) == (n == 7 || n == 14 ? 0 : -1));
        look_at_message(m);
        (void)masar_tracker_frame(t, bytes, n, now_us, (uint16_t)(data[2] * 17), data[3] % 4);
        look_at_message(masar_tracker_message(t));
    }
    look_at_tracks(t, now_us);
    masar_message_free(m);
    masar_tracker_free(t);
    return 0;
}
