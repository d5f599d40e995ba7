/* No message says a quantity twice, whatever the frame: random frames of every format, clean ones
   where the format has a plain parity. The seed is printed. */
#include "base/rng.h"
#include "modes/decode.h"
#include "radio/parity.h"
#include "seed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

enum { FRAMES = 400000 };

static struct frame any_frame(struct rng *r)
{
    const uint32_t df = rng_below(r, 25);
    struct frame f = {.n = df < 16 ? FRAME_SHORT : FRAME_LONG, .t_us = 1, .tick = FRAME_NO_TICK};
    for (unsigned i = 0; i < f.n; i++) {
        f.byte[i] = (uint8_t)rng_below(r, 256);
    }
    f.byte[0] = (uint8_t)(df << 3 | (f.byte[0] & 7));
    if (df == 11 || (df >= 17 && df <= 19)) {
        const uint32_t parity = parity_of(f.byte, f.n);
        for (unsigned i = 0; i < 3; i++) {
            f.byte[f.n - 3U + i] = (uint8_t)(parity >> (16 - 8 * i));
        }
    }
    return f;
}

static void assert_once(const struct message *m)
{
    uint64_t said[2] = {0, 0};
    for (unsigned i = 0; i < m->n; i++) {
        const unsigned f = m->item[i].field;
        if (said[f / 64] >> f % 64 & 1) {
            fail_msg("%s twice in DF %u, TC %u, BDS %02x, payload %014llx", field_row[f].key, m->df,
                     m->tc, m->bds, (unsigned long long)m->payload);
        }
        said[f / 64] |= UINT64_C(1) << f % 64;
    }
}

static void nothing_is_said_twice(void **state)
{
    static const uint8_t registers[] = {0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x10,
                                        0x17, 0x20, 0x30, 0x40, 0x44, 0x45, 0x50,
                                        0x51, 0x52, 0x53, 0x60, 0x61, 0x62, 0x65};
    const struct modes_options o = {.repair_bits = 2};
    struct rng r = {.state = seed_of_run()};
    (void)state;
    for (int i = 0; i < FRAMES; i++) {
        const struct frame f = any_frame(&r);
        struct message m;
        modes_decode(&f, &o, &m);
        if (m.df == 20 || m.df == 21) {
            modes_comm_b_as(&m, registers[rng_below(&r, sizeof registers)]);
        }
        assert_once(&m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_is_said_twice)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
