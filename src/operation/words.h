/* Dates, figures and the fixed words of probability in three languages. Pure. */
#ifndef MASAR_OPERATION_WORDS_H
#define MASAR_OPERATION_WORDS_H

#include "base/buf.h"
#include "operation/unit.h"

#include <stdbool.h>
#include <stdint.h>

/* A band holds its lower bound: 95 is inferred, 70 probable, 40 possible. */
enum band { BAND_OBSERVED, BAND_INFERRED, BAND_PROBABLE, BAND_POSSIBLE, BAND_OPEN, BANDS };
enum band band_of(double p, bool observed);
const char *band_key(enum band b); /* "observed" … */
const char *band_adjective(enum band b, unsigned language);

/* Whole percent, rounded down where rounding would change the band: 94.6 is 94. */
unsigned words_percent(double p);

/* `7 June`, `7 يونيو`, `7 juin`; with the year where year. The digits stand in an isolate in
 * Arabic. */
void words_date(struct buf *b, unsigned language, int64_t t_ms, bool year);

/* `17:08Z`, isolated. */
void words_time(struct buf *b, int64_t t_ms);
/* `16:59-17:17Z`, or one time where both are within a minute; days are named where they differ. */
void words_span(struct buf *b, unsigned language, int64_t lo_ms, int64_t hi_ms);

/* `7 June 16:59–17:17Z`; with both days where they differ. "" of no time (INT64_MIN). */
void words_when(struct buf *b, unsigned language, int64_t lo_ms, int64_t hi_ms);

/* `1,593.4`, in French `1 593,4` with a narrow space that does not break; isolated in Arabic. At
   most six decimals. */
void words_number(struct buf *b, unsigned language, double v, unsigned decimals);

/* `1,445–1,593`, isolated in Arabic. */
void words_range(struct buf *b, unsigned language, double low, double high, unsigned decimals);

/* A text of others, or one with Latin letters or figures, in an isolate. */
void words_isolate(struct buf *b, const char *text);

/* Takes the isolates out: for a terminal, or where one direction is all there is. */
void words_plain(struct buf *b);

/* Writes a sentence of a table: %1 … %9 are texts. */
void words_sentence(struct buf *b, const char *sentence, const char *const text[10]);

#endif
