#include "movement/stop.h"

#include "movement/likelihood.h"
#include "movement/match.h"
#include "movement/silence.h"
#include "movement/stay.h"

#include <math.h>

/* Where a flight is mostly bound is no answer where the silence is too short for all of it: then so
   many of the fields that could have been reached and left again are weighed. */
enum { REACHED = 8, PLACES = 2 * CLAIM_CANDIDATES + REACHED + 1 };

/* That a flight is not heard where others are: it sends no position. Fleets of states do so more
   often. What was heard before the silence sends, and is seldom missed. */
#define MUTE_STATE 0.12F
#define MUTE_CIVIL 0.03F
#define MISSED     0.005F

/* What is heard where flights begin and end is known from those that were heard there: less than it
   seems. */
#define TEMPER 0.5F

/* The edge of hearing is not sharp: so many minutes next to it tell nothing. */
#define EDGE_MIN 15

/* Not worth weighing further beside what is found already. */
#define LITTLE 0.01F

struct place {
    struct site s;
    float in;  /* that it landed here first */
    float out; /* how well what is heard again fits that it left from here */
    float in_nm, out_nm, elevation_ft;
};

struct weighing {
    const struct stop_question *q;
    struct place place[PLACES];
    unsigned n;
    bool has_prior[PLACES];
    float prior[PLACES][PLACES];               /* of flights from one to another */
    float once[PLACES], twice[PLACES][PLACES]; /* weights: one stop there; from, to */
    float all_once, all_twice;
};

float stop_least_min(float nm, float cruise_kt)
{
    return nm / (1.15F * cruise_kt) * 60;
}

float stop_way_min(float nm, float cruise_kt)
{
    /* Slower than cruise near the ground, and a circuit. */
    const float slow_nm = fminf(nm, 100);
    return (slow_nm / (0.75F * cruise_kt) + (nm - slow_nm) / (0.97F * cruise_kt)) * 60 +
           (cruise_kt > 220 ? 5 : 2);
}

/* Into a list of at most max, the likeliest first; returns how many there are now. */
static unsigned insert(struct place_p *list, unsigned n, unsigned max, uint32_t airport, float p)
{
    unsigned i = n;
    if (n == max && list[--i].p >= p) {
        return n;
    }
    for (; i > 0 && list[i - 1].p < p; i--) {
        list[i] = list[i - 1];
    }
    list[i] = (struct place_p){airport, p};
    return n < max ? n + 1 : n;
}

static struct place *place_of(struct weighing *w, uint32_t airport)
{
    for (unsigned i = 0; i < w->n; i++) {
        if (w->place[i].s.airport == airport) {
            return &w->place[i];
        }
    }
    if (w->n == PLACES) {
        return NULL;
    }
    struct place *p = &w->place[w->n++];
    const struct airports *airports = w->q->views->airports;
    p->s = site_of(airports, airport);
    p->elevation_ft = match_elevation(airports, airport);
    p->in_nm = w->q->stood ? 0 : unit_nm(w->q->before.now.at, p->s.at);
    p->out_nm = w->q->found ? 0 : unit_nm(p->s.at, w->q->after.first.at);
    p->in = p->out = 0;
    return p;
}

static void add_ends(struct weighing *w, const struct posterior_end *end)
{
    for (unsigned i = 0; end && i < end->n; i++) {
        place_of(w, end->place[i].airport);
    }
}

/* The likeliest fields that leave time for a stop; to be asked after the destination was. */
static void add_reached(struct weighing *w)
{
    const struct stop_question *q = w->q;
    const struct sites *sites = posterior_sites(q->posterior);
    struct place_p best[REACHED];
    unsigned n = 0;
    for (uint32_t i = 0; i < sites->n; i++) {
        const struct site *s = &sites->site[i];
        const float in_nm = unit_nm(q->before.now.at, s->at);
        const float out_nm = unit_nm(s->at, q->after.first.at);
        if (stop_way_min(in_nm, q->cruise_kt) + stop_way_min(out_nm, q->cruise_kt) + q->stop_min <=
            q->minutes) {
            n = insert(best, n, REACHED, s->airport, posterior_of(q->posterior, s->airport));
        }
    }
    for (unsigned i = 0; i < n; i++) {
        place_of(w, best[i].airport);
    }
}

