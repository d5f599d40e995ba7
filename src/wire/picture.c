/* The message, all integers little-endian:
 *
 *    0  2  'm' 'P'
 *    2  1  format version, 2
 *    3  1  0 snapshot, 1 delta
 *    4  4  seq: number of the round
 *    8  4  base: the round a delta starts from; 0 in a snapshot
 *   12  4  one more than the highest slot in use
 *   16  8  now, milliseconds since 1970
 *   24  4  number of records
 *   28     the records, range coded (range.h), models fresh in every message
 *
 * One function, picture_record, both writes and reads a record: the order of its calls is the
 * format.
 */
#include "wire/picture.h"

#include "base/bytes.h"
#include "wire/picture_record.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ memory */

/* In chunks, so that growing neither copies nor clears much at a time. */
enum { CHUNK = 1024, CHUNKS = PICTURE_SLOTS_MAX / CHUNK };

struct picture {
    struct picture_slot *chunk[CHUNKS];
    uint32_t n;
    uint32_t seq;
    int64_t now_ms;
};

struct picture *picture_new(void)
{
    return calloc(1, sizeof(struct picture));
}

void picture_free(struct picture *p)
{
    for (uint32_t i = 0; p && i < CHUNKS; i++) {
        free(p->chunk[i]);
    }
    free(p);
}

/* Of a slot below p->n; NULL where nothing of its chunk was ever used. */
static struct picture_slot *slot_at(const struct picture *p, uint32_t slot)
{
    struct picture_slot *chunk = p->chunk[slot / CHUNK];
    return chunk ? &chunk[slot % CHUNK] : NULL;
}

/* The slot, made where it is not there yet; NULL: beyond the limit, or out of memory. */
static struct picture_slot *hold(struct picture *p, uint32_t slot)
{
    if (slot >= PICTURE_SLOTS_MAX) {
        return NULL;
    }
    struct picture_slot **chunk = &p->chunk[slot / CHUNK];
    if (!*chunk) {
        *chunk = calloc(CHUNK, sizeof **chunk);
    }
    if (!*chunk) {
        return NULL;
    }
    if (slot >= p->n) {
        p->n = slot + 1;
    }
    return &(*chunk)[slot % CHUNK];
}

static void empty(struct picture *p)
{
    for (uint32_t i = 0; i * CHUNK < p->n; i++) {
        if (p->chunk[i]) {
            memset(p->chunk[i], 0, CHUNK * sizeof *p->chunk[i]);
        }
    }
    p->n = 0;
    p->seq = 0;
}

const struct picture_item *picture_get(const struct picture *p, uint32_t slot)
{
    const struct picture_slot *s = slot < p->n ? slot_at(p, slot) : NULL;
    return s && s->item.flags ? &s->item : NULL;
}

uint32_t picture_slots(const struct picture *p)
{
    return p->n;
}

uint32_t picture_seq(const struct picture *p)
{
    return p->seq;
}

int64_t picture_now_ms(const struct picture *p)
{
    return p->now_ms;
}

/* ------------------------------------------------------------------ writing */

static void known_or_zero(struct picture_item *it)
{
    if (!picture_is_place(it)) {
        it->flags &= (uint16_t)~PICTURE_POSITION;
    }
    if (it->altitude_ft < -ALTITUDE_MAX || it->altitude_ft > ALTITUDE_MAX) {
        it->flags &= (uint16_t)~PICTURE_ALTITUDE;
    }
    if (it->rate_32fpm < -RATE_MAX || it->rate_32fpm > RATE_MAX) {
        it->flags &= (uint16_t)~PICTURE_RATE;
    }
    if (!(it->flags & PICTURE_POSITION)) {
        it->lat_e5 = it->lon_e5 = 0;
        it->position_ds = 0;
    }
    it->altitude_ft = it->flags & PICTURE_ALTITUDE ? it->altitude_ft : 0;
    it->rate_32fpm = it->flags & PICTURE_RATE ? it->rate_32fpm : 0;
    it->speed_kt = it->flags & PICTURE_SPEED ? it->speed_kt : 0;
    it->track_deg = it->flags & PICTURE_TRACK ? it->track_deg % 360 : 0;
    it->squawk = it->flags & PICTURE_SQUAWK ? it->squawk & 07777 : 0;
}

