/* GET /api/v1/flights, arrivals, departures, stays, orbits, events, aircraft/HEX/movement: what the
   ledger of movements says. The question is read and answered by whoever knows the reference data.
 */
#include "serve/asked.h"
#include "serve/internal.h"
#include "serve/query.h"

#include <stdio.h>
#include <string.h>

static int make(struct asked_work *w)
{
    if (!w->options->ledger) {
        snprintf(w->why, ASKED_WHY_MAX, "this server keeps no ledger");
        return 404;
    }
    return w->options->ledger(w->options->ctx, w->store, strrchr(w->path, '/') + 1, w->args, w->out,
                              w->why, ASKED_WHY_MAX);
}

static int make_now(struct asked_work *w)
{
    uint32_t address = 0;
    if (!w->options->ledger_now) {
        snprintf(w->why, ASKED_WHY_MAX, "this server keeps no ledger");
        return 404;
    }
    if (!query_hex(w->rest, &address)) {
        snprintf(w->why, ASKED_WHY_MAX, "'%.20s' is no address: six hexadecimal digits", w->rest);
        return 400;
    }
    return w->options->ledger_now(w->options->ctx, w->store, address, w->out, w->why,
                                  ASKED_WHY_MAX);
}

void api_movement(struct serve *s, const struct request *q, struct answer *a)
{
    asked_answer(s, q, a, make_now);
}

void api_ledger(struct serve *s, const struct request *q, struct answer *a)
{
    asked_answer(s, q, a, make);
}
