/* masar bench demod: samples of a fleet, rendered in memory, heard by each kernel. */
#include "app/bench/bench.h"
#include "app/command.h"
#include "app/options.h"
#include "base/rng.h"
#include "radio/kernel.h"
#include "radio/radio.h"
#include "radio/render.h"
#include "radio/uat_radio.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SECONDS = 5, AIRCRAFT = 400, A_SECOND = 7 /* frames of each */, JITTER_US = 900 };

static const double RATE_HZ = 2.4e6;
static const double FAST_HZ = 12e6;
static const double UAT_HZ = 2083334;

struct sent {
    uint8_t n, byte[FRAME_LONG];
};

struct heard {
    const struct sent *sent;
    size_t n_sent;
    unsigned right, wrong;
};

static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct sent));
}

static struct sent sent_of(const struct frame *f)
{
    struct sent s = {.n = f->n};
    memcpy(s.byte, f->byte, f->n);
    return s;
}

static void on_frame(void *ctx, const struct frame *f)
{
    struct heard *h = ctx;
    const struct sent s = sent_of(f);
    const bool is_right = bsearch(&s, h->sent, h->n_sent, sizeof s, by_bytes) != NULL;
    h->right += is_right;
    h->wrong += !is_right;
}

/* The fleet's frames as they would be heard together: levels as far away as the fleet says, replies
   of Mode A/C between. */
static bool render_fleet(const struct frame *f, size_t n, double rate_hz, uint64_t seed,
                         struct buf *out)
{
    const struct render_options o = {.format = SAMPLE_CU8,
                                     .rate_hz = rate_hz,
                                     .noise_dbfs = -34,
                                     .fading_db = 2,
                                     .fruit_hz = 8000,
                                     .seed = seed};
    struct render *r = render_new(&o);
    struct rng rng = {.state = seed};
    for (size_t i = 0; r && i < n; i++) {
        const double level = 20 * log10(fmax(f[i].signal, 1) / 255.0);
        const double jitter_us = rng_unit(&rng) * JITTER_US; /* so that they meet */
        const double at_us =
            fmax((double)(f[i].t_us - f[0].t_us) + jitter_us + 100, render_now_us(r));
        render_frame(r, f[i].byte, f[i].n, at_us, level, out);
    }
    if (r) {
        render_until(r, render_end_us(r) + 300, out);
    }
    render_free(r);
    return r && !out->failed;
}

static void hear(const char *kernel, double rate_hz, const char *name, const struct buf *samples,
                 struct heard *h)
{
    const struct radio_options o = {.format = SAMPLE_CU8, .rate_hz = rate_hz, .kernel = kernel};
    struct radio *r = radio_new(&o);
    if (!r) {
        return;
    }
    h->right = h->wrong = 0;
    const double start_s = bench_cpu_s();
    radio_push(r, samples->p, samples->n, on_frame, h);
    radio_end(r, on_frame, h);
    const double took_s = bench_cpu_s() - start_s, of_s = (double)samples->n / 2 / rate_hz;
    radio_free(r);
    printf("demod_%s %.2f ms/s\n", name, took_s * 1e3 / of_s);
    printf("demod_%s_right %u frames\n", name, h->right);
    printf("demod_%s_wrong %u frames\n", name, h->wrong);
}

static void on_uat(void *ctx, const struct uat_frame *f)
{
    (void)f;
    ++*(unsigned *)ctx;
}

static void hear_uat_noise(uint64_t seed)
{
    struct buf noise = {0};
    struct render *r = render_new(&(struct render_options){
        .format = SAMPLE_CU8, .rate_hz = UAT_HZ, .noise_dbfs = -24, .seed = seed});
    struct uat_radio *u =
        uat_radio_new(&(struct uat_radio_options){.format = SAMPLE_CU8, .rate_hz = UAT_HZ});
    unsigned frames = 0;
    if (r && u) {
        render_until(r, SECONDS * 1e6, &noise);
        const double start_s = bench_cpu_s();
        uat_radio_push(u, noise.p, noise.n, on_uat, &frames);
        const double took_s = bench_cpu_s() - start_s;
        printf("demod_uat_noise %.2f ms/s\n", took_s * 1e3 / SECONDS);
        printf("demod_uat_noise_wrong %u frames\n", frames);
    }
    render_free(r);
    uat_radio_free(u);
    buf_free(&noise);
}

static void hear_all(const struct frame *f, size_t n, struct heard *h, uint64_t seed)
{
    struct buf samples = {0};
    if (render_fleet(f, n, RATE_HZ, seed, &samples)) {
        for (unsigned k = 0; kernel_at(k); k++) {
            hear(kernel_at(k)->name, RATE_HZ, kernel_at(k)->name, &samples, h);
        }
    }
    buf_clear(&samples);
    if (render_fleet(f, n, FAST_HZ, seed, &samples)) {
        hear(NULL, FAST_HZ, "12msps", &samples, h);
    }
    buf_free(&samples);
}

int bench_demod(const struct bench_options *o)
{
    const struct bench_options fleet = {.aircraft = AIRCRAFT,
                                        .frames = (size_t)AIRCRAFT * A_SECOND * SECONDS};
    struct frame *frames = bench_fleet(&fleet);
    struct sent *sent = calloc(fleet.frames, sizeof *sent);
    if (!frames || !sent) {
        fputs("masar bench: out of memory\n", stderr);
        free(frames);
        free(sent);
        return EXIT_COULD_NOT;
    }
    for (size_t i = 0; i < fleet.frames; i++) {
        sent[i] = sent_of(&frames[i]);
    }
    qsort(sent, fleet.frames, sizeof *sent, by_bytes);
    struct heard h = {.sent = sent, .n_sent = fleet.frames};
    printf("demod_sent %zu frames\n", fleet.frames);
    hear_all(frames, fleet.frames, &h, o->seed);
    hear_uat_noise(o->seed);
    free(frames);
    free(sent);
    return EXIT_DONE;
}
