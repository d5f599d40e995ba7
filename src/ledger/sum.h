/* How many of many uncertain things happened: the sum of their probabilities, and the interval that
   holds the true number with 90 % (a Poisson binomial's 5 % and 95 % points; beyond
   LEDGER_SUM_EXACT things those of the normal curve with its mean and variance). Pure. */
#ifndef MASAR_LEDGER_SUM_H
#define MASAR_LEDGER_SUM_H

#include "base/err.h"

#include <stddef.h>

enum { LEDGER_SUM_EXACT = 4096 };

struct ledger_sum {
    double expected;
    size_t low, high; /* low <= high <= n */
};

/* p: n probabilities, 0 .. 1. ERR_MEMORY. */
enum err ledger_sum(const float *p, size_t n, struct ledger_sum *out);

#endif
