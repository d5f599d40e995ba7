/* Webhooks and mail, through libcurl. One handle a receiver, kept open between messages. */
#include "deliver/send.h"

#include "base/instant.h"

#include <curl/curl.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONNECT_MS = 10000, ALL_MS = 30000, KEY_MAX = 128, RETRY_MAX_S = 3600 };

struct way {
    CURL *curl;
    bool refused; /* its address was a local one */
};

/* A connection that is not to be made does not even begin. */
static curl_socket_t open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *a)
{
    struct sender *s = ctx;
    (void)purpose;
    if (!s->local && guard_is_local(&a->addr)) {
        s->way->refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

static int progress(void *ctx, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    (void)a;
    (void)b;
    (void)c;
    (void)d;
    return *((struct sender *)ctx)->stop ? 1 : 0;
}

/* What it answers is not kept. */
static size_t drop(char *p, size_t size, size_t n, void *ctx)
{
    (void)p;
    (void)ctx;
    return size * n;
}

static CURL *handle(struct sender *s)
{
    if (!s->way) {
        s->way = calloc(1, sizeof *s->way);
    }
    if (s->way && !s->way->curl) {
        s->way->curl = curl_easy_init();
    }
    if (!s->way || !s->way->curl) {
        return NULL;
    }
    CURL *c = s->way->curl;
    curl_easy_reset(c); /* its connections stay */
    s->way->refused = false;
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)ALL_MS);
    curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, progress);
    curl_easy_setopt(c, CURLOPT_XFERINFODATA, s);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, drop);
    curl_easy_setopt(c, CURLOPT_PROXY, ""); /* a proxy would see what the guard cannot */
    return c;
}

void end_curl(struct sender *s)
{
    if (s->way) {
        if (s->way->curl) {
            curl_easy_cleanup(s->way->curl);
        }
        free(s->way);
        s->way = NULL;
    }
}

/* ---- webhook ---- */

/* Standard Webhooks: v1,base64(HMAC-SHA256(key, id.timestamp.body)); the key is what follows whsec_
   in base64, or the bytes of a secret without that. */
static bool sign(const struct sender *s, const struct message_out *m, char *out, size_t size)
{
    unsigned char key[KEY_MAX], mac[crypto_auth_hmacsha256_BYTES];
    char head[96];
    size_t n = 0;
    const char *secret = s->secret;
    if (strncmp(secret, "whsec_", 6) == 0) {
        if (sodium_base642bin(key, sizeof key, secret + 6, strlen(secret + 6), NULL, &n, NULL,
                              sodium_base64_VARIANT_ORIGINAL)) {
            return false;
        }
    } else {
        n = strlen(secret) < sizeof key ? strlen(secret) : sizeof key;
        memcpy(key, secret, n);
    }
    snprintf(head, sizeof head, "%s.%lld.", m->id, (long long)m->now_s);
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key, n);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)head, strlen(head));
    crypto_auth_hmacsha256_update(&state, m->body.p, m->body.n);
    crypto_auth_hmacsha256_final(&state, mac);
    sodium_memzero(key, sizeof key);
    snprintf(out, size, "v1,");
    sodium_bin2base64(out + 3, size - 3, mac, sizeof mac, sodium_base64_VARIANT_ORIGINAL);
    return true;
}

static struct curl_slist *headers_of(const struct sender *s, const struct message_out *m)
{
    char line[256], signature[96];
    struct curl_slist *h = curl_slist_append(NULL, "Content-Type: application/json");
    snprintf(line, sizeof line, "webhook-id: %s", m->id);
    h = curl_slist_append(h, line);
    snprintf(line, sizeof line, "webhook-timestamp: %lld", (long long)m->now_s);
    h = curl_slist_append(h, line);
    if (s->secret[0] && sign(s, m, signature, sizeof signature)) {
        snprintf(line, sizeof line, "webhook-signature: %s", signature);
        h = curl_slist_append(h, line);
    }
    h = curl_slist_append(h, "Expect:");
    return curl_slist_append(h, "User-Agent: masar");
}

static bool judge(struct sender *s, CURL *c, CURLcode code, char *why, size_t why_size)
{
    long status = 0;
    curl_off_t wait_s = 0;
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(c, CURLINFO_RETRY_AFTER, &wait_s);
    if (s->way->refused) {
        snprintf(why, why_size,
                 "refused: it is this machine or in a private network (--allow-local allows it)");
        return false;
    }
    if (code != CURLE_OK) {
        snprintf(why, why_size, "%s", curl_easy_strerror(code));
        return false;
    }
    s->wait_s = wait_s > 0 && wait_s < RETRY_MAX_S ? (int64_t)wait_s : 0;
    snprintf(why, why_size, "%s %ld",
             status >= 300 && status < 400 ? "redirections are not followed:" : "status", status);
    return status >= 200 && status < 300;
}

bool send_webhook(struct sender *s, const struct message_out *m, char *why, size_t why_size)
{
    CURL *c = handle(s);
    struct curl_slist *h = c ? headers_of(s, m) : NULL;
    if (!c || !h) {
        snprintf(why, why_size, "out of memory");
        return false;
    }
    curl_easy_setopt(c, CURLOPT_URL, s->target);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, s);
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, h);
    curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE, (long)m->body.n);
    curl_easy_setopt(c, CURLOPT_POSTFIELDS, m->body.p);
    const bool taken = judge(s, c, curl_easy_perform(c), why, why_size);
    curl_slist_free_all(h);
    return taken;
}

