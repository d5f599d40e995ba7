/* Where items go to: a wire format over a transport. */
#ifndef MASAR_SINK_SINK_H
#define MASAR_SINK_SINK_H

#include "base/err.h"
#include "model/counter.h"
#include "wire/wire.h"

#include <uv.h>

struct sink;

struct sink_options {
    uv_loop_t *loop;
    int64_t (*clock_us)(void);
    struct counters *counters;
};

enum err sink_open(const char *text, const struct sink_options *o, struct sink **out, char *why,
                   size_t why_size);

/* Hands an event to the format's writer, for every peer. Bytes are gathered and leave at the end of
 * the loop's turn. */
void sink_event(struct sink *s, const struct wire_event *e);

void sink_flush(struct sink *s);
void sink_close(struct sink *s);

#endif
