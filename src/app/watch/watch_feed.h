/* Alerts as an Atom feed (RFC 4287): one entry an alert, one more where it is taken back, with ids
   that stay the same wherever the same book is read. */
#ifndef MASAR_APP_WATCH_FEED_H
#define MASAR_APP_WATCH_FEED_H

#include "base/buf.h"
#include "deliver/book.h"
#include "watch/say.h"

struct watch_feed {
    struct book_query query;      /* which; notes never */
    enum watch_language language; /* WATCH_LANGUAGES: each in its watch's */
    struct buf *out;              /* the feed is added to it */
};

/* book NULL: a feed without entries. Errors of the book, ERR_MEMORY. */
enum err watch_feed_write(const struct watch_feed *f, struct book *book);

#endif
