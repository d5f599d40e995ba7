#include "radio/uat_radio.h"

#include "model/frame.h"
#include "radio/kernel.h"
#include "radio/uat_follow.h"
#include "radio/uat_rs.h"
#include "radio/uat_sync.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    BLOCK = 32768, /* samples looked at at once */
    SAMPLE_BYTES_MAX = 8,
    PAD = 2 * UAT_PLACES /* behind the buffers: loops do whole vectors */
};

/* Synchronization this unlike is chance; that alike may have erasures guessed. */
static const float LIKE_LEAST = 0.22F;
static const float LIKE_SURE = 0.30F;

struct uat_radio {
    struct uat_radio_options o;
    const struct kernel *kernel;
    struct uat_sync sync;
    struct uat_rs rs;
    struct uat_radio_state state;
    float *iq, *step, *bit, *rough; /* bit: two steps together */
    size_t room, n;                 /* samples iq holds at most, and holds */
    size_t fresh;                   /* from here on the offset is not yet taken off */
    size_t at;                      /* the next place to be looked at */
    uint64_t first;                 /* number of the sample iq[0] */
    uint64_t lost;                  /* samples */
    float noise;                    /* power */
    size_t burst;                   /* samples of the longest burst, and a little */
    float offset[2];
    bool has_offset;
    uint8_t cut[SAMPLE_BYTES_MAX]; /* of a sample cut by the end of a push */
    size_t n_cut;
    uint8_t coded[UAT_UPLINK_CODED];
    float sure[UAT_UPLINK_CODED];
    struct uat_frame frame;
    uat_radio_fn *out;
    void *ctx;
};

struct uat_radio *uat_radio_new(const struct uat_radio_options *o)
{
    if (!(o->rate_hz >= UAT_RATE_MIN_HZ && o->rate_hz <= UAT_RATE_MAX_HZ)) {
        return NULL;
    }
    struct uat_radio *r = calloc(1, sizeof *r);
    if (!r) {
        return NULL;
    }
    r->o = *o;
    r->kernel = kernel_best();
    uat_rs_start(&r->rs);
    uat_sync_start(&r->sync, o->rate_hz);
    r->burst = (size_t)ceil((UAT_SYNC_BITS + 8 * UAT_UPLINK_CODED + 8) * r->sync.per_bit);
    r->room = r->burst + BLOCK + uat_sync_reach(&r->sync);
    r->iq = calloc(2 * r->room, sizeof *r->iq);
    r->step = calloc(r->room + PAD, sizeof *r->step);
    r->bit = calloc(r->room + PAD, sizeof *r->bit);
    r->rough = calloc(r->room + PAD, sizeof *r->rough);
    if (!r->iq || !r->step || !r->bit || !r->rough) {
        uat_radio_free(r);
        return NULL;
    }
    return r;
}

void uat_radio_free(struct uat_radio *r)
{
    if (r) {
        free(r->iq);
        free(r->step);
        free(r->bit);
        free(r->rough);
        free(r);
    }
}

/* ---- a burst's bytes ---- */

/* The n_erased least sure of n bytes. */
static void least_sure(const float *sure, unsigned n, uint8_t *at, unsigned n_erased)
{
    uint64_t taken[2] = {0};
    for (unsigned e = 0; e < n_erased; e++) {
        unsigned least = n;
        for (unsigned i = 0; i < n; i++) {
            if (!(taken[i / 64] >> i % 64 & 1) && (least == n || sure[i] < sure[least])) {
                least = i;
            }
        }
        taken[least / 64] |= UINT64_C(1) << least % 64;
        at[e] = (uint8_t)least;
    }
}

/* Repairs a code word: as it is, or with its least sure bytes taken for erased, each time fewer
   errors besides being believed than the code could repair. -1: it cannot be. */
