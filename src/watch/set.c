#include "watch/internal.h"

#include <stdlib.h>
#include <string.h>

enum { WATCHES_MAX = 1 << 20 };

enum err set_room(void **p, uint32_t *max, uint32_t need, size_t size)
{
    if (need <= *max) {
        return ERR_OK;
    }
    size_t more = *max ? *max : 64;
    while (more < need) {
        more *= 2;
    }
    void *q = realloc(*p, more * size);
    if (!q) {
        return ERR_MEMORY;
    }
    *p = q;
    *max = (uint32_t)more;
    return ERR_OK;
}

struct watch_set *watch_set_new(const struct watch_views *views, watch_alert_fn *out, void *ctx)
{
    struct watch_set *s = calloc(1, sizeof *s);
    if (!s || map_init(&s->by_id, WATCHES_MAX) ||
        map_init(&s->by_address, WATCH_AIRCRAFT_MAX + 1)) {
        watch_set_free(s);
        return NULL;
    }
    s->views = *views;
    s->out = out;
    s->ctx = ctx;
    s->free_event = NONE;
    s->stale = true;
    s->renewed = 1;
    s->ripe_ms = INT64_MAX;
    s->now_ms = s->tick_ms = s->looked_ms = KEPT_NO_TIME;
    return s;
}

void watch_set_free(struct watch_set *s)
{
    if (!s) {
        return;
    }
    for (uint32_t i = 0; i < s->watches; i++) {
        watch_rule_free(s->watch[i].rule);
    }
    for (uint32_t i = 0; i < s->planes; i++) {
        free(s->plane[i].entry);
        free(s->plane[i].area);
    }
    map_free(&s->by_id);
    map_free(&s->by_address);
    map_free(&s->key);
    tree_free(&s->tree);
    free(s->watch);
    free(s->entry);
    free(s->link);
    free(s->shape);
    free(s->plane);
    free(s->event);
    free(s->armed);
    free(s->standing);
    free(s->site);
    free(s->expected);
    free(s->held);
    free(s->clearance);
    free(s->cleared);
    free(s->scratch);
    free(s);
}

uint32_t watch_index(const struct watch_set *s, int64_t id)
{
    const uint32_t i = map_get(&s->by_id, (uint32_t)id);
    return i == MAP_NONE || s->watch[i].id != id ? NONE : i;
}

/* What was told for a watch that is no more is no state any more. */
static void forget(struct watch_set *s, int64_t id)
{
    for (uint32_t i = 0; i < s->events; i++) {
        if (s->event[i].told.watch == id) {
            s->event[i].told.watch = 0;
            s->event[i].now = false;
        }
    }
    clearance_forget(s, id);
    for (size_t i = 0; i < s->n_armed;) {
        if (s->armed[i].watch == id) {
            s->armed[i] = s->armed[--s->n_armed];
            s->armed_version++;
        } else {
            i++;
        }
    }
}

enum err watch_set_put(struct watch_set *s, int64_t id, struct watch_rule *rule)
{
    const uint32_t i = watch_index(s, id);
    s->stale = true;
    if (i != NONE) {
        watch_rule_free(s->watch[i].rule);
        s->watch[i].rule = rule;
        forget(s, id);
        return ERR_OK;
    }
    if (id <= 0 || id >= (int64_t)MAP_NO_KEY || s->watches == WATCHES_MAX ||
        set_room((void **)&s->watch, &s->watches_max, s->watches + 1, sizeof *s->watch) ||
        map_add(&s->by_id, (uint32_t)id, s->watches)) {
        watch_rule_free(rule);
        return ERR_MEMORY;
    }
    s->watch[s->watches++] = (struct watch){.id = id, .rule = rule};
    return ERR_OK;
}

void watch_set_drop(struct watch_set *s, int64_t id)
{
    const uint32_t i = watch_index(s, id);
    if (i == NONE) {
        return;
    }
    forget(s, id);
    watch_rule_free(s->watch[i].rule);
    map_remove(&s->by_id, (uint32_t)id);
    if (i != --s->watches) {
        s->watch[i] = s->watch[s->watches];
        map_remove(&s->by_id, (uint32_t)s->watch[i].id);
        (void)map_add(&s->by_id, (uint32_t)s->watch[i].id, i); /* there was room for it */
    }
    s->stale = true;
}

size_t watch_set_count(const struct watch_set *s)
{
    return s->watches;
}

void watch_set_renew(struct watch_set *s)
{
    s->renewed++;
}

