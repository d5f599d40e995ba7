/* An alert → what receivers get: an id that is the same whenever it is sent, the sentence in the
   watch's language, and all of it as JSON. */
#include "deliver/send.h"

#include "base/instant.h"

#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of watch, kind and key: the data's own, so that a book made anew gives the same. */
static void make_id(const struct book_alert *a, char out[SEND_ID_MAX])
{
    unsigned char hash[16];
    char text[512];
    snprintf(text, sizeof text, "%s|%u|%s", a->watch_name, (unsigned)a->tell, a->key);
    crypto_generichash(hash, sizeof hash, (const unsigned char *)text, strlen(text), NULL, 0);
    snprintf(out, SEND_ID_MAX, "msg_");
    sodium_bin2hex(out + 4, SEND_ID_MAX - 4, hash, sizeof hash);
}

enum err message_make(const struct book_alert *a, int64_t now_ms, struct message_out *m)
{
    static const char *const tells[] = {"alert", "corrected", "note"};
    *m = (struct message_out){.alert = a->id, .now_s = now_ms / 1000};
    make_id(a, m->id);
    snprintf(m->subject, sizeof m->subject, "%s", a->watch_name);
    json_t *alert = json_loads(a->json, 0, NULL);
    const char *text = alert ? json_string_value(json_object_get(alert, a->language)) : NULL;
    buf_text(&m->text, text ? text : a->key);
    buf_byte(&m->text, 0);
    buf_text(&m->body, "{\"id\":");
    buf_json_string(&m->body, m->id, strlen(m->id));
    buf_format(&m->body, ",\"type\":\"watch.%s\",\"number\":%lld,\"watch\":",
               tells[a->tell < 3 ? a->tell : 0], (long long)a->id);
    buf_json_string(&m->body, a->watch_name, strlen(a->watch_name));
    buf_text(&m->body, ",\"language\":");
    buf_json_string(&m->body, a->language, strlen(a->language));
    buf_text(&m->body, ",\"text\":");
    buf_json_string(&m->body, (const char *)m->text.p, m->text.n ? m->text.n - 1 : 0);
    buf_text(&m->body, ",\"alert\":");
    buf_text(&m->body, alert ? a->json : "null");
    buf_text(&m->body, "}");
    json_decref(alert);
    if (m->body.failed || m->text.failed) {
        message_free(m);
        return ERR_MEMORY;
    }
    return ERR_OK;
}

void message_free(struct message_out *m)
{
    buf_free(&m->text);
    buf_free(&m->body);
}
