/* The board of an operation as JSON, with a forecast for each planning factor. */
#ifndef MASAR_APP_OPERATION_BOARD_H
#define MASAR_APP_OPERATION_BOARD_H

#include "app/operation/operation_world.h"
#include "operation/board.h"

struct board_view operation_board_view(const struct operation_now *now,
                                       const struct operation_views *views);

/* published: only what is. ERR_MEMORY, ERR_SYSTEM. */
enum err operation_board_json(const struct operation_now *now, const struct operation_views *views,
                              struct operation_file *f, bool published, struct buf *out);

#endif
