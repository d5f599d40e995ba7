/* JSON pieces of the board. Inside this room. */
#ifndef MASAR_OPERATION_BOARD_JSON_H
#define MASAR_OPERATION_BOARD_JSON_H

#include "base/buf.h"
#include "base/instant.h"
#include "operation/sortie.h"

#include <inttypes.h>
#include <string.h>

/* `"key":` with a comma before where something stands before. */
static inline void board_key(struct buf *b, const char *key)
{
    const uint8_t last = b->n ? b->p[b->n - 1] : 0;
    if (last != '{' && last != '[' && last != ':' && last != 0) {
        buf_byte(b, ',');
    }
    if (key) {
        buf_byte(b, '"');
        buf_text(b, key);
        buf_text(b, "\":");
    }
}

static inline void board_text(struct buf *b, const char *key, const char *text)
{
    board_key(b, key);
    buf_json_string(b, text, strlen(text));
}

/* Of letters and digits only. */
static inline void board_plain(struct buf *b, const char *text)
{
    buf_byte(b, '"');
    buf_text(b, text);
    buf_byte(b, '"');
}

static inline void board_time(struct buf *b, const char *key, int64_t t_ms)
{
    char at[32];
    board_key(b, key);
    if (t_ms == SORTIE_NO_TIME || t_ms == INT64_MAX) {
        buf_text(b, "null");
        return;
    }
    instant_format(t_ms * 1000, 0, at);
    board_plain(b, at);
}

static inline void board_number(struct buf *b, const char *key, double v, unsigned decimals)
{
    double scale = 1;
    board_key(b, key);
    for (unsigned k = 0; k < decimals; k++) {
        scale *= 10;
    }
    buf_decimal(b, (int64_t)(v * scale + (v < 0 ? -0.5 : 0.5)), decimals);
}

static inline void board_flag(struct buf *b, const char *key, bool v)
{
    board_key(b, key);
    buf_text(b, v ? "true" : "false");
}

static inline void board_open(struct buf *b, const char *key, char bracket)
{
    board_key(b, key);
    buf_byte(b, (uint8_t)bracket);
}

#endif
