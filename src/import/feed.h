/* One file's bytes: unpacked if they are packed, told what they are, then to the reader of that. */
#ifndef MASAR_IMPORT_FEED_H
#define MASAR_IMPORT_FEED_H

#include "import/reader.h"

struct feed; /* keeps its readers from file to file */

/* out is called once a point. NULL: out of memory. */
struct feed *feed_new(const struct import_options *o, archive_point_fn *out, void *ctx);
void feed_free(struct feed *f);

enum err feed_start(struct feed *f);

/* After the first error every further call says it again. ERR_UNKNOWN: none of our formats. */
enum err feed_push(struct feed *f, const uint8_t *p, size_t n);
enum err feed_end(struct feed *f);

/* feed_push and feed_end of a file that is here as a whole: faster where it is gzip. */
enum err feed_whole(struct feed *f, const uint8_t *p, size_t n);

enum import_format feed_format(const struct feed *f); /* IMPORT_FORMATS: not known yet */

/* The end of a sentence that says what was wrong; "" if nothing was. */
const char *feed_why(const struct feed *f);

/* Of this file. */
void feed_sums(const struct feed *f, struct import_sums *s);

#endif
