/* A growing byte buffer for writers. When memory runs out it stays as it is and `failed` is set:
   test it once, at the end. Owner: whoever made it; buf_free releases. Zero-initialized is empty
   and valid. */
#ifndef MASAR_BASE_BUF_H
#define MASAR_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf {
    uint8_t *p; /* n bytes; not NUL-terminated */
    size_t n, cap;
    bool failed;
};

void buf_free(struct buf *b);
void buf_clear(struct buf *b); /* keeps the memory */

/* Room for n more bytes: returns where to write them (then add what was written to b->n), NULL if
 * there is none. */
uint8_t *buf_reserve(struct buf *b, size_t n);

void buf_add(struct buf *b, const void *p, size_t n);
void buf_byte(struct buf *b, uint8_t v);
void buf_text(struct buf *b, const char *s);
void buf_format(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* value / 10^decimals as a decimal number, trailing zeros of the fraction left out: (-1050, 2)
   writes -10.5. decimals: 0..9. Faster than printf and never in exponent form. */
void buf_decimal(struct buf *b, int64_t value, unsigned decimals);

/* n bytes as 2n lower-case hexadecimal digits. */
void buf_hex(struct buf *b, const uint8_t *p, size_t n);

/* A JSON string with its quotes; control characters and bytes that are not UTF-8 are escaped or
 * replaced by U+FFFD. */
void buf_json_string(struct buf *b, const char *s, size_t n);

/* Text of an XML element or attribute: & < > " are escaped; bytes that are not UTF-8 and what XML
   1.0 (2.2) cannot carry become U+FFFD. */
void buf_xml_text(struct buf *b, const char *s, size_t n);

#endif
