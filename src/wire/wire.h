/* Bytes ↔ items, no sockets. A wire format is one file here and one row in format.def; it works on
 * every transport. */
#ifndef MASAR_WIRE_WIRE_H
#define MASAR_WIRE_WIRE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/spec.h"
#include "model/counter.h"
#include "model/fix.h"
#include "model/frame.h"
#include "model/message.h"
#include "model/receiver.h"
#include "model/uat_frame.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Readers count what they could not read; the items they hand out and the bytes are counted by
   those who take and bring them. An item and what it points to is the callee's to change, not to
   keep. */

/* What a reader finds. */
enum wire_kind {
    WIRE_FRAME,    /* frame */
    WIRE_UAT,      /* uat */
    WIRE_MESSAGE,  /* message: formats that send decoded values */
    WIRE_RECEIVER, /* receiver_id: the items that follow are of this receiver (Beast 0xe3, or named
                      in a line) */
    WIRE_FEEDER,   /* receiver_id: who the peer says it is (Beast 0xe4) */
    WIRE_PING      /* Beast ping, 24 bits in receiver_id, to be answered */
};

struct wire_item {
    enum wire_kind kind;
    const char *receiver_name; /* with WIRE_RECEIVER: a name, or NULL */
    union {
        struct frame *frame;
        struct uat_frame *uat;
        struct message *message;
        uint64_t receiver_id;
    };
};

typedef void wire_item_fn(void *ctx, const struct wire_item *item);

/* Where an input's times come from. */
enum wire_clock {
    WIRE_CLOCK_FEED,   /* the feed's own marks (0xe8, time fields); without them its ticks give
                          elapsed time */
    WIRE_CLOCK_RECEIVE /* arrival */
};

struct wire_options {
    enum wire_clock clock;
    int32_t zone_min; /* BaseStation times: minutes east of UTC (key zone=+01:00) */
    int64_t base_us; /* elapsed times count from here (0: from 0, frames then bear FRAME_ELAPSED) */
    struct counters *counters; /* handed in; not NULL */
};

struct wire_reader; /* one stream's state */

/* What a writer is given: all of one happening, of which it writes what its format can say. */
struct wire_event {
    const struct frame *frame;       /* NULL where it did not come as a frame */
    const struct uat_frame *uat;     /* NULL where it did not come as a UAT frame */
    const struct message *message;   /* NULL for a frame nobody decoded */
    const struct fix *fix;           /* NULL where there is none */
    const struct receiver *receiver; /* who heard it; NULL not named */
    const struct track *track;       /* NULL where attributed to none; opaque here */
    bool attributed;
    int64_t now_us;
};

struct wire_writer;

struct wire_format {
    const char *name, *help;
    const char *const *keys; /* NULL-ended: the spec keys it knows besides the transport's */
    bool is_binary;
    bool takes_frames; /* writes frames as they came, and needs no message for it */
    /* Reading; NULL where the format is only written. push takes any split of the stream: all n
     * bytes are consumed. */
    struct wire_reader *(*reader_new)(const struct wire_options *o, const struct spec *s, char *why,
                                      size_t why_size);
    /* What the peer is told when a stream begins; NULL: nothing. */
    void (*reader_greet)(const struct wire_reader *r, struct buf *out);
    /* What the peer is told because of what was read, after each push; NULL: never anything. */
    void (*reader_reply)(struct wire_reader *r, struct buf *out);
    void (*reader_push)(struct wire_reader *r, const uint8_t *p, size_t n, int64_t now_us,
                        wire_item_fn *out, void *ctx);
    void (*reader_end)(struct wire_reader *r, int64_t now_us, wire_item_fn *out,
                       void *ctx); /* counts what was cut */
    void (*reader_free)(struct wire_reader *r);
    /* Of readers of samples, NULL elsewhere: so many samples are missing before what comes next;
       what the radio is like; after the end, true and a sentence where something is wrong with
       what was read as a whole. */
    void (*reader_lost)(struct wire_reader *r, uint64_t samples, int64_t now_us, wire_item_fn *out,
                        void *ctx);
    void (*reader_radio)(const struct wire_reader *r, struct receiver_radio *out);
    bool (*reader_doubt)(struct wire_reader *r, char *why, size_t why_size);
    /* Writing; NULL where the format is only read. */
    struct wire_writer *(*writer_new)(const struct spec *s, char *why, size_t why_size);
    void (*writer_head)(struct wire_writer *w, struct buf *out); /* at the start of every stream;
                                                                    NULL: nothing stands there */
    void (*writer_event)(struct wire_writer *w, const struct wire_event *e, struct buf *out);
    /* What is still held back, before writer_free; NULL: nothing ever is. */
    void (*writer_end)(struct wire_writer *w, struct buf *out);
    void (*writer_free)(struct wire_writer *w);
    const char
        *heartbeat; /* bytes sent after 60 s without output, heartbeat_n of them; NULL if none */
    size_t heartbeat_n;
};

/* The format of this name, NULL if there is none. */
const struct wire_format *wire_format_find(const char *name);

/* All formats, NULL-ended. */
extern const struct wire_format *const wire_formats[];

#endif
