#include "radio/thin.h"

#include <math.h>
#include <string.h>

#define RATE_FROM_HZ 5.5e6
#define RATE_MID_HZ  4e6
#define BAND         0.45 /* of the rate that comes out, to either side */

unsigned thin_by(double rate_hz)
{
    return rate_hz < RATE_FROM_HZ ? 1 : (unsigned)lround(rate_hz / RATE_MID_HZ);
}

void thin_start(struct thin *t, double rate_hz)
{
    double sum = 0, h[THIN_TAPS_MAX];
    t->by = thin_by(rate_hz);
    t->taps = THIN_TAPS_EACH * t->by;
    for (unsigned k = 0; k < t->taps; k++) {
        const double u = k - (t->taps - 1) / 2.0, x = 2 * M_PI * BAND / t->by * u;
        h[k] = sin(x) / x * (0.54 + 0.46 * cos(2 * M_PI * u / t->taps)); /* u is never 0 */
        sum += h[k];
    }
    for (unsigned k = 0; k < t->taps; k++) {
        t->weight[2 * k] = t->weight[2 * k + 1] = (float)(h[k] / sum);
    }
    thin_begin(t);
}

void thin_begin(struct thin *t)
{
    t->n = t->taps - 1;
    memset(t->iq, 0, 2 * t->n * sizeof *t->iq);
}

double thin_delay(const struct thin *t)
{
    return t->by > 1 ? (t->taps - 1) / 2.0 : 0;
}
