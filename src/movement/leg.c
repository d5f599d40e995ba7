/* Beginnings and ends of legs: what is gathered along the way, and the rows of take-off, first
   sight, origin, destination, landing, stay and leg. */
#include "movement/internal.h"

#include "geo/sphere.h"

#include <math.h>
#include <string.h>

/* The odometer counts chords of this length, so that jitter is not way. */
#define ODOMETER_NM 0.5F

#define FIRST_MS  120000 /* how long after the first point its climb and track are read */
#define MINUTE_MS 60000

/* Longer on the ground unheard it was parked, and left as it was heard again. */
#define PARKED_MS 600000

/* A first or last point this high above a field, this near, says take-off or landing. */
#define LOW_FT 3000
#define LOW_NM 10

static void count(struct tally *t, const struct path_point *p)
{
    if (t->fixes++ == 0) {
        t->first_ms = p->t_ms;
    }
    t->last_ms = p->t_ms;
    t->source[p->source]++;
    if (p->receiver == 0) {
        return;
    }
    for (unsigned i = 0; i < CLAIM_RECEIVERS; i++) {
        if (t->receiver[i] == p->receiver) {
            return;
        }
        if (t->receiver[i] == 0) {
            t->receiver[i] = p->receiver;
            t->receivers++;
            return;
        }
    }
}

void leg_who(const struct movement *m, struct aircraft *a, int64_t t_ms)
{
    a->has_frame = m->o.views.airframe &&
                   m->o.views.airframe(m->o.views.airframe_ctx, a->address, t_ms, &a->frame);
    if (!a->has_frame) {
        a->frame = (struct movement_airframe){0};
    }
}

void leg_begin(struct movement *m, struct aircraft *a, const struct path_point *first)
{
    a->leg = (struct leg){.start = *first,
                          .odometer = *first,
                          .farthest = *first,
                          .top_ft = first->alt_ft == PATH_NO_ALTITUDE ? 0 : (float)first->alt_ft,
                          .low_ft = INFINITY,
                          .off_p = 1,
                          .bound = SITE_NONE,
                          .said = SITE_NONE,
                          .off = {CLAIM_NO_TIME, CLAIM_NO_TIME, CLAIM_NO_TIME}};
    a->legs++;
    a->pending = false;
    a->closed = false;
    leg_who(m, a, first->t_ms);
    path_cut(&a->path);
}

/* Who holds comes back to the farthest place again and again: the first time counts. */
#define FARTHER_NM 5

/* Below, noise and traffic tell how fast it climbs, and above, how soon it levels. */
#define CLIMB_LOW_FT   10000
#define CLIMB_HIGH_FT  33000
#define CLIMB_TELLS_FT 6000
#define CLIMB_STEP_MIN 0.3F
#define CLIMB_HOLE_MIN 5
#define CLIMB_HELD_FPM 500 /* slower: it was held down */

/* As the flights of docs/MOVEMENT.md did on average. */
static float usual_fpm(float alt_ft)
{
    return 2450 - 0.054F * (alt_ft - CLIMB_LOW_FT);
}

static void climb_on(struct climb *c, const struct path_point *p)
{
    const float minutes = (float)(p->t_ms - c->at_ms) / 60000, alt_ft = (float)p->alt_ft;
    if (p->alt_ft == PATH_NO_ALTITUDE || minutes < CLIMB_STEP_MIN) {
        return;
    }
    const float up_ft = alt_ft - c->at_ft;
    if (minutes < CLIMB_HOLE_MIN && c->at_ft > CLIMB_LOW_FT && alt_ft < CLIMB_HIGH_FT &&
        up_ft > CLIMB_HELD_FPM * minutes) {
        c->up_ft += up_ft;
        c->took_min += minutes;
        c->usual_min += up_ft / usual_fpm((c->at_ft + alt_ft) / 2);
    }
    c->at_ms = p->t_ms;
    c->at_ft = alt_ft;
}

