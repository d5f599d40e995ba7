/* Scenes of samples whose frames are known, for the tests of the demodulator. */
#ifndef MASAR_TESTS_RADIO_PROBE_H
#define MASAR_TESTS_RADIO_PROBE_H

#include "base/rng.h"
#include "radio/parity.h"
#include "radio/radio.h"
#include "radio/render.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PROBE_FRAMES_MAX = 4096, PROBE_PLANES = 20 };

struct probe_frame {
    uint8_t n, byte[14];
    uint64_t tick;
    unsigned repaired;
};

struct probe_list {
    unsigned n;
    struct probe_frame frame[PROBE_FRAMES_MAX];
};

static inline uint32_t probe_address(unsigned plane)
{
    return (UINT32_C(0x3c0000) + plane * 7919u) & 0xffffffu;
}

/* A squitter (17), an all-call reply (11) or a reply with the address upon its parity (4, 20). */
static inline void probe_make(struct probe_frame *f, unsigned df, uint32_t address, struct rng *r)
{
    f->n = df < 16 ? 7 : 14;
    for (unsigned k = 0; k < f->n; k++) {
        f->byte[k] = (uint8_t)rng_next(r);
    }
    f->byte[0] = (uint8_t)(df << 3 | 5);
    const int checked = df == 11 || df == 17;
    if (checked) {
        f->byte[1] = (uint8_t)(address >> 16);
        f->byte[2] = (uint8_t)(address >> 8);
        f->byte[3] = (uint8_t)address;
    }
    const uint32_t parity = parity_of(f->byte, f->n) ^ (checked ? 0 : address);
    f->byte[f->n - 3] = (uint8_t)(parity >> 16);
    f->byte[f->n - 2] = (uint8_t)(parity >> 8);
    f->byte[f->n - 1] = (uint8_t)parity;
}

/* n frames of PROBE_PLANES aircraft, gap_us apart on average, as bytes of samples in out. */
static inline void probe_scene(const struct render_options *o, unsigned n, double gap_us,
                               double level_dbfs, struct probe_list *sent, struct buf *out)
{
    static const unsigned df[] = {17, 11, 4, 17, 20, 17, 11, 17};
    struct rng rng = {.state = o->seed + 1};
    struct render *r = render_new(o);
    double t_us = 40;
    sent->n = 0;
    for (unsigned k = 0; r && k < n; k++) {
        struct probe_frame *f = &sent->frame[sent->n++];
        const unsigned format = k < 2 * PROBE_PLANES ? 17 : df[rng_below(&rng, 8)];
        probe_make(f, format, probe_address(k % PROBE_PLANES), &rng);
        f->tick = (uint64_t)llround((t_us + 64) * 12);
        if (render_frame(r, f->byte, f->n, t_us, level_dbfs, out) != ERR_OK) {
            abort();
        }
        t_us += gap_us * (0.5 + rng_unit(&rng));
    }
    if (r) {
        render_until(r, render_end_us(r) + 300, out);
    }
    render_free(r);
}

static inline void probe_hear(void *ctx, const struct frame *f)
{
    struct probe_list *l = ctx;
    if (l->n < PROBE_FRAMES_MAX) {
        struct probe_frame *p = &l->frame[l->n++];
        memset(p, 0, sizeof *p);
        p->n = f->n;
        p->tick = f->tick;
        p->repaired = f->corrected;
        memcpy(p->byte, f->byte, f->n);
    }
}

/* What is heard in n bytes, handed over in pieces of `cut` bytes (0: all at once). */
static inline struct radio_state probe_listen(const struct radio_options *o, const uint8_t *p,
                                              size_t n, size_t cut, struct probe_list *heard)
{
    struct radio *r = radio_new(o);
    heard->n = 0;
    if (!r) {
        abort();
    }
    for (size_t at = 0; at < n;) {
        const size_t part = cut && cut < n - at ? cut : n - at;
        radio_push(r, p + at, part, probe_hear, heard);
        at += part;
    }
    radio_end(r, probe_hear, heard);
    const struct radio_state s = radio_state(r);
    radio_free(r);
    return s;
}

/* How many of those sent were heard at their time (a tenth of a microsecond off at most), and how
   many heard were never sent. */
static inline unsigned probe_right(const struct probe_list *sent, const struct probe_list *heard,
                                   unsigned *wrong)
{
    unsigned right = 0;
    *wrong = 0;
    for (unsigned k = 0; k < heard->n; k++) {
        const struct probe_frame *h = &heard->frame[k];
        unsigned found = 0;
        for (unsigned j = 0; j < sent->n && !found; j++) {
            const struct probe_frame *s = &sent->frame[j];
            const int64_t late = (int64_t)(h->tick - s->tick);
            found = s->n == h->n && !memcmp(s->byte, h->byte, s->n) && late >= -2 && late <= 2;
        }
        right += found;
        *wrong += !found;
    }
    return right;
}

#endif
