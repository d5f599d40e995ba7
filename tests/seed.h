/* The seed of a test of random input: MASAR_SEED, or where it is not set one of today. It is
   printed, so that what failed can be run again; ctest sets it, so that two runs of one commit end
   alike. */
#ifndef MASAR_TEST_SEED_H
#define MASAR_TEST_SEED_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline uint64_t seed_of_run(void)
{
    const char *given = getenv("MASAR_SEED");
    const uint64_t seed = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    printf("MASAR_SEED=%llu\n", (unsigned long long)seed);
    return seed;
}

#endif
