/* Lists of aircraft, in any of the forms masar reads, into one compact file for each source. */
#ifndef MASAR_APP_DATA_AIRCRAFT_H
#define MASAR_APP_DATA_AIRCRAFT_H

#include "app/reference/data_files.h"

/* What a file is, by its first bytes; NULL: no list of aircraft. "tar1090", "csv", "plane-alert",
   "adsbx", "basestation". */
const char *data_aircraft_kind(const struct data_file *f);

/* Makes folder/aircraft-<name>.masar of it (name NULL: its kind) and prints what was counted. path:
   where the file is, for SQLite; its bytes are rewritten. ERR_*; why: a sentence's end. */
enum err data_aircraft_import(const char *folder, const char *name, struct data_file *f,
                              const char *path, char *why, size_t size);

/* operators.json as tar1090-db has it ({"AAA":{"n":name,"c":country,"r":telephony}}), or CSV with
   the columns icao and name: kept as folder/operators.csv. */
bool data_is_operators(const struct data_file *f);
enum err data_operators_import(const char *folder, const struct data_file *f, char *why,
                               size_t size);

#endif
