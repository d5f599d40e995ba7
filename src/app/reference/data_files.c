#include "app/reference/data_files.h"

#include "app/load.h"
#include "app/options.h"
#include "base/instant.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

void data_file_free(struct data_file *f)
{
    buf_free(&f->bytes);
    *f = (struct data_file){0};
}

void data_file_stamp(struct data_file *f, const char *from)
{
    uint8_t digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, f->bytes.p, f->bytes.n);
    sodium_bin2hex(f->sha256, sizeof f->sha256, digest, sizeof digest);
    instant_format(app_clock_us(), 0, f->date);
    snprintf(f->from, sizeof f->from, "%s", from);
}

enum err data_file_load(struct data_file *f, const char *path, char *why, size_t size)
{
    const enum err e = load_file(path, &f->bytes, why, size);
    if (e) {
        data_file_free(f);
        return e;
    }
    data_file_stamp(f, path);
    return ERR_OK;
}

static bool source_path(const char *folder, const char *name, const char *ending, char *out,
                        size_t size)
{
    const int n = snprintf(out, size, "%s/sources/%s%s", folder, name, ending);
    return n > 0 && (size_t)n < size;
}

enum err data_keep_from(const char *folder, const char *name, const struct data_file *f, char *why,
                        size_t size)
{
    char path[4200], text[2048];
    if (!source_path(folder, name, ".from", path, sizeof path)) {
        snprintf(why, size, "its name is too long");
        return ERR_SYSTEM;
    }
    const int n = snprintf(text, sizeof text, "from %s\ndate %s\nsha256 %s\nbytes %zu\n", f->from,
                           f->date, f->sha256, f->bytes.n);
    return save_file(path, text, (size_t)n, why, size);
}

enum err data_keep(const char *folder, const char *name, const struct data_file *f, char *why,
                   size_t size)
{
    char path[4200];
    if (!source_path(folder, name, "", path, sizeof path)) {
        snprintf(why, size, "its name is too long");
        return ERR_SYSTEM;
    }
    const enum err e = save_file(path, f->bytes.p, f->bytes.n, why, size);
    return e ? e : data_keep_from(folder, name, f, why, size);
}

bool data_kept_from(const char *folder, const char *name, struct data_file *f)
{
    char path[4200], line[2048];
    if (!source_path(folder, name, ".from", path, sizeof path)) {
        return false;
    }
    FILE *in = fopen(path, "re");
    if (!in) {
        return false;
    }
    while (fgets(line, sizeof line, in)) {
        line[strcspn(line, "\n")] = 0;
        if (strncmp(line, "from ", 5) == 0) {
            snprintf(f->from, sizeof f->from, "%s", line + 5);
        } else if (strncmp(line, "date ", 5) == 0) {
            snprintf(f->date, sizeof f->date, "%s", line + 5);
        } else if (strncmp(line, "sha256 ", 7) == 0) {
            snprintf(f->sha256, sizeof f->sha256, "%s", line + 7);
        }
    }
    fclose(in);
    return f->date[0] != 0;
}

enum err data_kept(const char *folder, const char *name, struct data_file *f, char *why,
                   size_t size)
{
    char path[4200];
    if (!data_kept_from(folder, name, f) || !source_path(folder, name, "", path, sizeof path)) {
        snprintf(why, size, "it is not there");
        return ERR_NOT_FOUND;
    }
    return load_file(path, &f->bytes, why, size);
}
