#include "coverage/beta.h"

#include <math.h>

enum { TERMS_MAX = 400 };

/* The continued fraction of the incomplete beta function (Abramowitz and Stegun 26.5.8), summed
   from the front (the modified Lentz method). Converges fast for x below (a + 1) / (a + b + 2). */
static double fraction(double a, double b, double x)
{
    const double tiny = 1e-30;
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < tiny ? tiny : d);
    double f = d;
    for (int m = 1; m < TERMS_MAX; m++) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        double step = 1;
        for (int k = 0; k < 2; k++) {
            const double term = k ? odd : even;
            d = 1 + term * d;
            d = 1 / (fabs(d) < tiny ? tiny : d);
            c = 1 + term / c;
            c = fabs(c) < tiny ? tiny : c;
            step = c * d;
            f *= step;
        }
        if (fabs(step - 1) < 1e-10) {
            break;
        }
    }
    return f;
}

/* Logarithm of the gamma function; lgamma writes a global. */
static double log_gamma(double x)
{
    int sign;
    return lgamma_r(x, &sign);
}

double beta_below(double a, double b, double x)
{
    if (x <= 0 || x >= 1) {
        return x > 0;
    }
    const double scale =
        exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * log(x) + b * log1p(-x));
    return x < (a + 1) / (a + b + 2) ? scale * fraction(a, b, x) / a
                                     : 1 - scale * fraction(b, a, 1 - x) / b;
}

double beta_quantile(double a, double b, double q)
{
    double low = 0, high = 1;
    while (high - low > 1e-6) {
        const double middle = (low + high) / 2;
        *(beta_below(a, b, middle) < q ? &low : &high) = middle;
    }
    return (low + high) / 2;
}
