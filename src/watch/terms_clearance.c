/* What stands behind `clearance`. */
#include "watch/parse.h"

#include <string.h>

enum err parse_clearance(struct parse *p, struct watch_term *t)
{
    struct lex *l = &p->lex;
    char room[40];
    static const char *const words[] = {"lapses", "within"};
    if (lex_is(l, "country")) {
        lex_next(l);
        t->where = WATCH_IN_COUNTRY;
        parse_countries(p, &t->place, &t->places);
    }
    for (unsigned i = 0; i < 2 && !l->e; i++) {
        if (!lex_is(l, words[i])) {
            return lex_wrong(l, ERR_SYNTAX,
                             "%s where '%s' was expected, as clearance lapses within 48 h",
                             lex_said(l, room), words[i]);
        }
        lex_next(l);
    }
    if (l->e || parse_span(p, &t->span_ms) || !lex_is(l, "of")) {
        return l->e;
    }
    lex_next(l);
    char *name = p->rule->operation;
    if ((l->kind != LEX_WORD && l->kind != LEX_QUOTED) || l->len >= WATCH_CLEARANCE_MAX ||
        (name[0] && (strlen(name) != l->len || memcmp(name, l->p, l->len) != 0))) {
        return lex_wrong(l, ERR_SYNTAX, "%s where the name of an operation was expected%s",
                         lex_said(l, room), name[0] ? ": one a watch" : "");
    }
    memcpy(name, l->p, l->len);
    name[l->len] = '\0';
    char known[WATCH_WHY_MAX / 2];
    const struct watch_names *names = p->names;
    if (names->operation && !names->operation(names->ctx, name, known, sizeof known)) {
        return lex_wrong(l, ERR_NOT_FOUND, "there is no operation '%s': there are %s", name, known);
    }
    lex_next(l);
    return l->e;
}
