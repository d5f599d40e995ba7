#include "movement/pair.h"

#include "base/map.h"
#include "geo/sphere.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    AIRCRAFT_DEFAULT = 100000,
    PAIRS_DEFAULT = 10000,
    STEP_MS = 20000,
    HEARD_MS = 61000,  /* carried on from its last point for no longer */
    APART_MS = 120000, /* not together for so long: it is over */
    FORMATION_MS = 300000,
    CONTACT_MS = 480000, /* close for so long: as for refueling */
    NEIGHBORS_MAX = 16,  /* looked at in one cell */
    LOW_FT = 8000,
    TRACE = 4, /* places remembered, one each five minutes */
    TRACE_MS = 300000,
    ALT_DIFF_FT = 1000,
    CLIMB_MAX_FPM = 600,
};

static const float NM_M = 1852.0F;
static const float NEAR_NM = 1.5F, NEAR_MLAT_NM = 3.0F, CONTACT_NM = 0.5F, FROM_AFAR_NM = 10.0F;
static const float SPEED_DIFF_KT = 25.0F, TRACK_DIFF_DEG = 10.0F;
static const float DEG = 3.14159265F / 180.0F;
static const int32_t CELL_E7 = 500000; /* 3 NM of latitude */

struct craft {
    uint32_t address;
    uint8_t origin;
    bool high; /* above LOW_FT, level, fast: worth comparing */
    int64_t t_ms;
    int32_t lat_e7, lon_e7, alt_ft;
    float gs_kt, track_deg;
    float lat_e7_s, lon_e7_s; /* how it moves */
    struct sphere_place trace[TRACE];
    int64_t trace_ms; /* of the newest of them, [0] */
    uint32_t traces;
    struct sphere_place now; /* at the step in hand */
    uint32_t next;           /* of its cell */
};

struct row {
    uint32_t a, b;                      /* addresses, the lower first */
    int64_t first_ms, last_ms, sure_ms; /* together: first, newest; before it */
    int64_t contact_ms;                 /* within CONTACT_NM, in all */
    struct sphere_place first;
    float x_m, y_m, alt_ft, gs_kt, nearest_m, turned_deg, track_deg, farthest_m;
    uint32_t steps, a_behind;
    bool from_afar;
};

struct pair {
    struct pair_options o;
    struct pair_sums sums;
    struct map map, rows;
    struct craft *craft;
    int64_t *until_ms; /* by craft: carried on until then; INT64_MIN: not compared. Apart from them,
                          for a step looks through all, most of which nobody hears any more */
    struct row *row;
    uint32_t *cell;             /* first craft of a cell, UINT32_MAX none */
    uint32_t *laid, n_laid;     /* the cells of the last step */
    uint32_t cells;             /* a power of two */
    uint32_t n, n_rows, oldest; /* oldest: where the search for room goes on */
    int64_t step_ms;
};

struct pair *pair_new(const struct pair_options *o)
{
    struct pair *p = calloc(1, sizeof *p);
    if (p == NULL) {
        return NULL;
    }
    p->o = *o;
    p->o.aircraft_max = o->aircraft_max != 0 ? o->aircraft_max : AIRCRAFT_DEFAULT;
    p->o.pairs_max = o->pairs_max != 0 ? o->pairs_max : PAIRS_DEFAULT;
    p->step_ms = KEPT_NO_TIME;
    for (p->cells = 64; p->cells < p->o.aircraft_max; p->cells *= 2) {
    }
    p->craft = calloc(p->o.aircraft_max, sizeof *p->craft);
    p->row = calloc(p->o.pairs_max, sizeof *p->row);
    p->cell = malloc(p->cells * sizeof *p->cell);
    p->until_ms = malloc(p->o.aircraft_max * sizeof *p->until_ms);
    p->laid = malloc(p->o.aircraft_max * sizeof *p->laid);
    if (p->craft == NULL || p->row == NULL || p->cell == NULL || p->until_ms == NULL ||
        p->laid == NULL || map_init(&p->map, p->o.aircraft_max) != ERR_OK ||
        map_init(&p->rows, p->o.pairs_max) != ERR_OK) {
        pair_free(p);
        return NULL;
    }
    memset(p->cell, 0xff, p->cells * sizeof *p->cell);
    return p;
}

