/* Which of a receiver's gains to use: a lower one where what is near is cut off, a higher one where
   there is room. Pure.

   A gain is too high where more than a tenth of the frames come within 3 dB of full scale, where a
   thousandth of all values is at the end of the scale, or where noise takes up so much of it that
   little is left for what is strong. It may be higher where almost nothing is strong or cut off
   and noise stands low. What was too high is tried again only after long, for what is near
   changes. */
#ifndef MASAR_RADIO_GAIN_H
#define MASAR_RADIO_GAIN_H

#include <stdbool.h>
#include <stdint.h>

/* Zero-initialized but for step and steps is the start. */
struct gain {
    unsigned step, steps; /* the gain in use, 0 the least; and how many there are */
    unsigned bar;         /* periods until a higher one may be tried */
    unsigned roomy;       /* periods in a row with room */
};

/* What was heard in one period, two seconds or so. */
struct gain_heard {
    uint64_t values, clipped; /* of I and of Q; at the end of the scale */
    uint64_t frames, strong;  /* within 3 dB of full scale */
    double noise_dbfs;
};

/* At the end of each period: true where g->step is to be another. */
bool gain_period(struct gain *g, const struct gain_heard *h);

#endif
