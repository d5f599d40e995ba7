#include "base/chance.h"

#include <math.h>
#include <stdlib.h>

#define TAIL   0.05
#define TAIL_Z 1.6448536269514722 /* of the normal curve */

/* Below this a probability is as good as none. */
#define NONE 1e-18

/* of[k]: probability that k of those so far happened; all of it lies in [*lo, *hi], which stays
   narrow, so that thousands are summed in the time of their spread and not of their square. */
static void add_one(double *of, size_t *lo, size_t *hi, double p)
{
    of[*hi + 1] = of[*hi] * p;
    for (size_t k = *hi; k > *lo; k--) {
        of[k] = of[k] * (1 - p) + of[k - 1] * p;
    }
    of[*lo] *= 1 - p;
    ++*hi;
    while (*hi > *lo && of[*hi] < NONE) {
        of[(*hi)--] = 0;
    }
    while (*lo < *hi && of[*lo] < NONE) {
        of[(*lo)++] = 0;
    }
}

static enum err exact(const float *p, size_t n, struct chance_sum *out)
{
    double *of = calloc(n + 2, sizeof *of);
    if (!of) {
        return ERR_MEMORY;
    }
    size_t lo = 0, hi = 0;
    of[0] = 1;
    for (size_t i = 0; i < n; i++) {
        add_one(of, &lo, &hi, (double)p[i]);
    }
    double below = 0;
    for (out->low = 0; out->low < n && below + of[out->low] < TAIL; out->low++) {
        below += of[out->low];
    }
    double above = 0;
    for (out->high = n; out->high > out->low && above + of[out->high] < TAIL; out->high--) {
        above += of[out->high];
    }
    free(of);
    return ERR_OK;
}

enum err chance_sum(const float *p, size_t n, struct chance_sum *out)
{
    double variance = 0;
    *out = (struct chance_sum){0};
    for (size_t i = 0; i < n; i++) {
        out->expected += (double)p[i];
        variance += (double)p[i] * (1 - (double)p[i]);
    }
    if (n <= CHANCE_EXACT) {
        return exact(p, n, out);
    }
    const double half = TAIL_Z * sqrt(variance);
    const double low = floor(out->expected - half + 0.5), high = floor(out->expected + half + 0.5);
    out->low = low > 0 ? (size_t)low : 0;
    out->high = high < (double)n ? (size_t)high : n;
    return ERR_OK;
}
