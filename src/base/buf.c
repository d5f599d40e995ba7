#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_free(struct buf *b)
{
    free(b->p);
    *b = (struct buf){0};
}

void buf_clear(struct buf *b)
{
    b->n = 0;
    b->failed = false;
}

uint8_t *buf_reserve(struct buf *b, size_t n)
{
    if (b->cap - b->n >= n) {
        return b->p + b->n;
    }
    size_t cap = b->cap ? b->cap : 256;
    while (cap - b->n < n) {
        if (cap > SIZE_MAX / 2) {
            b->failed = true;
            return NULL;
        }
        cap *= 2;
    }
    uint8_t *p = realloc(b->p, cap);
    if (!p) {
        b->failed = true;
        return NULL;
    }
    b->p = p;
    b->cap = cap;
    return p + b->n;
}

void buf_add(struct buf *b, const void *p, size_t n)
{
    if (n == 0) {
        return;
    }
    uint8_t *to = buf_reserve(b, n);
    if (to) {
        memcpy(to, p, n);
        b->n += n;
    }
}

void buf_byte(struct buf *b, uint8_t v)
{
    uint8_t *to = buf_reserve(b, 1);
    if (to) {
        *to = v;
        b->n++;
    }
}

void buf_text(struct buf *b, const char *s)
{
    buf_add(b, s, strlen(s));
}

void buf_format(struct buf *b, const char *format, ...)
{
    char small[256];
    va_list args;
    va_start(args, format);
    const int n = vsnprintf(small, sizeof small, format, args);
    va_end(args);
    if (n < 0) {
        b->failed = true;
        return;
    }
    if ((size_t)n < sizeof small) {
        buf_add(b, small, (size_t)n);
        return;
    }
    char *to = (char *)buf_reserve(b, (size_t)n + 1);
    if (to) {
        va_start(args, format);
        vsnprintf(to, (size_t)n + 1, format, args);
        va_end(args);
        b->n += (size_t)n;
    }
}

void buf_decimal(struct buf *b, int64_t value, unsigned decimals)
{
    char text[32];
    char *p = text + sizeof text;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    while (decimals > 0 && rest % 10 == 0) {
        rest /= 10;
        decimals--;
    }
    for (unsigned i = 0; i < decimals; i++) {
        *--p = (char)('0' + rest % 10);
        rest /= 10;
    }
    if (decimals > 0) {
        *--p = '.';
    }
    do {
        *--p = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (value < 0) {
        *--p = '-';
    }
    buf_add(b, p, (size_t)(text + sizeof text - p));
}

void buf_hex(struct buf *b, const uint8_t *p, size_t n)
{
    static const char digit[] = "0123456789abcdef";
    uint8_t *to = buf_reserve(b, 2 * n);
    if (!to) {
        return;
    }
    for (size_t i = 0; i < n; i++) {
        to[2 * i] = (uint8_t)digit[p[i] >> 4];
        to[2 * i + 1] = (uint8_t)digit[p[i] & 15];
    }
    b->n += 2 * n;
}

/* Length of the well-formed UTF-8 sequence at s (RFC 3629 section 4), or 0. */
static size_t utf8_length(const uint8_t *s, size_t n)
{
    static const struct {
        uint8_t lo, hi, second_lo, second_hi, length;
    } form[] = {
        {0x20, 0x7f, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };
    for (size_t f = 0; f < sizeof form / sizeof *form; f++) {
        if (s[0] < form[f].lo || s[0] > form[f].hi) {
            continue;
        }
        const size_t length = form[f].length;
        if (length > n || (length > 1 && (s[1] < form[f].second_lo || s[1] > form[f].second_hi))) {
            return 0;
        }
        for (size_t i = 2; i < length; i++) {
            if ((s[i] & 0xc0) != 0x80) {
                return 0;
            }
        }
        return length;
    }
    return 0;
}

void buf_json_string(struct buf *b, const char *s, size_t n)
{
    const uint8_t *p = (const uint8_t *)s;
    buf_byte(b, '"');
    for (size_t i = 0; i < n;) {
        const size_t length = p[i] < 0x20 ? 0 : utf8_length(p + i, n - i);
        if (p[i] == '"' || p[i] == '\\') {
            buf_byte(b, '\\');
            buf_byte(b, p[i++]);
        } else if (length > 0) {
            buf_add(b, p + i, length);
            i += length;
        } else if (p[i] < 0x20) {
            buf_format(b, "\\u%04x", p[i++]);
        } else {
            buf_text(b, "\xef\xbf\xbd");
            i++;
        }
    }
    buf_byte(b, '"');
}

/* The characters UTF-8 has and XML has not: controls but tab and line ends, U+FFFE, U+FFFF. */
static bool is_xml(const uint8_t *p, size_t length)
{
    return length == 1 ? p[0] >= 0x20 : length != 3 || p[0] != 0xef || p[1] != 0xbf || p[2] < 0xbe;
}

void buf_xml_text(struct buf *b, const char *s, size_t n)
{
    static const struct {
        char c;
        const char *text;
    } escaped[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}};
    const uint8_t *p = (const uint8_t *)s;
    for (size_t i = 0; i < n;) {
        const char *text = NULL;
        const bool plain = p[i] == '\t' || p[i] == '\n' || p[i] == '\r';
        const size_t length = plain ? 1 : utf8_length(p + i, n - i);
        for (size_t k = 0; k < sizeof escaped / sizeof *escaped; k++) {
            text = s[i] == escaped[k].c ? escaped[k].text : text;
        }
        if (text) {
            buf_text(b, text);
        } else if (plain || (length > 0 && is_xml(p + i, length))) {
            buf_add(b, p + i, length);
        } else {
            buf_text(b, "\xef\xbf\xbd");
        }
        i += length > 0 ? length : 1;
    }
}