static void clean_flight(char flight[8])
{
    bool ended = false;
    for (int i = 0; i < 8; i++) {
        ended = ended || flight[i] == '\0';
        const uint32_t code = picture_letter_code(flight[i]);
        flight[i] = ended ? '\0' : code && code <= PICTURE_FLIGHT_LETTER ? flight[i] : ' ';
    }
    for (int i = 7; i >= 0 && (flight[i] == ' ' || flight[i] == '\0'); i--) {
        flight[i] = '\0';
    }
}

static void clean_text(char *text, unsigned n)
{
    bool ended = false;
    for (unsigned i = 0; i < n; i++) {
        const char c = text[i] >= 'a' && text[i] <= 'z' ? (char)(text[i] - 'a' + 'A') : text[i];
        ended = ended || c == '\0';
        text[i] = ended ? '\0' : picture_letter_code(c) ? c : '?';
    }
}

static void clean_who(struct picture_who *w)
{
    clean_text(w->type, sizeof w->type);
    clean_text(w->registration, sizeof w->registration);
    for (unsigned i = 0; i < sizeof w->country; i++) {
        if (w->country[i] < 'A' || w->country[i] > 'Z') {
            memset(w->country, 0, sizeof w->country);
        }
    }
    w->flags &= 15;
    w->operator_n &= 7;
}

bool picture_put(struct picture *p, uint32_t slot, const struct picture_item *item)
{
    struct picture_slot *s = hold(p, slot);
    if (!s) {
        return false;
    }
    s->put = true;
    s->next = *item;
    s->next.flags = (item->flags & ((1u << FLAGS) - 1)) | PICTURE_ALIVE;
    s->next.address &= 0x1ffffffu;
    s->next.emergency &= 7;
    known_or_zero(&s->next);
    clean_flight(s->next.flight);
    clean_who(&s->next.who);
    return true;
}

static int64_t settle(int64_t ds, int64_t now_ds)
{
    return ds < now_ds - AGE_MAX ? now_ds - AGE_MAX : ds > now_ds + AGE_MAX ? now_ds + AGE_MAX : ds;
}

static bool same_values(const struct picture_item *a, const struct picture_item *b)
{
    return a->flags == b->flags && a->position_ds == b->position_ds && a->seen_ds == b->seen_ds &&
           a->lat_e5 == b->lat_e5 && a->lon_e5 == b->lon_e5 && a->altitude_ft == b->altitude_ft &&
           a->rate_32fpm == b->rate_32fpm && a->speed_kt == b->speed_kt &&
           a->track_deg == b->track_deg && picture_same_identity(a, b);
}

/* What is to be written of a slot: KIND_COUNT for nothing. Completes s->next. */
static enum picture_kind choose(struct picture_slot *s, int64_t now_ds)
{
    const bool alive = s->item.flags;
    if (!s->put) {
        return alive ? KIND_GONE : KIND_COUNT;
    }
    struct picture_item *next = &s->next;
    const int64_t heard_ds = next->seen_ds;
    if (next->flags & PICTURE_POSITION) {
        next->position_ds = settle(next->position_ds, now_ds);
    }
    const int64_t dt = next->position_ds - s->item.position_ds;
    const bool both = next->flags & s->item.flags & PICTURE_POSITION;
    const bool full =
        !alive || next->address != s->item.address || (both && (dt > AGE_MAX || dt < -AGE_MAX));
    next->seen_ds = full                      ? settle(heard_ds, now_ds)
                    : heard_ds != s->heard_ds ? now_ds
                                              : s->item.seen_ds;
    s->heard_ds = heard_ds;
    return full ? KIND_FULL : same_values(next, &s->item) ? KIND_COUNT : KIND_CHANGE;
}

