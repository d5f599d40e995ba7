#include "import/feed.h"

#include "archive/csv.h"
#include "archive/heatmap.h"
#include "archive/trace.h"
#include "net/unpack.h"

#include <stdlib.h>

struct feed {
    struct trace_reader *trace;
    struct heatmap_reader *heatmap;
    struct csv_reader *csv;
    struct unpack *unpack;
    enum feed_kind kind;
    uint64_t left; /* bytes it may still unpack to */
    enum err err;
    const char *why;
};

struct feed *feed_new(archive_point_fn *out, void *ctx)
{
    struct feed *f = calloc(1, sizeof *f);
    if (!f) {
        return NULL;
    }
    f->trace = trace_reader_new(out, ctx);
    f->heatmap = heatmap_reader_new(out, ctx);
    f->csv = csv_reader_new(out, ctx);
    if (!f->trace || !f->heatmap || !f->csv) {
        feed_free(f);
        return NULL;
    }
    return f;
}

void feed_free(struct feed *f)
{
    if (f) {
        trace_reader_free(f->trace);
        heatmap_reader_free(f->heatmap);
        csv_reader_free(f->csv);
        unpack_free(f->unpack);
        free(f);
    }
}

static enum err failed(struct feed *f, enum err e, const char *why)
{
    f->err = e;
    f->why = why;
    return e;
}

enum err feed_start(struct feed *f, enum feed_kind kind, uint64_t bytes_max, uint32_t address)
{
    f->kind = kind;
    f->left = bytes_max;
    f->err = ERR_OK;
    f->why = "";
    unpack_free(f->unpack);
    f->unpack = unpack_new(PACKING_NONE);
    if (kind == FEED_TRACE) {
        trace_reader_start(f->trace);
    } else if (kind == FEED_HEATMAP) {
        heatmap_reader_start(f->heatmap);
    } else {
        csv_reader_start(f->csv, address);
    }
    return f->unpack ? ERR_OK : failed(f, ERR_MEMORY, "out of memory");
}

static enum err read_plain(struct feed *f, const uint8_t *p, size_t n)
{
    enum err e;
    if (n > f->left) {
        return failed(f, ERR_RANGE, "it unpacks to more than is allowed");
    }
    f->left -= n;
    switch (f->kind) {
    case FEED_TRACE:
        e = trace_reader_push(f->trace, p, n);
        return e ? failed(f, e, trace_reader_why(f->trace)) : e;
    case FEED_HEATMAP:
        e = heatmap_reader_push(f->heatmap, p, n);
        return e ? failed(f, e, heatmap_reader_why(f->heatmap)) : e;
    default:
        e = csv_reader_push(f->csv, p, n);
        return e ? failed(f, e, csv_reader_why(f->csv)) : e;
    }
}

enum err feed_push(struct feed *f, const uint8_t *p, size_t n)
{
    size_t out_n = 0;
    while (!f->err && (n > 0 || out_n > 0)) {
        const uint8_t *out;
        const enum err e = unpack_step(f->unpack, &p, &n, &out, &out_n);
        if (out_n > 0 && read_plain(f, out, out_n)) {
            return f->err;
        }
        if (e) {
            return failed(f, e, unpack_why(f->unpack, e));
        }
    }
    return f->err;
}

static enum err end_reader(struct feed *f)
{
    enum err e;
    switch (f->kind) {
    case FEED_TRACE:
        e = trace_reader_end(f->trace);
        return e ? failed(f, e, trace_reader_why(f->trace)) : e;
    case FEED_HEATMAP:
        e = heatmap_reader_end(f->heatmap);
        return e ? failed(f, e, heatmap_reader_why(f->heatmap)) : e;
    default:
        e = csv_reader_end(f->csv);
        return e ? failed(f, e, csv_reader_why(f->csv)) : e;
    }
}

enum err feed_end(struct feed *f)
{
    if (f->err) {
        return f->err;
    }
    const uint8_t *out;
    size_t out_n;
    const enum err e = unpack_end(f->unpack, &out, &out_n);
    if (out_n > 0 && read_plain(f, out, out_n)) {
        return f->err;
    }
    return e ? failed(f, e, unpack_why(f->unpack, e)) : end_reader(f);
}

const char *feed_why(const struct feed *f)
{
    return f->why;
}

void feed_odd(const struct feed *f, uint64_t *points, uint64_t *values)
{
    const struct trace_sums *t = trace_reader_sums(f->trace);
    const struct heatmap_sums *h = heatmap_reader_sums(f->heatmap);
    const struct csv_sums *c = csv_reader_sums(f->csv);
    *points = t->bad_points + h->bad_points + c->bad_points;
    *values = t->bad_values + h->bad_values + c->bad_values;
}
