/* The aircraft of the live writer: what each has kept that is in no chunk yet, packed. */
#include "store/internal.h"

#include <stdlib.h>
#include <string.h>

enum { CRAFTS_MAX = 1 << 22 };

static struct craft *add_craft(struct store *s, uint32_t address)
{
    if (!s->crafts.entry && map_init(&s->crafts, CRAFTS_MAX)) {
        return NULL;
    }
    if (s->n_crafts == s->cap_crafts) {
        const size_t cap = s->cap_crafts ? s->cap_crafts + s->cap_crafts / 2 : 256;
        struct craft *more = realloc(s->craft, cap * sizeof *more);
        if (!more) {
            return NULL;
        }
        s->craft = more;
        s->cap_crafts = cap;
    }
    if (map_add(&s->crafts, address, (uint32_t)s->n_crafts)) {
        return NULL;
    }
    struct craft *c = &s->craft[s->n_crafts++];
    *c = (struct craft){.address = address,
                        .last_ms = KEPT_NO_TIME,
                        .slot.number = TAIL_NO_SLOT,
                        .seq = index_seq(s, address)};
    return c;
}

struct craft *craft_get(struct store *s, uint32_t address)
{
    const uint32_t at = s->crafts.entry ? map_get(&s->crafts, address) : MAP_NONE;
    return at != MAP_NONE ? &s->craft[at] : add_craft(s, address);
}

void craft_forget(struct store *s, size_t at)
{
    craft_drop(s, &s->craft[at]);
    map_remove(&s->crafts, s->craft[at].address);
    const size_t last = --s->n_crafts;
    if (at != last) {
        s->craft[at] = s->craft[last];
        map_remove(&s->crafts, s->craft[at].address);
        map_add(&s->crafts, s->craft[at].address, (uint32_t)at); /* there is room: one just left */
    }
}

void craft_free_all(struct store *s)
{
    for (size_t i = 0; i < s->n_crafts; i++) {
        free(s->craft[i].packed);
    }
    free(s->craft);
    map_free(&s->crafts);
}

enum err craft_hold(struct store *s, struct craft *c, const struct kept *p)
{
    uint8_t b[PACK_MAX];
    const size_t n = pack_point(b, c->n > 0 ? &c->thin.anchor : NULL, p);
    if (c->cap - c->bytes < n) {
        const size_t cap =
            c->bytes + n + c->bytes / 4 + 32; /* thousands of them: little to spare */
        uint8_t *more = realloc(c->packed, cap);
        if (!more) {
            return ERR_MEMORY;
        }
        c->packed = more;
        c->cap = (uint32_t)cap;
    }
    memcpy(c->packed + c->bytes, b, n);
    c->bytes += (uint32_t)n;
    c->first_ms = c->n == 0 ? p->t_ms : c->first_ms;
    c->n++;
    c->seq++;
    s->state.buffered++;
    thin_kept(&c->thin, p);
    return ERR_OK;
}

enum err craft_keep(struct store *s, struct craft *c, const struct kept *p)
{
    const struct kept last = c->thin.anchor, now = *p; /* p may be within the craft */
    const enum err e = craft_hold(s, c, &now);
    if (e) {
        return e;
    }
    tail_add(&s->tail.pending, &s->tail.aircraft, &c->slot, c->seq - 1, &last, &now, c->seq);
    c->waits = false;
    s->state.kept++;
    if (s->o.kept && s->tells) {
        s->o.kept(s->o.ctx, &now);
    }
    return ERR_OK;
}

void craft_read(const struct craft *c, struct kept *out)
{
    struct kept none = kept_none();
    none.address = c->address;
    none.t_ms = none.lat_e7 = none.lon_e7 = 0;
    size_t at = 0;
    for (uint32_t i = 0; i < c->n; i++) {
        at += pack_read(c->packed + at, c->bytes - at, i > 0 ? &out[i - 1] : &none, &out[i]);
    }
}

void craft_drop(struct store *s, struct craft *c)
{
    s->state.buffered -= c->n;
    free(c->packed);
    c->packed = NULL;
    c->n = c->bytes = c->cap = 0;
}

void craft_to_tail(struct craft *c, struct tail_slot *slot, struct buf *block, uint32_t *aircraft)
{
    struct kept none = kept_none(), last = none, p;
    none.address = c->address;
    none.t_ms = none.lat_e7 = none.lon_e7 = 0;
    size_t at = 0;
    *slot = (struct tail_slot){.number = TAIL_NO_SLOT};
    for (uint32_t i = 0; i < c->n; i++) {
        const uint64_t seq = c->seq - (c->n - 1 - i);
        at += pack_read(c->packed + at, c->bytes - at, i > 0 ? &last : &none, &p);
        tail_add(block, aircraft, slot, seq - 1, &last, &p, seq);
        last = p;
    }
    if (c->thin.waiting > 0) {
        tail_add(block, aircraft, slot, c->seq, &c->thin.anchor, &c->thin.newest, TAIL_PROVISIONAL);
    }
}
