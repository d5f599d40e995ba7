#include "radio/sample.h"

#include <math.h>
#include <string.h>

struct format {
    const char *name;
    size_t bytes;
};

static const struct format format[SAMPLE_FORMATS] = {
    [SAMPLE_CU8] = {"cu8", 2},         [SAMPLE_CS8] = {"cs8", 2},   [SAMPLE_CS16] = {"cs16", 4},
    [SAMPLE_CS16Q11] = {"cs16q11", 4}, [SAMPLE_CF32] = {"cf32", 8},
};

bool sample_format_named(const char *name, enum sample_format *out)
{
    for (int f = 0; f < SAMPLE_FORMATS; f++) {
        if (!strcmp(name, format[f].name)) {
            *out = (enum sample_format)f;
            return true;
        }
    }
    return false;
}

const char *sample_format_name(enum sample_format f)
{
    return format[f].name;
}

size_t sample_bytes(enum sample_format f)
{
    return format[f].bytes;
}

static uint64_t from_cu8(const uint8_t *in, size_t values, float *out)
{
    uint64_t ends = 0;
    for (size_t k = 0; k < values; k++) {
        out[k] = ((float)in[k] - 127.5f) * (1.0f / 128.0f);
        ends += in[k] == 0 || in[k] == 255;
    }
    return ends;
}

static uint64_t from_cs8(const uint8_t *in, size_t values, float *out)
{
    uint64_t ends = 0;
    for (size_t k = 0; k < values; k++) {
        out[k] = (float)(int8_t)in[k] * (1.0f / 128.0f);
        ends += in[k] == 0x7f || in[k] == 0x80;
    }
    return ends;
}

static uint64_t from_cs16(const uint8_t *in, size_t values, int full_scale, float *out)
{
    const float scale = 1.0f / (float)full_scale;
    uint64_t ends = 0;
    for (size_t k = 0; k < values; k++) {
        const int v = (int16_t)(uint16_t)(in[2 * k] | in[2 * k + 1] << 8);
        out[k] = (float)v * scale;
        ends += v >= full_scale - 1 || v <= -full_scale;
    }
    return ends;
}

/* A driver's "not a number" must not spread into every sum that follows. */
static uint64_t from_cf32(const uint8_t *in, size_t values, float *out)
{
    uint64_t ends = 0;
    for (size_t k = 0; k < values; k++) {
        float v;
        memcpy(&v, in + 4 * k, sizeof v);
        out[k] = fabsf(v) <= 64.0f ? v : 0.0f;
        ends += fabsf(v) >= 1.0f;
    }
    return ends;
}

static uint64_t to_floats(enum sample_format f, const uint8_t *in, size_t values, float *out)
{
    switch (f) {
    case SAMPLE_CU8:
        return from_cu8(in, values, out);
    case SAMPLE_CS8:
        return from_cs8(in, values, out);
    case SAMPLE_CS16:
        return from_cs16(in, values, 32768, out);
    case SAMPLE_CS16Q11:
        return from_cs16(in, values, 2048, out);
    default:
        return from_cf32(in, values, out);
    }
}

/* Sums in lanes, which any processor adds up in the same order. */
static void mean_of(const float *iq, size_t n, double *i, double *q)
{
    float sum[16] = {0};
    size_t k = 0;
    for (; k + 16 <= 2 * n; k += 16) {
        for (int j = 0; j < 16; j++) {
            sum[j] += iq[k + j];
        }
    }
    for (; k < 2 * n; k++) {
        sum[k % 16] += iq[k];
    }
    *i = *q = 0;
    for (int j = 0; j < 16; j += 2) {
        *i += sum[j];
        *q += sum[j + 1];
    }
    *i /= (double)n;
    *q /= (double)n;
}

void sample_read(enum sample_format f, const uint8_t *in, size_t n, struct sample_offset *offset,
                 float *iq, uint64_t *clipped)
{
    const uint64_t ends = to_floats(f, in, 2 * n, iq);
    if (clipped) {
        *clipped += ends;
    }
    if (n == 0) {
        return;
    }
    double i, q;
    mean_of(iq, n, &i, &q);
    /* The offset of a receiver changes with its temperature: a second or so is soon enough. */
    const double share = offset->settled ? 0.05 : 1.0;
    offset->i += share * (i - offset->i);
    offset->q += share * (q - offset->q);
    offset->settled = true;
    const float oi = (float)offset->i, oq = (float)offset->q;
    for (size_t k = 0; k < n; k++) {
        iq[2 * k] -= oi;
        iq[2 * k + 1] -= oq;
    }
}
