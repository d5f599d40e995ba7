/* How well each base was listened to, day by day: whether "nobody came" can be said of a day, or
   only "nobody listened". From what is known to have flown near the base, heard and unheard (the
   store's memory of coverage), and from arrivals and departures that were observed there. Pure.
   Days are since 1970. */
#ifndef MASAR_OPERATION_HEARD_H
#define MASAR_OPERATION_HEARD_H

#include "operation/board.h"

/* Around a base: an approach. */
#define HEARD_KM 40

enum heard_word {
    HEARD_UNKNOWN, /* nothing is known to have flown there: nobody listened, or nobody came by */
    HEARD_MISSED,  /* what flew there was mostly not heard */
    HEARD_HIGH, /* heard as it passed, not known to be heard low: a landing may have been missed */
    HEARD_LOW,  /* what flew low was mostly heard, or an arrival or departure was observed */
    HEARD_WORDS
};
/* "unknown", "missed" … */
const char *heard_word_key(enum heard_word w);

/* Aircraft-seconds near a base on a day. */
struct heard_day {
    double low_heard_s, low_missed_s; /* near the ground; missed: with what is presumed, weighed */
    double heard_s, missed_s;         /* at any height */
    bool observed;
};
enum heard_word heard_word(const struct heard_day *d);

enum { HEARD_BASES = 16 };

struct heard {
    int32_t first_day;
    size_t days, bases;            /* the operation's first day to the one it is looked at */
    const char *base[HEARD_BASES]; /* codes, the operation's */
    struct heard_day *day;         /* of the first base, then of the next */
};

/* The bases and days there are, with what was observed; app adds what flew. ERR_MEMORY. */
enum err heard_begin(const struct board_view *v, struct heard *out);
void heard_free(struct heard *h);

/* {"first_day","bases":[{"base","days":["low",…]}]} ERR_MEMORY. */
enum err heard_write(const struct heard *h, struct buf *out);

#endif
