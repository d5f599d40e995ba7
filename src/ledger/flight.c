#include "ledger/flight.h"

#include <string.h>

void flight_standing(const struct claim *c, size_t n, bool *stands)
{
    for (size_t i = 0; i < n; i++) {
        stands[i] = (c[i].flags & CLAIM_WITHDRAWN) == 0;
        const uint32_t old = c[i].supersedes;
        /* Numbers go up: the row corrected is not far before. */
        for (size_t k = i; old && k-- > 0 && c[k].number >= old;) {
            if (c[k].number == old) {
                stands[k] = false;
            }
        }
    }
}

static bool is_off(const struct claim *c)
{
    return c->kind == CLAIM_TOOK_OFF || c->kind == CLAIM_ORIGIN;
}

static bool is_of_flight(const struct claim *c)
{
    switch (c->kind) {
    case CLAIM_FIRST_SEEN:
    case CLAIM_TOOK_OFF:
    case CLAIM_LANDED:
    case CLAIM_FLIGHT_ENDED:
    case CLAIM_LEG:
    case CLAIM_GAP:
    case CLAIM_ORIGIN:
    case CLAIM_DESTINATION:
    case CLAIM_TURN_BACK:
    case CLAIM_TOUCH_AND_GO:
        return c->leg != 0;
    default:
        return false;
    }
}

static void take(struct flight *f, const struct claim *c)
{
    if (is_off(c) && (!f->off || f->off->kind != CLAIM_TOOK_OFF || c->kind == CLAIM_TOOK_OFF)) {
        f->off = c;
    } else if (c->kind == CLAIM_LANDED) {
        f->on = c;
    } else if (c->kind == CLAIM_DESTINATION) {
        f->destination = c;
    } else if (c->kind == CLAIM_LEG) {
        f->whole = c;
    }
    f->is_sortie &= (c->flags & CLAIM_NOT_SORTIE) == 0;
}

/* Rows of a leg may come after the next one began: what its landing tells of it. */
static struct flight *flight_of(struct flight *out, size_t *n, size_t max, const struct claim *c)
{
    size_t at = *n;
    while (at > 0 && out[at - 1].leg > c->leg) {
        at--;
    }
    if (at > 0 && out[at - 1].leg == c->leg) {
        return &out[at - 1];
    }
    if (*n == max) {
        return NULL;
    }
    memmove(&out[at + 1], &out[at], (*n - at) * sizeof *out);
    ++*n;
    out[at] = (struct flight){.leg = c->leg, .first = c, .is_sortie = true, .off_p = 1};
    return &out[at];
}

size_t flights_of(const struct claim *c, size_t n, const bool *stands, struct flight *out,
                  size_t max)
{
    size_t flights = 0;
    for (size_t i = 0; i < n; i++) {
        if (!stands[i] || !is_of_flight(&c[i])) {
            continue;
        }
        struct flight *f = flight_of(out, &flights, max, &c[i]);
        if (f) {
            take(f, &c[i]);
        }
    }
    for (size_t i = 0; i < flights; i++) { /* after a stop in a silence as surely as that */
        out[i].off_p = out[i].off && out[i].off->kind == CLAIM_TOOK_OFF ? out[i].off->p : 1;
    }
    return flights;
}
