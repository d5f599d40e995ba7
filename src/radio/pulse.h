/* What a Mode S pulse looks like in samples: 0.5 µs long, rounded by its own edges and by the
   receiver's filter, at any fraction of a sample. One model for every rate. Pure.
   ICAO Annex 10 IV 3.1.2.1.5.1.1 (pulses), 3.1.2.2.1 (shapes). */
#ifndef MASAR_RADIO_PULSE_H
#define MASAR_RADIO_PULSE_H

#include <stdint.h>
#include <string.h>

enum {
    PULSE_PHASES = 16,     /* fractions of a sample that are told apart */
    PULSE_TAPS_MAX = 16,   /* samples a pulse reaches over at the highest rate */
    PULSE_BEFORE = 1,      /* samples before its beginning that a match begins */
    PULSE_FORM_BEFORE = 3, /* and that its form begins: its ringing, too, is taken away */
    PULSE_FORM_MAX = PULSE_TAPS_MAX + 4,
    PULSE_Q = 16 /* positions are samples in 1/65536 */
};

struct pulse {
    double rate_hz;
    int64_t chip_q; /* half a microsecond in samples, 1/65536 */
    unsigned taps;  /* of a match, a multiple of 4 */
    unsigned form_taps;
    float energy; /* sum of the squares of a pulse's samples, in samples */
    float leak;   /* what a pulse puts into the chip beside it, as part of its own */
    /* The weights that find a pulse's amplitude, each twice (for re and im), and its form. */
    float match[PULSE_PHASES][2 * PULSE_TAPS_MAX];
    float form[PULSE_PHASES][PULSE_FORM_MAX];
};

/* Rates a pulse is known at: below 2 MHz two chips fall into one sample; above 20 MHz the taps end.
 */
#define PULSE_RATE_MIN_HZ 2.0e6
#define PULSE_RATE_MAX_HZ 20.0e6

/* rate_hz within the bounds. */
void pulse_make(struct pulse *p, double rate_hz);

/* Its height t µs after its beginning, of a pulse of height 1, behind the receiver's filter. */
double pulse_response(double rate_hz, double t_us);

/* The complex amplitude of a pulse that begins at `at` (samples, 1/65536) of iq. */
struct amplitude {
    float re, im;
};

/* Four complex samples side by side; the compiler makes of it what the processor has. */
typedef float pulse_lanes __attribute__((vector_size(32)));

static inline struct amplitude pulse_find(const struct pulse *p, const float *iq, int64_t at)
{
    const int64_t fine = at + (1 << (PULSE_Q - 5)); /* to the nearest phase */
    const float *s = iq + 2 * ((fine >> PULSE_Q) - PULSE_BEFORE);
    const float *w = p->match[(fine >> (PULSE_Q - 4)) & (PULSE_PHASES - 1)];
    pulse_lanes sum = {0};
    for (unsigned j = 0; j < 2 * p->taps; j += 8) {
        pulse_lanes a, b;
        memcpy(&a, s + j, sizeof a);
        memcpy(&b, w + j, sizeof b);
        sum += a * b;
    }
    return (struct amplitude){.re = (sum[0] + sum[2]) + (sum[4] + sum[6]),
                              .im = (sum[1] + sum[3]) + (sum[5] + sum[7])};
}

#endif