/* ---- mail ---- */

struct reading {
    const uint8_t *p;
    size_t n;
};

static size_t read_mail(char *out, size_t size, size_t n, void *ctx)
{
    struct reading *r = ctx;
    const size_t k = size * n < r->n ? size * n : r->n;
    memcpy(out, r->p, k);
    r->p += k;
    r->n -= k;
    return k;
}

/* base64 in lines of 76 characters. */
static void add_base64(struct buf *out, const uint8_t *p, size_t n)
{
    enum { BYTES = 57 };
    char line[80];
    for (size_t i = 0; i < n; i += BYTES) {
        const size_t k = n - i < BYTES ? n - i : BYTES;
        sodium_bin2base64(line, sizeof line, p + i, k, sodium_base64_VARIANT_ORIGINAL);
        buf_text(out, line);
        buf_text(out, "\r\n");
    }
}

/* RFC 2047: a word of at most 75 characters holds 42 bytes here, whole characters. */
static void add_subject(struct buf *out, const char *s)
{
    enum { BYTES = 42 };
    char word[64];
    buf_text(out, "Subject:");
    for (size_t n = strlen(s), i = 0; i < n;) {
        size_t k = n - i < BYTES ? n - i : BYTES;
        while (i + k < n && k > 1 && ((unsigned char)s[i + k] & 0xc0) == 0x80) {
            k--;
        }
        sodium_bin2base64(word, sizeof word, (const unsigned char *)s + i, k,
                          sodium_base64_VARIANT_ORIGINAL);
        buf_format(out, " =?utf-8?B?%s?=\r\n", word);
        i += k;
    }
}

static void make_mail(const struct message_out *m, const char *from, const char *to,
                      struct buf *out)
{
    static const char *const days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const struct instant_parts p = instant_split(m->now_s * 1000000);
    struct buf text = {0};
    buf_format(out, "From: <%s>\r\nTo: %s\r\n", from, to);
    add_subject(out, m->subject);
    buf_format(out, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n",
               days[(m->now_s / 86400 % 7 + 7) % 7], p.day, months[p.month - 1], p.year, p.hour,
               p.minute, p.second);
    buf_format(out,
               "Message-ID: <%s@masar.invalid>\r\nMIME-Version: 1.0\r\nAuto-Submitted: "
               "auto-generated\r\nContent-Type: text/plain; charset=utf-8\r\n"
               "Content-Transfer-Encoding: base64\r\n\r\n",
               m->id);
    buf_add(&text, m->text.p, m->text.n - 1);
    buf_text(&text, "\r\n\r\n");
    buf_add(&text, m->body.p, m->body.n);
    buf_text(&text, "\r\n");
    add_base64(out, text.p, text.n);
    out->failed |= text.failed;
    buf_free(&text);
}

/* `URL from to[,to]` in a copy: its parts. */
static bool split_mail(char *target, char **from, char **to)
{
    char *save = NULL;
    (void)strtok_r(target, " ", &save);
    *from = strtok_r(NULL, " ", &save);
    *to = strtok_r(NULL, " ", &save);
    return *from && *to;
}

static CURLcode send_parts(struct sender *s, CURL *c, char *url, const char *from, char *to,
                           struct reading *r)
{
    char address[320], *save = NULL;
    struct curl_slist *all = NULL;
    for (char *one = strtok_r(to, ",", &save); one; one = strtok_r(NULL, ",", &save)) {
        snprintf(address, sizeof address, "<%s>", one);
        all = curl_slist_append(all, address);
    }
    snprintf(address, sizeof address, "<%s>", from);
    curl_easy_setopt(c, CURLOPT_URL, url);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(c, CURLOPT_USE_SSL, (long)CURLUSESSL_TRY);
    curl_easy_setopt(c, CURLOPT_MAIL_FROM, address);
    curl_easy_setopt(c, CURLOPT_MAIL_RCPT, all);
    curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(c, CURLOPT_READFUNCTION, read_mail);
    curl_easy_setopt(c, CURLOPT_READDATA, r);
    (void)s;
    const CURLcode code = curl_easy_perform(c);
    curl_slist_free_all(all);
    return code;
}

bool send_mail(struct sender *s, const struct message_out *m, char *why, size_t why_size)
{
    CURL *c = handle(s);
    char *copy = strdup(s->target), *from, *to;
    struct buf mail = {0};
    CURLcode code = CURLE_OUT_OF_MEMORY;
    long status = 0;
    if (c && copy && split_mail(copy, &from, &to)) {
        make_mail(m, from, to, &mail);
        struct reading r = {mail.p, mail.n};
        code = mail.failed ? CURLE_OUT_OF_MEMORY : send_parts(s, c, copy, from, to, &r);
        curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    }
    snprintf(why, why_size, "%s, status %ld", code ? curl_easy_strerror(code) : "taken", status);
    buf_free(&mail);
    free(copy);
    return code == CURLE_OK;
}
