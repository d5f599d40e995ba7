/* Files, folders and tars of our own making, in a folder of their own, read whatever they are
   packed in; and every way we know in which they can be bad. */
#include "base/buf.h"
#include "import/import.h"
#include "net/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct seen {
    size_t points, ended, in, known, other, failed;
    uint64_t bytes;
    struct import_sums sums;
    uint64_t sum;
    char why[200], failed_name[300], order[4096];
    bool knows, stops;
};

struct parcel {
    size_t n;
    struct kept point[];
};

static bool is_known(void *ctx, const char *name, uint64_t bytes, int64_t mtime_s)
{
    struct seen *s = ctx;
    (void)bytes;
    assert_true(mtime_s > 0);
    assert_non_null(name);
    return s->knows;
}

static void *pack(void *ctx, const struct kept *p, size_t n)
{
    (void)ctx;
    struct parcel *b = malloc(sizeof *b + n * sizeof *p);
    assert_non_null(b);
    b->n = n;
    memcpy(b->point, p, n * sizeof *p);
    return b;
}

static enum err put(void *ctx, void *parcel)
{
    struct seen *s = ctx;
    struct parcel *b = parcel;
    for (size_t i = 0; i < b->n; i++) {
        const struct kept *k = &b->point[i];
        assert_true(i == 0 || k[-1].address < k->address ||
                    (k[-1].address == k->address && k[-1].t_ms <= k->t_ms));
        s->sum = 31 * s->sum + (uint64_t)k->t_ms + (uint32_t)k->lat_e7 +
                 k->address; /* of this order and no other */
    }
    s->points += b->n;
    free(b);
    return ERR_OK;
}

static void drop(void *ctx, void *parcel)
{
    (void)ctx;
    free(parcel);
}

static bool end(void *ctx, const struct import_result *r)
{
    struct seen *s = ctx;
    const size_t at = strlen(s->order);
    s->ended++;
    s->in += r->fate == IMPORT_IN;
    s->known += r->fate == IMPORT_KNOWN;
    s->other += r->fate == IMPORT_OTHER;
    s->bytes += r->bytes;
    s->sums.bad_points += r->sums.bad_points;
    s->sums.future += r->sums.future;
    snprintf(s->order + at, sizeof s->order - at, "%s\n", r->name);
    if (r->fate == IMPORT_FAILED) {
        s->failed++;
        snprintf(s->why, sizeof s->why, "%s", r->why);
        snprintf(s->failed_name, sizeof s->failed_name, "%s", r->name);
    } else {
        assert_string_equal(r->why, "");
    }
    return !s->stops;
}

static bool tick(void *ctx, uint64_t bytes)
{
    (void)ctx;
    (void)bytes;
    return true;
}

static const struct import_calls calls = {is_known, NULL, pack, put, drop, end, tick};
static const struct import_options plain_options = {
    .as = IMPORT_FORMATS, .address = ADDRESS_NONE, .threads = 2};

static char folder[] = "/tmp/masar_import_XXXXXX";

static const char *path_of(const char *name)
{
    static char path[4][300];
    static unsigned next;
    char *p = path[next++ % 4];
    snprintf(p, sizeof path[0], "%s/%s", folder, name);
    return p;
}

static void run_import(const char *name, const struct import_options *o, struct seen *s,
                       enum err want)
{
    const char *path = path_of(name);
    assert_int_equal(import_run(&path, 1, o, &calls, s), want);
}

static struct seen import_of(const char *name, const struct import_options *o, enum err want)
{
    struct seen s = {0};
    run_import(name, o ? o : &plain_options, &s, want);
    return s;
}

