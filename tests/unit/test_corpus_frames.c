/* Real recordings against the answers other decoders gave to them (TEST_SHARED_DIR, INDEX.md there;
   skipped where absent). What is compared is what one frame says by itself. Each way in which an
   answer differs has a name; the names allowed are those of docs/DIFFERENCES.md, and a name without
   a case is as much a failure as a case without a name. */
#include "frame_probe.h"

#include "modes/cpr.h"

#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <zlib.h>

#include <cmocka.h>

#define FRAMES TEST_SHARED_DIR "/corpus/frames/"

enum { NAMES_MAX = 32, LINE_SIZE = 4096 };

/* Cases of each kind of difference. */
struct tally {
    size_t n;
    struct {
        const char *name;
        size_t cases;
        char example[200];
    } row[NAMES_MAX];
    size_t frames, compared;
};

static void differ(struct tally *t, const char *name, const char *hex, const char *said)
{
    size_t i = 0;
    while (i < t->n && strcmp(t->row[i].name, name) != 0) {
        i++;
    }
    assert_true(i < NAMES_MAX);
    if (i == t->n) {
        t->row[t->n++].name = name;
        snprintf(t->row[i].example, sizeof t->row[i].example, "%s: they say %s", hex, said);
    }
    t->row[i].cases++;
}

static bool allowed(const char *name, const char *const *listed)
{
    for (; *listed; listed++) {
        if (strcmp(name, *listed) == 0) {
            return true;
        }
    }
    return false;
}

static void report(const struct tally *t, const char *const *listed)
{
    print_message("%zu frames, %zu values compared\n", t->frames, t->compared);
    bool good = true;
    size_t found = 0;
    for (size_t i = 0; i < t->n; i++) {
        const bool ok = allowed(t->row[i].name, listed);
        print_message("%s %s: %zu, first %s\n", ok ? "listed" : "NOT LISTED", t->row[i].name,
                      t->row[i].cases, t->row[i].example);
        good &= ok;
        found += ok;
    }
    while (*listed) {
        listed++;
        found--;
    }
    assert_true(good);
    assert_int_equal(found, 0); /* every listed difference occurs */
}

/* One number of theirs against ours, in units of 10^-decimals; none of ours is a difference of its
 * own.
 */
static void compare(struct tally *t, const struct message *m, const char *hex, const json_t *theirs,
                    enum field f, double scale, double tolerance, const char *name,
                    const char *name_absent)
{
    if (!json_is_number(theirs)) {
        return;
    }
    t->compared++;
    char said[64];
    const double v = json_number_value(theirs);
    const int32_t ours = message_get(m, f, INT32_MIN);
    snprintf(said, sizeof said, "%.9g, we %d", v, ours);
    if (ours == INT32_MIN) {
        differ(t, name_absent, hex, said);
    } else if (fabs(ours * scale - v) > tolerance) {
        differ(t, name, hex, said);
    }
}

static void compare_text(struct tally *t, const char *ours, const char *theirs, const char *hex,
                         const char *name)
{
    if (theirs) {
        t->compared++;
        if (strcmp(ours, theirs) != 0) {
            differ(t, name, hex, theirs);
        }
    }
}

static const char *trimmed_flight(const struct message *m, char out[9])
{
    const bool has = message_get(m, FIELD_FLIGHT, -1) >= 0;
    int n = has ? 8 : 0;
    while (n > 0 && m->flight[n - 1] == ' ') {
        n--;
    }
    memcpy(out, m->flight, (size_t)n);
    out[n] = 0;
    return out;
}

static const char *squawk_text(const struct message *m, char out[12])
{
    snprintf(out, 12, "%04o", (unsigned)message_get(m, FIELD_SQUAWK, 0));
    return out;
}

/* jet1090 gives each surface frame a place near its own reference; the frame's halves must give the
   same. */
