/* The fit of many sites at once: every kernel gives the same to the bit, and what the formulas of
   likelihood.h say of one site with the library's functions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "geo/sphere.h"
#include "movement/fit.h"
#include "movement/likelihood.h"

enum { PLACES = 300, FLIGHTS = 400 };

/* Numbers in [lo, hi), a fixed row of them. */
static float number(uint64_t *state, float lo, float hi)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return lo + (hi - lo) * (float)(*state >> 40) / (float)(1 << 24);
}

static struct posterior_moment moment(uint64_t *s)
{
    const int32_t lat_e7 = (int32_t)number(s, -8.9e8F, 8.9e8F);
    const int32_t lon_e7 = (int32_t)number(s, -1.8e9F, 1.8e9F);
    const float alt_ft = number(s, -3000, 45000);
    return (struct posterior_moment){.at = unit_of(lat_e7, lon_e7),
                                     .lat_e7 = lat_e7,
                                     .lon_e7 = lon_e7,
                                     .track_deg = number(s, -40, 360),
                                     .alt_ft = alt_ft < 0 ? NAN : alt_ft,
                                     .gs_kt = number(s, 60, 520),
                                     .straight = number(s, 0, 1.3F),
                                     .phase = (enum vertical)(int)number(s, 0, 4)};
}

static struct posterior_flight flight(uint64_t *s)
{
    const bool typed = number(s, 0, 1) < 0.4F;
    return (struct posterior_flight){
        .first = moment(s),
        .now = moment(s),
        .flown_nm = number(s, 0, 3000),
        .top_ft = number(s, 0, 45000),
        .top_gs_kt = number(s, 0, 500),
        .brisk = number(s, 0, 1) < 0.5F ? number(s, 0.3F, 2) : 0,
        .type = {.range_nm = typed ? (uint16_t)number(s, 300, 6000) : 0,
                 .runway_ft = typed ? (uint16_t)number(s, 1500, 9000) : 0}};
}

static struct site place(uint64_t *s)
{
    return (struct site){
        .at = unit_of((int32_t)number(s, -9e8F, 9e8F), (int32_t)number(s, -1.8e9F, 1.8e9F)),
        .elevation_ft =
            number(s, 0, 1) < 0.1F ? AIRPORT_NO_ELEVATION : (int16_t)number(s, -1000, 14000),
        .longest_ft = number(s, 0, 1) < 0.2F ? 0 : (uint16_t)number(s, 800, 13000),
        .small = number(s, 0, 1) < 0.5F};
}

static int put_places(void **state)
{
    static struct fit_places p;
    uint64_t s = 7;
    assert_true(fit_places_init(&p, PLACES));
    for (int i = 0; i < PLACES; i++) {
        const struct site one = place(&s);
        fit_places_add(&p, &one);
    }
    *state = &p;
    return 0;
}

static int drop_places(void **state)
{
    fit_places_free(*state);
    return 0;
}

typedef void ask_fn(const struct fit_kernel *k, const struct fit_question *q,
                    const struct fit_places *p, float *nm, float *fit);

static void ask_destination(const struct fit_kernel *k, const struct fit_question *q,
                            const struct fit_places *p, float *nm, float *fit)
{
    k->destination(q, p, 0, p->n, nm, fit);
}

static void ask_origin(const struct fit_kernel *k, const struct fit_question *q,
                       const struct fit_places *p, float *nm, float *fit)
{
    k->origin(q, p, 0, p->n, nm, fit);
}

static void check_kernels(const struct fit_places *p, ask_fn *ask)
{
    uint64_t s = 11;
    for (int i = 0; i < FLIGHTS; i++) {
        float nm[2][PLACES + FIT_BLOCK], fit[2][PLACES + FIT_BLOCK], score[2][PLACES + FIT_BLOCK];
        const struct posterior_flight f = flight(&s);
        const struct unit other = unit_of((int32_t)number(&s, -9e8F, 9e8F), 0);
        const struct fit_question q = {&posterior_fitted, &f, i % 2 ? &other : NULL};
        ask(fit_kernel_at(0), &q, p, nm[0], fit[0]);
        const float none = fit_kernel_at(0)->weigh(p->x, p->y, fit[0], p->n, score[0]);
        for (unsigned k = 1; fit_kernel_at(k); k++) {
            ask(fit_kernel_at(k), &q, p, nm[1], fit[1]);
            assert_memory_equal(nm[0], nm[1], sizeof(float) * p->n);
            assert_memory_equal(fit[0], fit[1], sizeof(float) * p->n);
            const float same = fit_kernel_at(k)->weigh(p->x, p->y, fit[1], p->n, score[1]);
            assert_memory_equal(&none, &same, sizeof none);
            assert_memory_equal(score[0], score[1], sizeof(float) * (p->n));
        }
    }
}

static void kernels_agree(void **state)
{
    check_kernels(*state, ask_destination);
    check_kernels(*state, ask_origin);
}

/* ---- one site, with the library's functions ---- */

