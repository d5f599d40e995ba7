/* One line of an answer: what the claims of the ledger say, beside who the aircraft is. Inside this
   room only. */
#ifndef MASAR_LEDGER_ROW_H
#define MASAR_LEDGER_ROW_H

#include "ledger/answer.h"
#include "ledger/flight.h"
#include "ledger/missed.h"

struct ledger_row {
    uint32_t address, leg, number;
    uint16_t epoch;
    int64_t t_ms;                           /* what it is listed, and put in order, by */
    struct claim claim;                     /* what the row is of: of a flight the end of it */
    struct claim_candidate from, to;        /* the first candidates; "" none */
    char airport[12];                       /* arrivals, departures, stays: where; "" */
    float p;                                /* that it happened, there */
    float sum_p;                            /* by what is known of other flights by now */
    int64_t off_lo_ms, off_hi_ms, off_t_ms; /* CLAIM_NO_TIME */
    int64_t on_lo_ms, on_hi_ms, on_t_ms;    /* CLAIM_NO_TIME */
    int off_method, on_method;              /* -1: none */
    bool observed, is_sortie, is_over;
    bool is_unheard; /* a flight no point of which was heard: it follows from others */
    /* who */
    char registration[17], type[5], operator[9], class[24], country[3];
    bool military;
    uint32_t lift_kg[3]; /* low, plan, max; 0 not known */
};

/* Names of receivers looked up last. */
enum { LEDGER_NAMES = 64 };
struct ledger_names {
    struct store *store;
    struct ledger_name {
        uint16_t number; /* 0: none */
        char name[201];
    } of[LEDGER_NAMES];
};

struct ledger_rows {
    struct ledger_row *row;
    size_t n, cap;
    size_t from; /* shown from here on */
    bool failed; /* out of memory */
    struct missed missed;
};

/* Adds what the rows of one airframe answer. stands, flight: room for n. */
void ledger_rows_add(struct ledger_rows *r, const struct ledger_question *q,
                     const struct ledger_views *v, const struct claim *c, size_t n, bool *stands,
                     struct flight *flight);

/* Weighs in sum_p what later flights say of where earlier ones had been. ERR_MEMORY. */
enum err ledger_rows_weigh(struct ledger_rows *r, const struct ledger_question *q,
                           const struct ledger_views *v);

void ledger_rows_free(struct ledger_rows *r);

/* Writes all rows, in order already, with their sum. */
void ledger_rows_write(const struct ledger_rows *r, const struct ledger_question *q,
                       struct ledger_names *names, struct buf *out);

#endif
