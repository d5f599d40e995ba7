/* The map and the time line of a statement, as SVG in the page. */
#include "operation/statement.h"

#include "operation/words.h"

#include "base/instant.h"

#include <math.h>
#include <string.h>

#define HEARD_MS (20 * INT64_C(60000)) /* two points this near: heard between */
#define HOUR_MS  INT64_C(3600000)

enum { MAP_WIDTH = 262, MAP_HEIGHT = 380, LINE_WIDTH = 698, ROW = 18 };

struct frame {
    double lat_high, lon_low, scale; /* pixels a degree of latitude */
    double narrow;                   /* degrees of longitude in one of latitude */
};

static void place_of(const struct frame *f, int32_t lat_e7, int32_t lon_e7, double *x, double *y)
{
    *x = ((double)lon_e7 * 1e-7 - f->lon_low) * f->narrow * f->scale;
    *y = (f->lat_high - (double)lat_e7 * 1e-7) * f->scale;
}

static void grow(double box[4], int32_t lat_e7, int32_t lon_e7)
{
    box[0] = fmin(box[0], (double)lat_e7 * 1e-7);
    box[1] = fmax(box[1], (double)lat_e7 * 1e-7);
    box[2] = fmin(box[2], (double)lon_e7 * 1e-7);
    box[3] = fmax(box[3], (double)lon_e7 * 1e-7);
}

static struct frame fit(const struct statement_view *v)
{
    double box[4] = {90, -90, 180, -180};
    size_t n;
    const struct item *base = operation_all(v->board->o, ITEM_BASE, &n);
    for (size_t k = 0; k < n; k++) {
        int32_t lat, lon;
        if (v->where && v->where(v->ctx, base[k].key, &lat, &lon)) {
            grow(box, lat, lon);
        }
    }
    for (size_t k = 0; k < v->tracks; k++) {
        for (size_t i = 0; i < v->track[k].n; i++) {
            grow(box, v->track[k].point[i].lat_e7, v->track[k].point[i].lon_e7);
        }
    }
    if (box[0] > box[1]) {
        return (struct frame){60, -20, 6, 1};
    }
    const double lat = fmax(4, (box[1] - box[0]) * 1.15), lon = fmax(4, (box[3] - box[2]) * 1.15);
    const double narrow = fmax(0.2, cos((box[0] + box[1]) / 2 * 0.017453292519943295));
    const double scale = fmin(MAP_HEIGHT / lat, MAP_WIDTH / (lon * narrow));
    return (struct frame){(box[0] + box[1]) / 2 + MAP_HEIGHT / scale / 2,
                          (box[2] + box[3]) / 2 - MAP_WIDTH / scale / narrow / 2, scale, narrow};
}

struct drawing {
    const struct frame *f;
    struct buf *out;
};

/* A corner closer than a pixel and a half to the last is left out. */
static void draw_chain(void *ctx, const char *country, const int32_t (*corner)[2], size_t n)
{
    struct drawing *d = ctx;
    double last_x = -1e9, last_y = -1e9;
    (void)country;
    for (size_t k = 0; k < n; k++) {
        double x, y;
        place_of(d->f, corner[k][0], corner[k][1], &x, &y);
        if (k > 0 && k + 1 < n && fabs(x - last_x) + fabs(y - last_y) < 1.5) {
            continue;
        }
        buf_format(d->out, "%s%.1f %.1f", k ? "L" : "M", x, y);
        last_x = x;
        last_y = y;
    }
}

static void draw_track(const struct frame *f, const struct statement_track *t, struct buf *out)
{
    buf_text(out, "<path fill=\"none\" stroke=\"#16181d\" stroke-width=\"2\" d=\"");
    for (size_t i = 0; i < t->n; i++) {
        double x, y;
        const bool on = i > 0 && t->point[i].t_ms - t->point[i - 1].t_ms <= HEARD_MS;
        place_of(f, t->point[i].lat_e7, t->point[i].lon_e7, &x, &y);
        buf_format(out, "%s%.1f %.1f", on ? "L" : "M", x, y);
    }
    buf_text(out, "\"/>");
}

static void draw_place(const struct statement_view *v, const struct frame *f, const char *code,
                       struct buf *out)
{
    int32_t lat, lon;
    double x, y;
    if (!v->where || !v->where(v->ctx, code, &lat, &lon)) {
        return;
    }
    place_of(f, lat, lon, &x, &y);
    if (x < 0 || y < 0 || x > MAP_WIDTH || y > MAP_HEIGHT) {
        return;
    }
    const bool left = x > MAP_WIDTH - 50; /* the label stands where there is room */
    buf_format(out,
               "<path d=\"M%.1f %.1fl4 4-4 4-4-4z\" fill=\"#fff\" stroke=\"#16181d\"/>"
               "<text x=\"%.1f\" y=\"%.1f\" direction=\"ltr\" text-anchor=\"%s\" "
               "font-weight=\"600\">%s</text>",
               x, y - 4, left ? x - 7 : x + 7, y + 4, left ? "end" : "start", code);
}

