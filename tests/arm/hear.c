/* hear FILE RATE FORMAT: what the demodulator hears in a file, a frame a line: ticks, signal, bits
   turned, bytes. Built for another processor by tests/differential/neon.sh. */
#include "radio/radio.h"

#include <stdio.h>
#include <stdlib.h>

static void print(void *ctx, const struct frame *f)
{
    (void)ctx;
    printf("%llu %u %u ", (unsigned long long)f->tick, f->signal, f->corrected);
    for (unsigned i = 0; i < f->n; i++) {
        printf("%02x", f->byte[i]);
    }
    putchar('\n');
}

int main(int argc, char **argv)
{
    struct radio_options o = {0};
    FILE *f = argc == 4 ? fopen(argv[1], "rb") : NULL;
    struct radio *r = NULL;
    if (f && sample_format_named(argv[3], &o.format)) {
        o.rate_hz = strtod(argv[2], NULL);
        r = radio_new(&o);
    }
    if (!r) {
        fputs("hear FILE RATE FORMAT\n", stderr);
        return 2;
    }
    uint8_t bytes[65536];
    for (size_t n; (n = fread(bytes, 1, sizeof bytes, f)) > 0;) {
        radio_push(r, bytes, n, print, NULL);
    }
    radio_end(r, print, NULL);
    radio_free(r);
    fclose(f);
    return 0;
}
