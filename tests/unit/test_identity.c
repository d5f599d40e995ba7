/* Addresses, lists of aircraft in their forms, types, operators, and what a book says of an
 * aircraft. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "identity/aircraft_csv.h"
#include "identity/identity.h"

static const char *registration(uint32_t address)
{
    static char out[REGISTRATION_CHARS];
    return address_registration(address, out) ? out : "";
}

/* The ends of every step of the United States' order, and of other states' rules. */
static void derives_registrations(void **state)
{
    (void)state;
    assert_string_equal(registration(0xa00001), "N1");
    assert_string_equal(registration(0xa00002), "N1A");
    assert_string_equal(registration(0xa00003), "N1AA");
    assert_string_equal(registration(0xa0001a), "N1AZ");
    assert_string_equal(registration(0xa0001b), "N1B");
    assert_string_equal(registration(0xa00259), "N1ZZ");
    assert_string_equal(registration(0xa0025a), "N10");
    assert_string_equal(registration(0xa061d9), "N12345");
    assert_string_equal(registration(0xadf7c7), "N99999");
    assert_string_equal(registration(0xadf7c8), "");
    assert_string_equal(registration(0xa00000), "");
    assert_string_equal(registration(0x3c4421), "D-AAAA");
    assert_string_equal(registration(0x4b8421), "TC-AAA");
    assert_string_equal(registration(0xc00001), "C-FAAA");
    assert_string_equal(registration(0x7c0000), "VH-AAA");
    assert_string_equal(registration(0x4c016d), "YU-ALN");
    assert_string_equal(registration(0x000001), "");
}

/* No two addresses share a registration. */
static void derives_each_registration_once(void **state)
{
    (void)state;
    char before[REGISTRATION_CHARS] = "", now[REGISTRATION_CHARS];
    for (uint32_t a = 0xa00001; a <= 0xadf7c7; a++) {
        assert_true(address_registration(a, now));
        assert_true(strcmp(before, now) != 0);
        assert_in_range(strlen(now), 2, 6);
        memcpy(before, now, sizeof now);
    }
}

/* The user's ranges go over the built-in ones, the last row first; what is no row is counted. */
static void ranges_of_the_users_own(void **state)
{
    (void)state;
    char rows[] =
        "military,from,to,note\n0,ae0000,ae7fff,given back\n1,3c0000,3c0010,\n1,AE145A,,\n"
        "2,100000,100001,\n1,10000,,\n1,200000,100000,\n1,-10000,,\n";
    char wrong[] = "addresses,military\n";
    struct military_ranges *r;
    uint32_t bad;
    struct identity i;
    assert_int_equal(military_ranges_new(wrong, sizeof wrong - 1, &r, &bad), ERR_SYNTAX);
    assert_int_equal(military_ranges_new(rows, sizeof rows - 1, &r, &bad), ERR_OK);
    assert_int_equal(bad, 4);
    const struct identity_book b = {.ranges = r};
    const struct {
        uint32_t address;
        unsigned why;
    } cases[] = {{0xae145a, MILITARY_BY_RANGE}, {0xae145b, 0},
                 {0x3c0010, MILITARY_BY_RANGE}, {0x3c0011, 0},
                 {0x3f4000, MILITARY_BY_RANGE}, {0x100000, 0}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        identity_look(&b, cases[k].address, NULL, OPERATOR_NO_DAY, &i);
        assert_int_equal(i.military, cases[k].why);
    }
    military_ranges_free(r);
}

static void knows_countries(void **state)
{
    (void)state;
    assert_string_equal(address_country(0xae145a), "US");
    assert_string_equal(address_country(0x3c4b2c), "DE");
    assert_string_equal(address_country(0x062001), "NE");
    assert_string_equal(address_country(0x400100), "BM");
    assert_string_equal(address_country(0x400300), "GB");
    assert_string_equal(address_country(0x789123), "HK");
    assert_string_equal(address_country(0xf00001), "");
    assert_string_equal(address_country(0x003fff), "");
    assert_true(address_is_military(0xae145a));
    assert_false(address_is_military(0xa00001));
    assert_false(address_is_possible(0));
    assert_false(address_is_possible(0xffffff));
}

