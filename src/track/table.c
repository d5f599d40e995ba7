/* Aircraft by address: made, found, forgotten in slices, iterated. */
#include "track/internal.h"
#include "track/north.h"

#include <stdlib.h>
#include <string.h>

enum {
    LINE = 64,            /* bytes of a cache line */
    EXPIRE_LOOK = 16384,  /* aircraft looked at in one call of tracker_expire */
    EXPIRE_FORGET = 2048, /* forgotten in one call: about 1 ms */
    AIRCRAFT_DEFAULT = 100000,
    AIRCRAFT_LIMIT = 1 << 24,
    TRAIL_POINTS_DEFAULT = 2000000,
    REJECTED_DEFAULT = 4096,
    HOUR_S = 3600
};

static uint32_t or_default(uint32_t v, uint32_t otherwise)
{
    return v ? v : otherwise;
}

static bool tracks_init(struct tracker *t)
{
    t->track_memory = calloc(1, (size_t)t->aircraft_max * sizeof *t->track + LINE);
    if (!t->track_memory) {
        return false;
    }
    const size_t past = (uintptr_t)t->track_memory % LINE;
    t->track = (void *)((char *)t->track_memory + (past ? LINE - past : 0));
    return map_init(&t->map, t->aircraft_max) == ERR_OK;
}

struct tracker *tracker_new(const struct tracker_options *o)
{
    struct tracker *t = calloc(1, sizeof *t);
    if (!t) {
        return NULL;
    }
    t->aircraft_max = or_default(o->aircraft_max, AIRCRAFT_DEFAULT);
    if (t->aircraft_max > AIRCRAFT_LIMIT) {
        t->aircraft_max = AIRCRAFT_LIMIT;
    }
    t->forget_after_us = o->forget_after_us > 0 ? o->forget_after_us : HOUR_S * INT64_C(1000000);
    t->receivers = o->receivers;
    t->counters = o->counters;
    t->free_slot = SLOT_NONE;
    t->clock_us = t->era_us = INT64_MIN;
    const uint32_t points = or_default(o->trail_points_max, TRAIL_POINTS_DEFAULT);
    t->north = north_new();
    if (!t->north || !tracks_init(t) || !duplicate_init(t) || !admit_init(t) || !around_init(t) ||
        !trail_init(t, points, o->trail_s > 0 ? o->trail_s : HOUR_S) ||
        !rejected_init(t, or_default(o->rejected_max, REJECTED_DEFAULT))) {
        tracker_free(t);
        return NULL;
    }
    return t;
}

void tracker_free(struct tracker *t)
{
    if (!t) {
        return;
    }
    north_free(t->north);
    free(t->track_memory);
    map_free(&t->map);
    free(t->heard);
    free(t->candidate);
    free(t->around);
    free(t->trail_head);
    free(t->trail_chunk);
    free(t->rejected);
    free(t);
}

void tracker_prefetch(const struct tracker *t, uint32_t address)
{
    const struct track *a = table_find(t, address);
    if (a) {
        const char *p = (const char *)a;
        for (size_t i = 0; i < sizeof *a; i += LINE) {
            __builtin_prefetch(p + i, 1);
        }
    }
}

static uint32_t slot_take(struct tracker *t)
{
    if (t->free_slot != SLOT_NONE) {
        const uint32_t slot = t->free_slot;
        t->free_slot = t->track[slot].messages;
        return slot;
    }
    return t->slots < t->aircraft_max ? t->slots++ : SLOT_NONE;
}

static void slot_give(struct tracker *t, uint32_t slot)
{
    t->track[slot].address = ADDRESS_NONE;
    t->track[slot].messages = t->free_slot;
    t->free_slot = slot;
}

struct track *table_create(struct tracker *t, uint32_t address, int64_t t_us)
{
    const uint32_t slot = slot_take(t);
    if (slot == SLOT_NONE || map_add(&t->map, address, slot) != ERR_OK) {
        if (slot != SLOT_NONE) {
            slot_give(t, slot);
        }
        count(t->counters, COUNT_AIRCRAFT_REFUSED);
        return NULL;
    }
    struct track *a = &t->track[slot];
    memset(a, 0, sizeof *a);
    a->address = address;
    a->epoch_us = t_us - ((int64_t)TICK_START << TICK_SHIFT);
    a->first_us = a->seen_us = t_us;
    a->era = t->era;
    a->place_method = PLACE_NONE;
    count(t->counters, COUNT_AIRCRAFT_CREATED);
    return a;
}

