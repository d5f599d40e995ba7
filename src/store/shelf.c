#include "store/shelf.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 1 << 14, OVERHEAD = 64 /* of an allocation, besides the struct */ };

/* In its slot's list, and, while nobody uses it, in that of the unused. */
struct place {
    struct place *next, *newer, *older;
    uint32_t users;
    struct shelf_item *item;
};

struct shelf {
    pthread_mutex_t lock;
    size_t bytes, bytes_max;
    struct place *slot[SLOTS];
    struct place *newest, *oldest; /* of the unused */
};

struct shelf *shelf_new(size_t bytes_max)
{
    struct shelf *s = calloc(1, sizeof *s);
    if (s && pthread_mutex_init(&s->lock, NULL)) {
        free(s);
        return NULL;
    }
    if (s) {
        s->bytes_max = bytes_max;
    }
    return s;
}

void shelf_free(struct shelf *s)
{
    if (!s) {
        return;
    }
    for (size_t i = 0; i < SLOTS; i++) {
        for (struct place *p = s->slot[i], *next; p; p = next) {
            next = p->next;
            free(p->item);
            free(p);
        }
    }
    pthread_mutex_destroy(&s->lock);
    free(s);
}

static struct place **slot_of(struct shelf *s, const struct shelf_key *key)
{
    const uint64_t h = ((uint64_t)key->id ^ (uint64_t)key->address << 32) * 0x9e3779b97f4a7c15u;
    return &s->slot[h >> 40 & (SLOTS - 1)];
}

static bool is_key(const struct shelf_key *a, const struct shelf_key *b)
{
    return a->id == b->id && a->address == b->address && a->first_ms == b->first_ms &&
           a->last_ms == b->last_ms;
}

static struct place *find(struct shelf *s, const struct shelf_key *key)
{
    struct place *p = *slot_of(s, key);
    while (p && !is_key(&p->item->key, key)) {
        p = p->next;
    }
    return p;
}

static void unlink_unused(struct shelf *s, struct place *p)
{
    *(p->newer ? &p->newer->older : &s->newest) = p->older;
    *(p->older ? &p->older->newer : &s->oldest) = p->newer;
    p->newer = p->older = NULL;
}

static void link_unused(struct shelf *s, struct place *p)
{
    p->older = s->newest;
    *(s->newest ? &s->newest->newer : &s->oldest) = p;
    s->newest = p;
}

static size_t bytes_of(uint32_t n)
{
    return n + sizeof(struct shelf_item) + sizeof(struct place) + OVERHEAD;
}

/* There must be one that is unused. */
static void throw_oldest(struct shelf *s)
{
    struct place *p = s->oldest;
    struct place **at = slot_of(s, &p->item->key);
    while (*at != p) {
        at = &(*at)->next;
    }
    *at = p->next;
    s->oldest = p->newer;
    *(p->newer ? &p->newer->older : &s->newest) = NULL;
    s->bytes -= bytes_of(p->item->n);
    free(p->item);
    free(p);
}

static const struct shelf_item *use(struct shelf *s, struct place *p)
{
    if (p->users++ == 0) {
        unlink_unused(s, p);
    }
    return p->item;
}

const struct shelf_item *shelf_take(struct shelf *s, const struct shelf_key *key)
{
    pthread_mutex_lock(&s->lock);
    struct place *p = find(s, key);
    const struct shelf_item *item = p ? use(s, p) : NULL;
    pthread_mutex_unlock(&s->lock);
    return item;
}

static const struct shelf_item *put(struct shelf *s, const struct shelf_key *key,
                                    const uint8_t *packed, uint32_t n)
{
    struct place *p = find(s, key);
    if (p) {
        return use(s, p);
    }
    while (s->bytes + bytes_of(n) > s->bytes_max && s->oldest) {
        throw_oldest(s);
    }
    if (s->bytes + bytes_of(n) > s->bytes_max) {
        return NULL;
    }
    p = calloc(1, sizeof *p);
    struct shelf_item *item = malloc(sizeof *item + n);
    if (!p || !item) {
        free(p);
        free(item);
        return NULL;
    }
    item->key = *key;
    item->n = n;
    memcpy(item->packed, packed, n);
    struct place **slot = slot_of(s, key);
    p->item = item;
    p->users = 1;
    p->next = *slot;
    *slot = p;
    s->bytes += bytes_of(n);
    return item;
}

const struct shelf_item *shelf_put(struct shelf *s, const struct shelf_key *key,
                                   const uint8_t *packed, uint32_t n)
{
    pthread_mutex_lock(&s->lock);
    const struct shelf_item *item = put(s, key, packed, n);
    pthread_mutex_unlock(&s->lock);
    return item;
}

void shelf_give_back(struct shelf *s, const struct shelf_item *item)
{
    pthread_mutex_lock(&s->lock);
    struct place *p = find(s, &item->key);
    if (p && --p->users == 0) {
        link_unused(s, p);
    }
    pthread_mutex_unlock(&s->lock);
}

size_t shelf_bytes(struct shelf *s)
{
    pthread_mutex_lock(&s->lock);
    const size_t bytes = s->bytes;
    pthread_mutex_unlock(&s->lock);
    return bytes;
}
