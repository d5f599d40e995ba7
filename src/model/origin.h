/* Where a value came from, read from origin.def. */
#ifndef MASAR_MODEL_ORIGIN_H
#define MASAR_MODEL_ORIGIN_H

#include <stdint.h>

enum origin {
#define ORIGIN(id, type, label, rank) ORIGIN_##id,
#include "model/origin.def"
    ORIGIN_COUNT
};

struct origin_row {
    const char *type, *label;
    uint8_t rank;
};

extern const struct origin_row origin_row[ORIGIN_COUNT];

/* The first origin with this aircraft.json type, ORIGIN_UNKNOWN if there is none. */
enum origin origin_find(const char *type);

#endif
