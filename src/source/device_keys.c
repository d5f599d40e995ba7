/* What every radio of this machine may be asked for. */
#include "radio/pulse.h"
#include "source/device.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BAND = 1090, BAND_UAT = 978, RATE_HZ = 2400000, RATE_UAT_HZ = 2083334, STALL_S = 3 };

static bool read_gain(const struct spec *s, struct device_wish *w, char *why, size_t why_size)
{
    const char *text = spec_get(s, "gain", "auto");
    w->gain = strcmp(text, "auto") == 0    ? DEVICE_GAIN_AUTO
              : strcmp(text, "tuner") == 0 ? DEVICE_GAIN_TUNER
                                           : DEVICE_GAIN_HAND;
    if (w->gain == DEVICE_GAIN_HAND &&
        spec_number(s, "gain", -10, 100, &w->gain_db, why, why_size)) {
        snprintf(why, why_size, "gain=%s: write dB, auto or tuner (the radio's own control)", text);
        return false;
    }
    return true;
}

enum err device_keys(const struct spec *s, double rate_most_hz, struct device_wish *w, char *why,
                     size_t why_size)
{
    double band = BAND, bias = 0, stall_s = STALL_S;
    *w = (struct device_wish){0};
    if (spec_number(s, "band", 0, 1e5, &band, why, why_size) ||
        (band != BAND && band != BAND_UAT)) {
        snprintf(why, why_size, "band=%s: write 1090 or 978", spec_get(s, "band", ""));
        return ERR_RANGE;
    }
    w->band = (int)band;
    w->frequency_hz = band * 1e6;
    w->rate_hz = w->band == BAND ? RATE_HZ : RATE_UAT_HZ;
    if (!read_gain(s, w, why, why_size) ||
        spec_number(s, "rate", PULSE_RATE_MIN_HZ, rate_most_hz, &w->rate_hz, why, why_size) ||
        spec_number(s, "ppm", -1000, 1000, &w->ppm, why, why_size) ||
        spec_number(s, "bias", 0, 1, &bias, why, why_size) ||
        spec_number(s, "stall", 0, 3600, &stall_s, why, why_size)) {
        return ERR_RANGE;
    }
    w->bias = bias > 0;
    w->stall_s = (unsigned)stall_s;
    return ERR_OK;
}

unsigned device_nearest_gain(const struct device_form *f, double db)
{
    unsigned best = 0;
    for (unsigned k = 1; k < f->n_gains; k++) {
        if (fabs(f->gain_db10[k] - 10 * db) < fabs(f->gain_db10[best] - 10 * db)) {
            best = k;
        }
    }
    return best;
}
