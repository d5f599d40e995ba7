/* The chunk: sizes promised, what it refuses, damage found. */
#include "base/crc32c.h"
#include "kept_fleet.h"
#include "kept_golden.h"
#include "store/chunk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

static struct chunk_codec *codec;

enum { CHUNK = 512, FLEET = 40, EACH = 2048 };

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Bytes a point of runs of n points each, all read back alike. */
static double bytes_a_point(const char *what, const struct kept *p, size_t runs, size_t n)
{
    static struct kept back[CHUNK_POINTS_MAX];
    struct buf out = {0};
    size_t bytes = 0;
    double write_s = 0, read_s = 0;
    for (size_t at = 0; at < runs * n;) {
        const size_t left = n - at % n, k = left < CHUNK ? left : CHUNK;
        size_t got;
        buf_clear(&out);
        const double a = now_s();
        assert_int_equal(chunk_encode(codec, p + at, k, &out), ERR_OK);
        const double b = now_s();
        assert_int_equal(chunk_decode(codec, out.p, out.n, back, &got), ERR_OK);
        read_s += now_s() - b;
        write_s += b - a;
        assert_int_equal(got, k);
        for (size_t i = 0; i < k; i++) {
            assert_memory_equal(&back[i], &p[at + i], sizeof *p);
        }
        bytes += out.n;
        at += k;
    }
    buf_free(&out);
    const double total = (double)(runs * n);
    printf("%-34s %5.2f bytes/position, write %.2f M/s, read %.2f M/s\n", what,
           (double)bytes / total, total / write_s / 1e6, total / read_s / 1e6);
    return (double)bytes / total;
}

static void holds_a_real_trace(void **state)
{
    (void)state;
    struct kept *p = malloc(10000 * sizeof *p);
    const size_t n =
        kept_read_trace(TEST_SHARED_DIR "/corpus/frames/trace_full_ac671b.json", p, 10000);
    if (n == 0) {
        printf("skipped: the trace is not there\n");
        free(p);
        skip();
    }
    const double b = bytes_a_point("trace_full_ac671b, all quantities", p, 1, n);
    free(p);
    assert_true(b <= 5.5);
}

static struct kept *fleet(int32_t interval_ms, bool on_grid, bool quality)
{
    struct kept *p = malloc(sizeof *p * FLEET * EACH);
    for (uint32_t i = 0; i < FLEET; i++) {
        struct kept_flier f = kept_flier(i + 1, 0x400000 + i);
        f.on_grid = on_grid;
        f.quality = quality;
        for (size_t j = 0; j < EACH; j++) {
            p[i * EACH + j] = kept_fly(&f, interval_ms);
        }
    }
    return p;
}

static void holds_fleets(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        int32_t interval_ms;
        bool on_grid, quality;
        double most;
    } row[] = {{"CPR fleet, 0.5 s", 500, true, false, 5.5},
               {"CPR fleet, 5 s", 5000, true, false, 5.5},
               {"CPR fleet, 15 s", 15000, true, false, 6.5},
               {"1e-7 degree fleet, 0.5 s", 500, false, false, 7},
               {"1e-7 degree fleet, 5 s", 5000, false, false, 7},
               {"CPR fleet, 0.5 s, quality wanders", 500, true, true, 9},
               {"1e-7 degree, 5 s, quality wanders", 5000, false, true, 9}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct kept *p = fleet(row[i].interval_ms, row[i].on_grid, row[i].quality);
        const double b = bytes_a_point(row[i].what, p, FLEET, EACH);
        free(p);
        assert_true(b <= row[i].most);
    }
}

static void refuses_what_is_no_run(void **state)
{
    (void)state;
    struct buf out = {0};
    struct kept_flier f = kept_flier(3, 0xabcdef);
    struct kept p[3] = {kept_fly(&f, 500), kept_fly(&f, 500), kept_fly(&f, 500)};
    assert_int_equal(chunk_encode(codec, p, 0, &out), ERR_RANGE);
    p[1].address++;
    assert_int_equal(chunk_encode(codec, p, 3, &out), ERR_RANGE);
    p[1].address--;
    p[2].t_ms = p[0].t_ms;
    assert_int_equal(chunk_encode(codec, p, 3, &out), ERR_RANGE);
    p[2].t_ms = p[1].t_ms;
    assert_int_equal(chunk_encode(codec, p, 3, &out), ERR_OK);
    const size_t n = out.n;
    p[0].lat_e7 = 900000001;
    assert_int_equal(chunk_encode(codec, p, 3, &out), ERR_RANGE);
    p[0].lat_e7 = 0, p[0].lon_e7 = 1800000000;
    assert_int_equal(chunk_encode(codec, p, 3, &out), ERR_RANGE);
    assert_int_equal(out.n, n);
    buf_free(&out);
}

