/* readsb traces: every point of a real one against a second reading of it through jansson, the same
   whatever pieces it comes in, and files that are wrong in every way we know. */
#include "archive/trace.h"
#include "base/buf.h"

#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char sample[] = TEST_SHARED_DIR "/corpus/frames/trace_full_ac671b.json";

struct list {
    struct kept *kept;
    struct archive_more *more;
    size_t n, max;
};

static void collect(void *ctx, const struct kept *k, const struct archive_more *more)
{
    struct list *l = ctx;
    assert_true(l->n < l->max);
    l->kept[l->n] = *k;
    l->more[l->n++] = *more;
}

static struct list list_of(size_t max)
{
    struct list l = {calloc(max, sizeof *l.kept), calloc(max, sizeof *l.more), 0, max};
    assert_non_null(l.kept);
    assert_non_null(l.more);
    return l;
}

static void list_free(struct list *l)
{
    free(l->kept);
    free(l->more);
}

static struct list read_text(const char *text, enum err want, const char *why_part,
                             struct trace_sums *sums)
{
    struct list l = list_of(64);
    struct trace_reader *r = trace_reader_new(collect, &l);
    assert_non_null(r);
    trace_reader_push(r, (const uint8_t *)text, strlen(text));
    assert_int_equal(trace_reader_end(r), want);
    if (!strstr(trace_reader_why(r), why_part)) {
        fail_msg("\"%s\" is not in \"%s\"", why_part, trace_reader_why(r));
    }
    if (sums) {
        *sums = *trace_reader_sums(r);
    }
    trace_reader_free(r);
    return l;
}

/* ---- the oracle ---- */

static int32_t scaled(const json_t *v, double scale)
{
    return json_is_number(v) ? (int32_t)lround(json_number_value(v) * scale) : KEPT_NONE;
}

static int32_t member(const json_t *object, const char *key, int32_t none)
{
    const json_t *v = json_object_get(object, key);
    return json_is_integer(v) ? (int32_t)json_integer_value(v) : none;
}

static void check_detail(const struct kept *k, const json_t *o)
{
    char flight[9] = {0};
    const char *name = json_string_value(json_object_get(o, "flight"));
    const char *squawk = json_string_value(json_object_get(o, "squawk"));
    snprintf(flight, sizeof flight, "%s", name ? name : "");
    assert_memory_equal(k->flight, flight, 8);
    assert_int_equal(k->squawk, squawk ? (int)strtol(squawk, NULL, 8) : KEPT_NO_SQUAWK);
    assert_int_equal(k->nic, member(o, "nic", KEPT_NONE_8));
    assert_int_equal(k->nac_p, member(o, "nac_p", KEPT_NONE_8));
    assert_int_equal(k->sil, member(o, "sil", KEPT_NONE_8));
    assert_int_equal(k->version, member(o, "version", KEPT_NONE_8));
    assert_int_equal(k->rc_m, member(o, "rc", KEPT_NONE));
}

static int32_t air(const json_t *v, double scale, int32_t none)
{
    const int32_t s = scaled(v, scale);
    return s == KEPT_NONE ? none : s;
}

/* Air speed and bank have columns; the rest is said by the point's own object or not at all. */
static void check_air(const struct kept *k, const json_t *p)
{
    const json_t *o = json_array_get(p, 8);
    assert_int_equal(k->ias_kt, air(json_array_get(p, 12), 1, KEPT_NONE_16));
    assert_int_equal(k->roll_e2_deg, air(json_array_get(p, 13), 100, KEPT_NONE_16));
    assert_int_equal(k->tas_kt, air(json_object_get(o, "tas"), 1, KEPT_NONE_16));
    assert_int_equal(k->mag_heading_e2_deg,
                     air(json_object_get(o, "mag_heading"), 100, KEPT_NO_HEADING));
    if (json_is_object(o)) {
        assert_int_equal(k->nav_qnh_e1_hpa, air(json_object_get(o, "nav_qnh"), 10, 0));
    }
}

