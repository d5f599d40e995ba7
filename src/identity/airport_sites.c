/* Sites: airports whose reference points lie so close that whoever sees only the path of an
   aircraft cannot say which it used. The most important of them stands for the rest; a site never
   grows by chains, so a row of strips does not become one. */
#define _GNU_SOURCE /* qsort_r */
#include "geo/sphere.h"
#include "identity/airport_settle.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double field_m = 3000.0, heliport_m = 1500.0;

static bool may_head(const struct built_airport *a)
{
    return a->row.kind <= AIRPORT_SMALL && !a->site_of[0];
}

static int by_importance(const void *x, const void *y, void *ctx)
{
    const struct airport_builder *b = ctx;
    const uint32_t i = *(const uint32_t *)x, k = *(const uint32_t *)y;
    const struct built_airport *p = &b->airport[i], *q = &b->airport[k];
    if (may_head(p) != may_head(q)) {
        return may_head(p) ? -1 : 1;
    }
    if (p->row.kind != q->row.kind) {
        return p->row.kind - q->row.kind;
    }
    if (p->longest_ft != q->longest_ft) {
        return q->longest_ft - p->longest_ft;
    }
    return i < k ? -1 : i > k;
}

/* The first airport at or behind a cell: they are ordered by cell. */
static uint32_t first_of(const struct airport_builder *b, uint32_t cell)
{
    uint32_t low = 0, high = b->airports;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const struct airport_row *r = &b->airport[middle].row;
        if (airport_cell(r->lat_e7, r->lon_e7) < cell) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void gather_cell(struct airport_builder *b, uint32_t head, uint32_t cell)
{
    const struct airport_row *h = &b->airport[head].row;
    const struct sphere_place at = {h->lat_e7, h->lon_e7};
    for (uint32_t i = first_of(b, cell); i < b->airports; i++) {
        struct built_airport *a = &b->airport[i];
        if (airport_cell(a->row.lat_e7, a->row.lon_e7) != cell) {
            break;
        }
        const bool field = a->row.kind <= AIRPORT_SMALL || a->row.kind == AIRPORT_CLOSED;
        const double reach_m = field ? field_m : heliport_m;
        if (a->site == AIRPORT_NONE && a->row.kind != AIRPORT_SEAPLANE &&
            labs((long)a->row.lat_e7 - h->lat_e7) < 300000 &&
            sphere_distance_m(at, (struct sphere_place){a->row.lat_e7, a->row.lon_e7}) <= reach_m) {
            a->site = head;
        }
    }
}

static void gather(struct airport_builder *b, uint32_t head)
{
    const struct airport_row *h = &b->airport[head].row;
    const double lat_deg = h->lat_e7 * 1e-7, reach_deg = field_m / (SPHERE_M_PER_LAT_E7 * 1e7);
    const double aside_deg = reach_deg / fmax(0.01, cos(lat_deg * 0.017453292519943295));
    b->airport[head].site = head;
    for (int row = -1; row <= 1; row++) {
        const double lat = lat_deg + row * reach_deg;
        if (lat < -90.0 || lat > 90.0) {
            continue;
        }
        for (int column = -1; column <= 1; column++) {
            const int32_t lon_e7 =
                sphere_wrap_e7((int64_t)h->lon_e7 + (int64_t)(column * aside_deg * 1e7));
            const uint32_t cell = airport_cell((int32_t)(lat * 1e7), lon_e7);
            gather_cell(b, head, cell);
        }
    }
}

enum err airport_settle_sites(struct airport_builder *b)
{
    uint32_t *order = malloc((b->airports + 1) * sizeof *order);
    uint8_t *shared = calloc(b->airports + 1, 1);
    if (!order || !shared) {
        free(order);
        free(shared);
        return ERR_MEMORY;
    }
    for (uint32_t i = 0; i < b->airports; i++) {
        order[i] = i;
        struct built_airport *a = &b->airport[i];
        a->site = a->site_of[0] ? airport_settle_find(b, a->site_of) : AIRPORT_NONE;
    }
    qsort_r(order, b->airports, sizeof *order, by_importance, b);
    for (uint32_t i = 0; i < b->airports && may_head(&b->airport[order[i]]); i++) {
        if (b->airport[order[i]].site == AIRPORT_NONE) {
            gather(b, order[i]);
        }
    }
    for (uint32_t i = 0; i < b->airports; i++) {
        struct built_airport *a = &b->airport[i];
        a->site = a->site == AIRPORT_NONE ? i : b->airport[a->site].site;
        a->site = a->site == AIRPORT_NONE ? i : a->site;
        b->counts.sites += a->site != i && !shared[a->site];
        shared[a->site] |= a->site != i;
    }
    free(order);
    free(shared);
    return ERR_OK;
}
