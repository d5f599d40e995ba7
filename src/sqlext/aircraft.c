/* masar_aircraft('DIR'): what there is of every aircraft. */
#include "sqlext/sqlext.h"
#include "store/density.h"

#include <stdlib.h>

enum column { COLUMN_ADDRESS, COLUMN_FIRST, COLUMN_LAST, COLUMN_POSITIONS, COLUMN_DIR };

struct cursor {
    struct sqlext_cursor in; /* rows of sum */
    struct store_sum *sum;
    size_t room;
    bool failed;
};

static int best_index(sqlite3_vtab *table, sqlite3_index_info *info)
{
    (void)table;
    bool has_dir = false;
    for (int i = 0; i < info->nConstraint; i++) {
        if (info->aConstraint[i].iColumn != COLUMN_DIR ||
            info->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ) {
            continue;
        }
        if (!info->aConstraint[i].usable) {
            return SQLITE_CONSTRAINT;
        }
        has_dir = true;
        info->aConstraintUsage[i].argvIndex = 1;
        info->aConstraintUsage[i].omit = 1;
    }
    info->idxNum = has_dir;
    info->estimatedCost = 10000;
    info->estimatedRows = 10000;
    info->orderByConsumed = info->nOrderBy == 1 && info->aOrderBy[0].iColumn == COLUMN_ADDRESS &&
                            !info->aOrderBy[0].desc;
    return SQLITE_OK;
}

static int open_cursor(sqlite3_vtab *table, sqlite3_vtab_cursor **out)
{
    (void)table;
    return sqlext_cursor_new(sizeof(struct cursor), out);
}

static int close_cursor(sqlite3_vtab_cursor *cursor)
{
    struct cursor *c = (struct cursor *)cursor;
    free(c->sum);
    free(c);
    return SQLITE_OK;
}

static bool take(void *ctx, const struct store_sum *sum)
{
    struct cursor *c = ctx;
    if (c->in.n == c->room) {
        const size_t room = c->room ? 2 * c->room : 1024;
        struct store_sum *more = realloc(c->sum, room * sizeof *more);
        c->failed = !more;
        if (!more) {
            return false;
        }
        c->sum = more;
        c->room = room;
    }
    c->sum[c->in.n++] = *sum;
    return true;
}

static int filter(sqlite3_vtab_cursor *cursor, int number, const char *text, int n,
                  sqlite3_value **value)
{
    struct cursor *c = (struct cursor *)cursor;
    struct store *store;
    (void)text, (void)n;
    c->in.n = c->in.at = 0;
    const int e = sqlext_open(cursor->pVtab, &sqlext_aircraft, number ? value[0] : NULL, &store);
    if (e) {
        return e;
    }
    const enum err read = store_sums(store, take, c);
    store_close(store);
    return sqlext_error(cursor->pVtab, c->failed ? ERR_MEMORY : read);
}

static int next(sqlite3_vtab_cursor *cursor)
{
    ((struct sqlext_cursor *)cursor)->at++;
    return SQLITE_OK;
}

static int column(sqlite3_vtab_cursor *cursor, sqlite3_context *to, int which)
{
    const struct cursor *c = (struct cursor *)cursor;
    const struct store_sum *s = &c->sum[c->in.at];
    switch (which) {
    case COLUMN_ADDRESS:
        sqlext_result_address(to, s->address);
        break;
    case COLUMN_FIRST:
        sqlext_result_time(to, s->first_ms);
        break;
    case COLUMN_LAST:
        sqlext_result_time(to, s->last_ms);
        break;
    case COLUMN_POSITIONS:
        sqlite3_result_int64(to, (sqlite3_int64)s->points);
        break;
    default:
        break;
    }
    return SQLITE_OK;
}

static int rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *out)
{
    const struct cursor *c = (struct cursor *)cursor;
    *out = c->sum[c->in.at].address;
    return SQLITE_OK;
}

const struct sqlext_table sqlext_aircraft = {
    .name = "masar_aircraft",
    .columns = "CREATE TABLE x(address TEXT COLLATE NOCASE, first REAL, last REAL, positions "
               "INTEGER, dir TEXT HIDDEN)",
    .module = {.xConnect = sqlext_connect,
               .xBestIndex = best_index,
               .xDisconnect = sqlext_disconnect,
               .xOpen = open_cursor,
               .xClose = close_cursor,
               .xFilter = filter,
               .xNext = next,
               .xEof = sqlext_eof,
               .xColumn = column,
               .xRowid = rowid},
};
