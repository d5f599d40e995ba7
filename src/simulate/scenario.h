/* A scenario: a folder of plain text files a person edits (docs/SCENARIOS.md), read into tables.
   Whoever owns the world reads the files; this room only sees their text. Everything in a scenario
   is invented or made so: what is made of it carries receiver ids of RECEIVER_ID_SIMULATED. */
#ifndef MASAR_SIMULATE_SCENARIO_H
#define MASAR_SIMULATE_SCENARIO_H

#include "base/err.h"
#include "geo/sphere.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SCENARIO_CODE_MAX = 8,    /* airport, type, operator codes with their NUL */
    SCENARIO_NAME_MAX = 40,   /* names with their NUL */
    SCENARIO_TEXT_MAX = 1024, /* title, notice, text with their NUL */
    SCENARIO_SITES_MAX = 64,
    SCENARIO_WAYPOINTS_MAX = 24, /* of one leg or route */
    SCENARIO_ROWS_MAX = 10000    /* of one file */
};

struct scenario_head { /* scenario.ini */
    char name[SCENARIO_NAME_MAX], title[SCENARIO_TEXT_MAX], notice[SCENARIO_TEXT_MAX],
        text[SCENARIO_TEXT_MAX];
    int64_t start_us, end_us;
    int64_t seed;
    /* Percent of flights that send positions, and of those that send none but answer radar; the
       rest is silent. */
    double position_pct, mode_s_pct;
    double detection_pct, edge_pct; /* frames heard inside a site's range; its outer part where that
                                       falls to 0 */
    double loss_pct;                /* minutes of a flight in which its positions are not usable */
    double qnh_span_hpa;            /* QNH is 1013 plus or minus this */
};

struct scenario_site { /* sites.csv */
    char site[SCENARIO_NAME_MAX];
    double lat, lon;
    double range_nm_at_fl350;
    double antenna_ft, elevation_ft; /* above the ground; of the ground above the sea */
    double hours;                    /* listening a day, in one piece */
    int64_t radar;                   /* 1: interrogators near by, so replies are heard */
};

struct scenario_airport { /* airports.csv */
    char code[SCENARIO_CODE_MAX], name[SCENARIO_NAME_MAX];
    double lat, lon; /* middle of the runway, degrees */
    double elevation_ft, runway_deg, runway_ft;
};

struct scenario_type { /* types.csv */
    char type[SCENARIO_CODE_MAX];
    int64_t category; /* emitter category, 0xa1 .. 0xb7 */
    double cruise_kt, cruise_spread_kt;
    double fl_low, fl_high;
    double climb_fpm_low, climb_fpm_high; /* at lift-off, at top of climb */
    double descent_nm;                    /* for 1,000 ft */
    double rotate_kt, approach_kt;
    double turn_min;   /* on the ground between two flights */
    int64_t registers; /* 1: answers with BDS 4,0 5,0 6,0 */
};

struct scenario_operator { /* operators.csv */
    char code[SCENARIO_CODE_MAX], name[SCENARIO_NAME_MAX];
    int64_t first, last;       /* addresses its invented airframes take */
    char callsign[9];          /* # a digit, @ a letter */
    uint32_t airframes, calls; /* handed out, by scenario_check */
};

struct scenario_route { /* traffic.csv: out and back by the same airframe */
    char operator_code[SCENARIO_CODE_MAX], type[SCENARIO_CODE_MAX], origin[SCENARIO_CODE_MAX],
        destination[SCENARIO_CODE_MAX];
    double per_day;     /* rotations; each is two flights */
    double first, last; /* hours after 00:00Z of the first and last departure */
    size_t line;        /* in its file */
    uint16_t operator_at, type_at, origin_at, destination_at; /* rows, by scenario_check */
    uint32_t airframe; /* first address: rotation j on day d takes airframe + 2 j + d mod 2 */
    uint32_t call;     /* first call sign number: rotation j takes call + 2 j, and + 1 back */
};

struct scenario_leg { /* legs.csv */
    int64_t leg;
    int64_t icao24;
    char callsign[9], type[SCENARIO_CODE_MAX], origin[SCENARIO_CODE_MAX],
        destination[SCENARIO_CODE_MAX], route[SCENARIO_CODE_MAX * 2], kind[SCENARIO_NAME_MAX];
    int64_t takeoff_us, landing_us; /* wheels off, wheels on */
    double track_nm, cruise_fl;
    size_t n;
    struct sphere_place waypoint[SCENARIO_WAYPOINTS_MAX];
    size_t line;
    uint16_t type_at, origin_at, destination_at;
};

struct scenario {
    struct scenario_head head;
    struct scenario_site *site;
    struct scenario_airport *airport;
    struct scenario_type *type;
    struct scenario_operator *op;
    struct scenario_route *route;
    struct scenario_leg *leg;
    size_t n_sites, n_airports, n_types, n_operators, n_routes, n_legs;
    bool has[8]; /* by place in scenario_files */
};

/* The files of a scenario in the order they are read, NULL-ended; needed marks those it cannot be
 * without. */
struct scenario_file {
    const char *name;
    bool needed;
};
extern const struct scenario_file scenario_files[];

struct scenario *scenario_new(void); /* NULL: out of memory */
void scenario_free(struct scenario *sc);

/* Reads one file, n bytes of UTF-8 text; name as in scenario_files. On an error why says
   `legs.csv:5: …` and what would be right. ERR_SYNTAX, ERR_RANGE, ERR_UNKNOWN (column, key or file
   nobody defined), ERR_EXISTS (a file or name twice), ERR_FULL, ERR_MEMORY. */
enum err scenario_read(struct scenario *sc, const char *name, const char *text, size_t n, char *why,
                       size_t why_size);

/* After the last file: resolves names, hands out addresses and call signs, and refuses what cannot
   be flown: an unknown airport, an airframe in two places, two operators with the same addresses, a
   leg faster than its type. */
enum err scenario_check(struct scenario *sc, char *why, size_t why_size);

/* Where a name stands, or -1. */
int scenario_airport_find(const struct scenario *sc, const char *code);
int scenario_type_find(const struct scenario *sc, const char *type);

#endif
