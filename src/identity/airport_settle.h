/* What the steps of building the airports share: rows as they came, then as they will be. Private
   to the builder. */
#ifndef MASAR_IDENTITY_AIRPORT_SETTLE_H
#define MASAR_IDENTITY_AIRPORT_SETTLE_H

#include "identity/airport_build.h"
#include "identity/airport_file.h"

struct built_airport {
    struct airport_row row;
    uint32_t given; /* the how many-th row it was */
    char code[9];
    int32_t from_day, to_day;
    bool military;
    char site_of[9]; /* a facility: the code of its site */
    uint32_t runway; /* index of its first */
    uint16_t runways;
    uint16_t longest_ft;
    uint32_t site;
};

struct built_runway {
    struct runway_row row;
    uint32_t airport;
};

struct airport_builder {
    struct built_airport *airport;
    struct built_runway *runway;
    struct airport_code *code;
    struct airport_span *span;
    uint32_t airports, runways, codes, spans;
    uint32_t airport_cap, runway_cap, code_cap, span_cap;
    struct buf names;
    struct airport_counts counts;
};

/* rows, with room for one more than n; NULL: out of memory, rows stay. */
void *airport_builder_room(void *rows, uint32_t n, uint32_t *cap, size_t record_bytes);

/* Adds what our own tables know: facilities, and fields that codes moved from. */
enum err airport_settle_own(struct airport_builder *b);
/* The steps of finish, in this order; airports are ordered by cell before. */
enum err airport_settle_codes(struct airport_builder *b);
enum err airport_settle_runways(struct airport_builder *b);
enum err airport_settle_sites(struct airport_builder *b);

/* The first airport with this code in the order of the rows; AIRPORT_NONE. */
uint32_t airport_settle_find(const struct airport_builder *b, const char *code);

#endif
