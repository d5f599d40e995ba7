#include "coverage/view.h"

#include "coverage/beta.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { AIR_BANDS = COVERAGE_UPPER + 1, CELLS = COVERAGE_ROWS << 10, PLACES_FIRST = 256 };

/* How many passes what lies around may count for, and what an hour leans on the wider sums. */
static const double vertical_share = 0.5, vertical_most = 4, near_most = 2;
static const double lean_on_all = 6, lean_on_daily = 3;

struct level {
    float p, n; /* what a cell's band knows at all hours, with what lies around */
};

/* Passes, and how many of them were heard. */
struct evidence {
    double n, heard;
};

/* A cell that was heard or lies beside one. */
struct place {
    uint32_t cell;
    bool touched, stale; /* counts came since it was ready; to it or to what lies around */
    struct coverage_count all[AIR_BANDS];
    struct evidence own[AIR_BANDS];
    struct level level[AIR_BANDS];
};

struct coverage_view {
    struct coverage_grid hours; /* by hour, and summed up by hour of the day */
    struct place *place;
    uint32_t n, cap;
    uint32_t *of_cell; /* into place; UINT32_MAX: nothing is known */
    enum coverage_class class;
};

struct coverage_view *coverage_view_new(enum coverage_class class, size_t entries_max)
{
    struct coverage_view *v = calloc(1, sizeof *v);
    if (!v) {
        return NULL;
    }
    v->class = class;
    v->of_cell = malloc(CELLS * sizeof *v->of_cell);
    if (!v->of_cell || coverage_grid_init(&v->hours, entries_max)) {
        free(v->of_cell);
        free(v);
        return NULL;
    }
    memset(v->of_cell, 0xff, CELLS * sizeof *v->of_cell);
    return v;
}

void coverage_view_free(struct coverage_view *v)
{
    if (v) {
        coverage_grid_free(&v->hours);
        free(v->place);
        free(v->of_cell);
        free(v);
    }
}

static uint64_t daily_key(int32_t hour, uint32_t cell, enum coverage_band band)
{
    return coverage_key(hour - COVERAGE_HOUR_BIAS, cell, band, COVERAGE_ANY);
}

static uint64_t exact_key(int32_t hour, uint32_t cell, enum coverage_band band)
{
    return coverage_key(hour, cell, band, COVERAGE_ANY);
}

static int32_t hour_of_day(int32_t hour)
{
    return ((hour % 24) + 24) % 24;
}

/* NULL: out of memory. */
static struct place *place_at(struct coverage_view *v, uint32_t cell)
{
    const uint32_t i = v->of_cell[cell];
    if (i != UINT32_MAX) {
        return &v->place[i];
    }
    if (v->n == v->cap) {
        const uint32_t cap = v->cap ? v->cap * 2 : PLACES_FIRST;
        struct place *more = realloc(v->place, cap * sizeof *more);
        if (!more) {
            return NULL;
        }
        v->place = more;
        v->cap = cap;
    }
    struct place *p = &v->place[v->n];
    *p = (struct place){.cell = cell};
    for (int b = 0; b < AIR_BANDS; b++) {
        p->all[b] = coverage_count_none();
    }
    v->of_cell[cell] = v->n++;
    return p;
}

static const struct place *place_of(const struct coverage_view *v, uint32_t cell)
{
    return v->of_cell[cell] == UINT32_MAX ? NULL : &v->place[v->of_cell[cell]];
}

static enum err add(struct coverage_view *v, const struct coverage_entry *e, bool exact)
{
    const enum coverage_band band = coverage_key_band(e->key);
    const uint32_t cell = coverage_key_cell(e->key);
    if ((v->class != COVERAGE_ANY && coverage_key_class(e->key) != v->class) ||
        band >= COVERAGE_NO_ALTITUDE || cell >= CELLS) {
        return ERR_OK;
    }
    const int32_t hour = coverage_key_hour(e->key);
    const uint64_t key[] = {daily_key(hour_of_day(hour), cell, band), exact_key(hour, cell, band)};
    for (int i = 0; i < (exact ? 2 : 1); i++) {
        const enum err err = coverage_grid_add(&v->hours, &(struct coverage_entry){key[i], e->n});
        if (err) {
            return err;
        }
    }
    struct place *p = place_at(v, cell);
    if (!p) {
        return ERR_MEMORY;
    }
    coverage_count_add(&p->all[band], &e->n);
    p->touched = true;
    return ERR_OK;
}

enum err coverage_view_add(struct coverage_view *v, const struct coverage_entry *e)
{
    return add(v, e, true);
}

enum err coverage_view_add_daily(struct coverage_view *v, const struct coverage_entry *e)
{
    return add(v, e, false);
}

static struct evidence evidence_of(const struct coverage_count *n)
{
    if (!n) {
        return (struct evidence){0};
    }
    const double passes = n->heard + n->missed + COVERAGE_PRESUMED_SHARE * n->presumed;
    const double seconds = n->heard_s + n->missed_s + COVERAGE_PRESUMED_SHARE * n->presumed_s;
    const double share = seconds > 0 ? n->heard_s / seconds : n->heard > 0;
    return (struct evidence){passes, passes * share};
}

static struct evidence at_most(struct evidence e, double most)
{
    const double keep = e.n > most ? most / e.n : 1;
    return (struct evidence){e.n * keep, e.heard * keep};
}

