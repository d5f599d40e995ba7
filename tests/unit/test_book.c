/* The book of watches: what it is when it is opened, and whom a correction goes to. */
#include "deliver/book.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[64], path[96];

static int make_dir(void **state)
{
    (void)state;
    snprintf(dir, sizeof dir, "/tmp/masar-test-book-XXXXXX");
    snprintf(path, sizeof path, "%s/watch.sqlite", mkdtemp(dir) ? dir : "");
    return 0;
}

static int drop_dir(void **state)
{
    char side[128];
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        static const char *const ends[] = {"", "-wal", "-shm"};
        snprintf(side, sizeof side, "%s%s", path, ends[i]);
        unlink(side);
    }
    return rmdir(dir);
}

static void run(const char *sql)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void refused(const char *words)
{
    char why[512] = "";
    struct book *b;
    assert_int_equal(book_open(dir, true, &b, why, sizeof why), ERR_RANGE);
    assert_null(b);
    if (!strstr(why, words) || !strstr(why, path)) {
        fail_msg("%s", why);
    }
}

static struct book *opened(void)
{
    char why[512] = "";
    struct book *b;
    if (book_open(dir, true, &b, why, sizeof why)) {
        fail_msg("%s", why);
    }
    return b;
}

static int64_t add_watch(struct book *b)
{
    const struct book_watch w = {.name = "near",
                                 .rule = "squawk 7700",
                                 .to = "desk",
                                 .language = "en",
                                 .expires_ms = BOOK_NEVER};
    const struct book_receiver r = {
        .name = "desk", .kind = "command", .target = "/bin/true", .secret = ""};
    int64_t id;
    assert_int_equal(book_watch_put(b, &w, &id), ERR_OK);
    assert_int_equal(book_receiver_put(b, &r), ERR_OK);
    return id;
}

static void an_older_one_is_brought_up_to_date(void **state)
{
    (void)state;
    int64_t id;
    const struct watch_expected e = {.callsign = "RCH1", .origin = "ETAR", .destination = "DRRN"};
    struct book *b = opened();
    add_watch(b);
    book_close(b);
    run("DROP TABLE expected; CREATE TABLE expected(id INTEGER PRIMARY KEY, note TEXT NOT NULL) "
        "STRICT; PRAGMA user_version=1;");
    b = opened();
    assert_int_equal(book_watch_find(b, "near", &id), ERR_OK);
    assert_int_equal(book_expected_put(b, &e), ERR_OK);
    book_close(b);
    b = opened(); /* and stays so */
    book_close(b);
}

static void it_has_room_for_so_many(void **state)
{
    (void)state;
    char name[16];
    struct book_receiver r = {.name = name, .kind = "command", .target = "/bin/true", .secret = ""};
    struct book *b = opened();
    for (int i = 0; i < BOOK_RECEIVERS_MAX; i++) {
        snprintf(name, sizeof name, "desk%d", i);
        assert_int_equal(book_receiver_put(b, &r), ERR_OK);
    }
    assert_int_equal(book_receiver_put(b, &r), ERR_OK); /* the same again */
    snprintf(name, sizeof name, "one more");
    assert_int_equal(book_receiver_put(b, &r), ERR_FULL);
    assert_int_equal(book_receiver_remove(b, "desk0"), ERR_OK);
    assert_int_equal(book_receiver_put(b, &r), ERR_OK);
    book_close(b);
    run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4096)"
        " INSERT INTO area SELECT 'a' || i, 'box=1,1,2,2' FROM n");
    b = opened();
    assert_int_equal(book_area_put(b, "a1", "box=1,1,3,3"), ERR_OK);
    assert_int_equal(book_area_put(b, "more", "box=1,1,3,3"), ERR_FULL);
    assert_int_equal(book_area_put(b, "nothing", ""), ERR_NOT_FOUND);
    book_close(b);
}

static void what_it_is_not_is_said(void **state)
{
    (void)state;
    book_close(opened());
    run("PRAGMA user_version=99;");
    refused("of a newer masar");
    unlink(path);
    run("CREATE TABLE other(x); PRAGMA user_version=1;");
    refused("another program's");
    FILE *f = fopen(path, "w");
    for (int i = 0; i < 4096; i++) {
        fputc('x', f);
    }
    fclose(f);
    refused("damaged or no database");
}

static void take(void *ctx, const struct book_alert *a)
{
    *(int64_t *)ctx = a->id;
}

/* The alert that waits; 0: none does. */
static int64_t waits(struct book *b)
{
    int64_t id = 0;
    return book_next(b, 1, take, &id) == ERR_OK ? id : 0;
}

static void tell(struct book *b, int64_t watch, const char *key, uint8_t how, bool mute)
{
    const struct book_alert a = {.watch = watch,
                                 .watch_name = "near",
                                 .language = "en",
                                 .tell = how,
                                 .key = key,
                                 .json = "{}"};
    bool added;
    assert_int_equal(book_alert_add(b, &a, mute, &added), ERR_OK);
    assert_true(added);
    assert_int_equal(book_alert_add(b, &a, mute, &added), ERR_OK);
    assert_false(added);
}

static void who_was_not_told_gets_no_correction(void **state)
{
    (void)state;
    struct book *b = opened();
    const int64_t watch = add_watch(b);
    tell(b, watch, "muted", WATCH_TELL_ALERT, true);
    tell(b, watch, "muted", WATCH_TELL_CORRECTED, false);
    assert_false(waits(b));
    tell(b, watch, "told", WATCH_TELL_ALERT, false);
    assert_int_equal(book_delivered(b, 1, waits(b), 0, 1, ""), ERR_OK);
    assert_false(waits(b));
    tell(b, watch, "told", WATCH_TELL_CORRECTED, false);
    assert_true(waits(b));
    book_close(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_older_one_is_brought_up_to_date, make_dir, drop_dir),
        cmocka_unit_test_setup_teardown(it_has_room_for_so_many, make_dir, drop_dir),
        cmocka_unit_test_setup_teardown(what_it_is_not_is_said, make_dir, drop_dir),
        cmocka_unit_test_setup_teardown(who_was_not_told_gets_no_correction, make_dir, drop_dir),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
