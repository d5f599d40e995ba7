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
#include <stdint.h>

extern const sqlite3_module sqlext_positions, sqlext_aircraft;

/* Opens the folder named by an argument. SQLITE_OK, or an error whose sentence is the table's. */
int sqlext_open(sqlite3_vtab *table, sqlite3_value *dir, struct store **out);

int sqlext_error(sqlite3_vtab *table, enum err e);

void sqlext_result_time(sqlite3_context *to, int64_t t_ms); /* seconds since 1970 */
void sqlext_result_address(sqlite3_context *to, uint32_t address);

/* "3c6444", "~3c6444". False: no address. */
bool sqlext_address(const char *text, uint32_t *out);

/* connect, for a table of these columns; disconnect. */
int sqlext_connect(sqlite3 *db, sqlite3_vtab **out, const char *columns);
int sqlext_disconnect(sqlite3_vtab *table);

#endif
