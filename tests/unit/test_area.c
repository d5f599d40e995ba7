/* Areas: holes, the date line, poles, crossings; and the text they are written in. What lies in one
   is compared with what is drawn by hand; that a box is never passed over, with places thrown at
   random. */
#include "base/rng.h"
#include "geo/area.h"
#include "seed.h"
#include "wire/area_read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { WHY = 320 };

static struct area_shape *shape_of(const char *text)
{
    struct area_given given;
    struct area_shape *s = NULL;
    char why[WHY] = "";
    if (area_read(text, strlen(text), NULL, &given, why, sizeof why)) {
        fail_msg("%s: %s", text, why);
    }
    assert_int_equal(area_shape_new(&given.area, &s), ERR_OK);
    area_given_free(&given);
    return s;
}

static bool has(const char *text, double lat, double lon)
{
    struct area_shape *s = shape_of(text);
    const bool in = area_shape_has(s, (int32_t)(lat * 1e7), (int32_t)(lon * 1e7));
    area_shape_free(s);
    return in;
}

/* The map of a world of one country, with a lake; its coast touches itself. */
static bool land(void *ctx, const char country[3], struct buf *out)
{
    ++*(unsigned *)ctx;
    if (strcmp(country, "NE") != 0) {
        return false;
    }
    buf_text(out,
             "{\"type\":\"MultiPolygon\",\"coordinates\":[[[[0,0],[10,0],[10,10],[0,10],[0,0]]],"
             "[[[4,4],[6,4],[6,6],[4,6],[4,4]]],[[[20,0],[22,2],[22,0],[20,2],[20,0]]]]}");
    return true;
}

static void a_country_is_its_land(void **state)
{
    (void)state;
    unsigned asked = 0;
    const struct area_lands lands = {land, &asked};
    struct area_given given;
    struct area_shape *s;
    char why[WHY] = "";
    assert_int_equal(area_read("country=NE", 10, &lands, &given, why, sizeof why), ERR_OK);
    assert_int_equal(area_shape_new(&given.area, &s), ERR_OK);
    area_given_free(&given);
    assert_true(area_shape_has(s, 10000000, 10000000));
    assert_false(area_shape_has(s, 50000000, 50000000)); /* the lake */
    assert_true(area_shape_has(s, 10000000, 217500000));
    assert_false(area_shape_has(s, 110000000, 10000000));
    area_shape_free(s);
    assert_int_equal(area_read("country=ML", 10, &lands, &given, why, sizeof why), ERR_NOT_FOUND);
    assert_string_equal(why, "no land of a country 'ML' is on the map");
    assert_int_equal(asked, 2);
    static const char *const wrong[] = {"country=", "country=ne", "country=NER", "country=N"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(area_read(wrong[i], strlen(wrong[i]), &lands, &given, why, sizeof why),
                         ERR_SYNTAX);
    }
    assert_int_equal(area_read("country=NE", 10, NULL, &given, why, sizeof why), ERR_NOT_FOUND);
    assert_int_equal(asked, 2);
}

static void holes_are_out(void **state)
{
    (void)state;
    const char *ring = "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[10,0],[10,10],[0,10],[0,0]],"
                       "[[4,4],[6,4],[6,6],[4,6],[4,4]]]}";
    assert_true(has(ring, 1, 1));
    assert_false(has(ring, 5, 5));
    assert_true(has(ring, 5, 7));
    assert_false(has(ring, 5, 11));
    const char *two =
        "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"geometry\":{"
        "\"type\":"
        "\"Point\",\"coordinates\":[0,0]}},{\"type\":\"Feature\",\"properties\":{},\"geometry\":{"
        "\"type\":\"MultiPolygon\",\"coordinates\":[[[[0,0],[1,0],[1,1],[0,1]]],[[[20,20],[21,20],"
        "[21,21],[20,21],[20,20]]]]}}]}";
    assert_true(has(two, 0.5, 0.5));
    assert_true(has(two, 20.5, 20.5));
    assert_false(has(two, 10, 10));
}

