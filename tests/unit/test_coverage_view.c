/* What is learned of the simulated receivers against where they truly hear: flights of the scenario
   become kept points where a site is in range, ten days of them; then another day's flights are
   asked about, minute by minute. */
#include "coverage/beta.h"
#include "coverage/coverage.h"
#include "coverage/view.h"
#include "simulate/flight.h"
#include "simulate/hearing.h"
#include "simulate_probe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <time.h>

#define DAY_MS INT64_C(86400000)

enum { SITES_MAX = 32, TRAIN_DAYS = 10, TEST_DAYS = 1, SOME = 200000 };

struct world {
    struct scenario *sc;
    struct hearing_site site[SITES_MAX];
    uint64_t seed;
    struct coverage *learned;
    struct coverage_view *view;
    uint64_t points;
    struct kept some[SOME]; /* to push once more, by the clock */
    size_t n_some;
};

static bool is_heard(const struct world *w, int64_t t_us, struct path_vector at, double height_ft)
{
    struct heard out[SITES_MAX];
    const size_t n =
        hearing_of(w->site, w->sc->n_sites, &w->sc->head, w->seed, t_us, at, height_ft, out);
    double none = 1;
    for (size_t i = 0; i < n; i++) {
        none *= 1 - out[i].chance;
    }
    return 1 - pow(none, 20) > 0.5; /* of the twenty positions of ten seconds */
}

typedef void visit_fn(struct world *w, const struct flight *f, const struct path_place *at,
                      const struct profile_state *s, int64_t t_us, void *ctx);

static void fly(struct world *w, struct flight *f, int64_t step_us, visit_fn *visit, void *ctx)
{
    static struct flight_plan plan;
    if (f->class != FLIGHT_POSITION || flight_plan(w->sc, w->seed, f, &plan)) {
        return;
    }
    for (int64_t t_us = f->on_us; t_us < f->off_us; t_us += step_us) {
        struct profile_state s;
        struct path_place at;
        profile_at(&plan.profile, t_us, &s);
        path_at(&plan.path, s.s_nm, &at);
        visit(w, f, &at, &s, t_us, ctx);
    }
}

static void fly_days(struct world *w, int64_t day, int days, int64_t step_us, visit_fn *visit,
                     void *ctx)
{
    for (int64_t d = day; d < day + days; d++) {
        for (size_t r = 0; r < w->sc->n_routes; r++) {
            const unsigned n = flight_rotations(w->sc, w->seed, r, d);
            for (unsigned i = 0; i < n; i++) {
                struct flight out = flight_out(w->sc, w->seed, r, d, i);
                struct flight back = flight_back(w->sc, w->seed, &out);
                fly(w, &out, step_us, visit, ctx);
                fly(w, &back, step_us, visit, ctx);
            }
        }
    }
    for (size_t i = 0; i < w->sc->n_legs; i++) {
        struct flight f = flight_of_leg(w->sc, w->seed, i);
        if (f.takeoff_us / DAY_US >= day && f.takeoff_us / DAY_US < day + days) {
            fly(w, &f, step_us, visit, ctx);
        }
    }
}

static void learn(struct world *w, const struct flight *f, const struct path_place *at,
                  const struct profile_state *s, int64_t t_us, void *ctx)
{
    (void)ctx;
    if (!is_heard(w, t_us, at->at, s->h_ft)) {
        return;
    }
    struct kept k = kept_none();
    k.t_ms = t_us / 1000;
    k.address = f->address;
    k.lat_e7 = at->place.lat_e7, k.lon_e7 = at->place.lon_e7;
    k.ground = s->ground;
    k.alt_baro_ft = s->ground ? KEPT_NONE : (int32_t)lround(s->h_ft / 25) * 25;
    k.gs_e2_kt = (int32_t)lround(s->v_kt * 100);
    k.track_e2_deg = (int32_t)(at->track_deg * 100);
    k.baro_rate_fpm = (int32_t)lround(s->r_fpm / 64) * 64;
    k.origin = ORIGIN_ADSB_ICAO;
    const enum err e = coverage_push(w->learned, &k);
    if (w->n_some < SOME) {
        w->some[w->n_some++] = k;
    }
    assert_true(e == ERR_OK || e == ERR_EXISTS);
    w->points++;
}

/* How good the answers are, by band and in all. */
struct score {
    double n, squares, misses, truth, weight, known;
    double by_p[10], heard_by_p[10];
};

static void add_score(struct score *z, double p, double weight, bool heard)
{
    z->n++;
    z->truth += heard;
    z->squares += (p - heard) * (p - heard);
    z->misses += fabs(p - heard);
    z->weight += weight;
    z->known += weight > 0;
    const int bin = p < 1 ? (int)(p * 10) : 9;
    z->by_p[bin]++;
    z->heard_by_p[bin] += heard;
}

