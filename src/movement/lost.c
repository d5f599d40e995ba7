/* Silence in flight: at fixed times after the last point it is weighed whether the aircraft landed,
   and where, with what is normally heard on its way (MOVEMENTS 1.4, 1.5). What is due is claimed as
   of its time, whoever asks when. */
#include "movement/internal.h"
#include "movement/silence.h"

#include "geo/sphere.h"

#include <math.h>

/* When a silence is looked at, minutes after the last point. By the last one everything that flies
   is down. */
static const int16_t step_min[] = {5, 10, 20, 40, 80, 160, 320, 640, 1560};
enum { STEPS = sizeof step_min / sizeof *step_min };

/* The words of design/DESK.md: possibly, probably, landed. */
static const float band_p[] = {0.4F, 0.7F, 0.95F};

static int64_t step_ms(const struct aircraft *a)
{
    return a->path.last.t_ms + (int64_t)step_min[a->due_step] * 60000;
}

void lost_arm(struct aircraft *a)
{
    a->due_step = 0;
    a->band = 0;
    a->due_ms = a->state == FLIGHT_AIR || a->state == FLIGHT_LOST ? step_ms(a) : INT64_MAX;
}

float lost_landed(struct movement *m, struct aircraft *a, const struct posterior_end *end,
                  int64_t t_ms, struct claim_evidence *e)
{
    struct posterior_flight f;
    leg_question(m, a, &f);
    const float minutes = (float)(t_ms - a->path.last.t_ms) / 60000;
    bool known = false;
    float landed = 0, flying = end->none_p * 0.5F * expf(-minutes * 0.02F), path = 0;
    for (unsigned i = 0; i < end->n; i++) {
        const struct airport *y = airport_at(m->o.views.airports, end->place[i].airport);
        const float nm = unit_nm(f.now.at, unit_of(y->lat_e7, y->lon_e7));
        const float way_min = leg_way_min(&f, nm);
        const struct silence_way way = {
            .alt_ft = f.now.alt_ft,
            .from = {f.now.lat_e7, f.now.lon_e7},
            .to = {y->lat_e7, y->lon_e7},
            .t_ms = f.t_ms,
            .way_min = way_min,
            .minutes = minutes,
            .field_ft = match_elevation(m->o.views.airports, end->place[i].airport)};
        const float z = (minutes - way_min) / (0.25F * way_min + 2);
        const float by_now = 1 / (1 + expf(-1.7F * z));
        const struct silence_both unheard = silence_log_both(&m->o.views, &way, &known);
        const float down = expf(unheard.down);
        landed += end->place[i].p * by_now * down;
        flying += end->place[i].p * (1 - by_now) * down;
        path += end->place[i].p * (1 - expf(unheard.on));
    }
    e->heard = known ? path : CLAIM_HEARD_UNKNOWN;
    e->silent_s = (uint32_t)(minutes * 60);
    e->lost_alt_ft =
        a->path.last.alt_ft == PATH_NO_ALTITUDE ? CLAIM_NO_ALTITUDE : a->path.last.alt_ft;
    e->rules |= known ? (path > 0.5F ? 1U << CLAIM_RULE_COVERED : 1U << CLAIM_RULE_UNCOVERED) : 0;
    return landed + flying > 0 ? landed / (landed + flying) : 0;
}

static void give_landing(struct movement *m, struct aircraft *a, const struct posterior_end *end,
                         float p, int64_t t_ms, const struct claim_evidence *e)
{
    struct leg *l = &a->leg;
    struct posterior_flight f;
    leg_question(m, a, &f);
    const bool low = leg_is_low(&f);
    struct claim c = row_of(
        a, CLAIM_LANDED, low ? CLAIM_METHOD_INFERRED_LOST_DESCENT : CLAIM_METHOD_INFERRED_SILENCE);
    const struct site s = site_of(m->o.views.airports, end->place[0].airport);
    const float way_min = leg_way_min(&f, unit_nm(f.now.at, s.at));
    row_times(&c, a->path.last.t_ms + (int64_t)(way_min * 0.6F * 60000),
              a->path.last.t_ms + (int64_t)((way_min * 1.6F + 3) * 60000));
    c.made_ms = t_ms;
    c.p = p;
    c.supersedes = l->landed_claim;
    c.evidence.heard = e->heard;
    c.evidence.silent_s = e->silent_s;
    c.evidence.lost_alt_ft = e->lost_alt_ft;
    c.evidence.rules |= e->rules | (low ? 1U << CLAIM_RULE_LOST_LOW : 0);
    row_end(m, &c, end);
    l->landed_claim = row_give(m, a, &c);
}

static void look(struct movement *m, struct aircraft *a, int64_t t_ms)
{
    struct claim_evidence e = {0};
    uint8_t band = 0;
    if (a->silent_ms != a->path.last.t_ms) { /* every look of a silence asks the same */
        leg_ask(m, a, &a->silent);
        a->silent_ms = a->path.last.t_ms;
    }
    const float p = a->silent.n ? lost_landed(m, a, &a->silent, t_ms, &e) : 0;
    for (unsigned i = 0; i < sizeof band_p / sizeof *band_p; i++) {
        band = p >= band_p[i] ? (uint8_t)(i + 1) : band;
    }
    if (band != a->band && band > 0) {
        give_landing(m, a, &a->silent, p, t_ms, &e);
        a->band = band;
    }
}

/* What it flew until it was heard no more is told, though nothing came that would show its end. */
static void end_pattern(struct movement *m, struct aircraft *a)
{
    struct row_ctx r = {m, a};
    if (a->pattern) {
        pattern_cut(a->pattern, row_beside, &r);
        pattern_free(a->pattern);
        a->pattern = NULL;
    }
}

static void close_flight(struct movement *m, struct aircraft *a, int64_t t_ms)
{
    end_pattern(m, a);
    struct claim c = row_of(a, CLAIM_FLIGHT_ENDED, CLAIM_METHOD_INFERRED_SILENCE);
    row_times(&c, a->path.last.t_ms, t_ms);
    c.made_ms = t_ms;
    row_place(&c, &a->path.last);
    c.evidence.rules |= 1U << CLAIM_RULE_ENDURANCE;
    row_give(m, a, &c);
    leg_lost(m, a);
    a->closed = true; /* what is heard of it next may say where it came down */
}

void lost_until(struct movement *m, struct aircraft *a, int64_t now_ms)
{
    while (a->due_ms <= now_ms) {
        const int64_t t_ms = a->due_ms;
        m->said_ms = t_ms;
        a->state = FLIGHT_LOST;
        if (++a->due_step == STEPS) {
            close_flight(m, a, t_ms);
            a->due_ms = INT64_MAX;
            return;
        }
        look(m, a, t_ms);
        a->due_ms = step_ms(a);
    }
}

void lost_withdraw(struct movement *m, struct aircraft *a)
{
    if (a->leg.landed_claim == 0) {
        return;
    }
    struct claim c = row_of(a, CLAIM_LANDED, CLAIM_METHOD_INFERRED_REAPPEARANCE);
    row_times(&c, a->path.last.t_ms, a->path.last.t_ms);
    c.p = 0;
    c.supersedes = a->leg.landed_claim;
    c.flags |= CLAIM_WITHDRAWN;
    row_give(m, a, &c);
    a->leg.landed_claim = 0;
}
