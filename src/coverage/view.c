#include "coverage/view.h"

#include "coverage/beta.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Keys of sums in the place of hours: the hour of the day 0 .. 23, all hours. */
enum { ALL_HOURS = 24, AIR_BANDS = COVERAGE_UPPER + 1 };

/* How many passes what lies around may count for, and what an hour leans on the wider sums. */
static const double vertical_share = 0.5, vertical_most = 4, near_most = 2;
static const double lean_on_all = 6, lean_on_daily = 3;

struct level {
    float p, n; /* what a cell's band knows at all hours, with what lies around */
};

struct coverage_view {
    struct coverage_grid grid;
    struct level *level; /* by entry; of ALL_HOURS alone */
    enum coverage_class class;
};

struct coverage_view *coverage_view_new(enum coverage_class class, size_t entries_max)
{
    struct coverage_view *v = calloc(1, sizeof *v);
    if (v && coverage_grid_init(&v->grid, entries_max)) {
        free(v);
        v = NULL;
    }
    if (v) {
        v->class = class;
    }
    return v;
}

void coverage_view_free(struct coverage_view *v)
{
    if (v) {
        coverage_grid_free(&v->grid);
        free(v->level);
        free(v);
    }
}

static uint64_t sum_key(int32_t hour, uint32_t cell, enum coverage_band band)
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

enum err coverage_view_add(struct coverage_view *v, const struct coverage_entry *e)
{
    const enum coverage_band band = coverage_key_band(e->key);
    if ((v->class != COVERAGE_ANY && coverage_key_class(e->key) != v->class) ||
        band == COVERAGE_NO_ALTITUDE) {
        return ERR_OK;
    }
    const uint32_t cell = coverage_key_cell(e->key);
    const int32_t hour = coverage_key_hour(e->key);
    const uint64_t key[] = {exact_key(hour, cell, band), sum_key(hour_of_day(hour), cell, band),
                            sum_key(ALL_HOURS, cell, band)};
    enum err err = ERR_OK;
    for (int i = 0; i < 3 && !err; i++) {
        err = coverage_grid_add(&v->grid, &(struct coverage_entry){key[i], e->n});
    }
    return err;
}

/* Passes, and how many of them were heard. */
struct evidence {
    double n, heard;
};

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

static struct evidence own(const struct coverage_view *v, uint32_t cell, enum coverage_band band)
{
    return evidence_of(coverage_grid_get(&v->grid, sum_key(ALL_HOURS, cell, band)));
}

static struct evidence at_most(struct evidence e, double most)
{
    const double keep = e.n > most ? most / e.n : 1;
    return (struct evidence){e.n * keep, e.heard * keep};
}

static struct evidence around(const struct coverage_view *v, const uint32_t *near, unsigned n,
                              enum coverage_band band)
{
    struct evidence sum = {0};
    for (unsigned i = 0; i < n; i++) {
        const struct evidence e = own(v, near[i], band);
        sum.n += e.n, sum.heard += e.heard;
    }
    return at_most(sum, near_most);
}

/* What other heights say: misses above, hits below. */
static struct evidence vertical(const struct evidence at[AIR_BANDS], enum coverage_band band)
{
    struct evidence sum = {0};
    for (enum coverage_band b = COVERAGE_GROUND; b <= COVERAGE_UPPER; b++) {
        if (b < band) {
            sum.n += vertical_share * at[b].heard;
            sum.heard += vertical_share * at[b].heard;
        } else if (b > band) {
            sum.n += vertical_share * (at[b].n - at[b].heard);
        }
    }
    return at_most(sum, vertical_most);
}

