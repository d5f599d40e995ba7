/* The readers of archive/ as rows of this room's table. */
#define _GNU_SOURCE /* memmem */
#include "import/reader.h"

#include "archive/csv.h"
#include "archive/heatmap.h"
#include "archive/snapshot.h"
#include "archive/trace.h"

#include <string.h>

const struct import_format_row import_format_row[IMPORT_FORMATS] = {
#define FORMAT(id, name, what) {name, what},
#include "import/format.def"
};

const struct reader *const reader_of[IMPORT_FORMATS] = {
#define FORMAT(id, name, what) &import_read_##id,
#include "import/format.def"
};

/* ---- traces ---- */

static size_t after_blanks(const uint8_t *p, size_t n)
{
    size_t i = 0;
    while (i < n && (p[i] == ' ' || p[i] == '\n' || p[i] == '\r' || p[i] == '\t')) {
        i++;
    }
    return i;
}

static bool has_key(const uint8_t *p, size_t n, const char *key)
{
    return memmem(p, n, key, strlen(key)) != NULL;
}

/* An object that says first whose trace it is, or has a trace's keys among its first. */
static bool is_trace(const uint8_t *p, size_t n)
{
    enum { HEAD = 2048 };
    size_t at = after_blanks(p, n);
    if (at == n || p[at] != '{') {
        return false;
    }
    at += 1 + after_blanks(p + at + 1, n - at - 1);
    const size_t head = n - at < HEAD ? n - at : HEAD;
    if (head >= 6 && memcmp(p + at, "\"icao\"", 6) == 0) {
        return true;
    }
    return has_key(p + at, head, "\"icao\"") && has_key(p + at, head, "\"trace\"");
}

static void *trace_make(archive_point_fn *out, void *ctx)
{
    return trace_reader_new(out, ctx);
}

static void trace_unmake(void *r)
{
    trace_reader_free(r);
}

static enum err trace_start(void *r, const struct import_options *o)
{
    (void)o;
    trace_reader_start(r);
    return ERR_OK;
}

static enum err trace_push(void *r, const uint8_t *p, size_t n)
{
    return trace_reader_push(r, p, n);
}

static enum err trace_end(void *r)
{
    return trace_reader_end(r);
}

static const char *trace_why(const void *r)
{
    return trace_reader_why(r);
}

static void trace_sums(const void *r, struct import_sums *s)
{
    const struct trace_sums *t = trace_reader_sums(r);
    *s = (struct import_sums){.bad_points = t->bad_points, .bad_values = t->bad_values};
}

const struct reader import_read_TRACE = {is_trace,   trace_make, trace_unmake, trace_start,
                                         trace_push, trace_end,  trace_why,    trace_sums};

/* ---- heatmaps ---- */

enum { HEATMAP_RECORD = 16 };

static uint32_t le32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* The first index record leads to a slice; a file too short to show that begins with a number and
   twelve zeros. */
static bool is_heatmap(const uint8_t *p, size_t n)
{
    if (n < HEATMAP_RECORD) {
        return false;
    }
    const uint64_t at = (uint64_t)le32(p) * HEATMAP_RECORD;
    return at >= HEATMAP_RECORD && at + 4 <= n && le32(p + at) == UINT32_C(0x0e7f7c9d);
}

static void *heatmap_make(archive_point_fn *out, void *ctx)
{
    return heatmap_reader_new(out, ctx);
}

static void heatmap_unmake(void *r)
{
    heatmap_reader_free(r);
}

static enum err heatmap_start(void *r, const struct import_options *o)
{
    (void)o;
    heatmap_reader_start(r);
    return ERR_OK;
}

static enum err heatmap_push(void *r, const uint8_t *p, size_t n)
{
    return heatmap_reader_push(r, p, n);
}

static enum err heatmap_end(void *r)
{
    return heatmap_reader_end(r);
}

static const char *heatmap_why(const void *r)
{
    return heatmap_reader_why(r);
}

static void heatmap_sums_of(const void *r, struct import_sums *s)
{
    const struct heatmap_sums *h = heatmap_reader_sums(r);
    *s = (struct import_sums){.bad_points = h->bad_points, .bad_values = h->bad_values};
}

const struct reader import_read_HEATMAP = {is_heatmap,    heatmap_make,   heatmap_unmake,
                                           heatmap_start, heatmap_push,   heatmap_end,
                                           heatmap_why,   heatmap_sums_of};

/* ---- CSV ---- */

static bool is_csv(const uint8_t *p, size_t n)
{
    return csv_reader_knows((const char *)p, n);
}

static void *csv_make(archive_point_fn *out, void *ctx)
{
    return csv_reader_new(out, ctx);
}

static void csv_unmake(void *r)
{
    csv_reader_free(r);
}

static enum err csv_start(void *r, const struct import_options *o)
{
    csv_reader_start(r, o->address);
    return ERR_OK;
}

static enum err csv_push(void *r, const uint8_t *p, size_t n)
{
    return csv_reader_push(r, p, n);
}

static enum err csv_end(void *r)
{
    return csv_reader_end(r);
}

static const char *csv_why(const void *r)
{
    return csv_reader_why(r);
}

static void csv_sums_of(const void *r, struct import_sums *s)
{
    const struct csv_sums *c = csv_reader_sums(r);
    *s = (struct import_sums){
        .repeated = c->repeated, .bad_points = c->bad_points, .bad_values = c->bad_values};
}

const struct reader import_read_CSV = {is_csv,   csv_make, csv_unmake, csv_start,
                                       csv_push, csv_end,  csv_why,    csv_sums_of};

/* ---- pictures ---- */

static bool is_snapshot(const uint8_t *p, size_t n)
{
    return snapshot_reader_knows((const char *)p, n);
}

static void *snapshot_make(archive_point_fn *out, void *ctx)
{
    return snapshot_reader_new(out, ctx);
}

static void snapshot_unmake(void *r)
{
    snapshot_reader_free(r);
}

static enum err snapshot_start(void *r, const struct import_options *o)
{
    (void)o;
    snapshot_reader_start(r);
    return ERR_OK;
}

static enum err snapshot_push(void *r, const uint8_t *p, size_t n)
{
    return snapshot_reader_push(r, p, n);
}

static enum err snapshot_end(void *r)
{
    return snapshot_reader_end(r);
}

static const char *snapshot_why(const void *r)
{
    return snapshot_reader_why(r);
}

static void snapshot_sums_of(const void *r, struct import_sums *s)
{
    const struct snapshot_sums *c = snapshot_reader_sums(r);
    *s = (struct import_sums){
        .repeated = c->repeated, .bad_points = c->bad_points, .bad_values = c->bad_values};
}

const struct reader import_read_SNAPSHOT = {is_snapshot,    snapshot_make,   snapshot_unmake,
                                            snapshot_start, snapshot_push,   snapshot_end,
                                            snapshot_why,   snapshot_sums_of};
