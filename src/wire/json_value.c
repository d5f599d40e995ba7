#include "wire/json_value.h"

#include <string.h>

void json_put_key(struct buf *b, const char *key)
{
    const size_t n = strlen(key);
    uint8_t *to = buf_reserve(b, n + 4);
    if (!to) {
        return;
    }
    to[0] = ',';
    to[1] = '"';
    memcpy(to + 2, key, n + 1); /* its NUL is written over */
    to[n + 2] = '"';
    to[n + 3] = ':';
    b->n += n + 4;
}

static void put_word(struct buf *b, enum field f, int32_t v)
{
    const char *const *words = field_words(f);
    for (int32_t i = 0; words && words[i]; i++) {
        if (i == v) {
            buf_byte(b, '"');
            buf_text(b, words[i]);
            buf_byte(b, '"');
            return;
        }
    }
    buf_text(b, "null");
}

static void put_words(struct buf *b, enum field f, int32_t set)
{
    const char *const *words = field_words(f);
    buf_byte(b, '[');
    for (unsigned i = 0, n = 0; words && words[i]; i++) {
        if ((uint32_t)set >> i & 1) {
            buf_text(b, n++ ? ",\"" : "\"");
            buf_text(b, words[i]);
            buf_byte(b, '"');
        }
    }
    buf_byte(b, ']');
}

/* v in digits of so many bits each, most significant first, in quotes. */
static void put_digits(struct buf *b, uint32_t v, unsigned digits, unsigned bits)
{
    uint8_t *to = buf_reserve(b, digits + 2);
    if (!to) {
        return;
    }
    to[0] = to[digits + 1] = '"';
    for (unsigned i = digits; i > 0; i--, v >>= bits) {
        to[i] = (uint8_t) "0123456789ABCDEF"[v & ((1u << bits) - 1)];
    }
    b->n += digits + 2;
}

/* readsb gives the advisory as an object; of it the bits themselves: active resolution advisories,
   14 of them. */
static void put_advisory(struct buf *b, int32_t bits)
{
    buf_text(b, "{\"ARA\":");
    put_digits(b, (uint32_t)bits, 14, 1);
    buf_byte(b, '}');
}

void json_put_field(struct buf *b, enum field f, int32_t v, const char *flight)
{
    if (f == FIELD_ACAS_RA) {
        put_advisory(b, v);
        return;
    }
    switch ((enum field_kind)field_row[f].kind) {
    case FIELD_KIND_NUMBER:
        buf_decimal(b, v, field_row[f].decimals);
        break;
    case FIELD_KIND_FLAG:
        buf_byte(b, v ? '1' : '0');
        break;
    case FIELD_KIND_ENUM:
        put_word(b, f, v);
        break;
    case FIELD_KIND_SET:
        put_words(b, f, v);
        break;
    case FIELD_KIND_OCTAL:
        put_digits(b, (uint32_t)v, 4, 3);
        break;
    case FIELD_KIND_HEX:
        put_digits(b, (uint32_t)v, 2, 4);
        break;
    case FIELD_KIND_TEXT:
        buf_json_string(b, flight, strnlen(flight, 8));
        break;
    case FIELD_KIND_PLACE:
        buf_text(b, "null");
        break;
    }
}
