#include "simulate/scenario.h"

#include "simulate/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AT(type, member) .at = offsetof(struct scenario_##type, member)
#define TEXT(type, member)                                                                         \
    .kind = COLUMN_TEXT, AT(type, member), .size = sizeof((struct scenario_##type *)0)->member

static const struct column head_column[] = {
    {"name", TEXT(head, name), .example = "niamey-2024"},
    {"title", TEXT(head, title), .example = "The withdrawal from Niamey, 2024"},
    {"notice", TEXT(head, notice), .example = "SIMULATION: nothing here was heard"},
    {"text", TEXT(head, text), .otherwise = "", .example = "what it shows"},
    {"start", COLUMN_INSTANT, AT(head, start_us), .example = "2024-06-05T00:00:00Z"},
    {"end", COLUMN_INSTANT, AT(head, end_us), .example = "2024-06-09T06:00:00Z"},
    {"seed", COLUMN_INTEGER, AT(head, seed), .low = 0, .high = 9e14, .example = "2024"},
    {"position_pct", COLUMN_NUMBER, AT(head, position_pct), .high = 100, .otherwise = "85",
     .example = "85"},
    {"mode_s_pct", COLUMN_NUMBER, AT(head, mode_s_pct), .high = 100, .otherwise = "10",
     .example = "10"},
    {"detection_pct", COLUMN_NUMBER, AT(head, detection_pct), .high = 100, .otherwise = "95",
     .example = "95"},
    {"edge_pct", COLUMN_NUMBER, AT(head, edge_pct), .high = 100, .otherwise = "20",
     .example = "20"},
    {"loss_pct", COLUMN_NUMBER, AT(head, loss_pct), .high = 100, .otherwise = "2", .example = "2"},
    {"qnh_span_hpa", COLUMN_NUMBER, AT(head, qnh_span_hpa), .high = 50, .otherwise = "12",
     .example = "12"},
    {"party", TEXT(head, party), .otherwise = "", .example = "USA"},
    {"overflown", TEXT(head, overflown), .otherwise = "", .example = "ALG:DZ LBY:LY"},
    {"cleared", TEXT(head, cleared), .otherwise = "", .example = "NE"},
    {"cleared_icao", TEXT(head, cleared_icao), .otherwise = "", .example = "DR"},
};

static const struct column site_column[] = {
    {"site", TEXT(site, site), .example = "rota"},
    {"lat", COLUMN_NUMBER, AT(site, lat), .low = -89, .high = 89, .example = "36.6"},
    {"lon", COLUMN_NUMBER, AT(site, lon), .low = -180, .high = 180, .example = "-6.3"},
    {"range_nm_at_fl350", COLUMN_NUMBER, AT(site, range_nm_at_fl350), .low = 1, .high = 400,
     .example = "200"},
    {"antenna_ft", COLUMN_NUMBER, AT(site, antenna_ft), .low = 1, .high = 5000, .otherwise = "50",
     .example = "50"},
    {"elevation_ft", COLUMN_NUMBER, AT(site, elevation_ft), .low = -1500, .high = 15000,
     .otherwise = "0", .example = "100"},
    {"hours", COLUMN_NUMBER, AT(site, hours), .low = 0, .high = 24, .otherwise = "24",
     .example = "24"},
    {"radar", COLUMN_INTEGER, AT(site, radar), .low = 0, .high = 1, .otherwise = "1",
     .example = "1"},
};

static const struct column airport_column[] = {
    {"code", TEXT(airport, code), .example = "ETAR"},
    {"name", TEXT(airport, name), .example = "Ramstein"},
    {"lat", COLUMN_NUMBER, AT(airport, lat), .low = -85, .high = 85, .example = "49.437"},
    {"lon", COLUMN_NUMBER, AT(airport, lon), .low = -180, .high = 180, .example = "7.600"},
    {"elevation_ft", COLUMN_NUMBER, AT(airport, elevation_ft), .low = -1500, .high = 15000,
     .example = "776"},
    {"runway_deg", COLUMN_NUMBER, AT(airport, runway_deg), .low = 0, .high = 360, .example = "86"},
    {"runway_ft", COLUMN_NUMBER, AT(airport, runway_ft), .low = 4000, .high = 20000,
     .otherwise = "9000", .example = "9000"},
};

static const struct column type_column[] = {
    {"type", TEXT(type, type), .example = "C17"},
    {"category", COLUMN_HEX, AT(type, category), .low = 0xa1, .high = 0xb7, .example = "a5"},
    {"cruise_kt", COLUMN_NUMBER, AT(type, cruise_kt), .low = 60, .high = 600, .example = "445"},
    {"cruise_spread_kt", COLUMN_NUMBER, AT(type, cruise_spread_kt), .low = 0, .high = 50,
     .otherwise = "10", .example = "12"},
    {"fl_low", COLUMN_NUMBER, AT(type, fl_low), .low = 20, .high = 450, .example = "310"},
    {"fl_high", COLUMN_NUMBER, AT(type, fl_high), .low = 20, .high = 450, .example = "360"},
    {"climb_fpm_low", COLUMN_NUMBER, AT(type, climb_fpm_low), .low = 300, .high = 6000,
     .example = "2500"},
    {"climb_fpm_high", COLUMN_NUMBER, AT(type, climb_fpm_high), .low = 300, .high = 6000,
     .example = "1200"},
    {"descent_nm_per_kft", COLUMN_NUMBER, AT(type, descent_nm), .low = 1, .high = 10,
     .otherwise = "3.2", .example = "3.2"},
    {"rotate_kt", COLUMN_NUMBER, AT(type, rotate_kt), .low = 50, .high = 200, .otherwise = "140",
     .example = "140"},
    {"approach_kt", COLUMN_NUMBER, AT(type, approach_kt), .low = 50, .high = 180,
     .otherwise = "135", .example = "135"},
    {"turn_min", COLUMN_NUMBER, AT(type, turn_min), .low = 15, .high = 600, .otherwise = "50",
     .example = "50"},
    {"registers", COLUMN_INTEGER, AT(type, registers), .low = 0, .high = 1, .otherwise = "1",
     .example = "1"},
};

static const struct column operator_column[] = {
    {"code", TEXT(operator, code), .example = "RAM"},
    {"name", TEXT(operator, name), .otherwise = "", .example = "Royal Air Maroc"},
    {"first", COLUMN_HEX, AT(operator, first), .low = 1, .high = 0xfffffe, .example = "020f00"},
    {"last", COLUMN_HEX, AT(operator, last), .low = 1, .high = 0xfffffe, .example = "020fff"},
    {"callsign", TEXT(operator, callsign), .example = "RAM####"},
};

static const struct column route_column[] = {
    {"operator", TEXT(route, operator_code), .example = "RAM"},
    {"type", TEXT(route, type), .example = "B738"},
    {"origin", TEXT(route, origin), .example = "GMMN"},
    {"destination", TEXT(route, destination), .example = "LFPO"},
    {"per_day", COLUMN_NUMBER, AT(route, per_day), .low = 0, .high = 100, .example = "2.5"},
    {"first", COLUMN_CLOCK, AT(route, first), .otherwise = "05:00", .example = "05:00"},
    {"last", COLUMN_CLOCK, AT(route, last), .otherwise = "21:00", .example = "21:00"},
};

static enum err read_waypoints(void *row, const char *value);

static const struct column leg_column[] = {
    {"leg", COLUMN_INTEGER, AT(leg, leg), .low = 1, .high = 1e6, .example = "4"},
    {"icao24", COLUMN_HEX, AT(leg, icao24), .low = 1, .high = 0xfffffe, .example = "aefc10"},
    {"callsign", TEXT(leg, callsign), .example = "RCH103"},
    {"type", TEXT(leg, type), .example = "C17"},
    {"origin", TEXT(leg, origin), .example = "ETAR"},
    {"destination", TEXT(leg, destination), .example = "DRRN"},
    {"route", TEXT(leg, route), .otherwise = "", .example = "ALG"},
    {"takeoff_utc", COLUMN_INSTANT, AT(leg, takeoff_us), .example = "2024-06-07T09:00:00Z"},
    {"landing_utc", COLUMN_INSTANT, AT(leg, landing_us), .example = "2024-06-07T14:16:29Z"},
    {"track_nm", COLUMN_NUMBER, AT(leg, track_nm), .low = 0, .high = 12000, .otherwise = "0",
     .example = "2202"},
    {"gs_kt", COLUMN_IGNORE, .example = "445"}, /* follows from the times */
    {"cruise_fl", COLUMN_NUMBER, AT(leg, cruise_fl), .low = 20, .high = 450, .example = "310"},
    {"load_t", COLUMN_NUMBER, AT(leg, load_t), .high = 200, .otherwise = "0",
     .example = "38"}, /* nobody can hear it */
    {"kind", TEXT(leg, kind), .otherwise = "normal", .example = "normal or turnback"},
    {"note", TEXT(leg, note), .otherwise = "", .example = ""},
    {"airframe", TEXT(leg, airframe), .otherwise = "", .example = "aefc14-a"},
    {"party", TEXT(leg, party), .otherwise = "", .example = "RUS"},
    {"planned", TEXT(leg, planned), .otherwise = "", .example = "DRRN"},
    {"sends", TEXT(leg, sends), .otherwise = "", .example = "position, mode_s or nothing"},
    {"emitter", TEXT(leg, emitter), .otherwise = "", .example = "cotonou"},
    {"hold_min", COLUMN_NUMBER, AT(leg, hold_min), .high = 1440, .otherwise = "0", .example = "85"},
    {"hold_leg_nm", COLUMN_NUMBER, AT(leg, hold_leg_nm), .high = 100, .otherwise = "0",
     .example = "40"},
    {"hold_width_nm", COLUMN_NUMBER, AT(leg, hold_width_nm), .high = 60, .otherwise = "0",
     .example = "12"},
    {"alt_error_ft", COLUMN_NUMBER, AT(leg, alt_error_ft), .low = -2000, .high = 2000,
     .otherwise = "0", .example = "400"},
    {"waypoints", COLUMN_OTHER, .read = read_waypoints, .example = "49.437,7.600;43.300,6.200"},
};

static const struct column jamming_column[] = {
    {"name", TEXT(jamming, name), .example = "gulf_of_sidra"},
    {"lat", COLUMN_NUMBER, AT(jamming, lat), .low = -85, .high = 85, .example = "33.5"},
    {"lon", COLUMN_NUMBER, AT(jamming, lon), .low = -180, .high = 180, .example = "17"},
    {"radius_nm", COLUMN_NUMBER, AT(jamming, radius_nm), .low = 1, .high = 500, .example = "100"},
    {"loss_pct", COLUMN_NUMBER, AT(jamming, loss_pct), .high = 100, .otherwise = "50",
     .example = "50"},
    {"from_utc", COLUMN_INSTANT, AT(jamming, from_us), .example = "2024-06-07T08:00:00Z"},
    {"to_utc", COLUMN_INSTANT, AT(jamming, to_us), .example = "2024-06-08T08:00:00Z"},
};

static const struct column requirement_column[] = {
    {"line", TEXT(requirement, line), .example = "N1"},
    {"what", TEXT(requirement, what), .example = "sensitive equipment"},
    {"quantity", COLUMN_NUMBER, AT(requirement, quantity), .high = 1e6, .example = "310"},
    {"unit", TEXT(requirement, unit), .example = "t or people"},
    {"priority", COLUMN_INTEGER, AT(requirement, priority), .low = 1, .high = 99, .example = "1"},
    {"sensitive", COLUMN_INTEGER, AT(requirement, sensitive), .high = 1, .otherwise = "0",
     .example = "1"},
    {"may_be_left", COLUMN_INTEGER, AT(requirement, may_be_left), .high = 1, .otherwise = "0",
     .example = "1"},
    {"ready_utc", COLUMN_INSTANT, AT(requirement, ready_us), .example = "2024-06-07T00:00:00Z"},
    {"latest_utc", COLUMN_INSTANT, AT(requirement, latest_us), .example = "2024-09-15T22:59:59Z"},
    {"from", TEXT(requirement, from), .example = "DRRN"},
    {"to", TEXT(requirement, to), .example = "ETAR"},
};

static const struct column claim_column[] = {
    {"claim", TEXT(claim, claim), .example = "C1"},
    {"published_utc", COLUMN_INSTANT, AT(claim, published_us), .example = "2024-07-08T12:00:00Z"},
    {"by", TEXT(claim, by), .example = "AFP"},
    {"source", TEXT(claim, source), .otherwise = "", .example = "joint communique"},
    {"event", TEXT(claim, event), .example = "total_moved"},
    {"place", TEXT(claim, place), .otherwise = "", .example = "DRRN"},
    {"measure", TEXT(claim, measure), .otherwise = "", .example = "tons or people"},
    {"low", COLUMN_NUMBER, AT(claim, low), .high = 1e7, .otherwise = "0", .example = "766"},
    {"high", COLUMN_NUMBER, AT(claim, high), .high = 1e7, .otherwise = "0", .example = "766"},
    {"unit", TEXT(claim, unit), .otherwise = "", .example = "people, t or t?"},
    {"as_of_utc", COLUMN_INSTANT, AT(claim, as_of_us), .example = "2024-07-08T00:00:00Z"},
    {"text", TEXT(claim, text), .example = "{q} soldiers have left"},
    {"text_ar", TEXT(claim, text_ar), .otherwise = "", .example = "غادر {q} جندياً"},
    {"text_fr", TEXT(claim, text_fr), .otherwise = "", .example = "{q} soldats sont partis"},
};

static enum err read_degrees(const char **text, char stop, double limit, int32_t *out_e7)
{
    char one[24];
    const size_t n = strcspn(*text, ",;");
    if (n >= sizeof one || (*text)[n] != stop) {
        return ERR_SYNTAX;
    }
    memcpy(one, *text, n);
    one[n] = '\0';
    double v;
    const enum err e = table_number(one, &v);
    if (e || v < -limit || v > limit) {
        return e ? e : ERR_RANGE;
    }
    *out_e7 = (int32_t)(v * 1e7 + (v < 0 ? -0.5 : 0.5));
    *text += n;
    return ERR_OK;
}

/* lat,lon;lat,lon;… degrees */
static enum err read_waypoints(void *row, const char *value)
{
    struct scenario_leg *leg = row;
    leg->n = 0;
    for (const char *p = value;;) {
        if (leg->n == SCENARIO_WAYPOINTS_MAX) {
            return ERR_RANGE;
        }
        struct sphere_place *to = &leg->waypoint[leg->n++];
        enum err e = read_degrees(&p, ',', 85, &to->lat_e7);
        if (e) {
            return e;
        }
        p++;
        const bool last = !strchr(p, ';');
        e = read_degrees(&p, last ? '\0' : ';', 180, &to->lon_e7);
        if (e) {
            return e;
        }
        if (last) {
            return leg->n < 2 ? ERR_RANGE : ERR_OK;
        }
        p++;
    }
}

const struct scenario_file scenario_files[] = {
    {"scenario.ini", true},     {"sites.csv", true},      {"airports.csv", true},
    {"types.csv", true},        {"operators.csv", false}, {"traffic.csv", false},
    {"legs.csv", false},        {"sorties.csv", false},   {"jamming.csv", false},
    {"requirement.csv", false}, {"claims.csv", false},    {NULL, false},
};

enum {
    FILE_HEAD,
    FILE_SITES,
    FILE_AIRPORTS,
    FILE_TYPES,
    FILE_OPERATORS,
    FILE_TRAFFIC,
    FILE_LEGS,
    FILE_SORTIES,
    FILE_JAMMING,
    FILE_REQUIREMENT,
    FILE_CLAIMS
};

/* One file being read: the row being filled and the array it is added to. */
struct reading {
    const struct table *table;
    void *rows;
    size_t n, size, max;
    void *row;
    size_t *line; /* member of row that keeps its line; NULL where none does */
};

static enum err add_row(void *ctx, size_t line, char *why, size_t why_size)
{
    struct reading *r = ctx;
    if (r->n == r->max) {
        snprintf(why, why_size, "%s:%zu: more than %zu rows", r->table->file, line, r->max);
        return ERR_FULL;
    }
    if ((r->n & (r->n - 1)) == 0) { /* a power of two, or none: full */
        void *rows = realloc(r->rows, (r->n ? r->n * 2 : 1) * r->size);
        if (!rows) {
            snprintf(why, why_size, "%s:%zu: out of memory", r->table->file, line);
            return ERR_MEMORY;
        }
        r->rows = rows;
    }
    if (r->line) {
        *r->line = line;
    }
    memcpy((char *)r->rows + r->n++ * r->size, r->row, r->size);
    return ERR_OK;
}

static enum err take_head(void *ctx, size_t line, char *why, size_t why_size)
{
    const struct scenario_head *h = &((struct scenario *)ctx)->head;
    if (h->end_us <= h->start_us || h->start_us < 0) {
        snprintf(why, why_size, "scenario.ini:%zu: end must be later than start", line);
        return ERR_RANGE;
    }
    if (h->position_pct + h->mode_s_pct > 100) {
        snprintf(why, why_size,
                 "scenario.ini:%zu: position_pct and mode_s_pct are more than 100 together", line);
        return ERR_RANGE;
    }
    return ERR_OK;
}

/* Adds to what is there already: legs.csv and sorties.csv fill one array. */
#define READ(columns, type, member, count, most, line_at)                                          \
    do {                                                                                           \
        struct scenario_##type row = {0};                                                          \
        const struct table t = {                                                                   \
            name, columns, sizeof columns / sizeof *columns, &row, add_row, &r};                   \
        r = (struct reading){&t, sc->member, sc->count, sizeof row, most, &row, line_at};          \
        const enum err e = table_read_csv(&t, text, n, why, why_size);                             \
        sc->member = r.rows;                                                                       \
        sc->count = r.n;                                                                           \
        return e;                                                                                  \
    } while (0)

static enum err read_rows(struct scenario *sc, int file, const char *name, const char *text,
                          size_t n, char *why, size_t why_size)
{
    struct reading r;
    switch (file) {
    case FILE_SITES:
        READ(site_column, site, site, n_sites, SCENARIO_SITES_MAX, NULL);
    case FILE_AIRPORTS:
        READ(airport_column, airport, airport, n_airports, SCENARIO_ROWS_MAX, NULL);
    case FILE_TYPES:
        READ(type_column, type, type, n_types, SCENARIO_ROWS_MAX, NULL);
    case FILE_OPERATORS:
        READ(operator_column, operator, op, n_operators, SCENARIO_ROWS_MAX, NULL);
    case FILE_TRAFFIC:
        READ(route_column, route, route, n_routes, SCENARIO_ROWS_MAX, &row.line);
    case FILE_LEGS:
    case FILE_SORTIES:
        READ(leg_column, leg, leg, n_legs, SCENARIO_ROWS_MAX, &row.line);
    case FILE_JAMMING:
        READ(jamming_column, jamming, jamming, n_jammings, SCENARIO_JAMMINGS_MAX, NULL);
    case FILE_REQUIREMENT:
        READ(requirement_column, requirement, requirement, n_requirements, SCENARIO_ROWS_MAX, NULL);
    case FILE_CLAIMS:
        READ(claim_column, claim, claim, n_claims, SCENARIO_ROWS_MAX, NULL);
    default:
        return ERR_UNKNOWN;
    }
}

enum err scenario_read(struct scenario *sc, const char *name, const char *text, size_t n, char *why,
                       size_t why_size)
{
    int file = 0;
    while (scenario_files[file].name && strcmp(scenario_files[file].name, name) != 0) {
        file++;
    }
    if (!scenario_files[file].name) {
        snprintf(why, why_size, "%s is no file of a scenario", name);
        return ERR_UNKNOWN;
    }
    if (sc->has[file]) {
        snprintf(why, why_size, "%s was read already", name);
        return ERR_EXISTS;
    }
    sc->has[file] = true;
    if (file != FILE_HEAD) {
        const size_t legs = sc->n_legs;
        const enum err e = read_rows(sc, file, name, text, n, why, why_size);
        for (size_t i = legs; i < sc->n_legs; i++) {
            sc->leg[i].file = scenario_files[file].name;
        }
        return e;
    }
    const struct table t = {name,      head_column, sizeof head_column / sizeof *head_column,
                            &sc->head, take_head,   sc};
    return table_read_ini(&t, text, n, why, why_size);
}

struct scenario *scenario_new(void)
{
    return calloc(1, sizeof(struct scenario));
}

void scenario_free(struct scenario *sc)
{
    if (sc) {
        free(sc->site);
        free(sc->airport);
        free(sc->type);
        free(sc->op);
        free(sc->route);
        free(sc->leg);
        free(sc->jamming);
        free(sc->requirement);
        free(sc->claim);
        free(sc);
    }
}

int scenario_airport_find(const struct scenario *sc, const char *code)
{
    for (size_t i = 0; i < sc->n_airports; i++) {
        if (strcmp(sc->airport[i].code, code) == 0) {
            return (int)i;
        }
    }
    return -1;
}

int scenario_type_find(const struct scenario *sc, const char *type)
{
    for (size_t i = 0; i < sc->n_types; i++) {
        if (strcmp(sc->type[i].type, type) == 0) {
            return (int)i;
        }
    }
    return -1;
}
