#include "store/prefix.h"

/* Shorter codes first, those of one length in the order of their symbols, counted up; the first bit
   of a code is the highest of that count and the lowest in the stream. */
void prefix_make(struct prefix_code *c, struct prefix_words *w, const uint8_t *length, unsigned n)
{
    unsigned next = 0;
    memset(c, 0, sizeof *c);
    for (unsigned bits = 1; bits <= PREFIX_BITS; bits++) {
        next <<= 1;
        for (unsigned s = 0; s < n; s++) {
            if (length[s] != bits) {
                continue;
            }
            unsigned code = 0;
            for (unsigned i = 0; i < bits; i++) {
                code |= (next >> i & 1) << (bits - 1 - i);
            }
            next++;
            w->word[s] = (uint8_t)code;
            w->length[s] = (uint8_t)bits;
            for (unsigned at = code; at < 1u << PREFIX_BITS; at += 1u << bits) {
                c->entry[at] = prefix_entry(s, bits, 0);
            }
        }
    }
}

void bits_put_clear(struct bits_out *b)
{
    buf_clear(&b->out);
    b->held = 0;
    b->holds = 0;
}

void bits_put_end(struct bits_out *b)
{
    if (b->holds > 0) {
        bits_put(b, 8 - b->holds, 0);
    }
}
