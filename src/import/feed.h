/* One file's bytes: unpacked if they are packed, then to the reader of its kind. */
#ifndef MASAR_IMPORT_FEED_H
#define MASAR_IMPORT_FEED_H

#include "archive/point.h"
#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

enum feed_kind { FEED_NONE, FEED_TRACE, FEED_HEATMAP, FEED_CSV, FEED_KINDS };

struct feed; /* keeps its readers from file to file */

/* NULL: out of memory. */
struct feed *feed_new(archive_point_fn *out, void *ctx);
void feed_free(struct feed *f);

/* bytes_max: of the unpacked file. address: as csv_reader_start. ERR_MEMORY. */
enum err feed_start(struct feed *f, enum feed_kind kind, uint64_t bytes_max, uint32_t address);

/* After the first error every further call says it again. */
enum err feed_push(struct feed *f, const uint8_t *p, size_t n);
enum err feed_end(struct feed *f);

/* The end of a sentence that says what was wrong; empty if nothing was. */
const char *feed_why(const struct feed *f);

/* Points and values left out, of all files. */
void feed_odd(const struct feed *f, uint64_t *points, uint64_t *values);

#endif
