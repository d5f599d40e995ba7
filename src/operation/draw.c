#include "operation/draw.h"

#include <math.h>

#define TWO_PI 6.283185307179586476925

double draw_normal(struct rng *r)
{
    const double u = 1 - rng_unit(r), v = rng_unit(r); /* Box and Muller; u > 0 */
    return sqrt(-2 * log(u)) * cos(TWO_PI * v);
}

/* Marsaglia and Tsang (2000); below a shape of 1 by their own boost. */
double draw_gamma(struct rng *r, double shape)
{
    const double boost = shape < 1 ? pow(1 - rng_unit(r), 1 / shape) : 1;
    const double d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (;;) {
        const double x = draw_normal(r), t = 1 + c * x;
        if (t <= 0) {
            continue;
        }
        const double v = t * t * t, u = 1 - rng_unit(r);
        if (log(u) < 0.5 * x * x + d - d * v + d * log(v)) {
            return d * v * boost;
        }
    }
}

/* Counting arrivals of exponential gaps, whose sum is the logarithm of a product (Knuth): means
   here are a few a day. */
unsigned draw_poisson(struct rng *r, double mean)
{
    unsigned n = 0;
    if (mean > 12) { /* near enough to the normal curve */
        const double x = floor(mean + sqrt(mean) * draw_normal(r) + 0.5);
        return x > 0 ? (unsigned)x : 0;
    }
    const double least = exp(-mean);
    double product = 1 - rng_unit(r);
    while (product > least) {
        product *= 1 - rng_unit(r);
        n++;
    }
    return n;
}