static void check_point(const struct kept *k, const struct archive_more *more, const json_t *p,
                        int64_t base_ms)
{
    const int flags = (int)json_integer_value(json_array_get(p, 6));
    const json_t *alt = json_array_get(p, 3);
    assert_int_equal(k->address, 0xac671b);
    assert_true(k->t_ms == base_ms + lround(json_number_value(json_array_get(p, 0)) * 1000));
    assert_int_equal(k->lat_e7, scaled(json_array_get(p, 1), 1e7));
    assert_int_equal(k->lon_e7, scaled(json_array_get(p, 2), 1e7));
    assert_int_equal(k->ground, json_is_string(alt));
    assert_int_equal(flags & (4 | 8), 0);
    assert_int_equal(k->alt_baro_ft, scaled(alt, 1));
    assert_int_equal(k->gs_e2_kt, scaled(json_array_get(p, 4), 100));
    assert_int_equal(k->track_e2_deg, scaled(json_array_get(p, 5), 100));
    assert_int_equal(more->flags, flags);
    assert_int_equal(k->baro_rate_fpm, scaled(json_array_get(p, 7), 1));
    assert_int_equal(k->origin, ORIGIN_ADSB_ICAO);
    assert_int_equal(k->alt_geom_ft, scaled(json_array_get(p, 10), 1));
    assert_int_equal(k->geom_rate_fpm, scaled(json_array_get(p, 11), 1));
    check_air(k, p);
}

static struct buf file_of(const char *path)
{
    struct buf b = {0};
    FILE *f = fopen(path, "rb");
    if (!f) {
        printf("skipped: %s is not here\n", path);
        skip();
    }
    size_t n;
    do {
        uint8_t *p = buf_reserve(&b, 65536);
        n = fread(p, 1, 65536, f);
        b.n += n;
    } while (n > 0);
    fclose(f);
    return b;
}

static void real_trace_is_read_as_jansson_reads_it(void **state)
{
    (void)state;
    struct buf b = file_of(sample);
    struct list l = list_of(4096);
    struct trace_reader *r = trace_reader_new(collect, &l);
    assert_int_equal(trace_reader_push(r, b.p, b.n), ERR_OK);
    assert_int_equal(trace_reader_end(r), ERR_OK);
    json_t *root = json_loadb((const char *)b.p, b.n, 0, NULL);
    const json_t *trace = json_object_get(root, "trace");
    const int64_t base_ms = llround(json_number_value(json_object_get(root, "timestamp")) * 1000);
    assert_int_equal(l.n, json_array_size(trace));
    assert_int_equal(l.n, 2500);
    assert_int_equal(trace_reader_sums(r)->points, 2500);
    assert_int_equal(trace_reader_sums(r)->bad_points + trace_reader_sums(r)->bad_values, 0);
    const json_t *last = NULL;
    for (size_t i = 0; i < l.n; i++) {
        const json_t *p = json_array_get(trace, i);
        last = json_is_object(json_array_get(p, 8)) ? json_array_get(p, 8) : last;
        check_point(&l.kept[i], &l.more[i], p, base_ms);
        check_detail(&l.kept[i], last);
    }
    json_decref(root);
    trace_reader_free(r);
    list_free(&l);
    buf_free(&b);
}

/* Bytes of a point but those that fill it up. */
static void assert_same(const struct kept *a, const struct kept *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        assert_memory_equal(&a[i], &b[i], offsetof(struct kept, origin) + 1);
    }
}

