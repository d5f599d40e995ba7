/* A silence in flight: did it fly on, or land and leave again? Never by time alone: by how far it
   came, how fast it flies, what both sides look like, and whether there is a field it could have
   reached, stood on and left in that time (MOVEMENTS 1.2). */
#include "movement/internal.h"
#include "movement/silence.h"
#include "movement/stay.h"
#include "movement/stop.h"

#include <math.h>

/* What a stop takes at least, minutes, besides the flying: where the type does not say. */
#define STOP_MIN_FAST 22
#define STOP_MIN_SLOW 8

/* A stop, before looking: of silences in which one would fit. */
#define STOP_PRIOR 0.25F

/* A flight nobody heard has rows from this probability on. */
#define UNHEARD_P 0.1F

struct gap {
    const struct path_point *a, *b;
    struct posterior_moment before, after;
    float minutes, nm, kt, expected_kt;
};

static float expected_kt(const struct aircraft *a, const struct path_point *p)
{
    const float top = a->leg.top_gs_kt > 60 ? a->leg.top_gs_kt : 0;
    if (a->frame.type.cruise_kt) {
        return a->frame.type.cruise_kt;
    }
    const float last = a->air_last.gs_kt > 60 ? a->air_last.gs_kt : 0;
    const float next = p->gs_kt > 60 ? p->gs_kt : 0;
    const float mean = last && next ? 0.5F * (last + next) : last + next;
    /* Near an end it is slow; in between it flies as fast as it did. */
    return top > 0 && mean < 0.7F * top ? 0.85F * top : mean > 0 ? mean : 400;
}

/* As fast as it flies between fields, where the type is not known: as fast as it did, wind and all.
 */
static float cruise_kt(const struct aircraft *a, float expected)
{
    const float top = a->leg.top_gs_kt;
    return a->frame.type.cruise_kt ? a->frame.type.cruise_kt
                                   : (top > 250 && 0.97F * top > expected ? 0.97F * top : expected);
}

/* The other side is one point so far: its own report says what it does. */
static void moment_after(const struct path_point *p, struct posterior_moment *out)
{
    *out =
        (struct posterior_moment){.at = unit_of(p->lat_e7, p->lon_e7),
                                  .lat_e7 = p->lat_e7,
                                  .lon_e7 = p->lon_e7,
                                  .track_deg = p->track_e1 < 0 ? -1 : (float)p->track_e1 / 10,
                                  .alt_ft = p->alt_ft == PATH_NO_ALTITUDE ? NAN : (float)p->alt_ft,
                                  .gs_kt = p->gs_kt < 0 ? NAN : (float)p->gs_kt,
                                  .rate_fpm = p->rate_fpm == INT16_MIN ? 0 : p->rate_fpm,
                                  .phase = p->rate_fpm == INT16_MIN ? VERTICAL_UNKNOWN
                                           : p->rate_fpm > 300      ? VERTICAL_CLIMB
                                           : p->rate_fpm < -300     ? VERTICAL_DESCENT
                                                                    : VERTICAL_LEVEL};
}

/* How likely the silence looks like this if it flew on: time it cannot account for is time spent
   holding or going round, which gets rarer by the quarter of an hour. */
static float fit_continued(const struct gap *g)
{
    const float needed = g->nm / g->expected_kt * 60;
    const float spare = g->minutes - needed;
    float fit = spare > 0 ? expf(-spare / (10 + 0.1F * needed)) : 1;
    if (g->after.phase == VERTICAL_CLIMB && g->after.alt_ft < g->before.alt_ft + 2000) {
        fit *= 0.4F;
    }
    if (g->before.phase == VERTICAL_DESCENT && g->after.alt_ft > g->before.alt_ft + 1000) {
        fit *= 0.3F;
    }
    return fit;
}

/* That nothing was heard of a flight that went straight on. */
static float unheard_on(const struct movement *m, const struct gap *g)
{
    bool known = false;
    const struct silence_way way = {.from = {g->a->lat_e7, g->a->lon_e7},
                                    .to = {g->b->lat_e7, g->b->lon_e7},
                                    .alt_ft = g->before.alt_ft,
                                    .t_ms = g->a->t_ms,
                                    .way_min = g->minutes,
                                    .minutes = g->minutes,
                                    .known = true};
    const float log_p = m->o.views.heard ? silence_log(&m->o.views, &way, &known) : 0;
    return known ? fmaxf(expf(log_p), 0.04F) : 1;
}

