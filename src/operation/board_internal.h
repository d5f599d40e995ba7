/* Pieces of the board between its files. Inside this room. */
#ifndef MASAR_OPERATION_BOARD_INTERNAL_H
#define MASAR_OPERATION_BOARD_INTERNAL_H

#include "operation/board.h"

/* Days from the operation's first (since 1970) to the one it is looked at. */
size_t board_span(const struct board_view *v, int32_t *first);
/* "2024-06-07"; key: NULL in a list. */
void board_day(struct buf *b, const char *key, int64_t day);

/* Members of the board: what is left by day; days so far; days ahead; clearances by country and how
   flights stand to them; which lapse next. */
void board_burn_down(const struct board_view *v, struct buf *out);
enum err board_days(const struct board_view *v, struct buf *out);
void board_ahead(const struct board_view *v, struct buf *out);
void board_countries(const struct board_view *v, struct buf *out);
void board_lapsing(const struct board_view *v, struct buf *out);

#endif
