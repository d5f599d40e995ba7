/* Numbers for the names of receivers that an import meets: those the store will give them. The
   threads that make chunks cannot wait for the one that writes, so the names are numbered here, as
   the store numbers them, and told to it before the points that bear their numbers. Only right
   while nobody else writes to the store, which its lock sees to. */
#ifndef MASAR_APP_IMPORT_RECEIVERS_H
#define MASAR_APP_IMPORT_RECEIVERS_H

#include "store/store.h"

struct import_receivers;

/* Those the store has. NULL: out of memory, or it cannot be read. */
struct import_receivers *import_receivers_new(struct store *reader);
void import_receivers_free(struct import_receivers *r); /* NULL is fine */

/* The number of a name of up to 200 bytes; any thread. 0: there are too many, which is counted. */
uint16_t import_receivers_number(struct import_receivers *r, const char *name);

/* Tells the store of those that are new; the writer's thread. Errors as store_receiver. */
enum err import_receivers_tell(struct import_receivers *r, struct store *writer);

/* Names, each time one was asked for, that got no number. */
uint64_t import_receivers_unnumbered(struct import_receivers *r);

#endif
