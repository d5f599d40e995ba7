/* Trails: what is kept of the places an aircraft was at. */
#include "track_tool.h"

static void silence_leaves_a_gap_in_the_trail(void **state)
{
    const struct flight f = cruise(*state);
    fly(&f, f.start_us, 240);
    const struct outcome o = fly(&f, f.start_us + 300 * SECOND, 240);
    struct trail_point p[100];
    const size_t n = track_trail(f.b->t, o.track, p, 100);
    assert_in_range(n, 4, 12);
    int gaps = 0;
    for (size_t i = 0; i < n; i++) {
        gaps += p[i].gap;
        assert_true(i == 0 || p[i].t_us > p[i - 1].t_us);
        if (p[i].gap) {
            assert_int_equal(p[i].t_us, f.start_us + 300 * SECOND + SECOND / 2 * 0);
            assert_in_range(p[i - 1].t_us, f.start_us + 118 * SECOND, f.start_us + 120 * SECOND);
        }
    }
    assert_int_equal(gaps, 1);
}

/* Every accepted fix within the stated tolerance of the line through the kept points. */
static void the_trail_passes_every_fix_closely(void **state)
{
    struct bench *b = *state;
    enum { N = 2400 };
    static struct sphere_place way[N];
    static int32_t alt[N];
    struct sphere_place p = at(47, 8);
    double track = 0;
    double ft = 5000;
    const struct track *a = NULL;
    for (int i = 0; i < N; i++) {
        track += i % 400 < 200 ? 0.75 : 0;
        ft += i % 300 < 150 ? 16 : 0;
        p = sphere_destination(p, track, 250 * 0.514444 / 2);
        struct message m = position(FLIGHT_HEX, i * SECOND / 2, p, i & 1, false);
        message_add(&m, FIELD_GS, 25000);
        message_add(&m, FIELD_TRACK, (int32_t)(fmod(track, 360) * 100));
        message_add(&m, FIELD_ALT_BARO, (int32_t)(ft / 25) * 25);
        const struct outcome o = push(b, &m);
        a = o.track;
        way[i] = p;
        alt[i] = (int32_t)(ft / 25) * 25;
        assert_true(i == 0 || o.fix.verdict == VERDICT_ACCEPTED);
    }
    static struct trail_point trail[N];
    const size_t n = track_trail(b->t, a, trail, N);
    assert_in_range(n, 20, 300);
    size_t k = 0;
    double worst = 0;
    int32_t worst_ft = 0;
    for (int i = 1; i < N; i += 2) {
        const int64_t t = i * SECOND / 2;
        while (k + 2 < n && trail[k + 1].t_us < t) {
            k++;
        }
        const double share =
            (double)(t - trail[k].t_us) / (double)(trail[k + 1].t_us - trail[k].t_us);
        const struct sphere_place line = {
            (int32_t)(trail[k].lat_e7 + share * (trail[k + 1].lat_e7 - trail[k].lat_e7)),
            (int32_t)(trail[k].lon_e7 + share * (trail[k + 1].lon_e7 - trail[k].lon_e7))};
        worst = fmax(worst, sphere_distance_m(line, way[i]));
        const int32_t line_ft = (int32_t)(trail[k].alt_baro_ft + share * (trail[k + 1].alt_baro_ft -
                                                                          trail[k].alt_baro_ft));
        worst_ft = abs(line_ft - alt[i]) > worst_ft ? abs(line_ft - alt[i]) : worst_ft;
    }
    assert_true(worst < 20 + 0.2 * 250 * 0.514444 + 5);
    assert_in_range(worst_ft, 0, 52);
}

static void a_trail_is_an_hour_long(void **state)
{
    const struct flight f = cruise(*state);
    const struct track *a = NULL;
    for (int i = 0; i < 2 * 3600; i++) {
        a = fly_one(&f, f.start_us + i * SECOND, i & 1).track;
        tracker_expire(f.b->t, f.start_us + i * SECOND);
    }
    struct trail_point p[200];
    const size_t n = track_trail(f.b->t, a, p, 200);
    assert_in_range(n, 10, 60);
    assert_in_range(p[0].t_us, f.start_us + 3599 * SECOND, f.start_us + 3900 * SECOND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(silence_leaves_a_gap_in_the_trail),
        BENCH_TEST(the_trail_passes_every_fix_closely),
        BENCH_TEST(a_trail_is_an_hour_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
