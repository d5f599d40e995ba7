/* /api/v1: one aircraft with everything known of it, its trail, the lists. */
#include "serve/internal.h"
#include "serve/query.h"
#include "serve/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { REJECTED_SHOWN = 32, TRAIL_POINTS = 20000, OPERATOR_CODES_TEXT = 4096 };

static const char *boolean(bool v)
{
    return v ? "true" : "false";
}

static void head(const struct serve *s, struct buf *b, int64_t now_us)
{
    buf_text(b, "{\"now\":");
    json_seconds(b, now_us);
    buf_format(b, ",\"simulation\":%s,\"aircraft\":[", boolean(serve_simulated(s)));
}

const struct sheet_kind api_sheet = {head, NULL};

void api_aircraft(struct serve *s, const struct request *q, struct answer *a)
{
    answer_sheet(s, &s->aircraft, q, a);
}

/* ------------------------------------------------------------------ one aircraft */

static void write_words(struct buf *b, const char *const *words, uint32_t bits)
{
    bool first = true;
    buf_text(b, "[");
    for (unsigned i = 0; words && words[i]; i++) {
        if (bits >> i & 1u) {
            buf_text(b, first ? "" : ",");
            json_text(b, words[i]);
            first = false;
        }
    }
    buf_text(b, "]");
}

static const char *word(const char *const *words, int32_t which)
{
    for (int32_t i = 0; words && words[i]; i++) {
        if (i == which) {
            return words[i];
        }
    }
    return "unknown";
}

static void write_value(struct buf *b, const struct track *t, enum field f, int32_t v)
{
    const struct field_row *row = &field_row[f];
    switch ((enum field_kind)row->kind) {
    case FIELD_KIND_NUMBER:
        buf_decimal(b, v, row->decimals);
        break;
    case FIELD_KIND_FLAG:
        buf_text(b, boolean(v));
        break;
    case FIELD_KIND_ENUM:
        json_text(b, word(field_words(f), v));
        break;
    case FIELD_KIND_SET:
        write_words(b, field_words(f), (uint32_t)v);
        break;
    case FIELD_KIND_OCTAL:
        buf_format(b, "\"%04o\"", (unsigned)v & 07777u);
        break;
    case FIELD_KIND_HEX:
        buf_format(b, "\"%02X\"", (unsigned)v & 0xffu);
        break;
    case FIELD_KIND_TEXT:
        json_text(b, track_flight(t));
        break;
    case FIELD_KIND_PLACE:
        buf_text(b, "true");
        break;
    }
}

static void write_fields(struct buf *b, const struct serve *s, const struct track *t,
                         int64_t now_us)
{
    const char *comma = "";
    buf_text(b, ",\"fields\":[");
    for (int i = 0; i < FIELD_TRACKED; i++) {
        const enum field f = (enum field)i;
        struct value v, fresh;
        if (field_row[f].kind == FIELD_KIND_PLACE || !track_get(t, f, &v)) {
            continue;
        }
        buf_format(b, "%s\n{\"key\":\"%s\",\"value\":", comma, field_row[f].key);
        write_value(b, t, f, v.v);
        buf_format(b, ",\"unit\":\"%s\",\"t\":", field_row[f].unit);
        json_seconds(b, v.t_us);
        buf_text(b, ",\"age\":");
        json_seconds(b, now_us - v.t_us);
        buf_format(b, ",\"fresh\":%s", boolean(track_fresh(t, f, now_us, &fresh)));
        json_origin(b, v.origin);
        json_receiver(b, s, v.receiver);
        buf_text(b, "}");
        comma = ",";
    }
    buf_text(b, "]");
}

static const char *method_name(uint8_t method)
{
    static const char *const names[] = {"cpr_global", "cpr_local", "cpr_receiver", "reported"};
    return method < sizeof names / sizeof *names ? names[method] : "reported";
}

