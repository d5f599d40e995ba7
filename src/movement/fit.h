/* How well a moment of a flight fits many sites at once: the factors of likelihood.h multiplied,
   sites side by side. The same loops are compiled for several processors and give the same to the
   bit on all. Pure. */
#ifndef MASAR_MOVEMENT_FIT_H
#define MASAR_MOVEMENT_FIT_H

#include "movement/posterior.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FIT_BLOCK = 64 }; /* arrays are that many longer than they need be: whole blocks are read */

/* Sites, quantity by quantity. */
struct fit_places {
    float *x, *y, *z;    /* unit vector */
    float *elevation_ft; /* 0 where it is not known */
    float *longest_ft;   /* longest runway; 0 not known */
    float *small;        /* 1 or 0 */
    size_t n;
};

/* False: out of memory. max: how many at most. */
bool fit_places_init(struct fit_places *p, size_t max);
void fit_places_free(struct fit_places *p);
void fit_places_add(struct fit_places *p, const struct site *s);

struct fit_question {
    const struct posterior_weights *weights;
    const struct posterior_flight *flight;
    const struct unit *other; /* the other end; NULL: not known */
};

struct fit_kernel {
    const char *name;
    /* For places [from, to): the distance from now (of origins: from first) and the fit. from is a
       multiple of FIT_BLOCK; up to FIT_BLOCK numbers behind to are written. */
    void (*destination)(const struct fit_question *q, const struct fit_places *p, size_t from,
                        size_t to, float *nm, float *fit);
    void (*origin)(const struct fit_question *q, const struct fit_places *p, size_t from, size_t to,
                   float *nm, float *fit);
    /* score = prior times fit of [0, n); returns the sum of base times fit. */
    float (*weigh)(const float *prior, const float *base, const float *fit, size_t n, float *score);
};

/* The kernels this processor runs, the plain one first; NULL past the last. */
const struct fit_kernel *fit_kernel_at(unsigned index);
const struct fit_kernel *fit_kernel_best(void);

#endif
