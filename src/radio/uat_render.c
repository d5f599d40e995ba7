#include "radio/uat_render.h"

#include "base/rng.h"
#include "radio/uat_rs.h"
#include "radio/uat_wave.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    FINE = 16, /* parts of a bit the phase is known at */
    EDGE = 3,  /* bits before and after, where it rises and falls */
    BITS_MAX = UAT_SYNC_BITS + 8 * UAT_UPLINK_CODED,
    PARTS_MAX = (BITS_MAX + 2 * EDGE) * FINE + 1
};

struct uat_render {
    struct uat_render_options o;
    struct rng rng;
    struct uat_rs rs;
    float *mix;                    /* re and im in turn */
    size_t room, used;             /* samples that fit, that hold something */
    uint64_t first;                /* number of the sample at mix[0] */
    double pulse[2 * EDGE * FINE]; /* a bit's frequency over time; sums up to FINE */
    float phase[PARTS_MAX];
    int8_t bit[BITS_MAX];
};

/* The frequency of one bit t bits from its middle. */
static double pulse_at(bool shaped, double t)
{
    if (!shaped) {
        return fabs(t) < 0.5 ? 1 : 0;
    }
    const double roll = 0.5, x = M_PI * t, d = 1 - 4 * roll * roll * t * t;
    return (fabs(x) < 1e-9 ? 1 : sin(x) / x) * (fabs(d) < 1e-9 ? M_PI / 4 : cos(roll * x) / d);
}

struct uat_render *uat_render_new(const struct uat_render_options *o)
{
    if (!(o->rate_hz >= UAT_RATE_MIN_HZ && o->rate_hz <= UAT_RATE_MAX_HZ)) {
        return NULL;
    }
    struct uat_render *r = calloc(1, sizeof *r);
    if (!r) {
        return NULL;
    }
    r->o = *o;
    r->rng.state = o->seed;
    r->room = (size_t)ceil((BITS_MAX + 2 * EDGE) * o->rate_hz / UAT_BIT_HZ) + 2;
    r->mix = calloc(2 * r->room, sizeof *r->mix);
    if (!r->mix) {
        free(r);
        return NULL;
    }
    uat_rs_start(&r->rs);
    double sum = 0;
    for (int i = 0; i < 2 * EDGE * FINE; i++) {
        r->pulse[i] = pulse_at(o->shaped, (i + 0.5) / FINE - EDGE);
        sum += r->pulse[i];
    }
    for (int i = 0; i < 2 * EDGE * FINE; i++) {
        r->pulse[i] *= FINE / sum;
    }
    return r;
}

void uat_render_free(struct uat_render *r)
{
    if (r) {
        free(r->mix);
        free(r);
    }
}

static unsigned put_bits(int8_t *to, uint64_t word, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        to[i] = word >> (n - 1 - i) & 1 ? 1 : -1;
    }
    return n;
}

/* The bits on the air; 0: no such length. */
static unsigned code(struct uat_render *r, const struct uat_frame *f)
{
    uint8_t coded[UAT_UPLINK_CODED];
    unsigned bytes = 0;
    if (f->n == UAT_UPLINK) {
        for (unsigned b = 0; b < UAT_BLOCKS; b++) {
            uint8_t block[UAT_BLOCK_CODED];
            memcpy(block, f->byte + (size_t)b * UAT_BLOCK_DATA, UAT_BLOCK_DATA);
            uat_rs_encode(&r->rs, block, UAT_BLOCK_DATA, UAT_BLOCK_CODED - UAT_BLOCK_DATA);
            for (unsigned i = 0; i < UAT_BLOCK_CODED; i++) {
                coded[i * UAT_BLOCKS + b] = block[i];
            }
        }
        bytes = UAT_UPLINK_CODED;
    } else if (f->n == UAT_LONG || f->n == UAT_SHORT) {
        bytes = f->n == UAT_LONG ? UAT_LONG_CODED : UAT_SHORT_CODED;
        memcpy(coded, f->byte, f->n);
        uat_rs_encode(&r->rs, coded, f->n, bytes - f->n);
    } else {
        return 0;
    }
    unsigned n =
        put_bits(r->bit, f->n == UAT_UPLINK ? UAT_SYNC_UPLINK : UAT_SYNC_ADSB, UAT_SYNC_BITS);
    for (unsigned i = 0; i < bytes; i++) {
        n += put_bits(r->bit + n, coded[i], 8);
    }
    return n;
}

