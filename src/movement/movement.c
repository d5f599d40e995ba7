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
    m->posterior = posterior_new(&m->o.views, NULL);
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
        pattern_free(m->aircraft[i]->pattern);
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
    if (a->pattern) {
        struct row_ctx r = {m, a};
        pattern_cut(a->pattern, row_beside, &r);
        pattern_free(a->pattern);
    }
    flight_end(m, a);
    map_remove(&m->map, a->address);
    free(a);
    m->aircraft[i] = m->aircraft[--m->n];
    if (i < m->n) {
        map_remove(&m->map, m->aircraft[i]->address);
        map_add(&m->map, m->aircraft[i]->address, i);
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

static struct aircraft *aircraft_of(struct movement *m, uint32_t address)
{
    const uint32_t i = map_get(&m->map, address);
    if (i != MAP_NONE) {
        return m->aircraft[i];
    }
    if (m->n == m->max) {
        evict(m);
    }
    struct aircraft *a = calloc(1, sizeof *a);
    if (!a || map_add(&m->map, address, m->n) != ERR_OK) {
        free(a);
        return NULL;
    }
    a->address = address;
    a->near = SITE_NONE;
    a->near_at.t_ms = KEPT_NO_TIME;
    a->due_ms = INT64_MAX;
    path_clear(&a->path);
    m->aircraft[m->n++] = a;
    return a;
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
    return pattern_push(a->pattern, k, row_beside, &r);
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
    struct aircraft *a = aircraft_of(m, k->address);
    if (!a) {
        return ERR_MEMORY;
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
    return watch_path(m, a, k);
}

enum err movement_tick(struct movement *m, int64_t now_ms, claim_fn *fn, void *ctx)
{
    (void)now_ms;
    m->fn = fn;
    m->ctx = ctx;
    return ERR_OK;
}

void movement_end(struct movement *m, uint32_t address, claim_fn *fn, void *ctx)
{
    m->fn = fn;
    m->ctx = ctx;
    if (address != ADDRESS_NONE) {
        const uint32_t i = map_get(&m->map, address);
        if (i != MAP_NONE) {
            end_one(m, i);
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
    const uint32_t i = map_get(&m->map, address);
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
