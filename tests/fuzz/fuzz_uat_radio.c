/* Any bytes are samples: nothing is read beyond them, and what is heard has a length there is. With
   an odd first byte they are laid over a burst of ours, shifted and scaled by the next ones, so
   that the way behind synchronization is taken too. */
#include "radio/uat_radio.h"
#include "radio/uat_render.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void on_frame(void *ctx, const struct uat_frame *f)
{
    (void)ctx;
    if (f->n != UAT_SHORT && f->n != UAT_LONG && f->n != UAT_UPLINK) {
        abort();
    }
}

static void lay_over(struct buf *out, const uint8_t *data, size_t size, unsigned shift)
{
    struct uat_render *r = uat_render_new(
        &(struct uat_render_options){.format = SAMPLE_CU8, .rate_hz = 2083334, .noise_dbfs = -60});
    struct uat_frame f = {.n = shift & 1 ? UAT_SHORT : UAT_LONG};
    if (!r) {
        return;
    }
    memcpy(f.byte, data, size < f.n ? size : f.n);
    uat_render_frame(r, &f, 20 + shift / 256.0, 100.0 * shift, -20, out);
    uat_render_until(r, 600, out);
    uat_render_free(r);
    for (size_t i = 0; i < out->n && size > 0; i++) {
        out->p[i] = (uint8_t)(out->p[i] + (int8_t)data[i % size] / 8);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 4) {
        return 0;
    }
    static const double rate[] = {2.0e6, 2083334, 2.4e6, 7.7e6};
    const struct uat_radio_options o = {.format = (enum sample_format)(data[1] % SAMPLE_FORMATS),
                                        .rate_hz = rate[data[2] % 4]};
    struct buf out = {0};
    struct uat_radio *r = uat_radio_new(&o);
    if (!r) {
        return 0;
    }
    if (data[0] & 1) {
        lay_over(&out, data + 4, size - 4, data[3]);
    } else {
        buf_add(&out, data + 4, size - 4);
    }
    const size_t half = out.n / 2;
    uat_radio_push(r, out.p, half, on_frame, NULL);
    uat_radio_push(r, out.p + half, out.n - half, on_frame, NULL);
    uat_radio_end(r, on_frame, NULL);
    uat_radio_free(r);
    buf_free(&out);
    return 0;
}
