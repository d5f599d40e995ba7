/* masar bench watch: many watches on a made-up world fleet, live and over a store's past. One core.

   Each aircraft sends a position a second and is said something of by the ledger every ten minutes;
   what is timed is the machine alone: positions, rows, and a tick a second. The first second, in
   which all appear at once, is told apart. */
#include "app/bench/bench.h"
#include "app/bench/bench_kept.h"
#include "app/command.h"
#include "app/reference/reference.h"
#include "app/watch/watch_past.h"
#include "base/rng.h"
#include "watch/watch.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WARM_S = 10, RUN_S = 60, CLAIM_EVERY_S = 600, RULE_MAX = 300, START_DAY = 19880 };

static const char *const types[] = {"B738", "A320", "A21N", "B77W", "C172", "C17", "A332", "E190",
                                    "B789", "A359", "AT76", "C130", "K35R", "P8",  "H60",  "SR22"};
static const char *const operators[] = {"RYR", "DLH", "AFR", "UAE", "QTR", "DAL", "UAL", "SWA",
                                        "THY", "RCH", "BAW", "KLM", "CES", "CSN", "ANA", "JAL"};
static const char *const countries[] = {"US", "DE", "FR", "GB", "CN", "JP", "AE", "TR"};

enum { OF_TYPES = 16, OF_COUNTRIES = 8 };

struct watched {
    struct rng r;
    struct bench_world world;
    const struct airports *airports;
    struct flown {
        struct sphere_place from, to;
        double s; /* a flight's, from end to end */
        char near[12];
    } * plane;
    uint32_t planes;
    uint64_t alerts[3];
};

static const char *pick(struct watched *b, const char *const *of, unsigned n)
{
    return of[rng_below(&b->r, n)];
}

/* An airport with a name people know. */
static const struct airport *pick_airport(struct watched *b)
{
    for (;;) {
        const struct airport *a =
            airport_at(b->airports, rng_below(&b->r, airports_count(b->airports)));
        if (a->kind <= AIRPORT_MEDIUM && a->iata[0] && strlen(a->code) == 4) {
            return airport_at(b->airports, a->site);
        }
    }
}

/* ---- rules, as a newsroom's thousands would be mixed ---- */

static void area_text(struct watched *b, char *out, size_t size)
{
    const struct sphere_place p = b->world.airport[rng_below(&b->r, BENCH_AIRPORTS)];
    snprintf(out, size, "circle=%.3f,%.3f,%ukm", p.lat_e7 / 1e7, p.lon_e7 / 1e7,
             20 + rng_below(&b->r, 180));
}

static void rule_text(struct watched *b, char out[RULE_MAX])
{
    const char *at = pick_airport(b)->code, *type = pick(b, types, OF_TYPES);
    const char *who = pick(b, operators, OF_TYPES);
    char area[80];
    area_text(b, area, sizeof area);
    const uint32_t hex = bench_kept_address(rng_below(&b->r, b->planes ? b->planes : 60000));
    switch (rng_below(&b->r, 20)) {
    case 0:
    case 1:
    case 2:
    case 3:
        snprintf(out, RULE_MAX, "hex %06x", (unsigned)hex);
        break;
    case 4:
        snprintf(out, RULE_MAX, "hex %06x and (lands %s or departs %s)", (unsigned)hex, at, at);
        break;
    case 5:
        snprintf(out, RULE_MAX, "callsign %s%u* and in %s", who, rng_below(&b->r, 100), area);
        break;
    case 6:
    case 7:
        snprintf(out, RULE_MAX, "operator %s and inbound %s p >= 0.7", who, at);
        break;
    case 8:
    case 9:
        snprintf(out, RULE_MAX, "type %s and lands %s", type, at);
        break;
    case 10:
    case 11:
        snprintf(out, RULE_MAX, "military and in %s", area);
        break;
    case 12:
        snprintf(out, RULE_MAX, "in %s and altitude < 5000 and not operator %s", area, who);
        break;
    case 13:
        snprintf(out, RULE_MAX, "type %s and near %s 50 km", type, at);
        break;
    case 14:
        snprintf(out, RULE_MAX, "squawk 7500, 7600, 7700 and in %s", area);
        break;
    case 15:
        snprintf(out, RULE_MAX, "military and dark for 30 min in %s", area);
        break;
    case 16:
        snprintf(out, RULE_MAX, "orbits in %s", area);
        break;
    case 17:
        snprintf(out, RULE_MAX, "operator %s and departs %s then not lands within 8 h", who, at);
        break;
    case 18:
        snprintf(out, RULE_MAX, "both (operator %s) and (military) at %s", who, at);
        break;
    default:
        snprintf(out, RULE_MAX, "military and type %s and departs country %s", type,
                 pick(b, countries, OF_COUNTRIES));
    }
}

