/* A journal of any bytes. The first byte says how the rest is to be read: even, as the file it is;
   odd, as blocks, each two bytes of length and its records, whose heads and checksums are made
   right, so that what lies behind them is reached. Bit 1: of version 1. */
#include "base/crc32c.h"
#include "store/chunk.h"
#include "store/tail.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void add_word(struct buf *b, uint32_t v)
{
    for (int i = 0; i < 4; i++) {
        buf_byte(b, (uint8_t)(v >> (8 * i)));
    }
}

static void add_blocks(struct buf *b, const uint8_t *p, size_t n, uint8_t version)
{
    buf_add(b, "masartl", 7);
    buf_byte(b, version);
    for (size_t at = 0; at + 2 <= n;) {
        size_t length = (size_t)p[at] | (size_t)p[at + 1] << 8;
        at += 2;
        length = length < n - at ? length : n - at;
        add_word(b, (uint32_t)length);
        add_word(b, crc32c(0, p + at, length));
        buf_add(b, p + at, length);
        at += length;
    }
}

static enum err look(void *ctx, const struct tail_point *p)
{
    /* Anything of the point may be used: let the sanitizers see all of it. */
    *(uint32_t *)ctx ^= crc32c((uint32_t)p->seq, (const uint8_t *)p->point, sizeof *p->point);
    if (p->point->address > 0x1ffffff) {
        abort(); /* no writer's, and it is a key of tables */
    }
    return ERR_OK;
}

static char dir[] = "/tmp/masar-fuzz-tail-XXXXXX"; /* one for the whole run */

static void remove_dir(void)
{
    rmdir(dir);
}

static int open_dir(void)
{
    static int at = -1;
    if (at < 0) {
        at = mkdtemp(dir) ? open(dir, O_RDONLY | O_DIRECTORY) : -1;
        if (at < 0 || atexit(remove_dir)) {
            abort();
        }
    }
    return at;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const int at = open_dir();
    if (size < 1) {
        return 0;
    }
    struct buf b = {0};
    if (data[0] & 1) {
        add_blocks(&b, data + 1, size - 1, data[0] & 2 ? 1 : TAIL_VERSION);
    } else {
        buf_add(&b, data + 1, size - 1);
    }
    const int file = openat(at, "tail", O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file >= 0 && b.n > 0 && write(file, b.p, b.n) == (ssize_t)b.n) {
        struct tail_found found;
        uint32_t seen = 0;
        const enum err e = tail_read(at, look, &seen, &found);
        if (!e && found.good > b.n) {
            abort();
        }
    }
    if (file >= 0) {
        close(file);
    }
    buf_free(&b);
    unlinkat(at, "tail", 0);
    return 0;
}
