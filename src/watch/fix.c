/* Positions: an aircraft, where it is, and the states it is in. */
#include "watch/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define APPEARS_MS INT64_C(3600000)     /* silent for longer it appears anew */
#define AREA_MS    INT64_C(900)         /* areas are looked at about once a second */
#define SCALAR_MS  INT64_C(4900)        /* heights and speeds change at every position */
#define ENTERED    UINT32_C(0x80000000) /* of an area it is in: since this position */

/* ---- aircraft ---- */

struct plane *plane_find(struct watch_set *s, uint32_t address)
{
    const uint32_t i = map_get(&s->by_address, address);
    return i == MAP_NONE ? NULL : &s->plane[i];
}

enum err plane_get(struct watch_set *s, uint32_t address, struct plane **out)
{
    *out = plane_find(s, address);
    if (*out) {
        return ERR_OK;
    }
    if (s->planes == WATCH_AIRCRAFT_MAX ||
        set_room((void **)&s->plane, &s->planes_max, s->planes + 1, sizeof *s->plane) ||
        map_add(&s->by_address, address, s->planes)) {
        return ERR_MEMORY;
    }
    *out = &s->plane[s->planes++];
    **out = (struct plane){.address = address,
                           .last_ms = KEPT_NO_TIME,
                           .before_ms = KEPT_NO_TIME,
                           .false_lo_ms = KEPT_NO_TIME,
                           .false_hi_ms = KEPT_NO_TIME,
                           .looked_ms = KEPT_NO_TIME,
                           .stood_ms = KEPT_NO_TIME,
                           .alt_ft = KEPT_NONE,
                           .gs_e2_kt = KEPT_NONE,
                           .track_e2_deg = KEPT_NONE,
                           .rate_fpm = KEPT_NONE,
                           .event = NONE,
                           .squawk = KEPT_NO_SQUAWK};
    return ERR_OK;
}

enum err plane_renew(struct watch_set *s, struct plane *a)
{
    const enum err e = s->stale ? index_make(s) : ERR_OK;
    if (e || a->renewed == s->renewed) {
        return e;
    }
    a->who = (struct watch_who){.military = -1};
    if (s->views.who) {
        s->views.who(s->views.who_ctx, a->address, a->flight,
                     a->last_ms == KEPT_NO_TIME ? s->now_ms : a->last_ms, &a->who);
    }
    a->renewed = s->renewed;
    a->is_expected = s->n_expected > 0 && expected_any(s, a);
    return index_candidates(s, a);
}

/* ---- states ---- */

static struct event *find_state(struct watch_set *s, const struct plane *a, int64_t watch,
                                unsigned step)
{
    struct event *newest = NULL;
    for (struct event *e = event_at(s, a->event); e; e = event_at(s, e->next)) {
        if (e->told.word == WATCH_STATE_WORD && e->told.watch == watch && e->told.step == step &&
            !e->told.absent && (!newest || e->told.since_ms > newest->told.since_ms)) {
            newest = e;
        }
    }
    return newest;
}

static void key_of_state(char key[WATCH_KEY_MAX], uint32_t address, int64_t since_ms)
{
    snprintf(key, WATCH_KEY_MAX, "s:%06x:%lld", (unsigned)address, (long long)since_ms);
}

/* The first area a case asks for: the place its sentence names. */
static void name_place(const struct watch *w, const struct watch_case *of, struct watch_alert *out)
{
    for (uint16_t i = 0; i < of->lits; i++) {
        const struct watch_literal *lit = &w->rule->lit[of->lit + i];
        const struct watch_term *t = &w->rule->term[lit->term];
        if (t->word == WATCH_NEAR && !lit->negated) {
            snprintf(out->airport, sizeof out->airport, "%.11s", w->rule->value[t->place].text);
            return;
        }
        if (t->word == WATCH_IN && !lit->negated) {
            snprintf(out->area, sizeof out->area, "%s", w->rule->area[t->area].name);
            return;
        }
    }
}

/* A state is so: it goes on, or begins and is told. */
static enum err state_is(struct watch_set *s, struct plane *a, const struct entry *en)
{
    const struct watch *w = &s->watch[en->watch];
    const int64_t t_ms = a->last_ms;
    struct event *old = find_state(s, a, w->id, en->step);
    if (old && t_ms - old->told.last_ms <= w->rule->again_ms) {
        old->told.last_ms = t_ms > old->told.last_ms ? t_ms : old->told.last_ms;
        old->now = true;
        return ERR_OK;
    }
    if (en->step && !event_armed(s, w->id, en->step, a->address, t_ms, t_ms)) {
        return ERR_OK;
    }
    struct watch_alert alert = event_alert(s, w, a);
    struct watch_told t = {.watch = w->id,
                           .since_ms = t_ms,
                           .last_ms = t_ms,
                           .word = WATCH_STATE_WORD,
                           .step = (uint8_t)en->step,
                           .address = a->address,
                           .other = ADDRESS_NONE};
    alert.step = (uint8_t)en->step;
    alert.made_ms = alert.t_lo_ms = alert.t_hi_ms = t_ms;
    key_of_state(alert.key, a->address, t_ms);
    name_place(w, &w->rule->of[en->of], &alert);
    const enum err e = event_tell(s, a, &alert, &t, NULL);
    struct event *mine = e ? NULL : find_state(s, a, w->id, en->step);
    if (mine) {
        mine->now = true;
    }
    return e;
}

