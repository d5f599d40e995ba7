/* Points of one aircraft in few bytes, quickly: each as what has changed since the one before. What
   the journal and the writer's memory hold (docs/STORE.md). Pure. */
#ifndef MASAR_STORE_PACK_H
#define MASAR_STORE_PACK_H

#include "model/kept.h"

#include <stddef.h>
#include <stdint.h>

/* No point takes more. */
enum { PACK_MAX = 160 };

/* Writes p as it differs from the point before, NULL: from one of which nothing is known, at 0
   degrees, 0 ms. The address is not written. Returns the bytes. */
size_t pack_point(uint8_t out[PACK_MAX], const struct kept *before, const struct kept *p);

/* Reads what pack_point wrote; out gets the address of `before`. Returns the bytes read, 0 where n
   are too few or they are none of its. */
size_t pack_read(const uint8_t *b, size_t n, const struct kept *before, struct kept *out);

/* Seven bits a byte, lowest first, bit 7: more follow. Returns the bytes, at most 10. */
size_t pack_number(uint8_t *out, uint64_t v);
/* 0: cut short or longer than 64 bits. */
size_t pack_read_number(const uint8_t *b, size_t n, uint64_t *v);

#endif
