/* A plan asked for by words (fleet=, hours=, edition=), from the command line or over HTTP. */
#ifndef MASAR_APP_OPERATION_PLANNED_H
#define MASAR_APP_OPERATION_PLANNED_H

#include "app/operation/operation_world.h"
#include "operation/plan.h"

struct operation_planning {
    struct plan_question with;
    char edition[256];
};

/* Nothing said yet. */
void operation_planning_begin(struct operation_planning *q);

/* One of its words; why begins with its name. ERR_UNKNOWN: there is no such word; ERR_SYNTAX,
   ERR_RANGE. */
enum err operation_planning_say(struct operation_planning *q, const char *name, const char *value,
                                char *why, size_t why_size);

/* Solves it by GLPK, which is opened for it: one at a time in a process. ERR_RANGE: it cannot be
   planned, why says what is missing; ERR_SYSTEM: GLPK is not here; ERR_MEMORY. */
enum err operation_planning_solve(struct operation_planning *q, const struct operation_now *now,
                                  const struct operation_views *views, struct plan *out, char *why,
                                  size_t why_size);

#endif