static void write_record(struct picture_codec *c, struct picture_slot *s, enum picture_kind kind)
{
    range_tree(&c->range, c->kind, 2, kind);
    if (kind == KIND_GONE) {
        *s = (struct picture_slot){0};
        return;
    }
    if (kind == KIND_FULL) {
        s->aim = (struct picture_aim){0};
        if (s->next.flags & PICTURE_POSITION) {
            picture_aim_update(&s->aim, 0, s->next.lat_e5, s->next.lon_e5);
        }
    }
    picture_record(c, s, s->next, kind == KIND_FULL);
}

static void put_le32(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++) {
        p[i] = (uint8_t)(v >> (8 * i));
    }
}

static void write_header(const struct picture *p, uint8_t *h, bool delta, uint32_t base,
                         uint32_t records)
{
    h[0] = 'm';
    h[1] = 'P';
    h[2] = PICTURE_FORMAT;
    h[3] = delta;
    put_le32(h + 4, p->seq);
    put_le32(h + 8, base);
    put_le32(h + 12, p->n);
    put_le64(h + 16, (uint64_t)p->now_ms);
    put_le32(h + 24, records);
}

struct picture_writer {
    struct picture *p;
    struct buf *out;
    size_t start;
    bool delta;
    int64_t now_ms;
    uint32_t at, records, following;
    struct picture_codec c;
};

struct picture_writer *picture_writer_new(void)
{
    return calloc(1, sizeof(struct picture_writer));
}

void picture_writer_free(struct picture_writer *w)
{
    free(w);
}

static void write_begin(struct picture_writer *w, struct picture *p, bool delta, int64_t now_ms,
                        struct buf *out)
{
    const uint8_t header[PICTURE_HEADER] = {0};
    w->p = p;
    w->out = out;
    w->start = out->n;
    w->delta = delta;
    w->now_ms = now_ms;
    w->at = w->records = w->following = 0;
    buf_add(out, header, sizeof header);
    picture_codec_start(&w->c, now_ms);
    range_write(&w->c.range, out);
}

void picture_write_delta(struct picture_writer *w, struct picture *p, int64_t now_ms,
                         struct buf *out)
{
    write_begin(w, p, true, now_ms < 0 ? 0 : now_ms, out);
}

void picture_write_snapshot(struct picture_writer *w, struct picture *p, struct buf *out)
{
    write_begin(w, p, false, p->now_ms, out);
}

static void write_gap(struct picture_writer *w)
{
    range_number(&w->c.range, &w->c.gap, (int32_t)(w->at - w->following));
    w->following = w->at + 1;
    w->records++;
}

static void write_change(struct picture_writer *w, struct picture_slot *s)
{
    const enum picture_kind kind = choose(s, w->c.now_ds);
    if (kind != KIND_COUNT) {
        write_gap(w);
        write_record(&w->c, s, kind);
    }
    s->put = false;
}

static void write_whole(struct picture_writer *w, const struct picture_slot *slot)
{
    if (slot->item.flags) {
        struct picture_slot s = *slot;
        write_gap(w);
        range_tree(&w->c.range, w->c.kind, 2, KIND_FULL);
        picture_record(&w->c, &s, s.item, true);
    }
}

static void write_end(struct picture_writer *w)
{
    uint8_t header[PICTURE_HEADER];
    range_write_end(&w->c.range);
    if (w->delta) {
        w->p->now_ms = w->now_ms;
        w->p->seq++;
    }
    write_header(w->p, header, w->delta, w->delta ? w->p->seq - 1 : 0, w->records);
    if (!w->out->failed) {
        memcpy(w->out->p + w->start, header, sizeof header);
    }
}

