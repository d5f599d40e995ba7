#include "store/tail.h"

#include "base/bytes.h"
#include "base/crc32c.h"
#include "store/chunk.h"
#include "store/pack.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEAD_BYTES = 8, BLOCK_HEAD = 8, BLOCK_MAX = 1 << 28, FIRST_RECORD_BYTES = 75 };

static const uint8_t head[HEAD_BYTES] = {'m', 'a', 's', 'a', 'r', 't', 'l', TAIL_VERSION};

static uint64_t get_le(const uint8_t **p, unsigned bytes)
{
    uint64_t v = 0;
    for (unsigned i = 0; i < bytes; i++) {
        v |= (uint64_t)(*p)[i] << (8 * i);
    }
    *p += bytes;
    return v;
}

/* --- records ---------------------------------------------------------------------------------- */

/* A record: a number, twice the aircraft's number in this journal, and 1 for a kept point. A new
   aircraft's number is followed by its address in 4 bytes and the number of its last point before
   this journal. Then the point (pack.h), as it differs from the aircraft's last kept point in this
   journal. */
void tail_add(struct buf *block, uint32_t *aircraft, struct tail_slot *slot, uint64_t before,
              const struct kept *last, const struct kept *p, uint64_t seq)
{
    uint8_t b[24 + PACK_MAX];
    const bool is_new = slot->number == TAIL_NO_SLOT, is_kept = seq != TAIL_PROVISIONAL;
    if (is_new) {
        *slot = (struct tail_slot){.number = (*aircraft)++};
    }
    size_t n = pack_number(b, (uint64_t)slot->number << 1 | is_kept);
    if (is_new) {
        for (int i = 0; i < 4; i++) {
            b[n++] = (uint8_t)(p->address >> (8 * i));
        }
        n += pack_number(b + n, before);
    }
    n += pack_point(b + n, slot->has_last ? last : NULL, p);
    slot->has_last |= is_kept;
    buf_add(block, b, n);
}

/* An aircraft of the journal that is read. */
struct tail_craft {
    uint32_t address;
    bool has_last;
    uint64_t seq;
    struct kept last;
};

/* A journal being read. */
struct tail_reader {
    tail_fn *fn;
    void *ctx;
    struct stat file; /* which journal it is */
    uint64_t good;    /* bytes read and whole */
    uint8_t version;  /* 0: none yet */
    struct tail_craft *craft;
    uint32_t crafts, max;
};

static struct tail_craft *new_craft(struct tail_reader *r)
{
    if (r->crafts == r->max) {
        const uint32_t max = r->max ? 2 * r->max : 64;
        struct tail_craft *more = realloc(r->craft, max * sizeof *more);
        if (!more) {
            return NULL;
        }
        r->craft = more;
        r->max = max;
    }
    r->craft[r->crafts] = (struct tail_craft){.address = ADDRESS_NONE};
    return &r->craft[r->crafts++];
}

/* One record of n bytes; *used gets how many. ERR_SYNTAX: it is none, though its block's checksum
   is right. */
static enum err read_record(struct tail_reader *r, const uint8_t *b, size_t n, size_t *used)
{
    uint64_t v;
    size_t at = pack_read_number(b, n, &v);
    if (at == 0 || v >> 1 > r->crafts) {
        return ERR_SYNTAX;
    }
    if (v >> 1 == r->crafts) {
        struct tail_craft *c = new_craft(r);
        if (!c) {
            return ERR_MEMORY;
        }
        const uint8_t *p = b + at;
        if (n - at < 5) {
            return ERR_SYNTAX;
        }
        c->address = (uint32_t)get_le(&p, 4);
        const size_t more = pack_read_number(p, n - at - 4, &c->seq);
        if (more == 0) {
            return ERR_SYNTAX;
        }
        at += 4 + more;
    }
    struct tail_craft *c = &r->craft[v >> 1];
    struct kept k;
    const size_t more = pack_read(b + at, n - at, c->has_last ? &c->last : NULL, &k);
    *used = at + more;
    k.address = c->address;
    if (more == 0 || !chunk_point_fits(&k)) {
        return ERR_SYNTAX;
    }
    if (v & 1) {
        c->seq++;
        c->last = k;
        c->has_last = true;
    }
    const struct tail_point p = {
        v & 1 ? c->seq : TAIL_PROVISIONAL, &k, {(uint32_t)(v >> 1), c->has_last}};
    return r->fn ? r->fn(r->ctx, &p) : ERR_OK;
}

