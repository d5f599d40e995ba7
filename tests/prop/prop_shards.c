/* The same frames through one thread and through three give the same aircraft with the same values,
   and the same answer to every frame. Frames of a fleet with errors among them, in batches of every
   size; the seed is printed. Each aircraft has one receiver: what two receivers bring of it is told
   to be one frame by a table that forgets, sooner on one thread than on three. */
#include "base/rng.h"
#include "encode/encode.h"
#include "seed.h"
#include "shards/shards.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AIRCRAFT = 300, FRAMES = 60000, STEP_US = 700, THREADS = 3 };

static struct rng rng;

static struct encode_state plane(uint32_t i)
{
    struct encode_state s = encode_state_unknown();
    s.address = 0x400000 + i * 7919;
    s.at = (struct cpr_position){(int32_t)(rng_unit(&rng) * 1.6e9 - 0.8e9),
                                 (int32_t)(rng_unit(&rng) * 3.59e9 - 1.79e9)};
    s.alt_baro_ft = 25 * (int32_t)rng_below(&rng, 1600) + 1000;
    s.gs_e2_kt = 10000 + (int32_t)rng_below(&rng, 40000);
    s.track_e2_deg = (int32_t)rng_below(&rng, 36000);
    s.squawk = (uint16_t)rng_below(&rng, 4096);
    s.category = 0xa3;
    char flight[16];
    snprintf(flight, sizeof flight, "TST%-5u", (unsigned)i);
    memcpy(s.flight, flight, sizeof s.flight);
    return s;
}

