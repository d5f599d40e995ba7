/* What is left by day of each draw of a forecast, and what the draws together say. Inside this
   room; every call takes NULL, which counts nothing. Times are milliseconds since 1970, amounts
   base units. */
#ifndef MASAR_OPERATION_FORECAST_SERIES_H
#define MASAR_OPERATION_FORECAST_SERIES_H

#include "operation/forecast_internal.h"

struct series_maker;

/* Days shown after the deadline. */
#define SERIES_AFTER_DAYS 14

/* NULL: nobody asks for series, or out of memory. */
struct series_maker *series_begin(const struct forecast_world *w, unsigned draws);
/* A draw begins. */
void series_draw(struct series_maker *s);
/* A line (its place in forecast.line) is about to change: so much was left of it until t_ms. Of one
   line in the order of time. */
void series_note(struct series_maker *s, size_t line, int64_t t_ms, double left);
/* A claim says another rest of a line than was reckoned. */
void series_pin(struct series_maker *s, size_t line, int64_t t_ms, double before, double after);
/* A departure ahead. */
void series_depart(struct series_maker *s, int64_t t_ms);
/* A draw is over; left: of each line. */
void series_keep(struct series_maker *s, const double left[FORECAST_LINES]);
/* Writes with->series and frees the maker. */
void series_end(struct series_maker *s);

#endif
