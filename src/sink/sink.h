/* Where items go to: a wire format over a transport. One thread: the loop's. */
#ifndef MASAR_SINK_SINK_H
#define MASAR_SINK_SINK_H

#include "base/err.h"
#include "model/counter.h"
#include "wire/wire.h"

#include <stdbool.h>
#include <uv.h>

struct sink;

struct sink_options {
    uv_loop_t *loop;
    int64_t (*clock_us)(void);
    struct counters *counters;
};

/* Opens what text (a SPEC: a wire format that is written, and a transport's keys) names. Errors are
   told in why, in a sentence. A file is there when this returns, its head written. Key heartbeat=:
   seconds of silence after which a format that has a heartbeat sends it to its TCP peers (default
   60, 0 never). A peer that could not keep up and lost bytes begins anew with a head. */
enum err sink_open(const char *text, const struct sink_options *o, struct sink **out, char *why,
                   size_t why_size);

/* Hands an event to the format's writer, for every peer. Bytes are gathered and leave at the end of
   the loop's turn, or once there are 32 KiB. An event is written once however many peers there are;
   nothing is written while there is none. Counted: what is not sent since a peer to connect to is
   not there, frames that the format has no place for. */
void sink_event(struct sink *s, const struct wire_event *e);

void sink_flush(struct sink *s);

/* The most bytes that wait for any one peer: a producer that can wait (a replay or a simulation at
   full speed) goes on once it is small. */
size_t sink_waiting(const struct sink *s);

/* False while the peer it is to connect to is not there: what comes is counted, and lost. */
bool sink_is_ready(const struct sink *s);

const char *sink_name(const struct sink *s); /* of its format: beast */

/* One line of state for people: "listening on 127.0.0.1:30005, 2 connected". Where writing has
   failed (disk full), why. */
const char *sink_state(const struct sink *s);

/* True where its format writes frames as they came and needs no more (Beast, AVR). */
bool sink_takes_frames(const struct sink *s);

/* The TCP port a listening sink has, 0 if it is none. */
uint16_t sink_port(const struct sink *s);

/* Flushes, and writes what a file still lacks to be whole; only sink_close may follow. ERR_SYSTEM
   where that or anything before it could not be written (disk full): sink_state says why. */
enum err sink_finish(struct sink *s);

/* Flushes and finishes, then closes; what waits for peers still leaves, for at most 5 s. The memory
   goes once the loop has run. */
void sink_close(struct sink *s);

#endif
