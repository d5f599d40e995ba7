/* How well an operation's bases were listened to (operation/heard.h), from the store's memory of
   coverage around them. Any thread; a store handle is used by one at a time. */
#ifndef MASAR_APP_OPERATION_HEARD_H
#define MASAR_APP_OPERATION_HEARD_H

#include "app/operation/operation_world.h"
#include "operation/heard.h"

/* Writes it as JSON. ERR_SYSTEM, ERR_MEMORY. */
enum err operation_heard_json(const struct board_view *view, struct store *s,
                              const struct airports *airports, struct buf *out);

#endif
