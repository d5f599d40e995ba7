/* What was told of an aircraft, what waits for a next step, and telling it. */
#include "watch/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FORGET_MS INT64_C(2592000000) /* thirty days: a ledger changes its mind sooner */

/* What should have come by then may still be told late: rows of the ledger wait for the points of
   others, and a landing nobody saw is concluded from silence. */
#define LATE_MS INT64_C(600000)

/* Whoever sends false positions goes on doing so: for so long nothing of that address is believed.
 */
#define FALSE_MS INT64_C(21600000)

enum { ARMED_MAX = 1 << 20 };

struct event *event_at(struct watch_set *s, uint32_t i)
{
    return i == NONE ? NULL : &s->event[i];
}

void event_changed(struct watch_set *s, struct event *e)
{
    e->dirty = s->dirty = true;
}

struct event *event_add(struct watch_set *s, struct plane *a, const struct watch_told *t)
{
    uint32_t i = s->free_event;
    if (s->event && i != NONE) {
        s->free_event = s->event[i].next;
    } else {
        if (set_room((void **)&s->event, &s->events_max, s->events + 1, sizeof *s->event)) {
            return NULL;
        }
        i = s->events++;
    }
    s->event[i] = (struct event){.told = *t, .used = true, .dirty = true, .next = a->event};
    s->dirty = true;
    a->event = i;
    return &s->event[i];
}

void event_forget(struct watch_set *s, struct plane *a)
{
    for (uint32_t *i = &a->event; *i != NONE;) {
        struct event *e = &s->event[*i];
        const uint32_t mine = *i;
        if (e->now || s->now_ms - e->told.last_ms < FORGET_MS) {
            i = &e->next;
            continue;
        }
        *i = e->next;
        e->next = s->free_event;
        e->used = false;
        s->free_event = mine;
    }
}

void event_give(struct watch_set *s, const struct watch_alert *a)
{
    s->sums.alerts++;
    if (s->out) {
        s->out(s->ctx, a);
    }
}

struct watch_alert event_alert(const struct watch_set *s, const struct watch *w,
                               const struct plane *a)
{
    struct watch_alert o = {.watch = w->id,
                            .word = WATCH_STATE_WORD,
                            .made_ms = s->now_ms,
                            .p = 1,
                            .address = a->address,
                            .other = ADDRESS_NONE,
                            .who = a->who,
                            .lat_e7 = a->has_place ? a->lat_e7 : CLAIM_NO_PLACE,
                            .lon_e7 = a->has_place ? a->lon_e7 : CLAIM_NO_PLACE,
                            .alt_ft = a->alt_ft,
                            .squawk = a->squawk,
                            .heard = CLAIM_HEARD_UNKNOWN};
    memcpy(o.flight, a->flight, 8);
    o.flight[strcspn(o.flight, " ")] = '\0';
    return o;
}

/* ---- steps ---- */

struct watch_armed *event_armed(struct watch_set *s, int64_t watch, unsigned step, uint32_t address,
                                int64_t lo_ms, int64_t hi_ms)
{
    for (size_t i = 0; i < s->n_armed; i++) {
        struct watch_armed *a = &s->armed[i];
        if (a->watch == watch && a->step == step && a->address == address && hi_ms >= a->since_ms &&
            lo_ms <= a->until_ms) {
            return a;
        }
    }
    return NULL;
}

enum err watch_arm(struct watch_set *s, const struct watch_armed *a)
{
    for (size_t i = 0; i < s->n_armed; i++) {
        if (s->armed[i].watch == a->watch && s->armed[i].step == a->step &&
            s->armed[i].address == a->address && strcmp(s->armed[i].key, a->key) == 0) {
            return ERR_OK;
        }
    }
    if (s->n_armed == s->armed_max) {
        const size_t max = s->armed_max ? 2 * s->armed_max : 64;
        struct watch_armed *more =
            max > ARMED_MAX ? NULL : realloc(s->armed, max * sizeof *s->armed);
        if (!more) {
            return ERR_MEMORY;
        }
        s->armed = more;
        s->armed_max = max;
    }
    s->armed[s->n_armed++] = *a;
    s->armed_version++;
    return ERR_OK;
}

static void disarm(struct watch_set *s, struct watch_armed *a)
{
    *a = s->armed[--s->n_armed];
    s->armed_version++;
}

/* The key of the event, behind that of what armed it; the times of one count again get a number. */
static void join_key(struct watch_alert *alert, const struct watch_armed *by, uint32_t count)
{
    char key[2 * WATCH_KEY_MAX + 16];
    int n = 0;
    if (by) {
        n = snprintf(key, sizeof key, "%s>", by->key);
    }
    n += snprintf(key + n, sizeof key - (size_t)n, "%s", alert->key);
    if (count > 1) {
        snprintf(key + n, sizeof key - (size_t)n, "#%u", (unsigned)count);
    }
    snprintf(alert->key, sizeof alert->key, "%s", key);
}

/* The step has come: what is next waits for its own. */
static enum err arm_next(struct watch_set *s, const struct watch *w,
                         const struct watch_alert *alert)
{
    struct watch_armed next = {.watch = w->id,
                               .since_ms = alert->t_lo_ms,
                               .until_ms =
                                   alert->t_hi_ms + w->rule->step[alert->step + 1].within_ms,
                               .step = (uint8_t)(alert->step + 1),
                               .address = alert->address};
    snprintf(next.key, sizeof next.key, "%s", alert->key);
    return watch_arm(s, &next);
}

