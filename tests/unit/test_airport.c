/* Airports: rows in, the compact file, and what its view answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "geo/sphere.h"
#include "identity/airport_csv.h"
#include "identity/airport_file.h"

static const char airports_csv[] =
    "\"id\",\"ident\",\"type\",\"name\",\"latitude_deg\",\"longitude_deg\",\"elevation_ft\","
    "\"continent\",\"iso_country\",\"scheduled_service\",\"icao_code\",\"iata_code\",\"gps_code\","
    "\"local_code\"\n"
    "1,DRRN,large_airport,Diori Hamani International "
    "Airport,13.4815,2.18361,732,AF,NE,yes,DRRN,NIM,DRRN,\n"
    "2,DRZA,medium_airport,Mano Dayak,16.966,8.00011,1657,AF,NE,no,,AJY,DRZA,\n"
    "3,LTBA,large_airport,\"İstanbul \"\"Atatürk\"\" "
    "Airport\",40.971913,28.823714,163,EU,TR,no,LTBA,ISL,LTBA,\n"
    "4,LTFM,large_airport,İstanbul Airport,41.274874,28.732136,325,AS,TR,yes,LTFM,IST,LTFM,\n"
    "5,DE-0876,closed,Berlin-Tegel,52.557675,13.29185,122,EU,DE,,,,,\n"
    "6,EDDB,large_airport,Berlin Brandenburg,52.361738,13.502341,157,EU,DE,yes,EDDB,BER,EDDB,\n"
    "7,NFNA,medium_airport,Nausori,-18.0433,178.559,,OC,FJ,yes,NFNA,SUV,NFNA,\n"
    "8,NFNM,small_airport,Matei,-16.6906,-179.877,60,OC,FJ,yes,NFNM,TVU,NFNM,\n"
    "9,NE-1,heliport,Pad,13.4816,2.1837,732,AF,NE,,,,,\n"
    "10,XX-1,small_airport,Nowhere,91.5,2.0,0,AF,NE,,,,,\n"
    "11,XX-2,small_airport,Null,0,0,0,AF,NE,,,,,\n"
    "12,XX-3,space_port,Odd,1,1,0,AF,NE,,,,,\n"
    "13,XX-4,small_airport,Exponent,3e1,1,0,AF,NE,,,,,\n"
    "14,DRRN,small_airport,Again,1,1,0,AF,NE,,,,,\n"
    "15,US-12484,closed,Stapleton,39.774200439453,-104.87899780273,5333,NA,US,,,,,\n";

static const char runways_csv[] =
    "id,airport_ref,airport_ident,length_ft,width_ft,surface,lighted,closed,le_ident,"
    "le_latitude_deg,le_longitude_deg,le_elevation_ft,le_heading_degT,he_ident,he_latitude_deg,"
    "he_longitude_deg\n"
    "1,2,DRRN,10499,98,LAT,0,0,09L,13.484764,2.171051,728,87,27R,13.486131,2.200581\n"
    "2,2,DRRN,9843,148,BITUM,1,0,09R,13.481611,2.169414,728,87,27L,13.483231,2.204498\n"
    "3,2,DRRN,9843,148,BITUM,1,0,09R,13.481611,2.169414,728,87,27L,13.483231,2.204498\n"
    "4,2,DRZA,9843,98,ASP,1,0,07,,,,,25,,\n"
    "5,2,NFNM,3000,98,ASP,1,0,08,-16.69,179.9995,,,26,-16.69,-179.9995\n"
    "6,2,LTBA,9843,98,CON,1,1,17L,41,28.8,,,35R,10,28.8\n"
    "7,2,NONE,9843,98,CON,1,1,17L,41,28.8,,,35R,10,28.8\n";

static struct airports *open_rows(const char *airports, const char *runways, struct buf *file,
                                  struct airport_counts *counts)
{
    char why[128];
    struct airport_builder *b = airport_builder_new();
    char *p = strdup(airports), *q = strdup(runways);
    assert_int_equal(airport_csv_airports(b, p, strlen(p), why, sizeof why), ERR_OK);
    assert_int_equal(airport_csv_runways(b, q, strlen(q), why, sizeof why), ERR_OK);
    assert_int_equal(airport_builder_finish(b, "test", file), ERR_OK);
    *counts = *airport_builder_counts(b);
    airport_builder_free(b);
    free(p);
    free(q);
    struct airports *a;
    assert_int_equal(airports_open(file->p, file->n, &a, why, sizeof why), ERR_OK);
    return a;
}

static const struct airport *found(const struct airports *a, const char *code, int32_t day)
{
    const uint32_t at = airport_find(a, code, day);
    return at == AIRPORT_NONE ? NULL : airport_at(a, at);
}

static void reads_rows(void **state)
{
    (void)state;
    struct buf file = {0};
    struct airport_counts c;
    struct airports *a = open_rows(airports_csv, runways_csv, &file, &c);
    assert_int_equal(c.bad_places, 2);
    assert_int_equal(c.bad_rows, 2);
    assert_int_equal(c.same_ident, 1);
    assert_int_equal(c.same_runway, 1);
    assert_int_equal(c.no_airport, 1);
    assert_int_equal(c.far_ends, 1);
    assert_int_equal(c.without_elevation, 1);
    const struct airport *niamey = found(a, "drrn", AIRPORT_TODAY);
    assert_non_null(niamey);
    assert_string_equal(niamey->code, "DRRN");
    assert_string_equal(niamey->iata, "NIM");
    assert_int_equal(niamey->elevation_ft, 732);
    assert_int_equal(niamey->lat_e7, 134815000);
    assert_int_equal(niamey->lon_e7, 21836100);
    assert_int_equal(niamey->runways, 2);
    assert_int_equal(niamey->longest_ft, 9843); /* laterite is longer, and soft */
    assert_true(niamey->military);
    const struct runway *r = runway_at(a, niamey->runway);
    assert_string_equal(r->low_name, "09L");
    assert_int_equal(r->low_heading_deg, 87);
    assert_int_equal(r[1].hard, 1);
    assert_string_equal(airport_name(a, found(a, "LTBA", AIRPORT_TODAY)),
                        "İstanbul \"Atatürk\" Airport");
    assert_int_equal(found(a, "NFNA", AIRPORT_TODAY)->elevation_ft, AIRPORT_NO_ELEVATION);
    assert_string_equal(found(a, "US-12484", AIRPORT_TODAY)->code, "US-12484");
    assert_null(found(a, "ZZZZ", AIRPORT_TODAY));
    assert_null(found(a, "", AIRPORT_TODAY));
    assert_null(found(a, "US-124849999", AIRPORT_TODAY));
    assert_string_equal(airports_source(a), "test");
    airports_free(a);
    buf_free(&file);
}