static struct evidence around(const struct place *const *near, unsigned n, int band)
{
    struct evidence sum = {0};
    for (unsigned i = 0; i < n; i++) {
        sum.n += near[i]->own[band].n, sum.heard += near[i]->own[band].heard;
    }
    return at_most(sum, near_most);
}

/* What other heights say: misses above, hits below. */
static struct evidence vertical(const struct evidence at[AIR_BANDS], int band)
{
    struct evidence sum = {0};
    for (int b = COVERAGE_GROUND; b < AIR_BANDS; b++) {
        if (b < band) {
            sum.n += vertical_share * at[b].heard;
            sum.heard += vertical_share * at[b].heard;
        } else if (b > band) {
            sum.n += vertical_share * (at[b].n - at[b].heard);
        }
    }
    return at_most(sum, vertical_most);
}

/* All bands of a cell at once. */
static void know(const struct coverage_view *v, struct place *p)
{
    uint32_t cell[COVERAGE_NEIGHBORS_MAX];
    const struct place *near[COVERAGE_NEIGHBORS_MAX];
    unsigned n = 0;
    for (unsigned i = 0, cells = coverage_neighbors(p->cell, cell); i < cells; i++) {
        const struct place *other = place_of(v, cell[i]);
        if (other) {
            near[n++] = other;
        }
    }
    struct evidence at[AIR_BANDS];
    for (int b = COVERAGE_GROUND; b < AIR_BANDS; b++) {
        const struct evidence theirs = around(near, n, b);
        at[b] = (struct evidence){p->own[b].n + theirs.n, p->own[b].heard + theirs.heard};
    }
    for (int b = COVERAGE_GROUND; b < AIR_BANDS; b++) {
        const struct evidence other = vertical(at, b);
        const double passes = at[b].n + other.n, heard = at[b].heard + other.heard;
        p->level[b] = (struct level){(float)((0.5 + heard) / (1 + passes)), (float)passes};
    }
}

/* What counts came to, and all that lies around it, is to be known anew. */
static enum err touch(struct coverage_view *v, uint32_t index)
{
    uint32_t cell[COVERAGE_NEIGHBORS_MAX + 1];
    const unsigned n = coverage_neighbors(v->place[index].cell, cell + 1) + 1;
    cell[0] = v->place[index].cell;
    for (int b = COVERAGE_GROUND; b < AIR_BANDS; b++) {
        v->place[index].own[b] = evidence_of(&v->place[index].all[b]);
    }
    v->place[index].touched = false;
    for (unsigned i = 0; i < n; i++) {
        struct place *p = place_at(v, cell[i]);
        if (!p) {
            return ERR_MEMORY;
        }
        p->stale = true;
    }
    return ERR_OK;
}

enum err coverage_view_ready(struct coverage_view *v)
{
    for (uint32_t i = 0, known = v->n; i < known; i++) {
        const enum err e = v->place[i].touched ? touch(v, i) : ERR_OK;
        if (e) {
            return e;
        }
    }
    for (uint32_t i = 0; i < v->n; i++) {
        if (v->place[i].stale) {
            know(v, &v->place[i]);
            v->place[i].stale = false;
        }
    }
    return ERR_OK;
}

static double lean(double p, double weight, struct evidence e)
{
    return (weight * p + e.heard) / (weight + e.n);
}

static enum coverage_band band_of(int32_t alt_ft)
{
    return alt_ft == COVERAGE_ON_GROUND ? COVERAGE_GROUND : coverage_band(alt_ft);
}

bool coverage_heard(const struct coverage_view *v, int32_t lat_e7, int32_t lon_e7, int32_t alt_ft,
                    int64_t t_ms, double *p, double *weight)
{
    const uint32_t cell = coverage_cell(lat_e7, lon_e7);
    const enum coverage_band band = band_of(alt_ft);
    const struct place *at = place_of(v, cell);
    *p = 0.5, *weight = 0;
    if (!at || band >= COVERAGE_NO_ALTITUDE) {
        return false;
    }
    const struct level *l = &at->level[band];
    *weight = l->n;
    *p = l->p;
    if (!coverage_count_is_none(&at->all[band])) {
        const int32_t hour = coverage_hour(t_ms);
        *p = lean(
            *p, lean_on_all,
            evidence_of(coverage_grid_get(&v->hours, daily_key(hour_of_day(hour), cell, band))));
        *p = lean(*p, lean_on_daily,
                  evidence_of(coverage_grid_get(&v->hours, exact_key(hour, cell, band))));
    }
    return l->n > 0;
}

bool coverage_hazard(const struct coverage_view *v, int32_t lat_e7, int32_t lon_e7, int32_t alt_ft,
                     double *losses_per_minute, double *minutes)
{
    const enum coverage_band band = band_of(alt_ft);
    const struct place *at = place_of(v, coverage_cell(lat_e7, lon_e7));
    const struct coverage_count *n = at && band < COVERAGE_NO_ALTITUDE ? &at->all[band] : NULL;
    *minutes = n ? n->heard_s / 60.0 : 0;
    /* Half a loss in ten minutes before anything is known. */
    *losses_per_minute = n ? (n->lost + n->sunk + 0.5) / (*minutes + 10) : 0.05;
    return n && n->heard_s > 0;
}

void coverage_interval(double p, double n, double *low, double *high)
{
    const double a = 0.5 + p * n, b = 0.5 + (1 - p) * n;
    *low = beta_quantile(a, b, 0.1);
    *high = beta_quantile(a, b, 0.9);
}
