/* The points of a chunk of version 3: written in one pass (course.c); what a map needs (time,
   place, pressure altitude, what changes rarely) is read without the rest (course_read.c). Prefix
   codes, chosen by how large the last values of a column were, stand in the format: nothing is
   learned from the chunk, so short ones are not dear and reading is fast. Pure. docs/STORE.md
   describes the bytes. */
#ifndef MASAR_STORE_COURSE_H
#define MASAR_STORE_COURSE_H

#include "model/kept.h"
#include "store/grid.h"
#include "store/motion.h"
#include "store/point.h"
#include "store/prefix.h"

#include <stdbool.h>

/* What changes rarely, and which of the others are known; SLOW_FLIGHT .. SLOW_QNH of point.h, then
   these. */
enum { RARE_MASK = SLOWS, RARE_AIR_MASK, RARES, RARE_END = 15 };

/* Numbers that change little by little. */
enum course_column {
    COLUMN_TIME,
    COLUMN_GAP,
    COLUMN_BARO_RATE, /* two: the rate before was 0, was not */
    COLUMN_GEOM_RATE = COLUMN_BARO_RATE + 2,
    COLUMN_ALT_BARO = COLUMN_GEOM_RATE + 2, /* two: level, climbing or descending */
    COLUMN_ALT_GEOM = COLUMN_ALT_BARO + 2,
    COLUMN_ALT_ALONE = COLUMN_ALT_GEOM + 2,
    COLUMN_EAST,
    COLUMN_NORTH,
    COLUMN_GS,
    COLUMN_TRACK,
    COLUMN_LAT, /* two: off the grid, on it */
    COLUMN_LON = COLUMN_LAT + 2,
    COLUMN_AIR = COLUMN_LON + 2,
    COLUMNS = COLUMN_AIR + AIRS
};

enum course_alt { ALT_BARO, ALT_GEOM, ALT_ALONE, ALTS };

enum {
    COURSE_POINTS = 1024, /* at most */
    COURSE_SCALES = 256,
    NUMBER_CODES = 8, /* by how large the last ones were; from NUMBER_CUT on their last bits are cut
                         off, and told as they are */
    NUMBER_CUT = 6,
    NUMBER_KINDS = 3, /* columns of times, of heights, of the others */
    MODES = 32,
    MODE_CODES = 18, /* by the last mode */
    RARE_CODES = 16, /* by the one before */
    COURSE_LEVEL_MOST = 511,
    COURSE_LEVELS = (COURSE_LEVEL_MOST + 1) / 8,
    RARE_RECENT = 8, /* values of each that are remembered */
    AIR_CODES = 16   /* by the last */
};

enum {
    CODE_MODE = NUMBER_KINDS * NUMBER_CODES,
    CODE_RARE = CODE_MODE + MODE_CODES,
    CODE_RECENT = CODE_RARE + RARE_CODES,
    CODE_AIR,
    CODES = CODE_AIR + AIR_CODES
};

struct course_codes {
    struct prefix_code code[CODES];
    struct prefix_words words[CODES];
    /* To read: course_scale. */
    const struct prefix_code *number[NUMBER_KINDS][COURSE_LEVELS];
    uint8_t cut[COURSE_LEVELS];
};

/* Makes all of them; they stay where they are. */
void course_codes_make(struct course_codes *c);

/* What is written beside the points, and given to who reads them. */
struct course_plan {
    int32_t quantum[QUANTA], air_quantum[AIRS]; /* as in point.h */
    uint32_t points;
    uint32_t address;
    int64_t first_ms;
    /* Of the times between points, in quanta: where width is not 0 all but a few lie within low ..
       low + width - 1, any as likely as another; else low is their mean. */
    uint32_t time_low, time_width;
    bool has_rest; /* there are columns that a map does not need */
};

/* Of points that are being read: what the way leaves for those who want the rest too. */
struct course_side {
    uint8_t how[COURSE_POINTS];   /* enum course_how */
    int32_t moved[COURSE_POINTS]; /* pressure altitude, since the point before, in quanta */
    int32_t east_kt[COURSE_POINTS], north_kt[COURSE_POINTS]; /* one after another, where told */
    int32_t gs_e2_kt[COURSE_POINTS], track_e2_deg[COURSE_POINTS];
};

struct course {
    struct course_side side;
    struct motion_scale scales[COURSE_SCALES]; /* met before: band modulo so many */
    const struct course_codes *codes;
    struct course_plan plan;
    struct bits_in in[2]; /* the way, the rest */
    struct bits_out *out[2];
    /* How large the last ones were, 16 times their bits, a mean: what that level is below
       COURSE_LEVEL_MOST, which is less to reckon with. */
    uint16_t below[COLUMNS];
    struct kept base; /* address and what changes rarely; all else is not known */
    int64_t t_ms, dt_ms, before_dt_ms;
    int32_t lat_e7, lon_e7, before_e7[2], gs_e2_kt, track_e2_deg; /* of the last point */
    uint64_t recent[RARES][RARE_RECENT];
    uint32_t rc_of[16]; /* by NIC, the last */
    unsigned index, next_rare, vectors;
    bool is_off, ties; /* of what was read: a value is none; two points share an instant */
    unsigned mode, air_changed;
    int32_t time_mean;                                /* 16 times */
    int32_t rate[2], alt[ALTS], gs, track, air[AIRS]; /* in quanta */
    double rate_fpm, per_alt[ALTS]; /* the last rate; quanta of altitude in a foot */
    struct motion now;
    bool has_velocity;
    int32_t whole_kt[2]; /* now, rounded */
    unsigned zones;
    struct grid_step step[GRID_KINDS][2];
    struct motion_scale scale;
    double per_place;
};

/* Sets all but in and out. The first time all of it must be zeroed. */
void course_start(struct course *c, const struct course_codes *codes,
                  const struct course_plan *plan);

/* Writes n points to c->out. */
void course_write(struct course *c, const struct kept *p, size_t n);

/* Reads points from c->in: at most max (up to COURSE_POINTS), none later than to_ms; returns how
   many. rest: all columns; without, what a map needs, and all others as not known. */
size_t course_read(struct course *c, size_t max, int64_t to_ms, bool rest, struct kept *out);

/* -90 .. 90 and -180 .. below 180 degrees. */
static inline bool course_is_on_earth(int64_t lat_e7, int64_t lon_e7)
{
    return ((uint64_t)(lat_e7 + 900000000) <= 1800000000u) &
           ((uint64_t)(lon_e7 + 1800000000) < 3600000000u);
}

/* Whether no more was read than there is, and what was read is places, origins and ground. */
static inline bool course_is_sane(const struct course *c)
{
    return c->in[0].at <= c->in[0].end && c->in[1].at <= c->in[1].end && !c->is_off;
}

#endif