static void keeps_codes_that_moved(void **state)
{
    (void)state;
    struct buf file = {0};
    struct airport_counts c;
    struct airports *a = open_rows(airports_csv, runways_csv, &file, &c);
    enum { MAY_2017 = 17287, MAY_2019 = 18017, JUNE_2020 = 18414, JUNE_2021 = 18779 };
    assert_string_equal(found(a, "IST", MAY_2017)->code, "LTBA");
    assert_string_equal(found(a, "IST", MAY_2019)->code, "LTFM");
    assert_string_equal(found(a, "IST", AIRPORT_TODAY)->code, "LTFM");
    assert_string_equal(found(a, "ISL", MAY_2019)->code, "LTBA");
    assert_null(found(a, "LTFM", MAY_2017));
    assert_int_equal(found(a, "LTFM", AIRPORT_TODAY)->from_day, 17833);
    assert_string_equal(found(a, "TXL", JUNE_2020)->code, "EDDT");
    assert_string_equal(found(a, "EDDT", JUNE_2020)->code, "EDDT");
    assert_null(found(a, "TXL", JUNE_2021));
    assert_int_equal(found(a, "EDDT", JUNE_2020)->kind, AIRPORT_CLOSED);
    assert_int_equal(found(a, "EDDT", JUNE_2020)->to_day, 18574);
    assert_int_equal(found(a, "EDDT", JUNE_2020)->longest_ft, 9918);
    assert_string_equal(found(a, "SXF", JUNE_2020)->code, "EDDB");
    assert_null(found(a, "SXF", JUNE_2021));
    assert_string_equal(found(a, "BER", JUNE_2021)->code, "EDDB");
    assert_null(found(a, "BER", MAY_2017));
    /* A field nobody lists any more. */
    assert_string_equal(found(a, "UIO", MAY_2017 - 3650)->code, "SEQU");
    airports_free(a);
    buf_free(&file);
}