/* The phase of n bits from EDGE bits before the first on, in parts of a bit. */
static unsigned turn(struct uat_render *r, unsigned n)
{
    const unsigned parts = (n + 2 * EDGE) * FINE;
    double phase = 2 * M_PI * rng_unit(&r->rng);
    for (unsigned i = 0; i <= parts; i++) {
        r->phase[i] = (float)remainder(phase, 2 * M_PI);
        double frequency = 0;
        for (int k = -EDGE; k < EDGE; k++) { /* the bits whose pulses reach here */
            const long bit = (long)(i / FINE) - EDGE + k;
            const long at = (long)i - (bit + EDGE) * FINE - FINE / 2 + EDGE * FINE;
            if (bit >= 0 && bit < (long)n && at >= 0 && at < 2 * EDGE * FINE) {
                frequency += r->bit[bit] * r->pulse[at];
            }
        }
        phase += M_PI * UAT_TURN_PI / FINE * frequency;
    }
    return parts;
}

static double gauss(struct rng *r)
{
    const double u = 1 - rng_unit(r), v = rng_unit(r);
    return sqrt(-2 * log(u)) * cos(2 * M_PI * v);
}

/* One value as the format has it; what is beyond full scale is cut. */
static void put_value(const struct uat_render *r, double v, uint8_t *to)
{
    const enum sample_format f = r->o.format;
    if (f == SAMPLE_CF32) {
        const float x = (float)v;
        memcpy(to, &x, sizeof x);
        return;
    }
    const double low = f == SAMPLE_CU8 ? 0 : -(double)sample_unit(f);
    const double high = f == SAMPLE_CU8 ? 255 : (double)sample_unit(f) - 1;
    const double raw = round(v * (double)sample_unit(f) + (double)sample_zero(f));
    const long x = (long)(raw < low ? low : raw > high ? high : raw);
    to[0] = (uint8_t)(unsigned long)x;
    if (sample_bytes(f) == 4) {
        to[1] = (uint8_t)((unsigned long)x >> 8);
    }
}

/* Appends n samples, of which the first `used` hold something. */
static void put_samples(struct uat_render *r, size_t n, struct buf *out)
{
    const size_t size = sample_bytes(r->o.format);
    const double noise = sqrt(pow(10, r->o.noise_dbfs / 10) / 2);
    uint8_t *to = buf_reserve(out, n * size);
    for (size_t i = 0; to && i < n; i++) {
        for (size_t k = 0; k < 2; k++) {
            const double v = i < r->used ? (double)r->mix[2 * i + k] : 0;
            put_value(r, v + noise * gauss(&r->rng) + r->o.offset, to + i * size + k * size / 2);
        }
    }
    out->n += to ? n * size : 0;
    const size_t kept = n < r->used ? r->used - n : 0;
    memmove(r->mix, r->mix + 2 * n * (kept > 0), 2 * kept * sizeof *r->mix);
    memset(r->mix + 2 * kept, 0, 2 * (r->used - kept) * sizeof *r->mix);
    r->used = kept;
    r->first += n;
}

enum err uat_render_frame(struct uat_render *r, const struct uat_frame *f, double t_us,
                          double carrier_hz, double level_dbfs, struct buf *out)
{
    const unsigned n = code(r, f);
    const double per_bit = r->o.rate_hz / UAT_BIT_HZ;
    const double begins = t_us * r->o.rate_hz * 1e-6 - EDGE * per_bit - (double)r->first;
    if (n == 0 || begins < 0) {
        return ERR_RANGE;
    }
    const size_t before = (size_t)begins;
    put_samples(r, before, out);
    const unsigned parts = turn(r, n);
    const double at = begins - (double)before, amplitude = pow(10, level_dbfs / 20);
    for (size_t i = (size_t)ceil(at); i < r->room; i++) {
        const double part = ((double)i - at) / per_bit * FINE;
        const unsigned k = (unsigned)part;
        if (k >= parts) {
            break;
        }
        const double step = remainder((double)r->phase[k + 1] - (double)r->phase[k], 2 * M_PI);
        const double phase = (double)r->phase[k] + (part - k) * step +
                             remainder(2 * M_PI * carrier_hz / r->o.rate_hz * (double)i, 2 * M_PI);
        r->mix[2 * i] += (float)(amplitude * cos(phase));
        r->mix[2 * i + 1] += (float)(amplitude * sin(phase));
        r->used = i + 1 > r->used ? i + 1 : r->used;
    }
    return ERR_OK;
}

void uat_render_until(struct uat_render *r, double t_us, struct buf *out)
{
    const double wanted = ceil(t_us * r->o.rate_hz * 1e-6) - (double)r->first;
    const size_t n = wanted > 0 ? (size_t)wanted : 0;
    put_samples(r, n > r->used ? n : r->used, out);
}

double uat_render_now_us(const struct uat_render *r)
{
    return (double)r->first / r->o.rate_hz * 1e6;
}

double uat_render_end_us(const struct uat_render *r)
{
    return (double)(r->first + r->used) / r->o.rate_hz * 1e6;
}
