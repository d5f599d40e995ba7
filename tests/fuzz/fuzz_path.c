/* The whole way frame → message → track, with time in the input.

   The input is a list of events, 2 bytes and then a frame:
     byte 0   bits 0-1  frame of 14, 7, 2 bytes, or none: tracker_expire
              bits 2-3  receiver
              bits 4-5  parity: as it is; made clean; made to carry one of four addresses; one bit
   of a clean frame turned bit  6    without time bit  7    time goes back byte 1   how far time
   goes: the low 5 bits times 10 ms, times 10 to the power of the rest so that mutation finds its
   way past 24 bits of parity and through hours. */
#include "modes/decode.h"
#include "radio/parity.h"
#include "track/track.h"

#include <stdlib.h>

static const uint32_t address_of[4] = {0x4b1234, 0x4b1235, 0xae1234, 0xffffff};

static void put_parity(struct frame *f, uint32_t overlay)
{
    const uint32_t parity = parity_of(f->byte, f->n) ^ overlay;
    f->byte[f->n - 3] = (uint8_t)(parity >> 16);
    f->byte[f->n - 2] = (uint8_t)(parity >> 8);
    f->byte[f->n - 1] = (uint8_t)parity;
}

static void adjust_parity(struct frame *f, unsigned how)
{
    if (f->n < FRAME_SHORT) {
        return;
    }
    switch (how) {
    case 1:
        put_parity(f, 0);
        break;
    case 2:
        put_parity(f, address_of[f->byte[f->n - 1] & 3]);
        break;
    case 3: {
        const unsigned bit = f->byte[f->n - 1] % (8U * f->n);
        put_parity(f, 0);
        f->byte[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
        break;
    }
    default:
        break;
    }
}

/* Reads all there is to read. */
static void look(const struct tracker *t, int64_t now_us)
{
    struct fix f[4];
    struct trail_point p[64];
    struct value v;
    for (const struct track *a = NULL; (a = tracker_next(t, a));) {
        if (tracker_find(t, track_address(a)) != a || track_slot(t, a) >= 8) {
            abort();
        }
        for (int i = 0; i < (int)FIELD_COUNT; i++) {
            if (track_fresh(a, (enum field)i, now_us, &v) && !track_get(a, (enum field)i, &v)) {
                abort();
            }
        }
        if (track_place(a, f) && (f[0].lat_e7 > 900000000 || f[0].lat_e7 < -900000000 ||
                                  f[0].lon_e7 >= 1800000000 || f[0].lon_e7 < -1800000000)) {
            abort();
        }
        const size_t n = track_trail(t, a, p, 64);
        for (size_t i = 1; i < n; i++) {
            if (p[i].t_us < p[i - 1].t_us) {
                abort();
            }
        }
        if (track_rssi_dbfs(a) > 0 || track_flight(a)[8] != 0) {
            abort();
        }
    }
    (void)tracker_rejected(t, ADDRESS_NONE, f, 4);
}

static int64_t step_us(uint8_t flags, uint8_t how)
{
    int64_t us = (how & 31) * INT64_C(10000);
    for (unsigned i = how >> 5; i > 0; i--) {
        us *= 10;
    }
    return flags & 0x80 ? -us : us;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t length[4] = {FRAME_LONG, FRAME_SHORT, FRAME_MODE_AC, 0};
    static struct receiver receivers[RECEIVERS_MAX];
    struct counters counters = {0};
    const struct tracker_options o = {.aircraft_max = 8,
                                      .trail_points_max = 100,
                                      .rejected_max = 3,
                                      .receivers = receivers,
                                      .counters = &counters};
    struct tracker *t = tracker_new(&o);
    if (!t) {
        abort();
    }
    receivers[1] = (struct receiver){.has_place = true, .lat_e7 = 490000000, .lon_e7 = 70000000};
    int64_t now_us = INT64_C(1700000000000000);
    for (size_t i = 0; i + 2 <= size;) {
        const uint8_t flags = data[i];
        now_us += step_us(flags, data[i + 1]);
        i += 2;
        struct frame f = {.t_us = now_us,
                          .tick = FRAME_NO_TICK,
                          .receiver = flags >> 2 & 3,
                          .signal = flags,
                          .flags = flags & 0x40 ? FRAME_NO_TIME : 0,
                          .n = length[flags & 3]};
        if (f.n == 0) {
            tracker_expire(t, now_us);
            look(t, now_us);
            continue;
        }
        for (unsigned k = 0; k < f.n && i < size; k++) {
            f.byte[k] = data[i++];
        }
        adjust_parity(&f, flags >> 4 & 3);
        const struct modes_options repair = {.repair_bits = 2};
        struct message m;
        struct outcome out;
        modes_decode(&f, &repair, &m);
        tracker_push(t, &m, &out);
    }
    look(t, now_us);
    tracker_free(t);
    return 0;
}