/* A record of version 1, the same for every point. */
static enum err read_first_record(struct tail_reader *r, const uint8_t *p)
{
    struct kept k = kept_none();
    int32_t *const value[] = {&k.lat_e7,        &k.lon_e7,        &k.alt_baro_ft,
                              &k.alt_geom_ft,   &k.gs_e2_kt,      &k.track_e2_deg,
                              &k.baro_rate_fpm, &k.geom_rate_fpm, &k.rc_m};
    struct tail_point point = {.point = &k, .slot = {TAIL_NO_SLOT, false}};
    point.seq = get_le(&p, 8);
    k.t_ms = (int64_t)get_le(&p, 8);
    k.address = (uint32_t)get_le(&p, 4);
    for (size_t i = 0; i < sizeof value / sizeof *value; i++) {
        *value[i] = (int32_t)(uint32_t)get_le(&p, 4);
    }
    memcpy(k.flight, p, 8);
    p += 8;
    k.squawk = (uint16_t)get_le(&p, 2);
    k.receiver = (uint16_t)get_le(&p, 2);
    k.nic = p[0], k.nac_p = p[1], k.sil = p[2], k.version = p[3], k.ground = p[4], k.origin = p[5];
    return chunk_point_fits(&k) && r->fn ? r->fn(r->ctx, &point) : ERR_OK;
}

static enum err read_records(struct tail_reader *r, const struct buf *b)
{
    enum err e = ERR_OK;
    for (size_t at = 0, used = FIRST_RECORD_BYTES; at < b->n && !e; at += used) {
        e = r->version == 1 ? read_first_record(r, b->p + at)
                            : read_record(r, b->p + at, b->n - at, &used);
    }
    return e;
}

/* --- blocks ----------------------------------------------------------------------------------- */

static enum err failure(void)
{
    return errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? ERR_FULL : ERR_SYSTEM;
}

static enum err write_at(int file, const uint8_t *p, size_t n, uint64_t at)
{
    while (n > 0) {
        const ssize_t done = pwrite(file, p, n, (off_t)at);
        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done <= 0) {
            errno = done == 0 ? ENOSPC : errno;
            return failure();
        }
        p += done, n -= (size_t)done, at += (uint64_t)done;
    }
    return ERR_OK;
}

static enum err write_block(int file, const struct buf *block, uint64_t at)
{
    uint8_t b[BLOCK_HEAD];
    const uint32_t word[2] = {(uint32_t)block->n, crc32c(0, block->p, block->n)};
    for (int i = 0; i < BLOCK_HEAD; i++) {
        b[i] = (uint8_t)(word[i / 4] >> (8 * (i % 4)));
    }
    const enum err e = write_at(file, b, BLOCK_HEAD, at);
    return e ? e : write_at(file, block->p, block->n, at + BLOCK_HEAD);
}

/* One block at f's place into b. False: there is none, or it is cut or damaged. */
static bool read_block(FILE *f, struct buf *b, uint8_t version)
{
    uint8_t h[BLOCK_HEAD];
    const uint8_t *p = h;
    if (fread(h, 1, sizeof h, f) != sizeof h) {
        return false;
    }
    const uint32_t n = (uint32_t)get_le(&p, 4), crc = (uint32_t)get_le(&p, 4);
    if (n > BLOCK_MAX || (version == 1 && n % FIRST_RECORD_BYTES != 0)) {
        return false;
    }
    buf_clear(b);
    if (n > 0 && !buf_reserve(b, n)) {
        return false;
    }
    b->n = n;
    return (n == 0 || fread(b->p, 1, n, f) == n) && crc32c(0, b->p, n) == crc;
}

static enum err read_blocks(FILE *f, struct tail_reader *r)
{
    struct buf b = {0};
    enum err e = ERR_OK;
    while (e == ERR_OK && read_block(f, &b, r->version)) {
        e = read_records(r, &b);
        r->good += e ? 0 : BLOCK_HEAD + b.n;
    }
    buf_free(&b);
    /* A whole block of nonsense ends the journal as a torn one does. */
    return e == ERR_SYNTAX ? ERR_OK : e;
}

static enum err read_head(FILE *f, struct tail_reader *r)
{
    uint8_t h[HEAD_BYTES];
    r->good = r->crafts = r->version = 0;
    if (fread(h, 1, sizeof h, f) != sizeof h || memcmp(h, head, sizeof h - 1) != 0) {
        return ERR_OK; /* nothing is in it */
    }
    r->version = h[HEAD_BYTES - 1];
    r->good = HEAD_BYTES;
    return r->version >= 1 && r->version <= TAIL_VERSION ? ERR_OK : ERR_RANGE;
}

