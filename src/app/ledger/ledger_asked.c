#include "app/ledger/ledger_asked.h"

#include "ledger/answer.h"
#include "ledger/now.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 20000, BRIEF_MAX = 200 };

static enum err read_args(struct ledger_question *q, const char *args, char *why, size_t why_size)
{
    char *copy = strdup(args), *rest = copy;
    enum err e = copy ? ERR_OK : ERR_MEMORY;
    for (char *pair; !e && (pair = strsep(&rest, "&"));) {
        char *value = strchr(pair, '=');
        if (pair[0] == 0 || strncmp(pair, "_=", 2) == 0) { /* what keeps caches away */
            continue;
        }
        if (value) {
            *value++ = 0;
        }
        e = ledger_question_set(q, pair, value ? value : "", why, why_size);
    }
    free(copy);
    return e;
}

static int status_of(enum err e)
{
    return e == ERR_OK ? 200 : e == ERR_NOT_FOUND ? 404 : 503;
}

int ledger_asked_now(struct ledger_world *w, struct store *s, uint32_t address, struct buf *out,
                     char *why, size_t why_size)
{
    const struct ledger_views v = ledger_world_answering(w);
    return status_of(ledger_now(address, s, &v, out, why, why_size));
}

/* "hex=3c6444,ae07e4": how many of them; 0 where the list is none. */
static size_t read_list(const char *args, uint32_t address[BRIEF_MAX])
{
    size_t n = 0;
    const char *at = strncmp(args, "hex=", 4) == 0 ? args + 4 : "";
    while (*at && n < BRIEF_MAX) {
        const bool other = *at == '~';
        char *end;
        const unsigned long v = strtoul(at + other, &end, 16);
        if (end - at != 6 + other || !isxdigit((unsigned char)at[other]) || (*end && *end != ',')) {
            return 0;
        }
        address[n++] = (uint32_t)v | (other ? ADDRESS_NON_ICAO : 0);
        at = end + (*end == ',');
    }
    return *at ? 0 : n;
}

static int asked_brief(struct store *s, const char *args, struct buf *out, char *why,
                       size_t why_size)
{
    uint32_t address[BRIEF_MAX];
    const size_t n = read_list(args, address);
    if (n == 0) {
        snprintf(why, why_size,
                 "hex: write 1 to %d addresses of six hexadecimal digits, as "
                 "hex=3c6444,ae07e4",
                 BRIEF_MAX);
        return 400;
    }
    return status_of(ledger_now_brief(address, n, s, out, why, why_size));
}

int ledger_asked(struct ledger_world *w, struct store *s, const char *what, const char *args,
                 struct buf *out, char *why, size_t why_size)
{
    const struct ledger_views v = ledger_world_answering(w);
    struct ledger_question q;
    int status = 400;
    if (strcmp(what, "movements") == 0) {
        return asked_brief(s, args, out, why, why_size);
    }
    snprintf(why, why_size, "out of memory");
    ledger_question_start(&q, ledger_what_find(what));
    q.format = LEDGER_JSON;
    q.lands = ledger_world_lands(w);
    q.limit = ROWS_MAX;
    if (read_args(&q, args, why, why_size)) {
        status = 400;
    } else if (q.format != LEDGER_JSON) {
        snprintf(why, why_size, "format: the answers here are json; masar %s writes tables and CSV",
                 what);
    } else if (q.limit > ROWS_MAX) {
        snprintf(why, why_size, "limit: %d at most; from and to say which part", ROWS_MAX);
    } else {
        status = status_of(ledger_answer(&q, s, &v, out, why, why_size));
    }
    ledger_question_free(&q);
    return status;
}
