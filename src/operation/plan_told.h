/* A plan told: as one sentence in a language, and as JSON (docs/OPERATIONS.md names each key).
 * Pure. */
#ifndef MASAR_OPERATION_PLAN_TOLD_H
#define MASAR_OPERATION_PLAN_TOLD_H

#include "operation/plan.h"

/* What fits or stays by line, what binds most and what that costs. */
void plan_sentence(const struct plan *p, unsigned language, struct buf *out);

/* An object. ERR_MEMORY. */
enum err plan_write(const struct plan *p, struct buf *out);

/* Amounts of a line as people read them: metric tons or people. */
double plan_shown(const struct plan_line *l, double base_units);
const char *plan_unit(const struct plan_line *l);

/* Midnight of one of its days. */
int64_t plan_day_ms(const struct plan *p, int day);

#endif
