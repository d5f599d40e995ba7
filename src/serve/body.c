#include "serve/body.h"

#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static struct body *body_room(size_t n)
{
    struct body *b = malloc(sizeof *b + LWS_PRE + n + 1);
    if (b) {
        *b = (struct body){.n = n, .bytes = (uint8_t *)(b + 1) + LWS_PRE, .holders = 1};
    }
    return b;
}

struct body *body_new(const void *bytes, size_t n)
{
    struct body *b = body_room(n);
    if (b && n) {
        memcpy(b->bytes, bytes, n);
    }
    return b;
}

struct body *body_of(const struct buf *b)
{
    return b->failed ? NULL : body_new(b->p, b->n);
}

struct body *body_gzip(const struct body *b)
{
    enum { WINDOW_GZIP = 15 + 16, MEMORY = 8, LEVEL = 4 };
    z_stream z = {0};
    if (deflateInit2(&z, LEVEL, Z_DEFLATED, WINDOW_GZIP, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK) {
        return NULL;
    }
    struct body *packed = body_room(deflateBound(&z, b->n));
    if (packed) {
        z.next_in = b->bytes;
        z.avail_in = (uInt)b->n;
        z.next_out = packed->bytes;
        z.avail_out = (uInt)packed->n;
        deflate(&z, Z_FINISH);
        packed->n = z.total_out;
    }
    deflateEnd(&z);
    return packed;
}

struct body *body_hold(struct body *b)
{
    b->holders++;
    return b;
}

void body_drop(struct body *b)
{
    if (b && --b->holders == 0) {
        free(b);
    }
}