static float at_end(const struct posterior_end *end, uint32_t airport)
{
    for (unsigned i = 0; i < end->n; i++) {
        if (end->place[i].airport == airport) {
            return end->place[i].p;
        }
    }
    return 0;
}

/* That the way between a moment and a field was not heard, as far as what is heard there is known.
 */
static float unheard(const struct stop_question *q, const struct posterior_moment *m, int64_t t_ms,
                     const struct place *p, float nm, bool back, float missed)
{
    bool known = false;
    const float way_min = stop_way_min(nm, q->cruise_kt);
    const struct airport *a = airport_at(q->views->airports, p->s.airport);
    const struct silence_way way = {.from = {m->lat_e7, m->lon_e7},
                                    .to = {a->lat_e7, a->lon_e7},
                                    .alt_ft = m->alt_ft,
                                    .field_ft = p->elevation_ft,
                                    .t_ms = t_ms,
                                    .way_min = way_min,
                                    .minutes = way_min,
                                    .down = true,
                                    .back = back,
                                    .skip_min = EDGE_MIN,
                                    .known = true};
    const float log_p = q->views->heard ? silence_log(q->views, &way, &known) : 0;
    return known ? missed + (1 - missed) * expf(TEMPER * log_p) : 1;
}

static float unheard_between(const struct stop_question *q, const struct place *from,
                             const struct place *to, float nm)
{
    bool known = false;
    const struct airport *a = airport_at(q->views->airports, from->s.airport);
    const struct airport *b = airport_at(q->views->airports, to->s.airport);
    const float way_min = stop_way_min(nm, q->cruise_kt);
    /* When in the silence it flew nobody knows: its middle. */
    const struct silence_way way = {.from = {a->lat_e7, a->lon_e7},
                                    .to = {b->lat_e7, b->lon_e7},
                                    .alt_ft = fminf(30000, to->elevation_ft + nm * 80),
                                    .field_ft = to->elevation_ft,
                                    .t_ms = q->before.t_ms + (int64_t)(q->minutes / 2 * 60000),
                                    .way_min = way_min,
                                    .minutes = way_min,
                                    .down = true,
                                    .known = true};
    const float log_p = q->views->heard ? silence_log(q->views, &way, &known) : 0;
    const float mute = q->before.state ? MUTE_STATE : MUTE_CIVIL;
    return known ? mute + (1 - mute) * expf(TEMPER * log_p) : 0.3F;
}

/* One point says less than a path does, the less the nearer to a turn. */
static float out_fit(const struct stop_question *q, const struct place *p)
{
    const float fit = 180 * posterior_left(q->posterior, &q->after, p->s.airport);
    /* Where it was bound is as uncertain as the traffic there; where it stood is not. */
    const float heat = q->stood ? 1 : posterior_heat(q->posterior);
    return powf(fit, (0.5F + 0.5F * fminf(1, p->out_nm / 150)) / heat);
}

static void weigh_ends(struct weighing *w, const struct posterior_end *bound)
{
    const struct stop_question *q = w->q;
    for (unsigned i = 0; i < w->n; i++) {
        struct place *p = &w->place[i];
        p->in = at_end(q->stood ? q->stood : bound, p->s.airport);
        if (!q->stood && p->in <= 0) {
            p->in = posterior_of(q->posterior, p->s.airport);
        }
        p->out = q->found ? at_end(q->found, p->s.airport) : out_fit(q, p);
    }
}

/* Of the places that matter so far: what would have been heard on their ways. */
static void weigh_silence(struct weighing *w)
{
    const struct stop_question *q = w->q;
    const float little = 0.01F * LITTLE * (w->all_once + w->all_twice);
    for (unsigned i = 0; i < w->n; i++) {
        struct place *p = &w->place[i];
        float landed = w->once[i], left = w->once[i];
        for (unsigned k = 0; k < w->n; k++) {
            landed += w->twice[i][k];
            left += w->twice[k][i];
        }
        if (!q->stood && landed > little) {
            p->in *= unheard(q, &q->before.now, q->before.t_ms, p, p->in_nm, false, MISSED);
        }
        if (!q->found && left > little) {
            p->out *= unheard(q, &q->after.first, q->after.t_ms, p, p->out_nm, true, MISSED);
        }
    }
}

