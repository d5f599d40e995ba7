/* The demodulator on any samples: the first bytes choose format, rate and cuts, the rest are
   samples; the same bytes cut otherwise must be heard as the same frames. With the first byte's
   highest bit they are laid over frames of ours, shifted and scaled by the next ones, so that the
   way behind a preamble is taken too. */
#include "radio_probe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FRAMES = 3 };

/* Frames of an aircraft whose bytes, but for address and parity, are the data's; then the data upon
   them. */
static void lay_over(const struct render_options *o, const uint8_t *data, size_t size,
                     struct buf *out)
{
    struct render *r = render_new(o);
    struct rng rng = {.state = size > 0 ? data[0] : 0};
    if (!r) {
        return;
    }
    for (unsigned k = 0; k < FRAMES; k++) {
        static const unsigned df[] = {17, 11, 4, 20};
        struct probe_frame f;
        probe_make(&f, k == 0 ? 17 : df[k < size ? data[k] % 4 : 0], probe_address(0), &rng);
        const double shift = k < size ? data[k] / 256.0 : 0;
        render_frame(r, f.byte, f.n, 20 + 90.0 * k + shift, -12 - 10 * shift, out);
    }
    render_until(r, render_end_us(r) + 20, out);
    render_free(r);
    for (size_t i = 0; o->format == SAMPLE_CU8 && i < out->n && size > 0; i++) {
        out->p[i] = (uint8_t)(out->p[i] + (int8_t)data[i % size] / 8);
    }
}

static void hear_both(const struct radio_options *o, const uint8_t *p, size_t n, size_t piece)
{
    static struct probe_list whole, cut;
    probe_listen(o, p, n, 0, &whole);
    probe_listen(o, p, n, piece, &cut);
    if (whole.n != cut.n || memcmp(whole.frame, cut.frame, whole.n * sizeof whole.frame[0]) != 0) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const double rate[] = {2.0e6, 2.4e6, 3.2e6, 7.77e6, 20e6};
    if (size < 3) {
        return 0;
    }
    const struct radio_options o = {.format =
                                        (enum sample_format)((data[0] & 0x7f) % SAMPLE_FORMATS),
                                    .rate_hz = rate[data[1] % 5]};
    if (data[0] & 0x80) {
        struct buf b = {0};
        const struct render_options r = {
            .format = o.format, .rate_hz = o.rate_hz, .noise_dbfs = -60, .seed = data[2]};
        lay_over(&r, data + 3, size - 3, &b);
        hear_both(&o, b.p, b.n, 1 + data[2]);
        buf_free(&b);
        return 0;
    }
    hear_both(&o, data + 3, size - 3, 1 + data[2]);
    return 0;
}