/* Whether any case of a step's states holds. */
static bool still_is(struct watch_set *s, const struct plane *a, const struct event *e)
{
    const uint32_t i = watch_index(s, e->told.watch);
    const struct watch *w = i == NONE ? NULL : &s->watch[i];
    if (!w || e->told.step >= w->rule->steps) {
        return false;
    }
    const struct watch_step *st = &w->rule->step[e->told.step];
    for (uint16_t c = 0; c < st->cases; c++) {
        const struct watch_case *of = &w->rule->of[st->first + c];
        if (of->event < 0 && weigh_case(s, w, of, a, a->last_ms) == IS_TRUE) {
            return true;
        }
    }
    return false;
}

/* What was so was so until it was heard last; whether it is now. */
static void weigh_lasting(struct watch_set *s, struct plane *a)
{
    for (struct event *e = event_at(s, a->event); e; e = event_at(s, e->next)) {
        if (e->now && e->told.word == WATCH_STATE_WORD) {
            e->told.last_ms = a->prev_ms > e->told.last_ms ? a->prev_ms : e->told.last_ms;
            e->now = still_is(s, a, e);
            event_changed(s, e);
        }
    }
}

static enum err weigh_entry(struct watch_set *s, struct plane *a, uint32_t entry)
{
    const struct entry en = s->entry[entry];
    const struct watch *w = &s->watch[en.watch];
    return en.word == WATCH_STATE_WORD &&
                   weigh_case(s, w, &w->rule->of[en.of], a, a->last_ms) == IS_TRUE
               ? state_is(s, a, &en)
               : ERR_OK;
}

/* What may have made a state so. */
struct change {
    bool appeared, any; /* any: who it is, or whether it flies */
    bool moved;         /* into or out of an area */
    bool numbers;       /* it is time to look at heights and speeds again */
};

/* Whether a case can have come true by it. known: so many of its areas it is in as before. A later
   step may have been armed meanwhile. */
static bool concerns(const struct change *c, const struct entry *en, unsigned known)
{
    return c->any || en->step > 0 || (c->numbers && en->scalar) || (c->moved && en->areas > known);
}

static enum err weigh_key(struct watch_set *s, struct plane *a, const struct change *c,
                          unsigned known, uint32_t key)
{
    enum err e = ERR_OK;
    for (uint32_t i = index_first(s, key); i != NONE && !e; i = s->link[i].next) {
        const uint32_t entry = s->link[i].entry;
        e = concerns(c, &s->entry[entry], known) ? weigh_entry(s, a, entry) : ERR_OK;
    }
    return e;
}

static enum err weigh_states(struct watch_set *s, struct plane *a, const struct change *c)
{
    enum err e = ERR_OK;
    weigh_lasting(s, a);
    for (uint32_t i = 0; i < a->entries && a->states && !e; i++) {
        e = concerns(c, &s->entry[a->entry[i]], 0) ? weigh_entry(s, a, a->entry[i]) : ERR_OK;
    }
    for (uint32_t i = 0; i < a->areas && !e; i++) {
        e = weigh_key(s, a, c, a->area[i] & ENTERED ? 0 : 1,
                      index_key(KEY_AREA, 0, "", a->area[i] & ~ENTERED));
    }
    for (uint32_t i = 0; i < a->areas && c->moved; i++) {
        a->area[i] &= ~ENTERED;
    }
    if (c->appeared && s->has_new) {
        e = e ? e : weigh_key(s, a, c, 0, index_key(KEY_WORD, WATCH_STATE_WORD, "", 0));
    }
    return e;
}

/* Both lists ascend. */
static void mark_entered(const struct plane *a, uint32_t *area, uint32_t n)
{
    for (uint32_t i = 0, old = 0; i < n; i++) {
        while (old < a->areas && (a->area[old] & ~ENTERED) < area[i]) {
            old++;
        }
        const bool was = old < a->areas && a->area[old] == area[i];
        area[i] |= was ? 0 : ENTERED;
    }
}

