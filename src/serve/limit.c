#include "serve/limit.h"

#include "serve/query.h"

#include <stdio.h>
#include <string.h>

struct limit_connection *limit_open(struct limits *l, const char *address)
{
    struct limit_connection *free_row = NULL;
    size_t same = 0;
    for (size_t i = 0; i < LIMIT_CONNECTIONS; i++) {
        struct limit_connection *c = &l->connection[i];
        if (!c->open) {
            free_row = free_row ? free_row : c;
        } else if (strcmp(c->address, address) == 0) {
            same++;
        }
    }
    if (!free_row || (same >= LIMIT_PER_ADDRESS && !query_is_loopback(address))) {
        return NULL;
    }
    free_row->open = true;
    snprintf(free_row->address, sizeof free_row->address, "%s", address);
    return free_row;
}

void limit_close(struct limit_connection *c)
{
    c->open = false;
}

size_t limit_connections(const struct limits *l)
{
    size_t n = 0;
    for (size_t i = 0; i < LIMIT_CONNECTIONS; i++) {
        n += l->connection[i].open;
    }
    return n;
}

bool limit_post(struct limits *l, const char *address, int64_t now_ms)
{
    struct limit_poster *p = NULL, *oldest = &l->poster[0];
    for (size_t i = 0; i < LIMIT_POSTERS && !p; i++) {
        struct limit_poster *row = &l->poster[i];
        if (strcmp(row->address, address) == 0) {
            p = row;
        } else if (row->at_ms < oldest->at_ms) {
            oldest = row;
        }
    }
    if (!p) {
        p = oldest;
        *p = (struct limit_poster){.left = LIMIT_POST_BURST, .at_ms = now_ms};
        snprintf(p->address, sizeof p->address, "%s", address);
    }
    p->left += (double)(now_ms - p->at_ms) * LIMIT_POSTS_PER_S / 1000;
    p->left = p->left > LIMIT_POST_BURST ? LIMIT_POST_BURST : p->left;
    p->at_ms = now_ms;
    if (p->left < 1) {
        return false;
    }
    p->left -= 1;
    return true;
}
