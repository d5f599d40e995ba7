/* An expression → cases: every way it can be true, as conditions that hold together. */
#include "watch/parse.h"

#include <stdlib.h>
#include <string.h>

struct one {
    unsigned n;
    struct watch_literal lit[PARSE_LITERALS_MAX];
};

struct spread {
    unsigned n;
    struct one of[WATCH_CASES_MAX];
};

static enum err too_many(struct parse *p, size_t at)
{
    return lex_wrong_at(&p->lex, at, ERR_FULL,
                        "this can be true in more than %d ways: write two watches",
                        WATCH_CASES_MAX);
}

static struct spread *spread_of(struct parse *p, uint16_t node, bool negated);

static struct spread *of_term(struct parse *p, const struct node *n, bool negated)
{
    struct spread *s = calloc(1, sizeof *s);
    const struct watch_term *t = &p->rule->term[n->a];
    if (!s) {
        lex_wrong(&p->lex, ERR_MEMORY, "out of memory");
        return NULL;
    }
    if (negated && watch_word_row[t->word].sort == WATCH_IS_EVENT) {
        lex_wrong_at(&p->lex, n->at, ERR_SYNTAX,
                     "'not' before the event '%s': what does not happen is written then not ... "
                     "within",
                     watch_word_row[t->word].word);
        free(s);
        return NULL;
    }
    s->n = 1;
    s->of[0] = (struct one){.n = 1, .lit = {{n->a, negated}}};
    return s;
}

/* Both beside each other. */
static struct spread *either(struct parse *p, struct spread *a, const struct spread *b, size_t at)
{
    if (a->n + b->n > WATCH_CASES_MAX) {
        too_many(p, at);
    } else {
        memcpy(&a->of[a->n], b->of, b->n * sizeof *b->of);
        a->n += b->n;
    }
    return a;
}

static bool join(struct one *out, const struct one *a, const struct one *b)
{
    if (a->n + b->n > PARSE_LITERALS_MAX) {
        return false;
    }
    *out = *a;
    memcpy(&out->lit[a->n], b->lit, b->n * sizeof *b->lit);
    out->n += b->n;
    return true;
}

/* Each of one with each of the other. */
static struct spread *together(struct parse *p, struct spread *a, const struct spread *b, size_t at)
{
    struct spread *out = calloc(1, sizeof *out);
    if (!out) {
        lex_wrong(&p->lex, ERR_MEMORY, "out of memory");
    } else if (a->n * b->n > WATCH_CASES_MAX) {
        too_many(p, at);
    } else {
        out->n = 0;
        for (unsigned i = 0; i < a->n; i++) {
            for (unsigned k = 0; k < b->n; k++) {
                if (!join(&out->of[out->n++], &a->of[i], &b->of[k])) {
                    lex_wrong_at(&p->lex, at, ERR_FULL,
                                 "more than %d conditions at once: write two watches",
                                 PARSE_LITERALS_MAX);
                }
            }
        }
    }
    free(a);
    return out;
}

static struct spread *spread_of(struct parse *p, uint16_t node, bool negated)
{
    const struct node *n = &p->node[node];
    if (n->kind == NODE_TERM) {
        return of_term(p, n, negated);
    }
    if (n->kind == NODE_NOT) {
        return spread_of(p, n->a, !negated);
    }
    struct spread *a = spread_of(p, n->a, negated);
    struct spread *b = a ? spread_of(p, n->b, negated) : NULL;
    if (b) {
        a = (n->kind == NODE_OR) != negated ? either(p, a, b, n->at) : together(p, a, b, n->at);
    }
    if (!b || p->lex.e) {
        free(a);
        a = NULL;
    }
    free(b);
    return a;
}

/* A case with its event found; who, of a side, is all it may say. */
static enum err add_case(struct parse *p, const struct one *o, bool is_side)
{
    struct watch_rule *r = p->rule;
    if (r->cases == WATCH_CASES_MAX * 4) {
        return too_many(p, 0);
    }
    struct watch_case *c = &r->of[r->cases++];
    *c = (struct watch_case){.event = -1, .lit = r->lits};
    for (unsigned i = 0; i < o->n; i++) {
        const struct watch_term *t = &r->term[o->lit[i].term];
        const struct watch_word_row *w = &watch_word_row[t->word];
        if (is_side && w->sort != WATCH_IS_WHO) {
            return lex_wrong_at(&p->lex, t->at, ERR_SYNTAX,
                                "'%s' in the brackets of a party: there only who it is can be said",
                                w->word);
        }
        if (w->sort != WATCH_IS_EVENT) {
            r->lit[r->lits++] = o->lit[i];
            c->lits++;
        } else if (c->event >= 0 && c->event != (int16_t)o->lit[i].term) {
            return lex_wrong_at(&p->lex, t->at, ERR_SYNTAX,
                                "'%s' and '%s' do not happen at one moment: write ... then %s ... "
                                "within 8 h",
                                watch_word_row[r->term[c->event].word].word, w->word, w->word);
        } else {
            c->event = (int16_t)o->lit[i].term;
        }
    }
    return ERR_OK;
}

/* Of a case that waits for no event something must say which aircraft or where, else it is asked at
   every position of every aircraft. */
static enum err check_anchor(struct parse *p, const struct watch_case *c, size_t at)
{
    const struct watch_rule *r = p->rule;
    for (uint16_t i = 0; i < c->lits; i++) {
        const struct watch_literal *lit = &r->lit[c->lit + i];
        const unsigned word = r->term[lit->term].word;
        if (word == WATCH_NEW || (!lit->negated && (watch_word_row[word].sort == WATCH_IS_WHO ||
                                                    word == WATCH_IN || word == WATCH_NEAR))) {
            return ERR_OK;
        }
    }
    return c->event >= 0
               ? ERR_OK
               : lex_wrong_at(&p->lex, at, ERR_SYNTAX,
                              "this alone is true of too many: say beside it who or where, as in "
                              "an area");
}

enum err cases_add(struct parse *p, uint16_t node, bool is_side, uint16_t *first, uint16_t *n)
{
    struct spread *s = spread_of(p, node, false);
    const size_t at = p->node[node].at;
    *first = p->rule->cases;
    *n = 0;
    for (unsigned i = 0; s && i < s->n && !p->lex.e; i++) {
        if (!add_case(p, &s->of[i], is_side) && !is_side) {
            check_anchor(p, &p->rule->of[p->rule->cases - 1], at);
        }
        ++*n;
    }
    free(s);
    return p->lex.e;
}
