/* The text of a watch → a rule that can be evaluated: alternatives of conditions that hold
   together, at most one event among them, in steps that follow each other. The grammar is in
   docs/WATCHES.md.

       class airlift_heavy and country US and inbound DRRN p >= 0.7
       squawk 7500, 7600, 7700
       operator RCH and departs DRRN then not lands within 8 h

   Any bytes may come. Pure; a rule does not change once made, so any thread may read it. */
#ifndef MASAR_WATCH_RULE_H
#define MASAR_WATCH_RULE_H

#include "base/err.h"
#include "geo/area.h"
#include "identity/airport.h"
#include "watch/clearance.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum watch_word {
#define WATCH_WHO(id, word, values, text)          WATCH_##id,
#define WATCH_STATE(id, word, takes, text)         WATCH_##id,
#define WATCH_EVENT(id, word, where, claims, text) WATCH_##id,
#include "watch/word.def"
    WATCH_WORDS
};

enum {
    WATCH_TEXT_MAX = 16384, /* bytes of a rule */
    WATCH_VALUE_MAX = 24,   /* bytes of a value, with its NUL */
    WATCH_STEPS = 4,
    WATCH_TERMS_MAX = 512,
    WATCH_VALUES_MAX = 4096,
    WATCH_CASES_MAX = 64, /* alternatives of one rule */
    WATCH_WHY_MAX = 256
};

#define WATCH_LISTS_MAX 64 /* lists of one's own: a bit each */

/* What names in a rule mean; all borrowed for the call. */
struct watch_names {
    const struct airports *airports; /* NULL: no airport is known */
    int32_t day;                     /* what airport codes meant then; AIRPORT_TODAY */
    /* The text of a drawn area (wire/area_read.h); NULL: there is none. NULL: no areas. */
    const char *(*area)(void *ctx, const char *name);
    const struct area_lands *lands; /* NULL: no country is an area */
    /* The number of a list, 0 .. WATCH_LISTS_MAX - 1; -1: there is none. NULL: no lists. */
    int (*list)(void *ctx, const char *name);
    /* Whether there is an operation of this name; where not, those there are, a comma between them.
       NULL: a rule may name any. */
    bool (*operation)(void *ctx, const char *name, char *known, size_t size);
    void *ctx;
};

/* Where a text is wrong. */
struct watch_wrong {
    size_t at;               /* byte, from 0 */
    char why[WATCH_WHY_MAX]; /* a sentence: what was found there, what was expected */
};

struct watch_rule; /* opaque */

/* ERR_SYNTAX, ERR_RANGE, ERR_NOT_FOUND (a name), ERR_FULL (too long a rule), ERR_MEMORY: wrong is
   set, *out is NULL. */
enum err watch_rule_read(const char *text, size_t n, const struct watch_names *names,
                         struct watch_rule **out, struct watch_wrong *wrong);
void watch_rule_free(struct watch_rule *r); /* NULL is fine */

/* ---- what it says, for the machine and for whoever shows it ---- */

enum watch_compare { WATCH_BELOW, WATCH_MOST, WATCH_ABOVE, WATCH_LEAST };

enum watch_where { WATCH_ANYWHERE, WATCH_AT, WATCH_IN_COUNTRY, WATCH_WITHIN };

struct watch_value {
    char text[WATCH_VALUE_MAX]; /* airports: the site's code */
    uint32_t number;            /* address, squawk, list, index of the site, kind of a class */
};

/* One condition or event. */
struct watch_term {
    uint8_t word;               /* enum watch_word */
    uint8_t where;              /* of an event: enum watch_where */
    uint8_t compare;            /* enum watch_compare */
    uint16_t value, values;     /* first and how many of the rule's values; any of them */
    uint16_t place, places;     /* the same: where (WATCH_AT, WATCH_IN_COUNTRY) */
    int32_t number;             /* of a comparison */
    int64_t span_ms;            /* of new, of dark */
    float p;                    /* least probability */
    uint16_t area;              /* index of the rule's areas, for WATCH_WITHIN and states */
    uint16_t side[2], sides[2]; /* cases of the other party (meets) or of both; sides 0: anyone */
    size_t at;                  /* where in the text */
};

/* Conditions that hold together. */
struct watch_case {
    int16_t event;      /* a term; -1: none, it is the state itself that is told */
    uint16_t lit, lits; /* first and how many of the rule's literals */
};

struct watch_literal {
    uint16_t term;
    bool negated;
};

struct watch_step {
    uint16_t first, cases; /* of the rule's cases */
    int64_t within_ms;     /* after the step before; 0 of the first */
    bool absent;           /* it is told if it does not come */
};

struct watch_area {
    struct area_shape *shape;
    char name[48]; /* as the rule says it, cut */
};

struct watch_rule {
    struct watch_term *term;
    struct watch_value *value;
    struct watch_case *of; /* cases; those of sides behind those of the steps */
    struct watch_literal *lit;
    struct watch_area *area;
    uint16_t terms, values, cases, lits, areas, steps;
    struct watch_step step[WATCH_STEPS];
    char operation[WATCH_CLEARANCE_MAX]; /* whose clearances; "" all */
    int64_t again_ms;                    /* a state that is interrupted for longer is told again */
};

/* ---- words ---- */

enum watch_sort { WATCH_IS_WHO, WATCH_IS_STATE, WATCH_IS_EVENT };

struct watch_word_row {
    const char *word, *text;
    uint8_t sort;    /* enum watch_sort */
    uint8_t takes;   /* enum watch_takes */
    uint8_t where;   /* of an event */
    uint32_t claims; /* of an event */
};

enum watch_takes {
    WATCH_TAKES_NONE,
    WATCH_TAKES_NOTHING = WATCH_TAKES_NONE,
    WATCH_TAKES_HEX,
    WATCH_TAKES_PATTERN,
    WATCH_TAKES_NAME,
    WATCH_TAKES_WORD,
    WATCH_TAKES_SQUAWK,
    WATCH_TAKES_CLASS,
    WATCH_TAKES_COUNTRY,
    WATCH_TAKES_AREA,
    WATCH_TAKES_NEAR,
    WATCH_TAKES_NUMBER,
    WATCH_TAKES_DURATION,
    WATCH_TAKES_EVENT
};

extern const struct watch_word_row watch_word_row[WATCH_WORDS];

/* `*` any characters, `?` one, `[A-F0]` one of these, case aside; text and pattern end with NUL.
   Takes at most the product of their lengths in steps. */
bool watch_pattern_fits(const char *pattern, const char *text);

#endif