/* lat … verdict of a fix, without braces. */
static void write_fix(struct buf *b, const struct serve *s, const struct fix *f, int64_t now_us)
{
    const struct verdict_row *verdict =
        &verdict_row[f->verdict < VERDICT_COUNT ? f->verdict : VERDICT_INVALID];
    buf_text(b, "\"lat\":");
    buf_decimal(b, f->lat_e7, 7);
    buf_text(b, ",\"lon\":");
    buf_decimal(b, f->lon_e7, 7);
    buf_text(b, ",\"t\":");
    json_seconds(b, f->t_us);
    buf_text(b, ",\"age\":");
    json_seconds(b, now_us - f->t_us);
    buf_format(b, ",\"method\":\"%s\"", method_name(f->method));
    json_origin(b, f->origin);
    json_receiver(b, s, f->receiver);
    buf_format(b, ",\"verdict\":\"%s\",\"text\":", verdict->key);
    json_text(b, verdict->text);
    buf_format(b, ",\"ground\":%s", boolean(f->ground));
    const struct {
        const char *key;
        bool known;
        int32_t value;
    } rest[] = {{"alt_baro", f->alt_baro_ft != FIX_NO_ALTITUDE, f->alt_baro_ft},
                {"alt_geom", f->alt_geom_ft != FIX_NO_ALTITUDE, f->alt_geom_ft},
                {"nic", f->nic != 255, f->nic},
                {"rc", f->rc_m >= 0, f->rc_m},
                {"nac_p", f->nac_p != 255, f->nac_p},
                {"sil", f->sil != 255, f->sil}};
    for (size_t i = 0; i < sizeof rest / sizeof *rest; i++) {
        if (rest[i].known) {
            buf_format(b, ",\"%s\":%d", rest[i].key, rest[i].value);
        }
    }
}

static void write_rejected(struct buf *b, const struct serve *s, const struct track *t,
                           int64_t now_us)
{
    struct fix rejected[REJECTED_SHOWN];
    const size_t n = tracker_rejected(s->o.tracker, track_address(t), rejected, REJECTED_SHOWN);
    buf_text(b, ",\"rejected\":[");
    for (size_t i = 0; i < n; i++) {
        buf_text(b, i ? ",\n{" : "\n{");
        write_fix(b, s, &rejected[i], now_us);
        buf_text(b, "}");
    }
    buf_text(b, "]");
}

static void write_flight(struct buf *b, const struct track *t)
{
    const char *flight = track_flight(t);
    size_t n = strlen(flight);
    while (n > 0 && flight[n - 1] == ' ') {
        n--;
    }
    if (n > 0) {
        buf_text(b, ",\"flight\":");
        buf_json_string(b, flight, n);
    }
}

static bool is_simulated(const struct serve *s, const struct track *t)
{
    for (int f = 0; f < FIELD_TRACKED; f++) {
        struct value v;
        if (track_get(t, (enum field)f, &v) && v.receiver < s->o.receivers->n &&
            s->o.receivers->row[v.receiver].simulated) {
            return true;
        }
    }
    return false;
}

static void write_note(struct buf *b, const struct serve *s, const struct track *t)
{
    const struct note *note = notes_find(&s->notes, track_address(t));
    if (note) {
        buf_text(b, ",\n\"note\":{\"text\":");
        json_text(b, note->text);
        buf_text(b, ",\"who\":");
        json_text(b, note->who);
        buf_text(b, ",\"t\":");
        json_seconds(b, note->t_us);
        buf_text(b, "}");
    }
}

static void write_identity(struct buf *b, const struct serve *s, const struct track *t)
{
    if (s->o.identity && !(track_address(t) & ADDRESS_NON_ICAO)) {
        buf_text(b, ",\n\"identity\":");
        s->o.identity(s->o.ctx, track_address(t), track_flight(t), b);
    }
}

static void write_aircraft(struct buf *b, const struct serve *s, const struct track *t,
                           int64_t now_us)
{
    struct fix place;
    buf_text(b, "{\"hex\":");
    json_hex(b, track_address(t));
    buf_format(b, ",\"icao\":%s,\"now\":", boolean(!(track_address(t) & ADDRESS_NON_ICAO)));
    json_seconds(b, now_us);
    buf_format(b, ",\"simulated\":%s", boolean(is_simulated(s, t)));
    write_flight(b, t);
    json_origin(b, track_origin(t));
    buf_format(b, ",\"messages\":%u,\"repaired\":%u,\"first\":", track_messages(t),
               track_repaired(t));
    json_seconds(b, track_first_us(t));
    buf_text(b, ",\"seen\":");
    json_seconds(b, track_seen_us(t));
    if (track_rssi_dbfs(t) < 0) {
        buf_format(b, ",\"rssi\":%.1f", (double)track_rssi_dbfs(t));
    }
    if (track_place(t, &place)) {
        buf_text(b, ",\n\"position\":{");
        write_fix(b, s, &place, now_us);
        buf_text(b, "}");
    }
    write_fields(b, s, t, now_us);
    write_identity(b, s, t);
    write_note(b, s, t);
    write_rejected(b, s, t, now_us);
    buf_text(b, "}\n");
}

