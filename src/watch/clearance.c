#include "watch/clearance.h"

#include "watch/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOOK_MS INT64_C(2000)
#define OLD_MS  INT64_C(2592000000) /* forgotten so long after its end, as other events are */

/* What makes it the same clearance; FNV-1a. */
static uint32_t number_of(const struct watch_clearance *c)
{
    uint32_t h = 2166136261U;
    for (const char *s = c->operation; *s; s++) {
        h = (h ^ (uint8_t)*s) * 16777619U;
    }
    h = (h ^ '/') * 16777619U;
    for (const char *s = c->number; *s; s++) {
        h = (h ^ (uint8_t)*s) * 16777619U;
    }
    return h;
}

static struct watch_alert alert_of(const struct watch_set *s, int64_t watch,
                                   const struct watch_clearance *c, int64_t end_ms)
{
    struct watch_alert a = {.watch = watch,
                            .word = WATCH_CLEARANCE,
                            .made_ms = s->now_ms,
                            .t_lo_ms = end_ms,
                            .t_hi_ms = end_ms,
                            .p = 1,
                            .address = ADDRESS_NONE,
                            .other = ADDRESS_NONE,
                            .who = {.military = -1},
                            .lat_e7 = CLAIM_NO_PLACE,
                            .lon_e7 = CLAIM_NO_PLACE,
                            .alt_ft = CLAIM_NO_ALTITUDE,
                            .squawk = KEPT_NO_SQUAWK,
                            .heard = CLAIM_HEARD_UNKNOWN,
                            .clearance = c};
    snprintf(a.key, sizeof a.key, "c:%08x:%lld", (unsigned)number_of(c), (long long)end_ms);
    return a;
}

/* ---- what was told ---- */

static struct told_clearance *find_told(struct watch_set *s, int64_t watch, uint32_t number,
                                        int64_t end_ms)
{
    for (size_t i = 0; i < s->n_cleared; i++) {
        const struct watch_told *t = &s->cleared[i].told;
        if (t->watch == watch && t->leg == number && t->since_ms == end_ms) {
            return &s->cleared[i];
        }
    }
    return NULL;
}

static struct told_clearance *add_told(struct watch_set *s, const struct watch_told *t)
{
    if (s->n_cleared == s->cleared_max) {
        const size_t max = s->cleared_max ? 2 * s->cleared_max : 16;
        struct told_clearance *more = realloc(s->cleared, max * sizeof *more);
        if (!more) {
            return NULL;
        }
        s->cleared = more;
        s->cleared_max = max;
    }
    s->cleared[s->n_cleared] = (struct told_clearance){.told = *t};
    return &s->cleared[s->n_cleared++];
}

enum err clearance_recall(struct watch_set *s, const struct watch_told *t)
{
    return find_told(s, t->watch, t->leg, t->since_ms) || add_told(s, t) ? ERR_OK : ERR_MEMORY;
}

void clearance_changes(struct watch_set *s, watch_told_fn *out, void *ctx)
{
    for (size_t i = 0; i < s->n_cleared; i++) {
        if (s->cleared[i].dirty) {
            s->cleared[i].dirty = false;
            out(ctx, &s->cleared[i].told);
        }
    }
}

void clearance_forget(struct watch_set *s, int64_t watch)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->n_cleared; i++) {
        const struct told_clearance *x = &s->cleared[i];
        const bool old = !x->told.standing && !x->dirty && s->now_ms > x->told.since_ms + OLD_MS;
        if (x->told.watch != watch && !old) {
            s->cleared[kept++] = *x;
        }
    }
    s->n_cleared = kept;
}

/* ---- telling ---- */

static bool is_asked(const struct watch_rule *r, const struct watch_term *t,
                     const struct watch_clearance *c)
{
    if (r->operation[0] && strcmp(r->operation, c->operation) != 0) {
        return false;
    }
    for (uint16_t i = 0; i < t->places; i++) {
        if (strcmp(r->value[t->place + i].text, c->country) == 0) {
            return true;
        }
    }
    return t->places == 0;
}

