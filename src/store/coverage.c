#include "store/coverage.h"

#include "coverage/coverage.h"
#include "store/coverage_day.h"
#include "store/internal.h"

#include <stdlib.h>
#include <string.h>

/* A record's number: hour and tile. */
enum { TILE_BITS = 10, CHUNKS_USUAL = 1024, LEARN_HOURS = 48 };
/* What a point can say about reaches no farther than a hole from it; what it depends on, neither.
 */
enum { MARGIN_HOURS = 7 };
#define HOUR_MS  INT64_C(3600000)
#define NO_LIMIT INT64_MAX

static const char tables[] =
    "CREATE TABLE IF NOT EXISTS coverage(id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;"
    "CREATE TABLE IF NOT EXISTS coverage_through(one INTEGER PRIMARY KEY CHECK(one = 1), chunk "
    "INTEGER NOT NULL) STRICT;"
    "CREATE TABLE IF NOT EXISTS coverage_marked(hour INTEGER PRIMARY KEY) STRICT;"
    "INSERT OR IGNORE INTO coverage_through VALUES(1, 0);"
    /* The number of a last chunk that goes is given again: what gets it is new. */
    "CREATE TRIGGER IF NOT EXISTS coverage_goes AFTER DELETE ON chunk BEGIN UPDATE "
    "coverage_through SET chunk = (SELECT coalesce(max(id), 0) FROM chunk) WHERE chunk > (SELECT "
    "coalesce(max(id), 0) FROM chunk); END;";

static const struct coverage_options machine = {.entries_max = 1 << 18, .crafts_max = 16};

struct chunk_row {
    int64_t id, first_ms, last_ms;
    uint32_t address;
};

/* One turn of learning. */
struct learning {
    struct store *s;
    struct coverage *machine;
    struct chunk_row *row; /* by address, then time */
    size_t n, cap;
    int64_t through;            /* chunks up to this one are in already */
    int64_t from_hour, to_hour; /* what is outside is not written */
    struct kept *points;        /* of chunks that overlap in time */
    size_t n_points, cap_points;
    sqlite3_stmt *chunk, *record, *write, *before, *around;
    struct coverage_grid merged; /* of one record */
    struct buf bytes;
};

static int64_t ask(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *q = index_prepare(db, sql);
    const int64_t v = q && sqlite3_step(q) == SQLITE_ROW ? sqlite3_column_int64(q, 0) : 0;
    sqlite3_finalize(q);
    return v;
}

static bool has_tables(struct store *s)
{
    return ask(s->db, "SELECT count(*) FROM sqlite_schema WHERE name = 'coverage'") > 0;
}

static enum err done(struct learning *l, sqlite3_stmt *q)
{
    const int step = sqlite3_step(q);
    sqlite3_reset(q);
    return step == SQLITE_DONE ? ERR_OK : index_error(l->s->db);
}

static enum err mark(struct store *s, int32_t from_hour, int32_t to_hour)
{
    sqlite3_stmt *q = index_prepare(s->db, "INSERT OR IGNORE INTO coverage_marked VALUES(?)");
    enum err e = q ? ERR_OK : index_error(s->db);
    for (int32_t hour = from_hour; hour < to_hour && !e; hour++) {
        sqlite3_bind_int64(q, 1, hour);
        e = sqlite3_step(q) == SQLITE_DONE ? ERR_OK : index_error(s->db);
        sqlite3_reset(q);
    }
    sqlite3_finalize(q);
    return e;
}

/* --- writing records -------------------------------------------------------------------------- */

static bool merge(void *ctx, const struct coverage_entry *e)
{
    struct learning *l = ctx;
    if (coverage_grid_add(&l->merged, e)) {
        l->bytes.failed = true;
    }
    return !l->bytes.failed;
}

