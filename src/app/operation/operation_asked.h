/* Operations asked for and changed over HTTP. Questions by any number of threads at once, changes
   from the loop. */
#ifndef MASAR_APP_OPERATION_ASKED_H
#define MASAR_APP_OPERATION_ASKED_H

#include "app/operation/operation_world.h"

struct operation_asked;

/* store, data: as for the server; ledger: borrowed. NULL: out of memory. */
struct operation_asked *operation_asked_open(const char *store, const struct ledger_world *ledger);
/* The time of the picture, now and then: what is asked without an instant is asked of it. */
void operation_asked_tick(struct operation_asked *a, int64_t now_ms);
void operation_asked_close(struct operation_asked *a); /* NULL is fine */

/* As serve_options.operation. */
int operation_asked(struct operation_asked *a, struct store *s, const char *path, const char *args,
                    bool published, struct buf *out, char *why, size_t why_size);

/* As serve_options.operation_change. */
int operation_asked_change(struct operation_asked *a, const char *path, const void *bytes, size_t n,
                           struct buf *out, char *why, size_t why_size);

#endif
