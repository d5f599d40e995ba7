/* Whatever else is heard, aircraft stay where they are and are called what they are called; and the
   same input gives the same tracks. Frames are made by the encoder and read by the decoder. */
#include "../unit/track_tool.h"

#include "base/rng.h"
#include "encode/encode.h"
#include "modes/decode.h"
#include "radio/parity.h"
#include "seed.h"

enum { AIRCRAFT = 20, STEPS = 600, STEP_US = 250000 };

struct world {
    struct rng rng;
    struct encode_state plane[AIRCRAFT];
    struct sphere_place start[AIRCRAFT];
};

static void world_start(struct world *w, uint64_t seed)
{
    w->rng.state = seed;
    for (int i = 0; i < AIRCRAFT; i++) {
        struct encode_state *s = &w->plane[i];
        *s = encode_state_unknown();
        s->address = 0x400000 + rng_below(&w->rng, 0x100000);
        s->at = (struct cpr_position){(int32_t)(rng_unit(&w->rng) * 1.6e9 - 0.8e9),
                                      (int32_t)(rng_unit(&w->rng) * 3.59e9 - 1.79e9)};
        s->alt_baro_ft = 25 * (int32_t)rng_below(&w->rng, 1600) + 1000;
        s->gs_e2_kt = 10000 + (int32_t)rng_below(&w->rng, 40000);
        s->track_e2_deg = (int32_t)rng_below(&w->rng, 36000);
        s->squawk = (uint16_t)rng_below(&w->rng, 4096);
        s->category = 0xa3;
        s->alt_geom_ft = s->alt_baro_ft + 300;
        char flight[16];
        snprintf(flight, sizeof flight, "TST%-5u", rng_below(&w->rng, 10000));
        memcpy(s->flight, flight, sizeof s->flight);
        w->start[i] = (struct sphere_place){s->at.lat_e7, s->at.lon_e7};
    }
}

static struct sphere_place where(const struct world *w, int i, int64_t t_us)
{
    const struct encode_state *s = &w->plane[i];
    const double m = (double)t_us * 1e-6 * s->gs_e2_kt * 0.01 * 1852 / 3600;
    return sphere_destination(w->start[i], s->track_e2_deg * 0.01, m);
}

/* What aircraft i says at step k. */
static void speak(struct world *w, int i, int k, struct frame *f)
{
    struct encode_state *s = &w->plane[i];
    const struct sphere_place p = where(w, i, (int64_t)k * STEP_US);
    const struct sphere_place ahead = where(w, i, (int64_t)k * STEP_US + SECOND);
    struct encode_state now = *s;
    now.at = (struct cpr_position){p.lat_e7, p.lon_e7};
    now.track_e2_deg = (int32_t)(sphere_bearing_deg(p, ahead) * 100);
    switch (k % 8) {
    case 0:
    case 4:
        encode_position(&now, false, f);
        break;
    case 2:
    case 6:
        encode_position(&now, true, f);
        break;
    case 1:
    case 5:
        encode_velocity(&now, f);
        break;
    case 3:
        encode_identification(&now, f);
        break;
    default:
        encode_short_surveillance(&now, i & 1 ? 4 : 5, f);
        break;
    }
}

static void overlay(struct frame *f, uint32_t address)
{
    const uint32_t parity = parity_of(f->byte, f->n) ^ address;
    f->byte[f->n - 3] = (uint8_t)(parity >> 16);
    f->byte[f->n - 2] = (uint8_t)(parity >> 8);
    f->byte[f->n - 1] = (uint8_t)parity;
}

/* Noise: random bits; replies with random content that happen to bear a true address; frames of the
   true aircraft with wrong bits; now and then even a clean position of a true address from
   somewhere else. */
