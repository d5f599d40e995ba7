#include "movement/jamming.h"

#include "base/map.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROOM_DEFAULT = 1000000,
    ROWS = 600,         /* 0.3 degrees each */
    COLUMNS_MAX = 1200, /* at the equator */
    BAD_MS = 60000,
    REPORT_MS = 60000, /* a report counts for no longer */
    EVERYWHERE_CELLS = 3,
    COLOR_AIRCRAFT = 4,
};

static const int64_t DAY_MS = 86400000;
static const float DEG = 3.14159265F / 180.0F;

/* One aircraft in one cell. */
struct visit {
    uint32_t address, cell;
    uint32_t bad_ms;
    uint32_t bad_since_s; /* of the day, plus 1; 0: its newest report here was good */
};

struct jamming {
    struct visit *visit;
    struct map map; /* by address and cell together */
    uint32_t n, room;
    int64_t day; /* INT64_MIN: none yet */
    int32_t columns[ROWS];
    struct jamming_sums sums;
};

void jamming_free(struct jamming *j)
{
    if (j != NULL) {
        map_free(&j->map);
        free(j->visit);
        free(j);
    }
}

const struct jamming_sums *jamming_sums(const struct jamming *j)
{
    return &j->sums;
}

/* Steps of a row so that cells are as wide as two rows are high, and a third. */
static int32_t columns_of(int32_t row)
{
    const float lat = ((float)row + 0.5F) * 0.3F - 90.0F;
    const int32_t n = (int32_t)lroundf((float)COLUMNS_MAX * 0.866F * cosf(lat * DEG));
    return n < 1 ? 1 : n;
}

static double latitude_of(int32_t row)
{
    return ((double)row + 0.5) * 0.3 - 90.0;
}

/* Every other row stands half a step farther east. */
static double shift_of(int32_t row)
{
    return row % 2 != 0 ? 0.5 : 0.0;
}

struct sphere_place jamming_center(uint32_t cell)
{
    const int32_t row = (int32_t)(cell / COLUMNS_MAX), column = (int32_t)(cell % COLUMNS_MAX);
    const double lon = -180.0 + 360.0 / columns_of(row) * ((double)column + shift_of(row));
    return (struct sphere_place){(int32_t)lround(latitude_of(row) * 1e7),
                                 sphere_wrap_e7(llround(lon * 1e7))};
}

/* The nearest center of a row, of n columns, and the square of how far it is, m. */
static uint32_t nearest_in_row(struct sphere_place at, int32_t row, int32_t n, float *m2)
{
    const double steps_per_e7 = n / 3.6e9, x = ((double)at.lon_e7 + 1.8e9) * steps_per_e7;
    const double beside = x - shift_of(row);
    const int32_t column = (int32_t)(beside + 1.5) - 1; /* to the nearest; not below -1 */
    const double east = beside - (double)column;        /* steps; within half of one */
    const double lon_e7 = (double)at.lon_e7 - east / steps_per_e7;
    const struct sphere_place center = {(int32_t)(latitude_of(row) * 1e7),
                                        sphere_wrap_e7((int64_t)lon_e7)};
    const struct sphere_offset o = sphere_offset(at, center);
    *m2 = o.x_m * o.x_m + o.y_m * o.y_m;
    return (uint32_t)row * COLUMNS_MAX + (uint32_t)((column + n) % n);
}

/* It lies in its own row, or in the one above or below. columns: of every row; NULL: not at hand.
 */
static uint32_t cell_at(struct sphere_place at, const int32_t *columns)
{
    const int32_t own = (int32_t)(((double)at.lat_e7 * 1e-7 + 90.0) / 0.3);
    uint32_t best = 0;
    float least = INFINITY;
    for (int32_t row = own > 0 ? own - 1 : 0; row <= own + 1 && row < ROWS; row++) {
        float m2;
        const uint32_t cell =
            nearest_in_row(at, row, columns != NULL ? columns[row] : columns_of(row), &m2);
        best = m2 < least ? cell : best;
        least = m2 < least ? m2 : least;
    }
    return best;
}

uint32_t jamming_cell_at(struct sphere_place at)
{
    return cell_at(at, NULL);
}

struct jamming *jamming_new(uint32_t room)
{
    struct jamming *j = calloc(1, sizeof *j);
    if (j == NULL) {
        return NULL;
    }
    j->room = room != 0 ? room : ROOM_DEFAULT;
    j->day = INT64_MIN;
    for (int32_t row = 0; row < ROWS; row++) {
        j->columns[row] = columns_of(row);
    }
    j->visit = malloc(j->room * sizeof *j->visit);
    if (j->visit == NULL || map_init(&j->map, j->room) != ERR_OK) {
        jamming_free(j);
        return NULL;
    }
    return j;
}

float jamming_over_tenth(uint32_t bad, uint32_t good)
{
    /* Beta(a, b) with whole a and b: P(X > x) = P(Binomial(a + b - 1, x) <= a - 1). */
    const double x = 0.1;
    const uint32_t a = 1 + bad, n = a + 30 + good - 1;
    double log_term = (double)n * log1p(-x), sum = 0.0;
    for (uint32_t k = 0; k < a; k++) {
        sum += exp(log_term);
        log_term += log((double)(n - k) / (double)(k + 1) * x / (1.0 - x));
    }
    return (float)fmin(sum, 1.0);
}

static int by_aircraft(const void *a, const void *b)
{
    const struct visit *x = a, *y = b;
    if (x->address != y->address) {
        return x->address < y->address ? -1 : 1;
    }
    return (x->cell > y->cell) - (x->cell < y->cell);
}

