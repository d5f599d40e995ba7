/* The text of a rule → tokens, and complaints that name their place. Inside this room only. */
#ifndef MASAR_WATCH_LEX_H
#define MASAR_WATCH_LEX_H

#include "watch/rule.h"

enum lex_kind { LEX_END, LEX_WORD, LEX_QUOTED, LEX_COMPARE, LEX_COMMA, LEX_OPEN, LEX_CLOSE };

struct lex {
    const char *text;
    size_t n, pos;
    struct watch_wrong *wrong;
    enum err e; /* the first */
    /* the token that is looked at: */
    enum lex_kind kind;
    const char *p; /* len bytes; of a quoted one without its quotes */
    size_t at, len;
};

/* Looks at the first token. */
void lex_start(struct lex *l, const char *text, size_t n, struct watch_wrong *wrong);
void lex_next(struct lex *l);
/* The next token is an area: to the next blank or closing bracket, or a GeoJSON object. */
void lex_next_area(struct lex *l);

/* Whether the token is this word, case aside, and not quoted. */
bool lex_is(const struct lex *l, const char *word);

/* Complains at the token (lex_wrong) or a byte, once; returns e. */
__attribute__((format(printf, 3, 4))) enum err lex_wrong(struct lex *l, enum err e,
                                                         const char *format, ...);
__attribute__((format(printf, 4, 5))) enum err lex_wrong_at(struct lex *l, size_t at, enum err e,
                                                            const char *format, ...);

/* "'foo'" or "the end", for complaints. */
const char *lex_said(const struct lex *l, char room[40]);

#endif
