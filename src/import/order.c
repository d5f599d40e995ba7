#include "import/order.h"

#include <stdlib.h>

/* Small keys are sorted, and the points are then moved once each. */
struct key {
    int64_t t_ms;
    uint32_t address, at;
};

static int compare(const void *p, const void *q)
{
    const struct key *a = p, *b = q;
    if (a->address != b->address) {
        return a->address < b->address ? -1 : 1;
    }
    if (a->t_ms != b->t_ms) {
        return a->t_ms < b->t_ms ? -1 : 1;
    }
    return a->at < b->at ? -1 : a->at > b->at;
}

/* Point key[i].at belongs to i: follows each cycle around. */
static void move(struct kept *p, struct key *key, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (key[i].at == i) {
            continue;
        }
        const struct kept first = p[i];
        size_t to = i;
        while (key[to].at != i) {
            const size_t from = key[to].at;
            p[to] = p[from];
            key[to].at = (uint32_t)to;
            to = from;
        }
        p[to] = first;
        key[to].at = (uint32_t)to;
    }
}

enum err order_sort(struct kept *p, size_t n)
{
    struct key *key = malloc((n ? n : 1) * sizeof *key);
    if (!key) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < n; i++) {
        key[i] = (struct key){p[i].t_ms, p[i].address, (uint32_t)i};
    }
    qsort(key, n, sizeof *key, compare);
    move(p, key, n);
    free(key);
    return ERR_OK;
}

/* Whether one of the points kept of this instant is at the same place. */
static bool is_said(const struct kept *p, size_t n, const struct kept *k)
{
    while (n > 0 && p[n - 1].t_ms == k->t_ms && p[n - 1].address == k->address) {
        n--;
        if (p[n].lat_e7 == k->lat_e7 && p[n].lon_e7 == k->lon_e7) {
            return true;
        }
    }
    return false;
}

size_t order_unique(struct kept *p, size_t n)
{
    size_t m = 0;
    for (size_t i = 0; i < n; i++) {
        if (!is_said(p, m, &p[i])) {
            p[m++] = p[i];
        }
    }
    return m;
}