static int mend(const struct uat_rs *rs, uint8_t *p, const float *sure, unsigned n_data,
                unsigned n_check, bool may_guess)
{
    const unsigned n = n_data + n_check;
    int changed = uat_rs_decode(rs, p, n, n_check, NULL, 0, n_check / 2);
    const unsigned most = may_guess ? n_check - 4 : 0;
    for (unsigned e = 2; changed < 0 && e <= most; e += 2) {
        uint8_t at[UAT_RS_CHECK_MAX];
        least_sure(sure, n, at, e);
        changed = uat_rs_decode(rs, p, n, n_check, at, e, (n_check - e) / 2 - 1);
    }
    return changed;
}

enum { TYPE_BASIC = 0 };

/* A basic message has payload type 0, a long one another. */
static bool mend_adsb(struct uat_radio *r, bool may_guess)
{
    struct uat_frame *f = &r->frame;
    for (unsigned turn = 0; turn < 4; turn++) {
        const bool is_long = !(turn & 1), guess = turn >= 2;
        if (guess && !may_guess) {
            return false;
        }
        uint8_t p[UAT_LONG_CODED];
        const unsigned n_data = is_long ? UAT_LONG : UAT_SHORT;
        memcpy(p, r->coded, sizeof p);
        const int changed =
            mend(&r->rs, p, r->sure, n_data,
                 is_long ? UAT_LONG_CODED - UAT_LONG : UAT_SHORT_CODED - UAT_SHORT, guess);
        if (changed >= 0 && (p[0] >> 3 != TYPE_BASIC) == is_long) {
            memcpy(f->byte, p, n_data);
            f->n = (uint16_t)n_data;
            f->corrected = (uint8_t)changed;
            return true;
        }
    }
    return false;
}

/* Byte i of block b is sent as byte 6 i + b. */
static bool mend_uplink(struct uat_radio *r, bool may_guess)
{
    struct uat_frame *f = &r->frame;
    unsigned corrected = 0;
    for (unsigned b = 0; b < UAT_BLOCKS; b++) {
        uint8_t p[UAT_BLOCK_CODED];
        float sure[UAT_BLOCK_CODED];
        for (unsigned i = 0; i < UAT_BLOCK_CODED; i++) {
            p[i] = r->coded[i * UAT_BLOCKS + b];
            sure[i] = r->sure[i * UAT_BLOCKS + b];
        }
        const int changed =
            mend(&r->rs, p, sure, UAT_BLOCK_DATA, UAT_BLOCK_CODED - UAT_BLOCK_DATA, may_guess);
        if (changed < 0) {
            return false;
        }
        corrected += (unsigned)changed;
        memcpy(f->byte + (size_t)b * UAT_BLOCK_DATA, p, UAT_BLOCK_DATA);
    }
    f->n = UAT_UPLINK;
    f->corrected = (uint8_t)corrected; /* at most 6 times 18 */
    return true;
}

/* Samples from a burst's beginning to its end. */
static double burst_samples(const struct uat_radio *r)
{
    const unsigned bytes = r->frame.n == UAT_UPLINK  ? UAT_UPLINK_CODED
                           : r->frame.n == UAT_SHORT ? UAT_SHORT_CODED
                                                     : UAT_LONG_CODED;
    return (UAT_SYNC_BITS + 8 * bytes) * r->sync.per_bit;
}

/* The mean power of a burst. */
static float power_of(const struct uat_radio *r, const struct uat_start *b)
{
    const size_t first = (size_t)ceil(b->at), n = (size_t)burst_samples(r);
    double sum = 0;
    for (size_t i = 2 * first; i < 2 * (first + n) && i < 2 * r->n; i++) {
        sum += (double)r->iq[i] * (double)r->iq[i];
    }
    return (float)(sum / (double)n);
}