/* Which areas it is in. True: others than before. */
static enum err look_at_areas(struct watch_set *s, struct plane *a, bool *changed)
{
    uint32_t n = 0, m = 0;
    const uint32_t *may = tree_at(&s->tree, a->lat_e7, a->lon_e7, &n);
    if (n && set_room((void **)&s->scratch, &s->scratch_max, n, sizeof *s->scratch)) {
        return ERR_MEMORY;
    }
    for (uint32_t i = 0; i < n; i++) {
        if (area_shape_has(s->shape[may[i]], a->lat_e7, a->lon_e7)) {
            s->scratch[m++] = may[i];
        }
    }
    a->looked_ms = a->last_ms;
    *changed = m != a->areas || (m && memcmp(a->area, s->scratch, m * sizeof *a->area) != 0);
    if (!*changed) {
        return ERR_OK;
    }
    mark_entered(a, s->scratch, m);
    uint32_t *more = m ? realloc(a->area, m * sizeof *a->area) : a->area;
    if (m && !more) {
        return ERR_MEMORY;
    }
    a->area = more;
    a->areas = m;
    for (uint32_t i = 0; i < m; i++) {
        a->area[i] = s->scratch[i];
    }
    return ERR_OK;
}

/* ---- a position ---- */

static void take_values(struct plane *a, const struct kept *k)
{
    a->lat_e7 = k->lat_e7;
    a->lon_e7 = k->lon_e7;
    a->has_place = true;
    a->alt_ft = k->alt_baro_ft != KEPT_NONE ? k->alt_baro_ft : k->alt_geom_ft;
    a->gs_e2_kt = k->gs_e2_kt;
    a->track_e2_deg = k->track_e2_deg;
    a->rate_fpm = k->baro_rate_fpm != KEPT_NONE ? k->baro_rate_fpm : k->geom_rate_fpm;
}

/* What it says of itself. True: something of it is new. */
static bool take_identity(struct plane *a, const struct kept *k)
{
    bool changed = false;
    if (k->flight[0] && k->flight[0] != ' ' && memcmp(a->flight, k->flight, 8) != 0) {
        memcpy(a->flight, k->flight, 8);
        changed = true;
    }
    if (k->squawk != KEPT_NO_SQUAWK && k->squawk != a->squawk) {
        a->squawk = k->squawk;
        changed = true;
    }
    return changed;
}

bool watch_cares(struct watch_set *s, const struct kept *k, struct watch_care *memo)
{
    uint32_t n = 0;
    if (s->has_new || s->has_dark || s->has_both || s->n_expected > 0 ||
        (s->stale && index_make(s))) {
        return true;
    }
    if (memo->address != k->address || memo->squawk != k->squawk ||
        memcmp(memo->flight, k->flight, 8) != 0) {
        struct plane a = {.address = k->address, .event = NONE, .squawk = k->squawk};
        memcpy(a.flight, k->flight, 8);
        a.last_ms = k->t_ms;
        const bool same = memo->address == k->address;
        const bool failed = plane_renew(s, &a) != ERR_OK;
        *memo = (struct watch_care){.address = k->address,
                                    .squawk = k->squawk,
                                    .states = failed || a.states,
                                    .before = same && memo->before};
        memcpy(memo->flight, k->flight, 8);
        free(a.entry);
    }
    const bool before = memo->before; /* of what was in an area its going out is asked too */
    (void)tree_at(&s->tree, k->lat_e7, k->lon_e7, &n);
    memo->before = n > 0;
    return n > 0 || before || memo->states;
}

enum err watch_fix(struct watch_set *s, const struct kept *k)
{
    struct plane *a;
    enum err e = plane_get(s, k->address, &a);
    if (e || (a->last_ms != KEPT_NO_TIME && k->t_ms < a->last_ms - APPEARS_MS)) {
        return e; /* its clock was put back: nothing follows from it */
    }
    const bool appeared = a->last_ms == KEPT_NO_TIME || k->t_ms - a->last_ms > APPEARS_MS;
    a->prev_ms = a->last_ms;
    a->before_ms = appeared ? a->last_ms : a->before_ms;
    bool changed = appeared | (a->ground != k->ground), moved = false;
    a->ground = k->ground;
    a->last_ms = k->t_ms;
    s->now_ms = k->t_ms > s->now_ms ? k->t_ms : s->now_ms;
    s->sums.fixes++;
    take_values(a, k);
    if (take_identity(a, k)) {
        a->renewed = 0;
    }
    if (s->stale || a->renewed != s->renewed) {
        e = plane_renew(s, a);
        changed = true;
    }
    if (!e && s->tree.nodes &&
        (changed || a->looked_ms == KEPT_NO_TIME || k->t_ms - a->looked_ms >= AREA_MS)) {
        e = look_at_areas(s, a, &moved);
    }
    if (a->stands) {
        both_fix(s, a);
    }
    if (a->ground && s->sites > 0 && !e) {
        e = both_ground(s, a);
    }
    if (a->is_expected) {
        expected_fix(s, a);
    }
    const bool numbers = (a->scalars || (a->areas > 0 && s->has_scalar_area)) &&
                         k->t_ms - a->weighed_ms >= SCALAR_MS;
    if (e || !(changed || moved || numbers)) {
        return e;
    }
    a->weighed_ms = changed || numbers ? k->t_ms : a->weighed_ms;
    return weigh_states(s, a, &(struct change){appeared, changed, moved, changed || numbers});
}
