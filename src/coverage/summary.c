#include "coverage/summary.h"

#include "base/instant.h"
#include "coverage/view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct row {
    double heard_s, missed_s, presumed_s, heard, missed, presumed, lost, sunk, found;
    int32_t low_ft;
};

struct coverage_summary {
    struct coverage_asked a;
    struct coverage_grid keys; /* for its indexes alone */
    struct row *row;
    size_t cap;
};

unsigned coverage_bands_of(int32_t low_ft, int32_t high_ft)
{
    const bool all = low_ft == KEPT_NONE && high_ft == KEPT_NONE;
    const int32_t low = low_ft == KEPT_NONE ? INT32_MIN : low_ft;
    const int32_t high = high_ft == KEPT_NONE ? INT32_MAX : high_ft;
    unsigned bands = all ? 1u << COVERAGE_NO_ALTITUDE : 0;
    if (low <= 0 && high >= 0) {
        bands |= 1u << COVERAGE_GROUND;
    }
    for (enum coverage_band b = COVERAGE_LOW; b <= COVERAGE_UPPER; b++) {
        const int32_t floor_ft = coverage_band_low_ft(b);
        const int32_t top_ft = b == COVERAGE_UPPER ? INT32_MAX : coverage_band_low_ft(b + 1);
        if (low < top_ft && high >= floor_ft && (b != COVERAGE_LOW || high > 0)) {
            bands |= 1u << b;
        }
    }
    return bands;
}

struct coverage_summary *coverage_summary_new(const struct coverage_asked *a)
{
    struct coverage_summary *s = calloc(1, sizeof *s);
    if (s && coverage_grid_init(&s->keys, a->rows_max)) {
        free(s);
        return NULL;
    }
    if (s) {
        s->a = *a;
    }
    return s;
}

void coverage_summary_free(struct coverage_summary *s)
{
    if (s) {
        coverage_grid_free(&s->keys);
        free(s->row);
        free(s);
    }
}

static uint64_t row_key(enum coverage_by by, uint64_t key)
{
    const int32_t hour = by == COVERAGE_BY_HOUR ? coverage_key_hour(key) : 0;
    const uint32_t cell = by == COVERAGE_BY_CELL ? coverage_key_cell(key) : 0;
    return coverage_key(hour, cell, coverage_key_band(key), COVERAGE_ANY);
}

static struct row *row_at(struct coverage_summary *s, uint64_t key, enum err *e)
{
    *e = coverage_grid_reserve(&s->keys, 1);
    if (*e == ERR_FULL && coverage_grid_get(&s->keys, key)) {
        *e = ERR_OK; /* it is there already */
    }
    if (!*e && s->cap < s->keys.cap) {
        struct row *more = realloc(s->row, s->keys.cap * sizeof *more);
        *e = more ? ERR_OK : ERR_MEMORY;
        if (more) {
            memset(more + s->cap, 0, (s->keys.cap - s->cap) * sizeof *more);
            s->row = more;
            s->cap = s->keys.cap;
        }
    }
    if (*e) {
        return NULL;
    }
    const size_t before = s->keys.n;
    struct row *r = &s->row[coverage_grid_at(&s->keys, key)];
    if (s->keys.n > before) {
        r->low_ft = KEPT_NONE;
    }
    return r;
}

enum err coverage_summary_add(struct coverage_summary *s, const struct coverage_entry *e)
{
    if (!(s->a.bands >> coverage_key_band(e->key) & 1) ||
        (s->a.class != COVERAGE_ANY && s->a.class != coverage_key_class(e->key))) {
        return ERR_OK;
    }
    enum err err;
    struct row *r = row_at(s, row_key(s->a.by, e->key), &err);
    if (r) {
        const struct coverage_count *n = &e->n;
        r->heard_s += n->heard_s, r->heard += n->heard;
        r->missed_s += n->missed_s, r->missed += n->missed;
        r->presumed_s += n->presumed_s, r->presumed += n->presumed;
        r->lost += n->lost, r->sunk += n->sunk, r->found += n->found;
        if (n->low_ft != KEPT_NONE && (r->low_ft == KEPT_NONE || n->low_ft < r->low_ft)) {
            r->low_ft = n->low_ft;
        }
    }
    return err;
}

/* --- writing ---------------------------------------------------------------------------------- */

/* What a row comes to. An hour of one aircraft's flight is one trial, however many cells it leads
   through: they are not independent. In one cell a pass is. */
struct sum {
    double p, low, high, n;
    bool known;
};

static struct sum sum_of(const struct coverage_summary *s, const struct row *r)
{
    const double seconds = r->heard_s + r->missed_s + COVERAGE_PRESUMED_SHARE * r->presumed_s;
    const double passes = r->heard + r->missed + COVERAGE_PRESUMED_SHARE * r->presumed;
    struct sum v = {.known = seconds > 0 || passes > 0};
    v.p = seconds > 0 ? r->heard_s / seconds : r->heard > 0;
    v.n = s->a.by == COVERAGE_BY_CELL ? passes : fmin(passes, fmax(seconds / 3600, 1));
    coverage_interval(v.p, v.n, &v.low, &v.high);
    return v;
}