static void pieces_do_not_matter(void **state)
{
    (void)state;
    static const size_t pieces[] = {1, 2, 7, 173, 4095, 4096, 4097, 65536};
    struct buf b = file_of(sample);
    struct list whole = list_of(4096);
    struct trace_reader *r = trace_reader_new(collect, &whole);
    trace_reader_push(r, b.p, b.n);
    assert_int_equal(trace_reader_end(r), ERR_OK);
    trace_reader_free(r);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct list l = list_of(4096);
        r = trace_reader_new(collect, &l);
        for (size_t at = 0; at < b.n; at += pieces[i]) {
            const size_t n = b.n - at < pieces[i] ? b.n - at : pieces[i];
            assert_int_equal(trace_reader_push(r, b.p + at, n), ERR_OK);
        }
        assert_int_equal(trace_reader_end(r), ERR_OK);
        assert_int_equal(l.n, whole.n);
        assert_same(l.kept, whole.kept, l.n);
        trace_reader_free(r);
        list_free(&l);
    }
    list_free(&whole);
    buf_free(&b);
}

/* ---- what the sample does not have ---- */

#define HEAD "{\"icao\":\"~ac671b\",\"noRegData\":true,\"timestamp\":1000.5,\"trace\":["

static void geometric_flags_move_the_columns(void **state)
{
    (void)state;
    struct list l = read_text(HEAD "[1.25,-1.5,180,100,9.96,360.0,14,-64,null,\"mlat\",null,null],"
                                   "[2,1,2,null,null,null,0,null,null,\"adsr_icao\",7,64]]}",
                              ERR_OK, "", NULL);
    assert_int_equal(l.n, 2);
    const struct kept *k = l.kept;
    assert_int_equal(k->address, 0xac671b | ADDRESS_NON_ICAO);
    assert_true(k->t_ms == 1001750);
    assert_int_equal(k->lat_e7, -15000000);
    assert_int_equal(k->lon_e7, -1800000000);
    assert_int_equal(k->alt_baro_ft, KEPT_NONE);
    assert_int_equal(k->alt_geom_ft, 100);
    assert_int_equal(k->gs_e2_kt, 996);
    assert_int_equal(k->track_e2_deg, 0);
    assert_int_equal(k->baro_rate_fpm, KEPT_NONE);
    assert_int_equal(k->geom_rate_fpm, -64);
    assert_int_equal(k->origin, ORIGIN_MLAT);
    assert_int_equal(l.more[0].flags, ARCHIVE_NEW_LEG);
    assert_int_equal(k[1].alt_geom_ft, 7);
    assert_int_equal(k[1].geom_rate_fpm, 64);
    assert_int_equal(k[1].origin, ORIGIN_ADSR_ICAO);
    list_free(&l);
}

static void older_and_newer_columns(void **state)
{
    (void)state;
    struct list l =
        read_text(HEAD "[1,1,2,\"ground\",0,0,0,0,{\"flight\":\"ABC1    \"}],"
                       "[2,1,2,500,0,0,0,0,null,\"adsb_icao\",1,2,3,4.5,\"uuid\",[1]],"
                       "[3,1,2,500,0,0,0,0,{\"squawk\":\"0021\"}]],\"last\":{\"a\":[]}}",
                  ERR_OK, "", NULL);
    assert_int_equal(l.n, 3);
    assert_int_equal(l.kept[0].ground, 1);
    assert_int_equal(l.kept[0].alt_baro_ft, KEPT_NONE);
    assert_memory_equal(l.kept[1].flight, "ABC1    ", 8);
    assert_int_equal(l.kept[1].ias_kt, 3);
    assert_int_equal(l.kept[1].roll_e2_deg, 450);
    assert_memory_equal(l.kept[2].flight, "\0\0\0\0\0\0\0\0", 8);
    assert_int_equal(l.kept[2].squawk, 021);
    list_free(&l);
}

