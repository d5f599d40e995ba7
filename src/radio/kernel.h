/* The two loops every sample goes through: how loud it is, and how much like a preamble what
   follows it looks. The same C (kernel_body.h) is compiled for several processors; all give the
   same answer to the bit, and the best the processor has is chosen at run time. Pure. */
#ifndef MASAR_RADIO_KERNEL_H
#define MASAR_RADIO_KERNEL_H

#include <stddef.h>
#include <stdint.h>

enum {
    KERNEL_PHASES_MAX = 5, /* fractions of a sample a preamble is looked for at */
    KERNEL_TAPS_MAX = 16,
    KERNEL_PULSES = 4,      /* of a preamble, and quiet places held against them */
    KERNEL_LOUD_MAX = 4095, /* loudness ends here */
    KERNEL_TILE = 1024      /* starts looked at together, so that what is between stays near */
};

/* Where to look, in whole samples after a start, and at which phase. */
struct kernel_place {
    uint16_t offset;
    uint8_t phase;
};

struct kernel_preamble {
    unsigned phases, taps;
    uint16_t weight[KERNEL_PHASES_MAX][KERNEL_TAPS_MAX]; /* of a pulse's samples; sum at most 16 */
    struct kernel_place pulse[KERNEL_PHASES_MAX][KERNEL_PULSES];
    struct kernel_place quiet[KERNEL_PHASES_MAX][KERNEL_PULSES];
    unsigned reach; /* samples after a start that are looked at */
};

struct kernel {
    const char *name;
    /* loud[k] = gain x magnitude of sample k, at most KERNEL_LOUD_MAX. */
    void (*loudness)(const float *iq, size_t n, float gain, uint16_t *loud);
    /* For each of n starts: by how much its pulses stand above its quiet places at the best phase,
       0 where by less than least; and that phase. loud[-PULSE_BEFORE .. n + reach] is read. */
    void (*preamble)(const struct kernel_preamble *p, const uint16_t *loud, size_t n,
                     uint16_t least, uint16_t *score, uint8_t *phase);
};

/* The best for this processor; and all it can run, NULL after the last, the plainest first. */
const struct kernel *kernel_best(void);
const struct kernel *kernel_at(unsigned index);

#endif
