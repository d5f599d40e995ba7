#include "encode/retell.h"

#include "base/map.h"
#include "encode/bits.h"
#include "encode/encode.h"

#include <stdlib.h>
#include <string.h>

enum { AIRCRAFT_MAX = 1 << 22, AGAIN_US = 10000000 };

/* What was last told of an aircraft, so that it is not told with every place. */
struct told {
    int64_t identity_us, squawk_us, quality_us;
    char flight[8];
    uint16_t squawk;
    uint8_t category, version, nac_p, sil, nic;
    bool ground;
};

struct retell {
    struct map aircraft; /* address → told */
    struct told *told;
    uint32_t n, room;
};

/* How the words of an origin are sent. */
struct manner {
    uint8_t df, cf;
    bool imf;     /* the address is not ICAO's, and a bit of the message says so */
    bool direct;  /* the aircraft's own words: with squawk and quality */
    bool is_mlat; /* velocity has the aircraft's form */
};

static struct manner manner_of(const struct message *m)
{
    const bool other = m->address & ADDRESS_NON_ICAO;
    switch (m->origin) {
    case ORIGIN_ADSB_ICAO:
        return other ? (struct manner){.df = 18, .cf = 1, .direct = true}
                     : (struct manner){.df = 17, .direct = true};
    case ORIGIN_ADSB_ICAO_NT:
    case ORIGIN_ADSB_OTHER:
        return (struct manner){.df = 18, .cf = other, .direct = true};
    case ORIGIN_ADSR_ICAO:
    case ORIGIN_ADSR_OTHER:
        return (struct manner){.df = 18, .cf = 6, .imf = other, .direct = true};
    default:
        return (struct manner){.df = 18, .cf = other ? 5 : 2, .is_mlat = m->origin == ORIGIN_MLAT};
    }
}

/* --- values ------------------------------------------------------------------------------- */

static uint8_t small(const struct message *m, enum field f, uint8_t otherwise)
{
    const int32_t v = message_get(m, f, -1);
    return v < 0 || v > 255 ? otherwise : (uint8_t)v;
}

static bool has(const struct message *m, enum field f)
{
    return message_get(m, f, INT32_MIN) != INT32_MIN;
}

static struct encode_state state_of(const struct message *m)
{
    struct encode_state s = encode_state_unknown();
    s.address = m->address & 0xffffff;
    s.ground = message_get(m, FIELD_GROUND, 0) == 1;
    s.at = (struct cpr_position){m->lat_e7, m->lon_e7};
    s.alt_baro_ft = message_get(m, FIELD_ALT_BARO, MODES_UNKNOWN);
    s.alt_geom_ft = message_get(m, FIELD_ALT_GEOM, MODES_UNKNOWN);
    s.gs_e2_kt = message_get(m, FIELD_GS, MODES_UNKNOWN);
    s.track_e2_deg = message_get(m, FIELD_TRACK, MODES_UNKNOWN);
    s.baro_rate_fpm = message_get(m, FIELD_BARO_RATE, MODES_UNKNOWN);
    s.geom_rate_fpm = message_get(m, FIELD_GEOM_RATE, 0);
    s.has = has(m, FIELD_GEOM_RATE) ? ENCODE_GEOM_RATE : 0;
    s.squawk = (uint16_t)message_get(m, FIELD_SQUAWK, 0);
    s.category = small(m, FIELD_CATEGORY, 0xa0);
    s.nic = small(m, FIELD_NIC, 0);
    s.nac_p = small(m, FIELD_NAC_P, 0);
    s.sil = small(m, FIELD_SIL, 0);
    s.version = small(m, FIELD_VERSION, 0);
    if (has(m, FIELD_FLIGHT)) {
        memcpy(s.flight, m->flight, sizeof s.flight);
    }
    return s;
}

/* --- one after the other ------------------------------------------------------------------ */

struct telling {
    const struct message *m;
    struct manner how;
    struct encode_state s;
    struct told *told;
    retell_fn *out;
    void *ctx;
};

static void hand_out(const struct telling *t, struct frame *f)
{
    f->t_us = t->m->t_us;
    f->tick = FRAME_NO_TICK;
    f->receiver = t->m->receiver;
    f->signal = 0;
    f->flags = t->how.is_mlat ? FRAME_MLAT : 0;
    t->out(t->ctx, f);
}

/* imf_bit: where a message of this kind, repeated from the ground, says whether the address is not
   ICAO's; the aircraft's own has another meaning there. 0: nowhere. */
static void tell(const struct telling *t, uint64_t me, unsigned imf_bit)
{
    struct frame f;
    if (imf_bit && t->how.df == 18 && t->how.cf > 1) {
        me = (me & ~bits_at(imf_bit, imf_bit, 1)) | bits_at(imf_bit, imf_bit, t->how.imf);
    }
    const unsigned ca = t->s.ground ? 4 : 5;
    encode_squitter(t->how.df, t->how.df == 17 ? ca : t->how.cf, t->s.address, me, &f);
    hand_out(t, &f);
}

static bool is_due(int64_t last_us, int64_t now_us)
{
    return last_us == INT64_MIN || now_us - last_us >= AGAIN_US || now_us < last_us;
}