static void knows_sites(void **state)
{
    (void)state;
    struct buf file = {0};
    struct airport_counts c;
    struct airports *a = open_rows(airports_csv, runways_csv, &file, &c);
    const uint32_t niamey = airport_find(a, "DRRN", AIRPORT_TODAY);
    const uint32_t agadez = airport_find(a, "DRZA", AIRPORT_TODAY);
    assert_int_equal(airport_at(a, niamey)->site, niamey);
    assert_int_equal(found(a, "AB101", AIRPORT_TODAY)->site, niamey);
    assert_int_equal(found(a, "NE-1", AIRPORT_TODAY)->site, niamey);
    assert_int_equal(found(a, "AB201", AIRPORT_TODAY)->site, agadez);
    assert_int_equal(found(a, "AB201", AIRPORT_TODAY)->runways, 1);
    assert_int_equal(found(a, "LTBA", AIRPORT_TODAY)->site, airport_find(a, "LTBA", AIRPORT_TODAY));
    assert_int_equal(c.sites, 2);
    airports_free(a);
    buf_free(&file);
}

static void crosses_the_date_line(void **state)
{
    (void)state;
    struct buf file = {0};
    struct airport_counts c;
    struct airports *a = open_rows(airports_csv, runways_csv, &file, &c);
    const struct airport *matei = found(a, "NFNM", AIRPORT_TODAY);
    const struct runway *r = runway_at(a, matei->runway);
    assert_int_equal(r->low_lon_e7, 1799995000);
    assert_int_equal(r->high_lon_e7, -1799995000);
    assert_in_range(r->low_heading_deg, 89, 91);
    struct airport_near near[4];
    assert_int_equal(airports_near(a, -166906000, 1799990000, 30000.0, near, 4), 1);
    assert_string_equal(airport_at(a, near[0].index)->code, "NFNM");
    assert_int_equal(airports_near(a, -166906000, -1799999999, 300000.0, near, 4), 2);
    assert_string_equal(airport_at(a, near[0].index)->code, "NFNM");
    assert_string_equal(airport_at(a, near[1].index)->code, "NFNA");
    airports_free(a);
    buf_free(&file);
}

