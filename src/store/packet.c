#include "store/packet.h"

#include "base/crc32c.h"
#include "store/chunk_internal.h"
#include "store/pack.h"

#include <string.h>

/* The bytes (docs/STORE.md), little-endian; a number is as pack.h writes it:
 *
 *    0  2  "mp"
 *    2  1  version, 1
 *    3  1  chunks, 1 .. 64
 *    4  4  CRC-32C of bytes 0 .. 3 and 8 .. end
 *    8     eight columns: number, the least value; one byte, bits of what is above it, 0 .. 56
 *          then of each chunk its eight, lowest bit first, one after another, filled up to a byte
 *          then what follows each chunk's head
 *
 * Columns: address (what it is more than the one before; of the first what it is), time of the
 * first point, ms (folded), of the last after it, points, flags of the head, low and width of
 * times, bytes of what follows.
 */
enum { ADDRESS, FIRST, SPAN, POINTS, FLAGS, LOW, WIDTH, BYTES, PACKET_COLUMNS };

enum { FIXED = 8, BITS_MOST = 56, COLUMN_MOST = 11 };

/* The first address stands before the columns, so that a long way to it costs the others nothing.
 */
struct columns {
    uint64_t least[PACKET_COLUMNS];
    uint8_t bits[PACKET_COLUMNS];
};

static uint64_t fold(int64_t v)
{
    return (uint64_t)v << 1 ^ (v < 0 ? UINT64_MAX : 0);
}

static int64_t unfold(uint64_t v)
{
    return (int64_t)(v >> 1 ^ (v & 1 ? UINT64_MAX : 0));
}

static void put_bits(uint8_t *b, size_t *at, unsigned n, uint64_t v)
{
    for (unsigned i = 0; i < n; i++, ++*at) {
        b[*at >> 3] = (uint8_t)(b[*at >> 3] | (v >> i & 1) << (*at & 7));
    }
}

/* n is 0 .. 56, and the bits are there. */
static uint64_t get_bits(const uint8_t *b, size_t *at, unsigned n)
{
    const size_t from = *at >> 3, to = (*at + n + 7) >> 3;
    uint64_t v = 0;
    for (size_t i = from; i < to; i++) {
        v |= i - from < 8 ? (uint64_t)b[i] << (8 * (i - from)) : 0;
    }
    v >>= *at & 7;
    *at += n;
    return v & ((UINT64_C(1) << n) - 1);
}

static void put_le32(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++) {
        p[i] = (uint8_t)(v >> (8 * i));
    }
}

static uint32_t le32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint32_t checksum(const uint8_t *b, size_t n)
{
    return crc32c(crc32c(0, b, 4), b + 8, n - 8);
}

/* --- writing ---------------------------------------------------------------------------------- */

/* Whether joining what was split gives the same chunk again. */
static bool comes_back(const struct chunk_split *s, const struct packet_chunk *c)
{
    struct buf again = {0};
    const bool same = chunk_join(s, c->p + s->tail, c->n - s->tail, &again) == ERR_OK &&
                      again.n == c->n && memcmp(again.p, c->p, c->n) == 0;
    buf_free(&again);
    return same;
}

static enum err split(const struct packet_chunk *c, size_t n, struct chunk_split *s,
                      uint64_t (*v)[PACKET_COLUMNS])
{
    for (size_t i = 0; i < n; i++) {
        if (chunk_split(c[i].p, c[i].n, &s[i]) || !comes_back(&s[i], &c[i]) ||
            (i > 0 && s[i].address < s[i - 1].address)) {
            return ERR_RANGE;
        }
        v[i][ADDRESS] = i > 0 ? s[i].address - s[i - 1].address : 0;
        v[i][FIRST] = fold(s[i].first_ms);
        v[i][SPAN] = (uint64_t)(s[i].last_ms - s[i].first_ms);
        v[i][POINTS] = s[i].points;
        v[i][FLAGS] = s[i].flags;
        v[i][LOW] = s[i].time_low;
        v[i][WIDTH] = s[i].time_width;
        v[i][BYTES] = c[i].n - s[i].tail;
    }
    return ERR_OK;
}

static struct columns measure(uint64_t (*v)[PACKET_COLUMNS], size_t n)
{
    struct columns c;
    for (int k = 0; k < PACKET_COLUMNS; k++) {
        uint64_t least = v[0][k], most = v[0][k];
        for (size_t i = 1; i < n; i++) {
            least = v[i][k] < least ? v[i][k] : least;
            most = v[i][k] > most ? v[i][k] : most;
        }
        c.least[k] = least;
        c.bits[k] = (uint8_t)(most > least ? 64 - __builtin_clzll(most - least) : 0);
    }
    return c;
}