static bool add_rules(struct watched *b, struct watch_set *s, uint32_t watches)
{
    const struct watch_names names = {.airports = b->airports, .day = AIRPORT_TODAY};
    for (uint32_t i = 0; i < watches; i++) {
        char text[RULE_MAX];
        struct watch_rule *r;
        struct watch_wrong wrong;
        rule_text(b, text);
        if (watch_rule_read(text, strlen(text), &names, &r, &wrong)) {
            fprintf(stderr, "masar bench: '%s': %s\n", text, wrong.why);
            return false;
        }
        if (watch_set_put(s, i + 1, r)) {
            return false;
        }
    }
    return true;
}

/* ---- the fleet ---- */

static void who(void *ctx, uint32_t address, const char *flight, int64_t t_ms,
                struct watch_who *out)
{
    const uint32_t h = address * 2654435761U >> 8;
    (void)ctx;
    (void)t_ms;
    *out = (struct watch_who){.military = h % 33 == 0, .kind = 0};
    snprintf(out->registration, sizeof out->registration, "N%05u", (unsigned)(h % 100000));
    snprintf(out->type, sizeof out->type, "%s", types[h / 7 % OF_TYPES]);
    snprintf(out->operator, sizeof out->operator, "%.3s", flight);
    snprintf(out->country, sizeof out->country, "%s", countries[h / 11 % OF_COUNTRIES]);
}

static float heard(void *ctx, int32_t lat_e7, int32_t lon_e7, int32_t alt_ft, int64_t t_ms)
{
    (void)ctx;
    (void)lon_e7;
    (void)t_ms;
    return alt_ft > 10000 && lat_e7 > 0 ? 0.99F : 0.5F;
}

static void take(void *ctx, const struct watch_alert *a)
{
    struct watched *b = ctx;
    b->alerts[a->tell]++;
}

static bool make_fleet(struct watched *b)
{
    b->plane = calloc(b->planes, sizeof *b->plane);
    for (uint32_t i = 0; b->plane && i < b->planes; i++) {
        struct flown *f = &b->plane[i];
        f->from = b->world.airport[rng_below(&b->r, BENCH_AIRPORTS)];
        f->to = b->world.airport[rng_below(&b->r, BENCH_AIRPORTS)];
        f->s = 600 + sphere_distance_m(f->from, f->to) / 230;
        snprintf(f->near, sizeof f->near, "%s", pick_airport(b)->code);
    }
    return b->plane != NULL;
}

/* Where an aircraft is that second: there and back again, for ever. */
static struct kept point_of(const struct watched *b, uint32_t i, int64_t second)
{
    const struct flown *f = &b->plane[i];
    double x = fmod((double)second + 97.0 * i, 2 * f->s) / f->s;
    x = x > 1 ? 2 - x : x;
    const struct sphere_place p = sphere_between(f->from, f->to, x);
    const double from_end_s = (x < 0.5 ? x : 1 - x) * f->s;
    struct kept k = kept_none();
    k.t_ms = b->world.start_ms + second * 1000 + i % 1000;
    k.address = bench_kept_address(i);
    k.lat_e7 = p.lat_e7;
    k.lon_e7 = p.lon_e7;
    k.alt_baro_ft = from_end_s < 1100 ? (int32_t)(from_end_s * 33) : 36300;
    k.gs_e2_kt = 44700;
    k.squawk = i % 3000 == 7 ? 07700 : (uint16_t)(i % 07000);
    bench_kept_flight(i, 0, k.flight);
    memcpy(k.flight, operators[i % OF_TYPES], 3);
    return k;
}

static struct claim claim_of(const struct watched *b, uint32_t i, int64_t second)
{
    static const uint8_t kinds[] = {CLAIM_DESTINATION, CLAIM_DESTINATION, CLAIM_TOOK_OFF,
                                    CLAIM_DESTINATION, CLAIM_DESTINATION, CLAIM_LANDED};
    const uint32_t n = (uint32_t)(second / CLAIM_EVERY_S);
    struct claim c = claim_none((enum claim_kind)kinds[(n + i) % 6], bench_kept_address(i), 0);
    c.number = n + 1;
    c.leg = 1 + n / 6;
    c.p = 1;
    c.made_ms = c.t_lo_ms = c.t_hi_ms = b->world.start_ms + second * 1000;
    c.evidence.first_ms = c.made_ms - (i % 10 == 0 ? 300000 : 3600000);
    c.candidates = 2;
    c.candidate[0].p = 0.75F;
    c.candidate[1].p = 0.25F;
    memcpy(c.candidate[0].airport, b->plane[i].near, sizeof c.candidate[0].airport);
    memcpy(c.candidate[1].airport, b->plane[(i + 1) % b->planes].near,
           sizeof c.candidate[1].airport);
    return c;
}

/* ---- live ---- */

/* One second of all aircraft; what it took of the processor. */
static double run_second(struct watched *b, struct watch_set *s, struct kept *k, int64_t second)
{
    for (uint32_t i = 0; i < b->planes; i++) {
        k[i] = point_of(b, i, second);
    }
    const double start_s = bench_cpu_s();
    bool failed = watch_tick(s, b->world.start_ms + second * 1000) != ERR_OK;
    for (uint32_t i = 0; i < b->planes; i++) {
        failed |= watch_fix(s, &k[i]) != ERR_OK;
    }
    for (uint32_t i = (uint32_t)(second % CLAIM_EVERY_S); i < b->planes; i += CLAIM_EVERY_S) {
        const struct claim c = claim_of(b, i, second);
        failed |= watch_claim(s, &c) != ERR_OK;
    }
    return failed ? NAN : bench_cpu_s() - start_s;
}

