/* The operation board as JSON: what it is, sums, days, requirement with forecast, clearances,
   claims with how they stand, who else was there, what is expected next. docs/OPERATIONS.md names
   each key. Pure. */
#ifndef MASAR_OPERATION_BOARD_H
#define MASAR_OPERATION_BOARD_H

#include "operation/forecast.h"
#include "operation/verdict.h"

enum { BOARD_FLIGHTS = 400, BOARD_SCENARIOS = 8 };

struct board_view {
    const struct operation *o;
    const struct matches *m;
    const struct sortie *sorties; /* all, for what is in the air */
    size_t n_sorties;
    const struct forecast *forecast;
    const struct forecast_series *series; /* NULL: no days are drawn */
    struct {
        const struct item *factor;
        const struct forecast *forecast;
    } scenario[BOARD_SCENARIOS]; /* one a planning factor */
    size_t scenarios;
    int64_t at_ms;
    const char *before;     /* forecasts made before, JSON; NULL none */
    const char *statements; /* JSON array; NULL none */
    bool published;         /* without what is sensitive */
    const char *(*country)(void *ctx, const char *airport);
    void *ctx;
};

/* ERR_MEMORY. */
enum err board_write(const struct board_view *v, struct buf *out);

/* Parts of it, each a JSON value. */
enum err board_flights(const struct board_view *v, size_t from, size_t most, struct buf *out);
enum err board_claims(const struct board_view *v, struct buf *out);
enum err board_clearances(const struct board_view *v, struct buf *out);
void board_forecast(const struct forecast *f, struct buf *out);
enum err board_sums(const struct board_view *v, struct buf *out);

/* What the forecast says as one sentence. */
void board_sentence(const struct board_view *v, unsigned language, struct buf *out);

#endif
