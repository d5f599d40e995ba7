/* Where items come from: a wire format over a transport, a polled network API, a simulation. One
   file and one row in source.def for each that is not "format over transport". */
#ifndef MASAR_SOURCE_SOURCE_H
#define MASAR_SOURCE_SOURCE_H

#include "base/err.h"
#include "model/counter.h"
#include "source/receivers.h"
#include "wire/wire.h"

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

struct source;

struct source_options {
    uv_loop_t *loop;
    int64_t (*clock_us)(void); /* the time of day, handed in */
    struct receivers *receivers;
    struct counters *counters;
    uint16_t number; /* of this source: 1, 2, … */
    /* Frames and messages, their receiver and time filled in; the item is the callee's to change,
     * not to keep. */
    void (*item)(void *ctx, const struct wire_item *item);
    /* It has ended by itself: end of file, or no hope. ERR_OK, or why is a sentence. Called once,
     * from the loop. */
    void (*done)(void *ctx, uint16_t number, enum err e, const char *why);
    /* Something a person should know of what was read, in a sentence; may be NULL. */
    void (*note)(void *ctx, uint16_t number, const char *sentence);
    void *ctx;
};

/* Opens what text (a SPEC) names. Errors are told in why, in a sentence. Keys of every input:
     name=TEXT            of its receiver; else the end of the file's path, or the address
     at=LAT/LON[/M]       where the receiver is: degrees, meters above the sea
   of a wire format, besides net_keys and its own:
     clock=feed|receive   see enum wire_clock; default feed for files, receive for sockets
     start=T              clock=feed: elapsed times count from here
   Each input has a row in the table of receivers. One more is made for every receiver id (0xe3),
   feeder id (0xe4) or name that comes with its bytes, told apart for each connection; at= holds for
   those too, but not at a listener, whose peers are elsewhere. The rows' frames and last_frame_us
   are kept here; what the items come to is counted by item's callee. */
enum err source_open(const char *text, const struct source_options *o, struct source **out,
                     char *why, size_t why_size);

const char *source_name(const struct source *s);   /* key name=, else made from the spec */
bool source_has_own_clock(const struct source *s); /* clock=feed: its items carry the time */
/* One line of state for people and /healthz: "connected", "retrying in 8 s: connection refused",
 * "429: waiting 60 s". */
const char *source_state(const struct source *s);
void source_pause(struct source *s, bool paused); /* stops reading (a slow consumer), and goes on */
void source_close(struct source *s);              /* memory goes once the loop has run */

#endif
