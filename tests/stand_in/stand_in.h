/* What stands in for a radio's library: its calls, answered from memory; the test that opens it by
   dlopen says through this what it is to do, and sees what it was told. */
#ifndef MASAR_TESTS_STAND_IN_H
#define MASAR_TESTS_STAND_IN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stand_in {
    atomic_uint sticks;    /* plugged in; their serials are 100, 101 … */
    const uint8_t *sample; /* n bytes, given again and again */
    size_t n;
    double level_db;            /* the gain at which they are given as they are */
    atomic_size_t unplug_after; /* bytes since it was opened; 0 never */
    atomic_size_t stall_after;
    atomic_uint overruns; /* to be told */
    atomic_bool hangs;    /* does not stop when it is told to */
    atomic_uint pause_us; /* between two buffers */
    /* What it was told. */
    atomic_uint opened, closed;
    unsigned rate_hz, frequency_hz, bias;
    int ppm;
    atomic_int gain_db10;
    bool by_hand;
};

#define STAND_IN __attribute__((visibility("default")))

/* Exported by each. */
typedef struct stand_in *stand_in_fn(void);

/* The next n bytes, louder or softer by the gain; at: bytes given so far. */
static inline void stand_in_fill(const struct stand_in *s, double factor, size_t at, uint8_t *out,
                                 size_t n)
{
    uint8_t louder[256];
    for (int k = 0; k < 256; k++) {
        const double v = (k - 127.5) * factor;
        louder[k] = (uint8_t)(v < -127.5 ? 0 : v > 127.5 ? 255 : v + 127.5);
    }
    for (size_t k = 0; k < n; k++) {
        out[k] = s->n > 0 ? louder[s->sample[(at + k) % s->n]] : 127;
    }
}

#endif
