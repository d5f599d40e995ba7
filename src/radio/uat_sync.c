#include "radio/uat_sync.h"

#include <math.h>

/* The bit that is sent at t bits after the beginning, as +1 or -1. */
static int bit_at(uint64_t word, double t)
{
    const int i = (int)floor(t);
    if (i < 0 || i >= UAT_SYNC_BITS) {
        return 0;
    }
    return word >> (UAT_SYNC_BITS - 1 - i) & 1 ? 1 : -1;
}

/* The mean of the bits between two times. */
static double mean_bit(double from, double to)
{
    enum { PARTS = 32 };
    double sum = 0;
    for (int i = 0; i < PARTS; i++) {
        sum += bit_at(UAT_SYNC_ADSB, from + (to - from) * (i + 0.5) / PARTS);
    }
    return sum / PARTS;
}

void uat_sync_start(struct uat_sync *s, double rate_hz)
{
    /* Of noise a match has the deviation 1: chance passes this some hundred times a second. */
    enum { DEVIATIONS = 4 };
    *s = (struct uat_sync){.rate_hz = rate_hz, .per_bit = rate_hz / UAT_BIT_HZ};
    s->lag = (unsigned)fmax(1, floor(s->per_bit / 2 + 0.1));
    s->steps = (unsigned)fmin(UAT_SYNC_STEPS_MAX, ceil(UAT_SYNC_BITS * s->per_bit / s->lag));
    s->threshold = DEVIATIONS;
    for (unsigned f = 0; f < UAT_SYNC_PHASES; f++) {
        double sum = 0, squares = 0;
        for (unsigned i = 0; i < s->steps; i++) {
            const double from =
                (i * s->lag + (s->lag - 1) / 2.0 + (double)f / UAT_SYNC_PHASES) / s->per_bit;
            s->weight[f][i] = (float)mean_bit(from, from + s->lag / s->per_bit);
            sum += s->weight[f][i];
        }
        for (unsigned i = 0; i < s->steps; i++) {
            s->weight[f][i] -= (float)(sum / s->steps);
            squares += (double)s->weight[f][i] * s->weight[f][i];
        }
        for (unsigned i = 0; i < s->steps; i++) {
            s->weight[f][i] /= (float)sqrt(squares / 2); /* the sine of any angle has 1/2 */
        }
    }
}

size_t uat_sync_reach(const struct uat_sync *s)
{
    return (size_t)(s->steps + 2) * s->lag;
}

void uat_sync_steps(const struct uat_sync *s, const float *iq, size_t n, float *step)
{
    for (size_t i = 0; i < n; i++) {
        float a_re = 0, a_im = 0, b_re = 0, b_im = 0;
        for (unsigned j = 0; j < s->lag; j++) {
            a_re += iq[2 * (i + j)];
            a_im += iq[2 * (i + j) + 1];
            b_re += iq[2 * (i + j + s->lag)];
            b_im += iq[2 * (i + j + s->lag) + 1];
        }
        const float power = (a_re * a_re + a_im * a_im) * (b_re * b_re + b_im * b_im);
        step[i] = (b_im * a_re - b_re * a_im) / sqrtf(power + 1e-20F);
    }
}

float uat_sync_match(const struct uat_sync *s, const float *step)
{
    float sum[UAT_SYNC_PHASES] = {0};
    for (unsigned i = 0; i < s->steps; i++) {
        const float v = step[(size_t)i * s->lag];
        for (unsigned f = 0; f < UAT_SYNC_PHASES; f++) {
            sum[f] += v * s->weight[f][i];
        }
    }
    return fabsf(sum[0]) > fabsf(sum[1]) ? sum[0] : sum[1];
}

enum { TIMES_HALF = 4, CARRIERS_HALF = 6, SAMPLES_MAX = 800 };

/* The samples of a burst that begins at `at`, turned back by what was sent: what is left is the
   carrier. Returns their number, and their energy. */
static unsigned turn_back(const struct uat_sync *s, const float *iq, double at, bool is_uplink,
                          float *left, float *energy)
{
    const uint64_t word = is_uplink ? UAT_SYNC_UPLINK : UAT_SYNC_ADSB;
    const long first = (long)ceil(at);
    double before[UAT_SYNC_BITS + 1] = {0}; /* phase at each bit's beginning, in turns of a bit */
    for (int i = 0; i < UAT_SYNC_BITS; i++) {
        before[i + 1] = before[i] + bit_at(word, i);
    }
    unsigned n = 0;
    *energy = 0;
    for (; n < SAMPLES_MAX; n++) {
        const double t = ((double)(first + (long)n) - at) / s->per_bit;
        const int i = (int)t;
        if (i >= UAT_SYNC_BITS) {
            break;
        }
        const float phase = (float)(M_PI * UAT_TURN_PI * (before[i] + (t - i) * bit_at(word, i)));
        const float c = cosf(phase), d = -sinf(phase);
        const float *v = iq + 2 * (first + (long)n);
        left[2 * n] = v[0] * c - v[1] * d;
        left[2 * n + 1] = v[0] * d + v[1] * c;
        *energy += v[0] * v[0] + v[1] * v[1];
    }
    return n;
}

/* The best carrier of a few around `middle`, `apart` from each other. */
static void try_carriers(const float *left, unsigned n, double offset, double middle, double apart,
                         float energy, struct uat_start *best)
{
    for (int k = -CARRIERS_HALF; k <= CARRIERS_HALF; k++) {
        const double carrier = middle + k * apart;
        const double turn_re = cos(carrier), turn_im = -sin(carrier);
        double w_re = cos(carrier * offset), w_im = -sin(carrier * offset);
        double re = 0, im = 0;
        for (unsigned i = 0; i < n; i++) {
            re += left[2 * i] * w_re - left[2 * i + 1] * w_im;
            im += left[2 * i] * w_im + left[2 * i + 1] * w_re;
            const double next = w_re * turn_re - w_im * turn_im;
            w_im = w_re * turn_im + w_im * turn_re;
            w_re = next;
        }
        const float likeness = (float)((re * re + im * im) / (n * (double)energy + 1e-20));
        if (likeness > best->likeness) {
            best->likeness = likeness;
            best->carrier = carrier;
            best->re = (float)re;
            best->im = (float)im;
            best->at = -1; /* the caller's to fill in */
        }
    }
}

bool uat_sync_refine(const struct uat_sync *s, const float *iq, size_t n, size_t near,
                     bool is_uplink, struct uat_start *out)
{
    float left[2 * SAMPLES_MAX], energy;
    const double reach = UAT_SYNC_BITS * s->per_bit;
    const double bin = M_PI / reach; /* half the width of a carrier's peak */
    *out = (struct uat_start){.is_uplink = is_uplink};
    double middle = (double)near - 0.25, carrier = 0;
    if (middle < s->per_bit + 1 || middle + reach + 2 * s->per_bit > (double)n) {
        return false;
    }
    for (int pass = 0; pass < 2; pass++) {
        const double step = s->per_bit / (pass == 0 ? 7 : 28);
        const double apart = pass == 0 ? bin : bin / 6;
        const double at_middle = middle, carrier_middle = carrier;
        for (int i = -TIMES_HALF; i <= TIMES_HALF; i++) {
            const double at = at_middle + i * step;
            const unsigned m = turn_back(s, iq, at, is_uplink, left, &energy);
            try_carriers(left, m, ceil(at) - at, carrier_middle, apart, energy, out);
            if (out->at < 0) {
                out->at = at;
            }
        }
        middle = out->at;
        carrier = out->carrier;
    }
    return true;
}
