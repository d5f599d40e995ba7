/* Comm-B registers on recorded replies: the names jet1090 gave (Toulouse), what the aircraft's own
   ADS-B says against ours, and the share left unnamed, each without memory and with what the frames
   before tell of the aircraft. The bars are asserted; the figures are printed. Differences are
   listed in docs/DIFFERENCES-COMMB.md. */
#include "modes/cpr.h"
#include "modes/decode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { AIRCRAFT_MAX = 512, LINE_MAX_BYTES = 4096, SKIPPED = 77 };
enum { FRESH_US = 30000000, AT_ONCE_US = 5000000 };

struct aged {
    int32_t v;
    int64_t t_us;
};

/* What one aircraft said: by squitter alone (truth), and by anything (known). */
struct aircraft {
    uint32_t address;
    struct aged truth[FIELD_COUNT], known[FIELD_COUNT];
    struct aged place;
    int32_t lat_e7, lon_e7;
    char flight[8];
    bool has_flight;
    struct cpr_half {
        uint32_t half[2];
        int64_t t_us;
    } cpr[2];
    unsigned replies, unnamed, zero;
};

struct tally {
    unsigned replies, zero, unnamed, both, same, checked, contradicted, lost;
    unsigned named[256];
};

struct world {
    struct aircraft craft[AIRCRAFT_MAX];
    size_t n;
    bool with_known;
    struct tally sum;
};

static struct aircraft *craft_of(struct world *w, uint32_t address)
{
    for (size_t i = 0; i < w->n; i++) {
        if (w->craft[i].address == address) {
            return &w->craft[i];
        }
    }
    assert_true(w->n < AIRCRAFT_MAX);
    struct aircraft *a = &w->craft[w->n++];
    memset(a, 0, sizeof *a);
    a->address = address;
    for (int f = 0; f < FIELD_COUNT; f++) {
        a->truth[f].v = a->known[f].v = MODES_UNKNOWN;
    }
    a->cpr[0].t_us = a->cpr[1].t_us = INT64_MIN / 2;
    a->place.t_us = INT64_MIN / 2;
    return a;
}

static int32_t fresh(const struct aged *v, int64_t now_us, int64_t ttl_us)
{
    return v->v != MODES_UNKNOWN && now_us - v->t_us <= ttl_us ? v->v : MODES_UNKNOWN;
}

static void place(struct aircraft *a, const struct message *m)
{
    if (!m->cpr.present || m->cpr.surface) {
        return;
    }
    struct cpr_half *h = &a->cpr[m->cpr.odd];
    h->half[0] = m->cpr.lat;
    h->half[1] = m->cpr.lon;
    h->t_us = m->t_us;
    struct cpr_position p;
    if (llabs(a->cpr[0].t_us - a->cpr[1].t_us) < 10000000 &&
        cpr_airborne(a->cpr[0].half, a->cpr[1].half, m->cpr.odd, &p) == CPR_OK) {
        a->lat_e7 = p.lat_e7;
        a->lon_e7 = p.lon_e7;
        a->place.t_us = m->t_us;
    }
}

static void remember(struct aircraft *a, const struct message *m, bool squitter)
{
    for (unsigned i = 0; i < m->n; i++) {
        const struct aged v = {m->item[i].value, m->t_us};
        a->known[m->item[i].field] = v;
        if (squitter) {
            a->truth[m->item[i].field] = v;
        }
        if (m->item[i].field == FIELD_FLIGHT && squitter) {
            memcpy(a->flight, m->flight, 8);
            a->has_flight = true;
        }
    }
    if (squitter) {
        place(a, m);
    }
}

