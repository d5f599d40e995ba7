#include "watch/rule.h"

#include "watch/parse.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/claim.h"

const struct watch_word_row watch_word_row[WATCH_WORDS] = {
#define WATCH_WHO(id, word, values, text)                                                          \
    [WATCH_##id] = {word, text, WATCH_IS_WHO, WATCH_TAKES_##values, 0, 0},
#define WATCH_STATE(id, word, takes, text)                                                         \
    [WATCH_##id] = {word, text, WATCH_IS_STATE, WATCH_TAKES_##takes, 0, 0},
#define WATCH_EVENT(id, word, where, claims, text)                                                 \
    [WATCH_##id] = {word, text, WATCH_IS_EVENT, WATCH_TAKES_EVENT, where, claims},
#include "watch/word.def"
};

/* A state that says only who it is lasts over the silences of a flight; one that says where may
   come again sooner. */
#define AGAIN_WHO_MS   INT64_C(21600000)
#define AGAIN_STATE_MS INT64_C(3600000)

/* ---- grammar ----

   watch := chain [ "again" "after" SPAN ]
   chain := or { "then" ["not"] or "within" SPAN }
   or    := and { "or" and }
   and   := not { "and" not }
   not   := "not" not | "(" or ")" | term */

static uint16_t add_node(struct parse *p, enum node_kind kind, uint16_t a, uint16_t b, size_t at)
{
    if (p->nodes == 2 * WATCH_TERMS_MAX) {
        lex_wrong(&p->lex, ERR_FULL, "a rule has at most %d conditions: write two watches",
                  WATCH_TERMS_MAX);
        return 0;
    }
    p->node[p->nodes] = (struct node){(uint8_t)kind, a, b, at};
    return (uint16_t)p->nodes++;
}

static uint16_t parse_not(struct parse *p)
{
    struct lex *l = &p->lex;
    char room[40];
    const size_t at = l->at;
    uint16_t inner = 0;
    if (++p->depth > PARSE_DEPTH_MAX) {
        lex_wrong(l, ERR_FULL, "brackets and nots may lie %d deep", PARSE_DEPTH_MAX);
    } else if (lex_is(l, "not")) {
        lex_next(l);
        inner = parse_not(p);
        inner = l->e ? 0 : add_node(p, NODE_NOT, inner, 0, at);
    } else if (l->kind == LEX_OPEN) {
        lex_next(l);
        inner = parse_or(p);
        if (!l->e && l->kind != LEX_CLOSE) {
            lex_wrong(l, ERR_SYNTAX,
                      "%s where ')' was expected, or and, or: the bracket at byte %zu is open",
                      lex_said(l, room), at + 1);
        }
        lex_next(l);
    } else {
        const uint16_t term = parse_term(p);
        inner = l->e ? 0 : add_node(p, NODE_TERM, term, 0, at);
    }
    p->depth--;
    return inner;
}

static uint16_t parse_and(struct parse *p)
{
    uint16_t left = parse_not(p);
    while (!p->lex.e && lex_is(&p->lex, "and")) {
        const size_t at = p->lex.at;
        lex_next(&p->lex);
        const uint16_t right = parse_not(p);
        left = p->lex.e ? 0 : add_node(p, NODE_AND, left, right, at);
    }
    return left;
}

uint16_t parse_or(struct parse *p)
{
    uint16_t left = parse_and(p);
    while (!p->lex.e && lex_is(&p->lex, "or")) {
        const size_t at = p->lex.at;
        lex_next(&p->lex);
        const uint16_t right = parse_and(p);
        left = p->lex.e ? 0 : add_node(p, NODE_OR, left, right, at);
    }
    return left;
}

static enum err parse_step(struct parse *p)
{
    struct lex *l = &p->lex;
    struct watch_rule *r = p->rule;
    char room[40];
    if (r->steps == WATCH_STEPS) {
        return lex_wrong(l, ERR_FULL, "a rule has at most %d steps", WATCH_STEPS);
    }
    struct watch_step *s = &r->step[r->steps];
    if (r->steps > 0) {
        lex_next(l); /* then */
        s->absent = lex_is(l, "not");
        if (s->absent) {
            lex_next(l);
        }
    }
    const uint16_t node = parse_or(p);
    if (l->e || cases_add(p, node, false, &s->first, &s->cases)) {
        return l->e;
    }
    if (r->steps > 0) {
        if (!lex_is(l, "within")) {
            return lex_wrong(l, ERR_SYNTAX,
                             "%s where 'within' was expected: what comes then says how soon, as "
                             "within 8 h",
                             lex_said(l, room));
        }
        lex_next(l);
        if (parse_span(p, &s->within_ms)) {
            return l->e;
        }
        if (r->step[r->steps - 1].absent) {
            return lex_wrong(l, ERR_SYNTAX,
                             "'then not' is the last step: nothing follows what "
                             "did not come");
        }
    }
    r->steps++;
    return ERR_OK;
}

/* A clearance is of no one aircraft: nothing can be said beside it but other events, with or. */
static enum err check_clearances(struct parse *p)
{
    const struct watch_rule *r = p->rule;
    for (uint16_t i = 0; i < r->cases && !p->lex.e; i++) {
        const struct watch_case *c = &r->of[i];
        const struct watch_term *t = c->event >= 0 ? &r->term[c->event] : NULL;
        if (t && t->word == WATCH_CLEARANCE && (c->lits || r->steps > 1)) {
            lex_wrong_at(&p->lex, t->at, ERR_SYNTAX,
                         "'clearance' is of no one aircraft: it stands alone, or beside others "
                         "with or");
        }
    }
    return p->lex.e;
}

static bool says_only_who(const struct watch_rule *r)
{
    for (uint16_t i = 0; i < r->lits; i++) {
        if (watch_word_row[r->term[r->lit[i].term].word].sort != WATCH_IS_WHO) {
            return false;
        }
    }
    return true;
}

static enum err parse_watch(struct parse *p)
{
    struct lex *l = &p->lex;
    struct watch_rule *r = p->rule;
    char room[40];
    if (l->kind == LEX_END) {
        return lex_wrong(l, ERR_SYNTAX, "the rule is empty: write a condition, as squawk 7700");
    }
    do {
        parse_step(p);
    } while (!l->e && lex_is(l, "then"));
    if (!l->e && lex_is(l, "again")) {
        lex_next(l);
        if (!lex_is(l, "after")) {
            return lex_wrong(l, ERR_SYNTAX, "%s where 'after' was expected: again after 6 h",
                             lex_said(l, room));
        }
        lex_next(l);
        parse_span(p, &r->again_ms);
    }
    if (!l->e && l->kind != LEX_END) {
        return lex_wrong(l, ERR_SYNTAX,
                         "%s where and, or, then, again or the end of the rule was expected",
                         lex_said(l, room));
    }
    if (!l->e) {
        check_clearances(p);
    }
    if (!r->again_ms) {
        r->again_ms = says_only_who(r) ? AGAIN_WHO_MS : AGAIN_STATE_MS;
    }
    return l->e;
}

enum err watch_rule_read(const char *text, size_t n, const struct watch_names *names,
                         struct watch_rule **out, struct watch_wrong *wrong)
{
    struct parse p = {.names = names};
    *out = NULL;
    if (n > WATCH_TEXT_MAX) {
        *wrong = (struct watch_wrong){.at = WATCH_TEXT_MAX};
        snprintf(wrong->why, sizeof wrong->why,
                 "the rule has %zu bytes and may have %d: keep areas under a name of their own", n,
                 WATCH_TEXT_MAX);
        return ERR_FULL;
    }
    struct watch_rule *r = calloc(1, sizeof *r);
    p.node = calloc(2 * WATCH_TERMS_MAX, sizeof *p.node);
    p.rule = r;
    p.nodes = 1; /* 0 is none */
    lex_start(&p.lex, text, n, wrong);
    if (r) {
        r->term = calloc(WATCH_TERMS_MAX, sizeof *r->term);
        r->value = calloc(WATCH_VALUES_MAX, sizeof *r->value);
        r->of = calloc((size_t)WATCH_CASES_MAX * 4, sizeof *r->of);
        r->lit = calloc((size_t)WATCH_CASES_MAX * 4 * PARSE_LITERALS_MAX, sizeof *r->lit);
        r->area = calloc(WATCH_TERMS_MAX, sizeof *r->area);
    }
    if (!r || !p.node || !r->term || !r->value || !r->of || !r->lit || !r->area) {
        lex_wrong(&p.lex, ERR_MEMORY, "out of memory");
    } else {
        parse_watch(&p);
    }
    free(p.node);
    if (p.lex.e) {
        watch_rule_free(r);
        return p.lex.e;
    }
    *out = r;
    return ERR_OK;
}

void watch_rule_free(struct watch_rule *r)
{
    if (r) {
        for (uint16_t i = 0; r->area && i < r->areas; i++) {
            area_shape_free(r->area[i].shape);
        }
        free(r->term);
        free(r->value);
        free(r->of);
        free(r->lit);
        free(r->area);
        free(r);
    }
}

/* ---- patterns ---- */

/* Whether one character fits the set after '['; *next is behind its ']'. */
static bool set_fits(const char *set, int c, const char **next)
{
    bool fits = false;
    const char *p = set;
    while (*p && *p != ']') {
        const int low = toupper((unsigned char)p[0]);
        if (p[1] == '-' && p[2] && p[2] != ']') {
            fits |= c >= low && c <= toupper((unsigned char)p[2]);
            p += 3;
        } else {
            fits |= c == low;
            p++;
        }
    }
    *next = *p ? p + 1 : p;
    return fits;
}

/* One character of text against one element of the pattern. */
static bool one_fits(const char *pattern, char c, const char **next)
{
    const int upper = toupper((unsigned char)c);
    if (*pattern == '[') {
        return set_fits(pattern + 1, upper, next);
    }
    *next = pattern + 1;
    return *pattern == '?' || toupper((unsigned char)*pattern) == upper;
}

/* A star takes one more character whenever what follows it does not fit: only the last star needs
   to be come back to, so there are no more steps than characters times elements. */
bool watch_pattern_fits(const char *pattern, const char *text)
{
    const char *star = NULL, *from = NULL;
    while (*text) {
        const char *next = pattern;
        if (*pattern == '*') {
            star = ++pattern;
            from = text;
        } else if (*pattern && one_fits(pattern, *text, &next)) {
            pattern = next;
            text++;
        } else if (star) {
            pattern = star;
            text = ++from;
        } else {
            return false;
        }
    }
    while (*pattern == '*') {
        pattern++;
    }
    return *pattern == '\0';
}
