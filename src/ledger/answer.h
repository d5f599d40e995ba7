/* The answer to a question to the ledger: the rows of a store, put together to flights, arrivals,
   departures, stays or events, each with who it is, how surely and from what, and their sum:
   how many are expected, the interval that holds the true number with 90 %, how many were
   observed, and the lift capacity they offered, never what was carried.

   A row's p is the probability that it happened there: the rows of one leg and one question never
   sum to more than 1. An arrival is in the place and time where it may have landed; the one time
   it is listed by is claim_time(), a flight's that of its take-off. Rows come in the order of their
   times, addresses, legs. Pure but for the store. */
#ifndef MASAR_LEDGER_ANSWER_H
#define MASAR_LEDGER_ANSWER_H

#include "base/buf.h"
#include "identity/airport.h"
#include "identity/airspace.h"
#include "identity/identity.h"
#include "ledger/question.h"
#include "store/store.h"

struct ledger_views {
    const struct airports *airports;
    const struct identity_book *book;
    const struct airspace *airspace; /* NULL: events are in a country by their airport alone */
};

/* Adds the whole answer to out. On an error why says what is wrong: ERR_NOT_FOUND: the store has no
   ledger, or there is no such airport; ERR_SYSTEM, ERR_MEMORY. */
enum err ledger_answer(const struct ledger_question *q, struct store *s,
                       const struct ledger_views *v, struct buf *out, char *why, size_t why_size);

#endif
