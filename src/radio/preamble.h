/* Where a Mode S reply or squitter may begin: four pulses at 0, 1.0, 3.5 and 4.5 µs and quiet
   between and behind them. Pure. ICAO Annex 10 IV 3.1.2.1.5.1.1. */
#ifndef MASAR_RADIO_PREAMBLE_H
#define MASAR_RADIO_PREAMBLE_H

#include "radio/kernel.h"
#include "radio/pulse.h"

enum { PREAMBLE_CHIPS = 16 }; /* half microseconds before the first bit */

extern const uint8_t preamble_pulse[KERNEL_PULSES]; /* chips with a pulse: 0 2 7 9 */

/* The same for the loops of kernel.h. */
void preamble_kernel(const struct pulse *p, struct kernel_preamble *out);

/* The score that four pulses reach on average which stand above noise by `above` of its deviations,
   where noise has this mean loudness. */
int16_t preamble_least(const struct kernel_preamble *k, double noise_loudness, double above);

/* The four pulses of a preamble where they are best met. */
struct preamble_found {
    float re[KERNEL_PULSES], im[KERNEL_PULSES];
    float height; /* mean */
};

#endif
