#include "radio/pulse.h"

#include <math.h>

/* Edges in the middle of what is allowed: rise 0.05 to 0.1 µs, decay 0.05 to 0.2 µs. */
#define RISE_US  0.08
#define DECAY_US 0.12
#define WIDTH_US 0.5
/* Of the filter, to either side. */
#define REACH_US 2.0

static double envelope(double t_us)
{
    if (t_us < 0 || t_us > WIDTH_US + DECAY_US) {
        return 0;
    }
    if (t_us < RISE_US) {
        return t_us / RISE_US;
    }
    return t_us < WIDTH_US ? 1 : 1 - (t_us - WIDTH_US) / DECAY_US;
}

/* Half of the band that comes through: nine tenths of what the rate can carry; the band of a pulse
   itself ends near 4 MHz. */
static double half_band_mhz(double rate_hz)
{
    return fmin(0.45 * rate_hz / 1e6, 4.0);
}

static double step_us(int k)
{
    enum { MIDDLE = PULSE_FILTER / 2 };
    return REACH_US * (k - MIDDLE) / MIDDLE;
}

void pulse_filter_make(struct pulse_filter *f, double rate_hz)
{
    const double band = half_band_mhz(rate_hz);
    f->weight = 0;
    for (int k = 0; k < PULSE_FILTER; k++) {
        const double u = step_us(k);
        const double sinc = fabs(u) < 1e-9 ? 2 * band : sin(2 * M_PI * band * u) / (M_PI * u);
        f->h[k] = sinc * (0.54 + 0.46 * cos(M_PI * u / REACH_US));
        f->weight += f->h[k];
    }
}

double pulse_response(const struct pulse_filter *f, double t_us)
{
    double sum = 0;
    for (int k = 0; k < PULSE_FILTER; k++) {
        sum += f->h[k] * envelope(t_us - step_us(k));
    }
    return sum / f->weight;
}

static double tap_us(const struct pulse *p, int phase, int tap)
{
    return ((double)tap - (double)phase / PULSE_PHASES) / p->rate_hz * 1e6;
}

static unsigned taps_at(double rate_hz)
{
    const unsigned reach = (unsigned)ceil(0.7e-6 * rate_hz) + PULSE_BEFORE + 1;
    const unsigned fours = (reach + 3) / 4 * 4;
    return fours < PULSE_TAPS_MAX ? fours : PULSE_TAPS_MAX;
}

void pulse_make(struct pulse *p, double rate_hz)
{
    *p = (struct pulse){.rate_hz = rate_hz,
                        .chip_q = llround(rate_hz * 0.5e-6 * (1 << PULSE_Q)),
                        .taps = taps_at(rate_hz)};
    p->form_taps = p->taps + PULSE_FORM_MAX - PULSE_TAPS_MAX;
    struct pulse_filter filter;
    pulse_filter_make(&filter, rate_hz);
    double energies = 0, leaks = 0;
    for (int f = 0; f < PULSE_PHASES; f++) {
        double match[PULSE_TAPS_MAX], energy = 0;
        for (unsigned j = 0; j < p->taps; j++) {
            match[j] = pulse_response(&filter, tap_us(p, f, (int)j - PULSE_BEFORE));
            energy += match[j] * match[j];
        }
        for (unsigned j = 0; j < p->taps; j++) {
            const double w = match[j] / energy, t_us = tap_us(p, f, (int)j - PULSE_BEFORE);
            p->match[f][2 * j] = p->match[f][2 * j + 1] = (float)w;
            p->before[f] += (float)(w * pulse_response(&filter, t_us + WIDTH_US));
            p->after[f] += (float)(w * pulse_response(&filter, t_us - WIDTH_US));
        }
        for (unsigned j = 0; j < p->form_taps; j++) {
            p->form[f][2 * j] = p->form[f][2 * j + 1] =
                (float)pulse_response(&filter, tap_us(p, f, (int)j - PULSE_FORM_BEFORE));
        }
        energies += energy;
        leaks += (double)p->after[f];
    }
    p->energy = (float)(energies / PULSE_PHASES);
    p->leak = (float)(leaks / PULSE_PHASES);
}
