/* Any text as the parts of a request: lines are path, Host, Origin, Accept-Encoding, If-None-Match,
   Content-Length. */
#include "serve/query.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { PARTS = 6, PART_MAX = 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* What is said to be safe leads nowhere but down. */
static void judge_path(const char *path)
{
    char rest[16];
    uint32_t address = 0;
    if (query_path_is_safe(path)) {
        must(path[0] == '/' && !strstr(path, "/.") && !strchr(path, '\\') && !strstr(path, "//"));
    }
    if (query_match("/api/v1/aircraft/*/trail", path, rest, sizeof rest)) {
        must(strlen(rest) > 0 && !strchr(rest, '/'));
        if (query_hex(rest, &address)) {
            must(address < 1u << 25);
        }
    }
    query_match("/*", path, rest, sizeof rest);
    query_is_hashed(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *part[PARTS] = {0};
    for (int i = 0; i < PARTS; i++) {
        const uint8_t *end = size ? memchr(data, '\n', size) : NULL;
        const size_t n = end ? (size_t)(end - data) : size;
        const size_t kept = n < PART_MAX ? n : PART_MAX;
        part[i] = calloc(1, kept + 1); /* exactly as long as it is, so that a sanitizer sees more */
        must(part[i] != NULL);
        if (kept) {
            memcpy(part[i], data, kept);
        }
        data += end ? n + 1 : n;
        size -= end ? n + 1 : n;
    }
    judge_path(part[0]);
    if (query_host_is_loopback(part[1])) {
        query_is_loopback(part[1]);
    }
    query_host_is_plain(part[1]);
    query_same_origin(part[2], part[1]);
    query_accepts(part[3], "gzip");
    query_accepts(part[3], "br");
    query_has_etag(part[4], "\"18ea68e97e71ff66-4\"");
    must(query_length(part[5]) >= -1);
    for (int i = 0; i < PARTS; i++) {
        free(part[i]);
    }
    return 0;
}
