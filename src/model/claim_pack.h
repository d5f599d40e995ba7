/* A claim as bytes and back, bit for bit: how the ledger keeps its rows. Little-endian, a version
   first; fields in the order of claim.h. Pure; any bytes may be read. */
#ifndef MASAR_MODEL_CLAIM_PACK_H
#define MASAR_MODEL_CLAIM_PACK_H

#include "base/err.h"
#include "model/claim.h"

#include <stddef.h>

enum { CLAIM_PACK_MAX = 400 };

/* Returns how many bytes. */
size_t claim_pack(const struct claim *c, uint8_t out[CLAIM_PACK_MAX]);

/* ERR_SYNTAX: no such row: torn, of another version, or with a word claim.def has not. */
enum err claim_unpack(const uint8_t *p, size_t n, struct claim *out);

#endif