void pair_free(struct pair *p)
{
    if (p != NULL) {
        map_free(&p->map);
        map_free(&p->rows);
        free(p->craft);
        free(p->row);
        free(p->cell);
        free(p->until_ms);
        free(p->laid);
        free(p);
    }
}

const struct pair_sums *pair_sums(const struct pair *p)
{
    return &p->sums;
}

/* The craft of an address; where there is no room, that of one heard long ago, looked for among a
   few, going round. */
static struct craft *craft_of(struct pair *p, uint32_t address)
{
    uint32_t i = map_get(&p->map, address);
    if (i != MAP_NONE) {
        return &p->craft[i];
    }
    if (p->n < p->o.aircraft_max) {
        i = p->n;
    } else {
        i = p->oldest;
        for (unsigned tries = 1; tries < 32; tries++) {
            const uint32_t j = (p->oldest + tries) % p->n;
            i = p->craft[j].t_ms < p->craft[i].t_ms ? j : i;
        }
        p->oldest = (p->oldest + 32) % p->n;
        map_remove(&p->map, p->craft[i].address);
    }
    if (map_add(&p->map, address, i) != ERR_OK) {
        return NULL;
    }
    p->n += i == p->n;
    p->craft[i] = (struct craft){.address = address, .t_ms = KEPT_NO_TIME};
    p->until_ms[i] = INT64_MIN;
    return &p->craft[i];
}

static void take(struct pair *p, struct craft *c, const struct kept *k)
{
    int32_t rate_fpm = k->baro_rate_fpm != KEPT_NONE ? k->baro_rate_fpm : 0;
    const float dt_s = c->t_ms == KEPT_NO_TIME ? 0.0F : (float)(k->t_ms - c->t_ms) / 1000.0F;
    if (k->baro_rate_fpm == KEPT_NONE && dt_s > 5.0F && dt_s < 120.0F) {
        rate_fpm = (int32_t)(((float)k->alt_baro_ft - (float)c->alt_ft) / dt_s * 60.0F);
    }
    const bool known = k->gs_e2_kt >= 0 && k->track_e2_deg >= 0 && k->alt_baro_ft != KEPT_NONE;
    c->t_ms = k->t_ms;
    c->lat_e7 = k->lat_e7;
    c->lon_e7 = k->lon_e7;
    c->alt_ft = k->alt_baro_ft;
    c->origin = k->origin;
    c->high = known && k->ground == 0 && k->alt_baro_ft >= LOW_FT &&
              abs(rate_fpm) <= CLIMB_MAX_FPM && k->gs_e2_kt >= 10000;
    if (!c->high) {
        p->sums.low++;
        return;
    }
    c->gs_kt = (float)k->gs_e2_kt / 100.0F;
    c->track_deg = (float)k->track_e2_deg / 100.0F;
    const float mps = c->gs_kt * NM_M / 3600.0F, cos_lat = cosf((float)k->lat_e7 * 1e-7F * DEG);
    c->lat_e7_s = mps * cosf(c->track_deg * DEG) / (float)SPHERE_M_PER_LAT_E7;
    c->lon_e7_s =
        mps * sinf(c->track_deg * DEG) / ((float)SPHERE_M_PER_LAT_E7 * fmaxf(cos_lat, 0.02F));
    if (k->t_ms - c->trace_ms >= TRACE_MS) {
        memmove(&c->trace[1], &c->trace[0], (TRACE - 1) * sizeof c->trace[0]);
        c->trace[0] = (struct sphere_place){k->lat_e7, k->lon_e7};
        c->trace_ms = k->t_ms;
        c->traces += c->traces < TRACE;
    }
}

static float distance_m(struct sphere_place a, struct sphere_place b)
{
    const struct sphere_offset o = sphere_offset(a, b);
    return sqrtf(o.x_m * o.x_m + o.y_m * o.y_m);
}

static uint32_t pair_key(uint32_t a, uint32_t b)
{
    uint64_t h = ((uint64_t)a << 32 | b) * UINT64_C(0x9e3779b97f4a7c15);
    h ^= h >> 29;
    const uint32_t key = (uint32_t)(h * UINT64_C(0xbf58476d1ce4e5b9) >> 32);
    return key == MAP_NO_KEY ? 0 : key;
}

