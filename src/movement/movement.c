/* The table of aircraft: points to their machines, silences when they are due, ends. */
#include "movement/internal.h"

#include <stdlib.h>
#include <string.h>

enum { AIRCRAFT_DEFAULT = 100000 };

struct movement *movement_new(const struct movement_options *o)
{
    struct movement *m = calloc(1, sizeof *m);
    if (!m) {
        return NULL;
    }
    m->o = *o;
    m->max = o->aircraft_max ? o->aircraft_max : AIRCRAFT_DEFAULT;
    m->due_ms = INT64_MAX;
    m->posterior = posterior_new(&m->o.views, o->weights);
    m->aircraft = calloc(m->max, sizeof(void *));
    if (!m->posterior || !m->aircraft || map_init(&m->map, m->max) != ERR_OK) {
        posterior_free(m->posterior);
        free(m->aircraft);
        free(m);
        return NULL;
    }
    return m;
}

void movement_free(struct movement *m)
{
    if (!m) {
        return;
    }
    for (uint32_t i = 0; i < m->n; i++) {
        again_free(m->aircraft[i]);
        pattern_free(m->aircraft[i]->pattern);
        trust_free(m->aircraft[i]->trust);
        free(m->aircraft[i]);
    }
    free(m->aircraft);
    map_free(&m->map);
    posterior_free(m->posterior);
    free(m);
}

static void end_one(struct movement *m, uint32_t i)
{
    struct aircraft *a = m->aircraft[i];
    struct row_ctx r = {m, a};
    if (a->pattern) {
        pattern_cut(a->pattern, row_beside, &r);
        pattern_free(a->pattern);
    }
    trust_end(a->trust, row_beside, &r);
    shared_end(&a->shared, a->address, row_beside, &r);
    if (!trust_ghost(a->trust)) {
        flight_end(m, a);
    }
    trust_free(a->trust);
    again_free(a);
    map_remove(&m->map, claim_airframe(a->address, a->epoch));
    free(a);
    m->aircraft[i] = m->aircraft[--m->n];
    if (i < m->n) {
        const uint32_t key = claim_airframe(m->aircraft[i]->address, m->aircraft[i]->epoch);
        map_remove(&m->map, key);
        map_add(&m->map, key, i);
    }
}

static void evict(struct movement *m)
{
    uint32_t oldest = 0;
    for (uint32_t i = 1; i < m->n; i++) {
        if (m->aircraft[i]->path.last.t_ms < m->aircraft[oldest]->path.last.t_ms) {
            oldest = i;
        }
    }
    m->sums.evicted++;
    end_one(m, oldest);
}

static struct aircraft *aircraft_of(struct movement *m, uint32_t address, uint16_t epoch)
{
    const uint32_t i = map_get(&m->map, claim_airframe(address, epoch));
    if (i != MAP_NONE) {
        return m->aircraft[i];
    }
    if (m->n == m->max) {
        evict(m);
    }
    struct aircraft *a = calloc(1, sizeof *a);
    struct trust *trust = trust_new(address, epoch);
    if (!a || !trust || map_add(&m->map, claim_airframe(address, epoch), m->n) != ERR_OK) {
        trust_free(trust);
        free(a);
        return NULL;
    }
    a->address = address;
    a->epoch = epoch;
    a->trust = trust;
    a->near = SITE_NONE;
    a->near_at.t_ms = KEPT_NO_TIME;
    a->due_ms = INT64_MAX;
    a->silent_ms = KEPT_NO_TIME;
    path_clear(&a->path);
    m->aircraft[m->n++] = a;
    return a;
}

/* What the silence before a point of this time has made due. */
static void end_silence(struct movement *m, struct aircraft *a, int64_t t_ms)
{
    if (t_ms >= a->due_ms && t_ms > a->path.last.t_ms) {
        lost_until(m, a, t_ms);
        m->said_ms = t_ms;
    }
}

/* Whose point it is: of the airframes of one address, the one meant. *at_once: another has the
   address now. The first, which tells them apart, first says what its own silence made due. */
static struct aircraft *meant(struct movement *m, const struct kept *k, bool *at_once)
{
    struct aircraft *a = aircraft_of(m, k->address, 0);
    if (!a) {
        return NULL;
    }
    struct row_ctx r = {m, a};
    end_silence(m, a, k->t_ms);
    const uint16_t epoch = shared_push(&a->shared, k, row_beside, &r);
    *at_once = shared_at_once(&a->shared);
    return epoch == 0 || trust_ghost_has(a->trust, k) ? a : aircraft_of(m, k->address, epoch);
}

/* Whether anything may be concluded from this point's place. What is cut short by false places is
   claimed now. What is odd while another airframe has the address too is that one's: the point is
   left out, and no more. */
static bool believed(struct movement *m, struct aircraft *a, const struct kept *k, bool at_once)
{
    struct row_ctx r = {m, a};
    if (at_once) {
        trust_forgive(a->trust);
    }
    const bool before = trust_suspended(a->trust), was_ghost = trust_ghost(a->trust);
    const struct trust_fix f = trust_push(a->trust, k, false, row_beside, &r);
    const bool suspended = trust_suspended(a->trust);
    if (at_once) {
        trust_forgive(a->trust);
    }
    if (suspended && !before && a->pattern) {
        pattern_cut(a->pattern, row_beside, &r);
    }
    if (!was_ghost && trust_ghost(a->trust)) {
        early_withdraw(m, a, k->t_ms);
    }
    m->sums.suspended += suspended;
    return !suspended && !trust_ghost(a->trust) && (f.rules & 1U << CLAIM_RULE_CLOCK) == 0;
}