/* What a record holds already. One that is torn is begun anew: its hour is marked. */
static enum err read_record(struct learning *l, int64_t id)
{
    enum err e = ERR_OK;
    coverage_grid_clear(&l->merged);
    sqlite3_bind_int64(l->record, 1, id);
    const int step = sqlite3_step(l->record);
    if (step == SQLITE_ROW) {
        e = coverage_read(sqlite3_column_blob(l->record, 0),
                          (size_t)sqlite3_column_bytes(l->record, 0), (int32_t)(id >> TILE_BITS),
                          merge, l);
        if (e == ERR_SYNTAX) {
            const int32_t hour = (int32_t)(id >> TILE_BITS);
            coverage_grid_clear(&l->merged);
            e = mark(l->s, hour, hour + 1);
        }
        e = l->bytes.failed ? ERR_MEMORY : e;
    } else if (step != SQLITE_DONE) {
        e = index_error(l->s->db);
    }
    sqlite3_reset(l->record);
    return e;
}

static enum err write_record(struct learning *l, int64_t id, const struct coverage_entry *entry,
                             size_t n)
{
    buf_clear(&l->bytes);
    enum err e = read_record(l, id);
    for (size_t i = 0; i < n && !e; i++) {
        e = coverage_grid_add(&l->merged, &entry[i]);
    }
    if (e) {
        return e;
    }
    coverage_grid_sort(&l->merged);
    coverage_write(l->merged.entry, l->merged.n, &l->bytes);
    if (l->bytes.failed) {
        return ERR_MEMORY;
    }
    sqlite3_bind_int64(l->write, 1, id);
    sqlite3_bind_blob(l->write, 2, l->bytes.p, (int)l->bytes.n, SQLITE_STATIC);
    return done(l, l->write);
}

static int64_t record_of(const struct coverage_entry *e)
{
    return (int64_t)coverage_key_hour(e->key) * (1 << TILE_BITS) +
           coverage_tile(coverage_key_cell(e->key));
}

/* Adds what was learned to the records, and clears the grid. */
static enum err flush(struct learning *l)
{
    struct coverage_grid *g = coverage_grid(l->machine);
    coverage_grid_sort(g);
    enum err e = ERR_OK;
    for (size_t i = 0, n; i < g->n && !e; i += n) {
        const int64_t id = record_of(&g->entry[i]);
        for (n = 1; i + n < g->n && record_of(&g->entry[i + n]) == id; n++) {
        }
        const int64_t hour = id >> TILE_BITS;
        if (hour >= l->from_hour && hour < l->to_hour) {
            e = write_record(l, id, &g->entry[i], n);
        }
    }
    coverage_clear(l->machine);
    return e;
}

/* --- reading chunks --------------------------------------------------------------------------- */

/* Adds a chunk's points to those at hand. A torn chunk has none. */
static enum err read_chunk(struct learning *l, int64_t id)
{
    if (l->cap_points - l->n_points < CHUNK_POINTS_MAX) {
        const size_t cap = l->cap_points + 4 * (size_t)CHUNK_POINTS_MAX;
        struct kept *more = realloc(l->points, cap * sizeof *more);
        if (!more) {
            return ERR_MEMORY;
        }
        l->points = more;
        l->cap_points = cap;
    }
    enum err e = ERR_OK;
    sqlite3_bind_int64(l->chunk, 1, id);
    const int step = sqlite3_step(l->chunk);
    if (step == SQLITE_ROW) {
        size_t n;
        const uint8_t *b = sqlite3_column_blob(l->chunk, 0);
        if (!chunk_decode(l->s->codec, b, (size_t)sqlite3_column_bytes(l->chunk, 0),
                          l->points + l->n_points, &n)) {
            l->n_points += n;
        }
    } else if (step != SQLITE_DONE) {
        e = index_error(l->s->db);
    }
    sqlite3_reset(l->chunk);
    return e;
}

static int by_time(const void *a, const void *b)
{
    const int64_t x = ((const struct kept *)a)->t_ms, y = ((const struct kept *)b)->t_ms;
    return (x > y) - (x < y);
}

