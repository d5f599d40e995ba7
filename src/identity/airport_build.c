#include "identity/airport_build.h"

#include "identity/airport_settle.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { ROWS_MAX = 1000000 };

struct airport_builder *airport_builder_new(void)
{
    return calloc(1, sizeof(struct airport_builder));
}

void airport_builder_free(struct airport_builder *b)
{
    if (b) {
        free(b->airport);
        free(b->runway);
        free(b->code);
        free(b->span);
        buf_free(&b->names);
        free(b);
    }
}

struct airport_counts *airport_builder_counts(struct airport_builder *b)
{
    return &b->counts;
}

void *airport_builder_room(void *rows, uint32_t n, uint32_t *cap, size_t record_bytes)
{
    if (n < *cap) {
        return rows;
    }
    const uint32_t wanted = *cap ? *cap * 2 : 1024;
    void *more = realloc(rows, wanted * record_bytes);
    if (more) {
        *cap = wanted;
    }
    return more;
}

static bool on_earth(int32_t lat_e7, int32_t lon_e7)
{
    return lat_e7 >= -900000000 && lat_e7 <= 900000000 && lon_e7 >= -1800000000 &&
           lon_e7 <= 1800000000;
}

enum err airport_builder_add(struct airport_builder *b, const struct airport_row *row)
{
    if (!row->ident[0] || row->kind > AIRPORT_CLOSED) {
        b->counts.bad_rows++;
        return ERR_OK;
    }
    /* 0, 0 is where databases put what they do not know; there is no field in that sea. */
    if (!on_earth(row->lat_e7, row->lon_e7) || (row->lat_e7 == 0 && row->lon_e7 == 0)) {
        b->counts.bad_places++;
        return ERR_OK;
    }
    if (b->airports >= ROWS_MAX) {
        return ERR_FULL;
    }
    struct built_airport *more =
        airport_builder_room(b->airport, b->airports, &b->airport_cap, sizeof *more);
    if (!more) {
        return ERR_MEMORY;
    }
    b->airport = more;
    struct built_airport *a = &more[b->airports];
    *a = (struct built_airport){
        .row = *row, .given = b->airports, .from_day = INT32_MIN, .to_day = INT32_MAX};
    b->airports++;
    if (row->elevation_ft != AIRPORT_NO_ELEVATION &&
        (row->elevation_ft < -1500 || row->elevation_ft > 20000)) {
        a->row.elevation_ft = AIRPORT_NO_ELEVATION;
    }
    return ERR_OK;
}

enum err airport_builder_runway(struct airport_builder *b, const struct runway_row *row)
{
    if (!row->airport[0]) {
        b->counts.bad_rows++;
        return ERR_OK;
    }
    if (b->runways >= ROWS_MAX) {
        return ERR_FULL;
    }
    struct built_runway *more =
        airport_builder_room(b->runway, b->runways, &b->runway_cap, sizeof *more);
    if (!more) {
        return ERR_MEMORY;
    }
    b->runway = more;
    more[b->runways++] = (struct built_runway){.row = *row};
    return ERR_OK;
}

bool airport_kind_read(const char *text, size_t n, uint8_t *kind)
{
    static const struct {
        const char *text;
        uint8_t kind;
    } kinds[] = {
        {"large_airport", AIRPORT_LARGE}, {"medium_airport", AIRPORT_MEDIUM},
        {"small_airport", AIRPORT_SMALL}, {"seaplane_base", AIRPORT_SEAPLANE},
        {"heliport", AIRPORT_HELIPORT},   {"balloonport", AIRPORT_BALLOON},
        {"closed", AIRPORT_CLOSED},       {"closed_airport", AIRPORT_CLOSED},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strlen(kinds[i].text) == n && memcmp(kinds[i].text, text, n) == 0) {
            *kind = kinds[i].kind;
            return true;
        }
    }
    return false;
}

uint8_t runway_surface_read(const char *text, size_t n)
{
    static const struct {
        const char *text;
        uint8_t kind;
    } surfaces[] = {
#define SURFACE(text, kind) {text, SURFACE_##kind},
#include "identity/surface.def"
#undef SURFACE
    };
    for (size_t i = 0; i < sizeof surfaces / sizeof *surfaces; i++) {
        const size_t length = strlen(surfaces[i].text);
        if (n >= length && strncasecmp(text, surfaces[i].text, length) == 0) {
            return surfaces[i].kind;
        }
    }
    return SURFACE_UNKNOWN;
}
