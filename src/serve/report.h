/* A position report: JSON → message. Pure. docs/API.md lists the keys. */
#ifndef MASAR_SERVE_REPORT_H
#define MASAR_SERVE_REPORT_H

#include "base/err.h"
#include "model/message.h"

#include <stddef.h>
#include <stdint.h>

enum { REPORT_WHO_MAX = 64, REPORT_NOTE_MAX = 280, REPORT_BYTES_MAX = 4096 };

struct report {
    struct message message; /* origin REPORT, with its place */
    char who[REPORT_WHO_MAX * 4 + 1];
    char note[REPORT_NOTE_MAX * 4 + 1]; /* "": none */
};

/* ERR_SYNTAX or ERR_RANGE, with a sentence in why that names the key. now_us: the picture's time,
   which a report may pass by a minute. */
enum err report_parse(const void *bytes, size_t n, int64_t now_us, struct report *out, char *why,
                      size_t why_size);

#endif
