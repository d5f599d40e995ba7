#include "wire/proxy.h"

#include <stdbool.h>
#include <string.h>

enum { LINE_MAX_BYTES = 107 }; /* the worst case the specification names */

static bool is_address_char(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == '.' ||
           c == ':';
}

/* FNV-1a, 64 bits; the first byte is fixed so that no address looks like a simulated receiver. */
static uint64_t id_of(const char *name)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (; *name; name++) {
        h = (h ^ (uint8_t)*name) * UINT64_C(0x100000001b3);
    }
    return (h & UINT64_C(0x00ffffffffffffff)) | UINT64_C(0xa000000000000000);
}

long proxy_take(const uint8_t *p, size_t n, struct proxy_line *out)
{
    static const char word[] = "PROXY ";
    const size_t word_n = sizeof word - 1, look = n < word_n ? n : word_n;
    if (memcmp(p, word, look) != 0) {
        return -ERR_SYNTAX;
    }
    const uint8_t *end = memchr(p, '\n', n < LINE_MAX_BYTES ? n : LINE_MAX_BYTES);
    if (!end) {
        return n < LINE_MAX_BYTES ? -ERR_SHORT : -ERR_SYNTAX;
    }
    *out = (struct proxy_line){0};
    const uint8_t *from = memchr(p + word_n, ' ', (size_t)(end - p) - word_n);
    if (from) {
        from++;
        size_t k = 0;
        while (k < sizeof out->name - 1 && is_address_char(from[k])) {
            out->name[k] = (char)from[k];
            k++;
        }
    }
    out->id = out->name[0] ? id_of(out->name) : 0;
    return end + 1 - p;
}