static float stop_min(const struct aircraft *a, float cruise_kt)
{
    return a->frame.type.ground_min ? a->frame.type.ground_min
                                    : (cruise_kt > 220 ? STOP_MIN_FAST : STOP_MIN_SLOW);
}

/* What stops there may have been between the last point and p. */
static void weigh(struct movement *m, struct aircraft *a, const struct gap *g,
                  const struct posterior_end *stood, const struct posterior_end *found,
                  struct stop_answer *out)
{
    struct stop_question q = {.views = &m->o.views,
                              .posterior = m->posterior,
                              .origin = a->leg.origin,
                              .stood = stood,
                              .found = found,
                              .minutes = g->minutes,
                              .cruise_kt = cruise_kt(a, g->expected_kt),
                              .stop_min = stop_min(a, g->expected_kt)};
    q.typical_min = a->frame.type.ground_min ? 6 * q.stop_min : 2.5F * q.stop_min;
    leg_question(m, a, &q.before);
    q.before.silent = true;
    q.after = q.before;
    q.after.t_ms = g->b->t_ms;
    q.after.first = q.after.now = g->after;
    q.after.first_is_takeoff = false;
    q.after.flown_nm = 0;
    stop_weigh(&q, out);
}

static void give_gap(struct movement *m, struct aircraft *a, const struct gap *g, float p)
{
    struct claim c = row_of(a, CLAIM_GAP, CLAIM_METHOD_INFERRED_GAP);
    row_times(&c, g->a->t_ms, g->b->t_ms);
    c.sure_lo_ms = c.t_lo_ms;
    c.sure_hi_ms = c.t_hi_ms;
    c.p = p; /* that it landed meanwhile */
    c.size_m = (uint32_t)((double)g->nm * SPHERE_M_PER_NM);
    row_place(&c, g->a);
    c.evidence.silent_s = (uint32_t)((g->b->t_ms - g->a->t_ms) / 1000);
    c.evidence.lost_alt_ft = g->a->alt_ft;
    c.evidence.rules |= p < 0.5F ? 1U << CLAIM_RULE_CONTINUOUS : 1U << CLAIM_RULE_REACHABLE;
    row_give(m, a, &c);
}

/* Minutes to milliseconds after t_ms. */
static int64_t later(int64_t t_ms, float minutes)
{
    return t_ms + (int64_t)((double)minutes * 60000);
}

/* Earliest and latest, the earlier never after the later; the time it is listed by is in between.
 */
static struct instant instant_of(int64_t lo_ms, int64_t hi_ms, int64_t t_ms)
{
    const int64_t from_ms = lo_ms < hi_ms ? lo_ms : hi_ms;
    const int64_t until_ms = lo_ms < hi_ms ? hi_ms : lo_ms;
    return (struct instant){from_ms, until_ms,
                            t_ms < from_ms    ? from_ms
                            : t_ms > until_ms ? until_ms
                                              : t_ms};
}

/* When it left the one place for the other in that time: the one it stands at for long it left
   late, or came to soon. */
static int64_t left_ms(const struct movement *m, const struct aircraft *a,
                       const struct posterior_end *from, const struct posterior_end *to,
                       int64_t lo_ms, int64_t hi_ms)
{
    const double window_h = hi_ms > lo_ms ? (double)(hi_ms - lo_ms) / 3600000 : 0;
    double h = window_h / 2;
    if (from->n && to->n) {
        const float here_h = stay_hours(&m->o.views, a->address, a->epoch, hi_ms, a->frame.state,
                                        from->place[0].airport);
        const float there_h = stay_hours(&m->o.views, a->address, a->epoch, hi_ms, a->frame.state,
                                         to->place[0].airport);
        h = stay_left_h(window_h, here_h, there_h);
    }
    return lo_ms + (int64_t)(h * 3600000);
}

