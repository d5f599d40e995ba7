/* Any bytes as a row of the ledger: what is taken for one is one, and packs to what was read. */
#include "model/claim_pack.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct claim c, again;
    uint8_t packed[CLAIM_PACK_MAX], twice[CLAIM_PACK_MAX];
    if (claim_unpack(data, n, &c)) {
        return 0;
    }
    if (c.kind >= CLAIM_KINDS || c.method >= CLAIM_METHODS || c.shape >= CLAIM_SHAPES ||
        c.candidates > CLAIM_CANDIDATES) {
        abort(); /* an index into the words, or beyond the candidates */
    }
    const size_t m = claim_pack(&c, packed);
    if (m > sizeof packed || claim_unpack(packed, m, &again) || claim_pack(&again, twice) != m ||
        memcmp(packed, twice, m) != 0) {
        abort();
    }
    return 0;
}
