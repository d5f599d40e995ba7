/* What the files that read a rule share. Inside this room only. */
#ifndef MASAR_WATCH_PARSE_H
#define MASAR_WATCH_PARSE_H

#include "watch/lex.h"

enum { PARSE_DEPTH_MAX = 32, PARSE_LITERALS_MAX = 24 };

/* An expression before it is spread into cases. */
enum node_kind { NODE_TERM, NODE_AND, NODE_OR, NODE_NOT };

struct node {
    uint8_t kind;
    uint16_t a, b; /* nodes; of a term a is the term */
    size_t at;
};

struct parse {
    struct lex lex;
    const struct watch_names *names;
    struct watch_rule *rule;
    struct node *node;
    unsigned nodes, depth;
};

/* An expression at the token; returns its node (0 on an error, which p->lex has). */
uint16_t parse_or(struct parse *p);

/* The term the word at the token begins; its values follow (terms.c). */
uint16_t parse_term(struct parse *p);

/* Spreads a node into cases, added to the rule's; sides may say only who (cases.c). */
enum err cases_add(struct parse *p, uint16_t node, bool is_side, uint16_t *first, uint16_t *n);

/* Values at the token, a comma between them, added to the rule's: what a word takes
   (WATCH_TAKES_HEX and the like), codes of countries, airports as their sites (terms_value.c). */
enum err parse_values(struct parse *p, unsigned takes, uint16_t *first, uint16_t *n);
enum err parse_countries(struct parse *p, uint16_t *first, uint16_t *n);
enum err parse_airports(struct parse *p, uint16_t *first, uint16_t *n);

/* The number at the token, which stays; unit: what stands behind it in the same word. what says in
   an error's sentence which number. (terms_value.c) */
enum err parse_number(struct parse *p, const char *what, double *out, char unit[16]);

/* A span, `30 min`, `8h`, `2 days`, and a way, `50 km`, `30NM`, at the token (terms_value.c). */
enum err parse_span(struct parse *p, int64_t *out_ms);
enum err parse_way(struct parse *p, double *out_m);

/* Behind `clearance`: `[country XX] lapses within SPAN [of OPERATION]` (terms_clearance.c). */
enum err parse_clearance(struct parse *p, struct watch_term *t);

#endif
