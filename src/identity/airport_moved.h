/* The table of codes that moved, read from moved.def. Private to the builder. */
#ifndef MASAR_IDENTITY_AIRPORT_MOVED_H
#define MASAR_IDENTITY_AIRPORT_MOVED_H

#include "identity/airport_settle.h"

struct moved_code {
    char code[9];
    uint8_t trust;    /* enum airport_code_kind */
    int32_t from, to; /* YYYYMMDD, 0 open */
    double lat, lon;
    int16_t elevation_ft;
    const char *country, *name;
};

const struct moved_code *moved_codes(size_t *n);
int32_t moved_day(int32_t date); /* days since 1970 of YYYYMMDD */
/* The airport of the list a row means; AIRPORT_NONE. */
uint32_t moved_field(const struct airport_builder *b, const struct moved_code *m);

#endif
