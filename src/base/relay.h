/* Items from one thread to another: one writes, one reads, neither waits. What does not fit is the
   writer's to count. */
#ifndef MASAR_BASE_RELAY_H
#define MASAR_BASE_RELAY_H

#include <stddef.h>

struct relay;

/* Of so many items, a power of 2, each of item_bytes. NULL: out of memory. */
struct relay *relay_new(size_t item_bytes, unsigned items);
void relay_free(struct relay *r);

/* The writer: room for an item to be written in place, NULL where it is full; then it is handed
   over. */
void *relay_room(struct relay *r);
void relay_put(struct relay *r);

/* The reader: the oldest item, NULL where there is none; it stays until it is let go. */
void *relay_oldest(struct relay *r);
void relay_drop(struct relay *r);

/* Items that wait to be read. */
unsigned relay_waiting(const struct relay *r);

#endif
