/* Files and standard input: whole, compressed, in several members, cut, damaged, missing. */
#include "net_probe.h"

#include "net/unpack.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { TEXT_BYTES = 3000000 };

static char folder[64];

static char *path_of(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

/* Text that compresses about as frames do. */
static void fill(uint8_t *p, size_t n, uint64_t seed)
{
    for (size_t i = 0; i < n; i++) {
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        p[i] = (uint8_t)("0123456789abcdef*;\n"[(seed >> 33) % 19]);
    }
}

static void put_file(const char *name, const void *p, size_t n)
{
    FILE *f = fopen(path_of(name), "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(p, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

static struct buf packed(enum packing packing, const uint8_t *p, size_t n)
{
    struct buf out = {0};
    struct pack *pack = pack_new(packing);
    assert_non_null(pack);
    assert_int_equal(pack_write(pack, p, n / 2, PACK_FLUSH, &out), ERR_OK);
    assert_int_equal(pack_write(pack, p + n / 2, n - n / 2, PACK_END, &out), ERR_OK);
    pack_free(pack);
    return out;
}

static void read_file(struct probe *p, const char *name)
{
    char text[200];
    snprintf(text, sizeof text, "avr:file=%s", path_of(name));
    assert_int_equal(probe_start(p, text, true), ERR_OK);
    assert_true(run_until(&p->loop, probe_is_done, p, 20000));
    assert_int_equal(p->done, 1);
    assert_int_equal(p->opened, 1);
    assert_int_equal(p->closed, 1);
}

static void plain_file_comes_whole(void **state)
{
    struct probe *p = *state;
    uint8_t *text = malloc(TEXT_BYTES);
    fill(text, TEXT_BYTES, 1);
    put_file("plain.avr", text, TEXT_BYTES);
    read_file(p, "plain.avr");
    assert_int_equal(p->e, ERR_OK);
    assert_int_equal(p->got.n, TEXT_BYTES);
    assert_memory_equal(p->got.p, text, TEXT_BYTES);
    assert_int_equal(p->counters.n[COUNT_BYTES_IN], TEXT_BYTES);
    free(text);
}

static void short_files_come_whole(void **state)
{
    struct probe *p = *state;
    put_file("three", "abc", 3);
    read_file(p, "three");
    assert_int_equal(p->e, ERR_OK);
    assert_int_equal(p->got.n, 3);
    assert_memory_equal(p->got.p, "abc", 3);
}

static void empty_file_ends_well(void **state)
{
    struct probe *p = *state;
    put_file("empty", "", 0);
    read_file(p, "empty");
    assert_int_equal(p->e, ERR_OK);
    assert_int_equal(p->got.n, 0);
}

static void missing_file_is_told_at_start(void **state)
{
    struct probe *p = *state;
    assert_int_equal(probe_start(p, "avr:file=/nowhere/x.avr", true), ERR_SYSTEM);
    assert_string_equal(p->why, "cannot read file=/nowhere/x.avr: no such file or directory");
}

static void folder_is_no_file(void **state)
{
    struct probe *p = *state;
    char text[100];
    snprintf(text, sizeof text, "avr:file=%s", folder);
    assert_int_equal(probe_start(p, text, true), ERR_SYSTEM);
    assert_non_null(strstr(p->why, "is a folder: name a file in it"));
}

static void check_packed(struct probe *p, enum packing packing, const char *name)
{
    uint8_t *text = malloc(TEXT_BYTES);
    fill(text, TEXT_BYTES, 2);
    struct buf one = packed(packing, text, 1000000);
    struct buf two = packed(packing, text + 1000000, TEXT_BYTES - 1000000);
    buf_add(&one, two.p, two.n);
    put_file(name, one.p, one.n);
    read_file(p, name);
    assert_int_equal(p->e, ERR_OK);
    assert_int_equal(p->got.n, TEXT_BYTES);
    assert_memory_equal(p->got.p, text, TEXT_BYTES);
    free(text);
    buf_free(&one);
    buf_free(&two);
}

static void gzip_of_two_members(void **state)
{
    check_packed(*state, PACKING_GZIP, "two.gz");
}

static void zstd_of_two_frames(void **state)
{
    check_packed(*state, PACKING_ZSTD, "two.zst");
}

static void gzip_by_its_first_bytes(void **state)
{
    check_packed(*state, PACKING_GZIP, "named.avr");
}

static void zstd_by_its_first_bytes(void **state)
{
    check_packed(*state, PACKING_ZSTD, "named.bin");
}

static void check_cut(struct probe *p, enum packing packing, const char *name, const char *why)
{
    uint8_t *text = malloc(TEXT_BYTES);
    fill(text, TEXT_BYTES, 3);
    struct buf one = packed(packing, text, TEXT_BYTES);
    put_file(name, one.p, one.n * 3 / 4);
    read_file(p, name);
    assert_int_equal(p->e, ERR_SHORT);
    assert_non_null(strstr(p->why, why));
    assert_true(p->got.n > TEXT_BYTES / 2 && p->got.n < TEXT_BYTES);
    assert_memory_equal(p->got.p, text, p->got.n);
    free(text);
    buf_free(&one);
}

static void cut_gzip_gives_what_came_before(void **state)
{
    check_cut(*state, PACKING_GZIP, "cut.gz", "cut.gz ends in the middle of its gzip data");
}

static void cut_zstd_gives_what_came_before(void **state)
{
    check_cut(*state, PACKING_ZSTD, "cut.zst", "cut.zst ends in the middle of its zstd data");
}

static void check_damaged(struct probe *p, enum packing packing, const char *name)
{
    uint8_t *text = malloc(TEXT_BYTES);
    fill(text, TEXT_BYTES, 4);
    struct buf one = packed(packing, text, TEXT_BYTES);
    memset(one.p + one.n * 3 / 4, 0xff, 5000);
    put_file(name, one.p, one.n);
    read_file(p, name);
    assert_int_equal(p->e, ERR_SYNTAX);
    assert_non_null(strstr(p->why, "damaged"));
    assert_true(p->got.n > TEXT_BYTES / 2);
    assert_memory_equal(p->got.p, text, TEXT_BYTES / 2);
    free(text);
    buf_free(&one);
}

static void damaged_gzip_is_told(void **state)
{
    check_damaged(*state, PACKING_GZIP, "damaged.gz");
}

static void damaged_zstd_is_told(void **state)
{
    check_damaged(*state, PACKING_ZSTD, "damaged.zst");
}

static void a_name_that_lies_is_told(void **state)
{
    struct probe *p = *state;
    put_file("plain.gz", "*8D4840D6202CC371C32CE0576098;\n", 31);
    read_file(p, "plain.gz");
    assert_int_equal(p->e, ERR_UNKNOWN);
    assert_non_null(strstr(p->why, "is named .gz but is not gzip"));
    assert_int_equal(p->got.n, 0);
}

static void pausing(void *state, const uint8_t *bytes, size_t n)
{
    struct probe *p = state;
    buf_add(&p->got, bytes, n);
    net_pause(p->transport, true);
}

static void pause_stops_and_goes_on(void **state)
{
    struct probe *p = *state;
    uint8_t *text = malloc(TEXT_BYTES);
    fill(text, TEXT_BYTES, 5);
    struct buf one = packed(PACKING_GZIP, text, TEXT_BYTES);
    put_file("pause.gz", one.p, one.n);
    char line[200];
    snprintf(line, sizeof line, "avr:file=%s", path_of("pause.gz"));
    struct spec s;
    assert_int_equal(spec_parse(&s, line, p->why, sizeof p->why), ERR_OK);
    const struct net_events events = {probe_open, pausing, probe_close, probe_done};
    assert_int_equal(net_open(&p->loop, &s, true, &events, p, &p->counters, &p->transport, p->why,
                              sizeof p->why),
                     ERR_OK);
    unsigned pauses = 0;
    while (!p->done && pauses < 1000) {
        const size_t before = p->got.n;
        run_until(&p->loop, never, NULL, 3);
        assert_true(p->got.n - before <= 256 * 1024); /* no more than one step */
        net_pause(p->transport, false);
        pauses++;
    }
    assert_true(pauses > 10);
    assert_int_equal(p->got.n, TEXT_BYTES);
    assert_memory_equal(p->got.p, text, TEXT_BYTES);
    free(text);
    buf_free(&one);
}

static void fifo_is_read_as_it_comes(void **state)
{
    struct probe *p = *state;
    assert_int_equal(mkfifo(path_of("fifo"), 0600), 0);
    char line[200];
    snprintf(line, sizeof line, "avr:file=%s", path_of("fifo"));
    assert_int_equal(probe_start(p, line, true), ERR_OK);
    const pid_t child = fork();
    if (child == 0) {
        const int fd = open(path_of("fifo"), O_WRONLY);
        const bool ok = write(fd, "one", 3) == 3 && usleep(20000) == 0 && write(fd, "two", 3) == 3;
        _exit(ok ? 0 : 1);
    }
    assert_true(run_until(&p->loop, probe_is_done, p, 5000));
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(p->e, ERR_OK);
    assert_int_equal(p->got.n, 6);
    assert_memory_equal(p->got.p, "onetwo", 6);
}

static void check_written(struct probe *p, const char *name)
{
    uint8_t *text = malloc(TEXT_BYTES);
    fill(text, TEXT_BYTES, 6);
    char line[200];
    snprintf(line, sizeof line, "avr:file=%s", path_of(name));
    assert_int_equal(probe_start(p, line, false), ERR_OK);
    assert_int_equal(p->opened, 1);
    for (size_t at = 0; at < TEXT_BYTES; at += 30000) {
        assert_true(net_write(p->peer, text + at, 30000));
    }
    net_close(p->transport);
    p->transport = NULL;
    assert_int_equal(p->closed, 1);
    uv_run(&p->loop, UV_RUN_DEFAULT);
    p->opened = p->closed = 0;
    read_file(p, name);
    assert_int_equal(p->e, ERR_OK);
    assert_int_equal(p->got.n, TEXT_BYTES);
    assert_memory_equal(p->got.p, text, TEXT_BYTES);
    free(text);
}

static void plain_round_trip(void **state)
{
    check_written(*state, "out.avr");
}

static void gzip_round_trip(void **state)
{
    check_written(*state, "out.gz");
}

static void zstd_round_trip(void **state)
{
    check_written(*state, "out.zst");
}

static void full_disk_is_told(void **state)
{
    struct probe *p = *state;
    assert_int_equal(probe_start(p, "avr:file=/dev/full", false), ERR_OK);
    assert_false(net_write(p->peer, "*8D;", 4));
    assert_false(net_write(p->peer, "*8D;", 4));
    assert_int_equal(p->counters.n[COUNT_SINK_DROPPED_BYTES], 8);
    assert_true(run_until(&p->loop, probe_is_done, p, 2000));
    assert_int_equal(p->e, ERR_SYSTEM);
    assert_string_equal(p->why, "cannot write /dev/full: no space left on device");
}

static void output_in_no_folder_is_told(void **state)
{
    struct probe *p = *state;
    assert_int_equal(probe_start(p, "avr:file=/nowhere/x.avr", false), ERR_SYSTEM);
    assert_string_equal(p->why, "cannot write file=/nowhere/x.avr: no such file or directory (its "
                                "folder does not exist)");
}

static void closed_while_reading(void **state)
{
    struct probe *p = *state;
    uint8_t *text = calloc(1, TEXT_BYTES);
    put_file("early", text, TEXT_BYTES);
    char line[200];
    snprintf(line, sizeof line, "avr:file=%s", path_of("early"));
    assert_int_equal(probe_start(p, line, true), ERR_OK);
    uv_run(&p->loop, UV_RUN_NOWAIT); /* a read is under way now; teardown closes */
    free(text);
}

static void exactly_one_transport(void **state)
{
    struct probe *p = *state;
    assert_int_equal(probe_start(p, "avr", true), ERR_SYNTAX);
    assert_string_equal(p->why, "'avr' needs one of file=PATH (- is standard input), "
                                "connect=HOST:PORT, listen=[HOST]:PORT");
    assert_int_equal(probe_start(p, "avr:file=x,connect=h:1", true), ERR_SYNTAX);
    assert_int_equal(probe_start(p, "avr:listen=:1,queue=many", true), ERR_RANGE);
    assert_string_equal(p->why, "queue=many is not a whole number from 4096 to 1073741824");
}

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/masar_test_XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    uv_fs_t list;
    uv_dirent_t entry;
    uv_fs_scandir(NULL, &list, folder, 0, NULL);
    while (uv_fs_scandir_next(&list, &entry) == 0) {
        unlink(path_of(entry.name));
    }
    uv_fs_req_cleanup(&list);
    return rmdir(folder);
}

#define PROBED(test) cmocka_unit_test_setup_teardown(test, probe_setup, probe_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PROBED(plain_file_comes_whole),
        PROBED(short_files_come_whole),
        PROBED(empty_file_ends_well),
        PROBED(missing_file_is_told_at_start),
        PROBED(folder_is_no_file),
        PROBED(gzip_of_two_members),
        PROBED(zstd_of_two_frames),
        PROBED(gzip_by_its_first_bytes),
        PROBED(zstd_by_its_first_bytes),
        PROBED(cut_gzip_gives_what_came_before),
        PROBED(cut_zstd_gives_what_came_before),
        PROBED(damaged_gzip_is_told),
        PROBED(damaged_zstd_is_told),
        PROBED(a_name_that_lies_is_told),
        PROBED(pause_stops_and_goes_on),
        PROBED(fifo_is_read_as_it_comes),
        PROBED(plain_round_trip),
        PROBED(gzip_round_trip),
        PROBED(zstd_round_trip),
        PROBED(full_disk_is_told),
        PROBED(output_in_no_folder_is_told),
        PROBED(closed_while_reading),
        PROBED(exactly_one_transport),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
