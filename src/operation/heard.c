#include "operation/heard.h"
#include "operation/board_internal.h"
#include "operation/board_json.h"

#include <stdlib.h>

#define DAY_MS INT64_C(86400000)

const char *heard_word_key(enum heard_word w)
{
    static const char *const key[] = {"unknown", "missed", "high", "low"};
    return key[w];
}

enum heard_word heard_word(const struct heard_day *d)
{
    if (d->observed || (d->low_heard_s > 0 && d->low_heard_s >= d->low_missed_s)) {
        return HEARD_LOW;
    }
    if (d->heard_s > 0 && d->heard_s >= d->missed_s) {
        return HEARD_HIGH;
    }
    return d->heard_s + d->missed_s > 0 ? HEARD_MISSED : HEARD_UNKNOWN;
}

static void mark(struct heard *h, const struct sortie_end *e)
{
    const bool sure = e->observed && e->places > 0 && e->lo_ms != SORTIE_NO_TIME;
    const int64_t day = sure ? sortie_end_time(e) / DAY_MS - h->first_day : -1;
    for (size_t b = 0; b < h->bases && day >= 0 && (size_t)day < h->days; b++) {
        h->day[b * h->days + (size_t)day].observed |= strcmp(h->base[b], e->place[0].code) == 0;
    }
}

enum err heard_begin(const struct board_view *v, struct heard *out)
{
    size_t n;
    const struct item *b = operation_all(v->o, ITEM_BASE, &n);
    *out = (struct heard){0};
    out->days = board_span(v, &out->first_day);
    for (size_t k = 0; k < n && out->bases < HEARD_BASES; k++) {
        if (operation_is_base(v->o, b[k].key)) {
            out->base[out->bases++] = b[k].key;
        }
    }
    out->day = calloc(out->bases * out->days + 1, sizeof *out->day);
    for (size_t i = 0; i < v->m->n && out->day; i++) {
        mark(out, &v->m->of[i].s.off);
        mark(out, &v->m->of[i].s.on);
    }
    return out->day ? ERR_OK : ERR_MEMORY;
}

void heard_free(struct heard *h)
{
    free(h->day);
    *h = (struct heard){0};
}

enum err heard_write(const struct heard *h, struct buf *out)
{
    board_open(out, NULL, '{');
    board_day(out, "first_day", h->first_day);
    board_open(out, "bases", '[');
    for (size_t b = 0; b < h->bases; b++) {
        board_open(out, NULL, '{');
        board_text(out, "base", h->base[b]);
        board_open(out, "days", '[');
        for (size_t d = 0; d < h->days; d++) {
            board_text(out, NULL, heard_word_key(heard_word(&h->day[b * h->days + d])));
        }
        buf_text(out, "]}");
    }
    buf_text(out, "]}");
    return out->failed ? ERR_MEMORY : ERR_OK;
}