void gap_moved(struct movement *m, struct aircraft *a, const struct path_point *from,
               const struct path_point *to, struct instant *off, struct instant *on)
{
    struct posterior_end stood, found;
    const int32_t day = day_of(to->t_ms);
    leg_who(m, a, to->t_ms); /* it may not have flown yet, as far as was heard */
    match_ground(m->o.views.airports, day, from, a->frame.type.helicopter, &stood);
    match_ground(m->o.views.airports, day, to, a->frame.type.helicopter, &found);
    const float kt = a->frame.type.cruise_kt ? a->frame.type.cruise_kt : 400;
    const float way_min = stop_way_min(path_nm(from, to), kt);
    const int64_t off_ms = left_ms(m, a, &stood, &found, from->t_ms, later(to->t_ms, -way_min));
    *off = instant_of(from->t_ms, to->t_ms, off_ms);
    *on = instant_of(from->t_ms, to->t_ms, later(off->t_ms, way_min));
}

/* A flight nobody heard, from where it stood to where it left: rows of its own. */
static void give_unheard(struct movement *m, struct aircraft *a, const struct gap *g,
                         const struct stop_answer *s, float p, int64_t from_ms, int64_t until_ms)
{
    const int64_t last_ms = later(until_ms, -s->between.least);
    const int64_t off_ms = left_ms(m, a, &s->from, &s->to, from_ms, last_ms);
    const struct instant off = instant_of(from_ms, last_ms, off_ms);
    const struct instant on =
        instant_of(later(from_ms, s->between.least), until_ms, later(off.t_ms, s->between.usual));
    leg_took_off(m, a, g->b, &s->from, off, CLAIM_METHOD_INFERRED_REAPPEARANCE, p);
    leg_land(m, a, &s->to, on, CLAIM_METHOD_INFERRED_REAPPEARANCE, p);
    a->has_landed = false; /* how long it stood there nobody knows */
}

/* It left a place in the silence and is in flight: the next leg begins there. It is heard again
   because it flies, so it left as late as it could. */
static void leave_again(struct movement *m, struct aircraft *a, const struct gap *g,
                        const struct stop_answer *s, float p, int64_t from_ms,
                        enum claim_method method)
{
    const struct instant off =
        instant_of(from_ms, later(g->b->t_ms, -s->out.least), later(g->b->t_ms, -s->out.usual));
    leg_took_off(m, a, g->b, &s->left, off, method, p);
    again_noted(a);
    const struct site site = site_of(m->o.views.airports, s->left.place[0].airport);
    a->leg.flown_nm = unit_nm(site.at, unit_of(g->b->lat_e7, g->b->lon_e7));
    leg_first_seen(m, a);
    a->has_landed = false;
    a->state = FLIGHT_AIR;
    a->air_last = *g->b;
    leg_track(m, a, g->b);
}

static void gap_of(struct aircraft *a, const struct path_point *from, const struct path_point *p,
                   struct gap *g)
{
    *g = (struct gap){.a = from, .b = p};
    path_moment(&a->path, &g->before);
    moment_after(p, &g->after);
    g->minutes = (float)(p->t_ms - from->t_ms) / 60000;
    g->nm = path_nm(from, p);
    g->expected_kt = expected_kt(a, p);
    g->kt = g->nm / g->minutes * 60;
}

/* In flight, silent, and now on the ground: there it landed, or elsewhere and came here since. What
   flies lands as soon as it can. */
static void landed_meanwhile(struct movement *m, struct aircraft *a, const struct path_point *p)
{
    struct posterior_end found;
    struct stop_answer s;
    struct gap g;
    gap_of(a, &a->air_last, p, &g);
    match_ground(m->o.views.airports, day_of(p->t_ms), p, a->frame.type.helicopter, &found);
    weigh(m, a, &g, NULL, &found, &s);
    const int64_t first_ms = later(g.a->t_ms, s.in.least);
    const int64_t on_ms = later(g.a->t_ms, s.in.usual);
    if (s.unheard_p >= UNHEARD_P && s.from.n && s.to.n) {
        const int64_t until_ms = later(p->t_ms, -s.between.least - stop_min(a, g.expected_kt));
        const struct instant on = instant_of(first_ms, until_ms, on_ms);
        const float p_unheard = s.unheard_p;
        leg_land(m, a, &s.landed, on, CLAIM_METHOD_INFERRED_REAPPEARANCE, 0.995F);
        give_unheard(m, a, &g, &s, p_unheard, later(first_ms, stop_min(a, g.expected_kt)), p->t_ms);
    } else {
        const struct instant on = instant_of(first_ms, p->t_ms, on_ms);
        leg_land(m, a, &found, on, CLAIM_METHOD_INFERRED_REAPPEARANCE, 0.995F);
    }
    a->state = FLIGHT_GROUND;
    a->ground_first = a->ground_last = *p;
    a->run = 0;
    path_cut(&a->path);
}