/* All bands of a cell at once. They are in the grid. */
static void know_cell(struct coverage_view *v, uint32_t cell)
{
    uint32_t near[COVERAGE_NEIGHBORS_MAX];
    const unsigned n = coverage_neighbors(cell, near);
    struct evidence at[AIR_BANDS];
    for (enum coverage_band b = COVERAGE_GROUND; b <= COVERAGE_UPPER; b++) {
        const struct evidence mine = own(v, cell, b), theirs = around(v, near, n, b);
        at[b] = (struct evidence){mine.n + theirs.n, mine.heard + theirs.heard};
    }
    for (enum coverage_band b = COVERAGE_GROUND; b <= COVERAGE_UPPER; b++) {
        const struct evidence other = vertical(at, b);
        const double passes = at[b].n + other.n, heard = at[b].heard + other.heard;
        v->level[coverage_grid_at(&v->grid, sum_key(ALL_HOURS, cell, b))] =
            (struct level){(float)((0.5 + heard) / (1 + passes)), (float)passes};
    }
}

/* Every cell that is known gets all bands, and so do its neighbors. */
static enum err widen(struct coverage_view *v)
{
    const size_t known = v->grid.n;
    for (size_t i = 0; i < known; i++) {
        const uint64_t key = v->grid.entry[i].key;
        if (key >> 25 != ALL_HOURS) {
            continue;
        }
        uint32_t cell[COVERAGE_NEIGHBORS_MAX + 1];
        const unsigned n = coverage_neighbors(coverage_key_cell(key), cell + 1) + 1;
        cell[0] = coverage_key_cell(key);
        const enum err e = coverage_grid_reserve(&v->grid, n * (size_t)COVERAGE_BANDS);
        if (e) {
            return e;
        }
        for (unsigned k = 0; k < n; k++) {
            for (enum coverage_band b = COVERAGE_GROUND; b <= COVERAGE_UPPER; b++) {
                coverage_grid_at(&v->grid, sum_key(ALL_HOURS, cell[k], b));
            }
        }
    }
    return ERR_OK;
}

enum err coverage_view_ready(struct coverage_view *v)
{
    const enum err e = widen(v);
    v->level = e ? NULL : calloc(v->grid.n + 1, sizeof *v->level);
    if (!v->level) {
        return e ? e : ERR_MEMORY;
    }
    for (size_t i = 0; i < v->grid.n; i++) {
        const uint64_t key = v->grid.entry[i].key;
        if (key >> 25 == ALL_HOURS && coverage_key_band(key) == COVERAGE_GROUND) {
            know_cell(v, coverage_key_cell(key));
        }
    }
    return ERR_OK;
}

static double lean(double p, double weight, struct evidence e)
{
    return (weight * p + e.heard) / (weight + e.n);
}

bool coverage_heard(const struct coverage_view *v, int32_t lat_e7, int32_t lon_e7, int32_t alt_ft,
                    int64_t t_ms, double *p, double *weight)
{
    const uint32_t cell = coverage_cell(lat_e7, lon_e7);
    const enum coverage_band band =
        alt_ft == COVERAGE_ON_GROUND ? COVERAGE_GROUND : coverage_band(alt_ft);
    const struct coverage_count *all = coverage_grid_get(&v->grid, sum_key(ALL_HOURS, cell, band));
    *p = 0.5, *weight = 0;
    if (!all) {
        return false;
    }
    const size_t at = (size_t)((const struct coverage_entry *)((const char *)all -
                                                               offsetof(struct coverage_entry, n)) -
                               v->grid.entry);
    const struct level *l = &v->level[at];
    *weight = l->n;
    *p = l->p;
    if (!coverage_count_is_none(all)) {
        const int32_t hour = coverage_hour(t_ms);
        *p = lean(*p, lean_on_all,
                  evidence_of(coverage_grid_get(&v->grid, sum_key(hour_of_day(hour), cell, band))));
        *p = lean(*p, lean_on_daily,
                  evidence_of(coverage_grid_get(&v->grid, exact_key(hour, cell, band))));
    }
    return l->n > 0;
}

bool coverage_hazard(const struct coverage_view *v, int32_t lat_e7, int32_t lon_e7, int32_t alt_ft,
                     double *losses_per_minute, double *minutes)
{
    const enum coverage_band band =
        alt_ft == COVERAGE_ON_GROUND ? COVERAGE_GROUND : coverage_band(alt_ft);
    const struct coverage_count *n =
        coverage_grid_get(&v->grid, sum_key(ALL_HOURS, coverage_cell(lat_e7, lon_e7), band));
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
