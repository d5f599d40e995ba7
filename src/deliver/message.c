/* An alert → what receivers get: an id that is the same whenever it is sent, the sentence in the
   watch's language, and all of it as JSON. */
#include "deliver/send.h"

#include "base/instant.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum err message_make(const struct book_alert *a, int64_t now_ms, struct message_out *m)
{
    static const char *const tells[] = {"alert", "corrected", "note"};
    *m = (struct message_out){.alert = a->id, .now_s = now_ms / 1000};
    memcpy(m->id, "msg_", 4);
    book_alert_id(a, m->id + 4);
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