void leg_track(struct movement *m, struct aircraft *a, const struct path_point *p)
{
    struct leg *l = &a->leg;
    count(&l->tally, p);
    path_keep(&a->path, p);
    const float step_nm = path_nm(&l->odometer, p);
    if (step_nm > ODOMETER_NM) {
        l->flown_nm += step_nm;
        l->odometer = *p;
        const float from_nm = path_nm(&l->start, p);
        if (from_nm > l->farthest_nm + FARTHER_NM) {
            l->farthest_nm = from_nm;
            l->farthest_flown_nm = l->flown_nm;
            l->farthest = *p;
        }
    }
    if (p->alt_ft != PATH_NO_ALTITUDE && (float)p->alt_ft > l->top_ft) {
        l->top_ft = (float)p->alt_ft;
    }
    climb_on(&l->climb, p);
    /* One report alone may be wrong. */
    const int16_t gs = p->gs_kt < l->last_gs_kt ? p->gs_kt : l->last_gs_kt;
    l->last_gs_kt = p->gs_kt;
    if (gs > l->top_gs_kt && gs < 700) {
        l->top_gs_kt = gs;
    }
    if (!l->first_ready && p->t_ms - l->start.t_ms >= FIRST_MS) {
        leg_first_ready(m, a);
    }
}

/* ---- when ---- */

#define LONGEST_MIN (16 * 60)

/* Minutes between a moment and the end of the flight before or after it, by how far its candidates
   are; where most of it is none of them, anything up to the longest flights. */
static void minutes_to(const struct movement *m, const struct aircraft *a,
                       const struct posterior_end *end, struct unit at, float *least, float *most)
{
    const float top = a->leg.top_gs_kt;
    const float kt = a->frame.type.cruise_kt ? a->frame.type.cruise_kt : top > 100 ? top : 400;
    float near_nm = INFINITY, far_nm = 0;
    for (unsigned i = 0; i < end->n; i++) {
        const float nm = unit_nm(at, site_of(m->o.views.airports, end->place[i].airport).at);
        near_nm = fminf(near_nm, nm);
        far_nm = end->place[i].p >= 0.01F ? fmaxf(far_nm, nm) : far_nm;
    }
    *least = end->n ? near_nm / (1.2F * kt) * 60 : 0;
    *most = end->none_p > 0.2F || !end->n ? LONGEST_MIN : far_nm / (0.7F * kt) * 60 + 20;
    *most = fminf(fmaxf(*most, *least), LONGEST_MIN);
    *least = fminf(*least, *most);
}

/* ---- questions ---- */

void leg_question(const struct movement *m, const struct aircraft *a, struct posterior_flight *f)
{
    (void)m;
    const struct leg *l = &a->leg;
    *f = (struct posterior_flight){.address = a->address,
                                   .epoch = a->epoch,
                                   .t_ms = a->path.last.t_ms,
                                   .state = a->frame.state,
                                   .type = a->frame.type,
                                   .first = l->first,
                                   .first_is_takeoff = l->is_takeoff,
                                   .flown_nm = l->flown_nm + path_nm(&l->odometer, &a->path.last),
                                   .top_ft = l->top_ft,
                                   .top_gs_kt = l->top_gs_kt};
    if (l->climb.up_ft >= CLIMB_TELLS_FT) {
        f->brisk = l->climb.usual_min / l->climb.took_min;
    }
    path_moment(&a->path, &f->now);
    if (!l->first_ready) {
        path_first_moment(&a->path, &f->first);
    }
    /* Three letters and a figure are an operator's flight; anything else is a registration or a
       word. */
    if (a->flight[3] >= '0' && a->flight[3] <= '9' && route_operator(a->flight)) {
        memcpy(f->operator, a->flight, 3);
    } else if (a->frame.operator[0]) {
        memcpy(f->operator, a->frame.operator, 3);
    }
}

