/* A store whose ledger holds N movements of 40 transports between Ramstein and two bases over 200
   days: make_operation STORE N. What `masar operation show` and the board over HTTP are measured
   with. */
#include "store/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS  INT64_C(86400000)
#define HOUR_MS INT64_C(3600000)
#define START   INT64_C(1717718400000) /* 2024-06-07 */

enum { AIRFRAMES = 40, DAYS = 200 };

static void put(struct store *s, struct claim c)
{
    if (store_ledger_append(s, "made", &c, 1, c.made_ms)) {
        fprintf(stderr, "the ledger cannot be written\n");
        exit(1);
    }
}

static struct claim end_of(enum claim_kind kind, uint32_t address, uint32_t leg, int64_t t_ms,
                           const char *airport)
{
    struct claim c = claim_none(kind, address, 0);
    c.method = CLAIM_METHOD_OBSERVED;
    c.leg = leg;
    c.p = 1;
    c.made_ms = c.t_lo_ms = c.t_hi_ms = c.sure_lo_ms = c.sure_hi_ms = t_ms;
    memcpy(c.flight, "RCH100  ", 8);
    c.candidates = 1;
    snprintf(c.candidate[0].airport, sizeof c.candidate[0].airport, "%s", airport);
    c.candidate[0].p = 0.98F;
    c.none_p = 0.02F;
    return c;
}

int main(int argc, char **argv)
{
    struct store *s;
    char why[256];
    const struct store_options o = {.mode = STORE_WRITE};
    const unsigned n = argc == 3 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
    if (n == 0 || store_open(argv[1], &o, &s, why, sizeof why)) {
        fprintf(stderr, "make_operation STORE N: %s\n", n ? why : "name a store and a number");
        return 2;
    }
    uint32_t number[AIRFRAMES] = {0};
    for (unsigned i = 0; i < n; i++) {
        const unsigned a = i % AIRFRAMES, leg = i / AIRFRAMES;
        const int64_t off = START + (int64_t)((double)i / n * DAYS * (double)DAY_MS);
        const bool out = leg % 2 == 1;
        const char *base = a % 2 ? "DRZA" : "DRRN";
        struct claim row[3] = {
            end_of(CLAIM_TOOK_OFF, 0xaefd00 + a, leg + 1, off, out ? base : "ETAR"),
            end_of(CLAIM_LANDED, 0xaefd00 + a, leg + 1, off + 5 * HOUR_MS, out ? "ETAR" : base),
            end_of(CLAIM_LEG, 0xaefd00 + a, leg + 1, off + 5 * HOUR_MS, out ? "ETAR" : base)};
        for (unsigned k = 0; k < 3; k++) {
            row[k].number = ++number[a];
            put(s, row[k]);
        }
    }
    store_close(s);
    return 0;
}