static enum err push(struct learning *l, const struct kept *p)
{
    enum err e = coverage_push(l->machine, p);
    if (e == ERR_FULL) {
        e = flush(l);
        e = e ? e : coverage_push(l->machine, p);
    }
    return e == ERR_EXISTS ? ERR_OK : e;
}

/* Learns from the chunks of one aircraft; those that overlap in time are brought in one order. */
static enum err learn_rows(struct learning *l, const struct chunk_row *row, size_t n)
{
    enum err e = ERR_OK;
    for (size_t i = 0, k; i < n && !e; i = k) {
        int64_t last_ms = row[i].last_ms;
        l->n_points = 0;
        e = read_chunk(l, row[i].id);
        for (k = i + 1; k < n && row[k].first_ms < last_ms && !e; k++) {
            last_ms = row[k].last_ms > last_ms ? row[k].last_ms : last_ms;
            e = read_chunk(l, row[k].id);
        }
        if (k > i + 1 && l->n_points > 0) {
            qsort(l->points, l->n_points, sizeof *l->points, by_time);
        }
        for (size_t j = 0; j < l->n_points && !e; j++) {
            e = push(l, &l->points[j]);
        }
    }
    while (!e && (e = coverage_settle(l->machine)) == ERR_FULL) {
        e = flush(l);
    }
    coverage_forget(l->machine);
    return e;
}

static int by_aircraft(const void *a, const void *b)
{
    const struct chunk_row *x = a, *y = b;
    if (x->address != y->address) {
        return x->address < y->address ? -1 : 1;
    }
    if (x->first_ms != y->first_ms) {
        return x->first_ms < y->first_ms ? -1 : 1;
    }
    return (x->id > y->id) - (x->id < y->id);
}

/* Reads rows of chunks: id, address, first_ms, last_ms. q is finalized. */
static enum err list(struct learning *l, sqlite3_stmt *q)
{
    if (!q) {
        return index_error(l->s->db);
    }
    int step;
    while ((step = sqlite3_step(q)) == SQLITE_ROW) {
        if (l->n == l->cap) {
            const size_t cap = l->cap ? l->cap * 2 : 1024;
            struct chunk_row *more = realloc(l->row, cap * sizeof *more);
            if (!more) {
                sqlite3_finalize(q);
                return ERR_MEMORY;
            }
            l->row = more;
            l->cap = cap;
        }
        l->row[l->n++] = (struct chunk_row){.id = sqlite3_column_int64(q, 0),
                                            .address = (uint32_t)sqlite3_column_int64(q, 1),
                                            .first_ms = sqlite3_column_int64(q, 2),
                                            .last_ms = sqlite3_column_int64(q, 3)};
    }
    sqlite3_finalize(q);
    if (l->n > 0) {
        qsort(l->row, l->n, sizeof *l->row, by_aircraft);
    }
    return step == SQLITE_DONE ? ERR_OK : index_error(l->s->db);
}

/* --- what is new ------------------------------------------------------------------------------ */

/* Whether a chunk that is in lies beside these times of the aircraft, or follows so soon that what
   was said of the time before it no longer holds. */
static bool is_known_around(struct learning *l, uint32_t address, int64_t first_ms, int64_t last_ms)
{
    sqlite3_bind_int64(l->around, 1, address);
    sqlite3_bind_int64(l->around, 2, l->through);
    sqlite3_bind_int64(l->around, 3, first_ms);
    sqlite3_bind_int64(l->around, 4, last_ms);
    const bool is = sqlite3_step(l->around) == SQLITE_ROW;
    sqlite3_reset(l->around);
    return is;
}

