/* Our own tables laid over the list: facilities, and fields that codes moved from. */
#include "base/instant.h"
#include "geo/sphere.h"
#include "identity/airport_moved.h"
#include "identity/airport_settle.h"

#include <stdio.h>
#include <string.h>

/* Two lists of one field seldom place it more than this apart. */
static const double same_field_m = 4000.0;

static const struct facility {
    char code[9], site[9], country[3];
    double lat, lon;
    int16_t elevation_ft;
    uint16_t runway_ft;
    int16_t heading_deg;
    const char *name;
} facilities[] = {
#define FACILITY(code, site, lat, lon, elevation, country, runway, heading, name)                  \
    {code, site, country, lat, lon, elevation, runway, heading, name},
#include "identity/facility.def"
#undef FACILITY
};

static const struct moved_code moved[] = {
#define FORMER_RUNWAY(code, length, heading, low, high)
#define MOVED(code, trust, from, to, lat, lon, elevation, country, name)                           \
    {code, CODE_##trust, from, to, lat, lon, elevation, country, name},
#include "identity/moved.def"
};

static const struct former_runway {
    char code[9];
    struct runway runway;
} former_runways[] = {
#define MOVED(code, trust, from, to, lat, lon, elevation, country, name)
#define FORMER_RUNWAY(code, length, heading, low, high)                                            \
    {code, {INT32_MIN, INT32_MIN, INT32_MIN, INT32_MIN, heading, length, 0, 0, 0, low, high}},
#include "identity/moved.def"
};

const struct moved_code *moved_codes(size_t *n)
{
    *n = sizeof moved / sizeof *moved;
    return moved;
}

int32_t moved_day(int32_t date)
{
    const struct instant_parts p = {
        .year = date / 10000, .month = date / 100 % 100, .day = date % 100};
    return (int32_t)(instant_join(&p) / (INT64_C(86400) * 1000000));
}

static int32_t degrees_e7(double deg)
{
    return (int32_t)(deg * 1e7 + (deg < 0 ? -0.5 : 0.5));
}

uint32_t moved_field(const struct airport_builder *b, const struct moved_code *m)
{
    const struct sphere_place at = {degrees_e7(m->lat), degrees_e7(m->lon)};
    uint32_t best = AIRPORT_NONE;
    double best_m = same_field_m;
    for (uint32_t i = 0; i < b->airports; i++) {
        const struct airport_row *r = &b->airport[i].row;
        if (r->kind == AIRPORT_HELIPORT || r->kind == AIRPORT_BALLOON || b->airport[i].site_of[0]) {
            continue;
        }
        const double d = sphere_distance_m(at, (struct sphere_place){r->lat_e7, r->lon_e7});
        if (d < best_m) {
            best_m = d;
            best = i;
        }
    }
    return best;
}

static enum err add_closed(struct airport_builder *b, const struct moved_code *m)
{
    struct airport_row r = {.kind = AIRPORT_CLOSED,
                            .scheduled = 0,
                            .elevation_ft = m->elevation_ft,
                            .lat_e7 = degrees_e7(m->lat),
                            .lon_e7 = degrees_e7(m->lon)};
    snprintf(r.ident, sizeof r.ident, "%s", m->code);
    snprintf(r.icao, sizeof r.icao, "%s", m->code);
    snprintf(r.country, sizeof r.country, "%s", m->country);
    snprintf(r.name, sizeof r.name, "%s", m->name);
    b->counts.facilities++;
    return airport_builder_add(b, &r);
}

static enum err settle_moved(struct airport_builder *b, const struct moved_code *m)
{
    if (m->trust != CODE_ICAO) {
        return ERR_OK;
    }
    uint32_t at = moved_field(b, m);
    if (at == AIRPORT_NONE && !m->to) {
        return ERR_OK; /* a list without a field that is there is not ours to mend */
    }
    if (at == AIRPORT_NONE) {
        const enum err e = add_closed(b, m);
        if (e) {
            return e;
        }
        at = b->airports - 1;
    }
    struct built_airport *a = &b->airport[at];
    snprintf(a->row.icao, sizeof a->row.icao, "%s", m->code);
    a->from_day = m->from ? moved_day(m->from) : INT32_MIN;
    a->to_day = m->to ? moved_day(m->to) : INT32_MAX;
    return ERR_OK;
}

static enum err add_former_runway(struct airport_builder *b, const struct former_runway *f)
{
    struct runway_row w = {.surface = SURFACE_HARD, .r = f->runway};
    for (uint32_t i = 0; i < b->airports; i++) {
        if (strcmp(b->airport[i].row.icao, f->code) == 0) {
            memcpy(w.airport, b->airport[i].row.ident, sizeof w.airport);
        }
    }
    for (uint32_t i = 0; w.airport[0] && i < b->runways; i++) {
        if (strcmp(b->runway[i].row.airport, w.airport) == 0) {
            return ERR_OK; /* the list still has it */
        }
    }
    return w.airport[0] ? airport_builder_runway(b, &w) : ERR_OK;
}

static void name_ends(const struct facility *f, struct runway *r)
{
    const int low = (f->heading_deg + 5) / 10;
    snprintf(r->low_name, sizeof r->low_name, "%02u", (unsigned)low % 100);
    snprintf(r->high_name, sizeof r->high_name, "%02u", (unsigned)(low + 18) % 100);
}

static enum err add_facility(struct airport_builder *b, const struct facility *f)
{
    struct airport_row r = {.kind = AIRPORT_MEDIUM,
                            .scheduled = 0,
                            .elevation_ft = f->elevation_ft,
                            .lat_e7 = degrees_e7(f->lat),
                            .lon_e7 = degrees_e7(f->lon)};
    snprintf(r.ident, sizeof r.ident, "%s", f->code);
    snprintf(r.country, sizeof r.country, "%s", f->country);
    snprintf(r.name, sizeof r.name, "%s", f->name);
    enum err e = airport_builder_add(b, &r);
    if (e) {
        return e;
    }
    struct built_airport *a = &b->airport[b->airports - 1];
    snprintf(a->site_of, sizeof a->site_of, "%s", f->site);
    a->military = true;
    b->counts.facilities++;
    if (f->runway_ft) {
        struct runway_row w = {.surface = SURFACE_HARD,
                               .r = {.low_lat_e7 = INT32_MIN,
                                     .low_lon_e7 = INT32_MIN,
                                     .high_lat_e7 = INT32_MIN,
                                     .high_lon_e7 = INT32_MIN,
                                     .low_heading_deg = f->heading_deg,
                                     .length_ft = f->runway_ft}};
        snprintf(w.airport, sizeof w.airport, "%s", f->code);
        name_ends(f, &w.r);
        e = airport_builder_runway(b, &w);
    }
    return e;
}

uint32_t airport_settle_find(const struct airport_builder *b, const char *code)
{
    for (uint32_t i = 0; i < b->airports; i++) {
        if (strcmp(b->airport[i].code, code) == 0 || strcmp(b->airport[i].row.ident, code) == 0) {
            return i;
        }
    }
    return AIRPORT_NONE;
}

enum err airport_settle_own(struct airport_builder *b)
{
    enum err e = ERR_OK;
    for (size_t i = 0; !e && i < sizeof moved / sizeof *moved; i++) {
        e = settle_moved(b, &moved[i]);
    }
    for (size_t i = 0; !e && i < sizeof former_runways / sizeof *former_runways; i++) {
        e = add_former_runway(b, &former_runways[i]);
    }
    for (size_t i = 0; !e && i < sizeof facilities / sizeof *facilities; i++) {
        /* A facility of a field the list does not have would stand alone with no word of why. */
        if (airport_settle_find(b, facilities[i].site) != AIRPORT_NONE &&
            airport_settle_find(b, facilities[i].code) == AIRPORT_NONE) {
            e = add_facility(b, &facilities[i]);
        }
    }
    return e;
}
