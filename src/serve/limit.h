/* Who may connect and how often: connections at once, in all and from one address; posts a second
   from one address. One thread. */
#ifndef MASAR_SERVE_LIMIT_H
#define MASAR_SERVE_LIMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    LIMIT_CONNECTIONS = 256,
    LIMIT_PER_ADDRESS = 64, /* not for loopback, which a proxy may stand behind */
    LIMIT_ADDRESS_MAX = 48,
    LIMIT_POSTERS = 64,
    LIMIT_POST_BURST = 10,
    LIMIT_POSTS_PER_S = 5
};

struct limits {
    struct limit_connection {
        bool open;
        char address[LIMIT_ADDRESS_MAX];
    } connection[LIMIT_CONNECTIONS];
    struct limit_poster {
        char address[LIMIT_ADDRESS_MAX];
        double left;
        int64_t at_ms;
    } poster[LIMIT_POSTERS];
};

/* A row for a new connection, NULL where there are too many. */
struct limit_connection *limit_open(struct limits *l, const char *address);
void limit_close(struct limit_connection *c);
size_t limit_connections(const struct limits *l);

/* Whether an address may post now. */
bool limit_post(struct limits *l, const char *address, int64_t now_ms);

#endif
