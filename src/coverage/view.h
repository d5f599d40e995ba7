/* How well a place was heard: grids summed up into an answer with its uncertainty. Evidence is
   counted in passes, one aircraft's stay in a cell: `heard` of n passes were heard, in shares of
   their seconds. The probability is a Beta posterior's mean; where a cell has seen little, what is
   next to it helps: an aircraft missed above would have been missed below, one heard below would
   have been heard above, cells that touch are alike; hours lean on the same hour of other days, and
   those on all hours. */
#ifndef MASAR_COVERAGE_VIEW_H
#define MASAR_COVERAGE_VIEW_H

#include "coverage/grid.h"

#include <stdbool.h>

/* What is only presumed counts so much of what is missed. */
#define COVERAGE_PRESUMED_SHARE 0.2

/* In place of a height. */
#define COVERAGE_ON_GROUND (INT32_MIN + 1)

struct coverage_view;

/* Of one class, or of COVERAGE_ANY: heard by anything. entries_max: of hours and hours of the day
   held, 56 bytes each; cells take 400 bytes more. NULL: out of memory. */
struct coverage_view *coverage_view_new(enum coverage_class class, size_t entries_max);
void coverage_view_free(struct coverage_view *v);

/* Adds an entry of a grid; those of other classes are passed over. ERR_FULL, ERR_MEMORY. */
enum err coverage_view_add(struct coverage_view *v, const struct coverage_entry *e);

/* The same, and forgets which day it was: the memory of any number of days is that of one. Keys may
   come again and add up. */
enum err coverage_view_add_daily(struct coverage_view *v, const struct coverage_entry *e);

/* After the last one; more may be added later and be followed by this again, which costs what the
   cells cost that counts came to. Nobody reads meanwhile. ERR_MEMORY: the view is of no use. */
enum err coverage_view_ready(struct coverage_view *v);

/* Probability (0 .. 1) that an aircraft there and then would be heard. weight: passes of evidence,
   0 where there is none (p is 0.5 then: not known). False: no evidence. alt_ft: pressure altitude,
   or COVERAGE_ON_GROUND. Reads only; any number of threads. */
bool coverage_heard(const struct coverage_view *v, int32_t lat_e7, int32_t lon_e7, int32_t alt_ft,
                    int64_t t_ms, double *p, double *weight);

/* How often aircraft fell silent there: losses a minute heard, and how many minutes that was
   learned from. False: none heard there. */
bool coverage_hazard(const struct coverage_view *v, int32_t lat_e7, int32_t lon_e7, int32_t alt_ft,
                     double *losses_per_minute, double *minutes);

/* The interval that holds a share with this evidence at 80 %: Beta(1/2 + p n, 1/2 + (1 - p) n). */
void coverage_interval(double p, double n, double *low, double *high);

#endif