/* What is being flown is told once it is likelier than not, and again each time it is surer by a
   word; the row of its end supersedes these. */
static void tell_pattern(struct movement *m, struct aircraft *a)
{
    static const float words[] = {0.5F, 0.7F, 0.95F};
    struct row_ctx r = {m, a};
    struct claim now;
    uint8_t passed = 0;
    if (!m->o.live || !pattern_now(a->pattern, &now)) {
        a->pattern_words = 0;
        return;
    }
    while (passed < sizeof words / sizeof *words && now.p >= words[passed]) {
        passed++;
    }
    if (passed > a->pattern_words) {
        now.flags |= CLAIM_GOES_ON;
        row_beside(&r, &now);
        a->pattern_claim = a->number;
        a->pattern_words = passed;
    }
}

/* The path of a flight, and only that: what taxies or is parked has no pattern. */
static enum err watch_path(struct movement *m, struct aircraft *a, const struct kept *k)
{
    struct row_ctx r = {m, a};
    if (a->state != FLIGHT_AIR) {
        if (a->pattern && a->state == FLIGHT_GROUND && !a->pending) {
            pattern_cut(a->pattern, row_beside, &r);
            pattern_free(a->pattern);
            a->pattern = NULL;
        }
        return ERR_OK;
    }
    if (!a->pattern) {
        a->pattern = pattern_new(a->address, a->epoch);
        if (!a->pattern) {
            return ERR_MEMORY;
        }
    }
    const enum err e = pattern_push(a->pattern, k, row_beside, &r);
    tell_pattern(m, a);
    return e;
}

enum err movement_push(struct movement *m, const struct kept *k, claim_fn *fn, void *ctx)
{
    struct path_point p;
    if (k->address == ADDRESS_NONE || !path_point_of(k, &p)) {
        m->sums.impossible++;
        return ERR_OK;
    }
    m->fn = fn;
    m->ctx = ctx;
    m->said_ms = p.t_ms; /* whatever is said by it, not as of another aircraft's point */
    bool at_once = false;
    struct aircraft *a = meant(m, k, &at_once);
    if (!a) {
        return ERR_MEMORY;
    }
    end_silence(m, a, p.t_ms);
    if (!believed(m, a, k, at_once)) {
        a->due_ms = INT64_MAX; /* it is heard, only not believed: no silence */
        return ERR_OK;
    }
    const enum path_verdict v = path_judge(&a->path, &p);
    m->sums.late += v == PATH_LATE;
    m->sums.teleports += v == PATH_HELD;
    if (v != PATH_TAKEN && v != PATH_JUMPED) {
        return ERR_OK;
    }
    m->sums.fixes++;
    if (k->flight[0] > ' ') {
        memcpy(a->flight, k->flight, sizeof a->flight);
    }
    flight_point(m, a, &p, v == PATH_JUMPED);
    lost_arm(a);
    m->due_ms = a->due_ms < m->due_ms ? a->due_ms : m->due_ms;
    return watch_path(m, a, k);
}

enum err movement_tick(struct movement *m, int64_t now_ms, claim_fn *fn, void *ctx)
{
    m->fn = fn;
    m->ctx = ctx;
    if (now_ms < m->due_ms) {
        return ERR_OK;
    }
    m->due_ms = INT64_MAX;
    for (uint32_t i = 0; i < m->n; i++) {
        struct aircraft *a = m->aircraft[i];
        if (a->due_ms <= now_ms) {
            lost_until(m, a, now_ms);
        }
        m->due_ms = a->due_ms < m->due_ms ? a->due_ms : m->due_ms;
    }
    return ERR_OK;
}

void movement_end(struct movement *m, uint32_t address, claim_fn *fn, void *ctx)
{
    m->said_ms = INT64_MIN;
    m->fn = fn;
    m->ctx = ctx;
    if (address != ADDRESS_NONE) {
        for (uint16_t epoch = 64; epoch-- > 0;) { /* the first last: it knows of the others */
            const uint32_t i = map_get(&m->map, claim_airframe(address, epoch));
            if (i != MAP_NONE) {
                end_one(m, i);
            }
        }
        return;
    }
    while (m->n > 0) {
        end_one(m, m->n - 1);
    }
}

bool movement_destination(const struct movement *m, uint32_t address, struct claim *origin,
                          struct claim *destination)
{
    uint32_t i = map_get(&m->map, claim_airframe(address, 0));
    if (i != MAP_NONE) { /* of the airframe heard last */
        const struct shared *s = &m->aircraft[i]->shared;
        i = s->current < s->confirmed
                ? map_get(&m->map, claim_airframe(address, s->head[s->current].epoch))
                : i;
    }
    if (i == MAP_NONE || m->aircraft[i]->state != FLIGHT_AIR) {
        return false;
    }
    struct aircraft *a = m->aircraft[i];
    struct posterior_end end;
    *origin = row_of(a, CLAIM_ORIGIN, CLAIM_METHOD_POSTERIOR);
    row_end(m, origin, &a->leg.origin);
    struct posterior_flight f;
    leg_question(m, a, &f);
    posterior_destination(m->posterior, &f, &a->leg.origin, &end);
    *destination = row_of(a, CLAIM_DESTINATION, CLAIM_METHOD_POSTERIOR);
    row_end(m, destination, &end);
    return true;
}

const struct movement_sums *movement_sums(const struct movement *m)
{
    return &m->sums;
}
