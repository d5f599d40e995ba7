/* What the files over operations.sqlite share. */
#ifndef MASAR_APP_OPERATION_SQL_H
#define MASAR_APP_OPERATION_SQL_H

#include "base/err.h"

#include <sqlite3.h>

struct operation_file {
    sqlite3 *db;
};

sqlite3_stmt *operation_sql(struct operation_file *f,
                            const char *sql);                       /* NULL: it cannot be asked */
void operation_sql_text(sqlite3_stmt *s, int at, const char *text); /* NULL: null */
const char *operation_sql_said(sqlite3_stmt *s, int column);        /* never NULL */
enum err operation_sql_done(sqlite3_stmt *s);                       /* one step; finalizes */

#endif