static const char *word_of(const struct sum *v, const struct row *r)
{
    return !v->known ? "no data" : r->heard_s > 0 || r->heard > 0 ? "heard" : "not heard";
}

static void add_number(struct buf *b, double v, unsigned decimals)
{
    static const double scale[] = {1, 10, 100, 1000};
    buf_decimal(b, llround(v * scale[decimals]), decimals);
}

static void add_hour(struct buf *b, int32_t hour)
{
    char text[32];
    instant_format((int64_t)hour * INT64_C(3600000000), 0, text);
    buf_text(b, text);
}

static void add_place(struct buf *b, uint32_t cell, const char *between)
{
    const struct coverage_box c = coverage_cell_box(cell);
    buf_decimal(b, ((int64_t)c.lat_low_e7 + c.lat_high_e7) / 2, 7);
    buf_text(b, between);
    buf_decimal(b, ((int64_t)c.lon_low_e7 + c.lon_high_e7) / 2, 7);
}

typedef void row_fn(struct coverage_summary *s, uint64_t key, const struct row *r, bool first,
                    struct buf *b);

/* "FL245 and above: heard 87 % (80 to 92) of 41 aircraft-hours, lowest 24,500 ft" */
static void write_sentence(struct coverage_summary *s, uint64_t key, const struct row *r,
                           bool first, struct buf *b)
{
    (void)first;
    const struct sum v = sum_of(s, r);
    if (s->a.by == COVERAGE_BY_CELL) {
        add_place(b, coverage_key_cell(key), " ");
        buf_text(b, "  ");
    } else if (s->a.by == COVERAGE_BY_HOUR) {
        add_hour(b, coverage_key_hour(key));
        buf_text(b, "  ");
    }
    buf_format(b, "%s: %s", coverage_band_name(coverage_key_band(key)), word_of(&v, r));
    const double hours = (r->heard_s + r->missed_s) / 3600;
    if (r->heard_s > 0 || r->heard > 0) {
        buf_format(b, " %.0f %% (%.0f to %.0f) of ", v.p * 100, v.low * 100, v.high * 100);
        buf_format(b, hours < 10 ? "%.1f aircraft-hours" : "%.0f aircraft-hours", hours);
    } else if (v.known) {
        buf_format(b, " (%.1f aircraft-hours passed unheard)", hours);
    }
    if (r->presumed_s > 0) {
        buf_format(b, ", %.1f more presumed unheard", r->presumed_s / 3600);
    }
    if (r->low_ft != KEPT_NONE && r->heard > 0) {
        buf_format(b, ", lowest %d ft", (int)r->low_ft);
    }
    if (r->heard_s > 0) {
        buf_format(b, ", lost %.2f an hour", (r->lost + r->sunk) / (r->heard_s / 3600));
    }
    buf_byte(b, '\n');
}

static void write_csv(struct coverage_summary *s, uint64_t key, const struct row *r, bool first,
                      struct buf *b)
{
    if (first) {
        buf_text(b, "lat,lon,hour_utc,band,word,p,p_low,p_high,heard_h,missed_h,presumed_h,heard_"
                    "passes,missed_passes,lost,sunk,found,lowest_ft\n");
    }
    const struct sum v = sum_of(s, r);
    if (s->a.by == COVERAGE_BY_CELL) {
        add_place(b, coverage_key_cell(key), ",");
    } else {
        buf_byte(b, ',');
    }
    buf_byte(b, ',');
    if (s->a.by == COVERAGE_BY_HOUR) {
        add_hour(b, coverage_key_hour(key));
    }
    buf_format(b, ",\"%s\",%s,", coverage_band_name(coverage_key_band(key)), word_of(&v, r));
    const double share[] = {v.p, v.low, v.high};
    for (int i = 0; i < 3; i++) {
        if (v.known) {
            add_number(b, share[i], 3);
        }
        buf_byte(b, ',');
    }
    const double number[] = {r->heard_s / 3600, r->missed_s / 3600, r->presumed_s / 3600};
    for (int i = 0; i < 3; i++) {
        add_number(b, number[i], 3);
        buf_byte(b, ',');
    }
    buf_format(b, "%.0f,%.0f,%.0f,%.0f,%.0f,", r->heard, r->missed, r->lost, r->sunk, r->found);
    if (r->low_ft != KEPT_NONE) {
        buf_format(b, "%d", (int)r->low_ft);
    }
    buf_byte(b, '\n');
}