static struct modes_known known_of(const struct aircraft *a, int64_t now_us)
{
    struct modes_known k = modes_known_nothing;
    const struct {
        enum field field;
        int32_t *to;
        int64_t ttl_us;
    } row[] = {
        {FIELD_ALT_BARO, &k.alt_baro_ft, FRESH_US},
        {FIELD_GS, &k.gs_e2_kt, FRESH_US},
        {FIELD_TRACK, &k.track_e2_deg, FRESH_US},
        {FIELD_BARO_RATE, &k.baro_rate_fpm, FRESH_US},
        {FIELD_GEOM_RATE, &k.geom_rate_fpm, FRESH_US},
        {FIELD_IAS, &k.ias_kt, FRESH_US},
        {FIELD_TAS, &k.tas_kt, FRESH_US},
        {FIELD_MACH, &k.mach_e3, FRESH_US},
        {FIELD_MAG_HEADING, &k.mag_heading_e2_deg, FRESH_US},
        {FIELD_NAV_ALT_MCP, &k.nav_altitude_mcp_ft, 10 * FRESH_US},
        {FIELD_NAV_ALT_FMS, &k.nav_altitude_fms_ft, 10 * FRESH_US},
        {FIELD_NAV_QNH, &k.nav_qnh_e1_hpa, 10 * FRESH_US},
        {FIELD_SQUAWK, &k.squawk, 10 * FRESH_US},
        {FIELD_GICB, &k.gicb, 3600 * INT64_C(1000000)},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        *row[i].to = fresh(&a->known[row[i].field], now_us, row[i].ttl_us);
    }
    if (a->has_flight) {
        memcpy(k.flight, a->flight, 8);
    }
    if (now_us - a->place.t_us <= FRESH_US) {
        k.lat_e7 = a->lat_e7;
        k.lon_e7 = a->lon_e7;
    }
    return k;
}

/* Whether the aircraft's own squitters of the last seconds say otherwise. */
static bool contradicted(const struct aircraft *a, const struct message *m, bool *checked)
{
    static const struct {
        enum field field;
        int32_t most, around;
    } limit[] = {{FIELD_GS, 3000, 0},
                 {FIELD_TRACK, 2000, 36000},
                 {FIELD_BARO_RATE, 2000, 0},
                 {FIELD_ALT_BARO, 500, 0}};
    bool bad = false;
    for (size_t i = 0; i < sizeof limit / sizeof *limit; i++) {
        const int32_t truth = fresh(&a->truth[limit[i].field], m->t_us, AT_ONCE_US);
        const int32_t said = message_get(m, limit[i].field, MODES_UNKNOWN);
        if (truth != MODES_UNKNOWN && said != MODES_UNKNOWN) {
            const int32_t d = abs(truth - said);
            *checked = true;
            bad |= (limit[i].around && 2 * d > limit[i].around ? limit[i].around - d : d) >
                   limit[i].most;
        }
    }
    if (a->has_flight && message_get(m, FIELD_FLIGHT, MODES_UNKNOWN) != MODES_UNKNOWN) {
        *checked = true;
        bad |= memcmp(a->flight, m->flight, 8) != 0;
    }
    return bad;
}

static void reply(struct world *w, struct message *m, int theirs)
{
    struct aircraft *a = craft_of(w, m->address);
    const struct modes_known k = known_of(a, m->t_us);
    const unsigned before = m->n;
    const uint8_t ours = modes_comm_b(m, w->with_known ? &k : NULL);
    struct tally *s = &w->sum;
    s->replies++;
    a->replies++;
    s->named[ours]++;
    if (!m->payload) {
        assert_int_equal(ours, 0);
        assert_int_equal(m->n, before);
        s->zero++;
        a->zero++;
        return;
    }
    a->unnamed += !ours;
    s->unnamed += !ours;
    s->both += ours && theirs;
    s->same += ours && ours == theirs;
    s->lost += !ours && theirs;
    if (ours && theirs && ours != theirs) {
        printf("  %06x %014llx: ours %02X, theirs %02X\n", m->address,
               (unsigned long long)m->payload, ours, theirs);
    }
    /* The reply's own altitude is not the register's. */
    struct message said = *m;
    said.n = 0;
    for (unsigned i = before; i < m->n; i++) {
        said.item[said.n++] = m->item[i];
    }
    bool checked = false;
    const bool bad = contradicted(a, &said, &checked);
    s->checked += checked;
    s->contradicted += bad;
    remember(a, m, false);
}

static void take(struct world *w, const char *hex, int64_t t_us, int theirs)
{
    struct frame f = {
        .t_us = t_us, .tick = FRAME_NO_TICK, .n = (uint8_t)(strcspn(hex, "\",\r\n") / 2)};
    assert_true(f.n == FRAME_SHORT || f.n == FRAME_LONG);
    for (unsigned i = 0; i < f.n; i++) {
        const char byte[3] = {hex[2 * i], hex[2 * i + 1], '\0'};
        f.byte[i] = (uint8_t)strtoul(byte, NULL, 16);
    }
    struct message m;
    modes_decode(&f, &(struct modes_options){0}, &m);
    if (m.df == 20 || m.df == 21) {
        reply(w, &m, theirs);
    } else if (m.df == 17 && m.parity == PARITY_OK) {
        remember(craft_of(w, m.address), &m, true);
    }
}

