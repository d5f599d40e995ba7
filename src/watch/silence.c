/* Silence: an aircraft that should be heard and is not. Only where hearing was good is that worth
   an alert; elsewhere the log says that nobody could hear. */
#include "watch/internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SPAN_MAX_MS INT64_C(43200000) /* silence is looked at for so long: then it is old */
#define ROUND_MS    INT64_C(60000)    /* every aircraft is looked at once in this time */

enum { LANDING_FT = 1500, MINUTES_MAX = 15 };

/* How surely it would have been heard, had it gone on as it flew: the mean of the minutes after.
   They are not independent: where one in ten minutes is heard, an hour of silence says nothing.
   false: it may have landed, or nothing is known of how it flew. */
static bool would_be_heard(const struct watch_set *s, const struct plane *a, int64_t span_ms,
                           float *out)
{
    const int minutes = (int)(span_ms / 60000) < MINUTES_MAX ? (int)(span_ms / 60000) : MINUTES_MAX;
    const double speed_ms = a->gs_e2_kt / 100.0 * SPHERE_M_PER_NM / 3600;
    const struct sphere_place from = {a->lat_e7, a->lon_e7};
    double heard = 0;
    if (a->ground || a->alt_ft == KEPT_NONE || a->gs_e2_kt < 5000 || a->track_e2_deg == KEPT_NONE) {
        return false;
    }
    for (int m = 1; m <= minutes; m++) {
        const struct sphere_place at =
            sphere_destination(from, a->track_e2_deg / 100.0, speed_ms * 60 * m);
        const int32_t rate = a->rate_fpm == KEPT_NONE ? 0 : a->rate_fpm;
        const int64_t alt_ft = a->alt_ft + (rate < 0 ? (int64_t)rate * m : 0);
        if (alt_ft < LANDING_FT) {
            return false;
        }
        const float h = s->views.heard ? s->views.heard(s->views.heard_ctx, at.lat_e7, at.lon_e7,
                                                        (int32_t)alt_ft, a->last_ms + m * 60000)
                                       : -1;
        heard += h > 0 ? h : 0;
    }
    *out = minutes > 0 ? (float)(heard / minutes) : 0;
    return true;
}

static bool told_before(struct watch_set *s, const struct plane *a, const struct watch *w,
                        unsigned step)
{
    for (struct event *e = event_at(s, a->event); e; e = event_at(s, e->next)) {
        if (e->told.word == WATCH_DARK && e->told.watch == w->id && e->told.step == step &&
            e->told.since_ms == a->last_ms) {
            return true;
        }
    }
    return false;
}

static enum err weigh_entry(struct watch_set *s, struct plane *a, uint32_t entry, int64_t now_ms)
{
    const struct entry en = s->entry[entry];
    if (en.word != WATCH_DARK) {
        return ERR_OK;
    }
    const struct watch *w = &s->watch[en.watch];
    const struct watch_case *of = &w->rule->of[en.of];
    const struct watch_term *t = &w->rule->term[of->event];
    float heard = 0;
    if (now_ms - a->last_ms < t->span_ms || told_before(s, a, w, en.step) ||
        (t->where == WATCH_WITHIN &&
         !area_shape_has(s->shape[w->area + t->area], a->lat_e7, a->lon_e7)) ||
        weigh_case(s, w, of, a, a->last_ms) != IS_TRUE ||
        !would_be_heard(s, a, t->span_ms, &heard)) {
        return ERR_OK;
    }
    struct watch_alert o = event_alert(s, w, a);
    struct watch_told told = {.watch = w->id,
                              .since_ms = a->last_ms,
                              .last_ms = a->last_ms + t->span_ms,
                              .word = WATCH_DARK,
                              .step = (uint8_t)en.step,
                              .address = a->address,
                              .other = ADDRESS_NONE,
                              .count = 1};
    o.word = WATCH_DARK;
    o.tell = heard >= t->p ? WATCH_TELL_ALERT : WATCH_TELL_NOTE;
    o.step = (uint8_t)en.step;
    o.t_lo_ms = a->last_ms;
    o.t_hi_ms = o.made_ms = a->last_ms + t->span_ms;
    o.p = o.heard = heard;
    o.silent_s = (uint32_t)(t->span_ms / 1000);
    if (t->where == WATCH_WITHIN && t->places) {
        snprintf(o.airport, sizeof o.airport, "%.11s", w->rule->value[t->place].text);
    } else if (t->where == WATCH_WITHIN) {
        snprintf(o.area, sizeof o.area, "%s", w->rule->area[t->area].name);
    }
    snprintf(o.key, sizeof o.key, "d:%06x:%lld", (unsigned)a->address, (long long)a->last_ms);
    if (o.tell == WATCH_TELL_ALERT) {
        return event_tell(s, a, &o, &told, NULL);
    }
    if (!event_add(s, a, &told)) {
        return ERR_MEMORY;
    }
    event_give(s, &o);
    return ERR_OK;
}

static enum err sweep_one(struct watch_set *s, struct plane *a, int64_t now_ms)
{
    const int64_t silent_ms = now_ms - a->last_ms;
    if (!a->has_place || silent_ms < s->least_dark_ms || silent_ms > SPAN_MAX_MS) {
        return ERR_OK;
    }
    enum err e = plane_renew(s, a);
    for (uint32_t i = 0; i < a->entries && !e; i++) {
        e = weigh_entry(s, a, a->entry[i], now_ms);
    }
    for (uint32_t i = index_first(s, index_key(KEY_WORD, WATCH_DARK, "", 0)); i != NONE && !e;
         i = s->link[i].next) {
        e = weigh_entry(s, a, s->link[i].entry, now_ms);
    }
    return e;
}

enum err silence_sweep(struct watch_set *s, int64_t from_ms, int64_t now_ms)
{
    const int64_t passed_ms = now_ms - from_ms;
    uint32_t n = passed_ms >= ROUND_MS ? s->planes
                                       : (uint32_t)((int64_t)s->planes * passed_ms / ROUND_MS) + 1;
    enum err e = ERR_OK;
    for (n = n < s->planes ? n : s->planes; n > 0 && !e; n--) {
        s->swept = s->swept + 1 < s->planes ? s->swept + 1 : 0;
        e = sweep_one(s, &s->plane[s->swept], now_ms);
    }
    return e;
}
