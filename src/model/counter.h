/* Counts, handed in: each thread has its own and they are added for show. */
#ifndef MASAR_MODEL_COUNTER_H
#define MASAR_MODEL_COUNTER_H

#include <stdint.h>

enum counter {
#define COUNTER(id, name, help) COUNT_##id,
#include "model/counter.def"
    COUNT_COUNT
};

struct counters {
    uint64_t n[COUNT_COUNT];
    uint64_t verdict[16]; /* by enum fix_verdict */
    uint64_t df[33];      /* frames by downlink format; 32 is Mode A/C */
};

struct counter_row {
    const char *name, *help;
};

extern const struct counter_row counter_row[COUNT_COUNT];

static inline void count(struct counters *c, enum counter which)
{
    c->n[which]++;
}

static inline void count_add(struct counters *c, enum counter which, uint64_t n)
{
    c->n[which] += n;
}

#endif
