/* How each receiver hears: frames by format, repaired ones, refused ones and why, levels, range by
   bearing and altitude; and the same over time, minute by minute. Pure: time comes with the
   messages. One thread. Rows are made when a receiver is first heard; nothing is allocated per
   message. */
#ifndef MASAR_TRACK_HEARING_H
#define MASAR_TRACK_HEARING_H

#include "model/fix.h"
#include "model/message.h"
#include "model/receiver.h"
#include "track/track.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    HEARING_FORMATS = 34, /* downlink formats 0 .. 24; HEARING_MODE_AC; HEARING_UAT */
    HEARING_MODE_AC = 32,
    HEARING_UAT = 33,
    HEARING_LEVELS = 17, /* of HEARING_LEVEL_DB each, from 0 dBFS down; the last holds the rest */
    HEARING_LEVEL_DB = 3,
    HEARING_SECTORS = 36,      /* of 10 degrees, the first from north on */
    HEARING_BANDS = 5,         /* of altitude, hearing_band_ft between */
    HEARING_MINUTES = 1440,    /* kept of each receiver … */
    HEARING_MINUTES_LATE = 60, /* … of those after the first HEARING_LONG */
    HEARING_LONG = 128
};

extern const int32_t hearing_band_ft[HEARING_BANDS - 1];

/* A minute of one receiver. Frames and positions as below. */
struct hearing_minute {
    int64_t minute; /* since 1970, or since the start of a feed that tells no time of day */
    uint32_t frames, positions, repaired, bad;
    uint32_t aircraft;      /* about how many, a few in a hundred off */
    uint32_t range_m;       /* farthest accepted position */
    float level_dbfs;       /* mean power; 0 not known */
    float noise_dbfs;       /* 0 not known */
    uint64_t lost, clipped; /* samples of a radio that were lost; values at the end of the scale */
    int16_t gain_db10;      /* HEARING_NO_GAIN */
};
#define HEARING_NO_GAIN INT16_MIN

struct hearing_row {
    uint64_t frames, values;          /* values: messages that did not come as frames */
    uint64_t format[HEARING_FORMATS]; /* frames */
    uint64_t repaired;                /* bits turned, here or where the frame came from */
    uint64_t bad_parity, duplicate;   /* duplicate: another receiver had brought it */
    uint64_t unknown;                 /* attributed to no aircraft */
    uint64_t positions;               /* accepted */
    uint64_t rejected[VERDICT_COUNT];
    uint64_t level[HEARING_LEVELS];
    uint32_t range_m[HEARING_BANDS][HEARING_SECTORS]; /* farthest accepted position heard directly
                                                         from an aircraft (ADS-B, UAT) */
    size_t n_minutes, room; /* the newest is minute[(n_minutes - 1) % room] */
    struct hearing_minute *minute;
};

struct hearing;
struct hearing *hearing_new(void); /* NULL: out of memory */
void hearing_free(struct hearing *h);

/* What a message was and came to. who: its receiver's row; NULL or without a place: no range. */
void hearing_message(struct hearing *h, const struct message *m, bool is_uat,
                     const struct outcome *o, const struct receiver *who);

/* What a receiver's radio is like now; about once a second. */
void hearing_radio(struct hearing *h, uint16_t receiver, const struct receiver_radio *r,
                   int64_t now_us);

/* NULL: not heard from. */
const struct hearing_row *hearing_row(const struct hearing *h, uint16_t receiver);

/* Minute i of n_minutes at most room, the oldest kept first. */
size_t hearing_minutes(const struct hearing_row *row);
const struct hearing_minute *hearing_minute(const struct hearing_row *row, size_t i);

#endif
