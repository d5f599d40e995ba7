#include "geo/area_ring.h"

#include <stdlib.h>

#define TURN AREA_TURN
#define HALF AREA_HALF
#define POLE AREA_POLE

/* Where an edge that leaves `from` for a corner ends: the shorter way around, but from one side of
   the date line to the other (a world's or a pole's map edge) along the whole of it. */
static int64_t beside(int64_t lon, int32_t last, int64_t from)
{
    if ((lon == HALF && last == -HALF) || (lon == -HALF && last == HALF)) {
        return from + (lon - last);
    }
    int64_t to = lon + (from - last);
    return to - from > HALF ? to - TURN : to - from < -HALF ? to + TURN : to;
}

static void add(struct area_edge *e, size_t *n, int64_t lat, int64_t lon)
{
    e[*n].lat_a = lat;
    e[(*n)++].lon_a = lon;
}

/* The pole a ring that goes around one holds: that it touches, else the nearer. */
static int64_t pole_of(const struct sphere_place *p, size_t n)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        if (p[i].lat_e7 == POLE || p[i].lat_e7 == -POLE) {
            return p[i].lat_e7;
        }
        sum += p[i].lat_e7;
    }
    return sum < 0 ? -POLE : POLE;
}

/* A ring's corners as the beginnings of edges; the ends are filled in after. */
static void unroll(const struct sphere_place *p, size_t n, struct area_edge *e, size_t *edges)
{
    const size_t begin = *edges;
    int64_t at = p[0].lon_e7;
    add(e, edges, p[0].lat_e7, at);
    for (size_t i = 1; i < n; i++) {
        at = beside(p[i].lon_e7, p[i - 1].lon_e7, at);
        add(e, edges, p[i].lat_e7, at);
    }
    const int64_t home = beside(p[0].lon_e7, p[n - 1].lon_e7, at);
    if (home != p[0].lon_e7) { /* once around: closed along the pole */
        const int64_t pole = pole_of(p, n);
        add(e, edges, p[0].lat_e7, home);
        add(e, edges, pole, home);
        add(e, edges, pole, p[0].lon_e7);
    }
    for (size_t i = begin; i < *edges; i++) {
        const struct area_edge *next = &e[i + 1 < *edges ? i + 1 : begin];
        e[i].lat_b = next->lat_a;
        e[i].lon_b = next->lon_a;
    }
}

static bool is_fine(const struct area *a)
{
    if (a->n < 3 || a->n > AREA_CORNERS_MAX || !a->corner || a->rings > a->n) {
        return false;
    }
    for (size_t i = 0; i < a->n; i++) {
        const struct sphere_place p = a->corner[i];
        if (p.lat_e7 < -POLE || p.lat_e7 > POLE || p.lon_e7 < -HALF || p.lon_e7 > HALF) {
            return false;
        }
    }
    uint32_t from = 0;
    for (size_t r = 0; r < a->rings; r++) {
        if (a->ring_end[r] > a->n || a->ring_end[r] < from + 3) {
            return false;
        }
        from = a->ring_end[r];
    }
    return a->rings == 0 || from == a->n;
}

enum err area_edges(const struct area *a, struct area_edge **out, size_t *n)
{
    if (!is_fine(a)) {
        return ERR_RANGE;
    }
    const size_t rings = a->rings ? a->rings : 1;
    struct area_edge *e = malloc((a->n + 3 * rings) * sizeof *e);
    if (!e) {
        return ERR_MEMORY;
    }
    *n = 0;
    for (size_t r = 0, from = 0; r < rings; r++) {
        const size_t to = a->rings ? a->ring_end[r] : a->n;
        unroll(a->corner + from, to - from, e, n);
        from = to;
    }
    *out = e;
    return ERR_OK;
}

/* ---- crossings ---- */

static int by_south(const void *x, const void *y)
{
    const struct area_edge *a = x, *b = y;
    const int64_t p = a->lat_a < a->lat_b ? a->lat_a : a->lat_b,
                  q = b->lat_a < b->lat_b ? b->lat_a : b->lat_b;
    return p < q ? -1 : p > q;
}

/* -1, 0, 1: on which side of an edge a place lies. Products of 34 bits need more than 64. */
static int side(const struct area_edge *e, int64_t lat, int64_t lon)
{
    __extension__ const __int128 v = (__int128)(e->lon_b - e->lon_a) * (lat - e->lat_a) -
                                     (__int128)(e->lat_b - e->lat_a) * (lon - e->lon_a);
    return v < 0 ? -1 : v > 0;
}

static bool cross(const struct area_edge *a, const struct area_edge *b)
{
    return side(a, b->lat_a, b->lon_a) * side(a, b->lat_b, b->lon_b) < 0 &&
           side(b, a->lat_a, a->lon_a) * side(b, a->lat_b, a->lon_b) < 0;
}

static int64_t north_of(const struct area_edge *e)
{
    return e->lat_a > e->lat_b ? e->lat_a : e->lat_b;
}

/* Edges by their southern ends; those that still reach so far north are looked at. */
enum err area_crosses_itself(const struct area *a, bool *crosses, struct sphere_place *at)
{
    struct area_edge *e;
    size_t n, open = 0;
    *crosses = false;
    const enum err why = area_edges(a, &e, &n);
    if (why) {
        return why;
    }
    uint32_t *active = malloc(n * sizeof *active);
    if (!active) {
        free(e);
        return ERR_MEMORY;
    }
    qsort(e, n, sizeof *e, by_south);
    for (size_t i = 0; i < n && !*crosses; i++) {
        const int64_t south = e[i].lat_a < e[i].lat_b ? e[i].lat_a : e[i].lat_b;
        size_t kept = 0;
        for (size_t j = 0; j < open; j++) {
            if (north_of(&e[active[j]]) < south) {
                continue;
            }
            active[kept++] = active[j];
            if (cross(&e[i], &e[active[j]])) {
                *crosses = true;
                *at = (struct sphere_place){(int32_t)e[i].lat_a, sphere_wrap_e7(e[i].lon_a)};
            }
        }
        active[kept++] = (uint32_t)i;
        open = kept;
    }
    free(active);
    free(e);
    return ERR_OK;
}
