/* Packed points of any bytes, one after another: what is read can be written, in no more than
   PACK_MAX bytes, and comes back alike. */
#include "store/pack.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kept before = kept_none(), k, again;
    before.t_ms = before.lat_e7 = before.lon_e7 = 0;
    for (size_t at = 0; at < size;) {
        uint8_t b[PACK_MAX];
        const size_t used = pack_read(data + at, size - at, &before, &k);
        if (used == 0 || used > size - at) {
            break;
        }
        const size_t n = pack_point(b, &before, &k);
        if (n > PACK_MAX || pack_read(b, n, &before, &again) != n ||
            memcmp(&k, &again, sizeof k) != 0) {
            abort();
        }
        before = k;
        at += used;
    }
    return 0;
}
