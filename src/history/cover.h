/* A question to the memory of coverage, as names and values say it: the options of `masar
   coverage`, the parameters of /api/v1/coverage.

     area=… from=T to=T alt=LO-HI     as question.h; to is rounded up to whole hours, from down
     by=area|cell|hour                what a row is
     source=adsb|rebroadcast|mlat|adsc|other|any
     format=table|csv|json|geojson    geojson goes by cell */
#ifndef MASAR_HISTORY_COVER_H
#define MASAR_HISTORY_COVER_H

#include "coverage/summary.h"
#include "history/question.h"

struct cover {
    struct question question; /* area, times, altitudes */
    struct coverage_asked asked;
};

void cover_start(struct cover *c);
void cover_free(struct cover *c);

/* One name and its value; errors and why as question_set. */
enum err cover_set(struct cover *c, const char *name, const char *value, char *why,
                   size_t why_size);

/* Answers from the store into out: rows_max rows at most. torn gets how many records could not be
   read. On an error why says what is wrong: ERR_NOT_FOUND: nobody has learned from this store yet;
   ERR_FULL: more rows; ERR_RANGE, ERR_SYSTEM, ERR_MEMORY. */
enum err cover_answer(struct cover *c, struct store *s, size_t rows_max, struct buf *out,
                      size_t *torn, char *why, size_t why_size);

#endif
