#include "app/operation/operation_board.h"

#include <stdlib.h>

/* Fewer than of the forecast itself: these are read to a week. */
enum { SCENARIO_DRAWS = 400, SCENARIO_SEED = 7141 };

struct board_view operation_board_view(const struct operation_now *now,
                                       const struct operation_views *views)
{
    return (struct board_view){.o = &now->o,
                               .m = &now->matches,
                               .sorties = now->sorties.of,
                               .n_sorties = now->sorties.n,
                               .forecast = &now->forecast,
                               .series = now->series,
                               .at_ms = now->at_ms,
                               .country = operation_country,
                               .ctx = (void *)views};
}

static enum err make_scenarios(const struct operation_now *now, const struct operation_views *views,
                               struct board_view *v, struct forecast *of)
{
    size_t n;
    const struct item *f = operation_all(&now->o, ITEM_FACTOR, &n);
    enum err e = ERR_OK;
    for (size_t k = 0; k < n && v->scenarios < BOARD_SCENARIOS && !e; k++) {
        const double kg = item_number(&f[k], SAID_FACTOR_PAYLOAD, 0) *
                          unit_word[item_unit(&f[k], SAID_FACTOR_UNIT)].low;
        const struct forecast_options with = {.now_ms = now->at_ms,
                                              .seed = SCENARIO_SEED,
                                              .draws = SCENARIO_DRAWS,
                                              .load_kg = kg,
                                              .country = operation_country,
                                              .ctx = (void *)views};
        if (kg > 0) {
            e = forecast_make(&now->o, &now->matches, &with, &of[v->scenarios]);
            v->scenario[v->scenarios].factor = &f[k];
            v->scenario[v->scenarios].forecast = &of[v->scenarios];
            v->scenarios++;
        }
    }
    return e;
}

enum err operation_board_json(const struct operation_now *now, const struct operation_views *views,
                              struct operation_file *f, bool published, struct buf *out)
{
    struct board_view v = operation_board_view(now, views);
    struct buf before = {0}, statements = {0};
    struct forecast *of = calloc(BOARD_SCENARIOS, sizeof *of);
    enum err e = of ? make_scenarios(now, views, &v, of) : ERR_MEMORY;
    buf_add(&before, now->before.p, now->before.n);
    buf_byte(&before, 0);
    e = e ? e : operation_file_statements(f, now->o.key, published, &statements);
    buf_byte(&statements, 0);
    if (!e && !before.failed && !statements.failed) {
        v.before = now->before.n ? (const char *)before.p : NULL;
        v.statements = (const char *)statements.p;
        v.published = published;
        e = board_write(&v, out);
    }
    free(of);
    buf_free(&before);
    buf_free(&statements);
    return e;
}
