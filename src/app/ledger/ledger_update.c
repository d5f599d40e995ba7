#include "app/ledger/ledger_update.h"

#include "app/bench/bench.h"
#include "app/ledger/ledger_live.h"
#include "app/ledger/ledger_rebuild.h"
#include "store/ledger.h"

#include <inttypes.h>
#include <stdio.h>

static enum err rebuild(const struct ledger_update *u, char *why, size_t why_size)
{
    const struct ledger_rebuild r = {
        .dir = u->dir, .writer = u->writer, .sources = u->sources, .progress = u->progress};
    struct ledger_rebuilt done;
    const enum err e = ledger_rebuild(&r, &done, why, why_size);
    if (!e) {
        fprintf(stderr,
                "ledger: made anew of %" PRIu64 " positions in %.1f s: edition %" PRId64
                ", %" PRIu64 " rows; %" PRIu64 " came, %" PRIu64 " went\n",
                done.points, done.all_s, done.change.edition, done.change.rows, done.change.came,
                done.change.gone);
    }
    return e;
}

static enum err go_on(const struct ledger_update *u, const struct store_ledger_state *before,
                      char *why, size_t why_size)
{
    const double start_s = bench_wall_s();
    struct store_ledger_state after;
    struct ledger_live *l = ledger_live_open(u->dir, &u->sources, u->writer, why, why_size);
    if (!l) {
        return ERR_SYSTEM;
    }
    enum err e = ERR_OK;
    do {
        e = ledger_live_sync(l, true);
    } while (!e && ledger_live_waits(l));
    ledger_live_close(l);
    e = e ? e : store_ledger_state(u->writer, &after);
    if (e) {
        snprintf(why, why_size, "%s", err_text(e));
        return e;
    }
    fprintf(stderr, "ledger: went on in %.1f s: %" PRIu64 " rows came\n", bench_wall_s() - start_s,
            after.rows - before->rows);
    return ERR_OK;
}

enum err ledger_update(const struct ledger_update *u, char *why, size_t why_size)
{
    struct store_ledger_state state;
    const enum err e = store_ledger_state(u->writer, &state);
    if (e) {
        snprintf(why, why_size, "%s", err_text(e));
        return e;
    }
    const bool newer =
        state.edition > 0 && state.through_ms != KEPT_NO_TIME && u->since_ms > state.through_ms;
    return newer ? go_on(u, &state, why, why_size) : rebuild(u, why, why_size);
}
