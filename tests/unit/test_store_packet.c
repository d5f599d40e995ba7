/* Packets: short chunks of many aircraft in one row come out as they went in, are found by address,
   call sign, place and time, once, and are checked, mended and removed as others are. */
#include "base/rng.h"
#include "store/packed.h"
#include "store/store.h"
#include "store_scene.h"

#include "store/chunk.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

enum { TRACES = 3000, TRACE = 24 };

static struct kept point[TRACES][TRACE];

/* Each aircraft has one trace, some two; a call sign of its own, or none, or one that changes. */
static void make_traces(void)
{
    for (uint32_t i = 0; i < TRACES; i++) {
        struct kept_flier f = kept_flier(i + 1, 0x10000 + i % (TRACES - 50) * 37);
        f.t_ms += (int64_t)i * 1200000;
        for (int k = 0; k < TRACE; k++) {
            struct kept *p = &point[i][k];
            *p = kept_fly(&f, 5000);
            char flight[16];
            snprintf(flight, sizeof flight, "TR%-6u", i);
            memcpy(p->flight, flight, 8);
            if (i % 7 == 0) {
                memset(p->flight, 0, 8);
            } else if (i % 11 == 0 && k > 10) {
                memcpy(p->flight, "OTHER   ", 8);
            }
        }
    }
}

static struct store *fill(const char *dir, size_t *added)
{
    struct store *s = folder_open(dir, &at_once);
    size_t n;
    *added = 0;
    for (size_t i = 0; i < TRACES; i++) {
        assert_int_equal(store_put(s, point[i], TRACE, &n), ERR_OK);
        *added += n;
    }
    assert_int_equal(store_commit(s), ERR_OK);
    return s;
}

static long long ask(const char *dir, const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *q;
    char path[128];
    snprintf(path, sizeof path, "%s/index.sqlite", dir);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &q, NULL), SQLITE_OK);
    const long long v = sqlite3_step(q) == SQLITE_ROW ? sqlite3_column_int64(q, 0) : -1;
    sqlite3_finalize(q);
    sqlite3_close(db);
    return v;
}

static size_t count(struct store *s, const struct store_query *q, size_t *torn)
{
    struct found f = {0};
    assert_int_equal(store_find(s, q, found_take, &f, torn), ERR_OK);
    free(f.p);
    return f.n;
}

/* --- the bytes -------------------------------------------------------------------------------- */

static size_t make_packet(struct buf chunk[], size_t n, struct buf *out)
{
    struct chunk_codec *codec = chunk_codec_new();
    struct packet_chunk c[PACKET_MAX];
    for (size_t i = 0; i < n; i++) {
        chunk[i] = (struct buf){0};
        assert_int_equal(chunk_encode(codec, point[i], 1 + i % TRACE, &chunk[i]), ERR_OK);
        c[i] = (struct packet_chunk){chunk[i].p, chunk[i].n};
    }
    chunk_codec_free(codec);
    assert_int_equal(packet_write(c, n, out), ERR_OK);
    return out->n;
}

static void chunks_come_out_as_they_went_in(void **state)
{
    (void)state;
    make_traces();
    for (size_t n = 1; n <= PACKET_MAX; n++) {
        static struct buf chunk[PACKET_MAX];
        static struct packet p;
        struct buf b = {0}, one = {0};
        make_packet(chunk, n, &b);
        assert_int_equal(packet_read(b.p, b.n, &p), ERR_OK);
        assert_int_equal(p.n, n);
        for (size_t i = 0; i < n; i++) {
            buf_clear(&one);
            assert_int_equal(packet_chunk(&p, b.p, i, &one), ERR_OK);
            assert_int_equal(one.n, chunk[i].n);
            assert_memory_equal(one.p, chunk[i].p, one.n);
            buf_free(&chunk[i]);
        }
        buf_free(&b);
        buf_free(&one);
    }
}

static void damaged_packets_are_none(void **state)
{
    (void)state;
    static struct buf chunk[PACKET_MAX];
    static struct packet p;
    struct buf b = {0};
    make_packet(chunk, 8, &b);
    for (size_t i = 0; i < b.n; i++) {
        b.p[i] ^= 0x10;
        assert_int_not_equal(packet_read(b.p, b.n, &p), ERR_OK);
        b.p[i] ^= 0x10;
    }
    for (size_t n = 0; n < b.n; n++) {
        assert_int_not_equal(packet_read(b.p, n, &p), ERR_OK);
    }
    b.p[2] = PACKET_VERSION + 1;
    assert_int_equal(packet_read(b.p, b.n, &p), ERR_RANGE);
    struct packet_chunk c[2] = {{chunk[1].p, chunk[1].n}, {chunk[0].p, chunk[0].n}};
    struct buf none = {0};
    assert_int_equal(packet_write(c, 2, &none), ERR_RANGE); /* addresses descend */
    c[0].n--;
    assert_int_equal(packet_write(c, 1, &none), ERR_RANGE);
    assert_int_equal(none.n, 0);
    for (size_t i = 0; i < 8; i++) {
        buf_free(&chunk[i]);
    }
    buf_free(&b);
    buf_free(&none);
}

