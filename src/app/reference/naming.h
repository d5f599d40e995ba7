/* Names for the aircraft the daemon serves: the identity book on its loop, opened anew when another
   process has changed its files. One thread, the loop's, but for what says otherwise. */
#ifndef MASAR_APP_NAMING_H
#define MASAR_APP_NAMING_H

#include "app/reference/reference.h"
#include "wire/aircraft_json.h"
#include "wire/picture.h"

#include <pthread.h>
#include <stdatomic.h>
#include <uv.h>

struct naming {
    struct reference *reference;
    uv_timer_t look;       /* for changed files, every few seconds */
    pthread_rwlock_t lock; /* held for writing while files are opened anew */
    atomic_uint edition;   /* of the files; one more each time */
};

/* dir: as for reference_dir. False: out of memory. */
bool naming_open(struct naming *n, uv_loop_t *loop, const char *dir);
void naming_close(struct naming *n); /* the loop runs once more; one that is not open is fine */

/* What aircraft.json says of it, borrowed until the next call. flight: "" where not heard. False:
   nothing is known. */
bool naming_name(struct naming *n, uint32_t address, const char *flight, struct aircraft_name *out);

/* What the live picture says of it, as of a time; out is zeroed. Any thread. */
void naming_who(struct naming *n, uint32_t address, const char *flight, int64_t t_ms,
                struct picture_who *out);

/* As JSON, added to out: every type of the tables; who the codes ("RCH,DLH") of call signs are. */
void naming_types(struct naming *n, struct buf *out);
void naming_operators(struct naming *n, const char *codes, struct buf *out);

/* All that is known, as `masar aircraft --format json` prints it. */
void naming_json(struct naming *n, uint32_t address, const char *flight, struct buf *out);

#endif
