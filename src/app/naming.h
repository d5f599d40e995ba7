/* Names for the aircraft the daemon serves: the identity book on its loop, opened anew when another
   process has changed its files. One thread: the loop's. */
#ifndef MASAR_APP_NAMING_H
#define MASAR_APP_NAMING_H

#include "app/reference.h"
#include "wire/aircraft_json.h"

#include <uv.h>

struct naming {
    struct reference *reference;
    uv_timer_t look; /* for changed files, every few seconds */
};

/* dir: as for reference_dir. False: out of memory. */
bool naming_open(struct naming *n, uv_loop_t *loop, const char *dir);
void naming_close(struct naming *n); /* the loop runs once more; one that is not open is fine */

/* What aircraft.json says of it, borrowed until the next call. flight: "" where not heard. False:
   nothing is known. */
bool naming_name(struct naming *n, uint32_t address, const char *flight, struct aircraft_name *out);

/* All that is known, as `masar aircraft --format json` prints it. */
void naming_json(struct naming *n, uint32_t address, const char *flight, struct buf *out);

#endif
