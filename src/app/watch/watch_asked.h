/* Watches asked for and changed over HTTP (docs/API.md). Questions by any number of threads at
   once, changes from the loop. */
#ifndef MASAR_APP_WATCH_ASKED_H
#define MASAR_APP_WATCH_ASKED_H

#include "app/watch/watch_world.h"
#include "app/watch/watching.h"

struct watch_asked; /* opaque */

/* store, data: as for the server; ledger, watching (NULL: nobody watches): borrowed. NULL: out of
   memory. */
struct watch_asked *watch_asked_open(const char *store, const char *data,
                                     struct ledger_world *ledger, struct watching *watching);
/* From now on nobody watches: `watching` is not looked at any more. The loop's, while threads may
   still be asking. */
void watch_asked_end(struct watch_asked *a);   /* NULL is fine */
void watch_asked_close(struct watch_asked *a); /* NULL is fine */

/* As serve_options.watch. */
int watch_asked(struct watch_asked *a, struct store *s, const char *path, const char *args,
                struct buf *out, char *why, size_t why_size);

/* As serve_options.watch_change. */
int watch_asked_change(struct watch_asked *a, const char *path, const void *bytes, size_t n,
                       struct buf *out, char *why, size_t why_size);

#endif