static struct aircraft_list *made(const char *csv, const char *source, const char *date,
                                  struct buf *file, struct aircraft_counts *counts)
{
    char why[128], *text = strdup(csv);
    struct aircraft_builder *b = aircraft_builder_new();
    const enum aircraft_form form = aircraft_csv_form(text, strlen(text));
    assert_int_not_equal(form, AIRCRAFT_FORM_NONE);
    assert_int_equal(aircraft_csv_read(b, form, text, strlen(text), why, sizeof why), ERR_OK);
    assert_int_equal(aircraft_builder_finish(b, source, date, file), ERR_OK);
    *counts = *aircraft_builder_counts(b);
    aircraft_builder_free(b);
    free(text);
    struct aircraft_list *l;
    assert_int_equal(aircraft_open(file->p, file->n, &l, why, sizeof why), ERR_OK);
    return l;
}

static void reads_tar1090(void **state)
{
    (void)state;
    struct buf file = {0};
    struct aircraft_counts c;
    struct aircraft_list *l =
        made("AE145A;06-6156;C17;10;BOEING C-17 Globemaster 3;2006;US Air Force;\n"
             "004002;Z-WPA;B732;00;BOEING 737\\;200;;;\n"
             "3946e4;F-GRHE;A319;0001;AIRBUS A-319;1999;Air France;\n"
             "004002;Z-AAA;B733;00;again;;;\n"
             "39460000;F-GRHE;A319;00;;;;\n"
             "3.946e+07;F-GRHE;A319;00;;;;\n"
             "ffffff;X;A319;00;;;;\n"
             "00zz00;X;A319;00;;;;\n"
             "a00001;N1;P8 ?;00;;20x4;;\n"
             "nothing\n",
             "tar1090", "2026-01-01T00:00:00Z", &file, &c);
    assert_int_equal(c.rows, 4);
    assert_int_equal(c.same_address, 1);
    assert_int_equal(c.number_addresses, 2);
    assert_int_equal(c.bad_addresses, 2);
    assert_int_equal(c.bad_types, 1);
    assert_int_equal(c.bad_years, 1);
    assert_int_equal(c.bad_rows, 1);
    struct aircraft_row row;
    assert_true(aircraft_find(l, 0x3946e4, &row));
    assert_string_equal(row.registration, "F-GRHE");
    assert_int_equal(row.flags, AIRCRAFT_LADD);
    assert_int_equal(row.year, 1999);
    assert_true(aircraft_find(l, 0x004002, &row));
    assert_string_equal(row.registration, "Z-WPA");
    assert_string_equal(row.description, "BOEING 737;200");
    assert_true(aircraft_find(l, 0xae145a, &row));
    assert_string_equal(row.owner, "US Air Force");
    assert_int_equal(row.flags, AIRCRAFT_MILITARY);
    assert_false(aircraft_find(l, 0x004003, &row));
    assert_false(aircraft_find(l, 0xffffffff, &row));
    assert_string_equal(aircraft_source(l), "tar1090");
    aircraft_close(l);
    buf_free(&file);
}

static void reads_headed_csv(void **state)
{
    (void)state;
    struct buf file = {0};
    struct aircraft_counts c;
    struct aircraft_row row;
    struct aircraft_list *l = made("icao24,r,t,desc\n3c4b2c,D-ABYL,B748,\"BOEING, 747\"\n", "csv",
                                   "2026-01-01", &file, &c);
    assert_true(aircraft_find(l, 0x3c4b2c, &row));
    assert_string_equal(row.description, "BOEING, 747");
    aircraft_close(l);
    buf_clear(&file);
    l = made("'icao24','registration','model','typecode','operator','built'\n"
             "'3c4b2c','D-ABYL','747-830','B748','Lufthansa','2012-05-01'\n",
             "csv", "", &file, &c);
    assert_true(aircraft_find(l, 0x3c4b2c, &row));
    assert_string_equal(row.type, "B748");
    assert_string_equal(row.owner, "Lufthansa");
    assert_int_equal(row.year, 2012);
    aircraft_close(l);
    buf_clear(&file);
    l = made("$ICAO,$Registration,$Operator,$Type,$ICAO Type,#CMPG,$Tag 1,$#Tag 2,$#Tag "
             "3,Category,$#Link\n"
             "AE145A,06-6156,United States Air Force,Boeing C-17A,C17,Mil,,,,USAF,\n",
             "plane-alert", "", &file, &c);
    assert_true(aircraft_find(l, 0xae145a, &row));
    assert_string_equal(row.type, "C17");
    assert_string_equal(row.description, "Boeing C-17A");
    assert_int_equal(row.flags, AIRCRAFT_MILITARY | AIRCRAFT_INTERESTING);
    aircraft_close(l);
    buf_free(&file);
    assert_int_equal(aircraft_csv_form("a,b,c\n1,2,3\n", 12), AIRCRAFT_FORM_NONE);
    assert_int_equal(aircraft_csv_form("", 0), AIRCRAFT_FORM_NONE);
}

