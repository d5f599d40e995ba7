#include "app/operation/operation_planned.h"

#include "app/operation/operation_glpk.h"
#include "geo/sphere.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FLYING_H 12.0 /* an aircraft a day, of a surge: low end of the 12 to 14 planned with */

static bool place_of(const struct operation_views *v, const char *code, struct sphere_place *out)
{
    const uint32_t i = airport_find(v->airports, code, AIRPORT_TODAY);
    if (i == AIRPORT_NONE) {
        return false;
    }
    const struct airport *a = airport_at(v->airports, i);
    *out = (struct sphere_place){a->lat_e7, a->lon_e7};
    return true;
}

static double km_between(void *ctx, const char *from, const char *to)
{
    struct sphere_place a, b;
    return place_of(ctx, from, &a) && place_of(ctx, to, &b) ? sphere_distance_m(a, b) / 1000 : 0;
}

/* ---- what is asked ---- */

static bool add_type(struct plan_question *q, const char *code, size_t n, double aircraft)
{
    for (size_t t = 0; t < q->types; t++) {
        if (strncmp(q->type[t].code, code, n) == 0 && !q->type[t].code[n]) {
            q->type[t].aircraft += aircraft;
            return true;
        }
    }
    if (q->types == PLAN_TYPES || n < 2 || n > 4) {
        return false;
    }
    memcpy(q->type[q->types].code, code, n);
    q->type[q->types++].aircraft = aircraft;
    return true;
}

/* `C17:6,C30J:2` */
static bool read_fleet(struct plan_question *q, const char *text)
{
    while (*text) {
        const size_t n = strcspn(text, ":");
        char *end;
        const double aircraft = text[n] ? strtod(text + n + 1, &end) : 0;
        if (!text[n] || end == text + n + 1 || !(aircraft > 0 && aircraft <= 1000) ||
            (*end && *end != ',') || !add_type(q, text, n, aircraft)) {
            return false;
        }
        text = end + (*end == ',');
    }
    return q->types > 0;
}

/* Without a fleet said: the airframes the desk knows, all of them. */
static void take_tails(const struct operation *o, struct plan_question *q)
{
    size_t n;
    const struct item *t = operation_all(o, ITEM_TAIL, &n);
    for (size_t k = 0; k < n; k++) {
        const char *type = item_text(&t[k], SAID_TAIL_TYPE);
        add_type(q, type, strlen(type), 1);
    }
}

void operation_planning_begin(struct operation_planning *q)
{
    *q = (struct operation_planning){.with = {.flying_h = FLYING_H, .km = km_between}};
}

enum err operation_planning_say(struct operation_planning *q, const char *name, const char *value,
                                char *why, size_t why_size)
{
    if (strcmp(name, "fleet") == 0) {
        q->with.types = 0;
        if (read_fleet(&q->with, value)) {
            return ERR_OK;
        }
        snprintf(why, why_size,
                 "fleet: types and how many, as fleet=C17:6,C30J:2; four types at most");
        return ERR_SYNTAX;
    }
    if (strcmp(name, "hours") == 0) {
        char *end;
        q->with.flying_h = strtod(value, &end);
        if (end != value && !*end && q->with.flying_h > 0 && q->with.flying_h <= 24) {
            return ERR_OK;
        }
        snprintf(why, why_size, "hours: those an aircraft flies a day, above 0 to 24, as hours=12");
        return ERR_RANGE;
    }
    if (strcmp(name, "edition") == 0) {
        snprintf(q->edition, sizeof q->edition, "%s", value);
        return ERR_OK;
    }
    snprintf(why, why_size, "%.40s: a plan is asked for with fleet, hours, edition", name);
    return ERR_UNKNOWN;
}

enum err operation_planning_solve(struct operation_planning *q, const struct operation_now *now,
                                  const struct operation_views *views, struct plan *out, char *why,
                                  size_t why_size)
{
    char said[PLAN_WHY_MAX] = "out of memory";
    if (!q->with.types) {
        take_tails(&now->o, &q->with);
    }
    q->with.edition = q->edition[0] ? q->edition : NULL;
    q->with.forecast = &now->forecast;
    q->with.ctx = (void *)views;
    struct operation_glpk *g = operation_glpk_open(why, why_size);
    if (!g) {
        return ERR_SYSTEM;
    }
    const enum err e =
        plan_make(&now->o, &now->matches, &q->with, operation_glpk_solve, g, out, said);
    operation_glpk_close(g);
    if (e) {
        snprintf(why, why_size, "%s", said);
    }
    return e == ERR_NOT_FOUND ? ERR_RANGE : e;
}