static enum err tell(struct watch_set *s, const struct watch *w, const struct watch_term *t,
                     const struct watch_clearance *c)
{
    const uint32_t number = number_of(c);
    if (!c->runs || s->now_ms > c->to_ms || s->now_ms < c->to_ms - t->span_ms ||
        !is_asked(w->rule, t, c) || find_told(s, w->id, number, c->to_ms)) {
        return ERR_OK;
    }
    const struct watch_told told = {.watch = w->id,
                                    .since_ms = c->to_ms,
                                    .last_ms = s->now_ms,
                                    .word = WATCH_CLEARANCE,
                                    .standing = true,
                                    .address = ADDRESS_NONE,
                                    .other = ADDRESS_NONE,
                                    .leg = number,
                                    .count = 1};
    struct told_clearance *x = add_told(s, &told);
    if (!x) {
        return ERR_MEMORY;
    }
    x->of = *c;
    x->dirty = s->dirty = true;
    const struct watch_alert a = alert_of(s, w->id, c, c->to_ms);
    event_give(s, &a);
    return ERR_OK;
}

/* What it was told of is over once its end is; before, only while it still ends then. */
static void weigh_told(struct watch_set *s, struct told_clearance *x)
{
    const struct watch_clearance *now = NULL;
    if (!x->told.standing) {
        return;
    }
    for (size_t i = 0; i < s->n_clearances && !now; i++) {
        now = number_of(&s->clearance[i]) == x->told.leg ? &s->clearance[i] : NULL;
    }
    if (s->now_ms <= x->told.since_ms && now && now->runs && now->to_ms == x->told.since_ms) {
        x->of = *now;
        return;
    }
    x->told.standing = false;
    x->dirty = s->dirty = true;
    if (s->now_ms > x->told.since_ms) {
        return; /* it ended as was said */
    }
    struct watch_clearance of = now ? *now : x->of;
    of.runs = now && now->runs;
    struct watch_alert a = alert_of(s, x->told.watch, &of, of.runs ? of.to_ms : x->told.since_ms);
    a.tell = WATCH_TELL_CORRECTED;
    snprintf(a.key, sizeof a.key, "c:%08x:%lld", (unsigned)x->told.leg,
             (long long)x->told.since_ms);
    event_give(s, &a);
}

static void take(void *ctx, const struct watch_clearance *c)
{
    struct watch_set *s = ctx;
    if (set_room((void **)&s->clearance, &s->clearances_max, s->n_clearances + 1,
                 sizeof *s->clearance)) {
        s->clearances_failed = true;
        return;
    }
    s->clearance[s->n_clearances++] = *c;
}

enum err clearance_tick(struct watch_set *s)
{
    const uint32_t first = index_first(s, index_key(KEY_WORD, WATCH_CLEARANCE, "", 0));
    enum err e = ERR_OK;
    if (first == NONE || !s->views.clearances ||
        (s->looked_ms != KEPT_NO_TIME && s->now_ms >= s->looked_ms &&
         s->now_ms < s->looked_ms + LOOK_MS)) {
        return ERR_OK;
    }
    s->looked_ms = s->now_ms;
    s->n_clearances = 0;
    s->clearances_failed = false;
    if (!s->views.clearances(s->views.clearances_ctx, s->now_ms, take, s) || s->clearances_failed) {
        return s->clearances_failed ? ERR_MEMORY : ERR_OK; /* nobody can say: at the next look */
    }
    clearance_forget(s, 0); /* the old ones */
    for (size_t i = 0; i < s->n_cleared; i++) {
        weigh_told(s, &s->cleared[i]);
    }
    for (uint32_t i = first; i != NONE && !e; i = s->link[i].next) {
        const struct entry en = s->entry[s->link[i].entry];
        const struct watch *w = &s->watch[en.watch];
        for (uint32_t k = 0; k < s->n_clearances && en.word == WATCH_CLEARANCE && !e; k++) {
            e = tell(s, w, &w->rule->term[w->rule->of[en.of].event], &s->clearance[k]);
        }
    }
    return e;
}
