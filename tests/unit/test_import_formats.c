/* A small file of every format, of our own making, told by its content and read to its last point;
   and what is wrong with those that cannot be. */
#include "base/buf.h"
#include "import/import.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { MOST = 64 };

struct seen {
    size_t n;
    struct kept point[MOST];
    enum import_fate fate;
    enum import_format format;
    struct import_sums sums;
    char why[IMPORT_WHY_MAX];
};

static void *pack(void *ctx, const struct kept *p, size_t n)
{
    (void)ctx;
    struct seen *s = calloc(1, sizeof *s);
    assert_true(s && n <= MOST);
    s->n = n;
    memcpy(s->point, p, n * sizeof *p);
    return s;
}

static enum err put(void *ctx, void *parcel)
{
    struct seen *s = ctx, *from = parcel;
    s->n = from->n;
    memcpy(s->point, from->point, sizeof s->point);
    free(from);
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
    s->fate = r->fate;
    s->format = r->format;
    s->sums = r->sums;
    snprintf(s->why, sizeof s->why, "%s", r->why);
    return true;
}

static bool tick(void *ctx, uint64_t bytes)
{
    (void)ctx;
    (void)bytes;
    return true;
}

static char file[] = "/tmp/masar_format_XXXXXX";

static struct import_options options(void)
{
    return (struct import_options){.as = IMPORT_FORMATS, .address = ADDRESS_NONE, .threads = 1};
}

