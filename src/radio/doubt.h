/* Why nothing is heard in samples, in a sentence: there are none, they are silent, cut off, far off
   the middle, or of another rate or form than was said. Pure. */
#ifndef MASAR_RADIO_DOUBT_H
#define MASAR_RADIO_DOUBT_H

#include "radio/radio.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct doubt;

/* The first half second of samples is kept, at most some megabytes. NULL: out of memory. */
struct doubt *doubt_new(const struct radio_options *o);
void doubt_free(struct doubt *d);
void doubt_push(struct doubt *d, const uint8_t *bytes, size_t n);

/* What may be wrong, s being what came of the samples. Tries other rates and forms: up to a second
   of processor time. */
void doubt_say(const struct doubt *d, const struct radio_state *s, char *why, size_t why_size);

#endif