static void table_forget(struct tracker *t, struct track *a)
{
    const uint32_t slot = slot_of(t, a);
    map_remove(&t->map, a->address);
    trail_drop(t, slot);
    slot_give(t, slot);
    count(t->counters, COUNT_AIRCRAFT_EXPIRED);
}

/* An aircraft of an old era was last heard when the new one began, at the latest. */
static bool is_forgotten(const struct tracker *t, const struct track *a, int64_t now_us)
{
    const int64_t last_us = a->era == t->era ? a->seen_us : t->era_us;
    return now_us > last_us && (uint64_t)now_us - (uint64_t)last_us > (uint64_t)t->forget_after_us;
}

struct track *table_find_heard(struct tracker *t, uint32_t address, int64_t now_us)
{
    struct track *a = table_find(t, address);
    if (a && is_forgotten(t, a, now_us)) {
        table_forget(t, a);
        return NULL;
    }
    return a;
}

void tracker_expire(struct tracker *t, int64_t now_us)
{
    uint32_t look = t->slots < EXPIRE_LOOK ? t->slots : EXPIRE_LOOK;
    uint32_t forgotten = 0;
    while (look-- > 0 && forgotten < EXPIRE_FORGET) {
        if (t->expire_at >= t->slots) {
            t->expire_at = 0;
        }
        struct track *a = &t->track[t->expire_at++];
        if (a->address == ADDRESS_NONE) {
            continue;
        }
        if (is_forgotten(t, a, now_us)) {
            table_forget(t, a);
            forgotten++;
        } else {
            trail_trim(t, slot_of(t, a), now_us);
        }
    }
}

/* Every time of the aircraft becomes `shift` ticks less; what falls out was never said. */
static void track_rebase(struct track *a, int64_t shift)
{
    a->epoch_us += shift * (INT64_C(1) << TICK_SHIFT);
    const uint16_t s = shift > UINT16_MAX ? UINT16_MAX : (uint16_t)shift;
    uint16_t *const other[] = {&a->origin_tick, &a->held_tick, &a->penalty_tick, &a->doubt_tick};
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        *other[i] = *other[i] > s ? (uint16_t)(*other[i] - s) : 0;
    }
    for (int odd = 0; odd < 2; odd++) {
        struct cpr_half *h = &a->half[odd];
        if (h->tick > s) {
            h->tick = (uint16_t)(h->tick - s);
        } else {
            h->present = 0;
        }
    }
    for (unsigned f = 0; f < FIELDS; f++) {
        const uint32_t said = a->said[f];
        a->said[f] = stamp_tick(said) > s ? said - ((uint32_t)s << 16) : 0;
    }
}

uint16_t track_tick(struct track *a, int64_t t_us)
{
    const int64_t tick = (t_us - a->epoch_us) >> TICK_SHIFT;
    if (tick <= 0) {
        return 0;
    }
    if (tick <= UINT16_MAX) {
        return (uint16_t)tick;
    }
    track_rebase(a, tick - TICK_KEEP);
    return TICK_KEEP;
}

void track_restart(struct tracker *t, struct track *a, int64_t t_us)
{
    trail_drop(t, slot_of(t, a));
    const struct track old = *a;
    memset(a, 0, sizeof *a);
    a->address = old.address;
    a->messages = old.messages;
    a->version = old.version;
    a->epoch_us = t_us - ((int64_t)TICK_START << TICK_SHIFT);
    a->first_us = a->seen_us = t_us;
    a->era = t->era;
    a->place_method = PLACE_NONE;
}

const struct track *tracker_next(const struct tracker *t, const struct track *after)
{
    for (uint32_t i = after ? slot_of(t, after) + 1 : 0; i < t->slots; i++) {
        if (t->track[i].address != ADDRESS_NONE) {
            return &t->track[i];
        }
    }
    return NULL;
}

uint32_t tracker_slots(const struct tracker *t)
{
    return t->slots;
}

const struct track *tracker_at(const struct tracker *t, uint32_t slot)
{
    return slot < t->slots && t->track[slot].address != ADDRESS_NONE ? &t->track[slot] : NULL;
}

const struct track *tracker_find(const struct tracker *t, uint32_t address)
{
    return table_find(t, address);
}

size_t tracker_count(const struct tracker *t)
{
    return t->map.n;
}

uint32_t track_slot(const struct tracker *t, const struct track *a)
{
    return slot_of(t, a);
}
