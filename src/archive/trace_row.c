#include "archive/trace_row.h"

#include <string.h>

/* What is written is at most this; the days a trace spans are one, with room. */
static const struct {
    uint8_t decimals;
    int32_t lo, hi;
} column[TRACE_COLUMNS] = {
    [TRACE_TIME] = {3, -2000000000, 2000000000},
    [TRACE_LAT] = {7, -900000000, 900000000},
    [TRACE_LON] = {7, -1800000000, 1800000000},
    [TRACE_ALT] = {0, -5000, 150000},
    [TRACE_GS] = {2, 0, 400000},
    [TRACE_TRACK] = {2, 0, 36000},
    [TRACE_FLAGS] = {0, 0, 255},
    [TRACE_RATE] = {0, -60000, 60000},
    [TRACE_ALT_GEOM] = {0, -5000, 150000},
    [TRACE_GEOM_RATE] = {0, -60000, 60000},
    [TRACE_IAS] = {0, 0, 4000},
    [TRACE_ROLL] = {2, -18000, 18000},
};

static enum err take_number(struct trace_row_reader *r, struct scan *s, unsigned i,
                            struct trace_row *row)
{
    enum scan_kind kind;
    int64_t v;
    struct text t;
    const enum err e = scan_number(s, column[i].decimals, &kind, &v, &t);
    if (e || kind == SCAN_NULL) {
        return e;
    }
    if (kind == SCAN_NUMBER && v >= column[i].lo && v <= column[i].hi) {
        row->v[i] = (int32_t)v;
    } else if (i == TRACE_ALT && kind == SCAN_TEXT && text_is(t, "ground")) {
        row->is_ground = true;
    } else {
        ++*r->bad_values;
    }
    return e;
}

static enum err take_object(struct trace_row_reader *r, struct scan *s, char c,
                            struct trace_row *row)
{
    if (c != '{') {
        *r->bad_values += c != 'n';
        return scan_skip(s);
    }
    row->has_object = true;
    return detail_read(&r->keys, s, &r->detail, r->bad_values);
}

static enum err take_column(struct trace_row_reader *r, struct scan *s, unsigned i,
                            struct trace_row *row)
{
    char c;
    const enum err e = scan_peek(s, &c);
    if (e) {
        return e;
    }
    if (i == TRACE_OBJECT) {
        return take_object(r, s, c, row);
    }
    if (i == TRACE_TYPE && c == '"') {
        return scan_string(s, &row->type);
    }
    if (i >= TRACE_COLUMNS || i == TRACE_TYPE) {
        return scan_skip(s);
    }
    if (c == '[' || c == '{') {
        ++*r->bad_values;
        return scan_skip(s);
    }
    return take_number(r, s, i, row);
}

/* [a,b,…]: as many columns as there are. */
static enum err take_row(struct trace_row_reader *r, struct scan *s, struct trace_row *row)
{
    char c;
    enum err e = scan_expect(s, '[');
    for (unsigned i = 0; i < TRACE_COLUMNS; i++) {
        row->v[i] = KEPT_NONE;
    }
    if (!e && !(e = scan_peek(s, &c)) && c == ']') {
        s->p++;
        return ERR_OK;
    }
    for (unsigned i = 0; !e; i++) {
        e = take_column(r, s, i, row);
        if (!e) {
            e = scan_peek(s, &c);
        }
        if (e) {
            return e;
        }
        s->p++;
        if (c != ',') {
            return c == ']' ? ERR_OK : ERR_SYNTAX;
        }
    }
    return e;
}

/* ---- the same row as readsb writes it ---- */

/* A number as readsb writes them, up to the character behind it; NULL: anything else, for the
   general way to read. Looks at no more than QUICK_NUMBER characters. */
enum { QUICK_NUMBER = 24, QUICK_ROW = 16 * QUICK_NUMBER };

