/* A question being answered, a step at a time: each step looks at a chunk or a few and writes what
   it found, so that whoever answers many can take turns. A step may be made by any thread, with any
   handle of the same store, one at a time. The same question has the same answer, byte for byte, as
   long as the store is the same. */
#ifndef MASAR_HISTORY_INQUIRY_H
#define MASAR_HISTORY_INQUIRY_H

#include "base/buf.h"
#include "history/question.h"

struct inquiry;

/* q is the caller's and stays as it is until the inquiry is freed. ERR_RANGE: it makes no sense;
   ERR_SYSTEM: the store cannot be read; ERR_MEMORY. */
enum err inquiry_new(const struct question *q, struct store *s, struct inquiry **out);
void inquiry_free(struct inquiry *i); /* NULL is fine */

/* Writes what comes next to out, perhaps nothing. more: false when the answer is complete. Errors
   as above; ERR_FULL: more visits than can be held (THEN). */
enum err inquiry_step(struct inquiry *i, struct store *s, struct buf *out, bool *more);

struct inquiry_state {
    uint64_t found; /* visits, points or aircraft written */
    struct store_search_state search;
    char next[QUESTION_CURSOR_MAX]; /* where the answer was cut; "" where it was not */
};
struct inquiry_state inquiry_state(const struct inquiry *i);

/* What the answer is, as HTTP says it. */
const char *inquiry_media_type(const struct question *q);

#endif
