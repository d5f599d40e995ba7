/* GLPK, the linear solver, opened while running: masar neither needs it to be built nor to run.
   One at a time in a process, opened, used and closed by one thread. */
#ifndef MASAR_APP_OPERATION_GLPK_H
#define MASAR_APP_OPERATION_GLPK_H

#include "operation/plan.h"

struct operation_glpk;

/* NULL: why says what to install. */
struct operation_glpk *operation_glpk_open(char *why, size_t why_size);
void operation_glpk_close(struct operation_glpk *g); /* NULL is fine */

/* plan_solve_fn; ctx: struct operation_glpk. */
bool operation_glpk_solve(void *ctx, const struct plan_problem *p, double *x);

#endif
