/* The labelled real tracks: what is found of each kind, counted by airframe, and what is claimed of
   airline flights. Skipped where the tracks are not. */
#include "movement/patterns.h"
#include "truth_probe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { LABELS_MAX = 256 };

struct seen {
    unsigned kinds; /* bits, enum claim_kind */
};

struct row {
    char kind[24];
    uint32_t address;
    unsigned kinds;
};

struct rows {
    struct row row[LABELS_MAX];
    unsigned n;
};

static void take(void *ctx, const struct claim *c)
{
    struct seen *s = ctx;
    s->kinds |= 1U << c->kind;
    assert_true(c->p >= 0.0F && c->p <= 1.0F);
    assert_true(c->t_lo_ms <= c->sure_lo_ms && c->sure_hi_ms <= c->t_hi_ms);
}

static unsigned run(const char *path, uint32_t *address)
{
    struct truth_track t = truth_read(path);
    assert_true(t.n > 0);
    struct seen s = {0};
    struct patterns *p = patterns_new(t.k[0].address, 0);
    for (size_t i = 0; i < t.n; i++) {
        assert_int_equal(patterns_push(p, &t.k[i], NULL, take, &s), ERR_OK);
    }
    patterns_end(p, take, &s);
    patterns_free(p);
    *address = t.k[0].address;
    free(t.k);
    return s.kinds;
}

/* Tracks of a folder, one row an airframe and kind; id and kind are the label's columns. */
static void run_all(const char *folder, const char *suffix, int id, int kind, struct rows *out)
{
    char path[512], line[512], name[64], label[64];
    snprintf(path, sizeof path, "%s/labels.csv", folder);
    FILE *f = fopen(path, "r");
    if (f == NULL) {
        print_message("not there: %s\n", path);
        skip();
    }
    out->n = 0;
    if (fgets(line, sizeof line, f) == NULL) {
        fail();
    }
    while (fgets(line, sizeof line, f) != NULL) {
        truth_field(line, id, name);
        truth_field(line, kind, label);
        struct row r = {0};
        snprintf(r.kind, sizeof r.kind, "%.23s", label);
        snprintf(path, sizeof path, "%s/tracks/%s%s", folder, name, suffix);
        r.kinds = run(path, &r.address);
        unsigned i = 0;
        while (i < out->n && (r.address == 0 || out->row[i].address != r.address ||
                              strcmp(out->row[i].kind, r.kind) != 0)) {
            i++;
        }
        if (i == out->n) {
            assert_true(out->n < LABELS_MAX);
            out->row[out->n++] = r;
        }
        out->row[i].kinds |= r.kinds;
    }
    fclose(f);
}

/* Airframes of a kind with this claim. half: 0 or 1 by a hash of the address, 2 all. */
static unsigned count(const struct rows *r, const char *kind, enum claim_kind claim, unsigned half,
                      unsigned *of)
{
    unsigned n = 0;
    *of = 0;
    for (unsigned i = 0; i < r->n; i++) {
        const uint32_t h = r->row[i].address * UINT32_C(0x9e3779b1) >> 31;
        if (strcmp(r->row[i].kind, kind) == 0 && (half == 2 || h == half)) {
            *of += 1;
            n += (r->row[i].kinds >> claim & 1U) != 0;
        }
    }
    return n;
}

static void labelled_patterns_are_found(void **state)
{
    (void)state;
    static struct rows r;
    static const char *const kinds[] = {"orbit",       "orbit_fire", "survey",
                                        "calibration", "thermal",    "drawing",
                                        "ground_only", "noise",      "helicopter"};
    run_all(TEST_SHARED_DIR "/truth/patterns", ".csv.gz", 0, 2, &r);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        unsigned of[3], n[3];
        for (unsigned half = 0; half < 3; half++) {
            n[half] = count(&r, kinds[i], CLAIM_ORBIT, half, &of[half]);
        }
        print_message("orbit on %-12s %2u of %2u airframes (halves: %u of %u, %u of %u)\n",
                      kinds[i], n[2], of[2], n[0], of[0], n[1], of[1]);
    }
    unsigned fire, all, orbits, of;
    fire = count(&r, "orbit_fire", CLAIM_ORBIT, 2, &all);
    assert_true(fire * 100 >= all * 85);
    orbits = count(&r, "orbit", CLAIM_ORBIT, 2, &of);
    assert_true((fire + orbits) * 100 >= (all + of) * 85);
    assert_int_equal(count(&r, "thermal", CLAIM_ORBIT, 2, &of), 0);
    assert_int_equal(count(&r, "drawing", CLAIM_ORBIT, 2, &of), 0);
    assert_int_equal(count(&r, "ground_only", CLAIM_ORBIT, 2, &of), 0);
    assert_int_equal(count(&r, "noise", CLAIM_ORBIT, 2, &of), 0);
    assert_int_equal(count(&r, "survey", CLAIM_ORBIT, 2, &of), 0);
    assert_int_equal(count(&r, "survey", CLAIM_SURVEY, 2, &of), of);
    for (unsigned i = 0; i < r.n; i++) { /* of all of them one was spoofed */
        assert_true((r.row[i].kinds >> CLAIM_SPOOFED & 1U) == 0 || r.row[i].address == 0x4baac6);
    }
}

static void airline_flights_fly_no_orbits(void **state)
{
    (void)state;
    static struct rows r;
    run_all(TEST_SHARED_DIR "/truth/flights", ".csv", 0, 2, &r);
    unsigned of;
    assert_int_equal(count(&r, "ads-b", CLAIM_ORBIT, 2, &of), 0);
    print_message("airline flights without an orbit: %u airframes\n", of);
    assert_int_equal(count(&r, "radar-30s", CLAIM_ORBIT, 2, &of), 0);
    assert_int_equal(count(&r, "fused-arrival-only", CLAIM_ORBIT, 2, &of), 0);
    assert_int_equal(count(&r, "multi-leg", CLAIM_ORBIT, 2, &of), 0);
    for (unsigned i = 0; i < r.n; i++) { /* the one flight of THY9BP is among them */
        assert_true((r.row[i].kinds >> CLAIM_SPOOFED & 1U) == 0 || r.row[i].address == 0x4baac6);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labelled_patterns_are_found),
        cmocka_unit_test(airline_flights_fly_no_orbits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