static int by_cell(const void *a, const void *b)
{
    const struct visit *x = a, *y = b;
    if (x->cell != y->cell) {
        return x->cell < y->cell ? -1 : 1;
    }
    return (x->address > y->address) - (x->address < y->address);
}

/* Marks what aircraft are bad wherever they are: bad_since_s becomes 1. */
static void mark_equipment(struct jamming *j)
{
    if (j->n > 1) {
        qsort(j->visit, j->n, sizeof *j->visit, by_aircraft);
    }
    for (uint32_t i = 0, end; i < j->n; i = end) {
        uint32_t bad = 0;
        for (end = i; end < j->n && j->visit[end].address == j->visit[i].address; end++) {
            bad += j->visit[end].bad_ms >= BAD_MS;
        }
        const bool everywhere = end - i >= EVERYWHERE_CELLS && bad * 5 >= (end - i) * 4;
        for (uint32_t k = i; k < end; k++) {
            j->visit[k].bad_since_s = everywhere;
        }
    }
}

static enum jamming_color color_of(uint32_t aircraft, uint32_t bad)
{
    if (aircraft < COLOR_AIRCRAFT) {
        return JAMMING_GRAY;
    }
    const float share = bad > 0 ? (float)(bad - 1) / (float)aircraft : 0.0F;
    return share < 0.02F ? JAMMING_GREEN : (share <= 0.1F ? JAMMING_YELLOW : JAMMING_RED);
}

void jamming_end(struct jamming *j, jamming_fn *fn, void *ctx)
{
    mark_equipment(j);
    if (j->n > 1) {
        qsort(j->visit, j->n, sizeof *j->visit, by_cell);
    }
    for (uint32_t i = 0, end; i < j->n; i = end) {
        struct jamming_cell c = {.day = j->day, .cell = j->visit[i].cell};
        for (end = i; end < j->n && j->visit[end].cell == c.cell; end++) {
            const bool left_out = j->visit[end].bad_since_s != 0;
            c.left_out += left_out;
            c.aircraft += !left_out;
            c.bad += !left_out && j->visit[end].bad_ms >= BAD_MS;
        }
        c.center = jamming_center(c.cell);
        c.rate = (1.0F + (float)c.bad) / (31.0F + (float)c.aircraft);
        c.over_tenth_p = jamming_over_tenth(c.bad, c.aircraft - c.bad);
        c.color = color_of(c.aircraft, c.bad);
        fn(ctx, &c);
    }
    map_free(&j->map);
    j->n = 0;
    j->day = INT64_MIN;
    if (map_init(&j->map, j->room) != ERR_OK) {
        j->room = 0; /* nothing more is taken, and counted as full */
    }
}

static struct visit *visit_of(struct jamming *j, uint32_t address, uint32_t cell)
{
    uint64_t h = ((uint64_t)address << 32 | cell) * UINT64_C(0x9e3779b97f4a7c15);
    h ^= h >> 31;
    uint32_t key = (uint32_t)(h * UINT64_C(0xbf58476d1ce4e5b9) >> 32);
    key = key == MAP_NO_KEY ? 0 : key;
    for (unsigned tries = 0; tries < 4; tries++, key = key * 5 + 1) {
        if (key == MAP_NO_KEY) {
            continue;
        }
        const uint32_t i = j->room != 0 ? map_get(&j->map, key) : MAP_NONE;
        if (i == MAP_NONE) {
            if (j->n >= j->room || map_add(&j->map, key, j->n) != ERR_OK) {
                return NULL;
            }
            j->visit[j->n] = (struct visit){.address = address, .cell = cell};
            return &j->visit[j->n++];
        }
        if (j->visit[i].address == address && j->visit[i].cell == cell) {
            return &j->visit[i];
        }
    }
    return NULL;
}

void jamming_push(struct jamming *j, const struct kept *k, jamming_fn *fn, void *ctx)
{
    const bool adsb = k->origin == ORIGIN_ADSB_ICAO || k->origin == ORIGIN_ADSB_ICAO_NT ||
                      k->origin == ORIGIN_ADSB_OTHER;
    if (k->t_ms == KEPT_NO_TIME || !adsb || k->ground != 0 ||
        (k->nac_p == KEPT_NONE_8 && k->nic == KEPT_NONE_8)) {
        j->sums.silent++;
        return;
    }
    const int64_t day = k->t_ms >= 0 ? k->t_ms / DAY_MS : (k->t_ms - DAY_MS + 1) / DAY_MS;
    if (j->day != INT64_MIN && day < j->day) {
        j->sums.late++;
        return;
    }
    if (j->day != INT64_MIN && day > j->day) {
        jamming_end(j, fn, ctx);
    }
    j->day = day;
    struct visit *v =
        visit_of(j, k->address, cell_at((struct sphere_place){k->lat_e7, k->lon_e7}, j->columns));
    if (v == NULL) {
        j->sums.full++;
        return;
    }
    j->sums.points++;
    const uint32_t now_s = (uint32_t)((k->t_ms - day * DAY_MS) / 1000) + 1;
    if (v->bad_since_s != 0 && now_s > v->bad_since_s) {
        const uint32_t ms = (now_s - v->bad_since_s) * 1000;
        v->bad_ms += ms < REPORT_MS ? ms : REPORT_MS;
    }
    v->bad_since_s = k->nac_p < 8 || k->nic < 7 ? now_s : 0;
}
