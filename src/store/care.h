/* What checking and mending share. Inside this room only. */
#ifndef MASAR_STORE_CARE_H
#define MASAR_STORE_CARE_H

#include "store/internal.h"

struct care {
    struct store *s;
    store_finding_fn *say;
    void *ctx;
    size_t found;
    sqlite3_stmt *part; /* NULL in a store from before there were parts */
};

/* Something that is not as it must be, in a sentence. */
__attribute__((format(printf, 2, 3))) void care_say(struct care *c, const char *format, ...);

/* Looks at every packet and at what leads to its chunks. */
enum err care_check_packets(struct care *c);
/* Writes what leads to packets anew, their places among it, which are not there; what is torn is
   set aside. A transaction must be open. */
enum err care_rebuild_packets(struct care *c);

#endif