static void compare_place(struct tally *t, const struct message *m, const char *hex,
                          const json_t *o)
{
    const json_t *lat = json_object_get(o, "latitude"), *lon = json_object_get(o, "longitude");
    if (!lat || !lon || !m->cpr.present) {
        return;
    }
    const double lat_deg = json_number_value(lat), lon_deg = json_number_value(lon);
    const struct cpr_position near = {(int32_t)(lat_deg * 1e7) + 3000,
                                      (int32_t)(lon_deg * 1e7) - 3000};
    const uint32_t half[2] = {m->cpr.lat, m->cpr.lon};
    struct cpr_position p;
    t->compared++;
    if (cpr_local(half, m->cpr.odd, m->cpr.surface, near, &p) != CPR_OK ||
        fabs(p.lat_e7 - lat_deg * 1e7) > 1 || fabs(p.lon_e7 - lon_deg * 1e7) > 1) {
        differ(t, "place", hex, "another place");
    }
}

static void compare_bool(struct tally *t, const struct message *m, const char *hex,
                         const json_t *theirs, enum field f, const char *name)
{
    if (json_is_boolean(theirs)) {
        t->compared++;
        if (message_get(m, f, -1) != json_is_true(theirs)) {
            differ(t, name, hex, json_is_true(theirs) ? "true" : "false");
        }
    }
}

static const char *text_of(const json_t *o, const char *key)
{
    return json_string_value(json_object_get(o, key));
}

/* Altitude and squawk of a reply. Where jet1090 meets a downlink request other than 0, 1, 4, 5 it
   reads the rest five bits early; it writes 0 for what is below zero and for no altitude. */
static void compare_reply(struct tally *t, const struct message *m, const char *hex,
                          const json_t *o)
{
    const int32_t dr = message_get(m, FIELD_DOWNLINK_REQ, 0);
    const bool misread = dr != 0 && dr != 1 && dr != 4 && dr != 5;
    const json_t *altitude = json_object_get(o, "altitude");
    const bool zero = json_is_number(altitude) && json_number_value(altitude) == 0;
    const bool below = message_get(m, FIELD_ALT_BARO, 0) < 0;
    const bool metric = m->df != 17 && (frame_probe(hex).byte[3] & 0x40);
    compare(t, m, hex, altitude, FIELD_ALT_BARO, 1, 0,
            misread         ? "reply with reserved downlink request"
            : zero && below ? "altitude below 0"
            : metric        ? "altitude in meters"
                            : "altitude",
            misread ? "reply with reserved downlink request"
            : zero  ? "altitude not available"
                    : "altitude absent");
    char text[12];
    compare_text(t, squawk_text(m, text), text_of(o, "squawk"), hex,
                 misread ? "reply with reserved downlink request" : "squawk");
}

