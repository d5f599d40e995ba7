/* Which codes mean which airport, and when; who is military and who scheduled. */
#define _GNU_SOURCE /* qsort_r */
#include "identity/airport_moved.h"
#include "identity/airport_settle.h"

#include <stdlib.h>
#include <string.h>

static bool is_icao(const char *s)
{
    for (int i = 0; i < 4; i++) {
        if (s[i] < 'A' || s[i] > 'Z') {
            return false;
        }
    }
    return s[4] == 0;
}

static bool military_name(const char *name)
{
    static const char *const texts[] = {
#define MILITARY_NAME(text) text,
#define MILITARY_FIELD(code)
#include "identity/military_airport.def"
#undef MILITARY_NAME
#undef MILITARY_FIELD
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (strstr(name, texts[i])) {
            return true;
        }
    }
    return false;
}

static bool military_field(const char *code)
{
    static const char codes[][5] = {
#define MILITARY_NAME(text)
#define MILITARY_FIELD(code) code,
#include "identity/military_airport.def"
#undef MILITARY_NAME
#undef MILITARY_FIELD
    };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        if (strcmp(code, codes[i]) == 0) {
            return true;
        }
    }
    return false;
}

static void settle_one(struct built_airport *a)
{
    struct airport_row *r = &a->row;
    if (!r->icao[0] && (is_icao(r->ident) || is_icao(r->gps))) {
        memcpy(r->icao, is_icao(r->ident) ? r->ident : r->gps, sizeof r->icao);
    }
    memcpy(a->code, r->icao[0] ? r->icao : r->ident, sizeof a->code);
    a->military |= military_name(r->name) || military_field(a->code);
    if (r->scheduled < 0) {
        r->scheduled = r->kind == AIRPORT_LARGE || (r->kind == AIRPORT_MEDIUM && r->iata[0] != 0);
    }
}

static enum err add_code(struct airport_builder *b, const char *code, uint32_t airport,
                         uint16_t trust, uint16_t span)
{
    struct airport_code *more = airport_builder_room(b->code, b->codes, &b->code_cap, sizeof *more);
    if (!more) {
        return ERR_MEMORY;
    }
    b->code = more;
    struct airport_code *c = &more[b->codes];
    *c = (struct airport_code){.airport = airport, .trust = trust, .span = span};
    for (size_t i = 0; i < AIRPORT_CODE_CHARS && code[i]; i++) {
        c->code[i] = (char)(code[i] >= 'a' && code[i] <= 'z' ? code[i] - 'a' + 'A' : code[i]);
    }
    b->codes += code[0] != 0;
    return ERR_OK;
}

/* A code of the moved table means only what its rows say. */
static bool is_moved(const char *code, uint16_t trust)
{
    size_t n;
    const struct moved_code *m = moved_codes(&n);
    for (size_t i = 0; i < n; i++) {
        const bool same_kind =
            m[i].trust == trust || (m[i].trust == CODE_ICAO && trust <= CODE_IDENT);
        if (same_kind && strcmp(m[i].code, code) == 0) {
            return true;
        }
    }
    return false;
}

static enum err add_codes(struct airport_builder *b, uint32_t i)
{
    const struct airport_row *r = &b->airport[i].row;
    const struct {
        const char *code;
        uint16_t trust;
    } all[] = {{r->icao, CODE_ICAO},
               {r->gps, CODE_GPS},
               {r->ident, CODE_IDENT},
               {r->local, CODE_LOCAL},
               {r->iata, CODE_IATA}};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) {
        bool again = is_moved(all[k].code, all[k].trust);
        for (size_t j = 0; j < k; j++) {
            again |= strcmp(all[j].code, all[k].code) == 0;
        }
        const enum err e = again ? ERR_OK : add_code(b, all[k].code, i, all[k].trust, 0);
        if (e) {
            return e;
        }
    }
    return ERR_OK;
}

static enum err add_moved(struct airport_builder *b)
{
    size_t n;
    const struct moved_code *m = moved_codes(&n);
    for (size_t i = 0; i < n; i++) {
        const uint32_t at = moved_field(b, &m[i]);
        struct airport_span *more =
            airport_builder_room(b->span, b->spans, &b->span_cap, sizeof *more);
        if (!more) {
            return ERR_MEMORY;
        }
        b->span = more;
        more[b->spans++] = (struct airport_span){m[i].from ? moved_day(m[i].from) : INT32_MIN,
                                                 m[i].to ? moved_day(m[i].to) : INT32_MAX};
        if (at != AIRPORT_NONE) {
            const enum err e = add_code(b, m[i].code, at, m[i].trust, (uint16_t)(b->spans - 1));
            if (e) {
                return e;
            }
        }
    }
    return ERR_OK;
}

/* Where one code of one kind names two airports, the larger comes first. */
static int by_code(const void *x, const void *y, void *ctx)
{
    const struct airport_builder *b = ctx;
    const struct airport_code *p = x, *q = y;
    const int c = memcmp(p->code, q->code, sizeof p->code);
    if (c || p->trust != q->trust) {
        return c ? c : p->trust - q->trust;
    }
    const int kind = b->airport[p->airport].row.kind - b->airport[q->airport].row.kind;
    if (kind || p->airport != q->airport) {
        return kind ? kind : (p->airport > q->airport) - (p->airport < q->airport);
    }
    return p->span - q->span;
}

enum err airport_settle_codes(struct airport_builder *b)
{
    b->span = airport_builder_room(b->span, 0, &b->span_cap, sizeof *b->span);
    if (!b->span) {
        return ERR_MEMORY;
    }
    b->span[0] = (struct airport_span){INT32_MIN, INT32_MAX};
    b->spans = 1;
    for (uint32_t i = 0; i < b->airports; i++) {
        settle_one(&b->airport[i]);
        const enum err e = add_codes(b, i);
        if (e) {
            return e;
        }
    }
    const enum err e = add_moved(b);
    if (!e && b->codes) {
        qsort_r(b->code, b->codes, sizeof *b->code, by_code, b);
    }
    return e;
}