void leg_ask(struct movement *m, struct aircraft *a, struct posterior_end *out)
{
    struct posterior_flight f;
    leg_question(m, a, &f);
    if (!leg_is_low(&f) && a->leg.asked_ms != 0) {
        posterior_quick(m->posterior, &f, &a->leg.origin, &a->leg.list, out);
        return;
    }
    posterior_destination(m->posterior, &f, &a->leg.origin, out);
}

#define WATCH_MS      300000
#define WATCH_LIVE_MS 60000

/* Whether an answer can have moved since it was given: it turned, climbed or came down, or flew a
   tenth of the way to the nearest place that matters. */
#define TURNED_E1  20
#define CLIMBED_FT 400

static bool is_as_asked(const struct leg *l, const struct path_point *p)
{
    const struct path_point *q = &l->asked;
    const int turn =
        p->track_e1 > q->track_e1 ? p->track_e1 - q->track_e1 : q->track_e1 - p->track_e1;
    return q->track_e1 >= 0 && p->track_e1 >= 0 && (turn < 1800 ? turn : 3600 - turn) < TURNED_E1 &&
           q->alt_ft != PATH_NO_ALTITUDE && p->alt_ft != PATH_NO_ALTITUDE &&
           p->alt_ft - q->alt_ft < CLIMBED_FT && q->alt_ft - p->alt_ft < CLIMBED_FT &&
           path_nm(q, p) < l->asked_nm;
}

/* How far it may go before the answer is worth asking again. */
static float still_nm(const struct movement *m, const struct posterior_moment *now,
                      const struct posterior_end *end)
{
    float nm = 400;
    for (unsigned i = 0; i < end->n; i++) {
        if (end->place[i].p >= 0.02F) {
            nm =
                fminf(nm, unit_nm(now->at, site_of(m->o.views.airports, end->place[i].airport).at));
        }
    }
    return 0.1F * nm;
}

void leg_watch(struct movement *m, struct aircraft *a)
{
    struct leg *l = &a->leg;
    const int64_t now_ms = a->path.last.t_ms;
    if (!l->first_ready || now_ms - l->asked_ms < (m->o.live ? WATCH_LIVE_MS : WATCH_MS)) {
        return;
    }
    if (l->asked_ms != 0 && is_as_asked(l, &a->path.last)) {
        l->asked_ms = now_ms;
        return;
    }
    struct posterior_flight f;
    struct posterior_end end;
    leg_question(m, a, &f);
    if (l->asked_ms == 0) {
        posterior_shortlist(m->posterior, &f, &l->origin, &l->list);
    }
    l->asked_ms = now_ms;
    posterior_quick(m->posterior, &f, &l->origin, &l->list, &end);
    l->asked = a->path.last;
    l->asked_nm = still_nm(m, &f.now, &end);
    if (end.n && end.place[0].p > l->bound_p && f.now.phase != VERTICAL_DESCENT) {
        if (l->bound != end.place[0].airport && l->bound_p >= LEG_BOUND_P) {
            l->was_bound = l->bound;
            l->was_bound_p = l->bound_p;
            l->was_bound_ms = l->bound_ms;
        }
        l->bound = end.place[0].airport;
        l->bound_p = end.place[0].p;
        l->bound_ms = now_ms;
    }
    if (!m->o.live || !end.n ||
        (end.place[0].airport == l->said && fabsf(end.place[0].p - l->said_p) < 0.15F)) {
        return;
    }
    struct claim c = row_of(a, CLAIM_DESTINATION, CLAIM_METHOD_POSTERIOR);
    float least, most;
    minutes_to(m, a, &end, f.now.at, &least, &most);
    row_times(&c, now_ms + (int64_t)(least * 60000), now_ms + (int64_t)(most * 60000));
    c.supersedes = l->destination_claim;
    row_end(m, &c, &end);
    l->destination_claim = row_give(m, a, &c);
    l->said = end.place[0].airport;
    l->said_p = end.place[0].p;
}

/* ---- beginnings ---- */

