/* Identity as the movements machine asks for it. */
#ifndef MASAR_APP_AIRFRAME_H
#define MASAR_APP_AIRFRAME_H

#include "movement/movement.h"

/* struct movement_views' airframe; ctx: a struct reference, its book opened at the first call. A
   type that is not in the table leaves figures of 0. False: no source knows the address and its
   range says nothing. One thread. */
bool airframe_of(void *ctx, uint32_t address, int64_t t_ms, struct movement_airframe *out);

/* Whether it is a tanker: 1 yes, 0 no, -1 not known (struct together_options' tanker). The same. */
int airframe_is_tanker(void *ctx, uint32_t address, int64_t t_ms);

#endif