static void the_date_line_is_no_end(void **state)
{
    (void)state;
    static const char *const fiji[] = {
        "box=-20,177,-15,-178", "polygon=-20,177,-20,-178,-15,-178,-15,177",
        "{\"type\":\"Polygon\",\"coordinates\":[[[177,-20],[182,-20],[182,-15],[177,-15],[177,-20]]"
        "]}",
        "{\"type\":\"MultiPolygon\",\"coordinates\":[[[[177,-20],[180,-20],[180,-15],[177,-15],["
        "177,"
        "-20]]],[[[-180,-20],[-178,-20],[-178,-15],[-180,-15],[-180,-20]]]]}"};
    for (size_t i = 0; i < sizeof fiji / sizeof *fiji; i++) {
        assert_true(has(fiji[i], -17, 178));
        assert_true(has(fiji[i], -17, -179));
        assert_false(has(fiji[i], -17, 176));
        assert_false(has(fiji[i], -17, -177));
        assert_false(has(fiji[i], -17, 0));
        assert_false(has(fiji[i], -21, 179));
    }
    assert_true(has("circle=0,179.9,50km", 0.1, -179.9));
    assert_false(has("circle=0,179.9,50km", 0.1, 179));
}

static void poles_are_held(void **state)
{
    (void)state;
    /* As maps cut Antarctica, and as a ring around it. */
    const char *cut =
        "{\"type\":\"Polygon\",\"coordinates\":[[[-180,-90],[-180,-84],[-90,-70],[0,-69]"
        ",[90,-66],[180,-84],[180,-90],[-180,-90]]]}";
    const char *ring = "polygon=-70,-120,-70,0,-70,120";
    assert_true(has(cut, -80, 0));
    assert_true(has(cut, -89.9, 179));
    assert_true(has(cut, -89.9, -179));
    assert_false(has(cut, -60, 0));
    assert_false(has(cut, 80, 0));
    for (double lon = -180; lon < 180; lon += 7.5) {
        assert_true(has(ring, -85, lon));
        assert_true(has(ring, -90, lon));
        assert_false(has(ring, -65, lon));
        assert_true(has("polygon=70,0,70,120,70,-120", 85, lon));
        assert_true(has("polygon=-90,-180,-90,180,90,180,90,-180", 12, lon));
        assert_true(has("circle=90,0,600km", 85, lon));
        assert_false(has("circle=90,0,500km", 85, lon));
    }
}

static void says(const char *text, enum err e, const char *part)
{
    struct area_given given;
    char why[WHY] = "";
    assert_int_equal(area_read(text, strlen(text), NULL, &given, why, sizeof why), e);
    if (!strstr(why, part)) {
        fail_msg("%s: %s", text, why);
    }
    assert_null(given.corner);
    assert_null(given.ring_end);
}

static void what_is_wrong_is_said(void **state)
{
    (void)state;
    says("", ERR_SYNTAX, "an area is box=");
    says("france", ERR_SYNTAX, "an area is box=");
    says("box=1,2,3", ERR_SYNTAX, "box=SOUTH,WEST,NORTH,EAST");
    says("box=1,2,3,4,5", ERR_SYNTAX, "box=SOUTH,WEST,NORTH,EAST");
    says("box=5,2,3,4", ERR_RANGE, "south (5) lies north");
    says("box=1,2,95,4", ERR_RANGE, "is no place");
    says("box=nan,2,3,4", ERR_SYNTAX, "box=SOUTH");
    says("circle=1,2,30", ERR_SYNTAX, "with its unit");
    says("circle=1,2,-3km", ERR_RANGE, "radius");
    says("circle=1,2,3miles", ERR_SYNTAX, "with its unit");
    says("polygon=1,2,3,4", ERR_SYNTAX, "three different corners");
    says("polygon=1,2,1,2,1,2,1,2", ERR_SYNTAX, "three different corners");
    says("polygon=1,2,3", ERR_SYNTAX, "polygon=LAT,LON");
    says("polygon=0,0,10,10,0,10,10,0", ERR_RANGE, "crosses itself near");
    says("{", ERR_SYNTAX, "no JSON");
    says("{}", ERR_SYNTAX, "\"type\"");
    says("{\"type\":\"Point\",\"coordinates\":[1,2]}", ERR_SYNTAX, "no Polygon");
    says("{\"type\":\"Polygon\",\"coordinates\":[[[1,2],[3]]]}", ERR_SYNTAX, "two numbers");
    says("{\"type\":\"Polygon\",\"coordinates\":7}", ERR_SYNTAX, "rings");
    says(
        "{\"type\":\"MultiPolygon\",\"coordinates\":[[[[0,0],[4,0],[4,4],[0,4]]],[[[2,2],[6,2],[6,6"
        "],[2,6]]]]}",
        ERR_RANGE, "crosses itself");
}

