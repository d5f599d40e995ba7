#include "app/keep.h"

#include "app/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool app_parse_keep(const char *text, double *out)
{
    char *end;
    const double v = strtod(text, &end);
    if (end == text || *end || !(v > 0 && v <= 1e6)) {
        return false;
    }
    *out = v;
    return true;
}

bool app_parse_thin(const char *text, int32_t *m, int32_t *ft)
{
    int meters = 0, feet = 0, n = 0;
    if (strcmp(text, "off") != 0 && (sscanf(text, "%d,%d%n", &meters, &feet, &n) != 2 || text[n] ||
                                     meters < 1 || meters > 10000 || feet < 0 || feet > 10000)) {
        return false;
    }
    *m = meters;
    *ft = feet;
    return true;
}

struct store_keep app_keep(const struct app_keep *k)
{
    const int64_t now_ms = app_clock_us() / 1000;
    return (struct store_keep){.since_ms = k->days > 0 ? now_ms - (int64_t)(k->days * 86400000.0)
                                                       : KEPT_NO_TIME,
                               .most_bytes = (uint64_t)(k->gb * 1e9)};
}
