/* One hour of one tile, or one day, as bytes (docs/COVERAGE.md):
     0  1  version, 1
     1  4  CRC-32C of what follows, little-endian
     5  …  range-coded: raw 32 the number of entries; of each the change of its key, then its counts
*/
#include "base/crc32c.h"
#include "base/range.h"
#include "coverage/grid.h"

#include <stdlib.h>
#include <string.h>

enum {
    VERSION = 1,
    HEAD_BYTES = 5,
    FIELDS = 10,
    HEIGHT = FIELDS - 1,
    KEY_BITS = 25,
    ENTRIES_MAX = 1 << 16
};

struct models {
    struct range_number key, field[FIELDS][2];
};

static struct models *models_new(void)
{
    struct models *m = malloc(sizeof *m);
    if (m) {
        range_model_start((struct range_model *)m, sizeof *m / sizeof(struct range_model));
    }
    return m;
}

enum { NO_HEIGHT = -10000 };

/* The counts in the order they are written. */
static void spread(const struct coverage_count *n, int32_t v[FIELDS])
{
    v[0] = n->heard, v[1] = n->heard_s, v[2] = n->missed, v[3] = n->missed_s;
    v[4] = n->presumed, v[5] = n->presumed_s;
    v[6] = n->lost, v[7] = n->sunk, v[8] = n->found;
    v[HEIGHT] = n->low_ft == KEPT_NONE ? NO_HEIGHT : n->low_ft;
    for (int i = 0; i < HEIGHT; i++) {
        v[i] = v[i] > 0 ? v[i] : 0;
    }
}

static struct coverage_count gather(const int32_t v[FIELDS])
{
    return (struct coverage_count){.heard = v[0],
                                   .heard_s = v[1],
                                   .missed = v[2],
                                   .missed_s = v[3],
                                   .presumed = v[4],
                                   .presumed_s = v[5],
                                   .lost = v[6],
                                   .sunk = v[7],
                                   .found = v[8],
                                   .low_ft = v[HEIGHT] == NO_HEIGHT ? KEPT_NONE : v[HEIGHT]};
}

/* Seconds are modelled by whether there were passes, the height by whether anything was heard; a
   height counts from its band's floor. Sums wrap: any bytes may be read. */
static void code_counts(struct range_coder *c, struct models *m, int32_t floor_ft,
                        int32_t v[FIELDS])
{
    for (int i = 0; i < HEIGHT; i++) {
        const bool none = (i == 1 && v[0] == 0) || (i == 3 && v[2] == 0) || (i == 5 && v[4] == 0);
        v[i] = range_number(c, &m->field[i][none], v[i]);
    }
    const uint32_t above = (uint32_t)v[HEIGHT] - (uint32_t)floor_ft;
    const int32_t read = range_number(c, &m->field[HEIGHT][v[1] > 0], (int32_t)above);
    v[HEIGHT] = (int32_t)((uint32_t)read + (uint32_t)floor_ft);
}

static int32_t floor_of(uint64_t key)
{
    const int32_t low = coverage_band_low_ft(coverage_key_band(key));
    return low == INT32_MIN || low == INT32_MAX ? 0 : low;
}

static bool is_worth(const struct coverage_entry *e)
{
    int32_t v[FIELDS];
    spread(&e->n, v);
    return v[0] | v[1] | v[2] | v[3] | v[4] | v[5] | v[6] | v[7] | v[8];
}

void coverage_write(const struct coverage_entry *e, size_t n, struct buf *out)
{
    const size_t head = out->n;
    uint32_t count = 0;
    for (size_t i = 0; i < n; i++) {
        count += is_worth(&e[i]);
    }
    struct models *m = models_new();
    buf_add(out, (const uint8_t[HEAD_BYTES]){VERSION}, HEAD_BYTES);
    if (!m) {
        out->failed = true;
        return;
    }
    struct range_coder c = {0};
    range_write(&c, out);
    range_raw(&c, 32, count);
    uint32_t last = 0;
    for (size_t i = 0; i < n; i++) {
        if (!is_worth(&e[i])) {
            continue;
        }
        const uint32_t key = (uint32_t)(e[i].key & ((1u << KEY_BITS) - 1));
        range_number(&c, &m->key, (int32_t)(key - last));
        last = key;
        int32_t v[FIELDS];
        spread(&e[i].n, v);
        code_counts(&c, m, floor_of(key), v);
    }
    range_write_end(&c);
    free(m);
    if (!out->failed) {
        const uint32_t crc = crc32c(0, out->p + head + HEAD_BYTES, out->n - head - HEAD_BYTES);
        for (int i = 0; i < 4; i++) {
            out->p[head + 1 + i] = (uint8_t)(crc >> (8 * i));
        }
    }
}

static bool is_whole(const uint8_t *p, size_t n)
{
    uint32_t crc = 0;
    for (int i = 0; i < 4 && n >= HEAD_BYTES; i++) {
        crc |= (uint32_t)p[1 + i] << (8 * i);
    }
    return n >= HEAD_BYTES && crc == crc32c(0, p + HEAD_BYTES, n - HEAD_BYTES);
}

/* Whether a key that was read is one there is: its row, column, band and class. */
static bool key_exists(uint32_t key)
{
    const uint32_t cell = coverage_key_cell(key);
    return key < 1u << KEY_BITS && cell >> 10 < COVERAGE_ROWS &&
           (cell & 1023) < coverage_columns(cell >> 10) &&
           coverage_key_band(key) < COVERAGE_BANDS && coverage_key_class(key) < COVERAGE_CLASSES;
}

enum err coverage_read(const uint8_t *p, size_t n, int32_t hour, coverage_entry_fn *out, void *ctx)
{
    if (n < HEAD_BYTES || p[0] == 0) {
        return ERR_SYNTAX;
    }
    if (p[0] > VERSION) {
        return ERR_RANGE;
    }
    struct models *m = is_whole(p, n) ? models_new() : NULL;
    if (!m) {
        return is_whole(p, n) ? ERR_MEMORY : ERR_SYNTAX;
    }
    struct range_coder c = {0};
    range_read(&c, p + HEAD_BYTES, n - HEAD_BYTES);
    const uint32_t count = range_raw(&c, 32, 0);
    uint32_t key = 0;
    enum err e = count <= ENTRIES_MAX ? ERR_OK : ERR_SYNTAX;
    for (uint32_t i = 0; i < count && !e; i++) {
        key += (uint32_t)range_number(&c, &m->key, 0);
        int32_t v[FIELDS] = {0};
        if (!key_exists(key)) {
            e = ERR_SYNTAX;
            break;
        }
        code_counts(&c, m, floor_of(key), v);
        const struct coverage_entry entry = {coverage_key(hour, 0, 0, 0) | key, gather(v)};
        for (int k = 0; k < HEIGHT; k++) {
            e = v[k] < 0 ? ERR_SYNTAX : e;
        }
        e = c.short_of ? ERR_SYNTAX : e;
        if (!e && !out(ctx, &entry)) {
            break;
        }
    }
    free(m);
    return e;
}
