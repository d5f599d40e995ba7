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
    SCENARIO_JAMMINGS_MAX = 16,
    SCENARIO_ROWS_MAX = 10000 /* of one file */
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
    char party[SCENARIO_CODE_MAX];  /* whose the flights of legs.csv are */
    char overflown[SCENARIO_TEXT_MAX]; /* ROUTE:COUNTRY pairs: who must clear legs of a route */
    char cleared[SCENARIO_CODE_MAX];   /* country whose landings need clearance: airports DR.. */
    char cleared_icao[4];              /* begin of its airports' codes */
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

enum leg_kind {
    LEG_NORMAL,
    LEG_TURNBACK,     /* holds in racetracks, then goes home */
    LEG_RACETRACK,    /* holds on purpose */
    LEG_CIRCLE,       /* the same on a circle */
    LEG_TOUCH_AND_GO, /* touches down and rolls on: the airframe's next leg begins there */
    LEG_GHOST,        /* no aircraft: positions sent by someone at a site */
    LEG_PARKED        /* stands with its transponder on from take-off to landing time */
};

struct scenario_leg { /* legs.csv and sorties.csv */
    int64_t leg;
    int64_t icao24;
    char airframe[SCENARIO_NAME_MAX]; /* where not the address tells it: two may share one */
    char party[SCENARIO_CODE_MAX], planned[SCENARIO_CODE_MAX]; /* planned destination */
    char sends[SCENARIO_CODE_MAX + 4], emitter[SCENARIO_NAME_MAX], note[SCENARIO_NAME_MAX * 3];
    double load_t, hold_min, hold_leg_nm, hold_width_nm, alt_error_ft;
    char callsign[9], type[SCENARIO_CODE_MAX], origin[SCENARIO_CODE_MAX],
        destination[SCENARIO_CODE_MAX], route[SCENARIO_CODE_MAX * 2], kind[SCENARIO_NAME_MAX];
    int64_t takeoff_us, landing_us; /* wheels off, wheels on */
    double track_nm, cruise_fl;
    size_t n;
    struct sphere_place waypoint[SCENARIO_WAYPOINTS_MAX];
    const char *file;
    size_t line;
    enum leg_kind kind_at;
    uint16_t type_at, origin_at, destination_at;
    uint16_t emitter_at; /* row of sites; of ghosts */
    bool rolling;        /* goes on from a touch-and-go, by scenario_check */
};

struct scenario_jamming { /* jamming.csv: a patch in which satellites are not heard well */
    char name[SCENARIO_NAME_MAX];
    double lat, lon, radius_nm, loss_pct; /* half minutes in which no position is sent at all */
    int64_t from_us, to_us;
};

struct scenario {
    struct scenario_head head;
    struct scenario_site *site;
    struct scenario_airport *airport;
    struct scenario_type *type;
    struct scenario_operator *op;
    struct scenario_route *route;
    struct scenario_leg *leg;
    struct scenario_jamming *jamming;
    struct scenario_requirement *requirement;
    struct scenario_claim *claim;
    size_t n_sites, n_airports, n_types, n_operators, n_routes, n_legs, n_jammings, n_requirements,
        n_claims;
    bool has[16]; /* by place in scenario_files */
};

struct scenario_requirement { /* requirement.csv: what must leave */
    char line[SCENARIO_CODE_MAX], what[SCENARIO_NAME_MAX], unit[SCENARIO_CODE_MAX + 4],
        from[SCENARIO_CODE_MAX], to[SCENARIO_CODE_MAX];
    double quantity;
    int64_t priority, sensitive, may_be_left;
    int64_t ready_us, latest_us;
};

struct scenario_claim { /* claims.csv: what was said in public; {q} in text is the quantity */
    char claim[SCENARIO_CODE_MAX], by[SCENARIO_NAME_MAX], source[SCENARIO_NAME_MAX * 2],
        text[SCENARIO_NAME_MAX * 5], text_ar[SCENARIO_NAME_MAX * 5], text_fr[SCENARIO_NAME_MAX * 5],
        event[SCENARIO_NAME_MAX], unit[SCENARIO_CODE_MAX + 4], place[SCENARIO_CODE_MAX],
        measure[SCENARIO_CODE_MAX + 4]; /* tons, people; or none */
    double low, high;
    int64_t published_us, as_of_us;
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

/* Checks the legs again after they were changed (scenario_redraw). */
enum err scenario_check_legs(struct scenario *sc, char *why, size_t why_size);

/* Where a name stands, or -1. */
int scenario_airport_find(const struct scenario *sc, const char *code);
int scenario_type_find(const struct scenario *sc, const char *type);

#endif
