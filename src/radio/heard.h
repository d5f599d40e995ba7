/* The addresses a receiver heard of late in frames that prove them: what a frame whose parity
   carries the address, or a repaired one, is held against. Pure. */
#ifndef MASAR_RADIO_HEARD_H
#define MASAR_RADIO_HEARD_H

#include <stdbool.h>
#include <stdint.h>

enum { HEARD_SLOTS = 16384, HEARD_PROBES = 8, HEARD_FOR_S = 120 };

/* Zero-initialized is "none". Where more aircraft are heard than fit, the longest silent goes. */
struct heard {
    uint32_t address[HEARD_SLOTS]; /* plus 1; 0 is empty */
    uint32_t at_s[HEARD_SLOTS];
};

void heard_note(struct heard *h, uint32_t address, uint32_t now_s);
bool heard_lately(const struct heard *h, uint32_t address, uint32_t now_s);

/* About how many are heard: what the chance that a wrong address is one of them is made of. */
unsigned heard_count(const struct heard *h, uint32_t now_s);

#endif