/* The aircraft asked for, or NULL with the answer given. */
static const struct track *find(struct serve *s, const struct request *q, struct answer *a)
{
    uint32_t address = 0;
    if (!query_hex(q->rest, &address)) {
        answer_error(s, a, 400,
                     "an address is six hexadecimal digits, with ~ before them where it is not an "
                     "ICAO address");
        return NULL;
    }
    const struct track *t = tracker_find(s->o.tracker, address);
    if (!t) {
        answer_error(s, a, 404, "%s is not heard", q->rest);
    }
    return t;
}

void api_one(struct serve *s, const struct request *q, struct answer *a)
{
    const struct track *t = find(s, q, a);
    if (t) {
        struct buf b = {0};
        write_aircraft(&b, s, t, serve_now_us(s));
        answer_json(s, a, &b);
    }
}

void api_identity(struct serve *s, const struct request *q, struct answer *a)
{
    uint32_t address = 0;
    if (!query_hex(q->rest, &address) || address & ADDRESS_NON_ICAO) {
        answer_error(s, a, 400, "an ICAO address is six hexadecimal digits");
    } else if (!s->o.identity) {
        answer_error(s, a, 404, "this server knows no identities");
    } else {
        const struct track *t = tracker_find(s->o.tracker, address);
        struct buf b = {0};
        s->o.identity(s->o.ctx, address, t ? track_flight(t) : "", &b);
        buf_byte(&b, '\n');
        answer_json(s, a, &b);
    }
}

void api_types(struct serve *s, const struct request *q, struct answer *a)
{
    (void)q;
    if (!s->o.types) {
        answer_error(s, a, 404, "this server knows no types");
        return;
    }
    struct buf b = {0};
    s->o.types(s->o.ctx, &b);
    answer_json(s, a, &b);
}

void api_operators(struct serve *s, const struct request *q, struct answer *a)
{
    char codes[OPERATOR_CODES_TEXT];
    if (!s->o.operators) {
        answer_error(s, a, 404, "this server knows no operators");
    } else if (!query_arg(q->args, "code", codes, sizeof codes)) {
        answer_error(s, a, 400, "code: the codes asked for, as code=RCH,DLH, at most %d characters",
                     OPERATOR_CODES_TEXT - 1);
    } else {
        struct buf b = {0};
        s->o.operators(s->o.ctx, codes, &b);
        answer_json(s, a, &b);
    }
}

/* ------------------------------------------------------------------ trail */

static void write_point(struct buf *b, const struct trail_point *p)
{
    enum { UNKNOWN = 65535 };
    buf_text(b, "[");
    json_seconds(b, p->t_us);
    buf_text(b, ",");
    buf_decimal(b, p->lat_e7 / 10, 6);
    buf_text(b, ",");
    buf_decimal(b, p->lon_e7 / 10, 6);
    if (p->ground) {
        buf_text(b, ",\"ground\"");
    } else if (p->alt_baro_ft == FIX_NO_ALTITUDE) {
        buf_text(b, ",null");
    } else {
        buf_format(b, ",%d", p->alt_baro_ft);
    }
    const uint16_t motion[] = {p->gs_kt, p->track_deg};
    for (int i = 0; i < 2; i++) {
        if (motion[i] == UNKNOWN) {
            buf_text(b, ",null");
        } else {
            buf_format(b, ",%u", motion[i]);
        }
    }
    buf_format(b, ",\"%s\",%u]",
               origin_row[p->origin < ORIGIN_COUNT ? p->origin : ORIGIN_UNKNOWN].type, p->gap);
}

void api_trail(struct serve *s, const struct request *q, struct answer *a)
{
    char at[40];
    if (query_arg(q->args, "at", at, sizeof at)) {
        past_trail(s, q, a);
        return;
    }
    const struct track *t = find(s, q, a);
    if (!t) {
        return;
    }
    struct trail_point *points = malloc(TRAIL_POINTS * sizeof *points);
    const size_t n = points ? track_trail(s->o.tracker, t, points, TRAIL_POINTS) : 0;
    struct buf b = {0};
    buf_text(&b, "{\"hex\":");
    json_hex(&b, track_address(t));
    buf_text(&b, ",\"now\":");
    json_seconds(&b, serve_now_us(s));
    buf_text(&b, ",\"columns\":[\"t\",\"lat\",\"lon\",\"alt\",\"gs\",\"track\",\"type\",\"gap\"],"
                 "\"points\":[");
    for (size_t i = 0; i < n; i++) {
        buf_text(&b, i ? ",\n" : "\n");
        write_point(&b, &points[i]);
    }
    buf_text(&b, "]}\n");
    free(points);
    answer_json(s, a, &b);
}

