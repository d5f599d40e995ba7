/* Pictures of past instants, in the bytes of the live one (wire/picture.h): history between two
   instants is read at once, as much as fits its memory, and the pictures within are made from that.
   An aircraft is in the picture of an instant where its last point is at most PAST_AGE_MS older;
   its place is the one it was heard at, at the time it was heard: nothing is made up in a gap.

   A window is what was read: pictures are made of one while another thread reads the next. Reading
   takes its time: not for the loop's thread. Two windows take at most some 20 MB, besides the
   chunks read ahead. */
#ifndef MASAR_SERVE_PAST_H
#define MASAR_SERVE_PAST_H

#include "base/buf.h"
#include "base/err.h"
#include "store/shelf.h"

#include <stdbool.h>
#include <stdint.h>

enum { PAST_AGE_MS = 300000, PAST_ITEMS_MAX = 1 << 17, PAST_WHY_MAX = 256 };
enum { PAST_SHELF_BYTES = 256 << 20 }; /* at most, of all clients together */

struct past;

/* dir is copied, the shelf borrowed: it may be that of others who play the same store. NULL: out of
 * memory. */
struct past *past_new(const char *dir, struct shelf *shelf);
void past_free(struct past *p);

/* Pictures say who the aircraft are, as these options know it; borrowed. */
struct serve_options;
void past_name(struct past *p, const struct serve_options *o);

struct past_ask {
    int64_t t_ms;
    int64_t
        step_ms; /* how far on the next picture will be, backwards below 0; 0: it stands still */
    bool fresh;  /* a snapshot; else a delta where one is possible */
};

struct past_took {
    int64_t t_ms;              /* of the picture: t_ms as asked, within the history */
    int64_t first_ms, last_ms; /* of the history */
    uint32_t aircraft;
    uint32_t left_out; /* for which there was no room */
};

/* Whether the picture can be made of what was read. From another thread than past_ahead only while
   that does not run, unless is_reading says that it does. */
bool past_has(const struct past *p, const struct past_ask *ask, bool is_reading);

/* Whether past_ahead has something to do once this picture was made. */
bool past_wants_ahead(const struct past *p, const struct past_ask *ask);

/* Reads the window after the one the picture was made of. past_take may run beside it where
   past_has(…, true) says so; nothing else may. */
void past_ahead(struct past *p, const struct past_ask *ask);

/* Ends past_ahead early, or lets it run again. Any thread. */
void past_stop(struct past *p, bool stop);

/* Adds one message to out. An error's sentence goes to why: ERR_NOT_FOUND where there is no history
   yet; as store_open; ERR_MEMORY. */
enum err past_take(struct past *p, const struct past_ask *ask, struct buf *out,
                   struct past_took *took, char why[PAST_WHY_MAX]);

#endif