static void refuses_torn_lists(void **state)
{
    (void)state;
    struct buf file = {0};
    struct aircraft_counts c;
    struct aircraft_row row;
    char why[128];
    aircraft_close(made("icao24,r\n3c4b2c,D-ABYL\n3c4b2d,D-ABYM\n", "csv", "", &file, &c));
    uint8_t *copy = malloc(file.n);
    struct aircraft_list *l;
    for (size_t n = 0; n < file.n; n += 1009) {
        memcpy(copy, file.p, n);
        assert_int_equal(aircraft_open(copy, n, &l, why, sizeof why), ERR_SYNTAX);
    }
    struct rng r = {5};
    for (int i = 0; i < 500; i++) {
        memcpy(copy, file.p, file.n);
        const uint32_t back = rng_below(&r, 120);
        copy[i % 2 ? rng_below(&r, 40) : file.n - 1 - back] ^= (uint8_t)(1 + rng_below(&r, 255));
        if (aircraft_open(copy, file.n, &l, why, sizeof why) == ERR_OK) {
            if (aircraft_find(l, 0x3c4b2c, &row)) {
                assert_true(strlen(row.registration) < file.n);
            }
            aircraft_close(l);
        }
    }
    free(copy);
    buf_free(&file);
}

static void matches_types_whole(void **state)
{
    (void)state;
    struct types *t;
    uint32_t bad;
    assert_int_equal(types_new(NULL, 0, NULL, 0, &t, &bad), ERR_OK);
    assert_true(types_count(t) > 250);
    assert_int_equal(type_find(t, "C17")->kind, KIND_AIRLIFT_HEAVY);
    assert_int_equal(type_find(t, "C172")->kind, KIND_GENERAL);
    assert_null(type_find(t, "C1"));
    assert_null(type_find(t, "C17X"));
    assert_null(type_find(t, ""));
    assert_int_equal(lift_find(t, "C17")->plan_kg, 59000);
    assert_null(lift_find(t, "C172"));
    for (size_t i = 0; i < types_count(t); i++) {
        const struct aircraft_type *k = type_at(t, i);
        assert_true(i == 0 || strcmp(type_at(t, i - 1)->designator, k->designator) < 0);
        assert_in_range(k->cruise_kt, 10, 1200);
        assert_true(k->vmax_kt >= k->cruise_kt);
        assert_in_range(k->range_nm, 50, 9500);
        assert_int_equal(strlen(k->class_code), 3);
    }
    for (size_t i = 0; i < lifts_count(t); i++) {
        const struct aircraft_lift *l = lift_at(t, i);
        assert_non_null(type_find(t, l->designator));
        assert_true(l->low_kg <= l->plan_kg && l->plan_kg <= l->max_kg && l->edition[0]);
    }
    assert_int_equal(type_of_class("L2J", 'H').cruise_kt, 475);
    assert_int_equal(type_of_class("H1T", 'L').kind, KIND_HELICOPTER);
    assert_int_equal(type_of_class("", 0).kind, KIND_UNKNOWN);
    types_free(t);
}

static void lets_rows_go_over_types(void **state)
{
    (void)state;
    struct types *t;
    uint32_t bad;
    char types[] =
        "designator,cruise_kt,kind,name\nC17,440,,\nXX1,300,tanker,Odd\nc17,1,,\nC5,-3,,\n";
    char lifts[] = "edition,designator,plan_kg,low_kg\nmine,C17,40800,\nmine,C5,1,2\n";
    assert_int_equal(types_new(types, strlen(types), lifts, strlen(lifts), &t, &bad), ERR_OK);
    assert_int_equal(bad, 3);
    assert_int_equal(type_find(t, "C17")->cruise_kt, 440);
    assert_int_equal(type_find(t, "C17")->range_nm, 4500);
    assert_int_equal(type_find(t, "XX1")->kind, KIND_TANKER);
    assert_int_equal(lift_find(t, "C17")->plan_kg, 40800);
    assert_string_equal(lift_find(t, "C17")->edition, "mine");
    assert_int_equal(lift_find(t, "C5")->plan_kg, 90700);
    types_free(t);
    char wrong[] = "a,b\n1,2\n";
    assert_int_equal(types_new(wrong, strlen(wrong), NULL, 0, &t, &bad), ERR_SYNTAX);
}