static void give_take_off(struct movement *m, struct aircraft *a)
{
    struct leg *l = &a->leg;
    struct claim c = row_of(a, CLAIM_TOOK_OFF, (enum claim_method)l->method);
    row_when(&c, l->off);
    c.p = l->off_p;
    row_place(&c, &l->start);
    c.lat_e7 = c.lon_e7 = CLAIM_NO_PLACE;
    row_end(m, &c, &l->origin);
    if (c.lat_e7 == CLAIM_NO_PLACE) {
        row_place(&c, &l->start);
    }
    l->origin_claim = row_give(m, a, &c);
}

static void give_stay(struct movement *m, struct aircraft *a, int64_t lo_ms, int64_t hi_ms)
{
    struct claim c = row_of(a, CLAIM_STAY, CLAIM_METHOD_OBSERVED);
    c.leg = 0;
    c.t_lo_ms = a->landed_lo_ms;
    c.sure_lo_ms = a->landed_hi_ms;
    c.sure_hi_ms = lo_ms > a->landed_hi_ms ? lo_ms : a->landed_hi_ms;
    c.t_hi_ms = hi_ms;
    row_end(m, &c, &a->site);
    row_give(m, a, &c);
}

void leg_give_stay(struct movement *m, struct aircraft *a, const struct posterior_end *site,
                   int64_t lo_ms, int64_t hi_ms)
{
    if (a->has_landed && site->n && a->site.n &&
        a->site.place[0].airport == site->place[0].airport) {
        give_stay(m, a, lo_ms, hi_ms);
    }
}

void leg_take_off(struct movement *m, struct aircraft *a, const struct path_point *ground,
                  const struct path_point *air)
{
    struct posterior_end site;
    match_ground(m->o.views.airports, day_of(ground->t_ms), ground, a->frame.type.helicopter,
                 &site);
    leg_give_stay(m, a, &site, ground->t_ms, air->t_ms);
    leg_begin(m, a, air);
    struct leg *l = &a->leg;
    l->origin = site;
    l->is_takeoff = true;
    l->method = CLAIM_METHOD_OBSERVED;
    l->off =
        (struct instant){.lo_ms = ground->t_ms,
                         .hi_ms = air->t_ms,
                         .t_ms = air->t_ms - ground->t_ms > PARKED_MS ? air->t_ms : CLAIM_NO_TIME};
    l->start = *ground;
    l->odometer = *ground;
    l->start.t_ms = air->t_ms; /* when its first minutes begin */
    a->has_landed = false;
    give_take_off(m, a);
}

void leg_took_off(struct movement *m, struct aircraft *a, const struct path_point *first,
                  const struct posterior_end *site, struct instant when, enum claim_method method,
                  float p)
{
    leg_begin(m, a, first);
    struct leg *l = &a->leg;
    l->origin = *site;
    l->is_takeoff = true;
    l->first_ready = false;
    l->method = (uint8_t)method;
    l->off = when;
    l->off_p = p;
    give_take_off(m, a);
}

static float climb_fpm(const struct aircraft *a)
{
    return a->frame.type.climb_fpm ? a->frame.type.climb_fpm
                                   : (a->leg.top_gs_kt > 250   ? 1800
                                      : a->leg.top_gs_kt > 150 ? 1200
                                                               : 500);
}

/* A first point low over a field and climbing: it took off there, so much earlier. */
static bool is_low_start(struct movement *m, const struct aircraft *a, float *height_ft)
{
    const struct leg *l = &a->leg;
    if (!l->origin.n || l->first.phase != VERTICAL_CLIMB || isnan(l->first.alt_ft)) {
        return false;
    }
    const struct site s = site_of(m->o.views.airports, l->origin.place[0].airport);
    *height_ft = l->first.alt_ft - match_elevation(m->o.views.airports, s.airport);
    return *height_ft < LOW_FT && unit_nm(s.at, l->first.at) < LOW_NM;
}

