/* Holds items back until their time has come, so that a recording plays at its own pace or N times
 * as fast. */
#ifndef MASAR_SOURCE_PACE_H
#define MASAR_SOURCE_PACE_H

#include "wire/wire.h"

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

struct pace;

struct pace_options {
    uv_loop_t *loop;
    double speed; /* times as fast as it was recorded; above 0 */
    void (*item)(void *ctx,
                 const struct wire_item *item); /* its time has come; only frames and messages */
    void (*hold)(void *ctx, bool full); /* true: enough is waiting, bring no more; false: go on */
    void (*drained)(void *ctx);         /* after pace_end: the last item has gone */
    void *ctx;
};

struct pace *pace_new(const struct pace_options *o); /* NULL: out of memory */

/* Takes a copy of a frame or a message. False: out of memory, it is lost. Items without a time
 * follow the one before. */
bool pace_add(struct pace *p, const struct wire_item *item);

void pace_pause(struct pace *p, bool paused); /* time stands still meanwhile */
void pace_end(struct pace *p);                /* nothing will be added any more */
void pace_close(
    struct pace *p); /* what waits is forgotten; the memory goes once the loop has run */

#endif
