#include "app/operation/operation_land.h"

#include "identity/airspace.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct corner_list {
    int32_t (*at)[2];
    size_t n, cap;
};

struct landing {
    const json_t *arcs, *codes;
    double scale[2], shift[2];
    struct airspace_ring *ring;
    size_t n, cap;
    bool failed;
};

static void add_corner(struct landing *l, struct corner_list *c, int64_t x, int64_t y)
{
    if (c->n == c->cap) {
        c->cap = c->cap ? c->cap * 2 : 64;
        int32_t(*more)[2] = realloc(c->at, c->cap * sizeof *more);
        c->at = more ? more : c->at;
        l->failed |= !more;
    }
    if (l->failed || !c->at) {
        return;
    }
    double lat = (double)y * l->scale[1] + l->shift[1], lon = (double)x * l->scale[0] + l->shift[0];
    lat = fmin(90, fmax(-90, lat));
    lon = fmin(180, fmax(-180, lon));
    c->at[c->n][0] = (int32_t)lround(lat * 1e7);
    c->at[c->n++][1] = (int32_t)lround(lon * 1e7);
}

/* Arcs are steps from corner to corner; one of a ring may run backward (~index). */
static void add_arc(struct landing *l, struct corner_list *c, json_int_t index)
{
    const json_t *arc = json_array_get(l->arcs, (size_t)(index < 0 ? ~index : index));
    const size_t n = json_array_size(arc);
    int64_t(*at)[2] = calloc(n + 1, sizeof *at), x = 0, y = 0;
    if (!at) {
        l->failed = true;
        return;
    }
    for (size_t k = 0; k < n; k++) {
        const json_t *step = json_array_get(arc, k);
        x += json_integer_value(json_array_get(step, 0));
        y += json_integer_value(json_array_get(step, 1));
        at[k][0] = x;
        at[k][1] = y;
    }
    for (size_t k = c->n ? 1 : 0; k < n; k++) { /* its first corner is the last one's end */
        const size_t i = index < 0 ? n - 1 - k : k;
        add_corner(l, c, at[i][0], at[i][1]);
    }
    free(at);
}

static void add_ring(struct landing *l, const char *country, const json_t *arcs)
{
    struct corner_list c = {0};
    for (size_t k = 0; k < json_array_size(arcs); k++) {
        add_arc(l, &c, json_integer_value(json_array_get(arcs, k)));
    }
    if (c.n > 1 && memcmp(c.at[0], c.at[c.n - 1], sizeof *c.at) == 0) {
        c.n--;
    }
    if (l->n == l->cap) {
        l->cap = l->cap ? l->cap * 2 : 256;
        struct airspace_ring *more = realloc(l->ring, l->cap * sizeof *more);
        l->failed |= !more;
        l->ring = more ? more : l->ring;
    }
    if (c.n < 3 || l->failed) {
        free(c.at);
        return;
    }
    struct airspace_ring *r = &l->ring[l->n++];
    *r = (struct airspace_ring){.corner = (const int32_t(*)[2])c.at, .n = c.n};
    memcpy(r->country, country, 2);
}

static const char *letters(const struct landing *l, const json_t *id)
{
    const char *number = json_string_value(id);
    for (size_t k = 0; number && k < json_array_size(l->codes); k++) {
        const json_t *row = json_array_get(l->codes, k);
        const char *code = json_string_value(json_array_get(row, 2));
        const char *two = json_string_value(json_array_get(row, 0));
        if (code && two && strlen(two) == 2 && strcmp(code, number) == 0) {
            return two;
        }
    }
    return NULL;
}

static void add_shape(struct landing *l, const json_t *shape)
{
    const char *country = letters(l, json_object_get(shape, "id"));
    const char *type = json_string_value(json_object_get(shape, "type"));
    const json_t *arcs = json_object_get(shape, "arcs");
    if (!country || !type) {
        return; /* land nobody agrees whose it is belongs to nobody here */
    }
    const bool many = strcmp(type, "MultiPolygon") == 0;
    for (size_t k = 0; k < (many ? json_array_size(arcs) : 1); k++) {
        const json_t *rings = many ? json_array_get(arcs, k) : arcs;
        for (size_t i = 0; i < json_array_size(rings); i++) {
            add_ring(l, country, json_array_get(rings, i));
        }
    }
}

enum err operation_land_make(const char *map, const char *codes, struct buf *out, char *why,
                             size_t why_size)
{
    json_t *j = json_load_file(map, 0, NULL), *c = json_load_file(codes, 0, NULL);
    const json_t *transform = json_object_get(j, "transform");
    const json_t *shapes =
        json_object_get(json_object_get(json_object_get(j, "objects"), "countries"), "geometries");
    struct landing l = {.arcs = json_object_get(j, "arcs"), .codes = c};
    for (int k = 0; k < 2; k++) {
        l.scale[k] = json_number_value(json_array_get(json_object_get(transform, "scale"), k));
        l.shift[k] = json_number_value(json_array_get(json_object_get(transform, "translate"), k));
    }
    for (size_t k = 0; k < json_array_size(shapes); k++) {
        add_shape(&l, json_array_get(shapes, k));
    }
    enum err e = l.failed ? ERR_MEMORY : l.n < 200 ? ERR_SYNTAX : ERR_OK;
    e = e ? e : airspace_build(l.ring, l.n, out);
    if (e) {
        snprintf(why, why_size, "%s is no map of countries as world-atlas has it", map);
    }
    for (size_t k = 0; k < l.n; k++) {
        free((void *)l.ring[k].corner);
    }
    free(l.ring);
    json_decref(j);
    json_decref(c);
    return e;
}
