#include "model/claim_pack.h"

#include <string.h>

/* One row of the table is one field; bytes of those that are arrays of bytes are copied. Rows are
   only ever added at the end, with a new version. */
struct piece {
    uint16_t at;
    uint8_t bytes; /* of one */
    uint8_t n;
};

enum { VERSION = 2 };

#define F(member, count)                                                                           \
    {                                                                                              \
        offsetof(struct claim, member), (uint8_t)(sizeof(((struct claim *)0)->member) / (count)),  \
            (count)                                                                                \
    }

static const struct piece fields[] = {
    F(address, 1),
    F(number, 1),
    F(supersedes, 1),
    F(leg, 1),
    F(other, 1),
    F(epoch, 1),
    F(kind, 1),
    F(method, 1),
    F(shape, 1),
    F(flags, 1),
    F(candidates, 1),
    F(p, 1),
    F(none_p, 1),
    F(made_ms, 1),
    F(t_lo_ms, 1),
    F(t_hi_ms, 1),
    F(sure_lo_ms, 1),
    F(sure_hi_ms, 1),
    F(lat_e7, 1),
    F(lon_e7, 1),
    F(alt_ft, 1),
    F(radius_m, 1),
    F(size_m, 1),
    F(turns, 1),
    F(flight, 8),
    F(runway, 4),
    F(evidence.first_ms, 1),
    F(evidence.last_ms, 1),
    F(evidence.fixes, 1),
    F(evidence.share_pct, CLAIM_SOURCES),
    F(evidence.receivers, 1),
    F(evidence.receiver, CLAIM_RECEIVERS),
    F(evidence.heard, 1),
    F(evidence.silent_s, 1),
    F(evidence.lost_alt_ft, 1),
    F(evidence.rules, 1),
    F(t_ms, 1), /* from version 2 on */
};

enum { FIELDS = sizeof fields / sizeof *fields, FIELDS_1 = FIELDS - 1 };

static void put(uint8_t *out, const uint8_t *in, unsigned bytes)
{
    uint64_t v = 0;
    uint32_t v32;
    uint16_t v16;
    switch (bytes) {
    case 1:
        v = *in;
        break;
    case 2:
        memcpy(&v16, in, 2);
        v = v16;
        break;
    case 4:
        memcpy(&v32, in, 4);
        v = v32;
        break;
    default:
        memcpy(&v, in, 8);
    }
    for (unsigned i = 0; i < bytes; i++) {
        out[i] = (uint8_t)(v >> 8 * i);
    }
}

static uint32_t little_32(const uint8_t *in)
{
    return in[0] | (uint32_t)in[1] << 8 | (uint32_t)in[2] << 16 | (uint32_t)in[3] << 24;
}

static void get(uint8_t *out, const uint8_t *in, unsigned bytes)
{
    uint64_t v64;
    uint32_t v32;
    uint16_t v16;
    switch (bytes) {
    case 2:
        v16 = (uint16_t)(in[0] | in[1] << 8);
        memcpy(out, &v16, 2);
        break;
    case 4:
        v32 = little_32(in);
        memcpy(out, &v32, 4);
        break;
    default:
        v64 = little_32(in) | (uint64_t)little_32(in + 4) << 32;
        memcpy(out, &v64, 8);
    }
}

size_t claim_pack(const struct claim *c, uint8_t out[CLAIM_PACK_MAX])
{
    size_t n = 0;
    out[n++] = VERSION;
    for (size_t i = 0; i < FIELDS; i++) {
        for (unsigned k = 0; k < fields[i].n; k++, n += fields[i].bytes) {
            put(out + n, (const uint8_t *)c + fields[i].at + k * fields[i].bytes, fields[i].bytes);
        }
    }
    for (unsigned i = 0; i < c->candidates && i < CLAIM_CANDIDATES; i++) {
        memcpy(out + n, c->candidate[i].airport, sizeof c->candidate[i].airport);
        n += sizeof c->candidate[i].airport;
        put(out + n, (const uint8_t *)&c->candidate[i].p, 4);
        n += 4;
    }
    return n;
}

static bool is_sane(const struct claim *c)
{
    return c->kind < CLAIM_KINDS && c->method < CLAIM_METHODS && c->shape < CLAIM_SHAPES &&
           c->candidates <= CLAIM_CANDIDATES && c->p >= 0 && c->p <= 1 && c->none_p >= 0 &&
           c->none_p <= 1;
}

enum err claim_unpack(const uint8_t *p, size_t n, struct claim *out)
{
    size_t at = 1;
    memset(out, 0, sizeof *out);
    if (n < 1 || p[0] < 1 || p[0] > VERSION) {
        return ERR_SYNTAX;
    }
    out->t_ms = CLAIM_NO_TIME;
    const size_t known = p[0] == 1 ? FIELDS_1 : FIELDS;
    for (size_t i = 0; i < known; i++) {
        const struct piece *f = &fields[i];
        uint8_t *to = (uint8_t *)out + f->at;
        if (n - at < (size_t)f->bytes * f->n) {
            return ERR_SYNTAX;
        }
        if (f->bytes == 1) { /* most are */
            memcpy(to, p + at, f->n);
            at += f->n;
            continue;
        }
        for (unsigned k = 0; k < f->n; k++, at += f->bytes) {
            get(to + k * f->bytes, p + at, f->bytes);
        }
    }
    const size_t each = sizeof out->candidate[0].airport + 4;
    if (!is_sane(out) || n - at != each * out->candidates) {
        memset(out, 0, sizeof *out);
        return ERR_SYNTAX;
    }
    for (unsigned i = 0; i < out->candidates; i++, at += each) {
        struct claim_candidate *c = &out->candidate[i];
        memcpy(c->airport, p + at, sizeof c->airport);
        c->airport[sizeof c->airport - 1] = 0;
        get((uint8_t *)&c->p, p + at + sizeof c->airport, 4);
    }
    return ERR_OK;
}
