/* The files of one data folder as an identity book. Private to reference.c. */
#ifndef MASAR_APP_REFERENCE_BOOK_H
#define MASAR_APP_REFERENCE_BOOK_H

#include "identity/identity.h"

struct mapped {
    void *p;
    size_t n;
};

bool reference_map(const char *path, struct mapped *m); /* false: errno tells */
void reference_unmap(struct mapped *m);

struct reference_book; /* opaque */

/* NULL: out of memory. why: what was left out and why, "" nothing. */
struct reference_book *reference_book_open(const char *folder, char *why, size_t size);
void reference_book_close(struct reference_book *b); /* NULL is fine */
const struct identity_book *reference_book_view(const struct reference_book *b);
bool reference_book_changed(const struct reference_book *b);

#endif
