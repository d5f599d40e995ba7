/* masar_positions.so: history as tables of SQLite, for the sqlite3 shell, Python, R and whatever
   else loads extensions (docs/SQL.md). Read-only.

   The host's SQLite is called through its table of functions, sqlite3_api; the store in here uses
   the system's own, which may be another copy: they never have the same file open. */
#ifndef MASAR_SQLEXT_SQLEXT_H
#define MASAR_SQLEXT_SQLEXT_H

#include <sqlite3ext.h>

SQLITE_EXTENSION_INIT3

#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A table, called as a function of the store's folder: masar_positions('DIR'). */
struct sqlext_table {
    const char *name, *columns; /* columns as CREATE TABLE says them */
    sqlite3_module module;
};

extern const struct sqlext_table sqlext_positions, sqlext_aircraft;

/* Opens the folder named by an argument, NULL where none was given. SQLITE_OK, or an error whose
   sentence is the table's. */
int sqlext_open(sqlite3_vtab *table, const struct sqlext_table *called, sqlite3_value *dir,
                struct store **out);

int sqlext_error(sqlite3_vtab *table, enum err e);

void sqlext_result_time(sqlite3_context *to, int64_t t_ms); /* seconds since 1970 */
void sqlext_result_address(sqlite3_context *to, uint32_t address);

/* "3c6444", "~3c6444". False: no address. */
bool sqlext_address(const char *text, uint32_t *out);

/* What the cursor of every table begins with: rows held, and the one it is at. */
struct sqlext_cursor {
    sqlite3_vtab_cursor base;
    size_t n, at;
};

/* A cursor of size bytes, zeroed; free() it. */
int sqlext_cursor_new(size_t size, sqlite3_vtab_cursor **out);

/* Members of a module: xConnect, where aux is the table; xDisconnect; xEof. */
int sqlext_connect(sqlite3 *db, void *table, int n, const char *const *args, sqlite3_vtab **out,
                   char **why);
int sqlext_disconnect(sqlite3_vtab *table);
int sqlext_eof(sqlite3_vtab_cursor *cursor);

#endif
