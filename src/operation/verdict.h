/* How what somebody said stands to what was heard, with the flights and the arithmetic. "Supported"
   only by what paths show; a match of figures is "consistent"; nothing is contradicted by silence.
   Pure. */
#ifndef MASAR_OPERATION_VERDICT_H
#define MASAR_OPERATION_VERDICT_H

#include "operation/tally.h"

enum verdict {
    VERDICT_SUPPORTED,
    VERDICT_CONSISTENT,
    VERDICT_CONTRADICTED,
    VERDICT_CANNOT_TELL,
    VERDICTS
};

enum verdict_why {
#define VERDICT_WHY(id, key, en, ar, fr) VERDICT_##id,
#include "operation/verdict.def"
    VERDICT_WHYS
};

enum { VERDICT_TEXTS = 9, VERDICT_FLIGHTS = 8, VERDICT_CONFLICTS = 8 };

/* A figure of the arithmetic, or flights, as each language writes them. */
struct verdict_text {
    enum { VERDICT_NOTHING, VERDICT_NUMBER, VERDICT_RANGE, VERDICT_THESE_FLIGHTS } is;
    unsigned decimals;
    double low, high; /* a number: low */
};

struct verdict_of {
    enum verdict verdict;
    enum verdict_why why;
    struct verdict_text text[VERDICT_TEXTS + 1]; /* %1 … %9 */
    enum tally_edge edge;                        /* which end of the flights is spoken of */
    const struct match *flight[VERDICT_FLIGHTS]; /* it rests on */
    size_t flights;
    double kg_low, kg_high;                             /* the claim as mass; 0 */
    double departures, departures_low, departures_high; /* in its time */
    double offered_low_kg, offered_plan_kg, offered_max_kg;
    double loads_at_max, loads_at_plan, loads_at_max_high; /* needed, of the low and high reading */
    const struct item *conflict[VERDICT_CONFLICTS]; /* claims of the same thing that differ */
    size_t conflicts;
};

const char *verdict_key(enum verdict v);
const char *verdict_why_key(enum verdict_why w);

/* As known at now_ms. ERR_MEMORY. */
enum err verdict_find(const struct operation *o, const struct matches *m, const struct item *claim,
                      int64_t now_ms, struct verdict_of *out);

/* The sentence in a language: figures and dates as it writes them, what is Latin in isolates. */
void verdict_sentence(const struct verdict_of *v, unsigned language, struct buf *out);

#endif
