#include "radio/radio.h"

#include "radio/burst.h"
#include "radio/judge.h"
#include "radio/kernel.h"
#include "radio/thin.h"

#include <endian.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    PAD = 32,        /* samples: of a loop, and behind the buffers */
    BLOCK = 32768,   /* new samples looked at together */
    NOISE_RUN = 64,  /* samples whose power is one measurement of noise */
    NOISE_PLACE = 5, /* the measurement a fifth from the quietest is taken */
    CARRIER_PASSES = 2,
    RECENT = 32,     /* frames remembered, not to give one twice */
    LOUD_NOISE = 80, /* loudness noise is scaled to */
    EARLY_US = 8 + BURST_EARLY_BITS,
    TICKS_PER_S = 12000000
};

/* The offset changes so slowly that it is measured in one of so many samples, and what is new in a
   block has this share. */
enum { OFFSET_PART = 4 };
#define OFFSET_SHARE 0.05f

/* By how many deviations of noise four pulses must stand above the quiet places on average. */
#define ABOVE_NOISE 2.0
/* A bit of an interrogator's code counts if it is so sure: by magnitudes, as part of the height;
   by the carrier, in log likelihood. */
#define FIRM_MAGNITUDE 0.5f
#define FIRM_CARRIER   8.0f
/* Below this the pulses are not one oscillation's, and bits decided by it are not to be repaired.
 */
#define COHERENT 0.5f

struct recent {
    int64_t at; /* samples in 1/65536 since the first */
    uint8_t byte[14];
};

struct radio {
    enum sample_format format;
    const struct kernel *kernel;
    struct thin thin;
    double rate_hz; /* as given; pulse.rate_hz: of what is left */
    struct pulse pulse;
    struct kernel_preamble shape;
    float offset_i, offset_q; /* the receiver's, as known before the samples in the buffer */
    bool settled;
    struct judge judge;
    float noise; /* mean magnitude where nothing is sent; 0 not known yet */
    /* Samples that must follow a start; that are looked at again; from a start to the end of its
       early bits. */
    size_t ahead, back, early;
    uint8_t part[8]; /* of a sample that was cut */
    size_t n_part;
    uint64_t base;  /* samples given and lost before those that are counted in `first` */
    int64_t first;  /* number of the sample at the beginning of the buffer */
    size_t n, done; /* samples in the buffer; starts before done were looked at */
    size_t fresh;   /* samples from here on are new since the last look */
    size_t size;
    uint64_t lost; /* samples */
    float *iq;
    uint16_t *loud;
    uint8_t *mark; /* of starts, as kernel.h says */
    struct recent recent[RECENT];
    unsigned n_recent;
    struct radio_state state;
};

/* Loops over whole vectors have no rest to do one by one. */
static size_t whole_lanes(size_t n)
{
    return (n + PAD - 1) / PAD * PAD;
}

static size_t samples_of_us(double rate_hz, double us)
{
    return (size_t)ceil(rate_hz * us * 1e-6);
}

static const struct kernel *kernel_named(const char *name)
{
    if (!name) {
        return kernel_best();
    }
    for (unsigned k = 0; kernel_at(k); k++) {
        if (!strcmp(kernel_at(k)->name, name)) {
            return kernel_at(k);
        }
    }
    return NULL;
}

/* Nothing was sent before the next sample, as far as we know; a start needs some samples before it.
 */
static void begin(struct radio *r)
{
    r->n = r->done = r->fresh = r->back + PULSE_FORM_MAX;
    r->base = r->state.samples + r->lost;
    r->first = -(int64_t)r->n;
    r->n_part = 0;
    thin_begin(&r->thin);
    memset(r->recent, 0, sizeof r->recent);
    memset(r->iq, 0, 2 * r->n * sizeof *r->iq);
}

