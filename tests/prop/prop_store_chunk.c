/* Whatever points a run is of, reading gives back what was written: random values of every
   quantity, not known ones among them, extremes, repeats and jumps. */
#include "base/rng.h"
#include "seed.h"
#include "store/chunk.h"
#include "store/pack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct chunk_codec *codec;

enum { RUNS = 400 };

static int32_t any_value(struct rng *r, int32_t low, int32_t high)
{
    switch (rng_below(r, 8)) {
    case 0:
        return low;
    case 1:
        return high;
    case 2:
        return 0;
    default:
        return (int32_t)(low + (int64_t)((double)((int64_t)high - low) * rng_unit(r)));
    }
}

static int32_t maybe(struct rng *r, int32_t was, int32_t low, int32_t high)
{
    switch (rng_below(r, 6)) {
    case 0:
        return KEPT_NONE;
    case 1:
        return any_value(r, low, high);
    case 2: /* a step from the last, in odd quanta */
        return was == KEPT_NONE || was > high - 75 || was < low + 75
                   ? was
                   : was + 25 * ((int32_t)rng_below(r, 7) - 3);
    default:
        return was;
    }
}

static uint8_t small(struct rng *r, uint8_t was)
{
    return rng_below(r, 10) ? was : (uint8_t)rng_next(r);
}

static void change(struct rng *r, struct kept *k, bool air)
{
    k->alt_baro_ft = maybe(r, k->alt_baro_ft, INT32_MIN + 1, INT32_MAX);
    k->alt_geom_ft = maybe(r, k->alt_geom_ft, -2000, 60000);
    k->gs_e2_kt = maybe(r, k->gs_e2_kt, 0, 70000);
    k->track_e2_deg = maybe(r, k->track_e2_deg, 0, 35999);
    k->baro_rate_fpm = maybe(r, k->baro_rate_fpm, INT32_MIN + 1, INT32_MAX);
    k->geom_rate_fpm = maybe(r, k->geom_rate_fpm, -32000, 32000);
    k->rc_m = maybe(r, k->rc_m, 0, INT32_MAX);
    k->squawk = rng_below(r, 9) ? k->squawk : (uint16_t)rng_next(r);
    k->receiver = rng_below(r, 3) ? k->receiver : (uint16_t)rng_below(r, 5);
    k->nic = small(r, k->nic), k->nac_p = small(r, k->nac_p);
    k->sil = small(r, k->sil), k->version = small(r, k->version);
    if (air) {
        k->ias_kt = rng_below(r, 4) ? k->ias_kt : (int16_t)rng_next(r);
        k->tas_kt = rng_below(r, 4) ? (int16_t)(k->tas_kt & ~1) : (int16_t)(rng_next(r) & 0x3fe);
        k->roll_e2_deg = rng_below(r, 3) ? k->roll_e2_deg : (int16_t)rng_next(r);
        k->mag_heading_e2_deg = rng_below(r, 3) ? k->mag_heading_e2_deg : (uint16_t)rng_next(r);
        k->nav_qnh_e1_hpa = rng_below(r, 9) ? k->nav_qnh_e1_hpa : (uint16_t)rng_next(r);
    }
    k->ground = rng_below(r, 9) == 0;
    k->origin = rng_below(r, 9) ? k->origin : (uint8_t)rng_below(r, ORIGIN_COUNT);
    if (rng_below(r, 20) == 0) {
        const uint64_t text = rng_below(r, 3) ? rng_next(r) : 0;
        memcpy(k->flight, &text, 8);
    }
}

static void move(struct rng *r, struct kept *k, int32_t quantum)
{
    if (rng_below(r, 4) == 0) {
        k->lat_e7 = any_value(r, -900000000, 900000000) / quantum * quantum;
        k->lon_e7 = any_value(r, -1800000000, 1799999900) / quantum * quantum;
    } else if (abs(k->lat_e7) < 890000000 && abs(k->lon_e7) < 1790000000) {
        k->lat_e7 += ((int32_t)rng_below(r, 2001) - 1000) * quantum;
        k->lon_e7 += ((int32_t)rng_below(r, 2001) - 1000) * quantum;
    }
}

/* The same points, each as what differs from the one before; what is cut short is told. */
static void check_packed(const struct kept *p, size_t n)
{
    uint8_t b[PACK_MAX];
    struct kept before = p[0], got;
    for (size_t i = 0; i < n; i++) {
        const size_t bytes = pack_point(b, i > 0 ? &p[i - 1] : NULL, &p[i]);
        assert_true(bytes <= PACK_MAX);
        struct kept none = kept_none();
        none.address = p[i].address;
        none.t_ms = none.lat_e7 = none.lon_e7 = 0;
        assert_int_equal(pack_read(b, bytes, i > 0 ? &before : &none, &got), bytes);
        assert_memory_equal(&got, &p[i], sizeof got);
        assert_int_equal(pack_read(b, bytes - 1, &before, &got), 0);
        before = p[i];
    }
}

static void reading_gives_what_was_written(void **state)
{
    (void)state;
    static struct kept p[CHUNK_POINTS_MAX], back[CHUNK_POINTS_MAX];
    static const int32_t quantum[3] = {1, 10, 100};
    struct rng r = {seed_of_run()};
    struct buf out = {0};
    for (int run = 0; run < RUNS; run++) {
        const size_t n = 1 + rng_below(&r, run % 8 ? 60 : CHUNK_POINTS_MAX);
        const int32_t q = quantum[rng_below(&r, 3)];
        struct kept k = kept_none();
        k.address = (uint32_t)rng_next(&r) & 0x1ffffffu;
        k.t_ms = KEPT_TIME_MIN + (int64_t)rng_below(&r, UINT32_MAX) * 900;
        k.lat_e7 = k.lon_e7 = 0;
        for (size_t i = 0; i < n; i++) {
            change(&r, &k, run % 3 == 0);
            move(&r, &k, q);
            k.t_ms += rng_below(&r, 20) ? rng_below(&r, 3) * 500 : rng_below(&r, 1900000);
            p[i] = k;
        }
        size_t got;
        buf_clear(&out);
        assert_int_equal(chunk_encode(codec, p, n, &out), ERR_OK);
        assert_int_equal(chunk_decode(codec, out.p, out.n, back, &got), ERR_OK);
        assert_int_equal(got, n);
        assert_memory_equal(back, p, n * sizeof *p);
        check_packed(p, n);
    }
    buf_free(&out);
}

int main(void)
{
    codec = chunk_codec_new();
    const struct CMUnitTest tests[] = {cmocka_unit_test(reading_gives_what_was_written)};
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    chunk_codec_free(codec);
    return failed;
}
