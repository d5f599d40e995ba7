#include "watch/list.h"

#include "identity/delimited.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool read_hex(struct delimited_field f, uint32_t *out)
{
    uint32_t v = 0;
    if (f.n != 6) {
        return false;
    }
    for (uint32_t i = 0; i < 6; i++) {
        const char c = f.p[i];
        const int d = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
        if (d < 0) {
            return false;
        }
        v = v << 4 | (uint32_t)d;
    }
    *out = v;
    return v != 0 && v != 0xffffff;
}

/* Up to six fields beside the address. */
static void make_label(const struct delimited *d, size_t fields, int column, char *out, size_t size)
{
    size_t n = 0;
    out[0] = '\0';
    for (size_t i = 0, used = 0; i < fields && i < DELIMITED_FIELDS && used < 6; i++) {
        char field[64];
        if ((int)i == column || d->field[i].n == 0) {
            continue;
        }
        (void)delimited_copy(d->field[i], field, sizeof field);
        const int w = snprintf(out + n, size - n, "%s%s", n ? ", " : "", field);
        n = w > 0 && n + (size_t)w < size ? n + (size_t)w : size - 1;
        used++;
    }
}

size_t watch_list_read(char *text, size_t n, watch_list_fn *out, void *ctx, size_t *bad)
{
    static const char *const names[] = {"$ICAO", "ICAO", "hex", "icao24"};
    struct delimited d;
    size_t given = 0, fields, rows = 0;
    int column = 0;
    *bad = 0;
    delimited_open(&d, text, n, ',', false);
    while ((fields = delimited_next(&d)) > 0) {
        uint32_t address;
        char label[256];
        if (rows++ == 0) {
            int found = -1;
            for (size_t i = 0; i < sizeof names / sizeof *names && found < 0; i++) {
                found = delimited_column(&d, fields, names[i]);
            }
            column = found < 0 ? 0 : found;
            if (found >= 0) {
                continue;
            }
        }
        if ((size_t)column >= fields || column >= DELIMITED_FIELDS ||
            !read_hex(d.field[column], &address)) {
            ++*bad;
            continue;
        }
        make_label(&d, fields, column, label, sizeof label);
        out(ctx, address, label);
        given++;
    }
    return given;
}
