#include "source/source.h"

#include "base/instant.h"
#include "source/internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SOURCE(name) extern const struct source_kind source_##name;
#include "source/source.def"

const struct source_kind *const source_kinds[] = {
#define SOURCE(name) &source_##name,
#include "source/source.def"
    NULL,
};

const char *const source_keys[] = {"name", "at", NULL};

static const struct source_kind *kind_find(const char *name)
{
    for (size_t i = 0; source_kinds[i]; i++) {
        if (strcmp(source_kinds[i]->name, name) == 0) {
            return source_kinds[i];
        }
    }
    return NULL;
}

static void add_name(struct buf *names, const char *name)
{
    buf_format(names, " %s", name);
}

static enum err unknown_name(const char *name, char *why, size_t why_size)
{
    struct buf names = {0};
    for (size_t i = 0; wire_formats[i]; i++) {
        if (wire_formats[i]->reader_new) {
            add_name(&names, wire_formats[i]->name);
        }
    }
    for (size_t i = 0; source_kinds[i]; i++) {
        add_name(&names, source_kinds[i]->name);
    }
    snprintf(why, why_size, "'%s' is no input; there are%.*s", name, (int)names.n,
             names.p ? (const char *)names.p : "");
    buf_free(&names);
    return ERR_UNKNOWN;
}

/* name=, else the end of a path, or what stands after connect= or listen=; a kind's own name. */
static void derive_name(const struct spec *spec, char *out, size_t size)
{
    const char *file = spec_get(spec, "file", NULL);
    const char *to = spec_get(spec, "connect", NULL);
    const char *at = spec_get(spec, "listen", NULL);
    const char *name = spec_get(spec, "name", NULL);
    if (name) {
        snprintf(out, size, "%s", name);
    } else if (file) {
        const char *slash = strrchr(file, '/');
        snprintf(out, size, "%s",
                 strcmp(file, "-") == 0 ? "standard input"
                 : slash                ? slash + 1
                                        : file);
    } else if (to) {
        snprintf(out, size, "%s", to);
    } else if (at) {
        snprintf(out, size, "%s %s", spec->name, at);
    } else {
        snprintf(out, size, "%s", spec->name);
    }
}

/* A number of degrees or meters, up to one of the stops or the end; moved on. */
static bool number(const char **text, double lo, double hi, double *out)
{
    char *end = NULL;
    *out = strtod(*text, &end);
    if (end == *text || !(*out >= lo && *out <= hi)) {
        return false;
    }
    *text = end;
    return *end == '\0' || *end == '/' || *end == ',';
}

/* at=LAT/LON[/M]: degrees north and east, meters above the sea. */
static enum err read_place(const char *text, struct receiver *row, char *why, size_t why_size)
{
    double lat, lon, alt_m = 0;
    const char *p = text;
    bool ok = number(&p, -90, 90, &lat) && *p++ != '\0' && number(&p, -180, 180, &lon);
    if (ok && *p != '\0') {
        p++;
        ok = number(&p, -1000, 10000, &alt_m) && *p == '\0';
    }
    if (!ok) {
        snprintf(why, why_size,
                 "at=%s is not a place: write LATITUDE/LONGITUDE[/METERS] in degrees, for "
                 "example at=13.48/2.18/230",
                 text);
        return ERR_RANGE;
    }
    row->has_place = true;
    row->lat_e7 = (int32_t)(lat * 1e7 + (lat < 0 ? -0.5 : 0.5));
    row->lon_e7 = (int32_t)(lon * 1e7 + (lon < 0 ? -0.5 : 0.5));
    row->alt_m = (int32_t)alt_m;
    return ERR_OK;
}

static enum err check_keys(const struct spec *spec, const struct source_kind *kind,
                           const struct wire_format *format, char *why, size_t why_size)
{
    const char *const *lists[4] = {source_keys};
    size_t n = 1;
    if (kind) {
        lists[n++] = kind->keys;
    } else {
        lists[n++] = source_stream_keys;
        lists[n++] = net_keys;
        if (format && format->keys) {
            lists[n++] = format->keys;
        }
    }
    return spec_check(spec, lists, n, why, why_size);
}

static void on_closed(uv_handle_t *handle)
{
    struct source *s = handle->data;
    if (s->kind == &source_stream) {
        free(s->kind_state);
    }
    free(s);
}

static void dispose(struct source *s)
{
    s->is_closed = true;
    uv_close((uv_handle_t *)&s->end, on_closed);
}

/* Takes its number and its row, once nothing can be wrong with the keys all inputs have. */
static void begin(struct source *s, const struct source_options *o, const struct receiver *place)
{
    s->o = *o;
    derive_name(&s->spec, s->name, sizeof s->name);
    uv_idle_init(o->loop, &s->end);
    s->end.data = s;
    s->first = receivers_number(o->receivers, o->number, s->name, 0);
    s->receiver = s->first;
    struct receiver *row = source_receiver(s);
    if (place->has_place) {
        row->has_place = true;
        row->lat_e7 = place->lat_e7;
        row->lon_e7 = place->lon_e7;
        row->alt_m = place->alt_m;
    }
}

static enum err open_kind(struct source *s, const struct source_kind *kind,
                          const struct wire_format *format, char *why, size_t why_size)
{
    s->kind = kind;
    if (kind) {
        s->own_clock = kind->own_clock;
        return kind->open(s, &s->spec, &s->kind_state, why, why_size);
    }
    s->kind = &source_stream;
    return source_stream_open(s, format, why, why_size);
}

