/* How many of many uncertain things happened: the sum of their probabilities, and the interval that
   holds the true number with 90 % (a Poisson binomial's 5 % and 95 % points; beyond
   CHANCE_EXACT things those of the normal curve with its mean and variance). Pure. */
#ifndef MASAR_BASE_CHANCE_H
#define MASAR_BASE_CHANCE_H

#include "base/err.h"

#include <stddef.h>

enum { CHANCE_EXACT = 4096 };

struct chance_sum {
    double expected;
    size_t low, high; /* low <= high <= n */
};

/* p: n probabilities, 0 .. 1. ERR_MEMORY. */
enum err chance_sum(const float *p, size_t n, struct chance_sum *out);

#endif