bool picture_write_some(struct picture_writer *w, uint32_t slots)
{
    for (; slots > 0 && w->at < w->p->n; slots--, w->at++) {
        struct picture_slot *s = slot_at(w->p, w->at);
        if (s && w->delta) {
            write_change(w, s);
        } else if (s) {
            write_whole(w, s);
        }
    }
    if (w->at < w->p->n) {
        return true;
    }
    write_end(w);
    return false;
}

uint32_t picture_delta(struct picture *p, int64_t now_ms, struct buf *out)
{
    struct picture_writer w;
    picture_write_delta(&w, p, now_ms, out);
    picture_write_some(&w, UINT32_MAX);
    return w.records;
}

void picture_snapshot(struct picture *p, struct buf *out)
{
    struct picture_writer w;
    picture_write_snapshot(&w, p, out);
    picture_write_some(&w, UINT32_MAX);
}

/* ------------------------------------------------------------------ reading */

static uint32_t le32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static enum err read_record(struct picture *p, struct picture_codec *c, uint32_t *following,
                            picture_change_fn *change, void *ctx)
{
    const int32_t gap = range_number(&c->range, &c->gap, 0);
    if (gap < 0 || gap >= PICTURE_SLOTS_MAX || *following + (uint32_t)gap >= PICTURE_SLOTS_MAX) {
        return ERR_SYNTAX;
    }
    const uint32_t slot = *following + (uint32_t)gap;
    const uint32_t kind = range_tree(&c->range, c->kind, 2, 0);
    struct picture_slot *s = hold(p, slot);
    if (!s) {
        return ERR_MEMORY;
    }
    if (kind >= KIND_COUNT || (kind != KIND_FULL && !s->item.flags)) {
        return ERR_SYNTAX;
    }
    if (kind == KIND_FULL || kind == KIND_GONE) {
        *s = (struct picture_slot){0};
    }
    if (kind != KIND_GONE && !picture_record(c, s, s->item, kind == KIND_FULL)) {
        return ERR_SYNTAX;
    }
    *following = slot + 1;
    if (c->range.short_of) {
        return ERR_SHORT;
    }
    if (change) {
        change(ctx, slot, kind == KIND_GONE);
    }
    return ERR_OK;
}

static enum err read_records(struct picture *p, const uint8_t *bytes, size_t n,
                             picture_change_fn *change, void *ctx)
{
    struct picture_codec c;
    picture_codec_start(&c, p->now_ms);
    range_read(&c.range, bytes + PICTURE_HEADER, n - PICTURE_HEADER);
    const uint32_t records = le32(bytes + 24);
    uint32_t following = 0;
    enum err e = c.range.short_of ? ERR_SHORT : ERR_OK;
    for (uint32_t i = 0; !e && i < records; i++) {
        e = read_record(p, &c, &following, change, ctx);
    }
    return e ? e : c.range.at == c.range.n ? ERR_OK : ERR_SYNTAX;
}

enum err picture_apply(struct picture *p, const uint8_t *bytes, size_t n, picture_change_fn *change,
                       void *ctx)
{
    enum err e = ERR_OK;
    if (n < PICTURE_HEADER) {
        e = ERR_SHORT;
    } else if (bytes[0] != 'm' || bytes[1] != 'P' || bytes[3] > 1 ||
               le64(bytes + 16) >> 53) { /* a time a double holds exactly */
        e = ERR_SYNTAX;
    } else if (bytes[2] != PICTURE_FORMAT) {
        e = ERR_UNKNOWN;
    } else if (bytes[3] == 1 && le32(bytes + 8) != p->seq) {
        e = ERR_RANGE;
    }
    if (!e) {
        if (bytes[3] == 0) {
            empty(p);
        }
        p->now_ms = (int64_t)le64(bytes + 16);
        p->seq = le32(bytes + 4);
        e = read_records(p, bytes, n, change, ctx);
    }
    if (e) {
        empty(p);
    }
    return e;
}
