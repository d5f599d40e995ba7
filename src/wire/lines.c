#include "wire/lines.h"

#include <stdlib.h>
#include <string.h>

bool lines_start(struct lines *l, size_t max, struct counters *counters)
{
    *l = (struct lines){.max = max, .counters = counters};
    l->held = malloc(max);
    return l->held != NULL;
}

void lines_stop(struct lines *l)
{
    free(l->held);
    l->held = NULL;
}

static void too_long(struct lines *l)
{
    if (!l->is_skipping) {
        count(l->counters, COUNT_LINE_TOO_LONG);
    }
    l->is_skipping = true;
    l->n = 0;
}

static void hold(struct lines *l, const char *p, size_t n)
{
    if (l->is_skipping || n > l->max - l->n) {
        too_long(l);
        return;
    }
    if (n > 0) {
        memcpy(l->held + l->n, p, n);
        l->n += n;
    }
}

static void give(const char *p, size_t n, line_fn *fn, void *ctx)
{
    if (n > 0) {
        fn(ctx, p, n);
    }
}

/* The first CR or LF of p, or NULL. */
static const char *end_of_line(const char *p, size_t n)
{
    const char *lf = memchr(p, '\n', n);
    const char *cr = memchr(p, '\r', lf ? (size_t)(lf - p) : n);
    return cr ? cr : lf;
}

void lines_push(struct lines *l, const uint8_t *bytes, size_t n, line_fn *fn, void *ctx)
{
    const char *p = (const char *)bytes, *const stop = p + n;
    while (p < stop) {
        const char *end = end_of_line(p, (size_t)(stop - p));
        if (!end) {
            hold(l, p, (size_t)(stop - p));
            return;
        }
        const size_t length = (size_t)(end - p);
        if (l->n == 0 && !l->is_skipping && length <= l->max) {
            give(p, length, fn, ctx);
        } else {
            hold(l, p, length);
            give(l->held, l->n, fn, ctx);
        }
        l->n = 0;
        l->is_skipping = false;
        p = end + 1;
    }
}

void lines_end(struct lines *l, line_fn *fn, void *ctx)
{
    give(l->held, l->n, fn, ctx);
    l->n = 0;
    l->is_skipping = false;
}
