/* The file of whose land is whose (identity/airspace.h), made at build time of world-atlas'
   countries-10m.json (Natural Earth, public domain, as TopoJSON) and the numbers of countries. */
#ifndef MASAR_APP_OPERATION_LAND_H
#define MASAR_APP_OPERATION_LAND_H

#include "base/buf.h"
#include "base/err.h"

#include <stddef.h>

/* map: the TopoJSON; codes: i18n-iso-countries' codes.json. ERR_SYNTAX with a sentence's end in
   why; ERR_MEMORY. */
enum err operation_land_make(const char *map, const char *codes, struct buf *out, char *why,
                             size_t why_size);

#endif