static void finds_every_flipped_bit(void **state)
{
    (void)state;
    struct buf out = {0};
    struct kept p[20], back[CHUNK_POINTS_MAX];
    size_t got;
    struct kept_flier f = kept_flier(5, 0xabcdef);
    for (int i = 0; i < 20; i++) {
        p[i] = kept_fly(&f, 4000);
    }
    assert_int_equal(chunk_encode(codec, p, 20, &out), ERR_OK);
    for (size_t bit = 0; bit < out.n * 8; bit++) {
        out.p[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_not_equal(chunk_decode(codec, out.p, out.n, back, &got), ERR_OK);
        assert_int_equal(got, 0);
        out.p[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (size_t n = 0; n < out.n; n++) {
        assert_int_equal(chunk_decode(codec, out.p, n, back, &got), ERR_SHORT);
    }
    assert_int_equal(chunk_decode(codec, out.p, out.n, back, &got), ERR_OK);
    buf_free(&out);
}

static void reads_every_version(void **state)
{
    (void)state;
    static const char *const name[] = {"v1", "v2", "v3"};
    static const char *const points[] = {"chunk_v1", "chunk_v2", "chunk_v2"};
    static struct kept want[CHUNK_POINTS_MAX], got[CHUNK_POINTS_MAX];
    static uint8_t b[4096];
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        char path[256];
        struct chunk_head h;
        snprintf(path, sizeof path, TEST_SOURCE_DIR "/tests/golden/store/chunk_%s.bin", name[i]);
        FILE *f = fopen(path, "rb");
        assert_non_null(f);
        const size_t bytes = fread(b, 1, sizeof b, f);
        fclose(f);
        size_t n, m = golden_points(points[i], want);
        assert_int_equal(chunk_head(b, bytes, &h), ERR_OK);
        assert_int_equal(h.version, i + 1);
        assert_int_equal(chunk_decode(codec, b, bytes, got, &n), ERR_OK);
        assert_int_equal(n, m);
        assert_memory_equal(got, want, n * sizeof *got);
    }
    /* What is written today is what was written when version 3 was made: its codes never change. */
    struct buf out = {0};
    size_t n = golden_points("chunk_v2", want), bytes;
    FILE *f = fopen(TEST_SOURCE_DIR "/tests/golden/store/chunk_v3.bin", "rb");
    assert_non_null(f);
    bytes = fread(b, 1, sizeof b, f);
    fclose(f);
    assert_int_equal(chunk_encode(codec, want, n, &out), ERR_OK);
    assert_int_equal(out.n, bytes);
    assert_memory_equal(out.p, b, bytes);
    buf_free(&out);
    b[2] = CHUNK_VERSION + 1;
    struct chunk_head h;
    assert_int_equal(chunk_head(b, sizeof b, &h), ERR_RANGE);
}

/* A map's reading gives the same times, places, altitudes and what changes rarely; nothing else. */
static void reads_the_way_alone(void **state)
{
    (void)state;
    static struct kept all[CHUNK_POINTS_MAX], way[CHUNK_POINTS_MAX];
    struct buf out = {0};
    size_t n = golden_points("chunk_v2", all), m;
    assert_int_equal(chunk_encode(codec, all, n, &out), ERR_OK);
    assert_int_equal(
        chunk_read(codec, out.p, out.n, CHUNK_POINTS_MAX, INT64_MAX, CHUNK_WAY, way, &m), ERR_OK);
    assert_int_equal(m, n);
    for (size_t i = 0; i < n; i++) {
        struct kept *k = &all[i];
        k->alt_geom_ft = k->alt_baro_ft == KEPT_NONE ? k->alt_geom_ft : KEPT_NONE;
        k->gs_e2_kt = k->track_e2_deg = k->baro_rate_fpm = k->geom_rate_fpm = KEPT_NONE;
        k->ias_kt = k->tas_kt = k->roll_e2_deg = KEPT_NONE_16;
        k->mag_heading_e2_deg = KEPT_NO_HEADING;
        assert_memory_equal(&way[i], k, sizeof *k);
    }
    const int64_t until_ms = all[n / 2].t_ms;
    assert_int_equal(
        chunk_read(codec, out.p, out.n, CHUNK_POINTS_MAX, until_ms, CHUNK_WAY, way, &m), ERR_OK);
    assert_true(m > 0 && m < n && way[m - 1].t_ms <= until_ms && all[m].t_ms > until_ms);
    buf_free(&out);
}

/* Air data as Mode S tells it, all four at each of many points. */
static void holds_air_data(void **state)
{
    (void)state;
    struct kept *p = malloc(sizeof *p * FLEET * EACH);
    for (uint32_t i = 0; i < FLEET; i++) {
        struct kept_flier f = kept_flier(i + 1, 0x400000 + i);
        struct rng r = {i};
        double roll = 0, heading = 0;
        for (size_t j = 0; j < EACH; j++) {
            struct kept *k = &p[i * EACH + j];
            *k = kept_fly(&f, 5000);
            roll += (f.turn_deg_s * 12 - roll) * 0.5;
            heading = fmod(f.course_deg + 5 + kept_noise(&r) * 0.1 + 360, 360);
            k->ias_kt = (int16_t)lround(f.kt * 0.7 + kept_noise(&r));
            k->tas_kt = (int16_t)(2 * lround(f.kt / 2 + kept_noise(&r) * 0.5));
            k->roll_e2_deg = (int16_t)lround(lround(roll * 256 / 45) * 4500 / 256.0);
            k->mag_heading_e2_deg =
                (uint16_t)(lround(lround(heading * 256 / 45) * 4500 / 256.0) % 36000);
            k->nav_qnh_e1_hpa = 10132;
        }
    }
    const double b = bytes_a_point("CPR fleet, 5 s, air data at each", p, FLEET, EACH);
    free(p);
    assert_true(b <= 7);
}

static void crc_is_castagnoli(void **state)
{
    (void)state;
    assert_int_equal(crc32c(0, "123456789", 9), 0xe3069283);
    assert_int_equal(crc32c(crc32c(0, "1234", 4), "56789", 5), 0xe3069283);
}

int main(void)
{
    codec = chunk_codec_new();
    const struct CMUnitTest tests[] = {cmocka_unit_test(crc_is_castagnoli),
                                       cmocka_unit_test(refuses_what_is_no_run),
                                       cmocka_unit_test(finds_every_flipped_bit),
                                       cmocka_unit_test(holds_a_real_trace),
                                       cmocka_unit_test(holds_fleets),
                                       cmocka_unit_test(reads_every_version),
                                       cmocka_unit_test(reads_the_way_alone),
                                       cmocka_unit_test(holds_air_data)};
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    chunk_codec_free(codec);
    return failed;
}