struct radio *radio_new(const struct radio_options *o)
{
    const struct kernel *kernel = kernel_named(o->kernel);
    if (!kernel || !(o->rate_hz >= PULSE_RATE_MIN_HZ && o->rate_hz <= PULSE_RATE_MAX_HZ)) {
        return NULL;
    }
    struct radio *r = calloc(1, sizeof *r);
    if (!r) {
        return NULL;
    }
    r->format = o->format;
    r->kernel = kernel;
    thin_start(&r->thin, o->rate_hz);
    const double rate_hz = o->rate_hz / r->thin.by;
    r->rate_hz = o->rate_hz;
    pulse_make(&r->pulse, rate_hz);
    preamble_kernel(&r->pulse, &r->shape);
    r->ahead = samples_of_us(rate_hz, 122) + 2 * PULSE_FORM_MAX;
    r->back = samples_of_us(rate_hz, 120);
    r->early = samples_of_us(rate_hz, EARLY_US) + PULSE_FORM_MAX;
    r->size = BLOCK + 2 * (r->ahead + r->back);
    r->iq = calloc(2 * (r->size + PAD), sizeof *r->iq);
    r->loud = calloc(r->size + 2 * PAD, sizeof *r->loud);
    r->mark = calloc(r->size + 2 * PAD, sizeof *r->mark);
    if (!r->iq || !r->loud || !r->mark) {
        radio_free(r);
        return NULL;
    }
    begin(r);
    return r;
}

void radio_free(struct radio *r)
{
    if (r) {
        free(r->iq);
        free(r->loud);
        free(r->mark);
        free(r);
    }
}

/* The one of n values that `below` are lower than; orders them about it (Hoare's selection). */
static float lowest_but(float *v, ptrdiff_t n, ptrdiff_t below)
{
    for (ptrdiff_t low = 0, high = n - 1; low < high;) {
        const float middle = v[below];
        ptrdiff_t i = low, j = high;
        while (i <= j) {
            while (i < high && v[i] < middle) {
                i++;
            }
            while (j > low && v[j] > middle) {
                j--;
            }
            if (i <= j) {
                const float swap = v[i];
                v[i++] = v[j];
                v[j--] = swap;
            }
        }
        low = j < below ? i : low;
        high = below < i ? j : high;
    }
    return v[below];
}

/* Mean magnitude where nothing is sent, by the power of many short runs: that of the fifth quietest
   is 10.5 % below that of all runs of mere noise, whose mean magnitude is 0.886 of its root. */
static float measure_noise(const struct kernel *kernel, const float *iq, size_t n)
{
    float run[BLOCK / NOISE_RUN] = {0};
    size_t runs = 0;
    for (size_t k = 0; k + NOISE_RUN <= n && runs < BLOCK / NOISE_RUN; k += 4 * NOISE_RUN) {
        run[runs++] = kernel->power(iq + 2 * k, NOISE_RUN);
    }
    if (runs == 0) {
        return 0;
    }
    return 0.886f * sqrtf(lowest_but(run, (ptrdiff_t)runs, (ptrdiff_t)runs / NOISE_PLACE) / 0.895f);
}

static void follow_noise(struct radio *r, size_t from)
{
    const float now = measure_noise(r->kernel, r->iq + 2 * from, r->n - from);
    if (now > 0) {
        r->noise += (r->noise > 0 ? 0.25f : 1.0f) * (now - r->noise);
    }
}

/* Deviation of a pulse's amplitude from what it is, by noise. */
static float amplitude_noise(const struct radio *r)
{
    return r->noise / 1.2533f * sqrtf(2 / r->pulse.energy);
}

/* Finds the starts anew that samples [from, to) have a part in, as far as their early bits: what
   was given up for what came later stands. */
static void look_again(struct radio *r, size_t from, size_t to)
{
    const float gain = LOUD_NOISE / fmaxf(r->noise, 1e-9f);
    const int16_t least = preamble_least(&r->shape, LOUD_NOISE, ABOVE_NOISE);
    const size_t first = from > r->early + PULSE_BEFORE ? from - r->early : PULSE_BEFORE;
    const size_t last = to < r->n - r->ahead ? to : r->n - r->ahead;
    r->kernel->loudness(r->iq + 2 * from, whole_lanes(to - from), gain, r->loud + from);
    if (last > first) {
        r->kernel->preamble(&r->shape, r->loud + first, whole_lanes(last - first), least,
                            r->mark + first);
    }
}

static bool given_before(struct radio *r, const struct burst *b)
{
    const int64_t at = b->at + r->first * (1 << PULSE_Q);
    for (unsigned k = 0; k < RECENT; k++) {
        if (llabs(r->recent[k].at - at) < 4 * r->pulse.chip_q &&
            !memcmp(r->recent[k].byte, b->byte, sizeof b->byte)) {
            return true;
        }
    }
    struct recent *new = &r->recent[r->n_recent++ % RECENT];
    new->at = at;
    memcpy(new->byte, b->byte, sizeof b->byte);
    return false;
}

