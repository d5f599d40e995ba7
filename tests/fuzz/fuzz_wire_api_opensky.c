/* Any body is an answer or a sentence about it; what comes out of it is within its ranges. */
#include "wire/api_opensky.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(void *ctx, struct message *m)
{
    (void)ctx;
    const bool is_place = m->lat_e7 >= -900000000 && m->lat_e7 <= 900000000 &&
                          m->lon_e7 >= -1800000000 && m->lon_e7 < 1800000000;
    if (m->n > MESSAGE_ITEMS_MAX || m->address >= 2 * ADDRESS_NON_ICAO ||
        (m->has_place && !is_place)) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char why[120] = "";
    char *body = malloc(size + 1); /* exactly what is there, so that a read beyond it is seen */
    if (!body) {
        return 0;
    }
    memcpy(body + 1, data, size);
    if (api_opensky_parse(body + 1, size, 0, check, NULL, why, sizeof why) && !why[0]) {
        abort();
    }
    free(body);
    return 0;
}
