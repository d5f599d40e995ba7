/* Runs a fuzz target over the files named on the command line or inside the folders named there,
   without libFuzzer: so the corpus replays in every build. A missing folder is an empty corpus. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f) {
        perror(path);
        return -1;
    }
    static uint8_t data[1 << 20];
    const size_t n = fread(data, 1, sizeof data, f);
    fclose(f);
    uint8_t *exact = malloc(n ? n : 1); /* so that a sanitizer sees a read past the end */
    if (!exact) {
        return -1;
    }
    for (size_t i = 0; i < n; i++) {
        exact[i] = data[i];
    }
    LLVMFuzzerTestOneInput(exact, n);
    free(exact);
    return 1;
}

static int replay(const char *path)
{
    struct stat st;
    if (stat(path, &st) < 0) {
        return 0;
    }
    if (!S_ISDIR(st.st_mode)) {
        return replay_file(path);
    }
    DIR *d = opendir(path);
    if (!d) {
        return -1;
    }
    int n = 0;
    for (struct dirent *e; n >= 0 && (e = readdir(d));) {
        char name[4096];
        if (e->d_name[0] == '.' ||
            snprintf(name, sizeof name, "%s/%s", path, e->d_name) >= (int)sizeof name) {
            continue;
        }
        const int one = replay(name);
        n = one < 0 ? -1 : n + one;
    }
    closedir(d);
    return n;
}

int main(int argc, char **argv)
{
    int n = 0;
    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    for (int i = 1; i < argc; i++) {
        const int one = replay(argv[i]);
        if (one < 0) {
            return 1;
        }
        n += one;
    }
    printf("%d inputs replayed\n", n);
    return 0;
}