static void give(struct radio *r, const struct burst *b, unsigned turned, radio_fn *out, void *ctx)
{
    const double here = (double)r->first + (double)b->at / (1 << PULSE_Q);
    const double samples = (double)r->base + here * r->thin.by - thin_delay(&r->thin);
    struct frame f = {
        .n = (uint8_t)(b->bits / 8), .flags = FRAME_ELAPSED, .corrected = (uint8_t)turned};
    f.tick = (uint64_t)llround(fmax(samples / r->rate_hz + 64e-6, 0) * TICKS_PER_S);
    f.t_us = (int64_t)(f.tick / 12);
    f.signal = (uint8_t)lrintf(fminf(fmaxf(b->height, 1.0f / 255), 1) * 255);
    memcpy(f.byte, b->byte, f.n);
    r->state.frames++;
    r->state.repaired += turned > 0;
    r->state.strong += b->height > 0.7079f;
    r->state.format[f.byte[0] >> 3]++;
    out(ctx, &f);
}

/* What magnitudes did not tell. Each pass knows the bits, and so the carrier, better. */
static enum judgment read_carrier(struct radio *r, struct burst *b, float noise, unsigned *turned)
{
    struct carrier carrier = {.known = false};
    for (int pass = 0; pass < CARRIER_PASSES; pass++) {
        if (!r->kernel->decide(b, &r->pulse, noise, &carrier)) {
            return JUDGE_NO;
        }
        enum judgment is = judge_bits(&r->judge, b, FIRM_CARRIER);
        if (is != JUDGE_NO) {
            return is;
        }
        if (carrier.coherence < COHERENT || carrier.unsure > judge_most_unsure(b)) {
            return JUDGE_NO;
        }
        is = judge_repair(&r->judge, b, turned);
        if (is != JUDGE_NO) {
            return is;
        }
    }
    return JUDGE_NO;
}

/* From a start to a frame. */
static enum judgment read_burst(struct radio *r, struct burst *b, unsigned *turned)
{
    const float noise = amplitude_noise(r);
    if (!r->kernel->begin(b, &r->pulse, r->iq, noise)) {
        return JUDGE_NO;
    }
    r->kernel->compare(b, &r->pulse, r->iq);
    enum judgment is = judge_bits(&r->judge, b, FIRM_MAGNITUDE * b->height);
    is = is == JUDGE_NO ? read_carrier(r, b, noise, turned) : is;
    r->state.undecoded += is == JUDGE_NO;
    return is;
}

/* Looks at one start; returns where to go on. */
static size_t look_at(struct radio *r, size_t start, radio_fn *out, void *ctx)
{
    struct burst b;
    unsigned turned = 0;
    b.at =
        ((int64_t)start << PULSE_Q) + ((int64_t)(r->mark[start] - 1) << PULSE_Q) / r->shape.phases;
    r->state.starts++;
    const uint64_t undecoded = r->state.undecoded;
    if (read_burst(r, &b, &turned) == JUDGE_NO) {
        if (r->state.undecoded == undecoded) {
            r->state.unsteady++;
            r->mark[start] = 0; /* not to be looked at again */
        }
        return start + 2;
    }
    if (given_before(r, &b)) {
        r->state.twice++;
        return start + 2;
    }
    give(r, &b, turned, out, ctx);
    r->kernel->cancel(&b, &r->pulse, r->iq);
    const size_t end =
        (size_t)((b.at + r->pulse.chip_q * (PREAMBLE_CHIPS + 2 * b.bits)) >> PULSE_Q);
    look_again(r, start - PULSE_FORM_MAX, end + PULSE_FORM_MAX);
    return start - r->back;
}

static void look_at_all(struct radio *r, size_t to, radio_fn *out, void *ctx)
{
    for (size_t k = r->done; k < to;) {
        uint64_t marks;
        memcpy(&marks, r->mark + k, sizeof marks);
        if (!marks) {
            k += sizeof marks;
            continue;
        }
        k += (unsigned)__builtin_ctzll(htole64(marks)) / 8;
        k = k < to ? look_at(r, k, out, ctx) : to;
    }
    r->done = to;
}

