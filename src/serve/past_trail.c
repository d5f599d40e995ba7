/* GET /api/v1/aircraft/HEX/trail?at=T: where an aircraft had been at a past instant, in the form of
   the live trail. */
#include "serve/asked.h"
#include "serve/internal.h"
#include "serve/query.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    HOURS_MAX = 48,
    POINTS_MAX = 20000,
    GAP_MS = 60000, /* the track's own limit: no line is drawn across more */
    GAP_FAR_MS = 300000
};

struct trail {
    struct buf *b;
    int64_t last_ms, step_ms;
    uint32_t n, left_out;
};

static void add_number(struct buf *b, int32_t v, unsigned decimals)
{
    buf_byte(b, ',');
    if (v == KEPT_NONE) {
        buf_text(b, "null");
    } else {
        buf_decimal(b, v, decimals);
    }
}

/* History may have been kept at a slow pace: what comes every two minutes is no row of gaps. */
static bool is_gap(const struct trail *t, int64_t t_ms)
{
    const int64_t step_ms = t_ms - t->last_ms;
    return t->n > 0 && step_ms > GAP_MS && (step_ms > GAP_FAR_MS || step_ms > 3 * t->step_ms);
}

static bool add_point(void *ctx, const struct kept *k)
{
    struct trail *t = ctx;
    struct buf *b = t->b;
    if (t->n == POINTS_MAX) {
        t->left_out++;
        return false;
    }
    buf_text(b, t->n ? ",[" : "[");
    buf_decimal(b, k->t_ms, 3);
    add_number(b, k->lat_e7, 7);
    add_number(b, k->lon_e7, 7);
    if (k->ground) {
        buf_text(b, ",\"ground\"");
    } else {
        add_number(b, k->alt_baro_ft, 0);
    }
    add_number(b, k->gs_e2_kt, 2);
    add_number(b, k->track_e2_deg, 2);
    buf_format(b, ",\"%s\",%d]", origin_row[k->origin < ORIGIN_COUNT ? k->origin : 0].type,
               is_gap(t, k->t_ms));
    if (t->n > 0) {
        t->step_ms = k->t_ms - t->last_ms;
    }
    t->last_ms = k->t_ms;
    t->n++;
    return true;
}

static int make(struct asked_work *w)
{
    struct store_query q = store_query_any();
    struct trail t = {.b = w->out};
    char text[16], *end = NULL;
    double hours = 1;
    int64_t at_ms;
    if (!asked_time(w, "at", 0, &at_ms)) {
        return 400;
    }
    if (query_arg(w->args, "hours", text, sizeof text)) {
        hours = strtod(text, &end);
        if (end == text || *end || !(hours > 0 && hours <= HOURS_MAX)) {
            snprintf(w->why, ASKED_WHY_MAX, "hours is not a number up to %d", HOURS_MAX);
            return 400;
        }
    }
    query_hex(w->rest, &q.address);
    q.to_ms = at_ms + 1;
    q.from_ms = at_ms - (int64_t)(hours * 3600000);
    buf_text(w->out, "{\"hex\":");
    json_hex(w->out, q.address);
    buf_text(w->out, ",\"now\":");
    buf_decimal(w->out, at_ms, 3);
    buf_text(w->out, ",\"columns\":[\"t\",\"lat\",\"lon\",\"alt\",\"gs\",\"track\",\"type\","
                     "\"gap\"],\"points\":[");
    const enum err e = store_find(w->store, &q, add_point, &t, NULL);
    if (e) {
        snprintf(w->why, ASKED_WHY_MAX, "the store cannot be read: %s", err_text(e));
        return 503;
    }
    buf_format(w->out, "]%s}\n", t.left_out ? ",\"cut\":true" : "");
    return 200;
}

void past_trail(struct serve *s, const struct request *q, struct answer *a)
{
    uint32_t address;
    if (!query_hex(q->rest, &address)) {
        answer_error(s, a, 404, "'%s' is not an address: six hexadecimal digits, 3c6444", q->rest);
        return;
    }
    asked_answer(s, q, a, make);
}
