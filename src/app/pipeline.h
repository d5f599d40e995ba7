/* The only file that wires the arrows: sources → decode → track → sinks, on one loop, with one
 * clock. */
#ifndef MASAR_APP_PIPELINE_H
#define MASAR_APP_PIPELINE_H

#include "base/err.h"
#include "modes/decode.h"
#include "sink/sink.h"
#include "source/source.h"
#include "track/hearing.h"
#include "track/track.h"

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

enum { PIPELINE_SOURCES_MAX = 256, PIPELINE_SINKS_MAX = 64, PIPELINE_WHY_MAX = 512 };

/* Everything one frame or message led to, for whoever looks on (decode's lines). The message is
 * complete. */
typedef void pipeline_look_fn(void *ctx, const struct wire_event *e, const struct outcome *o);

/* A position was accepted: of this aircraft, as it now is. */
typedef void pipeline_fix_fn(void *ctx, const struct track *a, const struct fix *f);

struct pipeline_options {
    uv_loop_t *loop;
    int64_t (*clock_us)(void); /* the time of day */
    struct modes_options modes;
    struct tracker_options track; /* receivers and counters are filled in by the pipeline */
    pipeline_look_fn *look;       /* may be NULL */
    pipeline_fix_fn *fix;         /* may be NULL */
    bool bare; /* frames go on as they came, undecoded, as long as no output needs more (record,
                  replay) */
    /* Outputs of frames get messages that came as values as squitters made of them
       (encode/retell.h): for history that is played. Not for what is heard now: whoever collects
       frames takes them for received. */
    bool retell;
    bool hearing;             /* figures of each receiver are kept (pipeline_hearing) */
    bool keep_duplicates;     /* look and the sinks also get what another receiver brought before */
    bool elapsed_from_zero;   /* elapsed times count from 0, else from now */
    void (*ended)(void *ctx); /* the last source has ended; may be NULL */
    void *ctx;
};

struct pipeline;

struct pipeline *pipeline_new(const struct pipeline_options *o); /* NULL: out of memory */
enum err pipeline_add_source(struct pipeline *p, const char *spec, char *why, size_t why_size);
enum err pipeline_add_sink(struct pipeline *p, const char *spec, char *why, size_t why_size);

/* The place of every input that does not say its own (--at). */
void pipeline_set_place(struct pipeline *p, bool has_place, double lat_deg, double lon_deg,
                        double alt_m);

/* A message that came by another way (a posted report). False: refused. */
bool pipeline_report(struct pipeline *p, struct message *m, const char *who);

/* The time of the picture: the day's where any input runs on it, else the newest the feeds have
 * said; the day's while they have said none. */
int64_t pipeline_now_us(const struct pipeline *p);
bool pipeline_has_time(const struct pipeline *p); /* it is not the day's for want of another */

const struct tracker *pipeline_tracker(const struct pipeline *p);
const struct receivers *pipeline_receivers(const struct pipeline *p);
const struct hearing *pipeline_hearing(const struct pipeline *p);
struct counters *pipeline_counters(struct pipeline *p);

/* JSON array of the inputs: name, state, simulated, frames. Borrowed until the next call. */
const char *pipeline_sources_json(struct pipeline *p);

/* At the end, before pipeline_close: completes the outputs and answers what went wrong first, with
   a source or an output (disk full). ERR_OK, or why is a sentence. */
enum err pipeline_failure(struct pipeline *p, const char **why);

/* The most bytes that wait for any one peer of an output. */
size_t pipeline_waiting(const struct pipeline *p);

/* NULL, or the state of an output whose peer is not there yet: "retrying h:30005 in 2 s: …". */
const char *pipeline_unready(const struct pipeline *p);

/* Stops reading all inputs, and goes on. */
void pipeline_pause(struct pipeline *p, bool paused);

void pipeline_close(
    struct pipeline *p); /* closes sources and sinks; run the loop once more, then free */
void pipeline_free(struct pipeline *p);

#endif
