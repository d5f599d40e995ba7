#include "base/range.h"

enum { HALF = 32768, SLOWEST = 62, RANGE_MIN = 1 << 24, RAW_MAX = 16 };

void range_model_start(struct range_model *m, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        m[i] = (struct range_model){.p = HALF};
    }
}

void range_write(struct range_coder *c, struct buf *out)
{
    *c = (struct range_coder){.range = UINT32_MAX, .out = out, .held = 1};
}

/* The top byte of low leaves. While it is 0xff a carry could still turn it into 0x00 and the one
   before it up by one: such bytes are held, counted, and written when it is certain. */
static void shift_low(struct range_coder *c)
{
    if (c->low < UINT64_C(0xff000000) || c->low > UINT32_MAX) {
        const uint8_t carry = (uint8_t)(c->low >> 32);
        uint8_t byte = c->cache;
        while (c->held > 0) {
            buf_byte(c->out, (uint8_t)(byte + carry));
            byte = 0xff;
            c->held--;
        }
        c->cache = (uint8_t)(c->low >> 24);
    }
    c->held++;
    c->low = (c->low & 0x00ffffffu) << 8;
}

void range_write_end(struct range_coder *c)
{
    for (int i = 0; i < 5; i++) {
        shift_low(c);
    }
}

static uint8_t next_byte(struct range_coder *c)
{
    if (c->at >= c->n) {
        c->short_of = true;
        return 0;
    }
    return c->in[c->at++];
}

void range_read(struct range_coder *c, const uint8_t *p, size_t n)
{
    *c = (struct range_coder){.reading = true, .range = UINT32_MAX, .in = p, .n = n};
    for (int i = 0; i < 5; i++) {
        c->code = c->code << 8 | next_byte(c);
    }
}

static void normalize(struct range_coder *c)
{
    while (c->range < RANGE_MIN) {
        c->range <<= 8;
        if (c->reading) {
            c->code = c->code << 8 | next_byte(c);
        } else {
            shift_low(c);
        }
    }
}

/* Takes the lower `bound` of the range for a 0, the rest for a 1. */
static unsigned split(struct range_coder *c, uint32_t bound, unsigned bit)
{
    if (c->reading) {
        bit = c->code >= bound;
        c->code -= bit ? bound : 0;
    } else if (bit) {
        c->low += bound;
    }
    c->range = bit ? c->range - bound : bound;
    normalize(c);
    return bit;
}

unsigned range_bit(struct range_coder *c, struct range_model *m, unsigned bit)
{
    bit = split(c, (c->range >> 12) * (m->p >> 4), bit);
    const unsigned pace = 31u - (unsigned)__builtin_clz(m->n + 2u); /* 1, 1, 2, 2, 2, 2, 3 … 6 */
    const uint32_t p = m->p;
    m->p = (uint16_t)(bit ? p - (p >> pace) : p + ((65536u - p) >> pace));
    m->n = (uint16_t)(m->n < SLOWEST ? m->n + 1 : m->n);
    return bit;
}

uint32_t range_raw(struct range_coder *c, unsigned n, uint32_t v)
{
    uint32_t read = 0;
    while (n > 0) {
        const unsigned k = n < RAW_MAX ? n : RAW_MAX;
        const uint32_t mask = (1u << k) - 1;
        uint32_t part = v >> (n - k) & mask;
        c->range >>= k;
        if (c->reading) {
            part = c->code / c->range;
            part = part < mask ? part : mask; /* beyond: no writer's bytes */
            c->code -= part * c->range;
        } else {
            c->low += (uint64_t)part * c->range;
        }
        normalize(c);
        read = read << k | part;
        n -= k;
    }
    return read;
}

uint32_t range_tree(struct range_coder *c, struct range_model *m, unsigned n, uint32_t v)
{
    uint32_t node = 1;
    for (unsigned i = n; i-- > 0;) {
        node = node << 1 | range_bit(c, &m[node], v >> i & 1u);
    }
    return node - (1u << n);
}

int32_t range_number(struct range_coder *c, struct range_number *m, int32_t v)
{
    uint32_t size = v < 0 ? 0u - (uint32_t)v : (uint32_t)v;
    const unsigned bits = size ? 32u - (unsigned)__builtin_clz(size) : 0;
    unsigned n = 0;
    while (n < 32 && range_bit(c, &m->more[n], bits > n)) {
        n++;
    }
    if (n == 0) {
        return 0;
    }
    const unsigned negative = range_bit(c, &m->sign, v < 0);
    uint32_t read = 1;
    if (n > 1) {
        read = 2 | range_bit(c, &m->top[n], size >> (n - 2) & 1u);
    }
    if (n > 2) {
        read = read << (n - 2) | range_raw(c, n - 2, size & ((1u << (n - 2)) - 1));
    }
    return (int32_t)(negative ? 0u - read : read);
}