/* A packet of the day version 1 was made: it is read, and today's writer makes the same of it. */
static void packets_of_before_are_read(void **state)
{
    (void)state;
    static uint8_t b[4096];
    static struct packet p;
    FILE *f = fopen(TEST_SOURCE_DIR "/tests/fuzz/corpus/fuzz_packet/packet2", "rb");
    assert_non_null(f);
    const size_t n = fread(b, 1, sizeof b, f);
    fclose(f);
    assert_int_equal(packet_read(b, n, &p), ERR_OK);
    assert_int_equal(p.n, 7);
    struct packet_chunk c[PACKET_MAX];
    struct buf chunk[PACKET_MAX] = {{0}}, again = {0};
    for (size_t i = 0; i < p.n; i++) {
        struct chunk_head h;
        assert_int_equal(packet_chunk(&p, b, i, &chunk[i]), ERR_OK);
        assert_int_equal(chunk_head(chunk[i].p, chunk[i].n, &h), ERR_OK);
        c[i] = (struct packet_chunk){chunk[i].p, chunk[i].n};
    }
    assert_int_equal(packet_write(c, p.n, &again), ERR_OK);
    assert_int_equal(again.n, n);
    assert_memory_equal(again.p, b, n);
    for (size_t i = 0; i < p.n; i++) {
        buf_free(&chunk[i]);
    }
    buf_free(&again);
}

/* --- what leads there ------------------------------------------------------------------------- */

static void leads_are_a_sorted_list(void **state)
{
    (void)state;
    char dir[64];
    folder_new(dir);
    struct store *s = folder_open(dir, &at_once);
    struct rng r = {.state = 5};
    struct lead_list all = {0}, some = {0}, is = {0};
    for (int round = 0; round < 20; round++) {
        some.n = 0;
        for (int i = 0; i < 2000; i++) {
            const uint64_t key = rng_below(&r, 4) ? rng_below(&r, 1 << 24) : rng_below(&r, 50);
            const struct lead e = {key, 1 + rng_below(&r, 1 << 20)};
            assert_int_equal(lead_push(&some, e), ERR_OK);
            assert_int_equal(lead_push(&all, e), ERR_OK);
        }
        lead_sort(&some);
        assert_int_equal(lead_add(s, &some), ERR_OK);
    }
    lead_sort(&all);
    for (int round = 0; round < 2; round++) {
        is.n = 0;
        assert_int_equal(lead_all(s, &is), ERR_OK);
        assert_int_equal(is.n, all.n);
        assert_memory_equal(is.p, all.p, all.n * sizeof *all.p);
        for (uint64_t key = 0; key < 50; key++) {
            is.n = 0;
            assert_int_equal(lead_find(s, key, &is), ERR_OK);
            size_t n = 0;
            for (size_t i = 0; i < all.n; i++) {
                n += all.p[i].key == key;
            }
            assert_int_equal(is.n, n);
        }
        some.n = 0; /* every third goes */
        size_t left = 0;
        for (size_t i = 0; i < all.n; i++) {
            if (i % 3 == 0) {
                assert_int_equal(lead_push(&some, all.p[i]), ERR_OK);
            } else {
                all.p[left++] = all.p[i];
            }
        }
        all.n = left;
        assert_int_equal(lead_remove(s, &some), ERR_OK);
    }
    lead_free(&all);
    lead_free(&some);
    lead_free(&is);
    store_close(s);
    folder_remove(dir);
}

/* --- the store -------------------------------------------------------------------------------- */

static void check_trace(struct store *s, size_t i)
{
    struct store_query q = store_query_any();
    size_t of_address = 0;
    for (size_t k = 0; k < TRACES; k++) {
        of_address += point[k][0].address == point[i][0].address;
    }
    q.address = point[i][0].address;
    assert_int_equal(count(s, &q, NULL), of_address * TRACE);
    q.from_ms = point[i][3].t_ms;
    q.to_ms = point[i][9].t_ms;
    struct found f = {0};
    assert_int_equal(store_find(s, &q, found_take, &f, NULL), ERR_OK);
    assert_int_equal(f.n, 6);
    assert_memory_equal(f.p, &point[i][3], 6 * sizeof *f.p);
    free(f.p);
    q = store_query_any();
    if (point[i][0].flight[0]) {
        memcpy(q.flight, point[i][0].flight, 8);
        assert_int_equal(count(s, &q, NULL), i % 11 ? TRACE : 11);
    }
    q = store_query_any();
    q.from_ms = point[i][0].t_ms;
    q.to_ms = point[i][TRACE - 1].t_ms + 1;
    size_t want = 0;
    for (size_t k = 0; k < TRACES; k++) {
        for (int j = 0; j < TRACE; j++) {
            want += point[k][j].t_ms >= q.from_ms && point[k][j].t_ms < q.to_ms;
        }
    }
    assert_int_equal(count(s, &q, NULL), want);
}