/* The offset of a receiver changes with its temperature: a second or so is soon enough. Followed by
   blocks, so that it is the same however the samples are cut into pushes. */
static void follow_offset(struct radio *r, size_t from)
{
    float i, q;
    const size_t n = r->settled ? (r->n - from) / OFFSET_PART : r->n - from;
    r->kernel->mean(r->iq + 2 * from, n, &i, &q);
    const float share = r->settled ? OFFSET_SHARE : 1;
    r->offset_i += share * i;
    r->offset_q += share * q;
    for (size_t k = from; !r->settled && k < r->n; k++) {
        r->iq[2 * k] -= i;
        r->iq[2 * k + 1] -= q;
    }
    r->settled = true;
}

static void look(struct radio *r, radio_fn *out, void *ctx)
{
    r->judge.now_s = (uint32_t)((double)(r->state.samples + r->lost) / r->rate_hz);
    follow_offset(r, r->fresh);
    follow_noise(r, r->done);
    look_again(r, PULSE_BEFORE, r->n);
    look_at_all(r, r->n - r->ahead, out, ctx);
    const size_t behind = r->back + 2 * PULSE_FORM_MAX;
    const size_t gone = r->done > behind ? r->done - behind : 0, keep = r->n - gone;
    memmove(r->iq, r->iq + 2 * gone, 2 * keep * sizeof *r->iq);
    r->first += (int64_t)gone;
    r->n -= gone;
    r->done -= gone;
    r->fresh = r->n;
}

/* So many samples that what comes of them has room. */
static size_t take_some(struct radio *r, const uint8_t *bytes, size_t samples)
{
    const size_t room = r->size - r->n;
    struct thin *t = &r->thin;
    float *to = r->iq + 2 * r->n;
    size_t most = room;
    if (t->by > 1) {
        most = (room - 1) * t->by + t->taps - t->n;
        most = most < THIN_ROOM - t->n ? most : THIN_ROOM - t->n;
        to = t->iq + 2 * t->n;
    }
    const size_t n = samples < most ? samples : most;
    r->state.clipped += r->kernel->read(r->format, bytes, n, r->offset_i, r->offset_q, to);
    r->state.samples += n;
    t->n += t->by > 1 ? n : 0;
    r->n += t->by > 1 ? r->kernel->thin(t, r->iq + 2 * r->n) : n;
    return n;
}

static void take(struct radio *r, const uint8_t *bytes, size_t samples, radio_fn *out, void *ctx)
{
    const size_t each = sample_bytes(r->format);
    while (samples > 0) {
        const size_t n = take_some(r, bytes, samples);
        bytes += n * each;
        samples -= n;
        if (r->n == r->size) {
            look(r, out, ctx);
        }
    }
}

void radio_push(struct radio *r, const uint8_t *bytes, size_t n, radio_fn *out, void *ctx)
{
    const size_t each = sample_bytes(r->format);
    while (r->n_part > 0 && n > 0) {
        r->part[r->n_part++] = *bytes++;
        n--;
        if (r->n_part == each) {
            r->n_part = 0;
            take(r, r->part, 1, out, ctx);
        }
    }
    take(r, bytes, n / each, out, ctx);
    memcpy(r->part, bytes + n / each * each, n % each);
    r->n_part = r->n_part > 0 ? r->n_part : n % each;
}

void radio_end(struct radio *r, radio_fn *out, void *ctx)
{
    if (r->size - r->n < r->ahead) {
        look(r, out, ctx);
    }
    const size_t silent = r->ahead;
    memset(r->iq + 2 * r->n, 0, 2 * silent * sizeof *r->iq);
    r->n += silent;
    look(r, out, ctx);
}

void radio_lost(struct radio *r, uint64_t samples, radio_fn *out, void *ctx)
{
    radio_end(r, out, ctx);
    r->lost += samples;
    begin(r);
}

unsigned radio_cut(const struct radio *r)
{
    return (unsigned)r->n_part;
}

struct radio_state radio_state(const struct radio *r)
{
    struct radio_state s = r->state;
    const double rms = r->noise / 1.2533 * sqrt(2);
    s.noise_dbfs = rms > 0 ? 20 * log10(rms) : -INFINITY;
    return s;
}
