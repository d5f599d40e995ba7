#include "radio/uat_sync.h"

#include <math.h>

/* Of the coarse look, in deviations: chance passes it at one place in some four hundred, and hardly
   anything that passes the closer one does not. */
#define ROUGH 3.0F

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

static void start_rough(struct uat_sync *s);

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
    start_rough(s);
}

/* Two steps together turn by a bit's worth. Their weight is the mean of both phases'; of noise the
   sum has the deviation 1. */
static void start_rough(struct uat_sync *s)
{
    double squares = 0;
    s->rough_steps = s->steps / 2;
    for (unsigned k = 0; k < s->rough_steps; k++) {
        double w = 0;
        for (unsigned f = 0; f < UAT_SYNC_PHASES; f++) {
            w += (double)s->weight[f][2 * k] + (double)s->weight[f][2 * k + 1];
        }
        s->rough[k] = (float)w;
        squares += w * w;
    }
    for (unsigned k = 0; k < s->rough_steps; k++) {
        s->rough[k] = (float)(s->rough[k] / sqrt(squares)); /* the sines of two steps: 1/2 each */
    }
    s->rough_threshold = ROUGH;
}

size_t uat_sync_reach(const struct uat_sync *s)
{
    return (size_t)(s->steps + 2) * s->lag;
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

enum {
    TIMES_HALF = 4,
    CARRIERS_HALF = 6,
    CARRIERS_TRIED = 2 * CARRIERS_HALF + 1,
    CARRIERS = 16, /* whole vectors */
    SAMPLES_MAX = 800
};

/* After the first pass: the second does not make so much better what is chance. */
static const float LIKE_HOPELESS = 0.15F;

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

/* Carriers side by side: each one's turning, and the sum of what is left turned back by it. */
struct carriers {
    float w_re[CARRIERS], w_im[CARRIERS], turn_re[CARRIERS], turn_im[CARRIERS];
    float re[CARRIERS], im[CARRIERS];
};

static void add_up(struct carriers *c, const float *left, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        const float re = left[2 * i], im = left[2 * i + 1];
        for (unsigned k = 0; k < CARRIERS; k++) {
            c->re[k] += re * c->w_re[k] - im * c->w_im[k];
            c->im[k] += re * c->w_im[k] + im * c->w_re[k];
            const float next = c->w_re[k] * c->turn_re[k] - c->w_im[k] * c->turn_im[k];
            c->w_im[k] = c->w_re[k] * c->turn_im[k] + c->w_im[k] * c->turn_re[k];
            c->w_re[k] = next;
        }
    }
}

/* The best carrier of a few around `middle`, `apart` from each other. */
static void try_carriers(const float *left, unsigned n, double offset, double middle, double apart,
                         float energy, struct uat_start *best)
{
    struct carriers c = {.re = {0}};
    for (int k = 0; k < CARRIERS; k++) {
        const double carrier = middle + (k - CARRIERS_HALF) * apart;
        c.turn_re[k] = (float)cos(carrier);
        c.turn_im[k] = (float)-sin(carrier);
        c.w_re[k] = (float)cos(carrier * offset);
        c.w_im[k] = (float)-sin(carrier * offset);
    }
    add_up(&c, left, n);
    for (int k = 0; k < CARRIERS_TRIED; k++) {
        const float likeness =
            (c.re[k] * c.re[k] + c.im[k] * c.im[k]) / ((float)n * energy + 1e-20F);
        if (likeness > best->likeness) {
            best->likeness = likeness;
            best->carrier = middle + (k - CARRIERS_HALF) * apart;
            best->re = c.re[k];
            best->im = c.im[k];
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
        if (out->likeness < LIKE_HOPELESS) {
            return true;
        }
        middle = out->at;
        carrier = out->carrier;
    }
    return true;
}
