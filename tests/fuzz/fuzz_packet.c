/* A packet of any bytes: as they are, then with its checksum put right, so that what lies behind it
   is reached; its chunks are read. And a block of what leads to packets. */
#include "base/crc32c.h"
#include "store/chunk.h"
#include "store/lead.h"
#include "store/packet.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_packet(struct chunk_codec *codec, const uint8_t *b, size_t n)
{
    static struct kept p[CHUNK_POINTS_MAX];
    static struct packet packet;
    struct buf chunk = {0};
    if (packet_read(b, n, &packet)) {
        return;
    }
    for (size_t k = 0; k < packet.n; k++) {
        struct chunk_head h;
        size_t points;
        buf_clear(&chunk);
        if (packet_chunk(&packet, b, k, &chunk)) {
            abort();
        }
        const enum err e = chunk_head(chunk.p, chunk.n, &h);
        if (!e && (h.address != packet.member[k].address || h.length != chunk.n ||
                   h.points != packet.member[k].points)) {
            abort();
        }
        if (chunk_decode(codec, chunk.p, chunk.n, p, &points) == ERR_OK &&
            (e || points != h.points)) {
            abort();
        }
    }
    buf_free(&chunk);
}

/* What can be read is written so that it is read again as the same. */
static void read_leads(const uint8_t *b, size_t n)
{
    const struct lead first = {7, 9};
    struct lead_list l = {0}, again = {0};
    struct buf out = {0};
    if (lead_read(first, b, n, &l) == ERR_OK) {
        lead_write(l.p, l.n, &out);
        if (lead_read(first, out.p, out.n, &again) || again.n != l.n ||
            memcmp(again.p, l.p, l.n * sizeof *l.p) != 0) {
            abort();
        }
    }
    lead_free(&l);
    lead_free(&again);
    buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct chunk_codec *codec = chunk_codec_new();
    uint8_t *b = malloc(size + 1);
    if (codec && b) {
        memcpy(b, data, size);
        read_packet(codec, b, size);
        read_leads(b, size);
        if (size >= 16) {
            b[0] = 'm', b[1] = 'p', b[2] = PACKET_VERSION,
            b[3] = (uint8_t)(b[3] % (PACKET_MAX + 2));
            const uint32_t crc = crc32c(crc32c(0, b, 4), b + 8, size - 8);
            for (int i = 0; i < 4; i++) {
                b[4 + i] = (uint8_t)(crc >> (8 * i));
            }
            read_packet(codec, b, size);
        }
    }
    free(b);
    chunk_codec_free(codec);
    return 0;
}
