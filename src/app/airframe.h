/* Who flies it, for the movements machine: identity's answer as movement.h asks for it. */
#ifndef MASAR_APP_AIRFRAME_H
#define MASAR_APP_AIRFRAME_H

#include "movement/movement.h"

/* movement_views.airframe; ctx: a const struct identity_book. Any thread. */
bool airframe_look(void *ctx, uint32_t address, int64_t t_ms, struct movement_airframe *out);

#endif
