#include "import/ring.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool ring_open(struct ring *r)
{
    *r = (struct ring){0};
    r->tail = &r->head;
    if (uv_mutex_init(&r->lock)) {
        return false;
    }
    enum { CONDITIONS = 4 };
    uv_cond_t *const cond[CONDITIONS] = {&r->found, &r->drained, &r->made, &r->put};
    for (size_t i = 0; i < CONDITIONS; i++) {
        if (uv_cond_init(cond[i])) {
            while (i > 0) {
                uv_cond_destroy(cond[--i]);
            }
            uv_mutex_destroy(&r->lock);
            return false;
        }
    }
    return true;
}

static void drop_blocks(struct file *f)
{
    while (f->first) {
        struct block *b = f->first;
        f->first = b->next;
        free(b->p);
        free(b);
    }
    f->last = &f->first;
}

void ring_drop(struct file *f)
{
    drop_blocks(f);
    free(f->name);
    free(f);
}

void ring_close(struct ring *r, const struct import_calls *calls, void *ctx)
{
    while (r->head) {
        struct file *f = r->head;
        r->head = f->next;
        while (f->parcel) {
            struct parcel *p = f->parcel;
            f->parcel = p->next;
            calls->drop(ctx, p->made);
            free(p);
        }
        ring_drop(f);
    }
    uv_cond_destroy(&r->found);
    uv_cond_destroy(&r->drained);
    uv_cond_destroy(&r->made);
    uv_cond_destroy(&r->put);
    uv_mutex_destroy(&r->lock);
}

void ring_stop(struct ring *r)
{
    uv_mutex_lock(&r->lock);
    r->is_stopped = true;
    uv_cond_broadcast(&r->found);
    uv_cond_broadcast(&r->drained);
    uv_cond_broadcast(&r->made);
    uv_cond_broadcast(&r->put);
    uv_mutex_unlock(&r->lock);
}

/* ---- the reading thread ---- */

static struct file *file_new(const char *name, uint64_t bytes, int64_t mtime_s, bool is_named)
{
    struct file *f = calloc(1, sizeof *f);
    if (!f) {
        return NULL;
    }
    f->name = strdup(name);
    f->bytes = bytes;
    f->mtime_s = mtime_s;
    f->is_named = is_named;
    f->format = IMPORT_FORMATS;
    f->last = &f->first;
    f->parcel_last = &f->parcel;
    if (!f->name) {
        free(f);
        return NULL;
    }
    return f;
}

struct file *ring_file(struct ring *r, const char *name, uint64_t bytes, int64_t mtime_s,
                       bool is_named)
{
    struct file *f = file_new(name, bytes, mtime_s, is_named);
    uv_mutex_lock(&r->lock);
    while (r->files >= IMPORT_FILES_MAX && !r->is_stopped) {
        uv_cond_wait(&r->drained, &r->lock);
    }
    if (r->is_stopped || !f) {
        uv_mutex_unlock(&r->lock);
        if (f) {
            ring_drop(f);
        }
        return NULL;
    }
    *r->tail = f;
    r->tail = &f->next;
    r->files++;
    if (!r->untaken) {
        r->untaken = f;
    }
    uv_mutex_unlock(&r->lock);
    return f;
}

void ring_settle(struct ring *r, struct file *f, enum import_fate fate, enum err e, const char *why)
{
    uv_mutex_lock(&r->lock);
    f->fate = fate;
    f->err = e;
    snprintf(f->why, sizeof f->why, "%s", why);
    f->is_done = f->is_taken = f->is_read = f->is_closed = true;
    uv_cond_signal(&r->made);
    uv_cond_broadcast(&r->found); /* a worker may wait behind it */
    uv_mutex_unlock(&r->lock);
}

bool ring_block(struct ring *r, struct file *f, uint8_t *p, size_t n, bool is_last)
{
    struct block *b = malloc(sizeof *b);
    uv_mutex_lock(&r->lock);
    while (b && r->bytes > 0 && r->bytes + n > IMPORT_BYTES_MAX && !r->is_stopped &&
           !f->is_refused) {
        uv_cond_wait(&r->drained, &r->lock);
    }
    const bool is_wanted = b && !r->is_stopped && !f->is_refused;
    if (is_wanted) {
        *b = (struct block){NULL, p, n};
        *f->last = b;
        f->last = &b->next;
        f->is_read = is_last;
        r->bytes += n;
        uv_cond_broadcast(&r->found);
    }
    uv_mutex_unlock(&r->lock);
    if (!is_wanted) {
        free(b);
        free(p);
    }
    return is_wanted;
}

void ring_read(struct ring *r, struct file *f, enum err e, const char *why)
{
    uv_mutex_lock(&r->lock);
    f->is_read = f->is_closed = true;
    if (e) { /* else a worker may be done with it already */
        f->read_err = e;
        snprintf(f->read_why, sizeof f->read_why, "%s", why);
    }
    uv_cond_broadcast(&r->found);
    uv_cond_signal(&r->made);
    uv_mutex_unlock(&r->lock);
}