/* How often stops take so many minutes each: seldom much less than they mostly do. */
static float stay_short(float minutes, float typical_min)
{
    const float z = logf((minutes > 1 ? minutes : 1) / typical_min) / 0.5F;
    return z < 0 ? expf(-0.5F * z * z) : 1;
}

/* Longer than that they get rarer slowly, one or two together alike. */
static float stay_long(float minutes, float typical_min)
{
    return minutes > typical_min ? typical_min / minutes : 1;
}

static float in_min(const struct weighing *w, const struct place *p)
{
    return w->q->stood ? 0 : stop_way_min(p->in_nm, w->q->cruise_kt);
}

static float out_min(const struct weighing *w, const struct place *p)
{
    return w->q->found ? 0 : stop_way_min(p->out_nm, w->q->cruise_kt);
}

static void weigh_once(struct weighing *w)
{
    const struct stop_question *q = w->q;
    w->all_once = 0;
    for (unsigned i = 0; i < w->n; i++) {
        const struct place *p = &w->place[i];
        const float spare = q->minutes - in_min(w, p) - out_min(w, p);
        /* Who stands where it landed needs no stop, and may have come fast. */
        const bool has_time = q->found ? q->minutes > stop_least_min(p->in_nm, q->cruise_kt) - 5
                                       : spare >= q->stop_min || q->stood;
        const float stay = q->found || q->stood ? 1
                                                : stay_short(spare, q->typical_min) *
                                                      stay_long(spare, q->typical_min);
        w->once[i] = has_time ? p->in * p->out * stay : 0;
        w->all_once += w->once[i];
    }
}

/* A flight from one place to the other that nobody heard. */
static void weigh_twice_from(struct weighing *w, unsigned i, bool silence)
{
    const struct stop_question *q = w->q;
    const struct place *from = &w->place[i];
    for (unsigned k = 0; k < w->n; k++) {
        const struct place *to = &w->place[k];
        const float nm = unit_nm(from->s.at, to->s.at);
        const int stops = !q->stood + !q->found;
        const float ground =
            q->minutes - in_min(w, from) - stop_way_min(nm, q->cruise_kt) - out_min(w, to);
        w->twice[i][k] = 0;
        if (k == i || nm < 20 || ground <= (float)stops * q->stop_min) {
            continue;
        }
        const float turn_h = q->before.state ? STAY_H_STATE : STAY_H_CIVIL;
        const float left = 1 - expf(-ground / 60 / turn_h);
        float stay = stops ? stay_short(ground / (float)stops, q->typical_min) : 1;
        stay *= stops == 2 ? stay_long(ground, q->typical_min) : 1;
        float p = from->in * w->prior[i][k] * to->out * left * stay;
        if (silence && p > LITTLE * (w->all_once + w->all_twice)) {
            p *= unheard_between(q, from, to, nm);
        }
        w->twice[i][k] = p;
        w->all_twice += p;
    }
}

static void weigh_prior(struct weighing *w, unsigned i)
{
    const struct posterior_end origin = {.place = {{w->place[i].s.airport, 1}}, .n = 1};
    uint32_t airport[PLACES];
    for (unsigned k = 0; k < w->n; k++) {
        airport[k] = w->place[k].s.airport;
    }
    posterior_prior(w->q->posterior, &w->q->after, &origin, airport, w->n, w->prior[i]);
}

static void weigh_twice(struct weighing *w, bool silence)
{
    w->all_twice = 0;
    for (unsigned i = 0; i < w->n; i++) {
        if (w->has_prior[i]) {
            weigh_twice_from(w, i, silence);
        }
    }
}

