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

/* Shares in a product of two numbers of a place, each mixed with a third. */
struct fit_shares {
    float op, op_wide, end, end_wide;
};

struct fit_kernel {
    const char *name;
    /* For places [from, to): the distance from now (of origins: from first) and the fit. from is a
       multiple of FIT_BLOCK; up to FIT_BLOCK numbers behind to are written. */
    void (*destination)(const struct fit_question *q, const struct fit_places *p, size_t from,
                        size_t to, float *nm, float *fit);
    void (*origin)(const struct fit_question *q, const struct fit_places *p, size_t from, size_t to,
                   float *nm, float *fit);

    /* Of numbers by place, [0, n); behind them zeros are read up to a multiple of eight. */

    /* score = prior times fit; returns the sum of base times fit. */
    float (*weigh)(const float *prior, const float *base, const float *fit, size_t n, float *score);
    float (*sum)(const float *v, size_t n);
    float (*sum_above)(const float *v, size_t n, float least); /* of those greater */
    float (*greatest)(const float *v, size_t n);               /* 0 at least */
    /* Chords of the unit sphere from a place, times per_unit, whole, at most `most`. */
    void (*steps)(const struct fit_places *p, struct unit from, float per_unit, int32_t most,
                  int32_t *step);
    /* out = (shares of op and base) times (shares of end and base) by base; 0 where base is.
       Returns the sum. */
    float (*product)(const float *op, const float *end, const float *base,
                     const struct fit_shares *s, size_t n, float *out);
    /* v = own * v + b_share * b + c_share * c */
    void (*mix)(float *v, float own, const float *b, float b_share, const float *c, float c_share,
                size_t n);
    /* sum += share / (1 + d^4), d in units of which per_unit2 square ones make a unit of the
     * sphere. */
    void (*add_near)(const struct fit_places *p, struct unit to, float per_unit2, float share,
                     float *sum);
};

/* The kernels this processor runs, the plain one first; NULL past the last. */
const struct fit_kernel *fit_kernel_at(unsigned index);
const struct fit_kernel *fit_kernel_best(void);

#endif
