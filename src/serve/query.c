#include "serve/query.h"

#include "model/message.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

bool query_path_is_safe(const char *path)
{
    if (path[0] != '/') {
        return false;
    }
    for (const char *p = path; *p; p++) {
        if ((unsigned char)*p < 0x20 || *p == 0x7f || *p == '\\') {
            return false;
        }
        if (*p == '/' && (p[1] == '.' || p[1] == '/')) {
            return false;
        }
    }
    return true;
}

bool query_match(const char *pattern, const char *path, char *rest, size_t rest_size)
{
    rest[0] = '\0';
    while (*pattern) {
        if (*pattern == '*') {
            const size_t n = strcspn(path, "/");
            if (n == 0 || n >= rest_size) {
                return false;
            }
            memcpy(rest, path, n);
            rest[n] = '\0';
            path += n;
            pattern++;
        } else if (*pattern++ != *path++) {
            return false;
        }
    }
    return *path == '\0';
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

bool query_arg(const char *args, const char *name, char *out, size_t size)
{
    const size_t length = strlen(name);
    for (const char *p = args; *p;) {
        const size_t n = strcspn(p, "&");
        if (n > length && memcmp(p, name, length) == 0 && p[length] == '=') {
            const size_t value = n - length - 1;
            if (value >= size) {
                return false;
            }
            memcpy(out, p + length + 1, value);
            out[value] = '\0';
            return true;
        }
        p += n + (p[n] == '&');
    }
    return false;
}

bool query_hex(const char *text, uint32_t *address)
{
    uint32_t v = 0;
    const bool other = text[0] == '~';
    text += other;
    for (int i = 0; i < 6; i++) {
        const int digit = hex_digit(text[i]);
        if (digit < 0) {
            return false;
        }
        v = v << 4 | (uint32_t)digit;
    }
    *address = other ? v | ADDRESS_NON_ICAO : v;
    return text[6] == '\0';
}

/* Four decimal numbers with dots, the first of them 127. */
static bool is_127(const char *host, size_t n)
{
    int parts = 0;
    for (size_t i = 0; i < n; parts++) {
        unsigned v = 0, digits = 0;
        while (i < n && host[i] >= '0' && host[i] <= '9' && digits < 4) {
            v = v * 10 + (unsigned)(host[i++] - '0');
            digits++;
        }
        if (digits == 0 || v > 255 || (parts == 0 && v != 127) || (i < n && host[i++] != '.')) {
            return false;
        }
    }
    return parts == 4 && host[n - 1] != '.';
}

static bool is_loopback(const char *host, size_t n)
{
    static const char local[] = "localhost", under[] = ".localhost";
    const size_t u = sizeof under - 1;
    return (n == sizeof local - 1 && strncasecmp(host, local, n) == 0) ||
           (n > u && strncasecmp(host + n - u, under, u) == 0) || (n > 0 && is_127(host, n)) ||
           (n == 3 && memcmp(host, "::1", 3) == 0);
}

bool query_is_loopback(const char *host)
{
    return is_loopback(host, strlen(host));
}

static bool is_port(const char *text)
{
    return text[0] == '\0' ||
           (text[0] == ':' && text[1] && strspn(text + 1, "0123456789") == strlen(text + 1));
}

bool query_host_is_loopback(const char *header)
{
    if (header[0] == '[') {
        const char *end = strchr(header, ']');
        return end && is_loopback(header + 1, (size_t)(end - header - 1)) && is_port(end + 1);
    }
    const size_t n = strcspn(header, ":");
    return is_loopback(header, n) && is_port(header + n);
}

bool query_same_origin(const char *origin, const char *host)
{
    static const char *const schemes[] = {"http://", "https://"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        const size_t n = strlen(schemes[i]);
        if (strncasecmp(origin, schemes[i], n) == 0) {
            return strcasecmp(origin + n, host) == 0;
        }
    }
    return false;
}

bool query_host_is_plain(const char *header)
{
    size_t n = 0;
    for (; header[n]; n++) {
        if (!isalnum((unsigned char)header[n]) && !strchr(".-:[]_", header[n])) {
            return false;
        }
    }
    return n > 0 && n < 256;
}

bool query_accepts(const char *header, const char *coding)
{
    const size_t length = strlen(coding);
    for (const char *p = header; *p;) {
        p += strspn(p, " \t,");
        const size_t n = strcspn(p, ",");
        const size_t name = strcspn(p, " \t,;");
        if (name == length && strncasecmp(p, coding, length) == 0) {
            const char *q = memchr(p, '=', n);
            const size_t left = q ? n - (size_t)(q - p) : 0;
            /* Only zeros after "q=": refused. */
            return !q || strspn(q + 1, "0. ") < left - 1;
        }
        p += n;
    }
    return false;
}

bool query_has_etag(const char *header, const char *etag)
{
    const size_t length = strlen(etag);
    if (strcmp(header, "*") == 0) {
        return true;
    }
    for (const char *p = header; *p;) {
        p += strspn(p, " \t,");
        if (strncmp(p, "W/", 2) == 0) {
            p += 2;
        }
        const size_t n = strcspn(p, ",");
        size_t end = n;
        while (end > 0 && (p[end - 1] == ' ' || p[end - 1] == '\t')) {
            end--;
        }
        if (end == length && memcmp(p, etag, length) == 0) {
            return true;
        }
        p += n;
    }
    return false;
}

int64_t query_length(const char *header)
{
    const size_t n = strlen(header);
    if (n == 0 || n > 15 || strspn(header, "0123456789") != n) {
        return -1;
    }
    int64_t v = 0;
    for (size_t i = 0; i < n; i++) {
        v = v * 10 + (header[i] - '0');
    }
    return v;
}

bool query_is_hashed(const char *path)
{
    enum { DIGEST = 8 };
    const char *name = strrchr(path, '/');
    const char *dot = strrchr(path, '.');
    if (!name || !dot || strncmp(path, "/assets/", 8) != 0 || dot - name < DIGEST + 2 ||
        dot[-DIGEST - 1] != '-') {
        return false;
    }
    for (int i = 1; i <= DIGEST; i++) {
        if (!isalnum((unsigned char)dot[-i]) && dot[-i] != '-' && dot[-i] != '_') {
            return false;
        }
    }
    return true;
}
