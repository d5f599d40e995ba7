/* The way of one message through the room: heard before? whose? to be believed? then its
   quantities, its position, and what follows from them. */
#include "track/internal.h"

enum { ORIGIN_OF_LATE_MS = 60000 };

/* Times beyond some 36,000 years from 1970 are nonsense, and would overflow. */
static int64_t sane(int64_t t_us)
{
    static const int64_t FAR_US = INT64_C(1) << 60;
    return t_us > FAR_US ? FAR_US : t_us < -FAR_US ? -FAR_US : t_us;
}

/* `type` of aircraft.json: the best origin of the last minute. */
static void note_origin(struct push *p)
{
    struct track *a = p->a;
    if (rank_of(p->origin) >= rank_of(a->origin) ||
        !tick_within(a->origin_tick, p->tick, TICKS(ORIGIN_OF_LATE_MS))) {
        a->origin = p->origin;
        a->origin_tick = p->tick;
    }
}

static void note_heard(struct push *p)
{
    struct track *a = p->a;
    a->messages++;
    a->version++;
    a->repaired = (uint16_t)(a->repaired + (p->m->corrected > 0 && a->repaired < UINT16_MAX));
    if (p->t_us > a->seen_us) {
        a->seen_us = p->t_us;
    }
    if (p->m->signal) {
        a->signal[a->signal_at++ % sizeof a->signal] = p->m->signal;
    }
    note_origin(p);
}

/* Of thousands of aircraft heard in the last hour random replies hit one now and then: an aircraft
   that has been silent comes back by a clean frame, or like a new one. */
static bool has_gone_silent(const struct push *p)
{
    static const int64_t SILENT_US = 60 * INT64_C(1000000);
    return p->m->parity == PARITY_ADDRESS && p->t_us - p->a->seen_us > SILENT_US;
}

/* Finds the message's aircraft, or makes it where the address may be believed. */
static bool attribute(struct push *p)
{
    struct tracker *t = p->t;
    if (p->a && has_gone_silent(p) && !admit_new(t, p->m, p->t_us)) {
        count(t->counters, COUNT_FRAMES_UNKNOWN_ADDRESS);
        return false;
    }
    if (p->a) {
        if (p->a->era != t->era) {
            track_restart(t, p->a, p->t_us);
        }
        p->tick = track_tick(p->a, p->t_us);
        if (!admit_known(p)) {
            count(t->counters, COUNT_FRAMES_CONTRADICTING);
            return false;
        }
        return true;
    }
    if (!admit_new(t, p->m, p->t_us)) {
        count(t->counters, COUNT_FRAMES_UNKNOWN_ADDRESS);
        return false;
    }
    p->a = table_create(t, p->m->address, p->t_us);
    if (!p->a) {
        return false;
    }
    p->out->created = true;
    p->tick = TICK_START;
    return true;
}

/* Management of TIS-B and ADS-R and reserved squitters (DF 18, control field 4 and 7) tell of the
   ground station, whatever stands where an address does. */
static bool is_of_ground_station(const struct message *m)
{
    return m->df == 18 && m->origin == ORIGIN_UNKNOWN;
}

static bool is_addressed(struct tracker *t, const struct message *m)
{
    if (m->df == 32) {
        count(t->counters, COUNT_FRAMES_MODE_AC);
        return false;
    }
    return m->parity != PARITY_BAD && m->address != ADDRESS_NONE && !is_of_ground_station(m);
}

/* Of 1090 MHz, or of 978: what came as values is nobody's echo. */
static bool came_as_frame(const struct message *m)
{
    return m->df != 255 || m->parity == PARITY_OK;
}

void tracker_push(struct tracker *t, struct message *m, struct outcome *out)
{
    out->track = NULL;
    out->duplicate = out->created = out->has_fix = false;
    out->fields = 0;
    if (!is_addressed(t, m)) {
        return;
    }
    struct push p = {.t = t, .m = m, .out = out, .timed = !(m->flags & FRAME_NO_TIME)};
    if (p.timed) {
        p.t_us = sane(m->t_us);
        era_hear(t, p.t_us);
    } else {
        p.t_us = t->clock_us == INT64_MIN ? 0 : t->clock_us;
    }
    if (m->flags & FRAME_MLAT) {
        m->origin = ORIGIN_MLAT;
    }
    p.origin = m->origin;
    p.source = source_of(m->origin, m->receiver);
    p.a = p.timed ? table_find_heard(t, m->address, p.t_us) : table_find(t, m->address);
    if (p.a) {
        table_prefetch(p.a);
    }
    if (came_as_frame(m) && (t->is_shared || m->receiver != t->receiver_first) &&
        duplicate_heard(t, m, p.t_us)) {
        count(t->counters, COUNT_FRAMES_DUPLICATE);
        out->duplicate = true;
        out->track = p.a;
        return;
    }
    const bool is_attributed = attribute(&p);
    if (m->df == 20 || m->df == 21) {
        derive_comm_b(is_attributed ? p.a : NULL, p.tick, m);
    }
    if (!is_attributed) {
        return;
    }
    out->track = p.a;
    note_heard(&p);
    derive_reading(p.a, m);
    const uint64_t fields = accept_items(&p);
    if (m->cpr.present || m->has_place) {
        position_take(&p);
    }
    derive_values(&p, fields);
}
