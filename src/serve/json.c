/* Pieces of JSON that several answers share. */
#include "serve/internal.h"

#include <string.h>

void json_seconds(struct buf *b, int64_t t_us)
{
    buf_decimal(b, t_us >= 0 ? t_us / 1000 : -((999 - t_us) / 1000), 3);
}

void json_text(struct buf *b, const char *s)
{
    buf_json_string(b, s, strlen(s));
}

void json_hex(struct buf *b, uint32_t address)
{
    const uint8_t bytes[3] = {(uint8_t)(address >> 16), (uint8_t)(address >> 8), (uint8_t)address};
    buf_text(b, address & ADDRESS_NON_ICAO ? "\"~" : "\"");
    buf_hex(b, bytes, sizeof bytes);
    buf_text(b, "\"");
}

void json_receiver(struct buf *b, const struct serve *s, uint16_t number)
{
    if (number > 0 && number < s->o.receivers->n) {
        buf_format(b, ",\"receiver\":%u,\"receiver_name\":", number);
        json_text(b, s->o.receivers->row[number].name);
    }
}

void json_origin(struct buf *b, uint8_t origin)
{
    const struct origin_row *row = &origin_row[origin < ORIGIN_COUNT ? origin : ORIGIN_UNKNOWN];
    buf_format(b, ",\"type\":\"%s\",\"origin\":", row->type);
    json_text(b, row->label);
}