static void give_origin(struct movement *m, struct aircraft *a)
{
    struct leg *l = &a->leg;
    float height_ft;
    if (is_low_start(m, a, &height_ft)) {
        const float s = (height_ft > 0 ? height_ft : 0) / climb_fpm(a) * 60 + 40;
        const float slack_s = 0.3F * s > 60 ? 0.3F * s : 60;
        l->method = CLAIM_METHOD_INFERRED_CLIMB;
        l->off.lo_ms = l->start.t_ms - (int64_t)((s + slack_s) * 1000);
        l->off.hi_ms = l->start.t_ms - (int64_t)((s > slack_s ? s - slack_s : 0) * 1000);
        l->origin.rules |= 1U << CLAIM_RULE_FIRST_LOW | 1U << CLAIM_RULE_CLIMBING;
        give_take_off(m, a);
        return;
    }
    if (l->origin.n == 0) {
        return;
    }
    struct claim c = row_of(a, CLAIM_ORIGIN, CLAIM_METHOD_POSTERIOR);
    float least, most;
    minutes_to(m, a, &l->origin, l->first.at, &least, &most);
    row_times(&c, l->start.t_ms - (int64_t)(most * 60000),
              l->start.t_ms - (int64_t)(least * 60000));
    c.supersedes = l->origin_claim;
    row_end(m, &c, &l->origin);
    l->origin_claim = row_give(m, a, &c);
}

void leg_first_seen(struct movement *m, struct aircraft *a)
{
    const struct path_point *start = &a->leg.start;
    struct claim c = row_of(a, CLAIM_FIRST_SEEN, CLAIM_METHOD_OBSERVED);
    row_times(&c, start->t_ms, start->t_ms);
    row_place(&c, start);
    row_give(m, a, &c);
}

void leg_first_ready(struct movement *m, struct aircraft *a)
{
    struct leg *l = &a->leg;
    l->first_ready = true;
    path_first_moment(&a->path, &l->first);
    if (l->off.lo_ms != CLAIM_NO_TIME) {
        return;
    }
    leg_first_seen(m, a);
    struct posterior_flight f;
    struct posterior_end none = {0}, origin;
    leg_question(m, a, &f);
    posterior_origin(m->posterior, &f, &none, &origin);
    l->origin = origin;
    give_origin(m, a);
    /* What is thought of the origin before the end is known is too weak to build on. */
    if (l->off.lo_ms == CLAIM_NO_TIME) {
        l->origin = none;
    }
}

/* ---- ends ---- */

static void weigh_origin_again(struct movement *m, struct aircraft *a,
                               const struct posterior_end *destination)
{
    struct leg *l = &a->leg;
    if (!l->first_ready) {
        leg_first_ready(m, a);
    }
    if (l->off.lo_ms != CLAIM_NO_TIME) {
        return;
    }
    struct posterior_flight f;
    leg_question(m, a, &f);
    posterior_origin(m->posterior, &f, destination, &l->origin);
    give_origin(m, a);
}

static void give_leg(struct movement *m, struct aircraft *a, const struct posterior_end *site,
                     int64_t lo_ms, int64_t hi_ms, float p)
{
    struct leg *l = &a->leg;
    struct claim c = row_of(a, CLAIM_LEG, CLAIM_METHOD_OBSERVED);
    const bool has_off = l->off.lo_ms != CLAIM_NO_TIME;
    c.t_lo_ms = has_off ? l->off.lo_ms : l->start.t_ms;
    c.sure_lo_ms = has_off ? l->off.hi_ms : l->start.t_ms;
    c.sure_hi_ms = lo_ms;
    c.t_hi_ms = hi_ms;
    c.p = p;
    c.size_m = (uint32_t)((double)l->flown_nm * SPHERE_M_PER_NM);
    c.supersedes = l->leg_claim;
    row_end(m, &c, site);
    l->leg_claim = row_give(m, a, &c);
}

