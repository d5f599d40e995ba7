/* Short chunks that lie in packets: each has a number of its own, those of a packet in a row from
   the packet's on, and is found by it as any other. For SQL there is a table `packed(id, address,
   first_ms, last_ms, points, bytes)` of them, of this connection alone. Inside this room only. */
#ifndef MASAR_STORE_PACKED_H
#define MASAR_STORE_PACKED_H

#include "store/lead.h"
#include "store/packet.h"

#include <sqlite3.h>
#include <stdbool.h>

struct store;

/* What is read of packets; the last one is kept. */
struct packed {
    struct store *s;
    int64_t id;  /* of the packet at hand; 0: none */
    size_t torn; /* that could not be read, since packed_forget */
    struct packet packet;
    struct buf bytes, chunk;
};

/* Registers the table `packed`. ERR_MEMORY. */
enum err packed_open(struct store *s);
void packed_close(struct store *s);
/* What was read may not be so any more. */
void packed_forget(struct store *s);

/* The packet that a number lies in, at hand; *k: which of it. ERR_NOT_FOUND: none; ERR_SYNTAX: it
   is damaged, and counted as torn. */
enum err packed_find(struct store *s, int64_t id, size_t *k);

/* The chunk of a number, as if it had a row; valid until the next call. NULL: there is none, or its
   packet is damaged. */
const uint8_t *packed_bytes(struct store *s, int64_t id, size_t *n);

/* Removes a packet with all that leads to its chunks. A transaction must be open. chunks, points:
   how many. */
enum err packed_remove(struct store *s, int64_t id, uint64_t *chunks, uint64_t *points);

/* What leads to the chunks of the packet at hand. */
enum err packed_leads(struct store *s, struct lead_list *out);

#endif
