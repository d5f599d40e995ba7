#include "identity/airport.h"

#include "geo/sphere.h"
#include "identity/airport_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct airports {
    const struct airport *airport;
    const struct runway *runway;
    const uint32_t *cell;
    const struct airport_code *code;
    const struct airport_span *span;
    const char *names;
    uint32_t n, runways, codes, spans, name_bytes, source;
};

static const uint32_t record_bytes[SECTIONS] = {
    sizeof(struct airport),      sizeof(struct runway),       sizeof(uint32_t),
    sizeof(struct airport_code), sizeof(struct airport_span), 1};

static bool ended(const char *s, size_t size)
{
    return memchr(s, 0, size) != NULL;
}

static bool airport_is_sound(const struct airports *a, const struct airport *f)
{
    return ended(f->code, sizeof f->code) && ended(f->iata, sizeof f->iata) &&
           ended(f->country, sizeof f->country) && f->kind <= AIRPORT_CLOSED &&
           f->runway <= a->runways && f->runways <= a->runways - f->runway && f->site < a->n &&
           f->name < a->name_bytes && f->lat_e7 >= -900000000 && f->lat_e7 <= 900000000 &&
           f->lon_e7 >= -1800000000 && f->lon_e7 <= 1800000000;
}

static const char *unsound(const struct airports *a)
{
    if (!a->name_bytes || a->names[a->name_bytes - 1] || a->source >= a->name_bytes || !a->spans) {
        return "its names are torn";
    }
    for (uint32_t i = 0; i < a->n; i++) {
        if (!airport_is_sound(a, &a->airport[i])) {
            return "an airport in it is none";
        }
    }
    for (uint32_t i = 0; i < a->runways; i++) {
        if (!ended(a->runway[i].low_name, 4) || !ended(a->runway[i].high_name, 4)) {
            return "a runway in it is none";
        }
    }
    for (uint32_t i = 0; i < AIRPORT_CELLS; i++) {
        if (a->cell[i] > a->cell[i + 1]) {
            return "its cells are torn";
        }
    }
    for (uint32_t i = 0; i < a->codes; i++) {
        if (a->code[i].airport >= a->n || a->code[i].span >= a->spans) {
            return "its codes are torn";
        }
    }
    return a->cell[AIRPORT_CELLS] == a->n ? NULL : "its cells are torn";
}

static const char *lay(struct airports *a, const uint8_t *bytes, size_t n)
{
    struct airport_file_head head;
    if (n < sizeof head) {
        return "it is shorter than a head";
    }
    memcpy(&head, bytes, sizeof head);
    if (memcmp(head.magic, AIRPORT_FILE_MAGIC, sizeof head.magic) != 0) {
        return "it is no airports file";
    }
    if (head.mark != AIRPORT_FILE_MARK || head.version != AIRPORT_FILE_VERSION) {
        return "it was built by another version or machine: build it anew";
    }
    const void *at[SECTIONS];
    for (int i = 0; i < SECTIONS; i++) {
        const uint64_t size = (uint64_t)head.section[i].count * record_bytes[i];
        if (head.section[i].offset % 8 || head.section[i].offset > n ||
            size > n - head.section[i].offset) {
            return "it is cut off";
        }
        at[i] = bytes + head.section[i].offset;
    }
    if (head.section[SECTION_CELLS].count != AIRPORT_CELLS + 1) {
        return "its cells are torn";
    }
    *a = (struct airports){
        .airport = at[SECTION_AIRPORTS],
        .runway = at[SECTION_RUNWAYS],
        .cell = at[SECTION_CELLS],
        .code = at[SECTION_CODES],
        .span = at[SECTION_SPANS],
        .names = at[SECTION_NAMES],
        .n = head.section[SECTION_AIRPORTS].count,
        .runways = head.section[SECTION_RUNWAYS].count,
        .codes = head.section[SECTION_CODES].count,
        .spans = head.section[SECTION_SPANS].count,
        .name_bytes = head.section[SECTION_NAMES].count,
        .source = head.source,
    };
    return unsound(a);
}

enum err airports_open(const void *bytes, size_t n, struct airports **out, char *why, size_t size)
{
    *out = NULL;
    struct airports *a = calloc(1, sizeof *a);
    if (!a) {
        snprintf(why, size, "out of memory");
        return ERR_MEMORY;
    }
    const char *wrong = (uintptr_t)bytes % 8 ? "it lies askew in memory" : lay(a, bytes, n);
    if (wrong) {
        snprintf(why, size, "%s", wrong);
        free(a);
        return ERR_SYNTAX;
    }
    *out = a;
    return ERR_OK;
}

void airports_free(struct airports *a)
{
    free(a);
}

uint32_t airports_count(const struct airports *a)
{
    return a->n;
}

uint32_t runways_count(const struct airports *a)
{
    return a->runways;
}

const struct airport *airport_at(const struct airports *a, uint32_t index)
{
    return &a->airport[index];
}

const struct runway *runway_at(const struct airports *a, uint32_t index)
{
    return &a->runway[index];
}

const char *airport_name(const struct airports *a, const struct airport *f)
{
    return a->names + f->name;
}

const char *airports_source(const struct airports *a)
{
    return a->names + a->source;
}

