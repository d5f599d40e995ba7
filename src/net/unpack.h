/* gzip and zstd streams, taken apart and put together as bytes come. No file, no socket. */
#ifndef MASAR_NET_UNPACK_H
#define MASAR_NET_UNPACK_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum packing { PACKING_NONE, PACKING_GZIP, PACKING_ZSTD };

/* What the ending of a file's name says: .gz .zst */
enum packing packing_of_name(const char *name);

struct unpack;

/* named is what the name promises: bytes of another form are then an error. With PACKING_NONE the
   first bytes decide (RFC 1952 2.3.1, RFC 8878 3.1.1). NULL: out of memory. */
struct unpack *unpack_new(enum packing named);
void unpack_free(struct unpack *u);

/* Takes bytes from *p, *n (both moved on) and gives bytes in *out, *out_n, valid until the next
   call. Call again while either is not zero. On an error what was read before it is in *out still.
   ERR_SYNTAX: the compressed bytes are damaged. */
enum err unpack_step(struct unpack *u, const uint8_t **p, size_t *n, const uint8_t **out,
                     size_t *out_n);

/* No more bytes will come; *out, *out_n as above. ERR_SHORT: they end in the middle of a compressed
   stream. */
enum err unpack_end(struct unpack *u, const uint8_t **out, size_t *out_n);

/* A sentence's end for an error of the two: "is damaged…". */
const char *unpack_why(const struct unpack *u, enum err e);

struct pack;

/* NULL: out of memory. packing is not PACKING_NONE. */
struct pack *pack_new(enum packing packing);
void pack_free(struct pack *p);

enum pack_mode { PACK_MORE, PACK_FLUSH, PACK_END };

/* Appends the compressed form to out; with PACK_FLUSH all that was given can be read back, with
   PACK_END the stream is complete. ERR_MEMORY. */
enum err pack_write(struct pack *p, const uint8_t *bytes, size_t n, enum pack_mode mode,
                    struct buf *out);

#endif
