/* What a reader of another program's archive gives out, a point at a time. */
#ifndef MASAR_ARCHIVE_POINT_H
#define MASAR_ARCHIVE_POINT_H

#include "model/kept.h"

#include <stdint.h>

enum archive_flag {
    ARCHIVE_STALE = 1,  /* the position was old when it was written: silence follows it */
    ARCHIVE_NEW_LEG = 2 /* its writer took it for the first point of another flight */
};

/* What some archives say besides what is kept. */
struct archive_more {
    uint8_t flags;        /* enum archive_flag */
    const char *receiver; /* its name, who heard it, NUL-terminated, up to 200 bytes; NULL: not
                             said. The point's own number is 0 */
};

/* Both are the callee's for the call only. */
typedef void archive_point_fn(void *ctx, const struct kept *k, const struct archive_more *more);

#endif