static void odd_values_are_absent_and_counted(void **state)
{
    (void)state;
    struct trace_sums sums;
    struct list l = read_text(
        HEAD "[\"1.5\",\"1\",2e0,\"32000\",1e9,{},0,\"fast\",{\"nic\":99,\"rc\":\"186\"}],"
             "[2,91,2,0,0,0,0,0,null],[3,1],null,[],[4,1,2,0,0,0,0,0,7]]}",
        ERR_OK, "", &sums);
    assert_int_equal(l.n, 2);
    assert_true(l.kept[0].t_ms == 1002000);
    assert_int_equal(l.kept[0].lon_e7, 20000000);
    assert_int_equal(l.kept[0].alt_baro_ft, 32000); /* a number in quotes is a number */
    assert_int_equal(l.kept[0].rc_m, 186);
    assert_int_equal(l.kept[0].nic, KEPT_NONE_8);
    assert_int_equal(l.kept[0].gs_e2_kt, KEPT_NONE);
    assert_int_equal(sums.points, 2);
    assert_int_equal(sums.bad_points, 4);
    assert_int_equal(sums.bad_values, 6);
    list_free(&l);
}

static void wrong_files_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *text, *why;
        enum err err;
        size_t points;
    } wrong[] = {
        {"", "cut", ERR_SHORT, 0},
        {"[]", "begin", ERR_SYNTAX, 0},
        {"\x1f\x8b\x08", "begin", ERR_SYNTAX, 0},
        {"{\"trace\":[[1,2,3]]}", "before", ERR_SYNTAX, 0},
        {"{\"icao\":\"zz\"", "icao", ERR_SYNTAX, 0},
        {"{\"icao\":17,", "icao", ERR_SYNTAX, 0},
        {"{\"timestamp\":\"now\",", "timestamp", ERR_SYNTAX, 0},
        {"{\"timestamp\":1e40,", "timestamp", ERR_SYNTAX, 0},
        {"{\"timestamp\":{},", "timestamp", ERR_SYNTAX, 0},
        {"{nothing", "JSON", ERR_SYNTAX, 0},
        {"{\"icao\":\"abcdef\",\"timestamp\":1,\"trace\":{}}", "array", ERR_SYNTAX, 0},
        {HEAD "[1,1,2,0],", "cut", ERR_SHORT, 1},
        {HEAD "[1,1,2,0],[2,1,", "cut", ERR_SHORT, 1},
        {HEAD "[1,1,2,0],[2,1}", "point", ERR_SYNTAX, 1},
        {HEAD "[1,1,2,0]]} x", "last brace", ERR_SYNTAX, 1},
        {HEAD "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "point", ERR_SYNTAX, 0},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct list l = read_text(wrong[i].text, wrong[i].err, wrong[i].why, NULL);
        assert_int_equal(l.n, wrong[i].points);
        list_free(&l);
    }
}

static void endless_point_is_given_up(void **state)
{
    (void)state;
    struct list l = list_of(1);
    struct trace_reader *r = trace_reader_new(collect, &l);
    trace_reader_push(r, (const uint8_t *)HEAD, strlen(HEAD));
    trace_reader_push(r, (const uint8_t *)"[\"", 2);
    uint8_t block[60000];
    memset(block, 'x', sizeof block);
    enum err e = ERR_OK;
    for (int i = 0; i < 10 && !e; i++) {
        e = trace_reader_push(r, block, sizeof block);
    }
    assert_int_equal(e, ERR_SYNTAX);
    assert_non_null(strstr(trace_reader_why(r), "longer"));
    trace_reader_start(r); /* and the next file is read */
    static const char next[] = HEAD "[1,1,2,0]]}";
    assert_int_equal(trace_reader_push(r, (const uint8_t *)next, strlen(next)), ERR_OK);
    assert_int_equal(trace_reader_end(r), ERR_OK);
    assert_int_equal(l.n, 1);
    trace_reader_free(r);
    list_free(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_trace_is_read_as_jansson_reads_it),
        cmocka_unit_test(pieces_do_not_matter),
        cmocka_unit_test(geometric_flags_move_the_columns),
        cmocka_unit_test(older_and_newer_columns),
        cmocka_unit_test(odd_values_are_absent_and_counted),
        cmocka_unit_test(wrong_files_are_named),
        cmocka_unit_test(endless_point_is_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
