/* What the files of the book share. Inside this room only. */
#ifndef MASAR_DELIVER_INTERNAL_H
#define MASAR_DELIVER_INTERNAL_H

#include "deliver/book.h"

#include <sqlite3.h>

enum { BOOK_STATEMENTS = 64 };

struct book {
    sqlite3 *db;
    struct kept_statement {
        const char *sql; /* by its address */
        sqlite3_stmt *q;
    } kept[BOOK_STATEMENTS];
    unsigned statements;
    struct book_turns *turns; /* NULL: it is alone in its process */
    bool has_turn;
};

/* The statement of a text that lives as long as the program, ready to be bound; NULL: it cannot be
   prepared. */
sqlite3_stmt *book_statement(struct book *b, const char *sql);

/* Binds by letters: i int64, t text, f double, then runs a statement that gives no rows. */
enum err book_run(struct book *b, const char *sql, const char *kinds, ...);

enum err book_error(struct book *b);

/* A text of a row, never NULL. */
const char *book_text(sqlite3_stmt *q, int column);

/* Of a row id, watch, its name, language, tell, key, made_ms, p, address, json, told_ms. Texts are
   SQLite's until the next step. */
struct book_alert book_alert_row(sqlite3_stmt *q);

#endif