/* Goes on from the aircraft's last point that is in. */
static enum err resume(struct learning *l, const struct chunk_row *row)
{
    sqlite3_bind_int64(l->before, 1, row->address);
    sqlite3_bind_int64(l->before, 2, l->through);
    sqlite3_bind_int64(l->before, 3, row->first_ms);
    const int64_t id =
        sqlite3_step(l->before) == SQLITE_ROW ? sqlite3_column_int64(l->before, 0) : -1;
    sqlite3_reset(l->before);
    if (id < 0) {
        return ERR_OK;
    }
    l->n_points = 0;
    const enum err e = read_chunk(l, id);
    return e || l->n_points == 0 ? e : coverage_resume(l->machine, &l->points[l->n_points - 1]);
}

/* The chunks of one aircraft that are new. */
static enum err learn_new(struct learning *l, const struct chunk_row *row, size_t n)
{
    int64_t last_ms = row[0].last_ms;
    for (size_t i = 1; i < n; i++) {
        last_ms = row[i].last_ms > last_ms ? row[i].last_ms : last_ms;
    }
    if (is_known_around(l, row[0].address, row[0].first_ms, last_ms)) {
        return mark(l->s, coverage_hour(row[0].first_ms) - MARGIN_HOURS - 3,
                    coverage_hour(last_ms) + MARGIN_HOURS + 4);
    }
    const enum err e = resume(l, row);
    return e ? e : learn_rows(l, row, n);
}

static enum err note_through(struct store *s, int64_t through)
{
    sqlite3_stmt *q = index_prepare(s->db, "UPDATE coverage_through SET chunk = ?");
    sqlite3_bind_int64(q, 1, through);
    const enum err e = q && sqlite3_step(q) == SQLITE_DONE ? ERR_OK : index_error(s->db);
    sqlite3_finalize(q);
    return e;
}

static enum err take_new(struct learning *l, int64_t until)
{
    sqlite3_stmt *q = index_prepare(
        l->s->db, "SELECT id, address, first_ms, last_ms FROM chunk WHERE id > ?1 AND id <= ?2 "
                  "UNION ALL SELECT id, address, first_ms, last_ms FROM packed WHERE id > ?1 AND "
                  "id <= ?2");
    sqlite3_bind_int64(q, 1, l->through);
    sqlite3_bind_int64(q, 2, until);
    enum err e = list(l, q);
    /* An aircraft's chunks that lie far apart in time are learned each by themselves: one that
       conflicts marks its own hours alone. */
    for (size_t i = 0, n; i < l->n && !e; i += n) {
        for (n = 1; i + n < l->n && l->row[i + n].address == l->row[i].address &&
                    l->row[i + n].first_ms - l->row[i + n - 1].last_ms <= COVERAGE_HOLE_MS;
             n++) {
        }
        e = learn_new(l, &l->row[i], n);
    }
    e = e ? e : flush(l);
    return e ? e : note_through(l->s, until);
}

/* --- learning anew ---------------------------------------------------------------------------- */

/* What was known of hours whose chunks are gone stays: there is nothing to learn it from. */
static enum err drop_hours(struct store *s, int64_t from_hour, int64_t to_hour, bool records)
{
    static const char *const sql[] = {
        "DELETE FROM coverage_marked WHERE hour >= ?1 AND hour < ?2",
        "DELETE FROM coverage WHERE id >= ?1 * 1024 AND id < ?2 * 1024"};
    enum err e = ERR_OK;
    for (int i = 0; i < (records ? 2 : 1) && !e; i++) {
        sqlite3_stmt *q = index_prepare(s->db, sql[i]);
        sqlite3_bind_int64(q, 1, from_hour);
        sqlite3_bind_int64(q, 2, to_hour);
        e = q && sqlite3_step(q) == SQLITE_DONE ? ERR_OK : index_error(s->db);
        sqlite3_finalize(q);
    }
    return e;
}

