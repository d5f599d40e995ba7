#include <sqlite3ext.h>

SQLITE_EXTENSION_INIT1

#include "model/message.h"
#include "sqlext/sqlext.h"

#include <stdlib.h>
#include <string.h>

/* SQLite looks for it by the file's name. */
__attribute__((visibility("default"))) int
sqlite3_masarpositions_init(sqlite3 *db, char **why, const sqlite3_api_routines *api);

int sqlext_open(sqlite3_vtab *table, const struct sqlext_table *called, sqlite3_value *dir,
                struct store **out)
{
    if (!dir) {
        sqlite3_free(table->zErrMsg);
        table->zErrMsg = sqlite3_mprintf("which store? write %s('FOLDER')", called->name);
        return SQLITE_ERROR;
    }
    const struct store_options o = {.mode = STORE_READ};
    const char *name = (const char *)sqlite3_value_text(dir);
    char why[512] = "the folder of a store is NULL";
    const enum err e = name ? store_open(name, &o, out, why, sizeof why) : ERR_SYNTAX;
    if (e == ERR_OK) {
        return SQLITE_OK;
    }
    sqlite3_free(table->zErrMsg);
    table->zErrMsg = sqlite3_mprintf("%s", why);
    return e == ERR_MEMORY ? SQLITE_NOMEM : SQLITE_ERROR;
}

int sqlext_error(sqlite3_vtab *table, enum err e)
{
    if (e == ERR_OK) {
        return SQLITE_OK;
    }
    sqlite3_free(table->zErrMsg);
    table->zErrMsg = sqlite3_mprintf("the store cannot be read: %s", err_text(e));
    return e == ERR_MEMORY ? SQLITE_NOMEM : SQLITE_ERROR;
}

void sqlext_result_time(sqlite3_context *to, int64_t t_ms)
{
    sqlite3_result_double(to, (double)t_ms / 1000);
}

void sqlext_result_address(sqlite3_context *to, uint32_t address)
{
    static const char digit[] = "0123456789abcdef";
    char text[7];
    int n = 0;
    if (address & ADDRESS_NON_ICAO) {
        text[n++] = '~';
    }
    for (int shift = 20; shift >= 0; shift -= 4) {
        text[n++] = digit[address >> shift & 15];
    }
    sqlite3_result_text(to, text, n, SQLITE_TRANSIENT);
}

bool sqlext_address(const char *text, uint32_t *out)
{
    const bool other = text[0] == '~';
    uint32_t v = 0;
    text += other;
    for (int i = 0; i < 6; i++) {
        const char *digits = "0123456789abcdef0123456789ABCDEF";
        const char *at = text[i] ? strchr(digits, text[i]) : NULL;
        if (!at) {
            return false;
        }
        v = v << 4 | (uint32_t)((at - digits) & 15);
    }
    *out = other ? v | ADDRESS_NON_ICAO : v;
    return text[6] == '\0';
}

int sqlext_cursor_new(size_t size, sqlite3_vtab_cursor **out)
{
    *out = calloc(1, size);
    return *out ? SQLITE_OK : SQLITE_NOMEM;
}

int sqlext_connect(sqlite3 *db, void *table, int n, const char *const *args, sqlite3_vtab **out,
                   char **why)
{
    const struct sqlext_table *t = table;
    (void)n, (void)args, (void)why;
    const int e = sqlite3_declare_vtab(db, t->columns);
    *out = e ? NULL : sqlite3_malloc(sizeof **out);
    if (*out) {
        memset(*out, 0, sizeof **out);
    }
    return e ? e : *out ? SQLITE_OK : SQLITE_NOMEM;
}

int sqlext_disconnect(sqlite3_vtab *table)
{
    sqlite3_free(table);
    return SQLITE_OK;
}

int sqlext_eof(sqlite3_vtab_cursor *cursor)
{
    const struct sqlext_cursor *c = (struct sqlext_cursor *)cursor;
    return c->at >= c->n;
}

/* SQLite hands the table back to sqlext_connect, which only reads it. */
static int create(sqlite3 *db, const struct sqlext_table *t)
{
    return sqlite3_create_module(db, t->name, &t->module, (void *)t);
}

int sqlite3_masarpositions_init(sqlite3 *db, char **why, const sqlite3_api_routines *api)
{
    SQLITE_EXTENSION_INIT2(api);
    (void)why;
    const int e = create(db, &sqlext_positions);
    return e ? e : create(db, &sqlext_aircraft);
}
