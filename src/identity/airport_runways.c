/* Runways: whose they are, where they point, which are hard; the longest of each airport. */
#define _GNU_SOURCE /* qsort_r */
#include "geo/magnetic.h"
#include "geo/sphere.h"
#include "identity/airport_settle.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double far_end_m = 10 * SPHERE_M_PER_NM;
enum { HARD_IF_UNKNOWN_FT = 3937 /* 1,200 m */ };

static int by_ident(const void *x, const void *y, void *ctx)
{
    const struct airport_builder *b = ctx;
    return strcmp(b->airport[*(const uint32_t *)x].row.ident,
                  b->airport[*(const uint32_t *)y].row.ident);
}

static uint32_t find(const struct airport_builder *b, const uint32_t *order, const char *ident)
{
    uint32_t low = 0, high = b->airports;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (strcmp(b->airport[order[middle]].row.ident, ident) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < b->airports && strcmp(b->airport[order[low]].row.ident, ident) == 0 ? order[low]
                                                                                     : AIRPORT_NONE;
}

static void drop_far_end(struct airport_builder *b, struct sphere_place field, int32_t *lat,
                         int32_t *lon)
{
    if (*lat == INT32_MIN || *lon == INT32_MIN) {
        *lat = *lon = INT32_MIN;
    } else if (sphere_distance_m(field, (struct sphere_place){*lat, *lon}) > far_end_m) {
        *lat = *lon = INT32_MIN;
        b->counts.far_ends++;
    }
}

/* Runway numbers are magnetic tens of degrees. */
static int16_t heading_of_number(const char *name, struct sphere_place field)
{
    if (name[0] < '0' || name[0] > '3' || name[1] < '0' || name[1] > '9') {
        return -1;
    }
    const int number = (name[0] - '0') * 10 + name[1] - '0';
    if (number < 1 || number > 36) {
        return -1;
    }
    const double true_deg = number * 10.0 + magnetic_declination_deg(field, 0.0, 2026.0);
    return (int16_t)((lround(true_deg) + 360) % 360);
}

static void settle_runway(struct airport_builder *b, struct built_runway *w)
{
    struct built_airport *a = &b->airport[w->airport];
    struct runway *r = &w->row.r;
    const struct sphere_place field = {a->row.lat_e7, a->row.lon_e7};
    drop_far_end(b, field, &r->low_lat_e7, &r->low_lon_e7);
    drop_far_end(b, field, &r->high_lat_e7, &r->high_lon_e7);
    r->hard = w->row.surface == SURFACE_HARD ||
              (w->row.surface == SURFACE_UNKNOWN && r->length_ft >= HARD_IF_UNKNOWN_FT);
    if (r->low_lat_e7 != INT32_MIN && r->high_lat_e7 != INT32_MIN) {
        const struct sphere_place low = {r->low_lat_e7, r->low_lon_e7},
                                  high = {r->high_lat_e7, r->high_lon_e7};
        if (sphere_distance_m(low, high) > 100.0) {
            r->low_heading_deg = (int16_t)(lround(sphere_bearing_deg(low, high)) % 360);
        }
    }
    if (r->low_heading_deg < 0 || r->low_heading_deg > 360) {
        r->low_heading_deg = heading_of_number(r->low_name, field);
    }
    r->low_heading_deg = (int16_t)(r->low_heading_deg == 360 ? 0 : r->low_heading_deg);
}

static int by_airport(const void *x, const void *y)
{
    const struct built_runway *p = x, *q = y;
    if (p->airport != q->airport) {
        return p->airport < q->airport ? -1 : 1;
    }
    const int name = strcmp(p->row.r.low_name, q->row.r.low_name);
    const int high = strcmp(p->row.r.high_name, q->row.r.high_name);
    if (name || high) {
        return name ? name : high;
    }
    const int closed = p->row.r.closed - q->row.r.closed;
    return closed ? closed : memcmp(&q->row.r, &p->row.r, sizeof p->row.r);
}

static bool same_runway(const struct built_runway *p, const struct built_runway *q)
{
    return p->airport == q->airport && p->row.r.low_name[0] && p->row.r.closed == q->row.r.closed &&
           strcmp(p->row.r.low_name, q->row.r.low_name) == 0 &&
           strcmp(p->row.r.high_name, q->row.r.high_name) == 0;
}

static void give_to_airports(struct airport_builder *b)
{
    uint32_t k = 0;
    for (uint32_t i = 0; i < b->airports; i++) {
        struct built_airport *a = &b->airport[i];
        uint16_t hard = 0, any = 0;
        a->runway = k;
        for (; k < b->runways && b->runway[k].airport == i && a->runways < UINT16_MAX; k++) {
            const struct runway *r = &b->runway[k].row.r;
            a->runways++;
            if (!r->closed) {
                any = r->length_ft > any ? r->length_ft : any;
                hard = r->hard && r->length_ft > hard ? r->length_ft : hard;
            }
        }
        a->longest_ft = hard ? hard : any;
    }
}

enum err airport_settle_runways(struct airport_builder *b)
{
    uint32_t *order = malloc((b->airports + 1) * sizeof *order);
    if (!order) {
        return ERR_MEMORY;
    }
    for (uint32_t i = 0; i < b->airports; i++) {
        order[i] = i;
    }
    qsort_r(order, b->airports, sizeof *order, by_ident, b);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < b->runways; i++) {
        struct built_runway w = b->runway[i];
        w.airport = find(b, order, w.row.airport);
        if (w.airport == AIRPORT_NONE) {
            b->counts.no_airport++;
            continue;
        }
        settle_runway(b, &w);
        b->runway[kept++] = w;
    }
    free(order);
    if (kept) {
        qsort(b->runway, kept, sizeof *b->runway, by_airport);
    }
    b->runways = 0;
    for (uint32_t i = 0; i < kept; i++) {
        if (b->runways && same_runway(&b->runway[b->runways - 1], &b->runway[i])) {
            b->counts.same_runway++;
        } else {
            b->runway[b->runways++] = b->runway[i];
        }
    }
    give_to_airports(b);
    return ERR_OK;
}
