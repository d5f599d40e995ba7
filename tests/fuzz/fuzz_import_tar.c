/* Any bytes as an archive of files that is imported: members, their names, and what is in them. */
#define _GNU_SOURCE /* memfd_create */
#include "import/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void *pack(void *ctx, const struct kept *p, size_t n)
{
    (void)ctx;
    for (size_t i = 1; i < n; i++) {
        if (p[i - 1].address > p[i].address ||
            (p[i - 1].address == p[i].address && p[i - 1].t_ms > p[i].t_ms)) {
            abort();
        }
    }
    return malloc(1);
}

static enum err put(void *ctx, void *parcel)
{
    (void)ctx;
    free(parcel);
    return ERR_OK;
}

static void drop(void *ctx, void *parcel)
{
    (void)ctx;
    free(parcel);
}

/* No member may have been read whose path leads out. */
static bool end(void *ctx, const struct import_result *r)
{
    (void)ctx;
    const char *member = strchr(r->name + 1, ':');
    const bool leads_out = member && (member[1] == '/' || strncmp(member + 1, "../", 3) == 0 ||
                                      strstr(member, "/../"));
    if (leads_out && r->fate == IMPORT_IN) {
        abort();
    }
    if ((r->fate == IMPORT_FAILED) != (r->why[0] != 0)) {
        abort();
    }
    return true;
}

static bool tick(void *ctx, uint64_t bytes)
{
    (void)ctx;
    (void)bytes;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct import_calls calls = {
        .pack = pack, .put = put, .drop = drop, .end = end, .tick = tick};
    const struct import_options o = {.as = IMPORT_FORMATS,
                                     .address = ADDRESS_NONE,
                                     .aircraft_max = 64,
                                     .bytes_max = 1 << 20,
                                     .threads = 1};
    const int fd = memfd_create("archive", 0);
    char name[64];
    const char *const path[] = {name};
    if (fd < 0 || write(fd, data, size) != (ssize_t)size) {
        abort();
    }
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    import_run(path, 1, &o, &calls, NULL);
    close(fd);
    return 0;
}
