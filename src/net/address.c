#include "net/address.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum err not_an_address(const char *text, const char *key, char *why, size_t why_size)
{
    snprintf(why, why_size,
             "%s=%s is not HOST:PORT: write, for example, 127.0.0.1:30005 or [::1]:30005", key,
             text);
    return ERR_SYNTAX;
}

enum err address_parse(const char *text, const char *key, struct address *out, char *why,
                       size_t why_size)
{
    const char *const colon = strrchr(text, ':');
    if (!colon) {
        return not_an_address(text, key, why, why_size);
    }
    const char *host = text;
    size_t n = (size_t)(colon - text);
    if (n >= 2 && host[0] == '[' && host[n - 1] == ']') {
        host++;
        n -= 2;
    } else if (memchr(host, ':', n) || memchr(host, '[', n) || memchr(host, ']', n)) {
        return not_an_address(text, key, why, why_size);
    }
    const size_t digits = strspn(colon + 1, "0123456789");
    if (digits == 0 || colon[1 + digits] != '\0' || n >= sizeof out->host) {
        return not_an_address(text, key, why, why_size);
    }
    if (digits >= sizeof out->port || strtoul(colon + 1, NULL, 10) > 65535) {
        snprintf(why, why_size, "%s=%s: a port is a number from 1 to 65535", key, text);
        return ERR_RANGE;
    }
    memcpy(out->host, host, n);
    out->host[n] = '\0';
    memcpy(out->port, colon + 1, digits + 1);
    return ERR_OK;
}