/* What a squitter says beyond that. */
static void toulouse_squitter(struct tally *t, const struct message *m, const char *hex,
                              const json_t *o)
{
    char text[16];
    snprintf(text, sizeof text, "%02x", m->bds);
    compare_text(t, text, text_of(o, "bds"), hex, "bds");
    compare_text(t, trimmed_flight(m, text), text_of(o, "callsign"), hex,
                 message_get(m, FIELD_FLIGHT, -1) < 0 ? "call sign with undefined characters"
                                                      : "callsign");
    const uint32_t movement = (uint32_t)(m->payload >> 44) & 127;
    const bool quarter = m->bds == 0x06 && movement >= 13 && movement <= 38;
    compare(t, m, hex, json_object_get(o, "groundspeed"), FIELD_GS, 0.01, 0.00501,
            quarter ? "surface groundspeed of 2 to 15 kt" : "groundspeed", "groundspeed absent");
    compare(t, m, hex, json_object_get(o, "track"), FIELD_TRACK, 0.01, 0.00501, "track",
            "track absent");
    const enum field rate =
        message_get(m, FIELD_BARO_RATE, INT32_MIN) == INT32_MIN ? FIELD_GEOM_RATE : FIELD_BARO_RATE;
    compare(t, m, hex, json_object_get(o, "vertical_rate"), rate, 1, 0, "vertical rate",
            "vertical rate absent");
    const char *source = text_of(o, "vrate_src");
    compare_text(t, rate == FIELD_BARO_RATE ? "barometric" : "GNSS", source, hex,
                 "source of vertical rate");
    compare(t, m, hex, json_object_get(o, "NACv"), FIELD_NAC_V, 1, 0, "NACv", "NACv absent");
    compare(t, m, hex, json_object_get(o, "NACp"), FIELD_NAC_P, 1, 0, "NACp", "NACp absent");
    compare(t, m, hex, json_object_get(o, "NICb"), FIELD_NIC_B, 1, 0, "NICb", "NICb absent");
    const json_t *selected = json_object_get(o, "selected_altitude");
    compare(t, m, hex, selected, FIELD_NAV_ALT_MCP, 1, 0, "selected altitude",
            "selected altitude absent");
    compare(t, m, hex, selected, FIELD_NAV_ALT_MCP, 1, 16, "selected altitude by over 16 ft",
            "selected altitude absent");
    compare(t, m, hex, json_object_get(o, "barometric_setting"), FIELD_NAV_QNH, 0.1, 1e-4,
            "barometric setting", "barometric setting absent");
    compare(t, m, hex, json_object_get(o, "geo_minus_baro"), FIELD_GEO_DELTA, 1, 0,
            "geo minus baro", "geo minus baro absent");
    compare_bool(t, m, hex, json_object_get(o, "tcas_operational"), FIELD_TCAS, "TCAS operational");
    compare_text(t, m->cpr.odd ? "odd" : "even", text_of(o, "parity"), hex, "CPR format");
    const json_t *lat_cpr = json_object_get(o, "lat_cpr"), *lon_cpr = json_object_get(o, "lon_cpr");
    if (lat_cpr &&
        (json_integer_value(lat_cpr) != m->cpr.lat || json_integer_value(lon_cpr) != m->cpr.lon)) {
        differ(t, "CPR", hex, "other halves");
    }
    compare_place(t, m, hex, o);
}

/* A frame and what jet1090 wrote of it. */
static void toulouse_line(struct tally *t, const json_t *o)
{
    const char *hex = text_of(o, "frame");
    const struct frame f = frame_probe(hex);
    const struct message m = frame_probe_decode(&f, 0);
    char text[16];
    t->frames++;
    snprintf(text, sizeof text, "%u", m.df);
    compare_text(t, text, text_of(o, "df"), hex, "df");
    snprintf(text, sizeof text, "%06x", m.address & 0xffffff);
    compare_text(t, text, text_of(o, "icao24"), hex, "icao24");
    compare_reply(t, &m, hex, o);
    if (m.df == 17) {
        assert_int_equal(m.parity, PARITY_OK);
        toulouse_squitter(t, &m, hex, o);
    }
}

static void toulouse(void **state)
{
    (void)state;
    static const char *const listed[] = {"surface groundspeed of 2 to 15 kt",
                                         "source of vertical rate",
                                         "selected altitude",
                                         "altitude below 0",
                                         "altitude not available",
                                         "altitude in meters",
                                         "reply with reserved downlink request",
                                         "call sign with undefined characters",
                                         NULL};
    gzFile in = gzopen(FRAMES "toulouse_20240606.jsonl.gz", "rb");
    if (!in) {
        print_message("no recording of Toulouse here: skipped\n");
        skip();
    }
    struct tally t = {0};
    static char line[LINE_SIZE];
    while (gzgets(in, line, sizeof line)) {
        json_t *o = json_loads(line, 0, NULL);
        assert_non_null(o);
        toulouse_line(&t, o);
        json_decref(o);
    }
    gzclose(in);
    report(&t, listed);
}