static void put_file(const char *name, const void *p, size_t n)
{
    FILE *f = fopen(path_of(name), "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(p, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

/* ---- what is read ---- */

static struct buf trace_text(unsigned address, size_t points)
{
    struct buf b = {0};
    buf_format(&b, "{\"icao\":\"%06x\",\"timestamp\":1700000000,\"trace\":[", address);
    for (size_t i = 0; i < points; i++) {
        buf_format(&b, "%s\n[%zu,50.%06zu,8,1000,250.5,90,0,0,null,\"adsb_icao\",1000,0,null,null]",
                   i ? "," : "", i, i);
    }
    buf_text(&b, "]}");
    return b;
}

static struct buf packed(const struct buf *plain, enum packing how)
{
    struct buf b = {0};
    struct pack *p = pack_new(how);
    assert_int_equal(pack_write(p, plain->p, plain->n, PACK_END, &b), ERR_OK);
    pack_free(p);
    return b;
}

enum { POINTS = 3000 };

static void put_trace(const char *name, unsigned address, enum packing how)
{
    struct buf plain = trace_text(address, POINTS);
    struct buf b = how == PACKING_NONE ? plain : packed(&plain, how);
    put_file(name, b.p, b.n);
    if (how != PACKING_NONE) {
        buf_free(&plain);
    }
    buf_free(&b);
}

static void traces_packed_or_not(void **state)
{
    (void)state;
    put_trace("plain.json", 0x3c6444, PACKING_NONE);
    put_trace("trace_full_3c6444.json", 0x3c6444, PACKING_GZIP); /* as readsb does */
    put_trace("z.json.zst", 0x3c6444, PACKING_ZSTD);
    const struct seen plain = import_of("plain.json", NULL, ERR_OK);
    const struct seen gzip = import_of("trace_full_3c6444.json", NULL, ERR_OK);
    const struct seen zstd = import_of("z.json.zst", NULL, ERR_OK);
    assert_int_equal(plain.points, POINTS);
    assert_int_equal(gzip.points, POINTS);
    assert_true(plain.sum == gzip.sum && plain.sum == zstd.sum);
    assert_int_equal(plain.ended, 1);
    assert_true(plain.bytes > gzip.bytes);
}

static void csv_needs_its_address(void **state)
{
    (void)state;
    static const char rows[] = "UTC,Callsign,Position,Altitude,Speed,Direction\n"
                               "2020-01-01T00:00:00Z,BAW1,\"1,2\",0,1,2\n"
                               "2020-01-01T00:00:10Z,BAW1,\"91,2\",0,1,2\n";
    put_file("flight.csv", rows, sizeof rows - 1);
    struct import_options o = plain_options;
    struct seen s = import_of("flight.csv", NULL, ERR_SYNTAX);
    assert_int_equal(s.failed, 1);
    assert_non_null(strstr(s.why, "aircraft"));
    o.address = 0xabcdef;
    s = import_of("flight.csv", &o, ERR_OK);
    assert_int_equal(s.points, 1);
    assert_int_equal(s.sums.bad_points, 1);
    o.latest_ms = 1000;
    s = import_of("flight.csv", &o, ERR_OK);
    assert_int_equal(s.points, 0);
    assert_int_equal(s.sums.future, 1);
    o.as = IMPORT_TRACE;
    import_of("flight.csv", &o, ERR_SYNTAX);
}

static void names_that_say_nothing(void **state)
{
    (void)state;
    put_file("notes.txt", "hello", 5);
    struct seen s = import_of("notes.txt", NULL, ERR_UNKNOWN);
    assert_int_equal(s.failed, 1);
    put_file("nothing.json", "", 0);
    s = import_of("nothing.json", NULL, ERR_UNKNOWN);
    assert_string_equal(s.why, "it is empty");
    s = import_of("nowhere.json", NULL, ERR_NOT_FOUND);
    assert_non_null(strstr(s.why, "No such file"));
}

static void cut_and_swollen_files(void **state)
{
    (void)state;
    struct buf plain = trace_text(0x3c6444, POINTS), gzip = packed(&plain, PACKING_GZIP);
    put_file("cut.json", plain.p, plain.n / 2);
    put_file("cut.json.gz", gzip.p, gzip.n / 2);
    struct seen s = import_of("cut.json", NULL, ERR_SHORT);
    assert_true(s.points > POINTS / 4 && s.points < POINTS); /* what was there is given */
    assert_non_null(strstr(s.why, "cut"));
    s = import_of("cut.json.gz", NULL, ERR_SHORT);
    assert_true(s.points > 0 && s.points < POINTS);
    put_file("whole.json.gz", gzip.p, gzip.n);
    struct import_options o = plain_options;
    o.bytes_max = plain.n - 1;
    s = import_of("whole.json.gz", &o, ERR_RANGE);
    assert_non_null(strstr(s.why, "more than is allowed"));
    o.bytes_max = plain.n;
    s = import_of("whole.json.gz", &o, ERR_OK);
    assert_int_equal(s.points, POINTS);
    gzip.p[gzip.n / 2] ^= 0x5a;
    put_file("broken.json.gz", gzip.p, gzip.n);
    s = import_of("broken.json.gz", NULL, ERR_SYNTAX);
    assert_int_equal(s.failed, 1);
    buf_free(&plain);
    buf_free(&gzip);
}

static void folders_are_read_through(void **state)
{
    (void)state;
    mkdir(path_of("history"), 0700);
    mkdir(path_of("history/44"), 0700);
    put_trace("history/44/trace_full_3c6444.json", 0x3c6444, PACKING_GZIP);
    put_trace("history/44/trace_recent_3c6444.json", 0x3c6444, PACKING_GZIP);
    put_file("history/44/trace_full_000000.json", "nothing", 7);
    put_file("history/acas.csv", "a,b\n", 4);
    assert_int_equal(symlink("44", path_of("history/45")), 0);
    assert_int_equal(symlink("..", path_of("history/44/up")), 0);
    struct seen s = import_of("history", NULL, ERR_UNKNOWN);
    assert_int_equal(s.points, 2 * POINTS);
    assert_int_equal(s.in, 2);
    assert_int_equal(s.other, 1);
    assert_int_equal(s.failed, 1); /* and the rest goes on */
    assert_non_null(strstr(s.failed_name, "000000"));
    struct seen stop = {.stops = true};
    run_import("history", &plain_options, &stop, ERR_UNKNOWN);
    assert_int_equal(stop.ended, 1);
}

/* Whatever the number of threads, the same files give the same calls. */
static void threads_change_nothing(void **state)
{
    (void)state;
    mkdir(path_of("many"), 0700);
    for (unsigned i = 0; i < 40; i++) {
        char name[40];
        snprintf(name, sizeof name, "many/t%02u.json", i);
        put_trace(name, 0x3c6400 + i, i % 3 ? PACKING_GZIP : PACKING_NONE);
    }
    put_file("many/t11.json", "{\"icao\":\"3c640b\",", 17);
    struct seen one = {0};
    struct import_options o = plain_options;
    o.threads = 1;
    run_import("many", &o, &one, ERR_SHORT);
    assert_int_equal(one.points, 39 * POINTS);
    for (o.threads = 2; o.threads <= IMPORT_THREADS_MAX; o.threads *= 2) {
        struct seen s = {0};
        run_import("many", &o, &s, ERR_SHORT);
        assert_memory_equal(&s, &one, sizeof s);
    }
}

/* ---- tars ---- */

static void add(struct archive *a, const char *name, unsigned type, const struct buf *b)
{
    struct archive_entry *e = archive_entry_new();
    archive_entry_set_pathname(e, name);
    archive_entry_set_filetype(e, type);
    archive_entry_set_perm(e, 0644);
    archive_entry_set_mtime(e, 1700000000, 0);
    if (type == AE_IFLNK) {
        archive_entry_set_symlink(e, "/etc/passwd");
    } else {
        archive_entry_set_size(e, (la_int64_t)b->n);
    }
    assert_int_equal(archive_write_header(a, e), ARCHIVE_OK);
    if (type == AE_IFREG) {
        assert_int_equal(archive_write_data(a, b->p, b->n), b->n);
    }
    archive_entry_free(e);
}

static void put_tar(const char *name)
{
    struct archive *a = archive_write_new();
    archive_write_set_format_pax_restricted(a);
    if (strstr(name, ".gz") || strstr(name, ".tgz")) {
        archive_write_add_filter_gzip(a);
    } else if (strstr(name, ".zst")) {
        archive_write_add_filter_zstd(a);
    }
    assert_int_equal(archive_write_open_filename(a, path_of(name)), ARCHIVE_OK);
    struct buf plain = trace_text(0x3c6444, POINTS), gzip = packed(&plain, PACKING_GZIP);
    struct buf nothing = {0};
    buf_text(&nothing, "{\"icao\":");
    add(a, "./traces/44/trace_full_3c6444.json", AE_IFREG, &gzip);
    add(a, "./traces/44/trace_full_3c6445.json", AE_IFREG, &nothing);
    add(a, "/traces/44/trace_full_3c6446.json", AE_IFREG, &plain);
    add(a, "traces/../../trace_full_3c6447.json", AE_IFREG, &plain);
    add(a, "traces/trace_full_3c6449.json", AE_IFLNK, &plain);
    add(a, "README.md", AE_IFREG, &plain);
    add(a, "traces/..44/trace_full_3c6448.json", AE_IFREG, &plain);
    assert_int_equal(archive_write_close(a), ARCHIVE_OK);
    archive_write_free(a);
    buf_free(&plain);
    buf_free(&gzip);
    buf_free(&nothing);
}

static void tars_packed_or_not(void **state)
{
    (void)state;
    static const char *const names[] = {"a.tar", "b.tar.gz", "c.tgz", "d.tar.zst"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        put_tar(names[i]);
        const struct seen s = import_of(names[i], NULL, ERR_SHORT);
        assert_int_equal(s.points, 3 * POINTS); /* a trace it is, whatever its name */
        assert_int_equal(s.in, 3);
        assert_int_equal(s.ended, 6);
        assert_int_equal(s.failed, 3); /* the one that was cut, and two paths that lead out */
        assert_non_null(strstr(s.why, "leads out"));
    }
    struct seen s = {.knows = true};
    run_import("a.tar", &plain_options, &s, ERR_RANGE);
    assert_int_equal(s.points, 0);
    assert_int_equal(s.known, 4);
}

static void cut_tars_and_tars_in_parts(void **state)
{
    (void)state;
    put_tar("whole.tar");
    struct stat st;
    assert_int_equal(stat(path_of("whole.tar"), &st), 0);
    const size_t n = (size_t)st.st_size, half = n / 2;
    uint8_t *p = malloc(n);
    FILE *f = fopen(path_of("whole.tar"), "rb");
    assert_int_equal(fread(p, 1, n, f), n);
    fclose(f);
    put_file("cut.tar", p, half);
    struct seen s = import_of("cut.tar", NULL, ERR_SHORT);
    assert_true(s.points >= POINTS && s.points < 2 * POINTS);
    put_file("parts.tar.aa", p, half);
    put_file("parts.tar.ab", p + half, n - half);
    s = import_of("parts.tar.aa", NULL, ERR_SHORT);
    assert_int_equal(s.points, 3 * POINTS);
    import_of("parts.tar.ab", NULL, ERR_RANGE);
    memset(p, 'x', n);
    put_file("no.tar", p, n);
    s = import_of("no.tar", NULL, ERR_UNKNOWN);
    assert_int_equal(s.failed, 1);
    free(p);
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    char command[300];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(traces_packed_or_not),       cmocka_unit_test(csv_needs_its_address),
        cmocka_unit_test(names_that_say_nothing),     cmocka_unit_test(cut_and_swollen_files),
        cmocka_unit_test(folders_are_read_through),   cmocka_unit_test(tars_packed_or_not),
        cmocka_unit_test(cut_tars_and_tars_in_parts), cmocka_unit_test(threads_change_nothing),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
