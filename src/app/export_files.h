/* History into a folder: a file for each aircraft, or readsb's globe_history. */
#ifndef MASAR_APP_EXPORT_FILES_H
#define MASAR_APP_EXPORT_FILES_H

#include "history/inquiry.h"

/* readsb-trace: DIR/2024/06/07/traces/44/trace_full_3c6444.json, one for each day (UTC) of each
   aircraft, its bytes gzip as readsb's are and its name without .gz. Else DIR/3c6444.SUFFIX. A file
   that is there is replaced, when the new one is whole. ERR_SYSTEM: errno tells; ERR_MEMORY. */
enum err export_files(const struct question *q, struct store *s, const char *dir,
                      struct inquiry_state *state);

#endif