/* BDS 0,8 has no room for IMF: of an address that is not ICAO's it would speak of another. */
static void tell_identity(const struct telling *t)
{
    struct told *k = t->told;
    const bool same =
        memcmp(k->flight, t->s.flight, sizeof k->flight) == 0 && k->category == t->s.category;
    if (t->how.imf || !has(t->m, FIELD_FLIGHT) || (same && !is_due(k->identity_us, t->m->t_us))) {
        return;
    }
    memcpy(k->flight, t->s.flight, sizeof k->flight);
    k->category = t->s.category;
    k->identity_us = t->m->t_us;
    tell(t, encode_me_identification(&t->s), 0);
}

/* Whose position others have found still answers with its squawk itself. */
static void tell_squawk(const struct telling *t)
{
    struct told *k = t->told;
    if (!has(t->m, FIELD_SQUAWK) ||
        (k->squawk == t->s.squawk && !is_due(k->squawk_us, t->m->t_us))) {
        return;
    }
    k->squawk = t->s.squawk;
    k->squawk_us = t->m->t_us;
    if (t->how.direct) {
        tell(t, encode_me_status(&t->s), 56);
    } else if (!(t->m->address & ADDRESS_NON_ICAO)) {
        struct frame f;
        encode_short_surveillance(&t->s, 5, &f);
        hand_out(t, &f);
    }
}

static void tell_quality(const struct telling *t)
{
    struct told *k = t->told;
    const struct encode_state *s = &t->s;
    const bool same = k->version == s->version && k->nac_p == s->nac_p && k->sil == s->sil &&
                      k->nic == s->nic && k->ground == s->ground;
    if (!t->how.direct || !has(t->m, FIELD_VERSION) ||
        (same && !is_due(k->quality_us, t->m->t_us))) {
        return;
    }
    k->version = s->version;
    k->nac_p = s->nac_p;
    k->sil = s->sil;
    k->nic = s->nic;
    k->ground = s->ground;
    k->quality_us = t->m->t_us;
    tell(t, encode_me_operational(s), 56);
}

/* On the ground the place's own message tells the velocity. In TIS-B bits 10 to 13 are NACp, and
   bit 36 says what bits 47 to 56 are; where it is 0 they are accuracies, of which we know none. */
static void tell_velocity(const struct telling *t)
{
    const struct encode_state *s = &t->s;
    const bool any = s->gs_e2_kt != MODES_UNKNOWN || s->baro_rate_fpm != MODES_UNKNOWN ||
                     s->has & ENCODE_GEOM_RATE;
    if (s->ground || !any) {
        return;
    }
    uint64_t me = encode_me_velocity(s);
    if (!t->how.direct) {
        me |= t->how.is_mlat ? 0 : bits_at(10, 13, s->nac_p);
        me &= me & bits_at(36, 36, 1) ? UINT64_MAX : ~bits_at(47, 56, 0x3ff);
    }
    tell(t, me, 9);
}

static void tell_place(const struct telling *t)
{
    const unsigned imf_bit = t->s.ground ? 21 : 8;
    tell(t, encode_me_position(&t->s, false), imf_bit);
    tell(t, encode_me_position(&t->s, true), imf_bit);
}

/* --- the machine -------------------------------------------------------------------------- */

struct retell *retell_new(void)
{
    struct retell *r = calloc(1, sizeof *r);
    if (r && map_init(&r->aircraft, AIRCRAFT_MAX)) {
        free(r);
        r = NULL;
    }
    return r;
}

void retell_free(struct retell *r)
{
    if (r) {
        map_free(&r->aircraft);
        free(r->told);
        free(r);
    }
}

static enum err find(struct retell *r, uint32_t address, struct told **out)
{
    const uint32_t at = map_get(&r->aircraft, address);
    if (at != MAP_NONE) {
        *out = &r->told[at];
        return ERR_OK;
    }
    if (r->n == r->room) {
        const uint32_t room = r->room ? 2 * r->room : 256;
        struct told *more = realloc(r->told, room * sizeof *more);
        if (!more) {
            return ERR_MEMORY;
        }
        r->told = more;
        r->room = room;
    }
    const enum err e = map_add(&r->aircraft, address, r->n);
    if (e) {
        return e;
    }
    *out = &r->told[r->n++];
    **out =
        (struct told){.identity_us = INT64_MIN, .squawk_us = INT64_MIN, .quality_us = INT64_MIN};
    return ERR_OK;
}

enum err retell_push(struct retell *r, const struct message *m, retell_fn *out, void *ctx)
{
    struct telling t = {.m = m, .out = out, .ctx = ctx};
    if (!m->has_place || m->address == ADDRESS_NONE) {
        return ERR_RANGE;
    }
    const enum err e = find(r, m->address, &t.told);
    if (e) {
        return e;
    }
    t.how = manner_of(m);
    t.s = state_of(m);
    tell_identity(&t);
    tell_squawk(&t);
    tell_quality(&t);
    tell_velocity(&t);
    tell_place(&t);
    return ERR_OK;
}