static void ask(struct world *w, const struct flight *f, const struct path_place *at,
                const struct profile_state *s, int64_t t_us, void *ctx)
{
    (void)f;
    struct score *z = ctx;
    const bool heard = is_heard(w, t_us, at->at, s->h_ft);
    double p, weight;
    coverage_heard(w->view, at->place.lat_e7, at->place.lon_e7,
                   s->ground ? COVERAGE_ON_GROUND : (int32_t)s->h_ft, t_us / 1000, &p, &weight);
    const enum coverage_band band = s->ground ? COVERAGE_GROUND : coverage_band((int32_t)s->h_ft);
    add_score(&z[band], p, weight, heard);
    add_score(&z[COVERAGE_BANDS], p, weight, heard);
}

static void show(const char *name, const struct score *z)
{
    if (z->n > 0) {
        const double base = z->truth / z->n;
        print_message("%-20s %7.0f asked, heard %.3f, Brier %.4f (always the mean: %.4f), MAE "
                      "%.4f, known %.3f\n",
                      name, z->n, base, z->squares / z->n, base * (1 - base), z->misses / z->n,
                      z->known / z->n);
    }
}

static void make_view(struct world *w)
{
    w->view = coverage_view_new(COVERAGE_ANY, 1 << 22);
    assert_non_null(w->view);
    const struct coverage_grid *g = coverage_grid(w->learned);
    for (size_t i = 0; i < g->n; i++) {
        assert_int_equal(coverage_view_add(w->view, &g->entry[i]), ERR_OK);
    }
    assert_int_equal(coverage_view_ready(w->view), ERR_OK);
}

static int set_up(void **state)
{
    static struct world w;
    w.sc = simulate_probe_scenario(TEST_SOURCE_DIR "/scenarios/niamey-2024");
    w.seed = (uint64_t)w.sc->head.seed;
    for (size_t i = 0; i < w.sc->n_sites; i++) {
        hearing_site(w.sc, i, &w.site[i]);
    }
    const struct coverage_options o = {.entries_max = 1 << 22, .crafts_max = 10000};
    w.learned = coverage_new(&o);
    const int64_t day = w.sc->head.start_us / DAY_US;
    fly_days(&w, day + 1, TRAIN_DAYS, 15000000, learn, NULL);
    assert_int_equal(coverage_settle(w.learned), ERR_OK);
    print_message("%lu points, %zu entries\n", (unsigned long)w.points,
                  coverage_grid(w.learned)->n);
    make_view(&w);
    *state = &w;
    return 0;
}

/* What came bit by bit, made ready again and again, is what came at once; and a day that is
   forgotten takes nothing away but its own hour. */
static void grows_as_if_made_at_once(void **state)
{
    const struct world *w = *state;
    const struct coverage_grid *g = coverage_grid(w->learned);
    struct coverage_view *parts = coverage_view_new(COVERAGE_ANY, 1 << 22);
    struct coverage_view *once = coverage_view_new(COVERAGE_ANY, 1 << 22);
    for (size_t i = 0; i < g->n; i++) {
        assert_int_equal(coverage_view_add_daily(parts, &g->entry[i]), ERR_OK);
        assert_int_equal(coverage_view_add_daily(once, &g->entry[i]), ERR_OK);
        if (i % (g->n / 7 + 1) == 0) {
            assert_int_equal(coverage_view_ready(parts), ERR_OK);
        }
    }
    assert_int_equal(coverage_view_ready(parts), ERR_OK);
    assert_int_equal(coverage_view_ready(once), ERR_OK);
    const int64_t later_ms = w->sc->head.start_us / 1000 + 1000 * DAY_MS;
    unsigned known = 0;
    for (int lat = -60; lat < 80; lat++) {
        for (int lon = -180; lon < 180; lon += 2) {
            for (int32_t alt_ft = 1000; alt_ft < 42000; alt_ft += 8000) {
                double p[3], n[3];
                const struct coverage_view *v[] = {parts, once, w->view};
                for (int k = 0; k < 3; k++) {
                    coverage_heard(v[k], lat * 10000000, lon * 10000000, alt_ft, later_ms, &p[k],
                                   &n[k]);
                    assert_true(p[k] == p[0] && n[k] == n[0]);
                }
                known += n[0] > 0;
            }
        }
    }
    assert_true(known > 1000);
    coverage_view_free(parts);
    coverage_view_free(once);
}

static int tear_down(void **state)
{
    struct world *w = *state;
    coverage_view_free(w->view);
    coverage_free(w->learned);
    scenario_free(w->sc);
    return 0;
}

static void other_days_agree(void **state)
{
    struct world *w = *state;
    struct score z[COVERAGE_BANDS + 1] = {0};
    const int64_t day = w->sc->head.start_us / DAY_US;
    fly_days(w, day + 1 + TRAIN_DAYS, TEST_DAYS, 60000000, ask, z);
    for (enum coverage_band b = COVERAGE_GROUND; b < COVERAGE_BANDS; b++) {
        show(coverage_band_name(b), &z[b]);
    }
    const struct score *all = &z[COVERAGE_BANDS];
    show("all", all);
    for (int i = 0; i < 10; i++) {
        print_message("  said %.1f .. %.1f: %6.0f, heard %.3f\n", i / 10.0, (i + 1) / 10.0,
                      all->by_p[i], all->by_p[i] > 0 ? all->heard_by_p[i] / all->by_p[i] : 0);
    }
    const double base = all->truth / all->n;
    assert_true(all->n > 5000);
    assert_true(all->squares / all->n < 0.06);
    assert_true(all->squares / all->n < base * (1 - base) / 3);
    assert_true(all->misses / all->n < 0.15);
}

