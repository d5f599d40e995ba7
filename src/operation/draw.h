/* Numbers of a distribution from a generator handed in. Inside this room. Pure. */
#ifndef MASAR_OPERATION_DRAW_H
#define MASAR_OPERATION_DRAW_H

#include "base/rng.h"

double draw_normal(struct rng *r);                 /* mean 0, deviation 1 */
double draw_gamma(struct rng *r, double shape);    /* scale 1; shape > 0 */
unsigned draw_poisson(struct rng *r, double mean); /* mean >= 0 */

#endif