static int live(struct watched *b, struct watch_set *s, uint32_t watches)
{
    struct kept *k = calloc(b->planes, sizeof *k);
    double took_s = 0, most_s = 0;
    if (!k || !make_fleet(b)) {
        free(k);
        fputs("masar bench: out of memory: try fewer --aircraft\n", stderr);
        return EXIT_COULD_NOT;
    }
    const double first_s = run_second(b, s, k, 0);
    for (int64_t t = 1; t < WARM_S; t++) {
        (void)run_second(b, s, k, t);
    }
    const struct watch_sums before = watch_sums(s);
    for (int64_t t = WARM_S; t < WARM_S + RUN_S; t++) {
        const double one_s = run_second(b, s, k, t);
        took_s += one_s;
        most_s = one_s > most_s ? one_s : most_s;
    }
    const struct watch_sums after = watch_sums(s);
    const double fixes = (double)(after.fixes - before.fixes);
    printf("watch_watches %u watches\nwatch_aircraft %u aircraft\n", watches, b->planes);
    printf("watch_core_share %.2f %%\n", 100 * took_s / RUN_S);
    printf("watch_fix_time %.0f ns/position\n", took_s * 1e9 / fixes);
    printf("watch_weighed %.3f conditions/position\n",
           (double)(after.asked - before.asked) / fixes);
    printf("watch_longest_second %.1f ms\n", most_s * 1e3);
    printf("watch_first_second %.1f ms\n", first_s * 1e3);
    printf("watch_alerts %llu alerts\n", (unsigned long long)b->alerts[WATCH_TELL_ALERT]);
    free(k);
    return isnan(took_s) ? EXIT_COULD_NOT : EXIT_DONE;
}

/* ---- the past of a store ---- */

static int past(struct watched *b, const struct bench_options *o, uint32_t watches)
{
    char why[512] = "";
    const struct store_options read = {.mode = STORE_READ};
    struct watch_past p = {.from_ms = KEPT_TIME_MIN, .to_ms = KEPT_TIME_MAX};
    struct watch_views views;
    int status = EXIT_COULD_NOT;
    const double start_s = bench_wall_s(), start_cpu_s = bench_cpu_s();
    if (store_open(o->dir, &read, &p.store, why, sizeof why) ||
        !(p.world = watch_world_open(NULL, NULL, why, sizeof why))) {
        fprintf(stderr, "masar bench: %s\n", why);
        store_close(p.store);
        return status;
    }
    watch_world_views(p.world, &views);
    b->airports = views.airports;
    p.set = watch_set_new(&views, take, b);
    if (p.set && add_rules(b, p.set, watches) && !watch_past_run(&p, why, sizeof why)) {
        printf("watch_past_watches %u watches\n", watches);
        printf("watch_past_time %.1f s\n", bench_wall_s() - start_s);
        printf("watch_past_cpu %.1f s\n", bench_cpu_s() - start_cpu_s);
        printf("watch_past_positions %llu positions\n", (unsigned long long)p.points);
        printf("watch_past_looked_at %llu positions\n", (unsigned long long)p.looked_at);
        printf("watch_past_claims %llu claims\n", (unsigned long long)p.claims);
        printf("watch_past_alerts %llu alerts\n", (unsigned long long)b->alerts[WATCH_TELL_ALERT]);
        status = EXIT_DONE;
    } else {
        fprintf(stderr, "masar bench: %s\n", why);
    }
    watch_set_free(p.set);
    watch_world_close(p.world);
    store_close(p.store);
    return status;
}

int bench_watch(const struct bench_options *o)
{
    struct watched b = {.r = {.state = o->seed}, .planes = o->aircraft};
    bench_world_make(&b.world, o->seed, 20, START_DAY * INT64_C(86400000));
    if (o->dir) {
        return past(&b, o, o->watches ? o->watches : 1000);
    }
    const uint32_t watches = o->watches ? o->watches : 10000;
    struct reference *reference = reference_open(NULL);
    b.airports = reference ? reference_airports(reference) : NULL;
    const struct watch_views views = {
        .airports = b.airports, .who = who, .heard = heard, .known_since_ms = KEPT_NO_TIME};
    struct watch_set *s = b.airports ? watch_set_new(&views, take, &b) : NULL;
    int status = EXIT_COULD_NOT;
    if (!s) {
        fprintf(stderr, "masar bench: airports: %s\n",
                reference ? reference_why(reference) : "out of memory");
    } else if (add_rules(&b, s, watches)) {
        status = live(&b, s, watches);
    }
    watch_set_free(s);
    free(b.plane);
    reference_close(reference);
    return status;
}