static void disturb(struct world *w, int k, struct frame *f)
{
    struct rng *r = &w->rng;
    const int i = (int)rng_below(r, AIRCRAFT);
    f->n = rng_below(r, 2) ? FRAME_LONG : FRAME_SHORT;
    for (unsigned b = 0; b < f->n; b++) {
        f->byte[b] = (uint8_t)rng_next(r);
    }
    static const uint8_t short_df[] = {0, 4, 5};
    static const uint8_t long_df[] = {16, 20, 21};
    switch (rng_below(r, 8)) {
    case 0:
        f->byte[0] = (uint8_t)((f->n == FRAME_LONG ? long_df : short_df)[rng_below(r, 3)] << 3);
        overlay(f, w->plane[i].address);
        break;
    case 1:
    case 2:
    case 3:
        speak(w, i, k, f);
        for (unsigned errors = 1 + rng_below(r, 3); errors > 0; errors--) {
            const unsigned bit = rng_below(r, 8U * f->n);
            f->byte[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
        }
        break;
    case 4:
        if (rng_below(r, 10) == 0) {
            struct encode_state lie = w->plane[i];
            lie.at = (struct cpr_position){(int32_t)(rng_unit(r) * 1.6e9 - 0.8e9),
                                           (int32_t)(rng_unit(r) * 3.59e9 - 1.79e9)};
            encode_position(&lie, rng_below(r, 2), f);
        }
        break;
    default:
        break;
    }
}

static void hear(struct bench *b, struct frame *f, int64_t t_us, uint16_t receiver)
{
    static const struct modes_options options = {.repair_bits = 2};
    struct message m;
    struct outcome o;
    f->t_us = 1700000000 * SECOND + t_us;
    f->tick = FRAME_NO_TICK;
    f->receiver = receiver;
    f->signal = 50;
    f->flags = 0;
    modes_decode(f, &options, &m);
    tracker_push(b->t, &m, &o);
}

static void check(const struct bench *b, const struct world *w, int64_t t_us)
{
    for (int i = 0; i < AIRCRAFT; i++) {
        const struct encode_state *s = &w->plane[i];
        const struct track *a = tracker_find(b->t, s->address);
        struct fix f;
        struct value v;
        assert_non_null(a);
        assert_true(track_place(a, &f));
        const struct sphere_place truth = where(w, i, f.t_us - 1700000000 * SECOND);
        const double off = sphere_distance_m((struct sphere_place){f.lat_e7, f.lon_e7}, truth);
        if (off > 100 || t_us + 1700000000 * SECOND - f.t_us > 3 * SECOND) {
            fail_msg("%06x is %.0f m off, placed %lld ms ago", s->address, off,
                     (long long)(t_us + 1700000000 * SECOND - f.t_us) / 1000);
        }
        assert_memory_equal(track_flight(a), s->flight, sizeof s->flight);
        assert_true(track_get(a, FIELD_ALT_BARO, &v));
        assert_in_range(v.v, s->alt_baro_ft - 500, s->alt_baro_ft + 500);
    }
}

static void run(struct bench *b, uint64_t seed, bool disturbed)
{
    static struct world w;
    world_start(&w, seed);
    for (int k = 0; k < STEPS; k++) {
        const int64_t t_us = (int64_t)k * STEP_US;
        struct frame f;
        for (int i = 0; i < AIRCRAFT; i++) {
            speak(&w, i, k, &f);
            hear(b, &f, t_us + i * 1000, 1);
            if (disturbed) {
                disturb(&w, k, &f);
                hear(b, &f, t_us + i * 1000 + 500, 1);
            }
        }
        if (k > 16) {
            check(b, &w, t_us);
        }
        tracker_expire(b->t, 1700000000 * SECOND + t_us);
    }
}

static void true_tracks_are_followed(void **state)
{
    struct bench *b = *state;
    run(b, seed_of_run(), false);
    assert_int_equal(tracker_count(b->t), AIRCRAFT);
    assert_int_equal(b->counters.n[COUNT_FIXES_REJECTED], 0);
}

static void noise_displaces_nothing(void **state)
{
    struct bench *b = *state;
    run(b, seed_of_run(), true);
    assert_in_range(tracker_count(b->t), AIRCRAFT, AIRCRAFT + 2);
    printf("%zu aircraft, %llu fixes rejected, %llu frames contradicting\n", tracker_count(b->t),
           (unsigned long long)b->counters.n[COUNT_FIXES_REJECTED],
           (unsigned long long)b->counters.n[COUNT_FRAMES_CONTRADICTING]);
}

static uint64_t digest(uint64_t h, const void *p, size_t n)
{
    const uint8_t *byte = p;
    for (size_t i = 0; i < n; i++) {
        h = (h ^ byte[i]) * UINT64_C(0x100000001b3);
    }
    return h;
}

/* Everything that can be asked of a tracker. */
static uint64_t dump(const struct bench *b)
{
    static struct trail_point trail[2000];
    static struct fix kept[100];
    uint64_t h = digest(0, &b->counters, sizeof b->counters);
    for (const struct track *a = NULL; (a = tracker_next(b->t, a));) {
        const int64_t words[] = {track_address(a),   track_messages(a), track_first_us(a),
                                 track_seen_us(a),   track_origin(a),   track_version(a),
                                 track_slot(b->t, a)};
        h = digest(h, words, sizeof words);
        h = digest(h, track_flight(a), 8);
        for (int f = 0; f < (int)FIELD_TRACKED; f++) {
            struct value v;
            if (track_get(a, (enum field)f, &v)) {
                const int64_t one[] = {f, v.v, v.t_us, v.receiver, v.origin};
                h = digest(h, one, sizeof one);
            }
        }
        memset(trail, 0, sizeof trail);
        const size_t n = track_trail(b->t, a, trail, 2000);
        for (size_t i = 0; i < n; i++) {
            const int64_t one[] = {trail[i].t_us,        trail[i].lat_e7, trail[i].lon_e7,
                                   trail[i].alt_baro_ft, trail[i].gs_kt,  trail[i].track_deg,
                                   trail[i].gap};
            h = digest(h, one, sizeof one);
        }
    }
    const size_t n = tracker_rejected(b->t, ADDRESS_NONE, kept, 100);
    for (size_t i = 0; i < n; i++) {
        const int64_t one[] = {kept[i].t_us, kept[i].address, kept[i].lat_e7, kept[i].lon_e7,
                               kept[i].verdict};
        h = digest(h, one, sizeof one);
    }
    return h;
}

static void the_same_input_gives_the_same_tracks(void **state)
{
    struct bench *first = *state;
    const uint64_t seed = seed_of_run();
    run(first, seed, true);
    void *again = NULL;
    bench_up(&again);
    struct bench *second = again;
    run(second, seed, true);
    assert_true(dump(first) == dump(second));
    bench_down(&again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(true_tracks_are_followed),
        BENCH_TEST(noise_displaces_nothing),
        BENCH_TEST(the_same_input_gives_the_same_tracks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
