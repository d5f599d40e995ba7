/* Alerts on their way: each receiver of the book has a thread of its own that sends it what waits
   for it, one after the other in the order they were told, and tries again with growing waits (1 s
   up to 5 min) for as long as it takes. One that is slow or dead holds nobody else up. The waits
   are of the picture's time (deliver_time) where that goes faster than the day's, as of a
   simulation; how long a receiver asks to be left alone (Retry-After) is always by the day's.

   An alert is taken out of what waits only when the receiver has taken it; killed between, it is
   sent again with the same id, by which a receiver knows it. Kinds and targets:

     webhook   https://host/path      POST, signed as the Standard Webhooks have it (webhook-id,
                                      webhook-timestamp, webhook-signature); redirections are not
                                      followed, this machine and private networks are refused
                                      unless the receiver was made with --allow-local
     mail      smtp[s]://[user:password@]host[:port] from@a to@b[,to@c]
     mqtt      mqtt[s]://[user:password@]host[:port]/topic         QoS 2
     command   /path/to/program [words]   the message on its standard input; status 0: taken */
#ifndef MASAR_DELIVER_DELIVER_H
#define MASAR_DELIVER_DELIVER_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct book;
struct deliver;

/* dir: the store's. NULL: why says so. */
struct deliver *deliver_open(const char *dir, int64_t (*clock_us)(void), char *why,
                             size_t why_size);
void deliver_close(struct deliver *d); /* what is being sent is given up; NULL is fine */

/* A handle its owner writes alerts with: it and the receivers' threads write in turn. It must be
   closed before deliver_close is called, or not be written with after. */
void deliver_share(struct deliver *d, struct book *b);

void deliver_wake(struct deliver *d);                 /* there is something new */
void deliver_time(struct deliver *d, int64_t now_ms); /* the picture's time has come to that */
void deliver_read(struct deliver *d);                 /* the receivers may have changed */

struct deliver_state {
    uint64_t waiting, delivered;
};
struct deliver_state deliver_state(struct deliver *d);

/* Whether a receiver can be one of this kind. False: why says what would be right. */
bool deliver_check(const char *kind, const char *target, char *why, size_t why_size);

/* A target as anybody may see it: no password, and of a webhook no path, which is often a secret.
 */
void deliver_shown(const char *kind, const char *target, char *out, size_t size);

/* A new secret: whsec_ and 24 random bytes as base64. out: at least 48 bytes. */
void deliver_secret(char out[48]);

#endif
