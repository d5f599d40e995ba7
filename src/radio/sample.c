#include "radio/sample.h"

#include <string.h>

struct format {
    const char *name;
    size_t bytes;
    float unit, zero;
};

static const struct format format[SAMPLE_FORMATS] = {
    [SAMPLE_CU8] = {"cu8", 2, 128, 127.5f}, [SAMPLE_CS8] = {"cs8", 2, 128, 0},
    [SAMPLE_CS16] = {"cs16", 4, 32768, 0},  [SAMPLE_CS16Q11] = {"cs16q11", 4, 2048, 0},
    [SAMPLE_CF32] = {"cf32", 8, 1, 0},
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

float sample_unit(enum sample_format f)
{
    return format[f].unit;
}

float sample_zero(enum sample_format f)
{
    return format[f].zero;
}
