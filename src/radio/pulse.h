/* What a Mode S pulse looks like in samples: 0.5 µs long, rounded by its own edges and by the
   receiver's filter, at any fraction of a sample. One model for every rate. Pure.
   ICAO Annex 10 IV 3.1.2.1.5.1.1 (pulses), 3.1.2.2.1 (shapes). */
#ifndef MASAR_RADIO_PULSE_H
#define MASAR_RADIO_PULSE_H

#include <stdint.h>

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
    float leak;   /* what a pulse puts into the chip behind it, as part of its own */
    /* The same for each phase of that chip, and of a pulse in the chip behind it. */
    float before[PULSE_PHASES], after[PULSE_PHASES];
    /* The weights that find a pulse's amplitude, and its form, each twice (for re and im). */
    float match[PULSE_PHASES][2 * PULSE_TAPS_MAX];
    float form[PULSE_PHASES][2 * PULSE_FORM_MAX];
};

/* Rates a pulse is known at: below 2 MHz two chips fall into one sample; above 20 MHz the taps end.
 */
#define PULSE_RATE_MIN_HZ 2.0e6
#define PULSE_RATE_MAX_HZ 20.0e6

/* rate_hz within the bounds. */
void pulse_make(struct pulse *p, double rate_hz);

/* The receiver's filter in steps of time, and the height t µs after its beginning of a pulse of
   height 1 behind it. */
enum { PULSE_FILTER = 401 };
struct pulse_filter {
    double h[PULSE_FILTER], weight;
};
void pulse_filter_make(struct pulse_filter *f, double rate_hz);
double pulse_response(const struct pulse_filter *f, double t_us);

/* The complex amplitude of a pulse. */
struct amplitude {
    float re, im;
};

#endif