static void add_figures(struct coverage_summary *s, uint64_t key, const struct row *r,
                        struct buf *b)
{
    const struct sum v = sum_of(s, r);
    if (s->a.by == COVERAGE_BY_HOUR) {
        buf_text(b, "\"hour\":\"");
        add_hour(b, coverage_key_hour(key));
        buf_text(b, "\",");
    }
    buf_format(b, "\"band\":\"%s\",\"word\":\"%s\"", coverage_band_name(coverage_key_band(key)),
               word_of(&v, r));
    const struct {
        const char *name;
        double v;
    } field[] = {{"p", v.p},
                 {"p_low", v.low},
                 {"p_high", v.high},
                 {"heard_h", r->heard_s / 3600},
                 {"missed_h", r->missed_s / 3600},
                 {"presumed_h", r->presumed_s / 3600}};
    for (size_t i = 0; i < sizeof field / sizeof *field; i++) {
        buf_format(b, ",\"%s\":", field[i].name);
        if (i < 3 && !v.known) {
            buf_text(b, "null");
        } else {
            add_number(b, field[i].v, 3);
        }
    }
    buf_format(b,
               ",\"heard_passes\":%.0f,\"missed_passes\":%.0f,\"lost\":%.0f,\"sunk\":%.0f,"
               "\"found\":%.0f,\"lowest_ft\":",
               r->heard, r->missed, r->lost, r->sunk, r->found);
    if (r->low_ft != KEPT_NONE) {
        buf_format(b, "%d", (int)r->low_ft);
    } else {
        buf_text(b, "null");
    }
}

static void write_json(struct coverage_summary *s, uint64_t key, const struct row *r, bool first,
                       struct buf *b)
{
    buf_text(b, first ? "\n{" : ",\n{");
    if (s->a.by == COVERAGE_BY_CELL) {
        buf_text(b, "\"lat\":");
        add_place(b, coverage_key_cell(key), ",\"lon\":");
        buf_byte(b, ',');
    }
    add_figures(s, key, r, b);
    buf_byte(b, '}');
}

static void write_geojson(struct coverage_summary *s, uint64_t key, const struct row *r, bool first,
                          struct buf *b)
{
    const struct coverage_box c = coverage_cell_box(coverage_key_cell(key));
    const int64_t lat[] = {c.lat_low_e7, c.lat_low_e7, c.lat_high_e7, c.lat_high_e7, c.lat_low_e7};
    const int64_t west = c.lon_low_e7;
    const int64_t east = c.lon_high_e7 < west ? c.lon_high_e7 + INT64_C(3600000000) : c.lon_high_e7;
    const int64_t lon[] = {west, east, east, west, west};
    buf_text(b, first ? "\n" : ",\n");
    buf_text(b, "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[");
    for (int i = 0; i < 5; i++) {
        buf_text(b, i ? ",[" : "[");
        buf_decimal(b, lon[i], 7);
        buf_byte(b, ',');
        buf_decimal(b, lat[i], 7);
        buf_byte(b, ']');
    }
    buf_text(b, "]]},\"properties\":{");
    add_figures(s, key, r, b);
    buf_text(b, "}}");
}

static int by_key(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Bands nothing is known of are said too: silence about them could be read as silence of theirs. */
static void fill_bands(struct coverage_summary *s)
{
    enum err e;
    for (enum coverage_band b = COVERAGE_GROUND; b <= COVERAGE_UPPER; b++) {
        if (s->a.by == COVERAGE_BY_AREA && s->a.bands >> b & 1) {
            row_at(s, coverage_key(0, 0, b, COVERAGE_ANY), &e);
        }
    }
}

void coverage_summary_write(struct coverage_summary *s, struct buf *out)
{
    static row_fn *const write[COVERAGE_FORMATS] = {write_sentence, write_csv, write_json,
                                                    write_geojson};
    static const char *const end[COVERAGE_FORMATS] = {"", "", "\n]}\n", "\n]}\n"};
    fill_bands(s);
    const size_t n = s->keys.n;
    uint64_t *key = malloc((n + 1) * sizeof *key);
    if (!key) {
        out->failed = true;
        return;
    }
    for (size_t i = 0; i < n; i++) {
        key[i] = s->keys.entry[i].key;
    }
    qsort(key, n, sizeof *key, by_key);
    if (s->a.format == COVERAGE_JSON) {
        buf_text(out, "{\"from\":");
        buf_decimal(out, s->a.from_ms, 3);
        buf_text(out, ",\"to\":");
        buf_decimal(out, s->a.to_ms, 3);
        buf_text(out, ",\"rows\":[");
    } else if (s->a.format == COVERAGE_GEOJSON) {
        buf_text(out, "{\"type\":\"FeatureCollection\",\"features\":[");
    }
    for (size_t i = 0; i < n; i++) {
        enum err e;
        write[s->a.format](s, key[i], row_at(s, key[i], &e), i == 0, out);
    }
    buf_text(out, end[s->a.format]);
    free(key);
}