static inline const char *quick_number(const char *p, unsigned decimals, int64_t *out)
{
    static const int32_t power[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000};
    const bool is_negative = *p == '-';
    const char *const digits = p += is_negative;
    int64_t v = 0;
    for (; scan_digit(*p) < 10 && p - digits < 9; p++) {
        v = 10 * v + scan_digit(*p);
    }
    if (p == digits) {
        return NULL;
    }
    unsigned left = decimals;
    if (*p == '.') {
        for (p++; left > 0 && scan_digit(*p) < 10; p++, left--) {
            v = 10 * v + scan_digit(*p);
        }
    }
    v *= power[left];
    *out = is_negative ? -v : v;
    return *p == ',' || *p == ']' ? p : NULL;
}

/* One column and the comma or bracket behind it; NULL as above, or out of its range. */
static inline const char *quick_column(const char *p, unsigned i, struct trace_row *row)
{
    int64_t v;
    if (*p == 'n') {
        const bool is_null = memcmp(p, "null", 4) == 0 && (p[4] == ',' || p[4] == ']');
        return is_null ? p + 4 : NULL;
    }
    if (i == TRACE_ALT && memcmp(p, "\"ground\",", 9) == 0) {
        row->is_ground = true;
        return p + 8;
    }
    p = quick_number(p, column[i].decimals, &v);
    if (!p || v < column[i].lo || v > column[i].hi) {
        return NULL;
    }
    row->v[i] = (int32_t)v;
    return p;
}

/* The columns from i to before end, each with its comma; a bracket ends the row where it may. */
static inline const char *quick_columns(const char *p, unsigned i, unsigned end,
                                        struct trace_row *row)
{
    for (; i < end; i++) {
        p = quick_column(p, i, row);
        if (!p || *p == ']') {
            return i + 1 == TRACE_COLUMNS ? p : NULL;
        }
        p++;
    }
    return p;
}

static const char *quick_object(struct trace_row_reader *r, const char *p, const char *end,
                                struct trace_row *row)
{
    if (*p == '{') {
        struct scan s = {p, end};
        if (take_object(r, &s, '{', row) || end - s.p < QUICK_ROW) {
            return NULL;
        }
        p = s.p;
    } else if (memcmp(p, "null", 4) == 0) {
        p += 4;
    } else {
        return NULL;
    }
    return *p == ',' ? p + 1 : NULL;
}

static const char *quick_type(const struct trace_row_reader *r, const char *p,
                              struct trace_row *row)
{
    if (*p != '"' || memcmp(p + 1, r->type, r->type_n) != 0 || p[1 + r->type_n] != '"') {
        return NULL; /* another than the point before */
    }
    row->type = (struct text){p + 1, r->type_n};
    p += r->type_n + 2;
    return *p == ',' ? p + 1 : NULL;
}

/* Fourteen columns without a blank, s->p before their bracket. False: not so, and read nothing; or
   so near the end of what is here that one might look beyond it. */
static bool quick_row(struct trace_row_reader *r, struct scan *s, struct trace_row *row)
{
    const uint64_t bad_values = *r->bad_values;
    if (s->end - s->p < QUICK_ROW) {
        return false;
    }
    for (unsigned i = 0; i < TRACE_COLUMNS; i++) {
        row->v[i] = KEPT_NONE;
    }
    const char *p = quick_columns(s->p + 1, TRACE_TIME, TRACE_OBJECT, row);
    p = p ? quick_object(r, p, s->end, row) : NULL;
    p = p ? quick_type(r, p, row) : NULL;
    p = p ? quick_columns(p, TRACE_ALT_GEOM, TRACE_COLUMNS, row) : NULL;
    if (!p || *p != ']') {
        *r->bad_values = bad_values;
        return false;
    }
    s->p = p + 1;
    return true;
}

void trace_row_reader_init(struct trace_row_reader *r, uint64_t *bad_values)
{
    *r = (struct trace_row_reader){.bad_values = bad_values};
    detail_keys_fill(&r->keys);
}

enum err trace_row_read(struct trace_row_reader *r, struct scan *s, struct trace_row *row)
{
    *row = (struct trace_row){.type = {"", 0}};
    if (quick_row(r, s, row)) {
        return ERR_OK;
    }
    *row = (struct trace_row){.type = {"", 0}};
    return take_row(r, s, row);
}