static enum err learn_anew(struct learning *l)
{
    l->from_hour = ask(l->s->db, "SELECT min(hour) FROM coverage_marked");
    l->to_hour = l->from_hour + LEARN_HOURS;
    const int64_t from_ms = (l->from_hour - MARGIN_HOURS) * HOUR_MS;
    const int64_t to_ms = (l->to_hour + MARGIN_HOURS) * HOUR_MS;
    sqlite3_stmt *q = index_prepare(
        l->s->db, "SELECT chunk.id, address, first_ms, last_ms FROM place JOIN chunk ON chunk.id = "
                  "place.id WHERE t0 <= ?1 AND t1 >= ?2 AND chunk.id <= ?3 UNION ALL SELECT p.id, "
                  "p.address, p.first_ms, p.last_ms FROM place CROSS JOIN packet ON packet.id = "
                  "place.id CROSS JOIN packed p ON p.id >= packet.id AND p.id < packet.id + "
                  "packet.n WHERE t0 <= ?1 AND t1 >= ?2 AND p.id <= ?3");
    sqlite3_bind_int64(q, 1, index_time(to_ms));
    sqlite3_bind_int64(q, 2, index_time(from_ms));
    sqlite3_bind_int64(q, 3, l->through);
    enum err e = list(l, q);
    e = e ? e : drop_hours(l->s, l->from_hour, l->to_hour, l->n > 0);
    for (size_t i = 0, n; i < l->n && !e; i += n) {
        for (n = 1; i + n < l->n && l->row[i + n].address == l->row[i].address; n++) {
        }
        e = learn_rows(l, &l->row[i], n);
    }
    return e ? e : flush(l);
}

/* --- turns ------------------------------------------------------------------------------------ */

static enum err prepare(struct learning *l)
{
    sqlite3 *db = l->s->db;
    l->chunk =
        index_prepare(db, "SELECT bytes FROM chunk WHERE id = ?1 UNION ALL SELECT bytes FROM "
                          "packed WHERE id = ?1");
    l->record = index_prepare(db, "SELECT bytes FROM coverage WHERE id = ?");
    l->write = index_prepare(db, "INSERT OR REPLACE INTO coverage VALUES(?, ?)");
    l->before = index_prepare(
        db, "SELECT id FROM (SELECT id, last_ms FROM chunk WHERE address = ?1 AND id <= ?2 AND "
            "first_ms BETWEEN ?3 - 2023400000 AND ?3 AND last_ms BETWEEN ?3 - 23400000 AND ?3 "
            "UNION ALL SELECT id, last_ms FROM packed WHERE address = ?1 AND id <= ?2 AND first_ms "
            "<= ?3 AND last_ms BETWEEN ?3 - 23400000 AND ?3) ORDER BY last_ms DESC");
    l->around = index_prepare(
        db, "SELECT 1 FROM chunk WHERE address = ?1 AND id <= ?2 AND first_ms BETWEEN ?3 - "
            "2000000000 AND ?4 + 23400000 AND last_ms > ?3 UNION ALL SELECT 1 FROM packed WHERE "
            "address = ?1 AND id <= ?2 AND first_ms <= ?4 + 23400000 AND last_ms > ?3");
    l->machine = coverage_new(&machine);
    if (!l->machine || coverage_grid_init(&l->merged, 1 << 16)) {
        return ERR_MEMORY;
    }
    return l->chunk && l->record && l->write && l->before && l->around ? ERR_OK : index_error(db);
}

static void release(struct learning *l)
{
    sqlite3_finalize(l->chunk);
    sqlite3_finalize(l->record);
    sqlite3_finalize(l->write);
    sqlite3_finalize(l->before);
    sqlite3_finalize(l->around);
    coverage_free(l->machine);
    coverage_grid_free(&l->merged);
    buf_free(&l->bytes);
    free(l->row);
    free(l->points);
}

