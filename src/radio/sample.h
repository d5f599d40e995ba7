/* Samples as receivers give them. Pure. */
#ifndef MASAR_RADIO_SAMPLE_H
#define MASAR_RADIO_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Each: I then Q, little-endian. */
enum sample_format {
    SAMPLE_CU8,     /* unsigned bytes, 127.5 is zero (RTL2832) */
    SAMPLE_CS8,     /* signed bytes (HackRF) */
    SAMPLE_CS16,    /* signed 16 bits, full scale 32768 */
    SAMPLE_CS16Q11, /* signed 16 bits of which 12 are used, full scale 2048 (bladeRF, ADALM-Pluto)
                     */
    SAMPLE_CF32,    /* IEEE floats, full scale 1 */
    SAMPLE_FORMATS
};

/* "cu8", "cs8", "cs16", "cs16q11", "cf32". False: none of them. */
bool sample_format_named(const char *name, enum sample_format *out);
const char *sample_format_name(enum sample_format f);

/* Bytes of one complex sample; the value of full scale, and the one that means zero. */
size_t sample_bytes(enum sample_format f);
float sample_unit(enum sample_format f);
float sample_zero(enum sample_format f);

#endif
