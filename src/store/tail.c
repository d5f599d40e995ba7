#include "store/tail.h"

#include "base/bytes.h"
#include "base/crc32c.h"
#include "store/chunk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { HEAD_BYTES = 8, BLOCK_HEAD = 8, BLOCK_MAX = 1 << 28 };

static const uint8_t head[HEAD_BYTES] = {'m', 'a', 's', 'a', 'r', 't', 'l', 1};

static void put_le(struct buf *b, uint64_t v, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++) {
        buf_byte(b, (uint8_t)(v >> (8 * i)));
    }
}

static uint64_t get_le(const uint8_t **p, unsigned bytes)
{
    uint64_t v = 0;
    for (unsigned i = 0; i < bytes; i++) {
        v |= (uint64_t)(*p)[i] << (8 * i);
    }
    *p += bytes;
    return v;
}

void tail_add(struct buf *block, uint64_t seq, const struct kept *p)
{
    const int32_t value[] = {p->lat_e7,        p->lon_e7,        p->alt_baro_ft,
                             p->alt_geom_ft,   p->gs_e2_kt,      p->track_e2_deg,
                             p->baro_rate_fpm, p->geom_rate_fpm, p->rc_m};
    const uint8_t small[] = {p->nic, p->nac_p, p->sil, p->version, p->ground, p->origin, 0};
    put_le(block, seq, 8);
    put_le(block, (uint64_t)p->t_ms, 8);
    put_le(block, p->address, 4);
    for (size_t i = 0; i < sizeof value / sizeof *value; i++) {
        put_le(block, (uint32_t)value[i], 4);
    }
    buf_add(block, p->flight, 8);
    put_le(block, p->squawk, 2);
    put_le(block, p->receiver, 2);
    buf_add(block, small, sizeof small);
}

static struct kept read_record(const uint8_t *p, uint64_t *seq)
{
    struct kept k = kept_none();
    int32_t *const value[] = {&k.lat_e7,        &k.lon_e7,        &k.alt_baro_ft,
                              &k.alt_geom_ft,   &k.gs_e2_kt,      &k.track_e2_deg,
                              &k.baro_rate_fpm, &k.geom_rate_fpm, &k.rc_m};
    *seq = get_le(&p, 8);
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
    return k;
}

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
static bool read_block(FILE *f, struct buf *b)
{
    uint8_t h[BLOCK_HEAD];
    const uint8_t *p = h;
    if (fread(h, 1, sizeof h, f) != sizeof h) {
        return false;
    }
    const uint32_t n = (uint32_t)get_le(&p, 4), crc = (uint32_t)get_le(&p, 4);
    if (n > BLOCK_MAX || n % TAIL_RECORD_BYTES != 0) {
        return false;
    }
    buf_clear(b);
    if (n > 0 && !buf_reserve(b, n)) {
        return false;
    }
    b->n = n;
    return (n == 0 || fread(b->p, 1, n, f) == n) && crc32c(0, b->p, n) == crc;
}

static enum err read_blocks(FILE *f, tail_fn *fn, void *ctx, uint64_t *good)
{
    struct buf b = {0};
    enum err e = ERR_OK;
    while (e == ERR_OK && read_block(f, &b)) {
        for (size_t at = 0; at < b.n && e == ERR_OK; at += TAIL_RECORD_BYTES) {
            uint64_t seq;
            const struct kept k = read_record(b.p + at, &seq);
            e = chunk_point_fits(&k) ? fn(ctx, seq, &k) : ERR_OK;
        }
        *good += BLOCK_HEAD + b.n;
    }
    buf_free(&b);
    return e;
}

enum err tail_read(int dir, tail_fn *fn, void *ctx, uint64_t *good, bool *torn)
{
    uint8_t h[HEAD_BYTES];
    *good = 0, *torn = false;
    const int file = openat(dir, "tail", O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return errno == ENOENT ? ERR_NOT_FOUND : ERR_SYSTEM;
    }
    FILE *f = fdopen(file, "rb");
    if (!f) {
        close(file);
        return ERR_MEMORY;
    }
    enum err e = ERR_OK;
    if (fread(h, 1, sizeof h, f) == sizeof h && memcmp(h, head, sizeof h - 1) == 0) {
        e = h[HEAD_BYTES - 1] == head[HEAD_BYTES - 1] ? ERR_OK : ERR_RANGE;
        *good = HEAD_BYTES;
        e = e ? e : read_blocks(f, fn, ctx, good);
    }
    fseek(f, 0, SEEK_END);
    *torn = (uint64_t)ftell(f) > *good;
    fclose(f);
    return e;
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

enum err tail_replace(struct tail *t, const struct buf *block)
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