/* ------------------------------------------------------------------ lists */

static void write_field(struct buf *b, enum field f)
{
    static const char *const kinds[] = {"number", "flag", "enum", "set",
                                        "octal",  "hex",  "text", "place"};
    const struct field_row *row = &field_row[f];
    buf_format(b,
               "{\"key\":\"%s\",\"unit\":\"%s\",\"kind\":\"%s\",\"decimals\":%u,\"ttl_s\":%u,"
               "\"tracked\":%s,\"source\":",
               row->key, row->unit, kinds[row->kind], row->decimals, row->ttl_s,
               boolean(f < FIELD_TRACKED));
    json_text(b, row->source);
    if (field_words(f)) {
        buf_text(b, ",\"words\":");
        write_words(b, field_words(f), UINT32_MAX);
    }
    buf_text(b, "}");
}

void api_fields(struct serve *s, const struct request *q, struct answer *a)
{
    (void)q;
    struct buf b = {0};
    buf_text(&b, "{\"fields\":[");
    for (int f = 0; f < FIELD_COUNT; f++) {
        buf_text(&b, f ? ",\n" : "\n");
        write_field(&b, (enum field)f);
    }
    buf_text(&b, "],\n\"origins\":[");
    for (unsigned i = 0; i < ORIGIN_COUNT; i++) {
        buf_format(&b, "%s{\"number\":%u,\"type\":\"%s\",\"rank\":%u,\"label\":", i ? ",\n" : "\n",
                   i, origin_row[i].type, origin_row[i].rank);
        json_text(&b, origin_row[i].label);
        buf_text(&b, "}");
    }
    buf_text(&b, "],\n\"verdicts\":[");
    for (int i = 0; i < VERDICT_COUNT; i++) {
        buf_format(&b, "%s{\"key\":\"%s\",\"text\":", i ? ",\n" : "\n", verdict_row[i].key);
        json_text(&b, verdict_row[i].text);
        buf_text(&b, "}");
    }
    buf_text(&b, "]}\n");
    answer_json(s, a, &b);
}

/* ------------------------------------------------------------------ reports */

static bool is_json(const char *content_type)
{
    static const char json[] = "application/json";
    const size_t n = sizeof json - 1;
    return strncasecmp(content_type, json, n) == 0 &&
           (content_type[n] == '\0' || content_type[n] == ';' || content_type[n] == ' ');
}

/* Who may not post: 0, or the status of refusal with its sentence. */
int may_not_post(struct serve *s, const struct request *q, struct answer *a)
{
    if (!limit_post(&s->limits, q->peer, serve_clock_ms(s))) {
        a->name = "retry-after:";
        a->value = "2";
        answer_error(s, a, 429, "more than 5 reports a second come from here; try again in 2 s");
    } else if (!s->token[0] || !s->o.report) {
        answer_error(s, a, 403,
                     "this server takes no reports: it was started without --token-file");
    } else if (!q->authorization[0]) {
        a->name = "www-authenticate:";
        a->value = "Bearer";
        answer_error(s, a, 401,
                     "a report needs the header Authorization: Bearer and the token of the file "
                     "named at start-up");
    } else if (!token_is(s->token, q->authorization)) {
        answer_error(s, a, 403, "this is not the token");
    } else if (!is_json(q->content_type)) {
        answer_error(s, a, 415, "a report is application/json");
    }
    return a->status;
}

void api_report(struct serve *s, const struct request *q, struct answer *a)
{
    struct report r;
    char why[256];
    if (may_not_post(s, q, a)) {
        count(s->o.counters, COUNT_REPORTS_REFUSED);
        return;
    }
    if (report_parse(q->bytes, q->n, serve_now_us(s), &r, why, sizeof why)) {
        count(s->o.counters, COUNT_REPORTS_REFUSED);
        answer_error(s, a, 400, "%s", why);
        return;
    }
    const uint32_t address = r.message.address;
    if (!s->o.report(s->o.ctx, &r.message, r.who)) {
        count(s->o.counters, COUNT_REPORTS_REFUSED);
        answer_error(s, a, 422, "the report was read, and refused");
        return;
    }
    count(s->o.counters, COUNT_REPORTS_IN);
    notes_keep(&s->notes, address, r.message.t_us, r.who, r.note);
    struct buf b = {0};
    buf_text(&b, "{\"accepted\":true,\"hex\":");
    json_hex(&b, address);
    buf_text(&b, "}\n");
    answer_json(s, a, &b);
    a->status = a->status == 200 ? 202 : a->status;
}
