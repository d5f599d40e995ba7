/* A statement: what is known of an operation at an instant, as one page of HTML that stands alone
   and prints. The same input gives the same bytes. The page names its own hash; where it stands is
   STATEMENT_HASH_DIGITS zeros until statement_name puts it in. Pure. */
#ifndef MASAR_OPERATION_STATEMENT_H
#define MASAR_OPERATION_STATEMENT_H

#include "identity/airspace.h"
#include "operation/board.h"

enum { STATEMENT_HASH_DIGITS = 64, STATEMENT_FLIGHTS = 12 };

enum { STATEMENT_PROGRAM_MAX = 40 };

/* A flight of the page with its kept points, thinned, in the order of time. */
struct statement_track {
    const struct match *m;
    struct statement_point {
        int64_t t_ms;
        int32_t lat_e7, lon_e7;
    } * point;
    size_t n, kept; /* kept: before thinning */
};

struct statement_view {
    const struct board_view *board;
    unsigned language;
    int64_t from_ms;        /* flights since are told one by one */
    int64_t state, edition; /* the operation's last change and the ledger's edition it rests on */
    const char *program;    /* and its version: other words or rules make other bytes */
    struct statement_track track[STATEMENT_FLIGHTS];
    size_t tracks;
    bool earlier;                /* none since from_ms: the tracks are the last before it */
    const struct airspace *land; /* NULL: none is drawn */
    /* A place's name, "" not known; borrowed until the next call. */
    const char *(*name)(void *ctx, const char *airport);
    bool (*where)(void *ctx, const char *airport, int32_t *lat_e7, int32_t *lon_e7);
    void *ctx;
};

/* Which flights the page tells: those with an end in [from, at], the surest and newest, by time.
   Returns how many. */
size_t statement_pick(const struct board_view *v, int64_t from_ms,
                      const struct match *out[STATEMENT_FLIGHTS]);

/* ERR_MEMORY. */
enum err statement_write(const struct statement_view *v, struct buf *out);

/* Where the hash stands in a page; SIZE_MAX: this is none. */
size_t statement_hash_at(const void *page, size_t n);

/* The program a page says it was made by: `masar 0.1.0`. False: it does not say. */
bool statement_program(const void *page, size_t n, char out[STATEMENT_PROGRAM_MAX]);

/* What a page says it was made of. False: it is none. key: ITEM_KEY_MAX + 1 bytes. */
bool statement_read(const void *page, size_t n, char *key, int64_t *at_ms, unsigned *language,
                    int64_t *state, int64_t *edition);

/* --- between the files of this room --- */
void statement_map(const struct statement_view *v, struct buf *out);
void statement_time_line(const struct statement_view *v, struct buf *out);
void statement_escape(struct buf *out, const char *text);

#endif
