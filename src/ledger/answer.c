#include "ledger/answer.h"

#include "identity/address.h"
#include "ledger/row.h"
#include "store/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct answering {
    const struct ledger_question *q;
    const struct ledger_views *v;
    struct ledger_rows rows;
    struct claim *claim; /* of one airframe */
    bool *stands;
    struct flight *flight;
    size_t n, cap;
};

static bool has_room(struct answering *a)
{
    if (a->n < a->cap) {
        return true;
    }
    const size_t cap = a->cap ? a->cap * 2 : 256;
    struct claim *claim = realloc(a->claim, cap * sizeof *claim);
    a->claim = claim ? claim : a->claim;
    bool *stands = realloc(a->stands, cap * sizeof *stands);
    a->stands = stands ? stands : a->stands;
    struct flight *flight = realloc(a->flight, cap * sizeof *flight);
    a->flight = flight ? flight : a->flight;
    if (!claim || !stands || !flight) {
        a->rows.failed = true;
        return false;
    }
    a->cap = cap;
    return true;
}

static void end_airframe(struct answering *a)
{
    if (a->n > 0) {
        ledger_rows_add(&a->rows, a->q, a->v, a->claim, a->n, a->stands, a->flight);
    }
    a->n = 0;
}

static bool take(void *ctx, const struct claim *c)
{
    struct answering *a = ctx;
    if (a->n > 0 && (a->claim[0].address != c->address || a->claim[0].epoch != c->epoch)) {
        end_airframe(a);
    }
    if (!has_room(a)) {
        return false;
    }
    a->claim[a->n++] = *c;
    a->rows.missed.now_ms = c->made_ms > a->rows.missed.now_ms ? c->made_ms : a->rows.missed.now_ms;
    return !a->rows.failed;
}

#define ORDER(member)                                                                              \
    if (a->member != b->member) {                                                                  \
        return a->member < b->member ? -1 : 1;                                                     \
    }

static int compare(const void *p, const void *q)
{
    const struct ledger_row *a = p, *b = q;
    ORDER(t_ms)
    ORDER(address)
    ORDER(epoch)
    ORDER(leg)
    ORDER(number)
    return strcmp(a->airport, b->airport);
}

/* Behind the last row of the answer before: the rows up to it stay for the sums. */
static void pass_over(struct answering *a)
{
    const struct ledger_after *after = &a->q->after;
    struct ledger_row last = {.t_ms = after->t_ms,
                              .address = after->address,
                              .epoch = (uint16_t)after->epoch,
                              .leg = after->leg,
                              .number = after->number};
    memcpy(last.airport, after->airport, sizeof last.airport);
    while (after->given && a->rows.from < a->rows.n &&
           compare(&a->rows.row[a->rows.from], &last) <= 0) {
        a->rows.from++;
    }
}

static enum err run(struct answering *a, struct store *s, char *why, size_t why_size)
{
    const struct ledger_question *q = a->q;
    /* A row's place is one of its candidates, not only the first: places are looked at later. */
    const struct store_ledger_query find = {
        .address = q->address, .from_ms = q->from_ms, .to_ms = q->to_ms, .edition = q->edition};
    size_t torn = 0;
    const enum err e = store_ledger_find(s, &find, take, a, &torn);
    end_airframe(a);
    if (e || a->rows.failed) {
        snprintf(why, why_size, e ? "the ledger cannot be read" : "out of memory");
        return e ? e : ERR_MEMORY;
    }
    if (ledger_rows_weigh(&a->rows, q, a->v)) {
        snprintf(why, why_size, "out of memory");
        return ERR_MEMORY;
    }
    if (a->rows.n > 1) {
        qsort(a->rows.row, a->rows.n, sizeof *a->rows.row, compare);
    }
    pass_over(a);
    return ERR_OK;
}

/* States have addresses; what belongs to one and has a code of its own has airports. */
static bool is_country(const struct airports *airports, const char *country)
{
    bool is = address_has_country(country);
    for (uint32_t i = 0; i < airports_count(airports) && !is; i++) {
        is = strcmp(airport_at(airports, i)->country, country) == 0;
    }
    return is;
}

enum err ledger_answer(const struct ledger_question *q, struct store *s,
                       const struct ledger_views *v, struct buf *out, char *why, size_t why_size)
{
    struct answering a = {.q = q, .v = v, .rows.missed.now_ms = INT64_MIN};
    struct store_ledger_state state;
    enum err e = store_ledger_state(s, &state);
    if (!e && state.edition == 0) {
        snprintf(why, why_size,
                 "this store has no ledger yet: masar ledger rebuild --store DIR makes it");
        return ERR_NOT_FOUND;
    }
    if (q->airport[0] && airport_find(v->airports, q->airport, AIRPORT_TODAY) == AIRPORT_NONE &&
        airport_find(v->airports, q->airport, 0) == AIRPORT_NONE) {
        snprintf(why, why_size, "airport: nobody knows '%s'", q->airport);
        return ERR_NOT_FOUND;
    }
    if (q->country[0] && !is_country(v->airports, q->country)) {
        snprintf(why, why_size, "country: nobody knows '%s'", q->country);
        return ERR_NOT_FOUND;
    }
    e = e ? e : run(&a, s, why, why_size);
    if (!e) {
        struct ledger_names names = {.store = s};
        ledger_rows_write(&a.rows, q, &names, out);
        e = out->failed ? ERR_MEMORY : ERR_OK;
    }
    free(a.claim);
    free(a.stands);
    free(a.flight);
    ledger_rows_free(&a.rows);
    return e;
}