/* False: longer than any code. */
static bool fold_code(const char *code, char out[AIRPORT_CODE_CHARS])
{
    memset(out, 0, AIRPORT_CODE_CHARS);
    for (size_t i = 0; code[i]; i++) {
        if (i == AIRPORT_CODE_CHARS) {
            return false;
        }
        out[i] = (char)(code[i] >= 'a' && code[i] <= 'z' ? code[i] - 'a' + 'A' : code[i]);
    }
    return code[0] != 0;
}

uint32_t airport_find(const struct airports *a, const char *code, int32_t day)
{
    char key[AIRPORT_CODE_CHARS];
    if (!fold_code(code, key)) {
        return AIRPORT_NONE;
    }
    uint32_t low = 0, high = a->codes;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (memcmp(a->code[middle].code, key, sizeof key) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < a->codes && memcmp(a->code[low].code, key, sizeof key) == 0; low++) {
        const struct airport_span s = a->span[a->code[low].span];
        if (day >= s.from_day && (day < s.to_day || s.to_day == INT32_MAX)) {
            return a->code[low].airport;
        }
    }
    return AIRPORT_NONE;
}

/* The nearest max so far, kept in order: lists are short. */
struct nearest {
    struct airport_near *out;
    size_t n, max;
    double radius_m;
};

static void offer(struct nearest *k, uint32_t index, float distance_m)
{
    if (k->n == k->max && (!k->max || k->out[k->n - 1].distance_m <= distance_m)) {
        return;
    }
    size_t i = k->n < k->max ? k->n++ : k->n - 1;
    for (; i > 0 && k->out[i - 1].distance_m > distance_m; i--) {
        k->out[i] = k->out[i - 1];
    }
    k->out[i] = (struct airport_near){index, distance_m};
}

/* The quick distance errs by a tenth at most where the circle is small and no pole is near: most
   fields of the cells it touches lie outside by more than that. */
static bool is_far(struct sphere_place from, struct sphere_place to, double radius_m)
{
    const int32_t temperate_e7 = 700000000;
    if (radius_m > 1e6 || from.lat_e7 > temperate_e7 || from.lat_e7 < -temperate_e7) {
        return false;
    }
    const struct sphere_offset o = sphere_offset(from, to);
    const double far_m = 1.2 * radius_m;
    return (double)o.x_m * o.x_m + (double)o.y_m * o.y_m > far_m * far_m;
}

static void offer_cell(const struct airports *a, struct sphere_place from, uint32_t cell,
                       struct nearest *k)
{
    for (uint32_t i = a->cell[cell]; i < a->cell[cell + 1]; i++) {
        const struct sphere_place to = {a->airport[i].lat_e7, a->airport[i].lon_e7};
        if (is_far(from, to, k->radius_m)) {
            continue;
        }
        const double d = sphere_distance_m(from, to);
        if (d <= k->radius_m) {
            offer(k, i, (float)d);
        }
    }
}

/* How many cells to the east and west of its own a circle may reach in the rows it touches: sine of
   the half width in longitude is sin(radius) / cos(latitude); a circle around a pole takes all. */
static int columns_aside(double lat_deg, double radius_deg)
{
    const double rad = 0.017453292519943295;
    const double s = sin(radius_deg * rad) / cos(lat_deg * rad);
    if (radius_deg >= 90.0 || fabs(lat_deg) + radius_deg >= 90.0 || s >= 1.0) {
        return AIRPORT_CELL_LONS / 2;
    }
    const int aside = (int)(asin(s) / rad) + 1;
    return aside < AIRPORT_CELL_LONS / 2 ? aside : AIRPORT_CELL_LONS / 2;
}

size_t airports_near(const struct airports *a, int32_t lat_e7, int32_t lon_e7, double radius_m,
                     struct airport_near *out, size_t max)
{
    if (lat_e7 < -900000000 || lat_e7 > 900000000 || !(radius_m >= 0.0)) {
        return 0;
    }
    const struct sphere_place from = {lat_e7, sphere_wrap_e7(lon_e7)};
    const double lat_deg = lat_e7 * 1e-7;
    /* A thousandth more than the circle, so that rounding never leaves out a cell it touches. */
    const double radius_deg = fmin(180.0, radius_m * 1.001 / (SPHERE_M_PER_LAT_E7 * 1e7));
    const int aside = columns_aside(lat_deg, radius_deg);
    const int low = (int)fmax(0.0, floor(lat_deg - radius_deg) + 90.0);
    const int high = (int)fmin(AIRPORT_CELL_LATS - 1.0, floor(lat_deg + radius_deg) + 90.0);
    const int column = (int)(airport_cell(0, from.lon_e7) % AIRPORT_CELL_LONS);
    const int from_column = aside < AIRPORT_CELL_LONS / 2 ? column - aside : 0;
    const int columns = aside < AIRPORT_CELL_LONS / 2 ? 2 * aside + 1 : AIRPORT_CELL_LONS;
    struct nearest k = {.out = out, .max = max, .radius_m = radius_m};
    for (int row = low; row <= high; row++) {
        for (int i = 0; i < columns; i++) {
            const int c = (from_column + i + AIRPORT_CELL_LONS) % AIRPORT_CELL_LONS;
            offer_cell(a, from, (uint32_t)(row * AIRPORT_CELL_LONS + c), &k);
        }
    }
    return k.n;
}
