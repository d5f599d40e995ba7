/* The tracker of include/masar.h. */
#include "libmasar/internal.h"

#include "track/track.h"

#include <stdlib.h>

_Static_assert(MASAR_RECEIVERS == RECEIVERS_MAX, "the header's receivers are model's");
/* NOLINTNEXTLINE(misc-redundant-expression): equal today, by two definitions */
_Static_assert(MASAR_UNKNOWN == FIX_NO_ALTITUDE, "the header's unknown is model's");

struct masar_tracker {
    struct counters counters;
    struct tracker *tracker;
    struct receiver *receivers; /* RECEIVERS_MAX; only their places are used */
    struct masar_message last;
    struct outcome outcome; /* of last */
};

enum {
    REJECTED_MOST = 4096, /* the tracker keeps no more */
    TRAIL_MOST = 8192,    /* nor of one aircraft */
    POINTS_AN_AIRCRAFT = 200,
    POINTS_MOST = 2000000
};

struct masar_tracker *masar_tracker_new(uint32_t aircraft_max)
{
    struct masar_tracker *t = calloc(1, sizeof *t);
    if (!t) {
        return NULL;
    }
    libmasar_message_start(&t->last);
    t->receivers = calloc(RECEIVERS_MAX, sizeof *t->receivers);
    if (t->receivers) {
        const bool is_small = aircraft_max && aircraft_max < POINTS_MOST / POINTS_AN_AIRCRAFT;
        const struct tracker_options o = {
            .aircraft_max = aircraft_max,
            .trail_points_max = is_small ? aircraft_max * POINTS_AN_AIRCRAFT : POINTS_MOST,
            .receivers = t->receivers,
            .counters = &t->counters};
        t->tracker = tracker_new(&o);
    }
    if (!t->tracker) {
        free(t->receivers);
        free(t);
        return NULL;
    }
    return t;
}

void masar_tracker_free(struct masar_tracker *tracker)
{
    if (tracker) {
        tracker_free(tracker->tracker);
        free(tracker->receivers);
        free(tracker);
    }
}

bool masar_tracker_receiver(struct masar_tracker *tracker, uint16_t receiver, int32_t lat_e7,
                            int32_t lon_e7, int32_t alt_m)
{
    if (receiver >= MASAR_RECEIVERS || lat_e7 < -900000000 || lat_e7 > 900000000 ||
        lon_e7 < -1800000000 || lon_e7 > 1800000000 || alt_m < -1000 || alt_m > 100000) {
        return false;
    }
    struct receiver *r = &tracker->receivers[receiver];
    r->has_place = true;
    r->lat_e7 = lat_e7;
    r->lon_e7 = lon_e7 == 1800000000 ? -1800000000 : lon_e7;
    r->alt_m = alt_m;
    return true;
}

/* The public name and the tracker's own are one object. */
static const struct masar_track *public_track(const struct track *a)
{
    return (const struct masar_track *)a;
}

static const struct track *own_track(const struct masar_track *a)
{
    return (const struct track *)a;
}

const struct masar_track *masar_tracker_frame(struct masar_tracker *tracker, const uint8_t *frame,
                                              size_t n, int64_t t_us, uint16_t receiver,
                                              int repair_bits)
{
    struct frame f;
    tracker->outcome.has_fix = false;
    if (!libmasar_frame(frame, n, t_us, receiver, &f)) {
        libmasar_message_start(&tracker->last);
        return NULL;
    }
    const struct modes_options o = libmasar_repair(repair_bits);
    modes_decode(&f, &o, &tracker->last.m);
    tracker_push(tracker->tracker, &tracker->last.m, &tracker->outcome);
    libmasar_message_finish(&tracker->last);
    return public_track(tracker->outcome.track);
}

const struct masar_message *masar_tracker_message(const struct masar_tracker *tracker)
{
    return &tracker->last;
}

static struct masar_fix public_fix(const struct fix *f)
{
    return (struct masar_fix){
        .t_us = f->t_us,
        .origin = origin_row[f->origin].type,
        .verdict = verdict_row[f->verdict].key,
        .address = f->address,
        .lat_e7 = f->lat_e7,
        .lon_e7 = f->lon_e7,
        .alt_baro_ft = f->alt_baro_ft,
        .receiver = f->receiver,
        .ground = f->ground != 0,
    };
}

