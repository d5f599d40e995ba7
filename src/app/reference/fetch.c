#include "app/reference/fetch.h"

#include "app/load.h"

#include <curl/curl.h>
#include <stdio.h>

enum { FETCH_MAX = 256 << 20, CONNECT_S = 20, STALL_S = 30 };

struct taking {
    struct buf *out;
    bool too_much;
};

static size_t take(char *p, size_t one, size_t n, void *ctx)
{
    struct taking *t = ctx;
    t->too_much = t->out->n + n > FETCH_MAX;
    if (t->too_much) {
        return 0;
    }
    buf_add(t->out, p, n * one);
    return t->out->failed ? 0 : n;
}

static void set_up(CURL *c, const char *url, struct taking *t, char *said)
{
    curl_easy_setopt(c, CURLOPT_URL, url);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS_STR,
                     url[4] == 's' || url[4] == 'S' ? "https" : "http,https");
    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(c, CURLOPT_MAXREDIRS, 5L);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
    curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, 1000L);
    curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, (long)STALL_S);
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_USERAGENT, "masar/" MASAR_VERSION);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, t);
    curl_easy_setopt(c, CURLOPT_ERRORBUFFER, said);
}

enum err fetch_url(const char *url, struct buf *out, char *why, size_t size)
{
    char said[CURL_ERROR_SIZE] = "";
    long status = 0;
    CURL *c = curl_easy_init();
    if (!c) {
        snprintf(why, size, "out of memory");
        return ERR_MEMORY;
    }
    struct taking t = {.out = out};
    set_up(c, url, &t, said);
    const CURLcode r = curl_easy_perform(c);
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(c);
    if (t.too_much) {
        snprintf(why, size, "it is more than 256 MiB");
        return ERR_FULL;
    }
    if (r != CURLE_OK) {
        snprintf(why, size, "%s", *said ? said : curl_easy_strerror(r));
        return out->failed ? ERR_MEMORY : ERR_SYSTEM;
    }
    if (status != 200) {
        snprintf(why, size, "the server answered %ld", status);
        return ERR_SYSTEM;
    }
    return load_unpack(out, why, size);
}