bool event_is_false(const struct plane *a, int64_t lo_ms, int64_t hi_ms)
{
    return a->false_hi_ms != KEPT_NO_TIME && hi_ms >= a->false_lo_ms &&
           lo_ms <= a->false_hi_ms + FALSE_MS;
}

/* What rests on false positions is noted once a watch, not told. It is remembered as an event of no
   row, so that no row takes it back. */
static enum err withhold(struct watch_set *s, struct plane *a, const struct watch_alert *alert)
{
    for (struct event *e = event_at(s, a->event); e; e = event_at(s, e->next)) {
        if (e->told.watch == alert->watch && e->told.word == WATCH_SPOOFED && e->told.number == 0 &&
            alert->t_lo_ms - e->told.since_ms < FALSE_MS) {
            return ERR_OK;
        }
    }
    const struct watch_told told = {.watch = alert->watch,
                                    .since_ms = alert->t_lo_ms,
                                    .last_ms = alert->made_ms,
                                    .word = WATCH_SPOOFED,
                                    .step = alert->step,
                                    .epoch = alert->epoch,
                                    .address = a->address,
                                    .other = ADDRESS_NONE,
                                    .count = 1};
    struct watch_alert note = *alert;
    note.tell = WATCH_TELL_NOTE;
    note.distrusted = true;
    snprintf(note.key, sizeof note.key, "x:%06x:%lld", (unsigned)a->address,
             (long long)alert->t_lo_ms);
    if (!event_add(s, a, &told)) {
        return ERR_MEMORY;
    }
    event_give(s, &note);
    return ERR_OK;
}

enum err event_tell(struct watch_set *s, struct plane *a, struct watch_alert *alert,
                    const struct watch_told *t, struct event *again)
{
    const uint32_t i = watch_index(s, alert->watch);
    const struct watch *w = &s->watch[i];
    if (alert->word != WATCH_SPOOFED && event_is_false(a, alert->t_lo_ms, alert->t_hi_ms)) {
        return withhold(s, a, alert);
    }
    struct watch_armed *by =
        alert->step ? event_armed(s, w->id, alert->step, a->address, alert->t_lo_ms, alert->t_hi_ms)
                    : NULL;
    struct watch_told told = *t;
    told.standing = true;
    told.count = again ? again->told.count + 1 : 1;
    if (again) {
        again->told = told;
        event_changed(s, again);
    } else if (!event_add(s, a, &told)) {
        return ERR_MEMORY;
    }
    if (by && w->rule->step[alert->step].absent) {
        disarm(s, by); /* it came: nothing is missing */
        return ERR_OK;
    }
    join_key(alert, by, told.count);
    if (by) {
        disarm(s, by);
    }
    if (alert->step + 1 < w->rule->steps) {
        return arm_next(s, w, alert);
    }
    event_give(s, alert);
    return ERR_OK;
}

/* What did not come in its time. */
static enum err missed(struct watch_set *s, const struct watch_armed *m)
{
    const uint32_t i = watch_index(s, m->watch);
    struct plane *a = NULL;
    enum err e = i == NONE ? ERR_OK : plane_get(s, m->address, &a);
    if (e || i == NONE || m->step >= s->watch[i].rule->steps ||
        !s->watch[i].rule->step[m->step].absent) {
        return e;
    }
    const struct watch *w = &s->watch[i];
    const struct watch_case *of = &w->rule->of[w->rule->step[m->step].first];
    struct watch_alert alert = event_alert(s, w, a);
    alert.step = m->step;
    alert.absent = true;
    alert.word = of->event >= 0 ? w->rule->term[of->event].word : WATCH_STATE_WORD;
    alert.t_lo_ms = m->since_ms;
    alert.t_hi_ms = m->until_ms;
    alert.made_ms = m->until_ms + LATE_MS;
    snprintf(alert.key, sizeof alert.key, "%.*s>not", WATCH_KEY_MAX - 6, m->key);
    const struct watch_told t = {.watch = w->id,
                                 .since_ms = m->since_ms,
                                 .last_ms = m->until_ms,
                                 .word = alert.word,
                                 .step = m->step,
                                 .absent = true,
                                 .standing = true,
                                 .address = m->address,
                                 .other = ADDRESS_NONE,
                                 .count = 1};
    e = event_add(s, a, &t) ? ERR_OK : ERR_MEMORY;
    event_give(s, &alert);
    return e;
}

enum err event_tick(struct watch_set *s)
{
    enum err e = ERR_OK;
    for (size_t i = 0; i < s->n_armed && !e;) {
        if (s->now_ms <= s->armed[i].until_ms + LATE_MS) {
            i++;
            continue;
        }
        const struct watch_armed m = s->armed[i];
        disarm(s, &s->armed[i]);
        e = missed(s, &m);
    }
    return e;
}

uint64_t watch_armed_version(const struct watch_set *s)
{
    return s->armed_version;
}

size_t watch_armed_count(const struct watch_set *s)
{
    return s->n_armed;
}

const struct watch_armed *watch_armed_at(const struct watch_set *s, size_t i)
{
    return &s->armed[i];
}
