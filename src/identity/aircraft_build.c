#include "identity/address.h"
#include "identity/aircraft.h"
#include "identity/aircraft_file.h"

#include <stdlib.h>
#include <string.h>

enum {
    ROWS_MAX = 4000000,
    TEXT_MAX = 1 << 30,
    REGISTRATION_MAX = 16,
    TYPE_MAX = 4,
    LONG_MAX_BYTES = 200
};

/* Texts said before, by what they say: an open-addressing table of offsets. */
struct texts {
    struct buf bytes;
    uint32_t *slot; /* 0 empty */
    uint32_t mask, n;
};

struct aircraft_builder {
    struct aircraft_record *row;
    uint32_t rows, cap;
    struct texts texts;
    struct aircraft_counts counts;
};

struct aircraft_builder *aircraft_builder_new(void)
{
    struct aircraft_builder *b = calloc(1, sizeof *b);
    if (b) {
        buf_byte(&b->texts.bytes, 0);
    }
    return b;
}

void aircraft_builder_free(struct aircraft_builder *b)
{
    if (b) {
        free(b->row);
        free(b->texts.slot);
        buf_free(&b->texts.bytes);
        free(b);
    }
}

struct aircraft_counts *aircraft_builder_counts(struct aircraft_builder *b)
{
    return &b->counts;
}

/* FNV-1a, 32 bits. */
static uint32_t hash(const char *p, uint32_t n)
{
    uint32_t h = 2166136261U;
    for (uint32_t i = 0; i < n; i++) {
        h = (h ^ (uint8_t)p[i]) * 16777619U;
    }
    return h ^ h >> 15;
}

static bool grow(struct texts *t)
{
    const uint32_t mask = t->mask ? t->mask * 2 + 1 : 0x3ff;
    uint32_t *slot = calloc((size_t)mask + 1, sizeof *slot);
    if (!slot) {
        return false;
    }
    for (uint32_t i = 0; t->slot && i <= t->mask; i++) {
        if (t->slot[i]) {
            const char *s = (const char *)t->bytes.p + t->slot[i];
            uint32_t at = hash(s, (uint32_t)strlen(s)) & mask;
            while (slot[at]) {
                at = (at + 1) & mask;
            }
            slot[at] = t->slot[i];
        }
    }
    free(t->slot);
    t->slot = slot;
    t->mask = mask;
    return true;
}

/* 0 for nothing, and where memory runs out (bytes.failed tells). */
static uint32_t intern(struct texts *t, struct aircraft_text s)
{
    if (!s.n || memchr(s.p, 0, s.n)) {
        return 0;
    }
    if (t->n * 2 >= t->mask && !grow(t)) {
        t->bytes.failed = true;
        return 0;
    }
    uint32_t at = hash(s.p, s.n) & t->mask;
    for (; t->slot[at]; at = (at + 1) & t->mask) {
        const char *old = (const char *)t->bytes.p + t->slot[at];
        if (strncmp(old, s.p, s.n) == 0 && old[s.n] == 0) {
            return t->slot[at];
        }
    }
    const uint32_t offset = (uint32_t)t->bytes.n;
    buf_add(&t->bytes, s.p, s.n);
    buf_byte(&t->bytes, 0);
    t->slot[at] = offset;
    t->n++;
    return offset;
}

static struct aircraft_text trim(struct aircraft_text s)
{
    while (s.n && (s.p[0] == ' ' || s.p[0] == '\t')) {
        s.p++;
        s.n--;
    }
    while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t' || s.p[s.n - 1] == '\r')) {
        s.n--;
    }
    return s;
}

static uint32_t keep(struct aircraft_builder *b, struct aircraft_text s, uint32_t max)
{
    s = trim(s);
    if (s.n > max) {
        b->counts.long_texts++;
        return 0;
    }
    return intern(&b->texts, s);
}

/* Doc 8643: two to four letters and digits. */
static uint32_t keep_type(struct aircraft_builder *b, struct aircraft_text s)
{
    s = trim(s);
    bool good = s.n >= 2 && s.n <= TYPE_MAX;
    char upper[TYPE_MAX];
    for (uint32_t i = 0; good && i < s.n; i++) {
        upper[i] = (char)(s.p[i] >= 'a' && s.p[i] <= 'z' ? s.p[i] - 'a' + 'A' : s.p[i]);
        good = (upper[i] >= 'A' && upper[i] <= 'Z') || (upper[i] >= '0' && upper[i] <= '9');
    }
    if (!good) {
        b->counts.bad_types += s.n > 0;
        return 0;
    }
    return intern(&b->texts, (struct aircraft_text){upper, s.n});
}