/* They were far apart within the last quarter of an hour, so they met. */
static bool met(const struct craft *a, const struct craft *b)
{
    for (unsigned i = 0; i < a->traces && i < b->traces; i++) {
        if (distance_m(a->trace[i], b->trace[i]) > FROM_AFAR_NM * NM_M) {
            return true;
        }
    }
    return false;
}

static void together(struct pair *p, const struct craft *a, const struct craft *b, float m)
{
    const uint32_t key = pair_key(a->address, b->address);
    uint32_t i = map_get(&p->rows, key);
    if (i == MAP_NONE) {
        if (p->n_rows == p->o.pairs_max || map_add(&p->rows, key, p->n_rows) != ERR_OK) {
            p->sums.full++;
            return;
        }
        i = p->n_rows++;
        p->row[i] = (struct row){.a = a->address,
                                 .b = b->address,
                                 .first_ms = p->step_ms,
                                 .first = a->now,
                                 .nearest_m = m,
                                 .track_deg = a->track_deg,
                                 .from_afar = met(a, b)};
    }
    struct row *r = &p->row[i];
    if (r->last_ms == p->step_ms) {
        return; /* two cells share a slot: seen already */
    }
    if (r->a != a->address || r->b != b->address) {
        p->sums.full++; /* two pairs under one key, once in a long while: the first stands */
        return;
    }
    const struct sphere_offset o = sphere_offset(r->first, a->now);
    const struct sphere_offset d = sphere_offset(a->now, b->now);
    r->last_ms = p->step_ms;
    r->steps++;
    r->contact_ms += m <= CONTACT_NM * NM_M ? STEP_MS : 0;
    r->x_m += o.x_m;
    r->y_m += o.y_m;
    r->farthest_m = fmaxf(r->farthest_m, sqrtf(o.x_m * o.x_m + o.y_m * o.y_m));
    r->alt_ft += (float)a->alt_ft;
    r->gs_kt += a->gs_kt;
    r->nearest_m = fminf(r->nearest_m, m);
    r->turned_deg += sphere_turn_deg(r->track_deg, a->track_deg);
    r->track_deg = a->track_deg;
    r->a_behind += d.x_m * sinf(a->track_deg * DEG) + d.y_m * cosf(a->track_deg * DEG) > 0.0F;
}

static void compare(struct pair *p, const struct craft *a, const struct craft *b)
{
    p->sums.compared++;
    if (abs(a->alt_ft - b->alt_ft) > ALT_DIFF_FT || fabsf(a->gs_kt - b->gs_kt) > SPEED_DIFF_KT ||
        sphere_turn_deg(a->track_deg, b->track_deg) > TRACK_DIFF_DEG) {
        return;
    }
    const bool mlat = a->origin == ORIGIN_MLAT || b->origin == ORIGIN_MLAT;
    const float m = distance_m(a->now, b->now);
    if (m <= (mlat ? NEAR_MLAT_NM : NEAR_NM) * NM_M) {
        together(p, a->address < b->address ? a : b, a->address < b->address ? b : a, m);
    }
}

/* Cells are 3 NM high; the same wide as far as whole cells go around the parallel. */
struct place_cell {
    int32_t row, column, columns;
};

static struct place_cell cell_of(int32_t lon_e7, int32_t row)
{
    struct place_cell c = {.row = row};
    const float cos_lat = fmaxf(cosf((float)row * (float)CELL_E7 * 1e-7F * DEG), 0.01F);
    c.columns = (int32_t)(3.6e9F / (float)CELL_E7 * cos_lat);
    c.column = (int32_t)(((double)lon_e7 + 1.8e9) / 3.6e9 * (double)c.columns);
    return c;
}

static uint32_t slot_of(const struct pair *p, int32_t row, int32_t column)
{
    uint32_t h = (uint32_t)row * UINT32_C(0x9e3779b1) ^ (uint32_t)column * UINT32_C(0x85ebca77);
    h ^= h >> 15;
    return h & (p->cells - 1);
}

static void compare_cell(struct pair *p, uint32_t i, int32_t row, int32_t column)
{
    unsigned seen = 0;
    const uint32_t slot = slot_of(p, row, column);
    for (uint32_t j = p->cell[slot]; j != UINT32_MAX; j = p->craft[j].next) {
        if (++seen > NEIGHBORS_MAX) {
            p->sums.crowded++;
            return;
        }
        if (j != i) {
            compare(p, &p->craft[i], &p->craft[j]);
        }
    }
}

