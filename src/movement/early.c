/* A ghost shows after some points: what it has been given rows of by then is taken back, each row
   by one that supersedes it. The rows that say it is one stay. */
#include "movement/internal.h"

#include <string.h>

static bool is_of_trust(uint8_t kind)
{
    return kind == CLAIM_SPOOFED || kind == CLAIM_ADDRESS_SHARED;
}

void early_note(struct aircraft *a, const struct claim *c)
{
    struct early *e = &a->early;
    for (unsigned i = 0; i < e->n; i++) {
        if (e->row[i].number == c->supersedes && c->supersedes != 0) {
            e->row[i] = e->row[--e->n];
            break;
        }
    }
    if (is_of_trust(c->kind) || c->flags & CLAIM_WITHDRAWN) {
        return;
    }
    if (e->n == EARLY_ROWS) { /* longer than a ghost takes to show: the oldest stands */
        memmove(&e->row[0], &e->row[1], (EARLY_ROWS - 1) * sizeof e->row[0]);
        e->n--;
    }
    e->row[e->n].number = c->number;
    e->row[e->n].leg = c->leg;
    e->row[e->n++].kind = c->kind;
}

void early_withdraw(struct movement *m, struct aircraft *a, int64_t t_ms)
{
    const struct early rows = a->early;
    a->early.n = 0;
    for (unsigned i = 0; i < rows.n; i++) {
        struct claim c = row_of(a, (enum claim_kind)rows.row[i].kind, CLAIM_METHOD_TRUST);
        c.leg = rows.row[i].leg;
        row_times(&c, t_ms, t_ms);
        c.p = 0;
        c.supersedes = rows.row[i].number;
        c.flags |= CLAIM_WITHDRAWN | CLAIM_NOT_SORTIE;
        c.evidence.rules |= 1U << CLAIM_RULE_INTEGRITY;
        row_give(m, a, &c);
    }
    if (a->pattern) {
        pattern_free(a->pattern);
        a->pattern = NULL;
        a->pattern_claim = 0; /* taken back above */
    }
    again_free(a);
    memset(&a->leg, 0, sizeof a->leg);
    a->state = FLIGHT_NEW;
    a->closed = false;
    a->has_landed = false;
    a->landed_claim = 0;
}