void leg_land(struct movement *m, struct aircraft *a, const struct posterior_end *site,
              struct instant when, enum claim_method method, float p)
{
    struct leg *l = &a->leg;
    again_landed(m, a, site, p);
    struct claim c = row_of(a, CLAIM_LANDED, method);
    row_when(&c, when);
    c.p = p;
    c.supersedes = l->landed_claim;
    row_end(m, &c, site);
    if (c.lat_e7 == CLAIM_NO_PLACE) {
        row_place(&c, &a->path.last);
    }
    l->landed_claim = a->landed_claim = row_give(m, a, &c);
    weigh_origin_again(m, a, site);
    leg_turned_back(m, a, site, when.hi_ms);
    leg_diverted(m, a, site, when.hi_ms);
    give_leg(m, a, site, when.lo_ms, when.hi_ms, p);
    a->site = *site;
    a->landed_lo_ms = when.lo_ms;
    a->landed_hi_ms = when.hi_ms;
    a->has_landed = true;
}

float leg_way_min(const struct posterior_flight *f, float nm)
{
    const float kt = f->now.gs_kt > 120 ? f->now.gs_kt : f->top_gs_kt > 120 ? f->top_gs_kt : 250;
    return nm / (0.9F * kt) * 60 + 2;
}

bool leg_is_low(const struct posterior_flight *f)
{
    return f->now.phase != VERTICAL_CLIMB && f->now.alt_ft < f->top_ft - 5000;
}

/* Nothing more was heard of it, and it was in flight: what can be said as if silence lasted. */
void leg_lost(struct movement *m, struct aircraft *a)
{
    struct posterior_flight f;
    struct posterior_end end;
    leg_question(m, a, &f);
    posterior_destination(m->posterior, &f, &a->leg.origin, &end);
    const int64_t last_ms = a->path.last.t_ms;
    const float nm =
        end.n ? unit_nm(f.now.at, site_of(m->o.views.airports, end.place[0].airport).at) : 0;
    const float way_min = leg_way_min(&f, nm);
    const bool low = leg_is_low(&f);
    struct claim c = row_of(a, low ? CLAIM_LANDED : CLAIM_DESTINATION,
                            low ? CLAIM_METHOD_INFERRED_LOST_DESCENT : CLAIM_METHOD_POSTERIOR);
    row_times(&c, last_ms + (int64_t)(way_min * 0.6F * 60000),
              last_ms + (int64_t)((way_min * 1.6F + 3) * 60000));
    c.p = low ? lost_landed(m, a, &end, last_ms + INT64_C(6) * 3600000, &c.evidence) : 1;
    c.supersedes = low ? a->leg.landed_claim : a->leg.destination_claim;
    row_end(m, &c, &end);
    *(low ? &a->leg.landed_claim : &a->leg.destination_claim) = row_give(m, a, &c);
    weigh_origin_again(m, a, &end);
    give_leg(m, a, &end, c.t_lo_ms, c.t_hi_ms, c.p);
}

/* On the ground, and never seen to fly: where flights of its operator go from there. */
void leg_parked(struct movement *m, struct aircraft *a)
{
    struct posterior_flight f;
    struct posterior_end end;
    leg_begin(m, a, &a->ground_last);
    match_ground(m->o.views.airports, day_of(a->ground_last.t_ms), &a->ground_last,
                 a->frame.type.helicopter, &a->leg.origin);
    leg_question(m, a, &f);
    if (!f.operator[0] || !a->leg.origin.n) {
        return;
    }
    f.now.track_deg = -1;
    f.now.alt_ft = NAN;
    f.now.phase = VERTICAL_UNKNOWN;
    f.first = f.now;
    posterior_destination(m->posterior, &f, &a->leg.origin, &end);
    struct claim c = row_of(a, CLAIM_ORIGIN, CLAIM_METHOD_OBSERVED);
    row_times(&c, a->ground_last.t_ms, a->ground_last.t_ms + INT64_C(24) * 3600000);
    row_end(m, &c, &a->leg.origin);
    row_give(m, a, &c);
    c = row_of(a, CLAIM_DESTINATION, CLAIM_METHOD_POSTERIOR);
    c.p = 0.5F; /* that it goes at all */
    row_end(m, &c, &end);
    row_give(m, a, &c);
}
