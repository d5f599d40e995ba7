/* A question to history, as names and values say it: the options of `masar find` and `masar
   export`, the parameters of /api/v1/history. Pure but for nothing: any bytes may come.

     hex=3c6444 callsign=DLH1AB area=… alt=0-10000      which points (alt in feet; `10000-`: above)
     from=T to=T | at=T                                 when; T is RFC 3339, 2024-06-07 or seconds
     then=AREA within=2h                                … and then there
     points=1                                           points instead of visits
     gap=10m                                            what ends a visit: out of sight for so long
     age=90s                                            how old a picture's points may be
     limit=N after=CURSOR                               how many; where to go on
     format=table|csv|json, or one of export's

   Areas as wire/area_read.h. */
#ifndef MASAR_HISTORY_QUESTION_H
#define MASAR_HISTORY_QUESTION_H

#include "archive/export.h"
#include "base/err.h"
#include "store/store.h"
#include "wire/area_read.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum question_kind {
    QUESTION_VISITS, /* who was there, from when to when */
    QUESTION_POINTS,
    QUESTION_PICTURE, /* everybody at an instant */
    QUESTION_THEN,    /* who was there and then elsewhere */
    QUESTION_EXPORT   /* points in one of export's formats */
};

enum question_format { QUESTION_TABLE, QUESTION_CSV, QUESTION_JSON, QUESTION_FORMATS };

enum { QUESTION_WHY_MAX = 320, QUESTION_CURSOR_MAX = 48 };

struct question {
    enum question_kind kind;
    enum question_format format;
    const struct export_format *export; /* with QUESTION_EXPORT */
    struct store_query query;
    const struct area_lands *lands; /* set after question_start; borrowed */
    struct area_given area, then;
    bool wants_points;
    int64_t at_ms, age_ms; /* KEPT_NO_TIME: no picture */
    int64_t within_ms;     /* -1: not said */
    int64_t gap_ms;        /* 0: not said */
    uint64_t limit;        /* visits, points or aircraft; 0: all */
};

/* Asks for everything. */
void question_start(struct question *q);
void question_free(struct question *q);

/* One name and its value. On an error why says in a sentence what is wrong and what would be right:
   ERR_UNKNOWN: no such name; ERR_SYNTAX, ERR_RANGE; ERR_MEMORY. */
enum err question_set(struct question *q, const char *name, const char *value, char *why,
                      size_t why_size);

/* After all of them: whether they go together; kind and gap_ms are set. Errors as above. */
enum err question_ready(struct question *q, char *why, size_t why_size);

/* Where an answer goes on, as text and back. */
void question_cursor(const struct store_after *a, char out[QUESTION_CURSOR_MAX]);
enum err question_read_cursor(const char *text, struct store_after *out);

#endif
