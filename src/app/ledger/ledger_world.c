#include "app/ledger/ledger_world.h"

#include "app/reference/airframe.h"
#include "app/reference/routes.h"
#include "coverage/view.h"
#include "store/coverage.h"

#include <stdio.h>
#include <stdlib.h>

/* Points become chunks within an hour and coverage of them is learned then: two days before, all
   of it is there however fast the data come. */
enum { DAYS_BEHIND = 2, HOURS = 24, VIEW_MAX = 1 << 23, HOUR_MIN = -300000 };

struct ledger_world {
    struct reference *reference;
    struct area_lands lands;
    const struct airports *airports;
    struct route_prior *routes; /* NULL: none */
    struct coverage_view *view; /* all days in one */
    int32_t until_hour;         /* what is in the view */
    bool full;
};

static bool open_routes(struct ledger_world *w, const struct ledger_sources *from, char *why,
                        size_t why_size)
{
    static const char *const names[] = {"routes.csv", "routes.csv.gz"};
    char path[4200];
    const char *file = from->routes;
    for (size_t i = 0; !file && i < sizeof names / sizeof *names; i++) {
        file = reference_find(from->data, names[i], path, sizeof path) ? path : NULL;
    }
    return !file || routes_load(file, w->airports, &w->routes, why, why_size) == ERR_OK;
}

struct ledger_world *ledger_world_open(const struct ledger_sources *from, char *why,
                                       size_t why_size)
{
    struct ledger_world *w = calloc(1, sizeof *w);
    snprintf(why, why_size, "out of memory");
    if (!w) {
        return NULL;
    }
    w->until_hour = HOUR_MIN;
    w->reference = reference_open(from->data);
    w->airports = w->reference ? reference_airports(w->reference) : NULL;
    w->view = coverage_view_new(COVERAGE_ANY, VIEW_MAX);
    if (!w->airports || !w->view) {
        if (w->reference && !w->airports) {
            snprintf(why, why_size, "%s", reference_why(w->reference));
        }
        ledger_world_close(w);
        return NULL;
    }
    (void)reference_book(w->reference); /* opened here, for the threads */
    if (reference_airspace(w->reference)) {
        w->lands = reference_lands(w->reference);
    }
    if (!open_routes(w, from, why, why_size)) {
        ledger_world_close(w);
        return NULL;
    }
    return w;
}

void ledger_world_close(struct ledger_world *w)
{
    if (w) {
        coverage_view_free(w->view);
        route_prior_free(w->routes);
        reference_close(w->reference);
        free(w);
    }
}

const struct airports *ledger_world_airports(const struct ledger_world *w)
{
    return w->airports;
}

const struct identity_book *ledger_world_book(const struct ledger_world *w)
{
    return reference_book(w->reference);
}

const struct airspace *ledger_world_airspace(const struct ledger_world *w)
{
    return reference_airspace(w->reference);
}

const struct area_lands *ledger_world_lands(const struct ledger_world *w)
{
    return &w->lands;
}

struct ledger_views ledger_world_answering(const struct ledger_world *w)
{
    return (struct ledger_views){ledger_world_airports(w), ledger_world_book(w),
                                 ledger_world_airspace(w)};
}

static float heard(void *ctx, int32_t lat_e7, int32_t lon_e7, int32_t alt_ft, int64_t t_ms)
{
    const struct ledger_world *w = ctx;
    double p = 0, weight = 0;
    if (!coverage_heard(w->view, lat_e7, lon_e7, alt_ft, t_ms, &p, &weight)) {
        return -1;
    }
    return (float)p;
}

void ledger_world_views(struct ledger_world *w, struct movement_views *out)
{
    *out = (struct movement_views){.airports = w->airports,
                                   .airframe = airframe_of,
                                   .airframe_ctx = w->reference,
                                   .heard = heard,
                                   .heard_ctx = w,
                                   .routes = w->routes};
}

struct together_options ledger_world_together(struct ledger_world *w)
{
    return (struct together_options){.tanker = airframe_is_tanker, .tanker_ctx = w->reference};
}

static bool take_entry(void *ctx, const struct coverage_entry *e)
{
    struct ledger_world *w = ctx;
    w->full = coverage_view_add_daily(w->view, e) != ERR_OK;
    return !w->full;
}

enum err ledger_world_day(struct ledger_world *w, struct store *s, int32_t day)
{
    const int32_t until = (day - DAYS_BEHIND + 1) * HOURS;
    size_t torn;
    if (until <= w->until_hour || w->full) {
        return ERR_OK;
    }
    const enum err e = store_coverage_read(s, w->until_hour, until, NULL, take_entry, w, &torn);
    w->until_hour = until;
    return e ? e : coverage_view_ready(w->view);
}
