/* How much history is kept, as people say it: days, gigabytes. */
#ifndef MASAR_APP_KEEP_H
#define MASAR_APP_KEEP_H

#include "store/store.h"

struct app_keep {
    double days, gb; /* 0: no bound; gb are 10^9 bytes */
};

/* A number above 0, at most a million. */
bool app_parse_keep(const char *text, double *out);

/* Thinning: "M,FT" meters and feet, or "off" (0, 0). False: neither. */
bool app_parse_thin(const char *text, int32_t *m, int32_t *ft);

/* From now on. */
struct store_keep app_keep(const struct app_keep *k);

#endif