/* Weights of places → an end; little is what is none of them. */
static void end_of(const struct weighing *w, const float *weight, float none,
                   struct posterior_end *out)
{
    float all = none;
    *out = (struct posterior_end){.rules = 1U << CLAIM_RULE_REACHABLE, .none_p = 1};
    for (unsigned i = 0; i < w->n; i++) {
        all += weight[i];
    }
    for (unsigned i = 0; i < w->n && all > 0; i++) {
        if (weight[i] > 1e-5F * all) {
            out->n = insert(out->place, out->n, CLAIM_CANDIDATES, w->place[i].s.airport,
                            weight[i] / all);
        }
    }
    for (unsigned i = 0; i < out->n; i++) {
        out->none_p -= out->place[i].p;
    }
    out->none_p = out->none_p > 0 ? out->none_p : 0;
}

static void answer_ways(const struct weighing *w, const float *to, struct stop_answer *out)
{
    const float all = w->all_once + w->all_twice;
    for (unsigned i = 0; i < w->n && out->ways < STOP_WAYS; i++) {
        if (w->once[i] + to[i] > 1e-5F * all) {
            out->way[out->ways++] = (struct stop_way){w->place[i].s.airport, w->once[i], to[i]};
        }
    }
}

static void answer(const struct weighing *w, float none, struct stop_answer *out)
{
    float landed[PLACES], left[PLACES], from[PLACES], to[PLACES];
    for (unsigned i = 0; i < w->n; i++) {
        from[i] = to[i] = 0;
        for (unsigned k = 0; k < w->n; k++) {
            from[i] += w->twice[i][k];
            to[i] += w->twice[k][i];
        }
        landed[i] = w->once[i] + from[i];
        left[i] = w->once[i] + to[i];
    }
    answer_ways(w, to, out);
    end_of(w, landed, none * (w->all_once + w->all_twice), &out->landed);
    end_of(w, left, none * (w->all_once + w->all_twice), &out->left);
    end_of(w, from, none * w->all_twice, &out->from);
    end_of(w, to, none * w->all_twice, &out->to);
    const float all = w->all_once + w->all_twice;
    out->unheard_p = all > 0 ? w->all_twice / all : 0;
    out->fit = all;
}

static float nm_to(const struct weighing *w, const struct posterior_end *end, bool in)
{
    for (unsigned i = 0; i < w->n && end->n; i++) {
        if (w->place[i].s.airport == end->place[0].airport) {
            return in ? w->place[i].in_nm : w->place[i].out_nm;
        }
    }
    return 0;
}

static struct stop_min way(float nm, float cruise_kt)
{
    return (struct stop_min){stop_least_min(nm, cruise_kt), stop_way_min(nm, cruise_kt)};
}

void stop_weigh(const struct stop_question *q, struct stop_answer *out)
{
    struct weighing w = {.q = q};
    struct posterior_end bound = {0}, origin = {0};
    const struct posterior_end nothing = {0};
    *out = (struct stop_answer){0};
    add_ends(&w, q->stood);
    add_ends(&w, q->found);
    if (!q->found) {
        posterior_origin(q->posterior, &q->after, &nothing, &origin);
        add_ends(&w, &origin);
    }
    if (!q->stood) { /* last: posterior_of asks about it */
        posterior_destination(q->posterior, &q->before, &q->origin, &bound);
        add_ends(&w, &bound);
    }
    weigh_ends(&w, &bound);
    weigh_once(&w);
    if (!q->stood && !q->found && w.all_once <= 0) {
        add_reached(&w);
        weigh_ends(&w, &bound);
    }
    for (unsigned i = 0; i < w.n; i++) {
        w.has_prior[i] = q->minutes > in_min(&w, &w.place[i]) + 30 && w.place[i].in > 0.01F;
        if (w.has_prior[i]) {
            weigh_prior(&w, i);
        }
    }
    weigh_once(&w);
    weigh_twice(&w, false);
    weigh_silence(&w);
    weigh_once(&w);
    weigh_twice(&w, true);
    answer(&w, q->stood ? q->stood->none_p : 0.01F * bound.none_p, out);
    out->landed.rules |= bound.rules;
    out->in = way(nm_to(&w, &out->landed, true), q->cruise_kt);
    out->out = way(nm_to(&w, &out->left, false), q->cruise_kt);
    if (out->from.n && out->to.n) {
        const struct airports *airports = q->views->airports;
        out->between = way(unit_nm(site_of(airports, out->from.place[0].airport).at,
                                   site_of(airports, out->to.place[0].airport).at),
                           q->cruise_kt);
    }
}
