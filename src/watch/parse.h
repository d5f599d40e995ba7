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

/* A span at the token: `30 min`, `8h`, `2 days` (terms.c). */
enum err parse_span(struct parse *p, int64_t *out_ms);

/* Codes of countries at the token, a comma between them (terms.c). */
enum err parse_countries(struct parse *p, uint16_t *first, uint16_t *n);

/* Behind `clearance`: `[country XX] lapses within SPAN [of OPERATION]` (terms_clearance.c). */
enum err parse_clearance(struct parse *p, struct watch_term *t);

#endif