enum err store_coverage_update(struct store *s, uint32_t chunks_max, bool *more)
{
    *more = false;
    if (s->putting || s->o.mode != STORE_WRITE) {
        return ERR_EXISTS;
    }
    enum err e = index_run(s->db, tables);
    e = e ? e : index_run(s->db, coverage_day_tables);
    if (e) {
        return e;
    }
    struct learning l = {.s = s, .from_hour = INT32_MIN, .to_hour = NO_LIMIT};
    l.through = ask(s->db, "SELECT chunk FROM coverage_through");
    const int64_t newest = index_next_id(s) - 1;
    const int64_t turn = chunks_max ? chunks_max : CHUNKS_USUAL;
    const int64_t until = newest - l.through > turn ? l.through + turn : newest;
    const bool marked = ask(s->db, "SELECT count(*) FROM coverage_marked") > 0;
    if (until <= l.through && !marked) {
        return coverage_day_make(s, more);
    }
    e = index_run(s->db, "BEGIN IMMEDIATE");
    if (!e) {
        e = prepare(&l);
        e = e ? e : until > l.through ? take_new(&l, until) : learn_anew(&l);
        release(&l); /* before the end: statements hold it open */
        e = e ? e : index_run(s->db, "COMMIT");
        if (e) {
            index_run(s->db, "ROLLBACK");
        }
    }
    *more = !e; /* days to be summed up, if nothing else */
    return e;
}

enum err store_coverage_mark(struct store *s, int32_t from_hour, int32_t to_hour)
{
    if (s->putting || s->o.mode != STORE_WRITE) {
        return ERR_EXISTS;
    }
    const enum err e = index_run(s->db, tables);
    return e ? e : mark(s, from_hour, to_hour);
}

/* --- retention -------------------------------------------------------------------------------- */

enum err store_coverage_prune(struct store *s, int64_t until_ms, bool *more)
{
    static const char sql[] =
        "DELETE FROM coverage WHERE id IN (SELECT id FROM coverage WHERE id < ?1 * 1024 AND NOT "
        "EXISTS (SELECT 1 FROM pin WHERE from_ms < ((coverage.id >> 10) + 1) * 3600000 AND to_ms > "
        "(coverage.id >> 10) * 3600000) LIMIT ?2)";
    enum { SLICE = 500, DAY_HOURS = 24 };
    *more = false;
    const int64_t hour = coverage_hour(until_ms);
    const int64_t day = (hour - (hour < 0 ? DAY_HOURS - 1 : 0)) / DAY_HOURS;
    if (!has_tables(s)) {
        return ERR_OK;
    }
    sqlite3_stmt *q = index_prepare(s->db, sql);
    sqlite3_bind_int64(q, 1, day * DAY_HOURS);
    sqlite3_bind_int64(q, 2, SLICE);
    const enum err e = q && sqlite3_step(q) == SQLITE_DONE ? ERR_OK : index_error(s->db);
    sqlite3_finalize(q);
    *more = !e && sqlite3_changes(s->db) == SLICE;
    return e;
}

enum err store_coverage_state(struct store *s, struct store_coverage_state *out)
{
    *out = (struct store_coverage_state){INT32_MIN, INT32_MIN, 0, 0, 0, 0};
    if (!has_tables(s)) {
        out->behind = (uint64_t)ask(
            s->db, "SELECT count(*) + (SELECT coalesce(sum(n), 0) FROM packet) FROM chunk");
        return ERR_OK;
    }
    out->records = (uint64_t)ask(s->db, "SELECT count(*) FROM coverage");
    if (out->records > 0) {
        out->first_hour = (int32_t)ask(s->db, "SELECT min(id) >> 10 FROM coverage");
        out->last_hour = (int32_t)ask(s->db, "SELECT max(id) >> 10 FROM coverage");
    }
    out->bytes = (uint64_t)ask(s->db, "SELECT sum(length(bytes)) FROM coverage");
    out->behind = (uint64_t)ask(s->db, "SELECT (SELECT count(*) FROM chunk WHERE id > through) + "
                                       "(SELECT coalesce(sum(n), 0) FROM packet WHERE id > "
                                       "through) FROM (SELECT chunk AS through FROM "
                                       "coverage_through)");
    out->marked = (uint64_t)ask(s->db, "SELECT count(*) FROM coverage_marked");
    return ERR_OK;
}
