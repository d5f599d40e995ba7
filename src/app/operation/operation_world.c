#include "app/operation/operation_world.h"

#include "operation/board.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct operation_world {
    struct operation_views views;
};

/* Seed of every forecast: one instant, one answer. */
enum { SEED = 7140 };

#define DAY_MS INT64_C(86400000)

struct operation_world *operation_world_open(const struct ledger_world *ledger)
{
    struct operation_world *w = calloc(1, sizeof *w);
    if (!w) {
        return NULL;
    }
    w->views = (struct operation_views){.airports = ledger_world_airports(ledger),
                                        .book = ledger_world_book(ledger),
                                        .airspace = ledger_world_airspace(ledger)};
    return w;
}

void operation_world_close(struct operation_world *w)
{
    free(w);
}

const struct operation_views *operation_world_views(const struct operation_world *w)
{
    return &w->views;
}

enum err operation_now_open(struct operation_world *w, struct operation_file *f, struct store *s,
                            const struct operation_question *q, struct operation_now *out,
                            char *why, size_t why_size)
{
    memset(out, 0, sizeof *out);
    enum err e = q->state
                     ? operation_file_load_at(f, q->operation, q->state, &out->o, why, why_size)
                     : operation_file_load(f, q->operation, &out->o, why, why_size);
    if (e) {
        return e;
    }
    const int64_t end = item_ms(operation_head(&out->o), SAID_HEAD_DEADLINE) + DAY_MS;
    out->at_ms = q->at_ms != SORTIE_NO_TIME ? q->at_ms : q->now_ms < end ? q->now_ms : end;
    out->series = q->series ? malloc(sizeof *out->series) : NULL;
    const struct forecast_options with = {.now_ms = out->at_ms,
                                          .seed = SEED,
                                          .series = out->series,
                                          .country = operation_country,
                                          .ctx = &w->views};
    e = q->series && !out->series ? ERR_MEMORY : ERR_OK;
    e = e ? e : operation_sorties(&out->o, s, &w->views, out->at_ms, q->edition, &out->sorties);
    e = e ? e : match_all(&out->o, out->sorties.of, out->sorties.n, out->at_ms, &out->matches);
    e = e ? e
          : operation_paths(&out->matches, s, f, &w->views, out->at_ms,
                            q->all_paths ? SIZE_MAX : BOARD_FLIGHTS);
    e = e ? e : forecast_make(&out->o, &out->matches, &with, &out->forecast);
    e = e ? e : operation_file_forecasts(f, q->operation, out->at_ms, &out->before);
    if (e) {
        snprintf(why, why_size, e == ERR_MEMORY ? "out of memory" : "the store cannot be read");
        operation_now_close(out);
    }
    return e;
}

void operation_now_close(struct operation_now *n)
{
    operation_free(&n->o);
    sorties_free(&n->sorties);
    matches_free(&n->matches);
    buf_free(&n->before);
    free(n->series);
}
