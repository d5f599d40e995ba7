/* Watches, receivers, alerts and expected flights as JSON objects, for HTTP and the command line.
 */
#ifndef MASAR_APP_WATCH_JSON_H
#define MASAR_APP_WATCH_JSON_H

#include "app/watch/watching.h"
#include "base/buf.h"
#include "deliver/book.h"

/* now_ms: of the picture, for what expires and what is muted. */
void watch_json_watch(const struct book_watch *w, int64_t now_ms, struct buf *out);
/* Its target without what only it may know: no secret, no password, no path of a webhook. */
void watch_json_receiver(const struct book_receiver *r, struct buf *out);
void watch_json_alert(const struct book_alert *a, struct buf *out);
/* state: NULL where nobody watches it. */
void watch_json_flight(const struct watch_expected *e, const struct watching_flight *state,
                       struct buf *out);

/* `,"key":"2024-06-07T08:30:00Z"` or `,"key":null` where there is no such time. */
void watch_json_time(struct buf *out, const char *key, int64_t t_ms);

#endif
