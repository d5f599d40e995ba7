/* GET /api/v1/history/density: what a time bar shows. */
#include "store/density.h"

#include "serve/asked.h"
#include "serve/internal.h"
#include "serve/query.h"

#include <stdio.h>
#include <stdlib.h>

enum { PARTS = 240, PARTS_MAX = 2000 };

struct density {
    int64_t from_ms, to_ms, first_ms, last_ms;
    uint32_t n, address; /* ADDRESS_NONE: how many aircraft; else how many of its points */
    uint32_t part[PARTS_MAX];
};

static bool tally(void *ctx, const struct kept *k)
{
    struct density *d = ctx;
    const double share = (double)(k->t_ms - d->from_ms) / (double)(d->to_ms - d->from_ms);
    const uint32_t i = (uint32_t)(share * d->n);
    d->part[i < d->n ? i : d->n - 1]++;
    return true;
}

static enum err read_parts(struct density *d, struct store *s)
{
    struct store_query q = store_query_any();
    if (d->address == ADDRESS_NONE) {
        return store_density(s, d->from_ms, d->to_ms, d->n, d->part);
    }
    q.address = d->address;
    q.from_ms = d->from_ms;
    q.to_ms = d->to_ms;
    return store_find(s, &q, tally, d, NULL);
}

static void add_time(struct buf *b, const char *key, int64_t ms)
{
    buf_format(b, "\"%s\":", key);
    if (ms == KEPT_NO_TIME) {
        buf_text(b, "null,");
    } else {
        buf_decimal(b, ms, 3);
        buf_byte(b, ',');
    }
}

static void write_answer(const struct density *d, struct buf *b)
{
    buf_byte(b, '{');
    add_time(b, "first", d->first_ms);
    add_time(b, "last", d->last_ms);
    add_time(b, "from", d->from_ms);
    add_time(b, "to", d->to_ms);
    buf_text(b, d->address == ADDRESS_NONE ? "\"aircraft\":[" : "\"points\":[");
    for (uint32_t i = 0; i < d->n; i++) {
        buf_format(b, i ? ",%u" : "%u", d->part[i]);
    }
    buf_text(b, "]}\n");
}

/* False: why says what is wrong. */
static bool read_args(struct density *d, struct asked_work *w)
{
    char text[16], *end = NULL;
    if (query_arg(w->args, "n", text, sizeof text)) {
        const unsigned long n = strtoul(text, &end, 10);
        if (end == text || *end || n < 1 || n > PARTS_MAX) {
            snprintf(w->why, ASKED_WHY_MAX, "n is not a number of parts from 1 to 2000");
            return false;
        }
        d->n = (uint32_t)n;
    }
    if (query_arg(w->args, "hex", text, sizeof text) && !query_hex(text, &d->address)) {
        snprintf(w->why, ASKED_WHY_MAX, "hex is not an address: six hexadecimal digits, 3c6444");
        return false;
    }
    const bool empty = d->first_ms == KEPT_NO_TIME;
    if (!asked_time(w, "from", empty ? 0 : d->first_ms, &d->from_ms) ||
        !asked_time(w, "to", empty ? 1 : d->last_ms + 1, &d->to_ms)) {
        return false;
    }
    if (d->from_ms >= d->to_ms) {
        snprintf(w->why, ASKED_WHY_MAX, "there is no time between from and to");
        return false;
    }
    return true;
}

static int make(struct asked_work *w)
{
    struct density d = {.n = PARTS, .address = ADDRESS_NONE};
    enum err e = store_span(w->store, &d.first_ms, &d.last_ms);
    if (!e && !read_args(&d, w)) {
        return 400;
    }
    e = e ? e : read_parts(&d, w->store);
    if (e) {
        snprintf(w->why, ASKED_WHY_MAX, "the store cannot be read: %s", err_text(e));
        return 503;
    }
    write_answer(&d, w->out);
    return 200;
}

void api_density(struct serve *s, const struct request *q, struct answer *a)
{
    asked_answer(s, q, a, make);
}
