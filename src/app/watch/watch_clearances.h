/* The clearances of the operations kept beside a store, as watches see them. One thread at a time.
 */
#ifndef MASAR_APP_WATCH_CLEARANCES_H
#define MASAR_APP_WATCH_CLEARANCES_H

#include "watch/clearance.h"

#include <stddef.h>

struct watch_clearances; /* opaque */

/* dir: the store's. Operations may come later. NULL: out of memory. */
struct watch_clearances *watch_clearances_open(const char *dir);
void watch_clearances_close(struct watch_clearances *c); /* NULL is fine */

/* As watch_names.operation. Where operations cannot be read any name is taken. */
bool watch_clearances_operation(void *ctx, const char *name, char *known, size_t size);

/* As watch_views.clearances, which says what false means. What operations say is read anew when
   they have changed. */
bool watch_clearances_list(void *ctx, int64_t now_ms, watch_clearance_fn *out, void *out_ctx);

#endif
