/* The k-th smallest of some numbers, without sorting them all. Pure. */
#ifndef MASAR_RADIO_MIDDLE_H
#define MASAR_RADIO_MIDDLE_H

#include <stddef.h>

/* Reorders v; n > k. Hoare's selection: each round leaves the part the place is in. */
static inline float place_of(float *v, size_t n, size_t k)
{
    size_t low = 0, high = n - 1;
    while (low < high) {
        const float pivot = v[(low + high) / 2];
        size_t i = low, j = high;
        for (;;) {
            while (v[i] < pivot) {
                i++;
            }
            while (v[j] > pivot) {
                j--;
            }
            if (i >= j) {
                break;
            }
            const float t = v[i];
            v[i++] = v[j];
            v[j--] = t;
        }
        if (k <= j) {
            high = j;
        } else {
            low = j + 1;
        }
    }
    return v[low];
}

static inline float middle_of(float *v, size_t n)
{
    return place_of(v, n, n / 2);
}

#endif