enum err watch_seen(struct watch_set *s, uint32_t address, int64_t t_ms)
{
    struct plane *a;
    const enum err e = plane_get(s, address, &a);
    if (!e && t_ms > a->last_ms) {
        a->last_ms = a->prev_ms = t_ms;
    }
    return e;
}

enum err watch_recall(struct watch_set *s, const struct watch_told *t)
{
    struct plane *a;
    if (t->word == WATCH_CLEARANCE) {
        return clearance_recall(s, t);
    }
    const enum err e = plane_get(s, t->address, &a);
    if (e) {
        return e;
    }
    for (struct event *x = event_at(s, a->event); x; x = event_at(s, x->next)) {
        if (x->told.watch == t->watch && x->told.word == t->word && x->told.step == t->step &&
            x->told.since_ms == t->since_ms && x->told.leg == t->leg && x->told.epoch == t->epoch) {
            return ERR_OK;
        }
    }
    struct event *x = event_add(s, a, t);
    if (x) {
        x->dirty = false;
    }
    return x ? ERR_OK : ERR_MEMORY;
}

void watch_changes(struct watch_set *s, bool lasting, watch_told_fn *out, void *ctx)
{
    if (!s->dirty && !lasting) {
        return;
    }
    for (uint32_t i = 0; i < s->events; i++) {
        struct event *e = &s->event[i];
        if (!e->used || e->told.watch == 0 || !(e->dirty || (lasting && e->now))) {
            continue;
        }
        if (e->now) {
            const struct plane *a = plane_find(s, e->told.address);
            e->told.last_ms = a && a->last_ms > e->told.last_ms ? a->last_ms : e->told.last_ms;
        }
        e->dirty = false;
        out(ctx, &e->told);
    }
    clearance_changes(s, out, ctx);
    s->dirty = false;
}

enum err watch_tick(struct watch_set *s, int64_t now_ms)
{
    const int64_t from_ms = s->tick_ms == KEPT_NO_TIME ? now_ms - 1000 : s->tick_ms;
    enum err e = s->stale ? index_make(s) : ERR_OK;
    if (now_ms < from_ms) {
        s->tick_ms = now_ms;
        return e;
    }
    s->now_ms = now_ms > s->now_ms ? now_ms : s->now_ms;
    e = e || !s->has_dark || s->planes == 0 ? e : silence_sweep(s, from_ms, now_ms);
    s->tick_ms = now_ms;
    expected_tick(s);
    e = e ? e : held_tick(s);
    e = e ? e : both_tick(s);
    e = e ? e : clearance_tick(s);
    return e ? e : event_tick(s);
}

struct watch_sums watch_sums(const struct watch_set *s)
{
    struct watch_sums sums = s->sums;
    sums.aircraft = s->planes;
    return sums;
}

const char *watch_event_name(unsigned word)
{
    return word < WATCH_WORDS ? watch_word_row[word].word : "state";
}

unsigned watch_event_find(const char *name)
{
    for (unsigned w = 0; w < WATCH_WORDS; w++) {
        if (watch_word_row[w].sort == WATCH_IS_EVENT && strcmp(watch_word_row[w].word, name) == 0) {
            return w;
        }
    }
    return WATCH_STATE_WORD;
}

static bool rule_wants_fixes(const struct watch_rule *r)
{
    for (uint16_t i = 0; i < r->terms; i++) {
        const unsigned word = r->term[i].word;
        if (watch_word_row[word].sort == WATCH_IS_STATE || word == WATCH_SQUAWK ||
            word == WATCH_DARK || word == WATCH_BOTH || word == WATCH_LATE ||
            word == WATCH_MISSING || word == WATCH_OVERDUE) {
            return true;
        }
    }
    for (unsigned s = 0; s < r->steps; s++) {
        for (uint16_t c = 0; c < r->step[s].cases; c++) {
            if (r->of[r->step[s].first + c].event < 0) {
                return true;
            }
        }
    }
    return false;
}

bool watch_wants_heard(const struct watch_set *s)
{
    for (uint32_t i = 0; i < s->watches; i++) {
        const struct watch_rule *r = s->watch[i].rule;
        for (uint16_t k = 0; k < r->terms; k++) {
            const unsigned word = r->term[k].word;
            if (word == WATCH_DARK || word == WATCH_LATE || word == WATCH_MISSING ||
                word == WATCH_OVERDUE) {
                return true;
            }
        }
    }
    return false;
}

bool watch_wants_fixes(const struct watch_set *s)
{
    for (uint32_t i = 0; i < s->watches; i++) {
        if (rule_wants_fixes(s->watch[i].rule)) {
            return true;
        }
    }
    return false;
}
