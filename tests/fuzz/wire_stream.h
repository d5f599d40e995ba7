/* What every stream reader is held to: any bytes, cut anywhere, give the same items and the same
   counts, whichever clock. Define FUZZ_SPEC before including. */
#ifndef MASAR_TESTS_FUZZ_WIRE_STREAM_H
#define MASAR_TESTS_FUZZ_WIRE_STREAM_H

#include "unit/wire_probe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first two bytes say how the rest is cut. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) {
        return 0;
    }
    const size_t cut[] = {1 + data[0] % 64, 1 + data[1] % 64, 0};
    const enum wire_clock clock = data[0] & 64 ? WIRE_CLOCK_RECEIVE : WIRE_CLOCK_FEED;
    if (!probe_same_split(FUZZ_SPEC, clock, data + 2, size - 2, cut)) {
        abort();
    }
    return 0;
}

#endif