static void knows_operators(void **state)
{
    (void)state;
    struct operators *o;
    struct operator_row row;
    uint32_t bad;
    char rows[] =
        "icao,name,country,telephony\nAFR,\"Air \"\"France\"\"\",France,AIRFRANS\nX,Y,Z,\n"
        "ABC,No end,,";
    assert_int_equal(operators_new(rows, strlen(rows), &o, &bad), ERR_OK);
    assert_int_equal(bad, 2);
    assert_int_equal(operators_count(o), 1);
    assert_true(operator_of_callsign(o, "AFR123", OPERATOR_NO_DAY, &row));
    assert_string_equal(row.name, "Air \"France\"");
    assert_string_equal(row.telephony, "AIRFRANS");
    assert_false(row.state);
    assert_true(operator_of_callsign(o, "RCH871  ", OPERATOR_NO_DAY, &row));
    assert_true(row.state && row.military);
    assert_string_equal(row.country, "US");
    assert_true(operator_of_callsign(NULL, "REACH12", OPERATOR_NO_DAY, &row));
    assert_true(operator_of_callsign(NULL, "AF1", OPERATOR_NO_DAY, &row));
    assert_false(operator_of_callsign(NULL, "AF12", OPERATOR_NO_DAY, &row));
    assert_false(operator_of_callsign(NULL, "RCHX12", OPERATOR_NO_DAY, &row));
    assert_false(operator_of_callsign(NULL, "KINGAIR", OPERATOR_NO_DAY, &row));
    assert_false(operator_of_callsign(o, "", OPERATOR_NO_DAY, &row));
    assert_false(operator_of_callsign(o, "N123AB", OPERATOR_NO_DAY, &row));
    operators_free(o);
}

static void keeps_sources_apart(void **state)
{
    (void)state;
    struct buf own = {0}, first = {0}, second = {0};
    struct aircraft_counts c;
    struct identity_book b = {.lists = 3};
    struct types *t;
    struct aircraft_list *l[3] = {
        made("icao24,t\nae145a,C17\n", "own", "2026-03-01", &own, &c),
        made("icao24,r,t,desc,operator\nae145a,06-6156,C172,,USAF\na00001,,,,\n", "csv",
             "2026-02-01", &first, &c),
        made("ae145a;06-6157;C17;10;Globemaster;2006;USAF;\n3c4b2c;D-ABYL;B748;00;;;;\n", "tar1090",
             "2026-01-01", &second, &c)};
    memcpy(b.list, l, sizeof l);
    assert_int_equal(types_new(NULL, 0, NULL, 0, &t, NULL), ERR_OK);
    b.types = t;
    struct identity i;
    identity_look(&b, 0xae145a, "RCH871", OPERATOR_NO_DAY, &i);
    assert_string_equal(i.type, "C17");
    assert_int_equal(i.source[IDENTITY_TYPE], 0);
    assert_string_equal(i.registration, "06-6156");
    assert_int_equal(i.source[IDENTITY_REGISTRATION], 1);
    assert_int_equal(i.conflicts, 1 << IDENTITY_REGISTRATION | 1 << IDENTITY_TYPE);
    assert_int_equal(i.year, 2006);
    assert_int_equal(i.military, MILITARY_BY_FLAG | MILITARY_BY_RANGE | MILITARY_BY_CALLSIGN |
                                     MILITARY_BY_TYPE);
    assert_int_equal(i.lift->plan_kg, 59000);
    assert_string_equal(i.country, "US");
    identity_look(&b, 0xa00001, NULL, OPERATOR_NO_DAY, &i);
    assert_true(i.listed);
    assert_string_equal(i.registration, "N1");
    assert_int_equal(i.source[IDENTITY_REGISTRATION], IDENTITY_DERIVED);
    assert_int_equal(i.military, 0);
    identity_look(&b, 0x3c4b2c, NULL, OPERATOR_NO_DAY, &i);
    assert_int_equal(i.conflicts, 0);
    assert_int_equal(i.flags, 0);
    identity_look(&b, 0x123456, NULL, OPERATOR_NO_DAY, &i);
    assert_false(i.listed);
    assert_string_equal(i.registration, "");
    for (int k = 0; k < 3; k++) {
        aircraft_close(l[k]);
    }
    types_free(t);
    buf_free(&own);
    buf_free(&first);
    buf_free(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(derives_registrations),   cmocka_unit_test(derives_each_registration_once),
        cmocka_unit_test(knows_countries),         cmocka_unit_test(ranges_of_the_users_own),
        cmocka_unit_test(reads_tar1090),           cmocka_unit_test(reads_headed_csv),
        cmocka_unit_test(refuses_torn_lists),      cmocka_unit_test(matches_types_whole),
        cmocka_unit_test(lets_rows_go_over_types), cmocka_unit_test(knows_operators),
        cmocka_unit_test(keeps_sources_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