static void short_traces_are_found_once(void **state)
{
    (void)state;
    char dir[64];
    size_t added;
    folder_new(dir);
    make_traces();
    struct store *s = fill(dir, &added);
    assert_int_equal(added, TRACES * TRACE);
    struct store_stats v;
    assert_int_equal(store_stats(s, &v), ERR_OK);
    assert_int_equal(v.points, TRACES * TRACE);
    assert_int_equal(v.chunks, TRACES);
    assert_int_equal(v.aircraft, TRACES - 50);
    assert_int_equal(v.first_ms, point[0][0].t_ms);
    for (size_t i = 0; i < TRACES; i += 97) {
        check_trace(s, i);
    }
    store_close(s);
    assert_int_equal(ask(dir, "SELECT count(*) FROM chunk"), 0);
    assert_int_equal(ask(dir, "SELECT count(*) FROM aircraft"), 0);
    assert_int_equal(ask(dir, "PRAGMA user_version"), 2);
    assert_int_equal(findings(dir), 0);
    s = fill(dir, &added); /* once more: nothing is new */
    assert_int_equal(added, 0);
    store_close(s);
    s = folder_open(dir, &reading);
    struct found all = find_all(s, NULL);
    assert_int_equal(all.n, TRACES * TRACE);
    free(all.p);
    store_close(s);
    folder_remove(dir);
}

/* Many aircraft, so that their last chunks are decoded ahead; of some there are two. */
static void a_picture_is_of_the_last_points(void **state)
{
    (void)state;
    char dir[64];
    size_t added;
    folder_new(dir);
    make_traces();
    struct store *s = fill(dir, &added);
    for (size_t i = 300; i < TRACES; i += 450) {
        const int64_t t_ms = point[i][TRACE / 2].t_ms, age_ms = INT64_C(10) * 86400000;
        struct found f = {0};
        size_t want = 0, torn;
        assert_int_equal(store_instant(s, t_ms, age_ms, found_take, &f, &torn), ERR_OK);
        assert_int_equal(torn, 0);
        for (size_t k = 0; k < TRACES; k++) {
            const struct kept *last = NULL;
            for (int j = 0; j < TRACE; j++) {
                const struct kept *p = &point[k][j];
                last = p->t_ms <= t_ms && p->t_ms >= t_ms - age_ms ? p : last;
            }
            const size_t later = k + TRACES - 50; /* the other trace of the aircraft */
            if (!last || (later < TRACES && point[later][0].t_ms <= t_ms)) {
                continue;
            }
            want++;
            size_t at = 0;
            while (at < f.n && f.p[at].address != last->address) {
                at++;
            }
            assert_true(at < f.n);
            assert_memory_equal(&f.p[at], last, sizeof *last);
        }
        assert_int_equal(f.n, want);
        free(f.p);
    }
    store_close(s);
    folder_remove(dir);
}

static void a_few_are_chunks_of_their_own(void **state)
{
    (void)state;
    char dir[64];
    folder_new(dir);
    struct store *s = folder_open(dir, &at_once);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(store_put(s, point[i], TRACE, NULL), ERR_OK);
        assert_int_equal(store_put(s, point[i], TRACE, NULL), ERR_OK); /* waits: it is known */
    }
    assert_int_equal(store_commit(s), ERR_OK);
    store_close(s);
    assert_int_equal(ask(dir, "SELECT count(*) FROM chunk"), 5);
    assert_int_equal(ask(dir, "PRAGMA user_version"), 1);
    assert_int_equal(findings(dir), 0);
    folder_remove(dir);
}

