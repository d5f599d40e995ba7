#include "identity/aircraft.h"

#include "identity/aircraft_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct aircraft_list {
    const struct aircraft_record *row;
    const uint32_t *bucket;
    const char *text;
    uint32_t rows, text_bytes, source, date;
};

static const char *unsound(const struct aircraft_list *l)
{
    if (!l->text_bytes || l->text[0] || l->text[l->text_bytes - 1] || l->source >= l->text_bytes ||
        l->date >= l->text_bytes) {
        return "its texts are torn";
    }
    for (uint32_t i = 0; i < AIRCRAFT_BUCKETS; i++) {
        if (l->bucket[i] > l->bucket[i + 1]) {
            return "its index is torn";
        }
    }
    if (l->bucket[AIRCRAFT_BUCKETS] != l->rows) {
        return "its index is torn";
    }
    return NULL;
}

static const char *lay(struct aircraft_list *l, const uint8_t *bytes, size_t n)
{
    struct aircraft_file_head h;
    if (n < sizeof h) {
        return "it is shorter than a head";
    }
    memcpy(&h, bytes, sizeof h);
    if (memcmp(h.magic, AIRCRAFT_FILE_MAGIC, sizeof h.magic) != 0) {
        return "it is no list of aircraft";
    }
    if (h.mark != AIRCRAFT_FILE_MARK || h.version != AIRCRAFT_FILE_VERSION) {
        return "it was built by another version or machine: import it anew";
    }
    const uint64_t buckets = sizeof h, rows = buckets + sizeof(uint32_t) * (AIRCRAFT_BUCKETS + 2);
    const uint64_t text = rows + (uint64_t)h.rows * sizeof(struct aircraft_record);
    if (text + h.text_bytes != n) {
        return "it is cut off";
    }
    *l = (struct aircraft_list){
        .bucket = (const uint32_t *)(const void *)(bytes + buckets),
        .row = (const struct aircraft_record *)(const void *)(bytes + rows),
        .text = (const char *)(bytes + text),
        .rows = h.rows,
        .text_bytes = h.text_bytes,
        .source = h.source,
        .date = h.date,
    };
    return unsound(l);
}

enum err aircraft_open(const void *bytes, size_t n, struct aircraft_list **out, char *why,
                       size_t size)
{
    *out = NULL;
    struct aircraft_list *l = calloc(1, sizeof *l);
    if (!l) {
        snprintf(why, size, "out of memory");
        return ERR_MEMORY;
    }
    const char *wrong = (uintptr_t)bytes % 8 ? "it lies askew in memory" : lay(l, bytes, n);
    if (wrong) {
        snprintf(why, size, "%s", wrong);
        free(l);
        return ERR_SYNTAX;
    }
    *out = l;
    return ERR_OK;
}

void aircraft_close(struct aircraft_list *l)
{
    free(l);
}

uint32_t aircraft_count(const struct aircraft_list *l)
{
    return l->rows;
}

/* A torn offset reads as nothing: rows are not all looked at when the file is opened. */
static const char *text_at(const struct aircraft_list *l, uint32_t offset)
{
    return l->text + (offset < l->text_bytes ? offset : 0);
}

struct aircraft_row aircraft_row_at(const struct aircraft_list *l, uint32_t index)
{
    const struct aircraft_record *r = &l->row[index];
    return (struct aircraft_row){.address = r->address,
                                 .registration = text_at(l, r->registration),
                                 .type = text_at(l, r->type),
                                 .description = text_at(l, r->description),
                                 .owner = text_at(l, r->owner),
                                 .year = r->year,
                                 .flags = r->flags};
}

bool aircraft_find(const struct aircraft_list *l, uint32_t address, struct aircraft_row *out)
{
    if (address >> 24) {
        return false;
    }
    uint32_t low = l->bucket[address >> 8], high = l->bucket[(address >> 8) + 1];
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (l->row[middle].address < address) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low >= l->rows || l->row[low].address != address) {
        return false;
    }
    *out = aircraft_row_at(l, low);
    return true;
}

const char *aircraft_source(const struct aircraft_list *l)
{
    return l->text + l->source;
}

const char *aircraft_date(const struct aircraft_list *l)
{
    return l->text + l->date;
}