/* Lays one craft into the grid, held against those laid before it around it. */
static void lay(struct pair *p, uint32_t i)
{
    struct craft *c = &p->craft[i];
    const float dt_s = (float)(p->step_ms - c->t_ms) / 1000.0F;
    c->now.lat_e7 = c->lat_e7 + (int32_t)(c->lat_e7_s * dt_s);
    c->now.lon_e7 = sphere_wrap_e7((int64_t)c->lon_e7 + (int64_t)(c->lon_e7_s * dt_s));
    const int32_t row = c->now.lat_e7 / CELL_E7;
    for (int32_t r = row - 1; r <= row + 1; r++) {
        const struct place_cell at = cell_of(c->now.lon_e7, r);
        for (int32_t k = -1; k <= 1; k++) {
            const int32_t column = (at.column + k + at.columns) % at.columns;
            compare_cell(p, i, r, column);
        }
    }
    const struct place_cell own = cell_of(c->now.lon_e7, row);
    const uint32_t slot = slot_of(p, row, own.column);
    c->next = p->cell[slot];
    p->cell[slot] = i;
    p->laid[p->n_laid++] = slot;
}

static int is_tanker(const struct pair *p, uint32_t address, int64_t t_ms)
{
    return p->o.tanker != NULL ? p->o.tanker(p->o.tanker_ctx, address, t_ms) : -1;
}

/* As for refueling: one is a tanker, or nobody knows and they met at its speed and height and
   turned together; and close for long enough. The probability; 0: it was not. */
static float refueling_p(const struct pair *p, const struct row *r, bool a_tanker, bool b_tanker)
{
    if (r->contact_ms < CONTACT_MS) {
        return 0.0F;
    }
    if (a_tanker || b_tanker) {
        return r->from_afar ? 0.9F : 0.75F;
    }
    const float kt = r->gs_kt / (float)r->steps, ft = r->alt_ft / (float)r->steps;
    const bool unknown = is_tanker(p, r->a, r->first_ms) < 0 || is_tanker(p, r->b, r->first_ms) < 0;
    return unknown && r->from_afar && kt >= 200.0F && kt <= 420.0F && ft >= 15000.0F &&
                   ft <= 30000.0F && r->turned_deg >= 150.0F
               ? 0.6F
               : 0.0F;
}

static void claim_row(struct pair *p, const struct row *r, bool open, claim_fn *fn, void *ctx)
{
    if (r->last_ms - r->first_ms < FORMATION_MS ||
        r->steps * (int64_t)STEP_MS * 2 < r->last_ms - r->first_ms) {
        return;
    }
    const bool a_tanker = is_tanker(p, r->a, r->first_ms) == 1;
    const bool b_tanker = is_tanker(p, r->b, r->first_ms) == 1;
    const float fuel_p = refueling_p(p, r, a_tanker, b_tanker);
    /* Whose claim: the tanker's partner's, else of the one behind. */
    const bool of_a = b_tanker || (!a_tanker && r->a_behind * 2 > r->steps);
    struct claim c =
        claim_none(fuel_p > 0.0F ? CLAIM_REFUELING : CLAIM_FORMATION, of_a ? r->a : r->b, 0);
    const float n = (float)r->steps;
    const struct sphere_offset o = {r->x_m / n, r->y_m / n};
    const struct sphere_place at =
        sphere_destination(r->first, (double)sphere_offset_bearing_deg(o),
                           (double)sqrtf(o.x_m * o.x_m + o.y_m * o.y_m));
    c.other = of_a ? r->b : r->a;
    c.method = CLAIM_METHOD_PAIR;
    c.made_ms = p->step_ms;
    c.t_lo_ms = r->first_ms - STEP_MS;
    c.sure_lo_ms = r->first_ms;
    c.sure_hi_ms = r->last_ms;
    c.t_hi_ms = r->last_ms + STEP_MS;
    c.lat_e7 = at.lat_e7;
    c.lon_e7 = at.lon_e7;
    c.alt_ft = (int32_t)(r->alt_ft / n);
    c.radius_m = (uint32_t)r->farthest_m;
    c.size_m = (uint32_t)(2.0F * r->farthest_m);
    c.flags = open ? CLAIM_OPEN : 0;
    const float minutes = (float)(r->last_ms - r->first_ms) / 60000.0F;
    c.p = fuel_p > 0.0F ? fuel_p : 1.0F - expf(-minutes / 4.0F);
    c.evidence.first_ms = r->first_ms;
    c.evidence.last_ms = r->last_ms;
    c.evidence.fixes = r->steps;
    p->sums.claims++;
    fn(ctx, &c);
}