static double percent(unsigned part, unsigned whole)
{
    return whole ? 100.0 * part / whole : 0;
}

static void print(const struct world *w, const char *name)
{
    const struct tally *s = &w->sum;
    printf("%s, %s: %u replies, %u of them zero\n", name,
           w->with_known ? "with memory" : "stateless", s->replies, s->zero);
    printf("  same as theirs %u of %u (%.3f %%), named by them alone %u\n", s->same, s->both,
           percent(s->same, s->both), s->lost);
    printf("  contradicted by own ADS-B %u of %u (%.3f %%)\n", s->contradicted, s->checked,
           percent(s->contradicted, s->checked));
    printf("  unnamed %u of %u (%.3f %%)\n ", s->unnamed, s->replies - s->zero,
           percent(s->unnamed, s->replies - s->zero));
    for (int i = 1; i < 256; i++) {
        if (s->named[i]) {
            printf(" %02X:%u", (unsigned)i, s->named[i]);
        }
    }
    printf("\n");
    for (size_t i = 0; i < w->n; i++) {
        const struct aircraft *a = &w->craft[i];
        if (a->replies > 2 && a->unnamed) {
            printf("  %06x: unnamed %u of %u\n", a->address, a->unnamed, a->replies - a->zero);
        }
    }
}

static struct world world; /* too large for the stack */

static void start(bool with_known)
{
    memset(&world, 0, sizeof world);
    world.with_known = with_known;
}

static void toulouse(bool with_known)
{
    gzFile in = gzopen(TEST_SHARED_DIR "/corpus/frames/toulouse_20240606.jsonl.gz", "rb");
    assert_non_null(in);
    start(with_known);
    char line[LINE_MAX_BYTES];
    while (gzgets(in, line, sizeof line)) {
        const char *at = strstr(line, "\"timestamp\":"), *hex = strstr(line, "\"frame\":\"");
        const char *bds = strstr(line, "\"bds\":\"");
        assert_non_null(at);
        assert_non_null(hex);
        take(&world, hex + strlen("\"frame\":\""),
             (int64_t)(strtod(at + strlen("\"timestamp\":"), NULL) * 1e6),
             bds ? (int)strtoul(bds + strlen("\"bds\":\""), NULL, 16) : 0);
    }
    gzclose(in);
    print(&world, "Toulouse");
    const struct tally *s = &world.sum;
    assert_int_equal(s->replies, 41039);
    assert_true(s->same * 1000ull >= s->both * 980ull);
    assert_true(s->contradicted * 1000ull <= s->checked * 5ull);
    assert_true(s->lost <= 5);
}

static void toulouse_stateless(void **state)
{
    (void)state;
    toulouse(false);
    assert_true(world.sum.unnamed < 600);
}

static void toulouse_with_memory(void **state)
{
    (void)state;
    toulouse(true);
    assert_true(world.sum.unnamed < 50);
}

static void df20(bool with_known)
{
    FILE *in = fopen(TEST_SHARED_DIR "/corpus/frames/sample_data_commb_df20.csv", "r");
    assert_non_null(in);
    start(with_known);
    char line[LINE_MAX_BYTES];
    while (fgets(line, sizeof line, in)) {
        /* t,icao24,hex, after a byte-order mark in the first line */
        const char *digits = line + strcspn(line, "0123456789"), *comma = strchr(line, ',');
        assert_non_null(comma);
        const char *hex = strchr(comma + 1, ',');
        assert_non_null(hex);
        take(&world, hex + 1, strtoll(digits, NULL, 10) * 1000000, 0);
        assert_non_null(craft_of(&world, (uint32_t)strtoul(comma + 1, NULL, 16)));
    }
    fclose(in);
    print(&world, "DF20 sample");
    assert_int_equal(world.sum.replies, 5000);
}

static void df20_stateless(void **state)
{
    (void)state;
    df20(false);
    assert_true(world.sum.unnamed < 60);
}

static void df20_with_memory(void **state)
{
    (void)state;
    df20(true);
    assert_true(world.sum.unnamed < 30);
}

int main(void)
{
    FILE *there = fopen(TEST_SHARED_DIR "/corpus/frames/sample_data_commb_df20.csv", "r");
    if (!there) {
        printf("skipped: no recordings in %s\n", TEST_SHARED_DIR);
        return SKIPPED;
    }
    fclose(there);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(toulouse_stateless),
        cmocka_unit_test(toulouse_with_memory),
        cmocka_unit_test(df20_stateless),
        cmocka_unit_test(df20_with_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