/* pyModeS 2.21's answers. */
static void golden_frame(struct tally *t, const char *hex, const json_t *o)
{
    const struct frame f = frame_probe(hex);
    const struct message m = frame_probe_decode(&f, 0);
    char text[16];
    t->frames++;
    assert_int_equal(m.df, json_integer_value(json_object_get(o, "df")));
    snprintf(text, sizeof text, m.df == 17 ? "%06x" : "%06X", m.address & 0xffffff);
    compare_text(t, text, text_of(o, "icao"), hex, "icao");
    compare(t, &m, hex, json_object_get(o, "altitude"), FIELD_ALT_BARO, 1, 0, "altitude",
            "altitude absent");
    compare_text(t, squawk_text(&m, text), text_of(o, "squawk"), hex, "squawk");
    if (m.df != 17) {
        return;
    }
    assert_int_equal(m.tc, json_integer_value(json_object_get(o, "typecode")));
    const json_t *format = json_object_get(o, "cpr_format");
    assert_true(!format || json_integer_value(format) == m.cpr.odd);
    const json_t *category = json_object_get(o, "category");
    assert_true(!category ||
                json_integer_value(category) == (message_get(&m, FIELD_CATEGORY, -1) & 7));
    if (text_of(o, "callsign")) { /* they write spaces as _ */
        char theirs[9];
        snprintf(theirs, sizeof theirs, "%s", text_of(o, "callsign"));
        for (char *c = theirs; *c; c++) {
            *c = *c == '_' ? ' ' : *c;
        }
        snprintf(text, sizeof text, "%.8s", m.flight);
        compare_text(t, text, theirs, hex, "callsign");
    }
    compare(t, &m, hex, json_object_get(o, "groundspeed"), FIELD_GS, 0.01, 1.0,
            "groundspeed by over 1 kt", "groundspeed absent"); /* they cut to whole knots */
    compare(t, &m, hex, json_object_get(o, "track"), FIELD_TRACK, 0.01, 0.00501, "track",
            "track absent");
    const enum field rate = message_get(&m, FIELD_BARO_RATE, INT32_MIN) == INT32_MIN
                                ? FIELD_GEOM_RATE
                                : FIELD_BARO_RATE;
    compare(t, &m, hex, json_object_get(o, "vertical_rate"), rate, 1, 0, "vertical rate",
            "vertical rate absent");
}

static void golden(void **state)
{
    (void)state;
    static const char *const listed[] = {NULL};
    json_t *all = json_load_file(FRAMES "golden_v2.json", 0, NULL);
    if (!all) {
        print_message("no golden_v2.json here: skipped\n");
        skip();
    }
    struct tally t = {0};
    const char *hex;
    json_t *o;
    json_object_foreach(all, hex, o)
    {
        golden_frame(&t, hex, o);
    }
    json_decref(all);
    report(&t, listed);
}

/* Lines of `time,…` whose columns are the frame, the address and perhaps the type code. */
static size_t csv(const char *path, int hex_column, int icao_column, int tc_column,
                  size_t *other_address)
{
    FILE *in = fopen(path, "r");
    if (!in) {
        print_message("no %s here: skipped\n", path);
        skip();
    }
    size_t n = 0;
    static char line[LINE_SIZE];
    while (fgets(line, sizeof line, in)) {
        const char *column[4] = {"", "", "", ""};
        char *rest = line;
        for (int i = 0; i < 4 && rest; i++) {
            column[i] = strsep(&rest, ",\r\n");
            column[i] += column[i][0] == '"';
        }
        char hex[29], icao[7], ours[7];
        if (snprintf(hex, sizeof hex, "%.28s", column[hex_column]) != 28) {
            continue;
        }
        snprintf(icao, sizeof icao, "%.6s", column[icao_column]);
        const struct frame f = frame_probe(hex);
        const struct message m = frame_probe_decode(&f, 0);
        snprintf(ours, sizeof ours, "%06X", m.address);
        *other_address += strcmp(ours, icao) != 0;
        if (tc_column >= 0) {
            assert_int_equal(m.tc, atoi(column[tc_column]));
        }
        n++;
    }
    fclose(in);
    return n;
}

static void sample_adsb(void **state)
{
    (void)state;
    size_t other_address = 0;
    assert_int_equal(csv(FRAMES "sample_data_adsb.csv", 1, 2, 3, &other_address), 2000);
    assert_int_equal(other_address, 0);
}

static void sample_df20(void **state)
{
    (void)state;
    size_t other_address = 0;
    assert_int_equal(csv(FRAMES "sample_data_commb_df20.csv", 2, 1, -1, &other_address), 5000);
    assert_int_equal(other_address, 3); /* listed: damaged frames */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(toulouse),
        cmocka_unit_test(golden),
        cmocka_unit_test(sample_adsb),
        cmocka_unit_test(sample_df20),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