static struct seen read_bytes(const void *p, size_t n, const struct import_options *o)
{
    static const struct import_calls calls = {NULL, NULL, pack, put, drop, end, tick};
    const struct import_options plain = options();
    const char *path = file;
    struct seen s = {0};
    FILE *f = fopen(file, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(p, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
    import_run(&path, 1, o ? o : &plain, &calls, &s);
    return s;
}

static struct seen read_text(const char *text, const struct import_options *o)
{
    return read_bytes(text, strlen(text), o);
}

static void expect(const struct seen *s, enum import_format format, size_t points)
{
    if (s->why[0]) {
        print_message("%s\n", s->why);
    }
    assert_int_equal(s->fate, IMPORT_IN);
    assert_int_equal(s->format, format);
    assert_int_equal(s->n, points);
}

/* ---- recordings ---- */

/* An even and an odd frame of 40621d at 52.2572 N 3.9194 E, 38,000 ft (Sun, The 1090 Megahertz
   Riddle, 5.3); three times, for the tracker believes nobody at once. */
static const char *const frames[] = {"8D40621D58C382D690C8AC2863A7",
                                     "8D40621D58C386435CC412692AD6"};
enum { FRAMES = 6 };

static void check_place(const struct seen *s)
{
    assert_true(s->n > 0);
    const struct kept *k = &s->point[s->n - 1];
    assert_int_equal(k->address, 0x40621d);
    assert_int_equal(k->alt_baro_ft, 38000);
    assert_true(abs(k->lat_e7 - 522572021) < 2000 && abs(k->lon_e7 - 39193726) < 2000);
    assert_int_equal(k->origin, ORIGIN_ADSB_ICAO);
    assert_true(k->t_ms >= INT64_C(1717749000000) && k->t_ms < INT64_C(1717749010000));
}

static void frames_in_json(void **state)
{
    (void)state;
    struct buf jet = {0}, own = {0};
    for (int i = 0; i < FRAMES; i++) {
        buf_format(&jet, "{\"timestamp\":171774900%d.5,\"frame\":\"%s\",\"df\":\"17\"}\n", i,
                   frames[i % 2]);
        buf_format(&own, "{\"t\":171774900%d,\"frame\":\"%s\",\"icao24\":\"40621d\"}\n", i,
                   frames[i % 2]);
    }
    struct seen s = read_bytes(jet.p, jet.n, NULL);
    expect(&s, IMPORT_FRAMES, s.n);
    check_place(&s);
    s = read_bytes(own.p, own.n, NULL);
    expect(&s, IMPORT_FRAMES, s.n);
    check_place(&s);
    buf_free(&jet);
    buf_free(&own);
}

static void put_hex(struct buf *b, const char *hex)
{
    for (; *hex; hex += 2) {
        unsigned v;
        assert_int_equal(sscanf(hex, "%2x", &v), 1);
        buf_byte(b, (uint8_t)v);
        if (v == 0x1a) {
            buf_byte(b, 0x1a);
        }
    }
}

static void put_beast(struct buf *b, int i, bool has_mark)
{
    if (has_mark) {
        const uint64_t ms = UINT64_C(1717749000000) + (uint64_t)i * 1000;
        buf_add(b, "\x1a\xe8", 2);
        for (int k = 0; k < 8; k++) {
            buf_byte(b, (uint8_t)(ms >> (8 * k)));
        }
    }
    char tick[17];
    snprintf(tick, sizeof tick, "%012x80", 12000000 * (i + 1));
    buf_add(b,
            "\x1a"
            "3",
            2);
    put_hex(b, tick);
    put_hex(b, frames[i % 2]);
}

static void beast(void **state)
{
    (void)state;
    struct buf marked = {0}, plain = {0};
    for (int i = 0; i < FRAMES; i++) {
        put_beast(&marked, i, true);
        put_beast(&plain, i, false);
    }
    struct seen s = read_bytes(marked.p, marked.n, NULL);
    expect(&s, IMPORT_BEAST, s.n);
    check_place(&s);
    s = read_bytes(plain.p, plain.n, NULL);
    assert_int_equal(s.fate, IMPORT_FAILED);
    assert_non_null(strstr(s.why, "--start"));
    struct import_options o = options();
    o.start_ms = INT64_C(1717749000000);
    s = read_bytes(plain.p, plain.n, &o);
    expect(&s, IMPORT_BEAST, s.n);
    check_place(&s);
    buf_free(&marked);
    buf_free(&plain);
}

static void avr(void **state)
{
    (void)state;
    struct buf ticks = {0}, bare = {0};
    for (int i = 0; i < FRAMES; i++) {
        buf_format(&ticks, "@%012x%s;\r\n", 12000000 * (i + 1), frames[i % 2]);
        buf_format(&bare, "*%s;\n", frames[i % 2]);
    }
    struct import_options o = options();
    o.start_ms = INT64_C(1717749000000);
    struct seen s = read_bytes(ticks.p, ticks.n, &o);
    expect(&s, IMPORT_AVR, s.n);
    check_place(&s);
    s = read_bytes(bare.p, bare.n, &o);
    assert_int_equal(s.fate, IMPORT_FAILED);
    assert_int_equal(s.format, IMPORT_AVR);
    buf_free(&ticks);
    buf_free(&bare);
}

static void sbs(void **state)
{
    (void)state;
    static const char text[] =
        "STA,,102,35,4CA2AD,7,2010/05/23,00:00:16.812,2010/05/23,00:00:16.812,PL\r\n"
        "MSG,1,,,4CA2AD,,2010/05/23,00:00:17.000,2010/05/23,00:00:17.000,EIN1AB,,,,,,,,,,,\r\n"
        "MSG,3,,,4CA2AD,,2010/05/23,00:00:18.000,2010/05/"
        "23,00:00:18.000,,15225,,,51.20522,-0.43106,,"
        ",0,0,0,0\r\n"
        "MSG,4,,,4CA2AD,,2010/05/23,00:00:18.500,2010/05/"
        "23,00:00:18.500,,,361.4,20.7,,,-1728,,,,,\r\n"
        "MSG,3,,,4CA2AD,,2010/05/23,00:00:19.000,2010/05/"
        "23,00:00:19.000,,15200,,,51.20670,-0.43020,,"
        ",0,0,0,0\r\n"
        "MSG,3,,,4CA2AD,,2010/05/23,00:00:20.000,2010/05/"
        "23,00:00:20.000,,15175,,,51.20830,-0.42930,,"
        ",0,0,0,0\r\n";
    struct seen s = read_text(text, NULL);
    expect(&s, IMPORT_SBS, s.n);
    assert_true(s.n >= 1);
    const struct kept *k = &s.point[s.n - 1];
    assert_memory_equal(k->flight, "EIN1AB  ", 8);
    assert_int_equal(k->gs_e2_kt, 36140);
    assert_int_equal(k->baro_rate_fpm, -1728);
    assert_true(k->t_ms == INT64_C(1274572820000)); /* 2010-05-23T00:00:20Z */
    struct import_options o = options();
    o.zone_min = 60;
    s = read_text(text, &o);
    assert_true(s.point[s.n - 1].t_ms == INT64_C(1274572820000) - 3600000);
}

/* ---- pictures ---- */

static void pictures(void **state)
{
    (void)state;
    struct seen s = read_text(
        "{ \"now\" : 1717749000.5, \"messages\":17, \"aircraft\" : [ "
        "{\"hex\":\"40621d\",\"type\":\"adsb_icao\",\"flight\":\"KLM1023 \",\"alt_baro\":38000,"
        "\"gs\":420.5,\"track\":360,\"squawk\":\"1000\",\"lat\":52.2572,\"lon\":3.9194,"
        "\"seen_pos\":1.25,\"tas\":433,\"ias\":250,\"mag_heading\":182.5,\"roll\":-1.5,"
        "\"nav_qnh\":1013.2,\"nic\":8,\"rc\":186,\"mlat\":[],\"lastPosition\":{\"lat\":1}},"
        "{\"hex\":\"~2c0ffe\",\"alt_baro\":\"ground\",\"lat\":1,\"lon\":180,\"type\":\"tisb_"
        "other\"},"
        "{\"hex\":\"abcdef\",\"alt_baro\":1000},[1,2],"
        "{\"lat\":1,\"lon\":2}]}",
        NULL);
    expect(&s, IMPORT_SNAPSHOT, 2);
    assert_int_equal(s.sums.bad_points, 2);
    const struct kept *k = &s.point[0];
    assert_int_equal(k->address, 0x40621d);
    assert_true(k->t_ms == INT64_C(1717748999250));
    assert_int_equal(k->lat_e7, 522572000);
    assert_int_equal(k->track_e2_deg, 0);
    assert_int_equal(k->gs_e2_kt, 42050);
    assert_int_equal(k->squawk, 01000);
    assert_int_equal(k->tas_kt, 433);
    assert_int_equal(k->ias_kt, 250);
    assert_int_equal(k->mag_heading_e2_deg, 18250);
    assert_int_equal(k->roll_e2_deg, -150);
    assert_int_equal(k->nav_qnh_e1_hpa, 10132);
    assert_int_equal(k->origin, ORIGIN_ADSB_ICAO);
    assert_int_equal(k[1].address, ADDRESS_NON_ICAO | 0x2c0ffe);
    assert_int_equal(k[1].ground, 1);
    assert_int_equal(k[1].lon_e7, -1800000000);
}

static void pictures_of_others(void **state)
{
    (void)state;
    /* now behind, and in milliseconds */
    struct seen s = read_text("{\"ac\":[{\"hex\":\"40621d\",\"lat\":1,\"lon\":2}],\"now\":"
                              "1717749000500,\"total\":1}",
                              NULL);
    expect(&s, IMPORT_SNAPSHOT, 1);
    assert_true(s.point[0].t_ms == INT64_C(1717749000500));
    s = read_text(
        "{\"files\":[{\"now\":1717749000,\"aircraft\":[{\"hex\":\"40621d\",\"lat\":1,\"lon\":"
        "2}]},{\"now\":1717749010,\"aircraft\":[{\"hex\":\"40621d\",\"lat\":1,\"lon\":2}]},"
        "{\"now\":1717749020,\"aircraft\":[{\"hex\":\"40621d\",\"lat\":1.1,\"lon\":2}]}]}",
        NULL);
    expect(&s, IMPORT_SNAPSHOT, 2);
    assert_int_equal(s.sums.repeated, 1);
    static const struct {
        const char *text, *why;
        size_t points;
    } wrong[] = {
        {"{\"now\":\"later\",\"aircraft\":[]}", "its now", 0},
        {"{\"aircraft\":[{\"hex\":\"40621d\",\"lat\":1,\"lon\":2}]}", "its now", 0},
        {"{\"now\":1717749000,\"aircraft\":[{\"hex\":\"40621d\",\"lat\":1,\"lon\":2},{\"hex\":\"4",
         "cut", 1},
        {"{\"now\":1717749000,\"aircraft\":{\"hex\":\"40621d\"}}", "JSON", 0},
        {"{\"files\":17}", "JSON", 0},
        {"{\"files\":[{\"now\":3}],\"x\":}", "JSON", 0},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        s = read_text(wrong[i].text, NULL);
        assert_int_equal(s.fate, IMPORT_FAILED);
        assert_non_null(strstr(s.why, wrong[i].why));
        assert_int_equal(s.n, wrong[i].points);
    }
}

/* ---- BaseStation.sqb ---- */

static struct seen read_sql(const char *sql, const struct import_options *o)
{
    sqlite3 *db;
    sqlite3_int64 n;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    unsigned char *p = sqlite3_serialize(db, "main", &n, 0);
    assert_non_null(p);
    p[18] = p[19] = 2; /* as BaseStation's programs leave it */
    const struct seen s = read_bytes(p, (size_t)n, o);
    sqlite3_free(p);
    sqlite3_close(db);
    return s;
}

#define TABLES                                                                                     \
    "CREATE TABLE Aircraft(AircraftID INTEGER PRIMARY KEY, ModeS VARCHAR(6));"                     \
    "CREATE TABLE Flights(FlightID INTEGER PRIMARY KEY, AircraftID INTEGER, StartTime DATETIME,"   \
    " EndTime DATETIME, Callsign VARCHAR(20), FirstLat REAL, LastLat REAL, FirstLon REAL, LastLon" \
    " REAL, FirstAltitude INTEGER, LastAltitude INTEGER, FirstGroundSpeed REAL, LastGroundSpeed"   \
    " REAL, FirstTrack REAL, LastTrack REAL, FirstVerticalRate INTEGER, LastVerticalRate INTEGER," \
    " FirstSquawk INTEGER, LastSquawk INTEGER, FirstIsOnGround BOOLEAN, LastIsOnGround BOOLEAN);"

static void flights_of_sqb(void **state)
{
    (void)state;
    static const char sql[] = TABLES
        "INSERT INTO Aircraft VALUES(1, '40621D'), (2, 'nothing');"
        "INSERT INTO Flights VALUES(1, 1, '2024-06-07 08:30:00', '2024-06-07 09:00:00.5', "
        "'KLM1023', 52.25, 50.5, 3.5, -4.25, NULL, 35000, 12, 420.5, 90, 359.99, 0, -640, 0, "
        "7000, 1, 0);"
        "INSERT INTO Flights VALUES(2, 1, '2024-06-08 08:30:00', '2024-06-08 09:00:00', "
        "'KLM1023', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);"
        "INSERT INTO Flights VALUES(3, 2, '2024-06-07 08:30:00', 'never', '', 1, 1, 1, 1, 0, "
        "0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);";
    struct seen s = read_sql(sql, NULL);
    expect(&s, IMPORT_SQB, 2);
    assert_int_equal(s.sums.bad_points, 2);
    const struct kept *k = s.point;
    assert_true(k[0].t_ms == INT64_C(1717749000000) && k[1].t_ms == INT64_C(1717750800500));
    assert_int_equal(k[0].address, 0x40621d);
    assert_memory_equal(k[0].flight, "KLM1023 ", 8);
    assert_int_equal(k[0].ground, 1);
    assert_int_equal(k[0].alt_baro_ft, KEPT_NONE);
    assert_int_equal(k[0].gs_e2_kt, 1200);
    assert_int_equal(k[0].squawk, KEPT_NO_SQUAWK);
    assert_int_equal(k[1].lat_e7, 505000000);
    assert_int_equal(k[1].lon_e7, -42500000);
    assert_int_equal(k[1].alt_baro_ft, 35000);
    assert_int_equal(k[1].track_e2_deg, 35999);
    assert_int_equal(k[1].baro_rate_fpm, -640);
    assert_int_equal(k[1].squawk, 07000);
    struct import_options o = options();
    o.zone_min = -90;
    s = read_sql(sql, &o);
    assert_true(s.point[0].t_ms == INT64_C(1717749000000) + 90 * 60000);
}

static void other_databases(void **state)
{
    (void)state;
    static const struct {
        const char *sql, *why;
    } wrong[] = {
        {"CREATE TABLE a(b);", "without the tables"},
        {"CREATE TABLE Aircraft(AircraftID, ModeS);", "no table Flights"},
        {"CREATE TABLE Aircraft(AircraftID, ModeS); CREATE VIEW Flights AS SELECT 1;",
         "no table Flights"},
        {"CREATE TABLE Aircraft(AircraftID, ModeS); CREATE TABLE Flights(a);", "no such column"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const struct seen s = read_sql(wrong[i].sql, NULL);
        assert_int_equal(s.fate, IMPORT_FAILED);
        assert_non_null(strstr(s.why, wrong[i].why));
    }
    const struct seen s = read_bytes("SQLite format 3\0abcdef", 22, NULL);
    assert_non_null(strstr(s.why, "cut"));
}

/* ---- none ---- */

static void what_is_none(void **state)
{
    (void)state;
    static const char *const none[] = {"hello",
                                       "{}",
                                       "[1,2,3]",
                                       "\x1a",
                                       "*",
                                       "a,b,c\n1,2,3\n",
                                       "<html><body>404</body></html>",
                                       "{\"version\":\"3.14\"}"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        const struct seen s = read_text(none[i], NULL);
        assert_int_equal(s.fate, IMPORT_FAILED);
        assert_int_equal(s.format, IMPORT_FORMATS);
        assert_non_null(strstr(s.why, "none of the formats"));
    }
}

static int make_file(void **state)
{
    (void)state;
    const int fd = mkstemp(file);
    return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_in_json),
        cmocka_unit_test(beast),
        cmocka_unit_test(avr),
        cmocka_unit_test(sbs),
        cmocka_unit_test(pictures),
        cmocka_unit_test(pictures_of_others),
        cmocka_unit_test(flights_of_sqb),
        cmocka_unit_test(other_databases),
        cmocka_unit_test(what_is_none),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