static float reach(const struct posterior_weights *w, const struct posterior_flight *f,
                   const struct fit_places *p, size_t i, float nm)
{
    const struct likelihood_kind k = likelihood_kind(w, f);
    float fit = k.heavy_ft > 0 ? likelihood_heavy(&k, nm) : 1;
    fit *= k.range_nm > 0 ? likelihood_range(&k, f->flown_nm + nm) : 1;
    fit *= k.far_nm > 0 ? likelihood_far(&k, f->flown_nm + nm) : 1;
    fit *= k.runway_ft > 0 ? likelihood_runway(&k, p->longest_ft[i]) : 1;
    return fit * (k.small > 0 && p->small[i] > 0 ? k.small : 1);
}

static float bearing(const struct posterior_weights *w, const struct posterior_moment *m,
                     const struct fit_places *p, size_t i, float nm, float straight, bool behind)
{
    const struct unit at = {p->x[i], p->y[i], p->z[i]};
    if (m->track_deg < 0) {
        return 1 / 180.0F;
    }
    const float deg = unit_bearing_deg(m->at, at);
    const float off = sphere_turn_deg(behind ? fmodf(deg + 180, 360) : deg, m->track_deg);
    return likelihood_bearing(w, off, nm, likelihood_odd(w, straight));
}

static float one_destination(const struct fit_question *q, const struct fit_places *p, size_t i)
{
    const struct posterior_flight *f = q->flight;
    const struct unit at = {p->x[i], p->y[i], p->z[i]};
    const float nm = unit_nm(f->now.at, at);
    const float direct = unit_nm(q->other ? *q->other : f->first.at, at);
    const float log_brisk = likelihood_kind(q->weights, f).brisk;
    const float brisk =
        isnan(log_brisk) ? 1 : likelihood_brisk(q->weights, log_brisk, f->flown_nm + nm);
    return likelihood_descent(q->weights, likelihood_stage(f), f->now.alt_ft, nm,
                              p->elevation_ft[i]) *
           brisk * reach(q->weights, f, p, i, nm) *
           likelihood_detour(q->weights, f->flown_nm + nm - direct, f->flown_nm) *
           bearing(q->weights, &f->now, p, i, nm, f->now.straight, false);
}

static float one_origin(const struct fit_question *q, const struct fit_places *p, size_t i)
{
    const struct posterior_flight *f = q->flight;
    const struct unit at = {p->x[i], p->y[i], p->z[i]};
    const float nm = unit_nm(f->first.at, at), flown = nm + f->flown_nm;
    const float excess =
        q->other ? flown + unit_nm(f->now.at, *q->other) - unit_nm(at, *q->other) : 0;
    const float climb = isnan(f->first.alt_ft)
                            ? 1
                            : likelihood_climb(f->first.phase == VERTICAL_CLIMB, f->first.alt_ft,
                                               nm, p->elevation_ft[i]);
    return climb * reach(q->weights, f, p, i, nm) *
           (q->other ? likelihood_detour(q->weights, excess, flown) : 1) *
           bearing(q->weights, &f->first, p, i, nm, 1, true);
}

static void check_near(float a, float b)
{
    assert_true(fabsf(a - b) <= 2e-4F * fabsf(b) + 1e-12F);
}

static void as_one_by_one(void **state)
{
    const struct fit_places *p = *state;
    uint64_t s = 23;
    for (int i = 0; i < FLIGHTS; i++) {
        float nm[PLACES + FIT_BLOCK], fit[PLACES + FIT_BLOCK];
        const struct posterior_flight f = flight(&s);
        const struct unit other = unit_of((int32_t)number(&s, -9e8F, 9e8F), 0);
        const struct fit_question q = {&posterior_fitted, &f, i % 2 ? &other : NULL};
        ask_destination(fit_kernel_best(), &q, p, nm, fit);
        for (size_t k = 0; k < p->n; k++) {
            check_near(fit[k], one_destination(&q, p, k));
        }
        ask_origin(fit_kernel_best(), &q, p, nm, fit);
        for (size_t k = 0; k < p->n; k++) {
            check_near(fit[k], one_origin(&q, p, k));
        }
    }
}

static void quick_functions(void **state)
{
    (void)state;
    for (int i = -8700; i < 8800; i++) {
        const double x = i / 100.0, e = exp(x);
        assert_true(fabs(quick_exp((float)x) - e) <= 2e-5 * e); /* x itself is rounded */
    }
    assert_true(quick_exp(-100) == 0 && quick_exp(-INFINITY) == 0 && quick_exp(NAN) == 0);
    assert_true(isfinite(quick_exp(INFINITY)));
    for (int i = -2000; i < 2000; i++) {
        const float v = (float)pow(1.01, i);
        assert_true(fabs(quick_log(v) - log((double)v)) <= 2e-7 + 2e-7 * fabs(log((double)v)));
    }
    for (int i = 0; i <= 360; i++) {
        const double a = (i - 180) * 0.017453292519943295;
        const double deg = quick_angle_deg((float)cos(a), (float)sin(a));
        assert_true(fabs(deg - abs(i - 180)) < 2e-5);
    }
    assert_true(quick_angle_deg(0, 0) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(kernels_agree),
                                       cmocka_unit_test(as_one_by_one),
                                       cmocka_unit_test(quick_functions)};
    return cmocka_run_group_tests(tests, put_places, drop_places);
}
