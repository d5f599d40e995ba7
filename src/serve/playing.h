/* One WebSocket's stay in the past: what its page asked for (an instant, a speed), and the messages
   that go to it. History is read by threads of the pool, one picture at a time and only when the
   client has taken the one before, so that neither the live clients nor the loop wait for a disk.

     LIVE ── `past` heard ──▶ PAST: seeking ── read ──▶ told, picture ── tick ──▶ delta …
     PAST ── `live` heard, or an error ──▶ told ──▶ LIVE

   Messages: docs/WEBSOCKET.md. The loop's thread. */
#ifndef MASAR_SERVE_PLAYING_H
#define MASAR_SERVE_PLAYING_H

#include "serve/body.h"

#include <stdbool.h>
#include <stddef.h>

struct playing;
struct serve;
struct lws;

enum { PASTS_MAX = 32 }; /* clients in the past at once */

/* NULL: out of memory. */
struct playing *playing_new(struct serve *s, struct lws *wsi);

/* The client has gone. What is being read for it ends first. NULL is fine. */
void playing_free(struct playing *p);

/* A message of the client. What cannot be understood is answered with a sentence. */
void playing_hear(struct playing *p, const char *text, size_t n);

/* Whether the client sees the past, or is being told that it does no longer. */
bool playing_is_on(const struct playing *p);

/* The next message for the client, which takes over the hold; NULL: none is ready. */
struct body *playing_next(struct playing *p, bool *is_text);
bool playing_has_next(const struct playing *p);

#endif