static void drop_row(struct pair *p, uint32_t i)
{
    map_remove(&p->rows, pair_key(p->row[i].a, p->row[i].b));
    p->row[i] = p->row[--p->n_rows];
    if (i < p->n_rows) {
        const uint32_t key = pair_key(p->row[i].a, p->row[i].b);
        map_remove(&p->rows, key);
        map_add(&p->rows, key, i);
    }
}

/* One look at everybody. */
static void step(struct pair *p, claim_fn *fn, void *ctx)
{
    while (p->n_laid > 0) { /* far fewer than there are cells */
        p->cell[p->laid[--p->n_laid]] = UINT32_MAX;
    }
    for (uint32_t i = 0; i < p->n; i++) {
        if (p->step_ms <= p->until_ms[i]) {
            lay(p, i);
        }
    }
    for (uint32_t i = p->n_rows; i-- > 0;) {
        if (p->step_ms - p->row[i].last_ms > APART_MS) {
            claim_row(p, &p->row[i], false, fn, ctx);
            drop_row(p, i);
        }
    }
}

enum err pair_push(struct pair *p, const struct kept *k, claim_fn *fn, void *ctx)
{
    if (k->t_ms == KEPT_NO_TIME || k->address == ADDRESS_NONE) {
        return ERR_OK;
    }
    if (p->step_ms == KEPT_NO_TIME) {
        p->step_ms = k->t_ms - k->t_ms % STEP_MS;
    }
    if (k->t_ms >= p->step_ms + STEP_MS) {
        p->step_ms += STEP_MS;
        step(p, fn, ctx);
        if (k->t_ms >= p->step_ms + STEP_MS) { /* silence: nothing to look at until now */
            p->step_ms = k->t_ms - k->t_ms % STEP_MS;
            step(p, fn, ctx);
        }
    }
    struct craft *c = craft_of(p, k->address);
    if (c == NULL) {
        return ERR_MEMORY;
    }
    if (c->t_ms != KEPT_NO_TIME && k->t_ms <= c->t_ms) {
        p->sums.late++;
        return ERR_OK;
    }
    p->sums.points++;
    take(p, c, k);
    p->until_ms[c - p->craft] = c->high ? k->t_ms + HEARD_MS : INT64_MIN;
    return ERR_OK;
}

void pair_orbit(struct pair *p, const struct claim *orbit, claim_fn *fn, void *ctx)
{
    const int tanker = is_tanker(p, orbit->address, orbit->sure_lo_ms);
    if (orbit->kind != CLAIM_ORBIT || orbit->shape != CLAIM_SHAPE_RACETRACK || tanker == 0 ||
        orbit->alt_ft < 18000 || orbit->alt_ft > 30000 || orbit->size_m < 15 * 1852) {
        return;
    }
    for (uint32_t i = 0; i < p->n_rows; i++) {
        if (p->row[i].a == orbit->address || p->row[i].b == orbit->address) {
            return; /* its partner is seen */
        }
    }
    struct claim c = *orbit;
    c.kind = CLAIM_REFUELING;
    c.p = fminf(orbit->p, tanker == 1 ? 0.5F : 0.3F);
    p->sums.claims++;
    fn(ctx, &c);
}

void pair_end(struct pair *p, claim_fn *fn, void *ctx)
{
    for (uint32_t i = p->n_rows; i-- > 0;) {
        claim_row(p, &p->row[i], true, fn, ctx);
        drop_row(p, i);
    }
    while (p->n > 0) {
        map_remove(&p->map, p->craft[--p->n].address);
    }
    memset(p->cell, 0xff, p->cells * sizeof *p->cell);
    p->n_laid = 0;
    p->step_ms = KEPT_NO_TIME;
}
