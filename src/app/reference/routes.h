/* A file of routes (--routes; .csv or gzip) as the prior of what civil flights do. */
#ifndef MASAR_APP_ROUTES_H
#define MASAR_APP_ROUTES_H

#include "movement/route.h"

/* ERR_SYSTEM, ERR_SYNTAX (no row is one), ERR_FULL, ERR_MEMORY; why: a sentence that names the
   file. airports: borrowed for the call. */
enum err routes_load(const char *path, const struct airports *airports, struct route_prior **out,
                     char *why, size_t why_size);

#endif
