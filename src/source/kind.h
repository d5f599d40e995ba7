/* What a source that is not "format over transport" implements: one file src/source/<name>.c that
   defines `const struct source_kind source_<name>`, and one row SOURCE(<name>) in source.def. */
#ifndef MASAR_SOURCE_KIND_H
#define MASAR_SOURCE_KIND_H

#include "base/err.h"
#include "base/spec.h"
#include "source/source.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct source_kind {
    const char *name, *help;
    const char *const *keys; /* NULL-ended: the keys it knows besides name= at= clock= */
    bool own_clock;          /* its items carry the time (a simulation), they are not of now */
    /* Begins. spec is valid only during the call. Nothing may be emitted before open has returned:
       work starts from the loop. On an error nothing is left behind and why is a sentence. */
    enum err (*open)(struct source *s, const struct spec *spec, void **state, char *why,
                     size_t why_size);
    /* Stops. The kind closes its handles and frees its state itself, in their close callbacks; it
       does not touch s any more once close has returned. */
    void (*close)(void *state);
    /* Stops bringing items, and goes on; NULL where it cannot. */
    void (*pause)(void *state, bool paused);
};

/* What a kind calls. s is the pointer open was given. */

/* loop, clock_us, counters, receivers, number: as handed to source_open. */
const struct source_options *source_options(const struct source *s);

/* Hands an item on. Where its receiver is 0 it becomes that of the last WIRE_RECEIVER item or
   source_use_receiver, at first the source's own row; the row's count and time are kept. */
void source_item(struct source *s, const struct wire_item *item);

/* The items that follow were heard by the receiver of this name and id (either may be missing: NULL
   or 0), which gets a row in the table; returns its number. */
uint16_t source_use_receiver(struct source *s, const char *name, uint64_t id);

/* Its own row in the table of receivers, to set its place or its simulated mark. */
struct receiver *source_receiver(struct source *s);

/* It has ended by itself; once, from the loop. */
void source_done(struct source *s, enum err e, const char *why);

/* What source_state says from now on. */
void source_set_state(struct source *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