/* Touching is no crossing: neighbors share a border, a hole touches its ring. */
static void touching_is_fine(void **state)
{
    (void)state;
    assert_true(
        has("{\"type\":\"MultiPolygon\",\"coordinates\":[[[[0,0],[4,0],[4,4],[0,4]]],[[[4,0],[8"
            ",0],[8,4],[4,4]]]]}",
            2, 6));
    assert_true(
        has("{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[8,0],[8,8],[0,8]],[[0,0],[4,2],[2,4"
            "]]]}",
            6, 6));
}

static int32_t any_e7(struct rng *r, double span)
{
    return (int32_t)((rng_unit(r) * 2 - 1) * span * 1e7);
}

/* A star: corners in order around a middle, so that it never crosses itself. */
static size_t star(struct rng *r, double lat, double lon, char *text, size_t size)
{
    const unsigned n = 3 + rng_below(r, 12);
    size_t at = (size_t)snprintf(text, size, "polygon=");
    for (unsigned i = 0; i < n; i++) {
        const double turn = 6.28318530717958647 * (i + 0.8 * rng_unit(r)) / n;
        const double far = 1 + rng_unit(r) * 9;
        double x = lon + far * __builtin_cos(turn);
        x = x > 180 ? x - 360 : x < -180 ? x + 360 : x;
        at += (size_t)snprintf(text + at, size - at, "%s%.7f,%.7f", i ? "," : "",
                               lat + far * __builtin_sin(turn), x);
    }
    return at;
}

static void no_box_is_passed_over(void **state)
{
    (void)state;
    struct rng r = {seed_of_run()};
    unsigned met = 0, all = 0;
    for (int i = 0; i < 300; i++) {
        char text[1024];
        const double lat = rng_unit(&r) * 120 - 60, lon = rng_unit(&r) * 360 - 180;
        if (rng_below(&r, 3)) {
            star(&r, lat, lon, text, sizeof text);
        } else {
            snprintf(text, sizeof text, "circle=%.6f,%.6f,%ukm", lat, lon, 1 + rng_below(&r, 1500));
        }
        struct area_shape *s = shape_of(text);
        struct area_box cover[2];
        const size_t covers = area_shape_boxes(s, cover);
        for (int j = 0; j < 100; j++) {
            struct area_box b;
            b.lat_low = (int32_t)(lat * 1e7) + any_e7(&r, 12);
            b.lat_high = b.lat_low + (int32_t)rng_below(&r, 30000000);
            b.lon_low = sphere_wrap_e7((int64_t)(lon * 1e7) + any_e7(&r, 12));
            const int64_t east = (int64_t)b.lon_low + rng_below(&r, 30000000);
            b.lon_high = (int32_t)(east > 1799999999 ? 1799999999 : east);
            const bool meets = area_shape_meets(s, &b);
            all++;
            met += meets;
            for (int k = 0; k < 20; k++) {
                const int32_t y = b.lat_low + (int32_t)(rng_unit(&r) * (b.lat_high - b.lat_low)),
                              x = b.lon_low + (int32_t)(rng_unit(&r) * (b.lon_high - b.lon_low));
                const bool in = area_shape_has(s, y, x);
                assert_true(meets || !in);
                bool covered = !in;
                for (size_t c = 0; c < covers; c++) {
                    covered = covered || (y >= cover[c].lat_low && y <= cover[c].lat_high &&
                                          x >= cover[c].lon_low && x <= cover[c].lon_high);
                }
                assert_true(covered);
            }
        }
        area_shape_free(s);
    }
    printf("%u of %u boxes may touch\n", met, all);
    assert_true(met > all / 50 && met < all); /* it does say no */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holes_are_out),           cmocka_unit_test(a_country_is_its_land),
        cmocka_unit_test(the_date_line_is_no_end), cmocka_unit_test(poles_are_held),
        cmocka_unit_test(what_is_wrong_is_said),   cmocka_unit_test(touching_is_fine),
        cmocka_unit_test(no_box_is_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
