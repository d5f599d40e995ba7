#include "base/range.h"

enum { HALF = 32768 };

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
void range_shift_low(struct range_coder *c)
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
        range_shift_low(c);
    }
}

void range_read(struct range_coder *c, const uint8_t *p, size_t n)
{
    *c = (struct range_coder){.reading = true, .range = UINT32_MAX, .in = p, .n = n};
    for (int i = 0; i < 5; i++) {
        c->code = c->code << 8 | range_next_byte(c);
    }
}
