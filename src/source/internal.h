/* What source.c and stream.c share. */
#ifndef MASAR_SOURCE_INTERNAL_H
#define MASAR_SOURCE_INTERNAL_H

#include "net/net.h"
#include "source/kind.h"

struct source {
    struct source_options o;
    const struct source_kind *kind;
    void *kind_state; /* source_stream's goes with the source, every other kind's by its own hand */
    uint16_t first, receiver; /* its own row; the row of items that bear none */
    bool own_clock, is_done, is_closed;
    bool place_is_theirs; /* at= also holds for receivers the feed names: there is one feed */
    enum err end_error;
    uv_idle_t end; /* tells done from the loop; the memory goes with it */
    char name[RECEIVER_NAME_MAX];
    char state[256];
    struct spec spec;
};

/* All kinds, NULL-ended. */
extern const struct source_kind *const source_kinds[];

/* A wire format over a transport. Its keys, besides source_keys, net_keys and the format's own. */
extern const char *const source_stream_keys[];
extern const struct source_kind source_stream; /* close only */
enum err source_stream_open(struct source *s, const struct wire_format *format, char *why,
                            size_t why_size);
const char *source_stream_state(const void *state);

/* The row of this name and id, the source's own where both are missing. */
uint16_t source_number(struct source *s, const char *name, uint64_t id);

#endif
