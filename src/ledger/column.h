/* The columns of the ledger's answers: a column is a row of one table, and CSV, JSON and the table
   on a terminal read the same row. */
#ifndef MASAR_LEDGER_COLUMN_H
#define MASAR_LEDGER_COLUMN_H

#include "ledger/row.h"

enum { COLUMN_CELL_MAX = 64 };
enum column_type { COLUMN_NUMBER, COLUMN_TEXT };

/* Writes the cell as text; "" (as handed in) where it is not known. */
typedef void cell_fn(const struct ledger_row *r, char out[COLUMN_CELL_MAX]);

struct column {
    const char *name;
    cell_fn *cell;
    unsigned in; /* the answers it stands in: bits of enum ledger_what */
    enum column_type type;
    int width; /* in the table; 0: it is not there */
};

extern const struct column ledger_columns[];
extern const size_t ledger_column_count;

/* The cell as a list to be read has it: a place that is but a guess is "unknown" there; CSV and
   JSON have it with its share. */
void column_say(const struct column *c, const struct ledger_row *r, char out[COLUMN_CELL_MAX]);

bool column_is_in(const struct column *c, const struct ledger_question *q);

#endif
