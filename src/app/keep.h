/* How much history is kept, as people say it: days, gigabytes. */
#ifndef MASAR_APP_KEEP_H
#define MASAR_APP_KEEP_H

#include "store/store.h"

struct app_keep {
    double days, gb; /* 0: no bound; gb are 10^9 bytes */
};

/* A number above 0, at most a million. */
bool app_parse_keep(const char *text, double *out);

/* From now on. */
struct store_keep app_keep(const struct app_keep *k);

#endif
