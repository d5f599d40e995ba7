/* A record of coverage of any bytes: as it is, then with its checksum put right, so that what lies
   behind it is reached; what was read is written and read again. */
#include "base/crc32c.h"
#include "coverage/grid.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool collect(void *ctx, const struct coverage_entry *e)
{
    return coverage_grid_add(ctx, e) == ERR_OK;
}

/* Whether writing what was read and reading that gives the same. */
static bool comes_back(struct coverage_grid *g)
{
    struct coverage_grid again;
    struct buf b = {0};
    bool same = true;
    if (coverage_grid_init(&again, 1 << 16)) {
        return true;
    }
    coverage_grid_sort(g);
    for (size_t i = 0, n; i < g->n; i += n) {
        /* A record is of one tile; what was read may lie in several. */
        const unsigned tile = coverage_tile(coverage_key_cell(g->entry[i].key));
        for (n = 1; i + n < g->n && coverage_tile(coverage_key_cell(g->entry[i + n].key)) == tile;
             n++) {
        }
        buf_clear(&b);
        coverage_write(&g->entry[i], n, &b);
        same &= b.failed || coverage_read(b.p, b.n, 7, collect, &again) == ERR_OK;
    }
    for (size_t i = 0; i < again.n && !b.failed; i++) {
        const struct coverage_entry *e = &again.entry[i];
        bool is_there = false;
        for (size_t k = 0; k < g->n; k++) {
            is_there |= memcmp(&g->entry[k], e, sizeof *e) == 0;
        }
        same &= is_there;
    }
    buf_free(&b);
    coverage_grid_free(&again);
    return same;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct coverage_grid g;
    if (coverage_grid_init(&g, 4096)) {
        return 0;
    }
    coverage_read(data, size, 7, collect, &g);
    coverage_grid_clear(&g);
    uint8_t *copy = malloc(size + 1);
    if (copy && size >= 5) {
        memcpy(copy, data, size);
        copy[0] = 1;
        const uint32_t crc = crc32c(0, copy + 5, size - 5);
        for (int i = 0; i < 4; i++) {
            copy[1 + i] = (uint8_t)(crc >> (8 * i));
        }
        if (coverage_read(copy, size, 7, collect, &g) == ERR_OK && g.n < 300 && !comes_back(&g)) {
            abort();
        }
    }
    free(copy);
    coverage_grid_free(&g);
    return 0;
}