static void change(const char *dir, const char *sql)
{
    sqlite3 *db;
    char path[128];
    snprintf(path, sizeof path, "%s/index.sqlite", dir);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

/* A reader of a store from before packets finds what a later writer puts into them. */
static void stores_of_before_are_read(void **state)
{
    (void)state;
    char dir[64];
    size_t added;
    folder_new(dir);
    struct store *s = folder_open(dir, &at_once);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(store_put(s, point[i], TRACE, NULL), ERR_OK);
    }
    assert_int_equal(store_commit(s), ERR_OK);
    store_close(s);
    change(dir, "DROP TABLE packet; DROP TABLE lead");
    struct store *reader = folder_open(dir, &reading);
    const struct store_query q = store_query_any();
    struct store_stats v;
    assert_int_equal(count(reader, &q, NULL), 5 * TRACE);
    assert_int_equal(store_stats(reader, &v), ERR_OK);
    assert_int_equal(v.points, 5 * TRACE);
    assert_int_equal(findings(dir), 0);
    s = fill(dir, &added);
    assert_int_equal(added, (TRACES - 5) * TRACE);
    store_close(s);
    assert_int_equal(count(reader, &q, NULL), TRACES * TRACE);
    store_close(reader);
    folder_remove(dir);
}

static size_t mend(const char *dir)
{
    struct store *s = folder_open(dir, &at_once);
    size_t n;
    assert_int_equal(store_repair(s, ignore, NULL, &n), ERR_OK);
    store_close(s);
    assert_int_equal(findings(dir), 0);
    return n;
}

static void what_is_wrong_is_said_and_mended(void **state)
{
    (void)state;
    char dir[64];
    size_t added, torn;
    folder_new(dir);
    store_close(fill(dir, &added));
    change(dir, "DELETE FROM lead WHERE key = (SELECT min(key) FROM lead)");
    assert_int_equal(findings(dir), 1);
    assert_true(mend(dir) >= 1);
    change(dir, "UPDATE place SET t1 = t1 + 1 WHERE id = (SELECT min(id) FROM packet)");
    assert_int_equal(findings(dir), 1);
    assert_true(mend(dir) >= 1);
    const long long lost = ask(dir, "SELECT points FROM packet ORDER BY id LIMIT 1");
    change(dir, "UPDATE packet SET bytes = CAST(substr(bytes, 1, 700) || x'00' || substr(bytes, "
                "702) AS BLOB) WHERE id = (SELECT min(id) FROM packet)");
    struct store *s = folder_open(dir, &reading);
    struct found f = find_all(s, &torn);
    assert_int_equal(torn, 1);
    assert_int_equal(f.n, TRACES * TRACE - lost);
    free(f.p);
    store_close(s);
    assert_true(findings(dir) >= 1);
    assert_true(mend(dir) >= 1);
    assert_int_equal(ask(dir, "SELECT count(*) FROM torn"), 1);
    s = folder_open(dir, &reading);
    f = find_all(s, &torn);
    assert_int_equal(torn, 0);
    assert_int_equal(f.n, TRACES * TRACE - lost);
    free(f.p);
    store_close(s);
    folder_remove(dir);
}

static void the_oldest_go(void **state)
{
    (void)state;
    char dir[64];
    size_t added, kept = 0;
    folder_new(dir);
    struct store *s = fill(dir, &added);
    const int64_t until_ms = point[TRACES / 2][0].t_ms;
    const struct store_keep k = {.since_ms = until_ms};
    int64_t pin;
    const struct kept *pinned = point[100];
    assert_int_equal(store_pin(s, pinned->address, pinned->t_ms, pinned->t_ms + 1, "a test", &pin),
                     ERR_OK);
    struct store_pruned one = {.more = true};
    uint64_t gone = 0;
    while (one.more) {
        assert_int_equal(store_prune(s, &k, &one), ERR_OK);
        gone += one.points;
    }
    for (size_t i = TRACES / 2; i < TRACES; i++) {
        kept += TRACE;
    }
    struct store_query q = store_query_any();
    q.from_ms = until_ms;
    const size_t newer = count(s, &q, NULL);
    assert_true(newer >= kept);
    q = store_query_any();
    assert_int_equal(count(s, &q, NULL), TRACES * TRACE - gone);
    assert_true(gone > TRACES * TRACE / 3);
    q.address = pinned->address;
    q.to_ms = until_ms;
    assert_int_equal(count(s, &q, NULL), TRACE);
    store_close(s);
    assert_int_equal(findings(dir), 0);
    folder_remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chunks_come_out_as_they_went_in),
        cmocka_unit_test(damaged_packets_are_none),
        cmocka_unit_test(packets_of_before_are_read),
        cmocka_unit_test(leads_are_a_sorted_list),
        cmocka_unit_test(short_traces_are_found_once),
        cmocka_unit_test(a_picture_is_of_the_last_points),
        cmocka_unit_test(a_few_are_chunks_of_their_own),
        cmocka_unit_test(stores_of_before_are_read),
        cmocka_unit_test(what_is_wrong_is_said_and_mended),
        cmocka_unit_test(the_oldest_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
