#include "ledger/resume.h"

#include "base/map.h"
#include "ledger/detect.h"
#include "ledger/together.h"

#include <stdlib.h>
#include <string.h>

/* Rows of an airframe that may be superseded yet, or made last. */
enum { RECENT = 16 };
struct recent {
    int64_t made_ms;
    uint32_t number, leg; /* in the ledger */
    uint32_t again;       /* the machine's own number, said again; 0: not yet */
    uint8_t kind;
};

/* Of an airframe the ledger knew. */
struct known {
    int64_t made_ms;      /* of its last row */
    uint32_t number, leg; /* the greatest of its rows */
    uint32_t by, by_leg;  /* more than the machine's own */
    struct recent recent[RECENT];
    uint8_t n;
};

/* A row of several aircraft, which has the same number whenever it is said. */
struct shared_row {
    uint32_t address, number;
    uint16_t epoch;
};

struct resume {
    int64_t through_ms;
    struct map map;
    struct known *known;
    size_t n, max;
    struct shared_row *row;
    size_t rows, rows_max;
    bool sorted;
};

struct resume *resume_new(int64_t through_ms)
{
    struct resume *r = calloc(1, sizeof *r);
    if (r && map_init(&r->map, 2 * DETECT_AIRCRAFT_MAX)) {
        free(r);
        return NULL;
    }
    if (r) {
        r->through_ms = through_ms;
    }
    return r;
}

void resume_free(struct resume *r)
{
    if (r) {
        map_free(&r->map);
        free(r->known);
        free(r->row);
        free(r);
    }
}

static uint32_t key_of(const struct claim *c)
{
    return claim_airframe(c->address, c->epoch);
}

/* ---- before ---- */

static enum err remember_shared(struct resume *r, const struct claim *c)
{
    if (r->rows == r->rows_max) {
        const size_t max = r->rows_max ? r->rows_max * 2 : 256;
        struct shared_row *more = realloc(r->row, max * sizeof *more);
        if (!more) {
            return ERR_MEMORY;
        }
        r->row = more;
        r->rows_max = max;
    }
    r->row[r->rows++] =
        (struct shared_row){.address = c->address, .number = c->number, .epoch = c->epoch};
    r->sorted = false;
    return ERR_OK;
}

static struct known *known_of(struct resume *r, const struct claim *c)
{
    const uint32_t i = map_get(&r->map, key_of(c));
    if (i != MAP_NONE) {
        return &r->known[i];
    }
    if (r->n == r->max) {
        const size_t max = r->max ? r->max * 2 : 1024;
        struct known *more = realloc(r->known, max * sizeof *more);
        if (!more) {
            return NULL;
        }
        r->known = more;
        r->max = max;
    }
    if (map_add(&r->map, key_of(c), (uint32_t)r->n)) {
        return NULL;
    }
    r->known[r->n] = (struct known){.made_ms = CLAIM_NO_TIME};
    return &r->known[r->n++];
}

static void forget(struct known *k, unsigned at, unsigned n)
{
    memmove(&k->recent[at], &k->recent[at + n], (k->n - at - n) * sizeof k->recent[0]);
    k->n -= (uint8_t)n;
}

/* Of where it is bound only the last word; of others the newest, all of one instant or none. */
static void remember_recent(struct known *k, const struct claim *c)
{
    for (unsigned i = 0; i < k->n && c->kind == CLAIM_DESTINATION; i++) {
        if (k->recent[i].number == c->supersedes && k->recent[i].made_ms != c->made_ms) {
            forget(k, i, 1);
        }
    }
    if (k->n == RECENT) {
        unsigned n = 1;
        while (n < RECENT && k->recent[n].made_ms == k->recent[0].made_ms) {
            n++;
        }
        forget(k, 0, n);
    }
    k->recent[k->n++] =
        (struct recent){.made_ms = c->made_ms, .number = c->number, .leg = c->leg, .kind = c->kind};
}

enum err resume_remember(struct resume *r, const struct claim *c)
{
    if (together_is_row(c)) {
        return remember_shared(r, c);
    }
    struct known *k = known_of(r, c);
    if (!k) {
        return ERR_MEMORY;
    }
    remember_recent(k, c);
    k->made_ms = c->made_ms > k->made_ms ? c->made_ms : k->made_ms;
    k->number = k->by = c->number > k->number ? c->number : k->number;
    k->leg = k->by_leg = c->leg > k->leg ? c->leg : k->leg;
    return ERR_OK;
}

/* ---- since ---- */

static int compare(const void *p, const void *q)
{
    const struct shared_row *a = p, *b = q;
    return a->address != b->address ? (a->address < b->address ? -1 : 1)
           : a->epoch != b->epoch   ? (a->epoch < b->epoch ? -1 : 1)
                                    : (a->number > b->number) - (a->number < b->number);
}

static bool has_shared(struct resume *r, const struct claim *c)
{
    const struct shared_row key = {.address = c->address, .number = c->number, .epoch = c->epoch};
    if (!r->sorted && r->rows > 1) {
        qsort(r->row, r->rows, sizeof *r->row, compare);
    }
    r->sorted = true;
    return r->rows > 0 && bsearch(&key, r->row, r->rows, sizeof key, compare);
}

/* Whether it is of before; then its numbers show where the machine is. Of rows made since the
   ledger last said that it had all, some may be missing: the last of each airframe. */
static bool is_known(const struct resume *r, struct known *k, const struct claim *c)
{
    struct recent *same = NULL;
    for (unsigned i = 0; i < k->n && !same; i++) {
        struct recent *q = &k->recent[i];
        same = q->made_ms == c->made_ms && q->kind == c->kind && !q->again ? q : NULL;
    }
    if (!same && c->made_ms > r->through_ms && c->made_ms >= k->made_ms) {
        return false;
    }
    if (same) {
        same->again = c->number;
        k->by_leg = c->leg ? same->leg - c->leg : k->by_leg;
    }
    k->by = k->number - c->number; /* what is new has numbers after all there are */
    return true;
}

static uint32_t number_of(const struct known *k, uint32_t machine)
{
    for (unsigned i = 0; i < k->n; i++) {
        if (k->recent[i].again == machine) {
            return k->recent[i].number;
        }
    }
    return machine + k->by;
}

bool resume_is_new(struct resume *r, struct claim *c, bool again, bool *failed)
{
    if (together_is_row(c)) {
        return !has_shared(r, c);
    }
    const bool has = map_get(&r->map, key_of(c)) != MAP_NONE;
    struct known *k = has || again ? known_of(r, c) : NULL;
    *failed |= again && !k;
    if (!k || (again && is_known(r, k, c))) {
        return !k;
    }
    c->number += k->by;
    c->supersedes = c->supersedes ? number_of(k, c->supersedes) : 0;
    c->leg += c->leg ? k->by_leg : 0;
    return true;
}
