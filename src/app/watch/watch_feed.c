#include "app/watch/watch_feed.h"

#include "base/instant.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

struct feeding {
    const struct watch_feed *f;
    struct buf entries;
    int64_t updated_ms; /* of the newest; KEPT_NO_TIME */
};

static void xml(struct buf *out, const char *s)
{
    buf_xml_text(out, s, strlen(s));
}

static void xml_time(struct buf *out, const char *element, int64_t t_ms)
{
    char text[32];
    instant_format(t_ms * 1000, 0, text);
    buf_format(out, "<%s>%s</%s>", element, text, element);
}

/* The hash of the alert in the form of a UUID; the version and variant of one made by hand (RFC
   9562, 5.8). */
static void xml_id(struct buf *out, const struct book_alert *a)
{
    char id[33];
    book_alert_id(a, id);
    id[12] = '8';
    id[16] = '8';
    buf_format(out, "<id>urn:uuid:%.8s-%.4s-%.4s-%.4s-%.12s</id>", id, id + 8, id + 12, id + 16,
               id + 20);
}

static const char *text_of(const json_t *alert, const char *key)
{
    const char *t = json_string_value(json_object_get(alert, key));
    return t ? t : "";
}

static void write_place(struct buf *out, const json_t *alert)
{
    const json_t *lat = json_object_get(alert, "lat"), *lon = json_object_get(alert, "lon");
    if (json_is_number(lat) && json_is_number(lon)) {
        buf_format(out, "<georss:point>%.5f %.5f</georss:point>", json_number_value(lat),
                   json_number_value(lon));
    }
}

/* What a reader shows: the sentence; below it the evidence, as it was told. */
static void write_content(struct buf *out, const struct book_alert *a, const json_t *alert,
                          const char *language)
{
    char p[32];
    const char *rtl = strcmp(language, "ar") == 0 ? " dir=\"rtl\"" : "";
    struct buf html = {0};
    snprintf(p, sizeof p, "%.0f %%", 100 * (double)a->p);
    buf_format(&html, "<p%s>", rtl);
    xml(&html, text_of(alert, language));
    buf_format(&html, "</p><p dir=\"ltr\">p = %s", p);
    static const char *const keys[] = {"hex",  "callsign", "registration",
                                       "type", "airport",  "t_lo"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *value = text_of(alert, keys[i]);
        if (*value) {
            buf_format(&html, " &#183; ");
            xml(&html, value);
        }
    }
    buf_text(&html, "</p>");
    buf_text(out, "<content type=\"html\">");
    buf_xml_text(out, (const char *)html.p, html.n);
    buf_text(out, "</content>");
    out->failed |= html.failed;
    buf_free(&html);
}

static void write_entry(void *ctx, const struct book_alert *a)
{
    struct feeding *f = ctx;
    struct buf *out = &f->entries;
    const char *language =
        f->f->language == WATCH_LANGUAGES ? a->language : watch_language_name(f->f->language);
    json_t *alert = json_loads(a->json, 0, NULL);
    if (f->updated_ms == KEPT_NO_TIME || a->told_ms > f->updated_ms) {
        f->updated_ms = a->told_ms;
    }
    buf_format(out, "<entry xml:lang=\"%s\">", language);
    xml_id(out, a);
    buf_text(out, "<title>");
    xml(out, a->watch_name);
    buf_text(out, ": ");
    xml(out, text_of(alert, language));
    buf_text(out, "</title>");
    xml_time(out, "updated", a->told_ms);
    xml_time(out, "published", a->told_ms);
    buf_text(out, "<category term=\"");
    xml(out, text_of(alert, "event"));
    buf_text(out, "\"/><category term=\"");
    xml(out, a->tell == WATCH_TELL_CORRECTED ? "corrected" : "alert");
    buf_text(out, "\"/>");
    write_place(out, alert);
    write_content(out, a, alert, language);
    buf_text(out, "</entry>\n");
    json_decref(alert);
}

enum err watch_feed_write(const struct watch_feed *f, struct book *book)
{
    struct feeding feed = {.f = f, .updated_ms = KEPT_NO_TIME};
    struct book_query query = f->query;
    query.notes = false;
    const enum err e = book ? book_alerts(book, &query, write_entry, &feed) : ERR_OK;
    buf_text(f->out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                     "<feed xmlns=\"http://www.w3.org/2005/Atom\" "
                     "xmlns:georss=\"http://www.georss.org/georss\">\n"
                     "<id>urn:uuid:6d617361-7200-8000-8000-616c65727473</id>\n"
                     "<title>masar</title>\n"
                     "<link rel=\"self\" type=\"application/atom+xml\" href=\"alerts.atom\"/>\n"
                     "<author><name>masar</name></author>\n"
                     "<generator>masar</generator>\n");
    xml_time(f->out, "updated", feed.updated_ms == KEPT_NO_TIME ? 0 : feed.updated_ms);
    buf_byte(f->out, '\n');
    buf_add(f->out, feed.entries.p, feed.entries.n);
    buf_text(f->out, "</feed>\n");
    f->out->failed |= feed.entries.failed;
    buf_free(&feed.entries);
    return e ? e : f->out->failed ? ERR_MEMORY : ERR_OK;
}
