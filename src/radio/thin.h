/* Fewer samples: above 5.5 million a second a pulse is known as well by some four million, and a
   preamble is found better in them, for the noise beside the pulse's band is gone before anything
   is squared. Low-pass, then one sample of `by`. Pure. */
#ifndef MASAR_RADIO_THIN_H
#define MASAR_RADIO_THIN_H

#include <stddef.h>

enum {
    THIN_BY_MAX = 5,
    THIN_TAPS_EACH = 12, /* for each of `by` */
    THIN_TAPS_MAX = THIN_TAPS_EACH * THIN_BY_MAX,
    THIN_ROOM = 4096
};

struct thin {
    unsigned by; /* 1: all samples stay */
    unsigned taps;
    float weight[2 * THIN_TAPS_MAX]; /* each twice, for re and im */
    size_t n;                        /* samples in iq */
    float iq[2 * THIN_ROOM];
};

/* How many of a rate's samples become one. */
unsigned thin_by(double rate_hz);

void thin_start(struct thin *t, double rate_hz);

/* Samples of silence before the first. */
void thin_begin(struct thin *t);

/* By how many samples of the given rate what comes out is late. */
double thin_delay(const struct thin *t);

#endif
