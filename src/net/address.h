/* HOST:PORT as written in connect= and listen=. */
#ifndef MASAR_NET_ADDRESS_H
#define MASAR_NET_ADDRESS_H

#include "base/err.h"

#include <stddef.h>

enum { ADDRESS_HOST_MAX = 256, ADDRESS_PORT_MAX = 6 };

struct address {
    char host[ADDRESS_HOST_MAX]; /* name or number, brackets taken off; "" where none was written */
    char port[ADDRESS_PORT_MAX]; /* decimal, 0..65535 */
};

/* `host:30005`, `[2001:db8::1]:30005`, `:30004`. key is named in why. ERR_SYNTAX, ERR_RANGE. */
enum err address_parse(const char *text, const char *key, struct address *out, char *why,
                       size_t why_size);

#endif