void statement_map(const struct statement_view *v, struct buf *out)
{
    const struct frame f = fit(v);
    size_t n;
    const struct item *base = operation_all(v->board->o, ITEM_BASE, &n);
    buf_format(out, "<svg width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\">",
               MAP_WIDTH, MAP_HEIGHT, MAP_WIDTH, MAP_HEIGHT);
    if (v->land) {
        const int32_t low[2] = {(int32_t)((f.lat_high - MAP_HEIGHT / f.scale) * 1e7),
                                (int32_t)(f.lon_low * 1e7)};
        const int32_t high[2] = {(int32_t)(f.lat_high * 1e7),
                                 (int32_t)((f.lon_low + MAP_WIDTH / f.scale / f.narrow) * 1e7)};
        struct drawing d = {&f, out};
        buf_text(out, "<path fill=\"none\" stroke=\"#9aa1ad\" stroke-width=\".8\" d=\"");
        airspace_outline(v->land, low, high, draw_chain, &d);
        buf_text(out, "\"/>");
    }
    for (size_t k = 0; k < v->tracks; k++) {
        draw_track(&f, &v->track[k], out);
    }
    for (size_t k = 0; k < v->tracks; k++) {
        const struct sortie *s = &v->track[k].m->s;
        if (s->off.places && !operation_find(v->board->o, ITEM_BASE, s->off.place[0].code)) {
            draw_place(v, &f, s->off.place[0].code, out);
        }
        if (s->on.places && !operation_find(v->board->o, ITEM_BASE, s->on.place[0].code)) {
            draw_place(v, &f, s->on.place[0].code, out);
        }
    }
    for (size_t k = 0; k < n; k++) {
        draw_place(v, &f, base[k].key, out);
    }
    buf_text(out, "</svg>");
}

/* ---- the time line: left to right in every language ---- */

struct axis {
    int64_t from_ms, to_ms;
};

static double x_of(const struct axis *a, int64_t t_ms)
{
    const double share = (double)(t_ms - a->from_ms) / (double)(a->to_ms - a->from_ms);
    return 70 + fmin(1, fmax(0, share)) * (LINE_WIDTH - 86);
}

static void draw_row(const struct axis *a, const struct statement_track *t, double y,
                     struct buf *out)
{
    const struct sortie *s = &t->m->s;
    const int64_t from = s->off.lo_ms != SORTIE_NO_TIME ? s->off.lo_ms : a->from_ms;
    const int64_t to = s->on.hi_ms != SORTIE_NO_TIME ? s->on.hi_ms : a->to_ms;
    char hex[8];
    item_hex(s->address, hex);
    buf_format(out, "<text x=\"4\" y=\"%.0f\" direction=\"ltr\">%s</text>", y + 9,
               s->callsign[0] ? s->callsign : hex);
    buf_format(out,
               "<rect x=\"%.1f\" y=\"%.0f\" width=\"%.1f\" height=\"10\" fill=\"none\" "
               "stroke=\"#565b66\" stroke-dasharray=\"2 3\"/>",
               x_of(a, from), y, fmax(1, x_of(a, to) - x_of(a, from)));
    for (size_t i = 0; i < t->n;) {
        size_t k = i;
        while (k + 1 < t->n && t->point[k + 1].t_ms - t->point[k].t_ms <= HEARD_MS) {
            k++;
        }
        buf_format(out, "<rect x=\"%.1f\" y=\"%.0f\" width=\"%.1f\" height=\"10\"/>",
                   x_of(a, t->point[i].t_ms), y,
                   fmax(1, x_of(a, t->point[k].t_ms) - x_of(a, t->point[i].t_ms)));
        i = k + 1;
    }
}

/* Hours between two marks: at most a dozen marks, at hours of the day people think in. */
static int64_t step_of(const struct axis *a)
{
    static const int64_t hours[] = {1, 2, 3, 6, 12, 24, 48, 96, 168};
    const int64_t least = (a->to_ms - a->from_ms) / HOUR_MS / 12;
    size_t k = 0;
    while (k + 1 < sizeof hours / sizeof *hours && hours[k] < least) {
        k++;
    }
    return hours[k] * HOUR_MS;
}

/* The hour; at the beginning of a day its month and day. */
static void mark(const struct axis *a, int64_t t_ms, int height, struct buf *out)
{
    char at[32];
    const double x = x_of(a, t_ms);
    instant_format(t_ms * 1000, 0, at);
    const bool day = t_ms % (24 * HOUR_MS) == 0;
    buf_format(out,
               "<path d=\"M%.1f 4V%d\" stroke=\"#e3e6ea\"/><text x=\"%.1f\" y=\"%d\" "
               "text-anchor=\"middle\">%.*s</text>",
               x, height - 18, x, height - 5, day ? 5 : 2, at + (day ? 5 : 11));
}

void statement_time_line(const struct statement_view *v, struct buf *out)
{
    const struct axis a = {v->from_ms, v->board->at_ms};
    const int height = (int)v->tracks * ROW + 26;
    if (!v->tracks) {
        return;
    }
    buf_format(out,
               "<svg width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\" "
               "direction=\"ltr\" style=\"margin-top:12px\">",
               LINE_WIDTH, height, LINE_WIDTH, height);
    const int64_t step = step_of(&a);
    for (int64_t t = (a.from_ms / step + 1) * step; t < a.to_ms; t += step) {
        mark(&a, t, height, out);
    }
    for (size_t k = 0; k < v->tracks; k++) {
        draw_row(&a, &v->track[k], 6 + (double)k * ROW, out);
    }
    buf_text(out, "</svg>");
}