static enum err open_source(struct source *s, const char *text, const struct source_options *o,
                            char *why, size_t why_size)
{
    struct receiver place = {0};
    enum err e = spec_parse(&s->spec, text, why, why_size);
    if (e) {
        free(s);
        return e;
    }
    const struct source_kind *kind = kind_find(s->spec.name);
    const struct wire_format *format = kind ? NULL : wire_format_find(s->spec.name);
    if (!kind && (!format || !format->reader_new)) {
        e = unknown_name(s->spec.name, why, why_size);
    }
    const char *at = spec_get(&s->spec, "at", NULL);
    e = e ? e : check_keys(&s->spec, kind, format, why, why_size);
    e = e || !at ? e : read_place(at, &place, why, why_size);
    if (e) {
        free(s);
        return e;
    }
    begin(s, o, &place);
    e = open_kind(s, kind, format, why, why_size);
    if (e) {
        dispose(s);
    }
    return e;
}

enum err source_open(const char *text, const struct source_options *o, struct source **out,
                     char *why, size_t why_size)
{
    struct source *s = calloc(1, sizeof *s);
    if (!s) {
        snprintf(why, why_size, "out of memory");
        return ERR_MEMORY;
    }
    const enum err e = open_source(s, text, o, why, why_size);
    if (!e) {
        *out = s;
    }
    return e;
}

const char *source_name(const struct source *s)
{
    return s->name;
}

bool source_has_own_clock(const struct source *s)
{
    return s->own_clock;
}

const char *source_state(const struct source *s)
{
    return s->kind == &source_stream && !s->is_done ? source_stream_state(s->kind_state) : s->state;
}

void source_close(struct source *s)
{
    if (!s->is_closed) {
        s->kind->close(s->kind_state);
        dispose(s);
    }
}

void source_pause(struct source *s, bool paused)
{
    if (!s->is_closed && !s->is_done && s->kind->pause) {
        s->kind->pause(s->kind_state, paused);
    }
}

const struct source_options *source_options(const struct source *s)
{
    return &s->o;
}

struct receiver *source_receiver(struct source *s)
{
    return &s->o.receivers->row[s->first];
}

uint16_t source_use_receiver(struct source *s, const char *name, uint64_t id)
{
    s->receiver = source_number(s, name, id);
    return s->receiver;
}

uint16_t source_number(struct source *s, const char *name, uint64_t id)
{
    struct receivers *table = s->o.receivers;
    if (id == 0 && (!name || name[0] == '\0')) {
        return s->first;
    }
    const size_t before = table->n;
    const uint16_t number = receivers_number(table, s->o.number, name, id);
    const struct receiver *own = source_receiver(s);
    if (table->n > before && own->has_place && s->place_is_theirs) {
        struct receiver *row = &table->row[number];
        row->has_place = true;
        row->lat_e7 = own->lat_e7;
        row->lon_e7 = own->lon_e7;
        row->alt_m = own->alt_m;
    }
    return number;
}

/* Counts the item for its receiver, hands it on, and keeps its time, which the callee may have
   set right. */
static void hand_on(struct source *s, const struct wire_item *item, uint16_t *receiver,
                    const int64_t *t_us, const uint8_t *flags)
{
    if (*receiver == 0) {
        *receiver = s->receiver;
    }
    struct receiver *row = &s->o.receivers->row[*receiver];
    row->frames++;
    s->o.item(s->o.ctx, item);
    if (!s->is_closed && !(*flags & FRAME_NO_TIME)) {
        row->last_frame_us = *t_us;
    }
}

void source_item(struct source *s, const struct wire_item *item)
{
    if (s->is_closed) {
        return;
    }
    switch (item->kind) {
    case WIRE_FRAME:
        hand_on(s, item, &item->frame->receiver, &item->frame->t_us, &item->frame->flags);
        break;
    case WIRE_UAT:
        hand_on(s, item, &item->uat->receiver, &item->uat->t_us, &item->uat->flags);
        break;
    case WIRE_MESSAGE:
        hand_on(s, item, &item->message->receiver, &item->message->t_us, &item->message->flags);
        break;
    case WIRE_RECEIVER:
    case WIRE_FEEDER:
        source_use_receiver(s, item->receiver_name, item->receiver_id);
        break;
    case WIRE_PING:
        break;
    }
}

static void on_end(uv_idle_t *idle)
{
    struct source *s = idle->data;
    uv_idle_stop(idle);
    /* Copied, since the callee may close the source. */
    char why[sizeof s->state];
    memcpy(why, s->state, sizeof why);
    s->o.done(s->o.ctx, s->o.number, s->end_error, why);
}

void source_done(struct source *s, enum err e, const char *why)
{
    if (s->is_done || s->is_closed) {
        return;
    }
    s->is_done = true;
    s->end_error = e;
    snprintf(s->state, sizeof s->state, "%s", why ? why : err_text(e));
    uv_idle_start(&s->end, on_end);
}

void source_set_state(struct source *s, const char *format, ...)
{
    if (s->is_done) {
        return;
    }
    va_list args;
    va_start(args, format);
    vsnprintf(s->state, sizeof s->state, format, args);
    va_end(args);
}