/* It came down in the silence, once or twice, and flies again. */
static void give_stops(struct movement *m, struct aircraft *a, const struct gap *g,
                       const struct stop_answer *s, float p)
{
    const float stop = stop_min(a, g->expected_kt);
    const bool twice = s->unheard_p >= UNHEARD_P && s->from.n && s->to.n;
    const float after_min =
        s->out.least + (twice && s->unheard_p > 0.5F ? s->between.least + stop : 0);
    const struct instant on =
        instant_of(later(g->a->t_ms, s->in.least), later(g->b->t_ms, -after_min - stop),
                   later(g->a->t_ms, s->in.usual));
    leg_land(m, a, &s->landed, on, CLAIM_METHOD_INFERRED_GAP, p);
    const int64_t from_ms = later(on.lo_ms, stop);
    again_begin(m, a, s, p);
    if (twice) {
        give_unheard(m, a, g, s, p * s->unheard_p, from_ms,
                     later(g->b->t_ms, -s->out.least - stop));
    }
    leave_again(m, a, g, s, p, from_ms, CLAIM_METHOD_INFERRED_GAP);
}

bool gap_resolve(struct movement *m, struct aircraft *a, const struct path_point *p, bool on_ground)
{
    struct gap g;
    struct stop_answer s = {0};
    const struct path_point now = a->path.last;
    a->path.last = a->air_last; /* questions are asked as of the last point before */
    if (on_ground) {
        landed_meanwhile(m, a, p);
        a->path.last = now;
        return true;
    }
    gap_of(a, &a->air_last, p, &g);
    float odds = 0;
    if (a->closed || g.kt < 0.8F * g.expected_kt) {
        weigh(m, a, &g, NULL, NULL, &s);
        const float stop = STOP_PRIOR * s.fit;
        const float on = (1 - STOP_PRIOR) * fit_continued(&g) * unheard_on(m, &g);
        odds = a->closed ? 0.995F : stop / (stop + on + 1e-12F);
    }
    give_gap(m, a, &g, odds);
    if (odds > 0.5F && s.landed.n) {
        give_stops(m, a, &g, &s, odds);
        a->path.last = now;
        return true;
    }
    a->path.last = now;
    lost_withdraw(m, a);
    a->leg.gap_p = odds > a->leg.gap_p ? odds : a->leg.gap_p;
    path_cut(&a->path); /* what was before says nothing of the track now */
    return false;
}

bool gap_left(struct movement *m, struct aircraft *a, const struct path_point *p)
{
    struct posterior_end stood;
    struct stop_answer s;
    struct gap g;
    match_ground(m->o.views.airports, day_of(a->ground_last.t_ms), &a->ground_last,
                 a->frame.type.helicopter, &stood);
    if (!stood.n) {
        return false;
    }
    gap_of(a, &a->ground_last, p, &g);
    weigh(m, a, &g, &stood, NULL, &s);
    if (!s.left.n) {
        return false;
    }
    const int64_t from_ms = a->ground_last.t_ms;
    again_begin(m, a, &s, 1);
    if (s.unheard_p >= UNHEARD_P && s.from.n && s.to.n) {
        give_unheard(m, a, &g, &s, s.unheard_p, from_ms,
                     later(p->t_ms, -s.out.least - stop_min(a, g.expected_kt)));
    } else {
        leg_give_stay(m, a, &stood, from_ms, later(p->t_ms, -s.out.least));
    }
    leave_again(m, a, &g, &s, 1, from_ms, CLAIM_METHOD_INFERRED_REAPPEARANCE);
    return true;
}
