/* Samples as receivers give them → complex samples of one form: re and im in turn, full scale 1,
   without the receiver's constant offset. Pure. */
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

/* Bytes of one complex sample. */
size_t sample_bytes(enum sample_format f);

/* The slowly followed offset of I and Q, full scale 1. Zero-initialized is the start. */
struct sample_offset {
    double i, q;
    bool settled;
};

/* Turns n complex samples into iq (2n floats), offset removed and followed. clipped, if not NULL,
   grows by the number of samples at the end of the scale. A float that is no number reads as 0. */
void sample_read(enum sample_format f, const uint8_t *in, size_t n, struct sample_offset *offset,
                 float *iq, uint64_t *clipped);

#endif
