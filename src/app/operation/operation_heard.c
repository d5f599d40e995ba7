#include "app/operation/operation_heard.h"

#include "coverage/cell.h"
#include "coverage/view.h"
#include "geo/area.h"
#include "store/coverage.h"

struct listening {
    const struct heard *h;
    struct heard_day *day; /* of one base */
};

static bool is_low(enum coverage_band b)
{
    return b <= COVERAGE_MIDDLE;
}

static bool take(void *ctx, const struct coverage_entry *e)
{
    struct listening *l = ctx;
    const int32_t hour = coverage_key_hour(e->key);
    const int64_t day = (int64_t)hour / 24 - l->h->first_day;
    if (hour < 0 || day < 0 || (size_t)day >= l->h->days) {
        return true;
    }
    struct heard_day *d = &l->day[day];
    const double missed = e->n.missed_s + COVERAGE_PRESUMED_SHARE * e->n.presumed_s;
    d->heard_s += e->n.heard_s;
    d->missed_s += missed;
    if (is_low(coverage_key_band(e->key))) {
        d->low_heard_s += e->n.heard_s;
        d->low_missed_s += missed;
    }
    return true;
}

static enum err listen(struct store *s, const struct airport *f, struct listening *l)
{
    struct area_shape *around;
    const struct area circle = {
        .kind = AREA_CIRCLE, .low = {f->lat_e7, f->lon_e7}, .radius_m = HEARD_KM * 1000.0};
    const int32_t from = l->h->first_day * 24;
    enum err e = area_shape_new(&circle, &around);
    if (!e) {
        e = store_coverage_sum(s, from, from + (int32_t)l->h->days * 24, around, take, l, NULL);
        area_shape_free(around);
    }
    return e;
}

enum err operation_heard_json(const struct board_view *view, struct store *s,
                              const struct airports *airports, struct buf *out)
{
    struct heard h;
    enum err e = heard_begin(view, &h);
    for (size_t b = 0; b < h.bases && !e; b++) {
        struct listening l = {.h = &h, .day = h.day + b * h.days};
        const uint32_t f = airport_find(airports, h.base[b], AIRPORT_TODAY);
        e = f == AIRPORT_NONE ? ERR_OK : listen(s, airport_at(airports, f), &l);
    }
    e = e ? e : heard_write(&h, out);
    heard_free(&h);
    return e;
}