enum err packet_write(const struct packet_chunk *c, size_t n, struct buf *out)
{
    struct chunk_split s[PACKET_MAX];
    uint64_t v[PACKET_MAX][PACKET_COLUMNS];
    if (n < 1 || n > PACKET_MAX || split(c, n, s, v)) {
        return ERR_RANGE;
    }
    const struct columns columns = measure(v, n);
    size_t bits = 0, tails = 0;
    for (int k = 0; k < PACKET_COLUMNS; k++) {
        bits += columns.bits[k] * n;
    }
    for (size_t i = 0; i < n; i++) {
        tails += c[i].n - s[i].tail;
    }
    uint8_t *b =
        buf_reserve(out, FIXED + (PACKET_COLUMNS + 1) * COLUMN_MOST + (bits + 7) / 8 + tails);
    if (!b) {
        return ERR_MEMORY;
    }
    b[0] = 'm', b[1] = 'p', b[2] = PACKET_VERSION, b[3] = (uint8_t)n;
    size_t at = FIXED + pack_number(b + FIXED, s[0].address);
    for (int k = 0; k < PACKET_COLUMNS; k++) {
        at += pack_number(b + at, columns.least[k]);
        b[at++] = columns.bits[k];
    }
    memset(b + at, 0, (bits + 7) / 8);
    size_t bit = 0;
    for (size_t i = 0; i < n; i++) {
        for (int k = 0; k < PACKET_COLUMNS; k++) {
            put_bits(b + at, &bit, columns.bits[k], v[i][k] - columns.least[k]);
        }
    }
    at += (bits + 7) / 8;
    for (size_t i = 0; i < n; i++) {
        memcpy(b + at, c[i].p + s[i].tail, c[i].n - s[i].tail);
        at += c[i].n - s[i].tail;
    }
    put_le32(b + 4, checksum(b, at));
    out->n += at;
    return ERR_OK;
}

/* --- reading ---------------------------------------------------------------------------------- */

/* The number at *at; false: there is none. */
static bool take(const uint8_t *b, size_t n, size_t *at, uint64_t *v)
{
    const size_t used = *at < n ? pack_read_number(b + *at, n - *at, v) : 0;
    *at += used;
    return used > 0;
}

static bool take_columns(const uint8_t *b, size_t n, size_t *at, struct columns *c, size_t *bits)
{
    *bits = 0;
    for (int k = 0; k < PACKET_COLUMNS; k++) {
        if (!take(b, n, at, &c->least[k]) || *at == n || b[*at] > BITS_MOST) {
            return false;
        }
        c->bits[k] = b[(*at)++];
        *bits += c->bits[k];
    }
    return true;
}

/* Whether the values are those of a chunk. */
static bool is_sane(const uint64_t v[PACKET_COLUMNS])
{
    return v[POINTS] >= 1 && v[POINTS] <= CHUNK_POINTS_MAX && v[FLAGS] <= 7 &&
           v[SPAN] <= (uint64_t)CHUNK_SPAN_MS_MAX && v[LOW] <= UINT32_MAX &&
           v[WIDTH] <= TIME_WIDTH_MAX && unfold(v[FIRST]) >= KEPT_TIME_MIN &&
           unfold(v[FIRST]) <= KEPT_TIME_MAX;
}

static bool take_members(const uint8_t *b, size_t n, size_t at, const struct columns *c,
                         uint64_t address, struct packet *out)
{
    size_t bit = at * 8, bits = 0;
    for (int k = 0; k < PACKET_COLUMNS; k++) {
        bits += c->bits[k];
    }
    at += (bits * out->n + 7) / 8;
    for (size_t i = 0; i < out->n; i++) {
        uint64_t v[PACKET_COLUMNS];
        for (int k = 0; k < PACKET_COLUMNS; k++) {
            v[k] = c->least[k] + get_bits(b, &bit, c->bits[k]);
        }
        address += v[ADDRESS];
        if (!is_sane(v) || v[ADDRESS] > UINT32_MAX || address > UINT32_MAX || v[BYTES] > n - at) {
            return false;
        }
        out->member[i] = (struct packet_member){.address = (uint32_t)address,
                                                .points = (uint32_t)v[POINTS],
                                                .first_ms = unfold(v[FIRST]),
                                                .last_ms = unfold(v[FIRST]) + (int64_t)v[SPAN],
                                                .time_low = (uint32_t)v[LOW],
                                                .time_width = (uint32_t)v[WIDTH],
                                                .flags = (uint8_t)v[FLAGS],
                                                .at = at,
                                                .bytes = v[BYTES]};
        at += v[BYTES];
    }
    return at == n;
}

enum err packet_read(const uint8_t *b, size_t n, struct packet *out)
{
    struct columns c;
    size_t at = FIXED, bits;
    uint64_t address;
    out->n = 0;
    if (n < FIXED || b[0] != 'm' || b[1] != 'p') {
        return ERR_SYNTAX;
    }
    if (b[2] != PACKET_VERSION) {
        return ERR_RANGE;
    }
    if (b[3] < 1 || b[3] > PACKET_MAX || checksum(b, n) != le32(b + 4) ||
        !take(b, n, &at, &address) || address > UINT32_MAX || !take_columns(b, n, &at, &c, &bits) ||
        (bits * b[3] + 7) / 8 > n - at) {
        return ERR_SYNTAX;
    }
    out->n = b[3];
    if (!take_members(b, n, at, &c, address, out)) {
        out->n = 0;
        return ERR_SYNTAX;
    }
    return ERR_OK;
}

enum err packet_chunk(const struct packet *p, const uint8_t *b, size_t k, struct buf *out)
{
    const struct packet_member *m = &p->member[k];
    const struct chunk_split s = {.flags = m->flags,
                                  .address = m->address,
                                  .points = m->points,
                                  .first_ms = m->first_ms,
                                  .last_ms = m->last_ms,
                                  .time_low = m->time_low,
                                  .time_width = m->time_width};
    return chunk_join(&s, b + m->at, m->bytes, out);
}
