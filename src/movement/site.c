#include "movement/site.h"

#include "geo/sphere.h"

#include <math.h>
#include <stdlib.h>

#define RADIANS 0.017453292519943295

/* How near a field may have taken over another's traffic, meters. */
#define HEIR_M 60000.0
enum { HEIR_FIELDS = 256 };

struct unit unit_of(int32_t lat_e7, int32_t lon_e7)
{
    const double lat = lat_e7 * 1e-7 * RADIANS, lon = lon_e7 * 1e-7 * RADIANS;
    return (struct unit){(float)(cos(lat) * cos(lon)), (float)(cos(lat) * sin(lon)),
                         (float)sin(lat)};
}

float unit_bearing_deg(struct unit a, struct unit b)
{
    /* East and north components of b in the plane that touches the sphere at a. */
    const float east = a.x * b.y - a.y * b.x;
    const float flat = a.x * a.x + a.y * a.y;
    const float north = b.z * flat - a.z * (a.x * b.x + a.y * b.y);
    const float deg = atan2f(east, north) * (float)(1 / RADIANS);
    return deg < 0 ? deg + 360 : deg;
}

int32_t day_of(int64_t t_ms)
{
    const int64_t day_ms = 86400000;
    return (int32_t)(t_ms >= 0 ? t_ms / day_ms : -((-t_ms + day_ms - 1) / day_ms));
}

uint32_t site_airport(const struct airports *airports, uint32_t airport)
{
    const uint32_t site = airport_at(airports, airport)->site;
    return site < airports_count(airports) ? site : airport;
}

bool site_stands(const struct airport *a, int32_t day)
{
    if (a->kind > AIRPORT_SMALL && a->kind != AIRPORT_CLOSED) {
        return false;
    }
    return day >= a->from_day && day < a->to_day &&
           (a->kind != AIRPORT_CLOSED || a->to_day != INT32_MAX);
}

/* Relative chance that a flight of which nothing is known ends at a field: by what it is. The
   steps are those of movements a year at fields of these kinds, roughly. */
static float size_of(const struct airport *a)
{
    static const float by_kind[][2] = {[AIRPORT_LARGE] = {0.4F, 1},
                                       [AIRPORT_MEDIUM] = {0.05F, 0.15F},
                                       [AIRPORT_SMALL] = {0.004F, 0.02F}};
    if (a->kind == AIRPORT_CLOSED) {
        return a->to_day != INT32_MAX ? 0.4F : 0;
    }
    if (a->kind > AIRPORT_SMALL) {
        return 0;
    }
    return by_kind[a->kind][a->scheduled ? 1 : 0];
}

struct site site_of(const struct airports *airports, uint32_t airport)
{
    const struct airport *a = airport_at(airports, airport);
    return (struct site){.at = unit_of(a->lat_e7, a->lon_e7),
                         .airport = airport,
                         .size = size_of(a),
                         .elevation_ft = a->elevation_ft,
                         .longest_ft = a->longest_ft,
                         .small = a->kind == AIRPORT_SMALL && (a->longest_ft < 3900),
                         .military = a->military,
                         .other = SITE_NONE};
}

static bool is_major(const struct airport *a, bool has_traffic)
{
    return has_traffic || a->kind == AIRPORT_LARGE || a->kind == AIRPORT_MEDIUM ||
           (a->kind == AIRPORT_CLOSED && a->to_day != INT32_MAX);
}

/* A field that opened on a day took the traffic of the one near it that has none scheduled now. */
static void link_heirs(struct sites *s)
{
    struct airport_near near[HEIR_FIELDS];
    for (uint32_t i = 0; i < s->n; i++) {
        struct site *a = &s->site[i];
        const struct airport *f = airport_at(s->airports, a->airport);
        const bool opened = f->from_day != INT32_MIN, shut = f->to_day != INT32_MAX;
        if (!opened && !shut) {
            continue;
        }
        const size_t n =
            airports_near(s->airports, f->lat_e7, f->lon_e7, HEIR_M, near, HEIR_FIELDS);
        for (size_t k = 0; k < n; k++) {
            const uint32_t j = s->number[near[k].index];
            const struct airport *g = airport_at(s->airports, near[k].index);
            if (j == SITE_NONE || j == i || g->kind == AIRPORT_MEDIUM || g->kind == AIRPORT_SMALL) {
                continue;
            }
            a->other = j;
            a->other_day = opened ? f->from_day : f->to_day;
            a->other_since = !opened;
            if (opened && s->site[j].other == SITE_NONE) {
                s->site[j].other = i;
                s->site[j].other_day = f->from_day;
                s->site[j].other_since = true;
            }
            break;
        }
    }
}

static bool list_heirs(struct sites *s)
{
    s->heir = calloc(s->n ? s->n : 1, sizeof *s->heir);
    if (!s->heir) {
        sites_free(s);
        return false;
    }
    for (uint32_t i = 0; i < s->n; i++) {
        if (s->site[i].other != SITE_NONE) {
            s->heir[s->heirs++] = i;
        }
    }
    return true;
}

static void count_traffic(const struct route_prior *routes, float *traffic)
{
    for (size_t i = 0; routes && i < route_count(routes); i++) {
        const struct route *r = route_at(routes, (uint32_t)i);
        traffic[r->origin] += r->weight;
        traffic[r->destination] += r->weight;
    }
}

bool sites_init(struct sites *s, const struct airports *airports, const struct route_prior *routes)
{
    const size_t all = airports_count(airports);
    *s =
        (struct sites){.airports = airports, .number = malloc((all ? all : 1) * sizeof *s->number)};
    float *traffic = calloc(all ? all : 1, sizeof *traffic);
    if (!s->number || !traffic) {
        free(traffic);
        sites_free(s);
        return false;
    }
    count_traffic(routes, traffic);
    for (size_t i = 0; i < all; i++) {
        const bool is = site_airport(airports, (uint32_t)i) == i &&
                        is_major(airport_at(airports, (uint32_t)i), traffic[i] > 0);
        s->number[i] = is ? s->n : SITE_NONE;
        s->n += is;
    }
    s->site = calloc(s->n ? s->n : 1, sizeof *s->site);
    if (!s->site) {
        free(traffic);
        sites_free(s);
        return false;
    }
    for (size_t i = 0; i < all; i++) {
        if (s->number[i] != SITE_NONE) {
            s->site[s->number[i]] = site_of(airports, (uint32_t)i);
            s->site[s->number[i]].traffic = traffic[i];
        }
    }
    free(traffic);
    for (size_t i = 0; i < all; i++) { /* a site is as military as any field of it */
        const struct airport *a = airport_at(airports, (uint32_t)i);
        const uint32_t k = s->number[site_airport(airports, (uint32_t)i)];
        if (k != SITE_NONE && a->kind != AIRPORT_CLOSED) {
            s->site[k].military |= a->military != 0;
        }
    }
    link_heirs(s);
    return list_heirs(s);
}

void sites_free(struct sites *s)
{
    free(s->site);
    free(s->heir);
    free(s->number);
    *s = (struct sites){0};
}
