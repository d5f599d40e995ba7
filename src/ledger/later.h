/* What later flights say of where earlier ones had been. A claim is made with what was known then:
   where nothing had been flown before, a silence over a continent may have ended at a dozen fields.
   Once the ledger knows which of them aircraft of that kind do fly to, a sum weighs the candidates
   of such claims by it: each by how much more of all flights ended or began there in the end than
   had by then. Rows stay as they were said. Only of state aircraft, whose places are told by their
   own flights alone. Pure. */
#ifndef MASAR_LEDGER_LATER_H
#define MASAR_LEDGER_LATER_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct later_end {
    int64_t t_ms; /* when it was said */
    uint32_t site;
    float p;
    double before; /* of all ends at this site until this one */
};

/* Ends of flights of one kind of aircraft. Owned. */
struct later {
    struct later_end *end;
    size_t n, cap;
    double *by_time; /* of all ends, in the order of time, until each */
    int64_t *t_ms;
    bool ready;
};

/* An end that surely was at a site. ERR_MEMORY. */
enum err later_add(struct later *l, int64_t t_ms, uint32_t site, float p);

/* All are added. ERR_MEMORY. */
enum err later_ready(struct later *l);

/* How much more of all that is known ended or began there than had at t_ms; UINT32_MAX: at a site
   never flown to. 1 where nothing is known. */
double later_weight(const struct later *l, int64_t t_ms, uint32_t site);

void later_free(struct later *l);

#endif
