/* The table of receivers: every input, and every receiver an input names, has a number in it. One
   thread. Row 0 is "not named" and is never given out. */
#ifndef MASAR_SOURCE_RECEIVERS_H
#define MASAR_SOURCE_RECEIVERS_H

#include "model/receiver.h"

#include <stddef.h>
#include <stdint.h>

struct receivers *receivers_new(void); /* NULL: out of memory */
void receivers_free(struct receivers *r);

/* The number of the receiver with this name and id at this source, made if new (name NULL: made
   from the id, 16 hex digits). An id of not 0 tells receivers apart, else the name does. Where the
   table is full the source's first row is answered. An id of RECEIVER_ID_SIMULATED's form marks the
   row simulated. Quick enough for every frame of a feed that changes receiver with each. */
uint16_t receivers_number(struct receivers *r, uint16_t source, const char *name, uint64_t id);

#endif
