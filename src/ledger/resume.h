/* Rows a ledger had when it was taken up, while the points of its last days are looked at once
   more: what is said again is passed over, what is new is numbered on. Pure; one thread. Some 430
   bytes an airframe, 12 a row of several. */
#ifndef MASAR_LEDGER_RESUME_H
#define MASAR_LEDGER_RESUME_H

#include "base/err.h"
#include "model/claim.h"

#include <stdbool.h>

struct resume; /* opaque */

/* through_ms: all that could be said until then the ledger has; KEPT_NO_TIME: it has nothing. NULL:
   out of memory. */
struct resume *resume_new(int64_t through_ms);
void resume_free(struct resume *r); /* NULL is fine */

/* A row of before. ERR_MEMORY. */
enum err resume_remember(struct resume *r, const struct claim *c);

/* A row just said. False: the ledger has it. Else its numbers become such as follow those of
   before. again: it was said of points the ledger may have looked at. *failed becomes true, and
   nothing false, where there is no memory. */
bool resume_is_new(struct resume *r, struct claim *c, bool again, bool *failed);

#endif
