/* Any bits as frames: the input is cut into frames, each by the length its own format asks for;
   each is decoded with every allowance of repair, and the halves of positions are resolved against
   each other. */
#include "modes/cpr.h"
#include "modes/decode.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct message *m, unsigned repair_bits)
{
    if (m->n > MESSAGE_ITEMS_MAX || m->corrected > repair_bits ||
        (m->parity == PARITY_ADDRESS) != (m->df == 0 || m->df == 4 || m->df == 5 || m->df == 16 ||
                                          m->df == 20 || m->df == 21 || m->df == 24)) {
        abort();
    }
    for (unsigned i = 0; i < m->n; i++) {
        if (m->item[i].field >= FIELD_COUNT) {
            abort();
        }
    }
}

static void resolve(const struct message *m, uint32_t halves[2][2])
{
    const struct cpr_position reference = {(int32_t)(m->payload & 0x7fffffff), (int32_t)m->address};
    const uint32_t half[2] = {m->cpr.lat, m->cpr.lon};
    struct cpr_position p;
    memcpy(halves[m->cpr.odd], half, sizeof half);
    if (cpr_local(half, m->cpr.odd, m->cpr.surface, reference, &p) == CPR_OK &&
        (p.lat_e7 < -900000000 || p.lat_e7 > 900000000)) {
        abort();
    }
    cpr_airborne(halves[0], halves[1], m->cpr.odd, &p);
    cpr_surface(halves[0], halves[1], m->cpr.odd, reference, &p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint32_t halves[2][2] = {{0, 0}, {0, 0}};
    while (size >= FRAME_SHORT) {
        struct frame f = {.tick = FRAME_NO_TICK, .n = data[0] < 0x80 ? FRAME_SHORT : FRAME_LONG};
        if (size < f.n) {
            f.n = FRAME_MODE_AC;
        }
        memcpy(f.byte, data, f.n);
        data += f.n;
        size -= f.n;
        for (unsigned repair_bits = 0; repair_bits <= 2; repair_bits++) {
            const struct modes_options o = {.repair_bits = (uint8_t)repair_bits};
            struct message m;
            modes_decode(&f, &o, &m);
            check(&m, repair_bits);
            if (m.cpr.present) {
                resolve(&m, halves);
            }
            if (m.df == 20 || m.df == 21) {
                modes_comm_b(&m, NULL);
                check(&m, repair_bits);
            }
        }
    }
    return 0;
}
