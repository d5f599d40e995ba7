/* A packet: short chunks of several aircraft, near each other in place and time, in one row. What
   their heads say lies in columns of as many bits as it needs, so that a trace of a few minutes is
   not dearer than it must be; a chunk comes out of it byte for byte as it went in. Pure.
   docs/STORE.md describes the bytes. */
#ifndef MASAR_STORE_PACKET_H
#define MASAR_STORE_PACKET_H

#include "base/buf.h"
#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

enum { PACKET_MAX = 64, PACKET_VERSION = 1 };

struct packet_chunk {
    const uint8_t *p; /* a chunk of version 3, whole */
    size_t n;
};

/* What a packet says of one of its chunks. */
struct packet_member {
    uint32_t address, points;
    int64_t first_ms, last_ms;
    uint32_t time_low, time_width;
    uint8_t flags;
    size_t at, bytes; /* of the packet: what follows the chunk's head */
};

struct packet {
    size_t n; /* 1 .. PACKET_MAX */
    struct packet_member member[PACKET_MAX];
};

/* Appends a packet of n chunks (1 .. PACKET_MAX), addresses not descending. ERR_RANGE: one is no
   whole chunk of version 3, or not as our writer makes it; nothing is appended. ERR_MEMORY. */
enum err packet_write(const struct packet_chunk *c, size_t n, struct buf *out);

/* Reads and verifies a packet of n bytes. ERR_SYNTAX: it is none, or damaged; ERR_RANGE: of a
   later version. */
enum err packet_read(const uint8_t *b, size_t n, struct packet *out);

/* Appends a chunk of a packet that was read. What it holds is for who reads the chunk to judge. */
enum err packet_chunk(const struct packet *p, const uint8_t *b, size_t k, struct buf *out);

#endif