static void places_are_as_known(void **state)
{
    const struct world *w = *state;
    static const struct {
        const char *name;
        double lat, lon;
        int32_t alt_ft;
        double low, high; /* the answer must lie between */
    } row[] = {
        {"Agadez, cruise", 16.97, 7.99, 35000, 0, 0.25},
        {"Agadez, approach", 16.97, 7.99, 5000, 0, 0.35},
        {"Agadez, ground", 16.97, 7.99, COVERAGE_ON_GROUND, 0, 0.4},
        {"Ramstein, cruise", 49.4, 7.6, 35000, 0.9, 1},
        {"Ramstein, approach", 49.4, 7.6, 2500, 0.8, 1},
        {"Sahara, cruise", 24.0, 4.0, 35000, 0, 0.25},
        {"South Pacific", -50.0, -120.0, 35000, 0.5, 0.5},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        double p, weight, low, high;
        coverage_heard(w->view, (int32_t)(row[i].lat * 1e7), (int32_t)(row[i].lon * 1e7),
                       row[i].alt_ft, w->sc->head.start_us / 1000 + 10 * DAY_MS, &p, &weight);
        coverage_interval(p, weight, &low, &high);
        print_message("%-20s %.2f (%.2f to %.2f) of %.1f passes\n", row[i].name, p, low, high,
                      weight);
        assert_true(p >= row[i].low && p <= row[i].high);
    }
}

static void asking_is_cheap(void **state)
{
    const struct world *w = *state;
    struct rng r = {.state = 5};
    double sum = 0, p, weight;
    enum { ASKED = 1000000 };
    const clock_t start = clock();
    for (int i = 0; i < ASKED; i++) {
        const int32_t lat = (int32_t)rng_below(&r, 600000000),
                      lon = (int32_t)rng_below(&r, 200000000);
        coverage_heard(w->view, lat, lon, (int32_t)rng_below(&r, 40000),
                       w->sc->head.start_us / 1000 + rng_below(&r, 1728000) * INT64_C(1000), &p,
                       &weight);
        sum += p;
    }
    const double ns = (double)(clock() - start) / CLOCKS_PER_SEC / ASKED * 1e9;
    print_message("%.0f ns an answer, mean %.2f\n", ns, sum / ASKED);
    assert_true(ns < 10000); /* ten times what is meant: sanitizers, a busy machine */
}

static void pushing_is_cheap(void **state)
{
    const struct world *w = *state;
    const struct coverage_options o = {.entries_max = 1 << 20, .crafts_max = 10000};
    double least_ns = 1e9;
    for (int run = 0; run < 5; run++) {
        struct coverage *c = coverage_new(&o);
        const clock_t start = clock();
        for (size_t i = 0; i < w->n_some; i++) {
            coverage_push(c, &w->some[i]);
        }
        coverage_settle(c);
        least_ns =
            fmin(least_ns, (double)(clock() - start) / CLOCKS_PER_SEC / (double)w->n_some * 1e9);
        coverage_free(c);
    }
    print_message("%.0f ns a point\n", least_ns);
    assert_true(least_ns < 2000);
}

static void beta_agrees_with_known_values(void **state)
{
    (void)state;
    assert_true(fabs(beta_below(1, 1, 0.3) - 0.3) < 1e-9);
    assert_true(fabs(beta_below(2, 1, 0.3) - 0.09) < 1e-9);
    assert_true(fabs(beta_below(0.5, 0.5, 0.25) - 1.0 / 3) < 1e-9); /* the arcsine law */
    assert_true(fabs(beta_below(3, 2, 0.5) - 0.3125) < 1e-9);
    assert_true(fabs(beta_quantile(0.5, 0.5, 0.5) - 0.5) < 1e-5);
    assert_true(fabs(beta_below(300, 20, beta_quantile(300, 20, 0.1)) - 0.1) < 1e-3);
    double low, high, low2, high2;
    coverage_interval(0.8, 2, &low, &high);
    coverage_interval(0.8, 200, &low2, &high2);
    assert_true(high - low > 4 * (high2 - low2)); /* few data: wide */
    assert_true(low2 < 0.8 && high2 > 0.8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grows_as_if_made_at_once), cmocka_unit_test(other_days_agree),
        cmocka_unit_test(places_are_as_known),      cmocka_unit_test(asking_is_cheap),
        cmocka_unit_test(pushing_is_cheap),         cmocka_unit_test(beta_agrees_with_known_values),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