/* One of the frames an aircraft sends; one in fifty with a wrong bit. */
static void speak(const struct encode_state *s, struct frame *f)
{
    switch (rng_below(&rng, 6)) {
    case 0:
        encode_velocity(s, f);
        break;
    case 1:
        encode_identification(s, f);
        break;
    case 2:
        encode_all_call(s, f);
        break;
    case 3:
        encode_short_surveillance(s, rng_below(&rng, 2) ? 4 : 5, f);
        break;
    default:
        encode_position(s, rng_below(&rng, 2), f);
        break;
    }
    if (rng_below(&rng, 50) == 0) {
        const uint32_t bit = 5 + rng_below(&rng, 8U * f->n - 5);
        f->byte[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
    }
}

static struct frame *make_frames(void)
{
    struct encode_state *fleet = calloc(AIRCRAFT, sizeof *fleet);
    struct frame *frames = calloc(FRAMES, sizeof *frames);
    assert_non_null(fleet);
    assert_non_null(frames);
    for (uint32_t i = 0; i < AIRCRAFT; i++) {
        fleet[i] = plane(i);
    }
    for (int i = 0; i < FRAMES; i++) {
        const uint32_t who = rng_below(&rng, AIRCRAFT);
        speak(&fleet[who], &frames[i]);
        frames[i].t_us = (int64_t)i * STEP_US;
        frames[i].tick = FRAME_NO_TICK;
        frames[i].receiver = (uint16_t)(1 + who % 2);
        frames[i].signal = (uint8_t)rng_below(&rng, 256);
    }
    free(fleet);
    return frames;
}

struct run {
    struct shards *s;
    struct counters counters;
    struct message *messages;
    struct outcome *outcomes;
};

static struct run run_on(unsigned threads, const struct frame *frames)
{
    struct run r = {.messages = calloc(FRAMES, sizeof *r.messages),
                    .outcomes = calloc(FRAMES, sizeof *r.outcomes)};
    struct counters *c = calloc(1, sizeof *c);
    assert_non_null(c);
    assert_non_null(r.messages);
    assert_non_null(r.outcomes);
    /* No repair: a frame whose address is wrong is not repaired on another aircraft's thread. */
    const struct shards_options o = {.n = threads, .track = {.aircraft_max = 1000, .counters = c}};
    r.s = shards_new(&o);
    assert_non_null(r.s);
    for (size_t i = 0, n; i < FRAMES; i += n) {
        n = 1 + rng_below(&rng, 4000);
        n = n < FRAMES - i ? n : FRAMES - i;
        shards_push(r.s, frames + i, n, r.messages + i, r.outcomes + i);
    }
    shards_expire(r.s, FRAMES * INT64_C(700));
    r.counters = *c;
    free(c);
    return r;
}

static void run_free(struct run *r)
{
    shards_free(r->s);
    free(r->messages);
    free(r->outcomes);
}

static const struct track *find(const struct shards *s, uint32_t address)
{
    const struct track *a = NULL;
    for (unsigned i = 0; i < shards_count(s); i++) {
        const struct track *here = tracker_find(shards_tracker(s, i), address);
        if (here) {
            assert_null(a); /* one aircraft has one thread */
            a = here;
        }
    }
    return a;
}

static void assert_same_track(const struct track *a, const struct track *b)
{
    assert_int_equal(track_messages(a), track_messages(b));
    assert_int_equal(track_seen_us(a), track_seen_us(b));
    assert_int_equal(track_origin(a), track_origin(b));
    assert_string_equal(track_flight(a), track_flight(b));
    for (int f = 0; f < FIELD_TRACKED; f++) {
        struct value x = {0}, y = {0};
        assert_int_equal(track_get(a, (enum field)f, &x), track_get(b, (enum field)f, &y));
        assert_int_equal(x.v, y.v);
        assert_int_equal(x.t_us, y.t_us);
        assert_int_equal(x.receiver, y.receiver);
        assert_int_equal(x.origin, y.origin);
    }
    struct fix x, y;
    assert_int_equal(track_place(a, &x), track_place(b, &y));
    if (track_place(a, &x)) {
        assert_int_equal(x.lat_e7, y.lat_e7);
        assert_int_equal(x.lon_e7, y.lon_e7);
        assert_int_equal(x.t_us, y.t_us);
    }
}

static void assert_same_answers(const struct run *one, const struct run *many)
{
    for (int i = 0; i < FRAMES; i++) {
        const struct outcome *x = &one->outcomes[i], *y = &many->outcomes[i];
        assert_int_equal(!x->track, !y->track);
        assert_int_equal(x->created, y->created);
        assert_int_equal(x->fields, y->fields);
        assert_int_equal(x->has_fix, y->has_fix);
        assert_int_equal(one->messages[i].address, many->messages[i].address);
        assert_int_equal(one->messages[i].n, many->messages[i].n);
    }
}

static void threads_change_nothing(void **state)
{
    rng.state = seed_of_run();
    (void)state;
    struct frame *frames = make_frames();
    struct run one = run_on(1, frames), many = run_on(THREADS, frames);
    size_t aircraft = 0;
    const struct tracker *t = shards_tracker(one.s, 0);
    for (const struct track *a = NULL; (a = tracker_next(t, a));) {
        const struct track *b = find(many.s, track_address(a));
        assert_non_null(b);
        assert_same_track(a, b);
        aircraft++;
    }
    assert_true(aircraft >= AIRCRAFT);
    size_t in_many = 0, threads_used = 0;
    for (unsigned i = 0; i < shards_count(many.s); i++) {
        const size_t n = tracker_count(shards_tracker(many.s, i));
        in_many += n;
        threads_used += n > 0;
    }
    assert_int_equal(in_many, aircraft);
    assert_int_equal(threads_used, THREADS);
    assert_same_answers(&one, &many);
    assert_int_equal(one.counters.n[COUNT_FRAMES_TRACKED], many.counters.n[COUNT_FRAMES_TRACKED]);
    assert_int_equal(one.counters.n[COUNT_FIXES_ACCEPTED], many.counters.n[COUNT_FIXES_ACCEPTED]);
    run_free(&one);
    run_free(&many);
    free(frames);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(threads_change_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