/* Against all of them measured one by one. */
static void finds_what_is_near(void **state)
{
    (void)state;
    struct buf file = {0};
    char why[128];
    struct rng r = {41};
    struct airport_builder *b = airport_builder_new();
    for (int i = 0; i < 3000; i++) {
        struct airport_row row = {.kind = AIRPORT_SMALL, .elevation_ft = 1};
        snprintf(row.ident, sizeof row.ident, "T-%d", i);
        row.lat_e7 = i % 7 == 0 ? 890000000 + (int32_t)rng_below(&r, 10000000)
                                : (int32_t)rng_below(&r, 1800000000) - 900000000;
        row.lon_e7 = (int32_t)((int64_t)rng_below(&r, 3600000000U) - 1800000000);
        assert_int_equal(airport_builder_add(b, &row), ERR_OK);
    }
    assert_int_equal(airport_builder_finish(b, "", &file), ERR_OK);
    airport_builder_free(b);
    struct airports *a;
    assert_int_equal(airports_open(file.p, file.n, &a, why, sizeof why), ERR_OK);
    for (int i = 0; i < 2000; i++) {
        const double radius_m = i % 50 == 0 ? 2.5e7 : rng_below(&r, 3000000);
        const struct sphere_place at = {
            i % 5 == 0 ? 895000000 : (int32_t)rng_below(&r, 1800000001) - 900000000,
            (int32_t)((int64_t)rng_below(&r, 3600000000U) - 1800000000)};
        size_t truth = 0;
        float nearest = INFINITY;
        for (uint32_t k = 0; k < airports_count(a); k++) {
            const struct airport *f = airport_at(a, k);
            const double d = sphere_distance_m(at, (struct sphere_place){f->lat_e7, f->lon_e7});
            truth += d <= radius_m;
            nearest = fminf(nearest, d <= radius_m ? (float)d : INFINITY);
        }
        static struct airport_near near[4000];
        assert_int_equal(airports_near(a, at.lat_e7, at.lon_e7, radius_m, near, 4000), truth);
        for (size_t k = 1; k < truth; k++) {
            assert_true(near[k - 1].distance_m <= near[k].distance_m);
        }
        if (truth) {
            assert_true(near[0].distance_m == nearest);
            struct airport_near one[1];
            assert_int_equal(airports_near(a, at.lat_e7, at.lon_e7, radius_m, one, 1), 1);
            assert_true(one[0].distance_m == nearest);
        }
    }
    airports_free(a);
    buf_free(&file);
}

static void refuses_torn_files(void **state)
{
    (void)state;
    struct buf file = {0};
    struct airport_counts c;
    airports_free(open_rows(airports_csv, runways_csv, &file, &c));
    struct airports *a;
    char why[128];
    uint8_t *copy = malloc(file.n);
    for (size_t n = 0; n < file.n; n += 997) {
        memcpy(copy, file.p, n);
        assert_int_equal(airports_open(copy, n, &a, why, sizeof why), ERR_SYNTAX);
    }
    struct rng r = {7};
    for (int i = 0; i < 300; i++) { /* whatever opens can be asked */
        memcpy(copy, file.p, file.n);
        copy[rng_below(&r, i % 2 ? 2000 : (uint32_t)file.n)] ^= (uint8_t)(1 + rng_below(&r, 255));
        if (airports_open(copy, file.n, &a, why, sizeof why) == ERR_OK) {
            struct airport_near near[64];
            airports_near(a, 0, 0, 3e7, near, 64);
            airport_find(a, "DRRN", AIRPORT_TODAY);
            airports_free(a);
        }
    }
    free(copy);
    buf_free(&file);
}

static void names_a_missing_column(void **state)
{
    (void)state;
    char why[128];
    struct airport_builder *b = airport_builder_new();
    char text[] = "ident,type,name,latitude_deg,elevation_ft,iso_country\nA,closed,,1,1,XX\n";
    assert_int_equal(airport_csv_airports(b, text, strlen(text), why, sizeof why), ERR_SYNTAX);
    assert_string_equal(why, "its first line has no column 'longitude_deg'");
    char nothing[] = "";
    assert_int_equal(airport_csv_airports(b, nothing, 0, why, sizeof why), ERR_SYNTAX);
    struct buf file = {0};
    assert_int_equal(airport_builder_finish(b, "", &file), ERR_OK);
    airport_builder_free(b);
    buf_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_rows),
        cmocka_unit_test(keeps_codes_that_moved),
        cmocka_unit_test(knows_sites),
        cmocka_unit_test(crosses_the_date_line),
        cmocka_unit_test(finds_what_is_near),
        cmocka_unit_test(refuses_torn_files),
        cmocka_unit_test(names_a_missing_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
