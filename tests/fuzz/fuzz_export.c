/* Any bytes as points: whatever they hold, JSON is JSON and no cell of CSV is run. */
#include "archive/export.h"

#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *receiver(void *ctx, uint16_t number)
{
    const char *const *name = ctx;
    (void)number;
    return *name;
}

/* Of a line of CSV: a cell begins with nothing a spreadsheet runs, but a number's sign. */
static void check_csv(const struct buf *b)
{
    bool starts = true, quoted = false;
    for (size_t i = 0; i + 1 < b->n; i++) {
        const char c = (char)b->p[i], next = (char)b->p[i + 1];
        if (starts && (c == '=' || c == '+' || c == '@' || c == '\t' ||
                       (c == '-' && (next < '0' || next > '9')))) {
            abort();
        }
        if (starts && c == '"' && strchr("=+-@\t", next)) {
            abort();
        }
        quoted = c == '"' ? !quoted : quoted;
        starts = !quoted && (c == ',' || c == '\n');
    }
}

static void check(const struct export_format *f, const struct buf *b, size_t points)
{
    if (strcmp(f->name, "csv") == 0) {
        check_csv(b);
    }
    if (strcmp(f->name, "geojson") == 0 || (strcmp(f->name, "jsonl") == 0 && points == 1)) {
        json_t *v = json_loadb((const char *)b->p, b->n, 0, NULL);
        if (!v) {
            abort();
        }
        json_decref(v);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { EACH = sizeof(struct kept), MAX = 16 };
    char text[201] = "";
    const char *name = text;
    const size_t n = size / EACH < MAX ? size / EACH : MAX;
    for (size_t i = 0; i < 200 && i < size; i++) {
        text[i] = (char)data[size - 1 - i];
    }
    for (int f = 0; export_formats[f]; f++) {
        struct buf b = {0};
        struct exporter *e = export_new(export_formats[f], 0, &b);
        export_receivers(e, receiver, &name);
        for (size_t i = 0; i < n; i++) {
            struct kept k;
            memcpy(&k, data + i * EACH, EACH);
            k.origin %= ORIGIN_COUNT;
            k.t_ms %= KEPT_TIME_MAX;
            export_point(e, &k);
        }
        export_end(e);
        check(export_formats[f], &b, n);
        buf_free(&b);
    }
    return 0;
}