bool ring_at(struct ring *r, uint64_t bytes)
{
    uv_mutex_lock(&r->lock);
    r->at = bytes;
    const bool goes_on = !r->is_stopped;
    uv_mutex_unlock(&r->lock);
    return goes_on;
}

void ring_walked(struct ring *r)
{
    uv_mutex_lock(&r->lock);
    r->is_walked = true;
    uv_cond_broadcast(&r->found);
    uv_cond_broadcast(&r->made);
    uv_mutex_unlock(&r->lock);
}

/* ---- a worker ---- */

struct file *ring_take(struct ring *r)
{
    struct file *f = NULL;
    uv_mutex_lock(&r->lock);
    for (;;) {
        while (r->untaken && r->untaken->is_taken) {
            r->untaken = r->untaken->next;
        }
        if (r->is_stopped || (!r->untaken && r->is_walked)) {
            break;
        }
        if (r->untaken && (r->untaken->first || r->untaken->is_read)) {
            f = r->untaken;
            f->is_taken = true;
            r->untaken = f->next;
            break;
        }
        uv_cond_wait(&r->found, &r->lock);
    }
    uv_mutex_unlock(&r->lock);
    return f;
}

struct block *ring_next(struct ring *r, struct file *f, bool *is_whole)
{
    uv_mutex_lock(&r->lock);
    while (!f->first && !f->is_read && !r->is_stopped) {
        uv_cond_wait(&r->found, &r->lock);
    }
    struct block *b = r->is_stopped ? NULL : f->first;
    *is_whole = b && f->is_read && !b->next;
    if (b) {
        f->first = b->next;
        f->last = f->first ? f->last : &f->first;
        r->bytes -= b->n;
        uv_cond_signal(&r->drained);
    }
    uv_mutex_unlock(&r->lock);
    return b;
}

enum err ring_read_error(struct ring *r, const struct file *f)
{
    uv_mutex_lock(&r->lock);
    const enum err e = f->read_err;
    uv_mutex_unlock(&r->lock);
    return e;
}

bool ring_parcel(struct ring *r, struct file *f, struct parcel *p)
{
    uv_mutex_lock(&r->lock);
    while (r->head != f && r->points > 0 && r->points + p->points > IMPORT_POINTS_AHEAD &&
           !r->is_stopped) {
        uv_cond_wait(&r->put, &r->lock);
    }
    const bool is_taken = !r->is_stopped;
    if (is_taken) {
        *f->parcel_last = p;
        f->parcel_last = &p->next;
        r->points += p->points;
        uv_cond_signal(&r->made);
    }
    uv_mutex_unlock(&r->lock);
    return is_taken;
}

void ring_done(struct ring *r, struct file *f)
{
    uv_mutex_lock(&r->lock);
    f->is_done = true;
    uv_cond_signal(&r->made);
    uv_mutex_unlock(&r->lock);
}

void ring_refuse(struct ring *r, struct file *f)
{
    uv_mutex_lock(&r->lock);
    f->is_refused = true;
    for (const struct block *b = f->first; b; b = b->next) {
        r->bytes -= b->n;
    }
    drop_blocks(f);
    uv_cond_signal(&r->drained);
    uv_mutex_unlock(&r->lock);
}

/* ---- the caller ---- */

static enum ring_event look(struct ring *r, struct parcel **parcel, struct file **file)
{
    struct file *f = r->head;
    if (!f) {
        return r->is_walked ? RING_ALL : RING_NOTHING;
    }
    if (f->parcel) {
        *parcel = f->parcel;
        f->parcel = f->parcel->next;
        f->parcel_last = f->parcel ? f->parcel_last : &f->parcel;
        r->points -= (*parcel)->points;
        uv_cond_broadcast(&r->put);
        return RING_PARCEL;
    }
    if (!f->is_done || !f->is_closed) {
        return RING_NOTHING;
    }
    *file = f;
    r->head = f->next;
    r->tail = r->head ? r->tail : &r->head;
    if (r->untaken == f) {
        r->untaken = f->next;
    }
    r->files--;
    uv_cond_signal(&r->drained);
    uv_cond_broadcast(&r->put); /* another is the first now */
    return RING_END;
}

enum ring_event ring_wait(struct ring *r, uint64_t wait_us, struct parcel **parcel,
                          struct file **file, uint64_t *at)
{
    uv_mutex_lock(&r->lock);
    enum ring_event event = look(r, parcel, file);
    if (event == RING_NOTHING && !r->is_stopped) {
        uv_cond_timedwait(&r->made, &r->lock, wait_us * 1000);
        event = look(r, parcel, file);
    }
    *at = r->at;
    uv_mutex_unlock(&r->lock);
    return event;
}
