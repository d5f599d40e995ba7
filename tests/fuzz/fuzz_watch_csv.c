/* Files watches are given: expected flights and lists of one's own. The first byte says which; any
   bytes are rows, or an error that names the line. */
#include "watch/expected.h"
#include "watch/list.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool so)
{
    if (!so) {
        abort();
    }
}

static bool flight(void *ctx, const struct watch_expected *e)
{
    size_t *n = ctx;
    ++*n;
    must(e->on_ms > e->off_ms && memchr(e->callsign, 0, sizeof e->callsign));
    return *n < 1000;
}

static void listed(void *ctx, uint32_t address, const char *label)
{
    size_t *n = ctx;
    ++*n;
    must(address <= 0x1ffffff && label);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char why[300] = "";
    size_t n = 0, bad = 0;
    if (size == 0) {
        return 0;
    }
    char *text = malloc(size); /* exactly as long: a byte too far is seen */
    must(text);
    memcpy(text, data + 1, size - 1);
    if (data[0] & 1) {
        must(watch_list_read(text, size - 1, listed, &n, &bad) == n);
    } else if (!watch_expected_read(text, size - 1, NULL, 1, flight, &n, why, sizeof why)) {
        must(why[0]);
    }
    free(text);
    return 0;
}