bool masar_tracker_fix(const struct masar_tracker *tracker, struct masar_fix *fix)
{
    if (!tracker->outcome.has_fix) {
        return false;
    }
    *fix = public_fix(&tracker->outcome.fix);
    return true;
}

/* Times beyond some 36,000 years from 1970 are nonsense, and would overflow. */
static int64_t sane(int64_t now_us)
{
    static const int64_t FAR_US = INT64_C(1) << 60;
    return now_us > FAR_US ? FAR_US : now_us < -FAR_US ? -FAR_US : now_us;
}

void masar_tracker_expire(struct masar_tracker *tracker, int64_t now_us)
{
    tracker_expire(tracker->tracker, sane(now_us));
}

const struct masar_track *masar_tracker_next(const struct masar_tracker *tracker,
                                             const struct masar_track *after)
{
    return public_track(tracker_next(tracker->tracker, own_track(after)));
}

const struct masar_track *masar_tracker_find(const struct masar_tracker *tracker, uint32_t address)
{
    return public_track(tracker_find(tracker->tracker, address));
}

size_t masar_tracker_count(const struct masar_tracker *tracker)
{
    return tracker_count(tracker->tracker);
}

size_t masar_tracker_rejected(const struct masar_tracker *tracker, uint32_t address,
                              struct masar_fix *fixes, size_t max)
{
    max = max < REJECTED_MOST ? max : REJECTED_MOST;
    struct fix *own = calloc(max ? max : 1, sizeof *own);
    if (!own) {
        return 0;
    }
    const size_t n = tracker_rejected(tracker->tracker, address, own, max);
    for (size_t i = 0; i < n; i++) {
        fixes[i] = public_fix(&own[i]);
    }
    free(own);
    return n;
}

uint32_t masar_track_address(const struct masar_track *track)
{
    return track_address(own_track(track));
}

const char *masar_track_flight(const struct masar_track *track)
{
    return track_flight(own_track(track));
}

const char *masar_track_origin(const struct masar_track *track)
{
    return origin_row[track_origin(own_track(track))].type;
}

uint32_t masar_track_messages(const struct masar_track *track)
{
    return track_messages(own_track(track));
}

int64_t masar_track_first_us(const struct masar_track *track)
{
    return track_first_us(own_track(track));
}

int64_t masar_track_seen_us(const struct masar_track *track)
{
    return track_seen_us(own_track(track));
}

static bool is_tracked(int quantity)
{
    return quantity >= 0 && quantity < FIELD_TRACKED;
}

static struct masar_value public_value(const struct value *v)
{
    return (struct masar_value){
        .t_us = v->t_us,
        .origin = origin_row[v->origin].type,
        .value = v->v,
        .receiver = v->receiver,
    };
}

bool masar_track_get(const struct masar_track *track, int quantity, struct masar_value *value)
{
    struct value v;
    if (!is_tracked(quantity) || !track_get(own_track(track), (enum field)quantity, &v)) {
        return false;
    }
    *value = public_value(&v);
    return true;
}

bool masar_track_fresh(const struct masar_track *track, int quantity, int64_t now_us,
                       struct masar_value *value)
{
    struct value v;
    if (!is_tracked(quantity) ||
        !track_fresh(own_track(track), (enum field)quantity, sane(now_us), &v)) {
        return false;
    }
    *value = public_value(&v);
    return true;
}

bool masar_track_place(const struct masar_track *track, struct masar_fix *fix)
{
    struct fix f;
    if (!track_place(own_track(track), &f)) {
        return false;
    }
    *fix = public_fix(&f);
    return true;
}

size_t masar_track_trail(const struct masar_tracker *tracker, const struct masar_track *track,
                         struct masar_point *points, size_t max)
{
    max = max < TRAIL_MOST ? max : TRAIL_MOST;
    struct trail_point *own = calloc(max ? max : 1, sizeof *own);
    if (!own) {
        return 0;
    }
    const size_t n = track_trail(tracker->tracker, own_track(track), own, max);
    for (size_t i = 0; i < n; i++) {
        points[i] = (struct masar_point){
            .t_us = own[i].t_us,
            .lat_e7 = own[i].lat_e7,
            .lon_e7 = own[i].lon_e7,
            .alt_baro_ft = own[i].alt_baro_ft,
            .ground = own[i].ground != 0,
            .gap = own[i].gap != 0,
        };
    }
    free(own);
    return n;
}
