/* Frames and messages as text, for tests of the decoder. */
#ifndef MASAR_TESTS_FRAME_PROBE_H
#define MASAR_TESTS_FRAME_PROBE_H

#include "model/field.h"
#include "modes/decode.h"

#include <stdio.h>
#include <string.h>

static inline unsigned frame_probe_digit(char c)
{
    return (unsigned)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

/* A frame of 4, 14 or 28 hexadecimal digits. */
static inline struct frame frame_probe(const char *hex)
{
    struct frame f = {.t_us = 0, .tick = FRAME_NO_TICK, .flags = FRAME_NO_TIME};
    f.n = (uint8_t)(strlen(hex) / 2);
    for (unsigned i = 0; i < f.n && i < FRAME_BYTES_MAX; i++) {
        f.byte[i] =
            (uint8_t)(frame_probe_digit(hex[2 * i]) << 4 | frame_probe_digit(hex[2 * i + 1]));
    }
    return f;
}

static inline struct message frame_probe_decode(const struct frame *f, unsigned repair_bits)
{
    const struct modes_options o = {.repair_bits = (uint8_t)repair_bits};
    struct message m;
    modes_decode(f, &o, &m);
    return m;
}

/* All a message says, in one line: `df=17 icao=406b90 parity=0 tc=4 bds=08 flight=EZY85MH …` with
   the stored integers. */
static inline void frame_probe_text(const struct message *m, char *out, size_t size)
{
    size_t n =
        (size_t)snprintf(out, size, "df=%u icao=%06x%s parity=%u", m->df, m->address & 0xffffff,
                         m->address == ADDRESS_NONE      ? "!"
                         : m->address & ADDRESS_NON_ICAO ? "~"
                                                         : "",
                         m->parity);
    if (m->corrected) {
        n += (size_t)snprintf(out + n, size - n, " corrected=%u", m->corrected);
    }
    n += (size_t)snprintf(out + n, size - n, " type=%s", origin_row[m->origin].type);
    if (m->tc != 255) {
        n += (size_t)snprintf(out + n, size - n, " tc=%u", m->tc);
    }
    if (m->bds) {
        n += (size_t)snprintf(out + n, size - n, " bds=%02x", m->bds);
    }
    if (m->cpr.present) {
        n += (size_t)snprintf(out + n, size - n, " cpr=%s%s,%u,%u", m->cpr.odd ? "odd" : "even",
                              m->cpr.surface  ? " surface"
                              : m->cpr.coarse ? " coarse"
                                              : "",
                              m->cpr.lat, m->cpr.lon);
    }
    for (unsigned i = 0; i < m->n; i++) {
        const struct message_item *item = &m->item[i];
        const struct field_row *row = &field_row[item->field];
        switch (row->kind) {
        case FIELD_KIND_TEXT:
            n += (size_t)snprintf(out + n, size - n, " %s=%.8s", row->key, m->flight);
            break;
        case FIELD_KIND_OCTAL:
            n += (size_t)snprintf(out + n, size - n, " %s=%04o", row->key, (unsigned)item->value);
            break;
        case FIELD_KIND_HEX:
            n += (size_t)snprintf(out + n, size - n, " %s=%02X", row->key, (unsigned)item->value);
            break;
        default:
            n += (size_t)snprintf(out + n, size - n, " %s=%d", row->key, item->value);
            break;
        }
    }
}

#endif
