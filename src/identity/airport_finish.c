/* The last step: rows in order, everything settled, the file written. */
#include "identity/airport_settle.h"

#include <stdlib.h>
#include <string.h>

static int by_ident(const void *x, const void *y)
{
    const struct built_airport *p = x, *q = y;
    const int c = strcmp(p->row.ident, q->row.ident);
    return c ? c : (p->given > q->given) - (p->given < q->given);
}

static int by_place(const void *x, const void *y)
{
    const struct airport_row *p = &((const struct built_airport *)x)->row,
                             *q = &((const struct built_airport *)y)->row;
    const uint32_t a = airport_cell(p->lat_e7, p->lon_e7), b = airport_cell(q->lat_e7, q->lon_e7);
    if (a != b) {
        return a < b ? -1 : 1;
    }
    if (p->lat_e7 != q->lat_e7) {
        return p->lat_e7 < q->lat_e7 ? -1 : 1;
    }
    if (p->lon_e7 != q->lon_e7) {
        return p->lon_e7 < q->lon_e7 ? -1 : 1;
    }
    return strcmp(p->ident, q->ident);
}

static void drop_same_idents(struct airport_builder *b)
{
    if (b->airports) {
        qsort(b->airport, b->airports, sizeof *b->airport, by_ident);
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < b->airports; i++) {
        if (kept && strcmp(b->airport[kept - 1].row.ident, b->airport[i].row.ident) == 0) {
            b->counts.same_ident++;
        } else {
            b->airport[kept++] = b->airport[i];
        }
    }
    b->airports = kept;
}

static uint32_t add_name(struct buf *names, const char *text)
{
    if (!text[0]) {
        return 0;
    }
    const uint32_t at = (uint32_t)names->n;
    buf_add(names, text, strlen(text) + 1);
    return at;
}

static void begin(struct airport_file_head *h, enum airport_section s, uint32_t count,
                  struct buf *out)
{
    while (out->n % 8 && !out->failed) {
        buf_byte(out, 0);
    }
    h->section[s].offset = (uint32_t)out->n;
    h->section[s].count = count;
}

static struct airport final(struct airport_builder *b, const struct built_airport *a)
{
    struct airport f = {.kind = a->row.kind,
                        .scheduled = a->row.scheduled > 0,
                        .military = a->military,
                        .elevation_ft = a->row.elevation_ft,
                        .lat_e7 = a->row.lat_e7,
                        .lon_e7 = a->row.lon_e7,
                        .runway = a->runway,
                        .runways = a->runways,
                        .longest_ft = a->longest_ft,
                        .site = a->site,
                        .from_day = a->from_day,
                        .to_day = a->to_day,
                        .name = add_name(&b->names, a->row.name)};
    memcpy(f.code, a->code, strlen(a->code));
    memcpy(f.iata, a->row.iata, sizeof f.iata);
    memcpy(f.country, a->row.country, sizeof f.country);
    b->counts.without_elevation += f.elevation_ft == AIRPORT_NO_ELEVATION;
    return f;
}

static void write_cells(const struct airport_builder *b, struct buf *out)
{
    uint8_t *p = buf_reserve(out, (AIRPORT_CELLS + 1) * sizeof(uint32_t));
    uint32_t k = 0;
    for (uint32_t cell = 0; p && cell <= AIRPORT_CELLS; cell++) {
        while (k < b->airports &&
               airport_cell(b->airport[k].row.lat_e7, b->airport[k].row.lon_e7) < cell) {
            k++;
        }
        memcpy(p + cell * sizeof k, &k, sizeof k);
    }
    out->n += p ? (AIRPORT_CELLS + 1) * sizeof k : 0;
}

static enum err write_file(struct airport_builder *b, const char *source, struct buf *out)
{
    struct airport_file_head h = {.mark = AIRPORT_FILE_MARK, .version = AIRPORT_FILE_VERSION};
    memcpy(h.magic, AIRPORT_FILE_MAGIC, sizeof h.magic);
    buf_byte(&b->names, 0);
    h.source = add_name(&b->names, source);
    buf_add(out, &h, sizeof h);
    begin(&h, SECTION_AIRPORTS, b->airports, out);
    for (uint32_t i = 0; i < b->airports; i++) {
        const struct airport f = final(b, &b->airport[i]);
        buf_add(out, &f, sizeof f);
    }
    begin(&h, SECTION_RUNWAYS, b->runways, out);
    for (uint32_t i = 0; i < b->runways; i++) {
        buf_add(out, &b->runway[i].row.r, sizeof(struct runway));
    }
    begin(&h, SECTION_CELLS, AIRPORT_CELLS + 1, out);
    write_cells(b, out);
    begin(&h, SECTION_CODES, b->codes, out);
    buf_add(out, b->code, b->codes * sizeof *b->code);
    begin(&h, SECTION_SPANS, b->spans, out);
    buf_add(out, b->span, b->spans * sizeof *b->span);
    begin(&h, SECTION_NAMES, (uint32_t)b->names.n, out);
    buf_add(out, b->names.p, b->names.n);
    if (out->failed || b->names.failed) {
        return ERR_MEMORY;
    }
    memcpy(out->p, &h, sizeof h);
    return ERR_OK;
}

enum err airport_builder_finish(struct airport_builder *b, const char *source, struct buf *out)
{
    drop_same_idents(b);
    enum err e = airport_settle_own(b);
    if (!e && b->airports) {
        qsort(b->airport, b->airports, sizeof *b->airport, by_place);
    }
    e = e ? e : airport_settle_codes(b);
    e = e ? e : airport_settle_runways(b);
    e = e ? e : airport_settle_sites(b);
    if (e) {
        return e;
    }
    b->counts.airports = b->airports;
    b->counts.runways = b->runways;
    return write_file(b, source, out);
}