enum err aircraft_builder_add(struct aircraft_builder *b, const struct aircraft_given *g)
{
    if (!address_is_possible(g->address)) {
        b->counts.bad_addresses++;
        return ERR_OK;
    }
    if (b->rows >= ROWS_MAX || b->texts.bytes.n >= TEXT_MAX) {
        return ERR_FULL;
    }
    if (b->rows == b->cap) {
        const uint32_t cap = b->cap ? b->cap * 2 : 65536;
        struct aircraft_record *more = realloc(b->row, cap * sizeof *more);
        if (!more) {
            return ERR_MEMORY;
        }
        b->row = more;
        b->cap = cap;
    }
    uint16_t year = g->year;
    if (year && (year < 1900 || year > 2100)) {
        b->counts.bad_years++;
        year = 0;
    }
    b->row[b->rows++] = (struct aircraft_record){
        .address = g->address,
        .registration = keep(b, g->registration, REGISTRATION_MAX),
        .type = keep_type(b, g->type),
        .description = keep(b, g->description, LONG_MAX_BYTES),
        .owner = keep(b, g->owner, LONG_MAX_BYTES),
        .year = year,
        .flags = g->flags,
    };
    return b->texts.bytes.failed ? ERR_MEMORY : ERR_OK;
}

/* Rows by address; within one, as they came: a counting sort over the two halves of the address is
   stable and takes the time of two passes. */
static bool order(struct aircraft_builder *b)
{
    struct aircraft_record *to = malloc((b->rows + 1) * sizeof *to), *from = b->row;
    uint32_t *first = malloc(4097 * sizeof *first);
    if (!to || !first) {
        free(to);
        free(first);
        return false;
    }
    for (int shift = 0; shift < 24; shift += 12) {
        memset(first, 0, 4097 * sizeof *first);
        for (uint32_t i = 0; i < b->rows; i++) {
            first[(from[i].address >> shift & 0xfff) + 1]++;
        }
        for (int i = 0; i < 4096; i++) {
            first[i + 1] += first[i];
        }
        for (uint32_t i = 0; i < b->rows; i++) {
            to[first[from[i].address >> shift & 0xfff]++] = from[i];
        }
        struct aircraft_record *other = from;
        from = to;
        to = other;
    }
    free(first);
    free(to);
    b->row = from;
    return true;
}

static void drop_same(struct aircraft_builder *b)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < b->rows; i++) {
        if (kept && b->row[kept - 1].address == b->row[i].address) {
            b->counts.same_address++;
        } else {
            b->row[kept++] = b->row[i];
        }
    }
    b->rows = kept;
}

static void write_buckets(const struct aircraft_builder *b, struct buf *out)
{
    const size_t n = AIRCRAFT_BUCKETS + 2; /* one more, so that the rows lie at a multiple of 8 */
    uint8_t *p = buf_reserve(out, n * sizeof(uint32_t));
    uint32_t k = 0;
    for (uint32_t bucket = 0; p && bucket < n; bucket++) {
        while (k < b->rows && b->row[k].address >> 8 < bucket) {
            k++;
        }
        memcpy(p + bucket * sizeof k, &k, sizeof k);
    }
    out->n += p ? n * sizeof k : 0;
}

enum err aircraft_builder_finish(struct aircraft_builder *b, const char *source, const char *date,
                                 struct buf *out)
{
    if (b->rows && !order(b)) {
        return ERR_MEMORY;
    }
    drop_same(b);
    b->counts.rows = b->rows;
    struct aircraft_file_head h = {
        .mark = AIRCRAFT_FILE_MARK, .version = AIRCRAFT_FILE_VERSION, .rows = b->rows};
    memcpy(h.magic, AIRCRAFT_FILE_MAGIC, sizeof h.magic);
    h.source = intern(&b->texts, (struct aircraft_text){source, (uint32_t)strlen(source)});
    h.date = intern(&b->texts, (struct aircraft_text){date, (uint32_t)strlen(date)});
    h.text_bytes = (uint32_t)b->texts.bytes.n;
    buf_add(out, &h, sizeof h);
    write_buckets(b, out);
    buf_add(out, b->row, b->rows * sizeof *b->row);
    buf_add(out, b->texts.bytes.p, b->texts.bytes.n);
    return out->failed || b->texts.bytes.failed ? ERR_MEMORY : ERR_OK;
}