static void give(struct uat_radio *r, const struct uat_start *b)
{
    const float power = power_of(r, b);
    struct uat_frame *f = &r->frame;
    const double heard = (double)r->first + b->at + UAT_SYNC_BITS * r->sync.per_bit;
    f->t_us = llround(heard / r->o.rate_hz * 1e6);
    f->flags = FRAME_ELAPSED;
    f->receiver = 0;
    f->rssi_ddb = (int16_t)lround(100 * log10((double)power + 1e-12));
    const float level = 255 * sqrtf(power);
    f->signal = (uint8_t)(level < 1 ? 1 : level > 255 ? 255 : lroundf(level));
    r->state.repaired += f->corrected > 0;
    r->state.repaired_bytes += f->corrected;
    r->state.strong += power > 0.5F;
    r->state.basic += f->n == UAT_SHORT;
    r->state.extended += f->n == UAT_LONG;
    r->state.uplinks += f->n == UAT_UPLINK;
    r->out(r->ctx, f);
}

/* Reads what begins about sample `near`. Returns the samples it lasts, 0 where nothing came of it.
 */
static size_t read_burst(struct uat_radio *r, size_t near, bool is_uplink)
{
    struct uat_start b;
    r->state.starts++;
    if (!uat_sync_refine(&r->sync, r->iq, r->n, near, is_uplink, &b) || b.likeness < LIKE_LEAST) {
        return 0;
    }
    uat_follow(&r->sync, r->iq, r->n, &b, is_uplink ? UAT_UPLINK_CODED : UAT_LONG_CODED, r->coded,
               r->sure);
    const bool may_guess = b.likeness > LIKE_SURE;
    if (!(is_uplink ? mend_uplink(r, may_guess) : mend_adsb(r, may_guess))) {
        return 0;
    }
    give(r, &b);
    return (size_t)(burst_samples(r) - 2 * r->sync.per_bit);
}

/* ---- samples ---- */

/* The coarse look at the places from r->at to `end`, and the steps it and the closer one take. */
static void look_roughly(struct uat_radio *r, size_t end)
{
    const struct uat_sync *s = &r->sync;
    const size_t about = (size_t)ceil(s->per_bit), places = end - r->at;
    const size_t steps = places + about + uat_sync_reach(s) - 2 * s->lag;
    float *step = r->step + r->at, *bit = r->bit + r->at;
    r->kernel->uat_steps(r->iq + 2 * r->at, steps, s->lag, step);
    for (size_t i = 0; i + s->lag < steps; i++) {
        bit[i] = step[i] + step[i + s->lag];
    }
    r->kernel->uat_rough(s->rough, s->rough_steps, 2 * s->lag, bit,
                         (places + UAT_PLACES - 1) / UAT_PLACES * UAT_PLACES, r->rough + r->at);
}

/* Looks at every place before `end`. */
static void look(struct uat_radio *r, size_t end)
{
    const size_t about = (size_t)ceil(r->sync.per_bit);
    if (r->at >= end) {
        return;
    }
    look_roughly(r, end);
    while (r->at < end) {
        if (fabsf(r->rough[r->at]) < r->sync.rough_threshold) {
            r->at++;
            continue;
        }
        float best = uat_sync_match(&r->sync, r->step + r->at);
        if (fabsf(best) < r->sync.threshold) {
            r->at++;
            continue;
        }
        size_t peak = r->at;
        for (size_t i = r->at + 1; i < r->at + about; i++) {
            const float v = uat_sync_match(&r->sync, r->step + i);
            if (fabsf(v) > fabsf(best)) {
                best = v;
                peak = i;
            }
        }
        const size_t lasts = read_burst(r, peak, best < 0);
        r->state.undecoded += lasts == 0;
        r->at = lasts ? peak + lasts : peak + 1;
    }
}

/* A receiver's constant offset, as the mean of each block, is taken off what is new. */
static void take_offset_off(struct uat_radio *r)
{
    float mean[2];
    const size_t n = r->n - r->fresh;
    r->kernel->mean(r->iq + 2 * r->fresh, n, &mean[0], &mean[1]);
    for (unsigned k = 0; n > 0 && k < 2; k++) {
        r->offset[k] = r->has_offset ? r->offset[k] + 0.25F * (mean[k] - r->offset[k]) : mean[k];
    }
    r->has_offset |= n > 0;
    for (size_t i = r->fresh; i < r->n; i++) {
        r->iq[2 * i] -= r->offset[0];
        r->iq[2 * i + 1] -= r->offset[1];
    }
    r->fresh = r->n;
}

