/* A position that was told in values (history, a network API) as the extended squitters that say
   the same: both CPR halves of the place at once, so that each point stands for itself however far
   the next one is; the velocity; call sign, squawk and quality when they change and every 10 s.

   Who said it decides the form: an aircraft's own transponder DF17; other transmitters DF18 with
   the control field of their kind; multilateration DF18 as TIS-B, marked FRAME_MLAT; whatever else
   it was (a network, a file) DF18 as TIS-B, since no aircraft sent it. What no squitter of that
   form can say is left out.

   A machine: one for a stream, one thread; it remembers a few values of each aircraft. */
#ifndef MASAR_ENCODE_RETELL_H
#define MASAR_ENCODE_RETELL_H

#include "base/err.h"
#include "model/frame.h"
#include "model/message.h"

struct retell;

/* Time and receiver are the message's. Borrowed during the call. */
typedef void retell_fn(void *ctx, const struct frame *f);

struct retell *retell_new(void); /* NULL: out of memory */
void retell_free(struct retell *r);

/* ERR_RANGE: the message has no place or no address, nothing is told; ERR_MEMORY, ERR_FULL: of an
   aircraft more than there is room for. */
enum err retell_push(struct retell *r, const struct message *m, retell_fn *out, void *ctx);

#endif
