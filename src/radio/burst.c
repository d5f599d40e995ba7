#include "radio/burst.h"

#include <math.h>
#include <string.h>

#define FORMAT(df) (UINT32_C(1) << (df))
#define FORMATS                                                                                    \
    (FORMAT(0) | FORMAT(4) | FORMAT(5) | FORMAT(11) | FORMAT(16) | FORMAT(17) | FORMAT(18) |       \
     FORMAT(20) | FORMAT(21))

static float magnitude(struct amplitude a)
{
    return sqrtf(a.re * a.re + a.im * a.im);
}

static const struct amplitude *half(const struct burst *b, unsigned bit, unsigned second)
{
    return &b->chip[PREAMBLE_CHIPS + 2 * bit + second];
}

void burst_slice(struct burst *b, const struct pulse *p, const float *iq, unsigned from,
                 unsigned to)
{
    const unsigned end = PREAMBLE_CHIPS + 2 * to;
    for (unsigned k = PREAMBLE_CHIPS + 2 * from; k < end; k++) {
        b->chip[k] = pulse_find(p, iq, b->at + p->chip_q * (int64_t)k);
    }
}

bool burst_format_fits(const struct burst *b, float doubt)
{
    unsigned df = 0, weakest = 0;
    float least = INFINITY;
    for (unsigned k = 0; k < 5; k++) {
        const float d = magnitude(*half(b, k, 0)) - magnitude(*half(b, k, 1));
        df = df << 1 | (d > 0);
        if (fabsf(d) < least) {
            least = fabsf(d);
            weakest = 4 - k;
        }
    }
    return FORMATS >> df & 1 || (least < doubt && FORMATS >> (df ^ 1u << weakest) & 1);
}

unsigned burst_steady(const struct burst *b, const struct pulse *p, unsigned n, float height,
                      float noise)
{
    /* A half beside pulses holds some of them: of two where both neighbors are pulses. */
    const float off = 0.3f * height + 1.5f * noise, leak = p->leak * height;
    unsigned steady = 0;
    for (unsigned k = 0; k < n; k++) {
        const float one = magnitude(*half(b, k, 0)), two = magnitude(*half(b, k, 1));
        const float high = fmaxf(one, two), low = fminf(one, two);
        steady += height - high < off && high - height < off + leak && low < off + leak;
    }
    return steady;
}

void burst_pack(struct burst *b)
{
    memset(b->byte, 0, sizeof b->byte);
    for (unsigned k = 0; k < b->bits; k++) {
        b->byte[k / 8] |= (uint8_t)((b->sure[k] > 0) << (7 - k % 8));
    }
}

void burst_compare(struct burst *b, float height)
{
    float high[BURST_BITS], sum = 0;
    for (unsigned k = 0; k < BURST_BITS; k++) {
        const float one = magnitude(*half(b, k, 0)), two = magnitude(*half(b, k, 1));
        b->sure[k] = one - two;
        high[k] = one > two ? one : two;
    }
    b->bits = b->sure[0] > 0 ? BURST_BITS : BURST_BITS / 2; /* DF 16 and above are long */
    for (unsigned k = 0; k < b->bits; k++) {
        sum += high[k] < 1.5f * height ? high[k] : 1.5f * height;
    }
    b->height = sum / (float)b->bits;
    burst_pack(b);
}