/* Samples before a place that a refinement may use. */
static size_t looked_back(const struct uat_radio *r)
{
    return (size_t)ceil(r->sync.per_bit) + 4;
}

/* The quietest of some short runs, as far as there is noise between bursts. */
static void follow_noise(struct uat_radio *r)
{
    enum { RUN = 64, APART = 1024 };
    float least = INFINITY;
    for (size_t i = 0; i + RUN <= r->n; i += APART) {
        least = fminf(least, r->kernel->power(r->iq + 2 * i, RUN));
    }
    r->noise += isfinite(least) ? (r->noise > 0 ? 0.25F : 1) * (least - r->noise) : 0;
}

/* What is held is full: all that a whole burst can follow is looked at, the rest moved down. */
static void work(struct uat_radio *r)
{
    take_offset_off(r);
    follow_noise(r);
    look(r, BLOCK);
    const size_t done = (r->at < r->n ? r->at : r->n) - looked_back(r);
    memmove(r->iq, r->iq + 2 * done, 2 * (r->n - done) * sizeof *r->iq);
    r->first += done;
    r->n -= done;
    r->at -= done;
    r->fresh = r->n;
}

static void take(struct uat_radio *r, const uint8_t *bytes, size_t samples)
{
    const size_t size = sample_bytes(r->o.format);
    while (samples > 0) {
        const size_t room = r->room - r->n, n = samples < room ? samples : room;
        r->state.clipped += r->kernel->read(r->o.format, bytes, n, 0, 0, r->iq + 2 * r->n);
        r->state.samples += n;
        r->n += n;
        bytes += n * size;
        samples -= n;
        if (r->n == r->room) {
            work(r);
        }
    }
}

void uat_radio_push(struct uat_radio *r, const uint8_t *bytes, size_t n, uat_radio_fn *out,
                    void *ctx)
{
    const size_t size = sample_bytes(r->o.format);
    r->out = out;
    r->ctx = ctx;
    while (n > 0 && r->n_cut > 0) {
        r->cut[r->n_cut++] = *bytes++;
        n--;
        if (r->n_cut == size) {
            r->n_cut = 0;
            take(r, r->cut, 1);
        }
    }
    take(r, bytes, n / size);
    if (n % size > 0) {
        memcpy(r->cut, bytes + n / size * size, n % size);
        r->n_cut = n % size;
    }
}

void uat_radio_end(struct uat_radio *r, uat_radio_fn *out, void *ctx)
{
    r->out = out;
    r->ctx = ctx;
    take_offset_off(r);
    /* Silence after the end, so that a burst that reaches it is looked at as any other. */
    size_t last = r->n;
    memset(r->iq + 2 * r->n, 0, 2 * (r->room - r->n) * sizeof *r->iq);
    r->n = r->fresh = r->room;
    for (;;) {
        look(r, last < BLOCK ? last : BLOCK);
        if (r->at >= last) {
            break;
        }
        const size_t done = r->at - looked_back(r);
        memmove(r->iq, r->iq + 2 * done, 2 * (r->room - done) * sizeof *r->iq);
        memset(r->iq + 2 * (r->room - done), 0, 2 * done * sizeof *r->iq);
        r->first += done;
        r->at -= done;
        last -= done;
    }
    r->n = r->fresh = r->at = 0;
}

void uat_radio_lost(struct uat_radio *r, uint64_t samples, uat_radio_fn *out, void *ctx)
{
    uat_radio_end(r, out, ctx);
    r->lost += samples;
    r->first = r->state.samples + r->lost;
    r->n_cut = 0;
}

struct uat_radio_state uat_radio_state(const struct uat_radio *r)
{
    struct uat_radio_state s = r->state;
    s.noise_dbfs = r->noise > 0 ? 10 * log10((double)r->noise) : -INFINITY;
    return s;
}
