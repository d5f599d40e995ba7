#include "model/origin.h"

#include <string.h>

const struct origin_row origin_row[ORIGIN_COUNT] = {
#define ORIGIN(id, type, label, rank) [ORIGIN_##id] = {type, label, rank},
#include "model/origin.def"
};

enum origin origin_find(const char *type)
{
    for (int o = 0; o < ORIGIN_COUNT; o++) {
        if (strcmp(origin_row[o].type, type) == 0) {
            return (enum origin)o;
        }
    }
    return ORIGIN_UNKNOWN;
}
