#include "history/internal.h"

#include <stdlib.h>
#include <string.h>

/* Two points of a chunk are never farther apart (docs/STORE.md). */
#define CHUNK_GAP_MS INT64_C(3600000)

const char *names_get(void *names, uint16_t number)
{
    struct names *v = names;
    for (size_t i = 0; i < v->n; i++) {
        if (v->row[i].number == number) {
            return v->row[i].text;
        }
    }
    if (v->n == v->max) {
        const size_t max = v->max ? 2 * v->max : 8;
        struct name *more = realloc(v->row, max * sizeof *more);
        if (!more) {
            return "";
        }
        v->row = more;
        v->max = max;
    }
    struct name *row = &v->row[v->n];
    row->number = number;
    row->text[0] = 0;
    if (!v->s || store_receiver_name(v->s, number, row->text)) {
        return "";
    }
    v->n++;
    return row->text;
}

static void start_visits(struct inquiry *i)
{
    const struct store_query *q = &i->q->query;
    i->visits = (struct visits){.gap_ms = i->q->gap_ms,
                                .has_middle = q->area.kind == AREA_CIRCLE,
                                .middle = q->area.low,
                                .same = {q->after.address, q->after.t_ms, q->after.n}};
    i->last = q->after;
}

static enum err open_search(struct inquiry *i, struct store *s)
{
    const struct question *q = i->q;
    switch (q->kind) {
    case QUESTION_PICTURE:
        return store_picture_new(s, &q->query, q->at_ms, q->age_ms, &i->search);
    case QUESTION_THEN:
        return then_new(i, s);
    case QUESTION_VISITS:
        return store_search_visits(s, &q->query, q->gap_ms >= CHUNK_GAP_MS, &i->search);
    default:
        return store_search_new(s, &q->query, &i->search);
    }
}

enum err inquiry_new(const struct question *q, struct store *s, struct inquiry **out)
{
    struct inquiry *i = calloc(1, sizeof *i);
    if (!i) {
        return ERR_MEMORY;
    }
    i->q = q;
    start_visits(i);
    const enum err e = open_search(i, s);
    if (e) {
        inquiry_free(i);
        return e;
    }
    *out = i;
    return ERR_OK;
}

void inquiry_free(struct inquiry *i)
{
    if (i) {
        if (i->exporter) { /* its end goes nowhere */
            struct buf nowhere = {0};
            export_to(i->exporter, &nowhere);
            export_end(i->exporter);
            buf_free(&nowhere);
        }
        then_free(i->then);
        store_search_free(i->search);
        free(i->names.row);
        free(i);
    }
}

bool inquiry_may_write(struct inquiry *i)
{
    i->is_cut = i->is_cut || (i->q->limit && i->found == i->q->limit);
    return !i->is_cut;
}

static void note_point(struct inquiry *i, const struct kept *k)
{
    const bool is_same = k->address == i->last.address && k->t_ms == i->last.t_ms;
    i->last = (struct store_after){k->address, k->t_ms, is_same ? i->last.n + 1 : 1};
}

static void take_visit(struct inquiry *i, const struct visit *v, struct buf *out)
{
    if (inquiry_may_write(i)) {
        answer_visit(i, out, v);
        i->found++;
        i->last = (struct store_after){v->last.address, v->last.t_ms, v->last_n};
    }
}

static void take_point(struct inquiry *i, const struct kept *k, struct buf *out)
{
    struct visit v;
    if (i->q->kind == QUESTION_VISITS) {
        if (visits_take(&i->visits, k, &v)) {
            take_visit(i, &v, out);
        }
        return;
    }
    if (!inquiry_may_write(i)) {
        return;
    }
    if (i->exporter) {
        export_point(i->exporter, k);
    } else {
        answer_point(i, out, k);
    }
    i->found++;
    note_point(i, k);
}

static enum err begin(struct inquiry *i, struct buf *out)
{
    i->began = true;
    if (i->q->kind != QUESTION_EXPORT) {
        answer_begin(i, out);
        return ERR_OK;
    }
    i->exporter = export_new(i->q->export, i->q->gap_ms, out);
    if (!i->exporter) {
        return ERR_MEMORY;
    }
    export_receivers(i->exporter, names_get, &i->names);
    return ERR_OK;
}

static void end(struct inquiry *i, struct buf *out)
{
    struct visit v;
    if (i->q->kind == QUESTION_VISITS && !i->is_cut && visits_end(&i->visits, &v)) {
        take_visit(i, &v, out);
    }
    if (i->exporter) {
        export_end(i->exporter);
        i->exporter = NULL;
    } else {
        answer_end(i, out);
    }
    i->ended = true;
}

/* Chunks that need not be decoded. */
static void take_wholes(struct inquiry *i, struct buf *out)
{
    const struct part_whole *w;
    struct visit v;
    while (!i->is_cut && (w = store_search_whole(i->search))) {
        if (visits_take_whole(&i->visits, w, &v)) {
            take_visit(i, &v, out);
        }
    }
}

static enum err step(struct inquiry *i, struct store *s, struct buf *out, bool *more)
{
    const struct kept *p;
    size_t n;
    if (i->q->kind == QUESTION_VISITS) {
        take_wholes(i, out);
    }
    enum err e = store_search_next(i->search, s, &p, &n, more);
    for (size_t k = 0; !e && k < n && !i->is_cut; k++) {
        take_point(i, &p[k], out);
    }
    *more = *more && !i->is_cut;
    return e;
}

enum err inquiry_step(struct inquiry *i, struct store *s, struct buf *out, bool *more)
{
    enum err e = ERR_OK;
    *more = false;
    if (i->ended) {
        return ERR_OK;
    }
    i->names.s = s;
    if (!i->began) {
        e = begin(i, out);
    }
    if (i->exporter) {
        export_to(i->exporter, out);
    }
    e = e ? e : i->then ? then_step(i, s, out, more) : step(i, s, out, more);
    if (!e && !*more) {
        end(i, out);
    }
    i->names.s = NULL;
    return !e && out->failed ? ERR_MEMORY : e;
}

struct inquiry_state inquiry_state(const struct inquiry *i)
{
    struct inquiry_state s = {.found = i->found};
    if (i->search) {
        s.search = store_search_state(i->search);
    }
    s.search.torn += i->torn;
    if (i->is_cut) {
        question_cursor(&i->last, s.next);
    }
    return s;
}

const char *inquiry_media_type(const struct question *q)
{
    static const char *const types[QUESTION_FORMATS] = {
        [QUESTION_TABLE] = "text/plain; charset=utf-8",
        [QUESTION_CSV] = "text/csv; charset=utf-8",
        [QUESTION_JSON] = "application/json",
    };
    return q->kind == QUESTION_EXPORT ? q->export->media_type : types[q->format];
}
