#include "app/import_receivers.h"

#include <stdlib.h>
#include <string.h>
#include <uv.h>

enum { NAMES_MAX = 4096, NAME_BYTES = 201 };

struct import_receivers {
    uv_mutex_t lock;
    unsigned n, told; /* names; of these the store knows */
    uint64_t unnumbered;
    char name[NAMES_MAX][NAME_BYTES]; /* number - 1 is where it stands */
};

static enum err read_names(struct import_receivers *r, struct store *reader)
{
    while (r->n < NAMES_MAX) {
        const enum err e = store_receiver_name(reader, (uint16_t)(r->n + 1), r->name[r->n]);
        if (e || !r->name[r->n][0]) {
            return e;
        }
        r->n++;
    }
    return ERR_OK;
}

struct import_receivers *import_receivers_new(struct store *reader)
{
    struct import_receivers *r = calloc(1, sizeof *r);
    if (!r) {
        return NULL;
    }
    if (uv_mutex_init(&r->lock)) {
        free(r);
        return NULL;
    }
    if (read_names(r, reader)) {
        import_receivers_free(r);
        return NULL;
    }
    r->told = r->n;
    return r;
}

void import_receivers_free(struct import_receivers *r)
{
    if (r) {
        uv_mutex_destroy(&r->lock);
        free(r);
    }
}

uint16_t import_receivers_number(struct import_receivers *r, const char *name)
{
    unsigned at = 0;
    uv_mutex_lock(&r->lock);
    while (at < r->n && strcmp(r->name[at], name) != 0) {
        at++;
    }
    if (at == NAMES_MAX || strlen(name) >= NAME_BYTES) {
        r->unnumbered++;
        at = NAMES_MAX;
    } else if (at == r->n) {
        memcpy(r->name[r->n++], name, strlen(name) + 1);
    }
    uv_mutex_unlock(&r->lock);
    return at == NAMES_MAX ? 0 : (uint16_t)(at + 1);
}

enum err import_receivers_tell(struct import_receivers *r, struct store *writer)
{
    enum err e = ERR_OK;
    uv_mutex_lock(&r->lock);
    for (; r->told < r->n && !e; r->told++) {
        uint16_t number = 0;
        e = store_receiver(writer, r->name[r->told], &number);
        e = !e && number != r->told + 1 ? ERR_SYNTAX : e; /* numbers of this store have holes */
    }
    uv_mutex_unlock(&r->lock);
    return e;
}

uint64_t import_receivers_unnumbered(struct import_receivers *r)
{
    uv_mutex_lock(&r->lock);
    const uint64_t n = r->unnumbered;
    uv_mutex_unlock(&r->lock);
    return n;
}