/* Reads on in an open journal, which may be another than the last. */
static enum err read_file(FILE *f, struct tail_reader *r)
{
    struct stat now;
    enum err e = ERR_OK;
    if (fstat(fileno(f), &now) != 0) {
        return ERR_SYSTEM;
    }
    if (r->version == 0 || now.st_ino != r->file.st_ino || now.st_dev != r->file.st_dev ||
        (uint64_t)now.st_size < r->good) {
        e = read_head(f, r);
        e = e || !r->fn ? e : r->fn(r->ctx, NULL);
    } else if (fseek(f, (long)r->good, SEEK_SET) != 0) {
        e = ERR_SYSTEM;
    }
    r->file = now;
    return e || r->version == 0 ? e : read_blocks(f, r);
}

static FILE *open_file(int dir, enum err *e)
{
    const int file = openat(dir, "tail", O_RDONLY | O_CLOEXEC);
    FILE *f = file < 0 ? NULL : fdopen(file, "rb");
    *e = f ? ERR_OK : file >= 0 ? ERR_MEMORY : errno == ENOENT ? ERR_NOT_FOUND : ERR_SYSTEM;
    if (!f && file >= 0) {
        close(file);
    }
    return f;
}

/* For who reads once: begins no journal anew. */
struct once {
    tail_fn *fn;
    void *ctx;
};

static enum err tell_once(void *ctx, const struct tail_point *p)
{
    const struct once *o = ctx;
    return p && o->fn ? o->fn(o->ctx, p) : ERR_OK;
}

enum err tail_read(int dir, tail_fn *fn, void *ctx, struct tail_found *found)
{
    enum err e;
    *found = (struct tail_found){0};
    FILE *f = open_file(dir, &e);
    if (!f) {
        return e;
    }
    struct once once = {fn, ctx};
    struct tail_reader r = {.fn = tell_once, .ctx = &once};
    e = read_file(f, &r);
    fseek(f, 0, SEEK_END);
    *found = (struct tail_found){.good = r.good,
                                 .torn = (uint64_t)ftell(f) > r.good,
                                 .aircraft = r.crafts,
                                 .version = r.version};
    fclose(f);
    free(r.craft);
    return e;
}

struct tail_reader *tail_reader_new(void)
{
    return calloc(1, sizeof(struct tail_reader));
}

void tail_reader_free(struct tail_reader *r)
{
    if (r) {
        free(r->craft);
        free(r);
    }
}

enum err tail_reader_go_on(struct tail_reader *r, int dir, tail_fn *fn, void *ctx)
{
    enum err e;
    FILE *f = open_file(dir, &e);
    if (!f) {
        return e;
    }
    r->fn = fn;
    r->ctx = ctx;
    e = read_file(f, r);
    fclose(f);
    return e;
}

enum err tail_continue(struct tail *t, const struct tail_found *found)
{
    const int file = openat(t->dir, "tail", O_RDWR | O_CLOEXEC);
    if (file < 0) {
        return failure();
    }
    if (found->torn && (ftruncate(file, (off_t)found->good) != 0 || fsync(file) != 0)) {
        const enum err e = failure();
        close(file);
        return e;
    }
    t->file = file;
    t->bytes = found->good;
    t->aircraft = found->aircraft;
    return ERR_OK;
}

enum err tail_sync(struct tail *t)
{
    if (t->pending.failed) {
        return ERR_MEMORY;
    }
    if (t->pending.n == 0) {
        return ERR_OK;
    }
    enum err e = t->file < 0 ? ERR_SYSTEM : write_block(t->file, &t->pending, t->bytes);
    if (!e && fdatasync(t->file) != 0) {
        e = failure();
    }
    if (e) {
        /* What was written of it fails its checksum or is overwritten by the next. */
        return e;
    }
    t->bytes += BLOCK_HEAD + t->pending.n;
    buf_clear(&t->pending);
    return ERR_OK;
}

enum err tail_replace(struct tail *t, const struct buf *block, uint32_t aircraft)
{
    const int file = openat(t->dir, "tail.new", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0) {
        return failure();
    }
    enum err e = write_at(file, head, HEAD_BYTES, 0);
    if (!e && block->n > 0) {
        e = write_block(file, block, HEAD_BYTES);
    }
    if (!e && (fsync(file) != 0 || renameat(t->dir, "tail.new", t->dir, "tail") != 0 ||
               fsync(t->dir) != 0)) {
        e = failure();
    }
    if (e) {
        close(file);
        unlinkat(t->dir, "tail.new", 0);
        return e;
    }
    if (t->file >= 0) {
        close(t->file);
    }
    t->file = file;
    t->aircraft = aircraft;
    buf_free(&t->pending);
    t->pending = (struct buf){0};
    t->bytes = HEAD_BYTES + (block->n > 0 ? BLOCK_HEAD + block->n : 0);
    return ERR_OK;
}

void tail_close(struct tail *t)
{
    if (t->file >= 0) {
        close(t->file);
    }
    buf_free(&t->pending);
    t->file = -1;
}
