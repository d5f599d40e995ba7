/* The memory of coverage read: by the hour, or in days where these are summed up. */
#include "store/coverage.h"
#include "store/coverage_day.h"
#include "store/internal.h"

enum { TILE_BITS = 10 };

static bool has_tables(struct store *s)
{
    sqlite3_stmt *q = index_prepare(s->db, "SELECT id FROM coverage LIMIT 0");
    sqlite3_finalize(q);
    return q;
}

/* The ten-degree tiles an area may touch. A cell's middle is in its tile, its edges may be beyond.
 */
static void tiles_of(const struct area_shape *area, bool tile[COVERAGE_TILES])
{
    enum { SIDE_E7 = 100000000, ACROSS = 36, ROWS = COVERAGE_TILES / ACROSS };
    for (int i = 0; i < COVERAGE_TILES; i++) {
        const int row = i / ACROSS;
        const int64_t beyond = row == 0 || row == ROWS - 1 ? 3600000000 : 3 * SIDE_E7 / 10;
        const int64_t west = (int64_t)(i % ACROSS) * SIDE_E7 - 1800000000;
        const int64_t low = west - beyond, high = west + SIDE_E7 + beyond;
        const struct area_box b = {.lat_low = row * SIDE_E7 - 900000000,
                                   .lat_high = row * SIDE_E7 + SIDE_E7 - 900000000,
                                   .lon_low = (int32_t)(low < -1800000000 ? -1800000000 : low),
                                   .lon_high = (int32_t)(high > 1799999999 ? 1799999999 : high)};
        tile[i] = !area || area_shape_meets(area, &b);
    }
}

struct reading {
    const struct area_shape *area;
    coverage_entry_fn *out;
    void *ctx;
    uint32_t cell; /* the last one asked about, and the answer */
    bool meets, ends;
    size_t bad; /* records that cannot be read */
};

static bool meets(const struct area_shape *area, uint32_t cell)
{
    const struct coverage_box c = coverage_cell_box(cell);
    const struct area_box b = {c.lat_low_e7, c.lat_high_e7, c.lon_low_e7, c.lon_high_e7};
    return !area || area_shape_meets(area, &b);
}

static bool pass_on(void *ctx, const struct coverage_entry *e)
{
    struct reading *r = ctx;
    const uint32_t cell = coverage_key_cell(e->key);
    if (cell != r->cell) {
        r->cell = cell;
        r->meets = meets(r->area, cell);
    }
    r->ends = r->meets && !r->out(r->ctx, e);
    return !r->ends;
}

/* Records of one table with numbers from .. to - 1, each of so many hours; bad counts those that
   cannot be read. */
static enum err read_records(struct store *s, const char *sql, int64_t from, int64_t to, int hours,
                             const bool tile[COVERAGE_TILES], struct reading *r)
{
    sqlite3_stmt *q = index_prepare(s->db, sql);
    if (!q) {
        return index_error(s->db);
    }
    sqlite3_bind_int64(q, 1, from * (1 << TILE_BITS));
    sqlite3_bind_int64(q, 2, to * (1 << TILE_BITS));
    enum err e = ERR_OK;
    int step = SQLITE_DONE;
    while (!e && !r->ends && (step = sqlite3_step(q)) == SQLITE_ROW) {
        const int64_t id = sqlite3_column_int64(q, 0);
        const unsigned at = (unsigned)(id & ((1 << TILE_BITS) - 1));
        if (at >= COVERAGE_TILES || !tile[at]) {
            continue;
        }
        e = coverage_read(sqlite3_column_blob(q, 1), (size_t)sqlite3_column_bytes(q, 1),
                          (int32_t)((id >> TILE_BITS) * hours), pass_on, r);
        const bool unreadable = e == ERR_SYNTAX || e == ERR_RANGE;
        r->bad += unreadable;
        e = unreadable ? ERR_OK : e;
    }
    e = !e && !r->ends && step != SQLITE_DONE ? index_error(s->db) : e;
    sqlite3_finalize(q);
    return e;
}

static enum err read_hours(struct store *s, int64_t from, int64_t to,
                           const bool tile[COVERAGE_TILES], struct reading *r)
{
    return from < to && !r->ends
               ? read_records(s, "SELECT id, bytes FROM coverage WHERE id >= ? AND id < ?", from,
                              to, 1, tile, r)
               : ERR_OK;
}

enum err store_coverage_read(struct store *s, int32_t from_hour, int32_t to_hour,
                             const struct area_shape *area, coverage_entry_fn *out, void *ctx,
                             size_t *torn)
{
    bool tile[COVERAGE_TILES];
    tiles_of(area, tile);
    struct reading r = {.area = area, .out = out, .ctx = ctx, .cell = UINT32_MAX};
    const enum err e = has_tables(s) ? read_hours(s, from_hour, to_hour, tile, &r) : ERR_OK;
    if (torn) {
        *torn = r.bad;
    }
    return e;
}

enum err store_coverage_sum(struct store *s, int32_t from_hour, int32_t to_hour,
                            const struct area_shape *area, coverage_entry_fn *out, void *ctx,
                            size_t *torn)
{
    bool tile[COVERAGE_TILES];
    tiles_of(area, tile);
    struct reading r = {.area = area, .out = out, .ctx = ctx, .cell = UINT32_MAX};
    /* One state throughout: a day forgotten meanwhile would be read twice or not at all. */
    const bool begun = sqlite3_get_autocommit(s->db);
    enum err e = begun ? index_run(s->db, "BEGIN") : ERR_OK;
    const int32_t end = coverage_day_of(to_hour); /* days that end by then are whole */
    int32_t hour = from_hour, day = coverage_day_of(from_hour + 23);
    while (!e && has_tables(s) && hour < to_hour && !r.ends) {
        const int32_t next = day < end ? coverage_day_next(s, day, end) : end;
        const bool is_summed = next < end;
        e = read_hours(s, hour, is_summed ? next * 24 : to_hour, tile, &r);
        hour = is_summed ? (next + 1) * 24 : to_hour;
        day = next + 1;
        if (!e && is_summed && !r.ends) {
            e = read_records(s, "SELECT id, bytes FROM coverage_day WHERE id >= ? AND id < ?", next,
                             next + 1, 24, tile, &r);
        }
    }
    if (begun) {
        index_run(s->db, "COMMIT");
    }
    if (torn) {
        *torn = r.bad;
    }
    return e;
}
