/* masar_aircraft('DIR'): what there is of every aircraft. */
#include "sqlext/sqlext.h"
#include "store/density.h"

#include <stdlib.h>

enum column { COLUMN_ADDRESS, COLUMN_FIRST, COLUMN_LAST, COLUMN_POSITIONS, COLUMN_DIR };

struct cursor {
    sqlite3_vtab_cursor base;
    struct store_sum *sum;
    size_t n, room, at;
    bool failed;
};

static int connect_to(sqlite3 *db, void *aux, int n, const char *const *args, sqlite3_vtab **out,
                      char **why)
{
    (void)aux, (void)n, (void)args, (void)why;
    return sqlext_connect(db, out,
                          "CREATE TABLE x(address TEXT COLLATE NOCASE, first REAL, last REAL, "
                          "positions INTEGER, dir TEXT HIDDEN)");
}

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
    struct cursor *c = calloc(1, sizeof *c);
    *out = c ? &c->base : NULL;
    return c ? SQLITE_OK : SQLITE_NOMEM;
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
    if (c->n == c->room) {
        const size_t room = c->room ? 2 * c->room : 1024;
        struct store_sum *more = realloc(c->sum, room * sizeof *more);
        c->failed = !more;
        if (!more) {
            return false;
        }
        c->sum = more;
        c->room = room;
    }
    c->sum[c->n++] = *sum;
    return true;
}

static int filter(sqlite3_vtab_cursor *cursor, int number, const char *text, int n,
                  sqlite3_value **value)
{
    struct cursor *c = (struct cursor *)cursor;
    struct store *store;
    (void)text, (void)n;
    c->n = c->at = 0;
    if (!number) {
        sqlite3_free(cursor->pVtab->zErrMsg);
        cursor->pVtab->zErrMsg = sqlite3_mprintf("which store? write masar_aircraft('FOLDER')");
        return SQLITE_ERROR;
    }
    const int e = sqlext_open(cursor->pVtab, value[0], &store);
    if (e) {
        return e;
    }
    const enum err read = store_sums(store, take, c);
    store_close(store);
    return sqlext_error(cursor->pVtab, c->failed ? ERR_MEMORY : read);
}

static int next(sqlite3_vtab_cursor *cursor)
{
    ((struct cursor *)cursor)->at++;
    return SQLITE_OK;
}

static int eof(sqlite3_vtab_cursor *cursor)
{
    const struct cursor *c = (struct cursor *)cursor;
    return c->at >= c->n;
}

static int column(sqlite3_vtab_cursor *cursor, sqlite3_context *to, int which)
{
    const struct cursor *c = (struct cursor *)cursor;
    const struct store_sum *s = &c->sum[c->at];
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
    *out = c->sum[c->at].address;
    return SQLITE_OK;
}

const sqlite3_module sqlext_aircraft = {
    .xConnect = connect_to,
    .xBestIndex = best_index,
    .xDisconnect = sqlext_disconnect,
    .xOpen = open_cursor,
    .xClose = close_cursor,
    .xFilter = filter,
    .xNext = next,
    .xEof = eof,
    .xColumn = column,
    .xRowid = rowid,
};
