#include "history/cover.h"

#include "store/coverage.h"

#include <stdio.h>
#include <string.h>

#define HOUR_MS INT64_C(3600000)

void cover_start(struct cover *c)
{
    *c = (struct cover){.asked = {.class = COVERAGE_ANY}};
    question_start(&c->question);
}

void cover_free(struct cover *c)
{
    question_free(&c->question);
}

static int find(const char *const *names, int n, const char *value)
{
    for (int i = 0; i < n; i++) {
        if (strcmp(names[i], value) == 0) {
            return i;
        }
    }
    return -1;
}

enum err cover_set(struct cover *c, const char *name, const char *value, char *why, size_t why_size)
{
    static const char *const own[] = {"by", "source", "format"};
    static const char *const theirs[] = {"area", "from", "to", "alt"};
    static const char *const by[] = {"area", "cell", "hour"};
    static const char *const format[] = {"table", "csv", "json", "geojson"};
    static const char *const source[] = {"adsb", "rebroadcast", "mlat", "adsc", "other", "any"};
    if (find(theirs, 4, name) >= 0) {
        return question_set(&c->question, name, value, why, why_size);
    }
    int v;
    switch (find(own, 3, name)) {
    case 0:
        v = find(by, COVERAGE_BYS, value);
        c->asked.by = (enum coverage_by)v;
        snprintf(why, why_size, "by: '%.40s' is none of area, cell, hour", value);
        break;
    case 1:
        v = find(source, COVERAGE_CLASSES + 1, value);
        c->asked.class = v == COVERAGE_CLASSES ? COVERAGE_ANY : (enum coverage_class)v;
        snprintf(why, why_size,
                 "source: '%.40s' is none of adsb, rebroadcast, mlat, adsc, other, any", value);
        break;
    case 2:
        v = find(format, COVERAGE_FORMATS, value);
        c->asked.format = (enum coverage_format)v;
        snprintf(why, why_size, "format: '%.40s' is none of table, csv, json, geojson", value);
        break;
    default:
        snprintf(why, why_size,
                 "'%.40s' is not known here; there are area, from, to, alt, by, source, format",
                 name);
        return ERR_UNKNOWN;
    }
    return v >= 0 ? ERR_OK : ERR_SYNTAX;
}

static int32_t hours_up(int64_t t_ms)
{
    return coverage_hour(t_ms - 1) + 1;
}

/* The hours asked about: what is not said is what there is. */
static enum err hours_of(struct cover *c, struct store *s, int32_t *from, int32_t *to, char *why,
                         size_t why_size)
{
    struct store_coverage_state v;
    const struct store_query *q = &c->question.query, any = store_query_any();
    const enum err e = store_coverage_state(s, &v);
    if (e || v.records == 0) {
        snprintf(why, why_size,
                 e ? "the store cannot be read"
                   : "nothing has been learned of coverage from this store yet: `masar coverage "
                     "update --store DIR` does that");
        return e ? e : ERR_NOT_FOUND;
    }
    *from = q->from_ms == any.from_ms ? v.first_hour : coverage_hour(q->from_ms);
    *to = q->to_ms == any.to_ms ? v.last_hour + 1 : hours_up(q->to_ms);
    if (*from >= *to) {
        snprintf(why, why_size, "there is no time between from and to");
        return ERR_RANGE;
    }
    c->asked.from_ms = *from * HOUR_MS;
    c->asked.to_ms = *to * HOUR_MS;
    return ERR_OK;
}

struct adding {
    struct coverage_summary *summary;
    enum err e;
};

static bool add(void *ctx, const struct coverage_entry *entry)
{
    struct adding *a = ctx;
    a->e = coverage_summary_add(a->summary, entry);
    return a->e == ERR_OK;
}

static enum err shape_of(const struct cover *c, struct area_shape **out)
{
    *out = NULL;
    const struct area *a = &c->question.area.area;
    return a->kind == AREA_ANYWHERE ? ERR_OK : area_shape_new(a, out);
}

enum err cover_answer(struct cover *c, struct store *s, size_t rows_max, struct buf *out,
                      size_t *torn, char *why, size_t why_size)
{
    int32_t from, to;
    enum err e = hours_of(c, s, &from, &to, why, why_size);
    if (e) {
        return e;
    }
    const struct store_query *q = &c->question.query;
    c->asked.bands = coverage_bands_of(q->alt_low_ft, q->alt_high_ft);
    c->asked.rows_max = rows_max;
    if (c->asked.format == COVERAGE_GEOJSON) {
        c->asked.by = COVERAGE_BY_CELL;
    }
    struct area_shape *shape = NULL;
    struct adding a = {.summary = coverage_summary_new(&c->asked)};
    e = a.summary ? shape_of(c, &shape) : ERR_MEMORY;
    e = e ? e
          : (c->asked.by == COVERAGE_BY_HOUR ? store_coverage_read : store_coverage_sum)(
                s, from, to, shape, add, &a, torn);
    e = e ? e : a.e;
    if (!e) {
        coverage_summary_write(a.summary, out);
        e = out->failed ? ERR_MEMORY : ERR_OK;
    }
    area_shape_free(shape);
    coverage_summary_free(a.summary);
    if (e == ERR_FULL) {
        snprintf(why, why_size,
                 "the answer has more than %zu rows: ask for a smaller area or by=area", rows_max);
    } else if (e) {
        snprintf(why, why_size, "coverage cannot be read: %s", err_text(e));
    }
    return e;
}
