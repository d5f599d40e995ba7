/* The input sim: its receivers, its pace, its end, and what it says to wrong keys. */
#include "source_probe.h"

#include "source/sim.h"

#define SCENARIO "sim:scenario=" TEST_SOURCE_DIR "/scenarios/niamey-2024"

/* Returns how long it was: at least ms unless the source closes, more on a busy machine. */
static uint64_t run_ms(struct source_probe *p, uint64_t ms)
{
    uv_update_time(&p->base.loop);
    const uint64_t begin_ms = uv_now(&p->base.loop);
    while (uv_now(&p->base.loop) < begin_ms + ms && p->source) {
        usleep(1000);
        uv_run(&p->base.loop, UV_RUN_NOWAIT);
    }
    return uv_now(&p->base.loop) - begin_ms;
}

static void receivers_say_that_they_are_simulated(void **state)
{
    struct source_probe *p = *state;
    assert_int_equal(probe_source(p, SCENARIO ",start=2024-06-07T08:30:00Z"), ERR_OK);
    assert_true(source_has_own_clock(p->source));
    assert_int_equal(p->receivers->n, 1 + 1 + 17); /* none, the source's own, the sites */
    for (size_t i = 1; i < p->receivers->n; i++) {
        const struct receiver *row = &p->receivers->row[i];
        assert_true(row->simulated);
        if (i > 1) {
            assert_true((row->id & RECEIVER_ID_SIMULATED_MASK) == RECEIVER_ID_SIMULATED);
            assert_true(row->has_place);
        }
    }
    assert_string_equal(p->receivers->row[2].name, "ramstein");
    assert_int_equal(p->receivers->row[2].lat_e7, 494000000);
    assert_int_equal(p->receivers->row[2].lon_e7, 76000000);
    assert_int_equal(p->n_frames, 0); /* nothing before the loop runs */
}

/* Sixty times: a second of ours is a minute of theirs. */
static void keeps_the_pace(void **state)
{
    struct source_probe *p = *state;
    const int64_t start_us = INT64_C(1717749000000000);
    assert_int_equal(probe_source(p, SCENARIO ",start=2024-06-07T08:30:00Z,speed=60,rate=0.0625"),
                     ERR_OK);
    const int64_t ran_ms = (int64_t)run_ms(p, 1000);
    assert_true(p->n_frames > 100 && p->n_frames < PROBE_ITEMS_MAX);
    const int64_t last_us = p->frame[p->n_frames - 1].t_us - start_us;
    /* The clock ticks every 20 ms, and a frame or none may come in the last of them. */
    assert_true(last_us > (ran_ms - 60) * 60000 && last_us < (ran_ms + 20) * 60000);
    for (size_t i = 0; i < p->n_frames; i++) {
        const struct receiver *row = &p->receivers->row[p->frame[i].receiver];
        assert_true(p->frame[i].receiver >= 2 && row->simulated);
    }
    assert_true(p->receivers->row[2].frames > 0);
    assert_non_null(strstr(source_state(p->source), "niamey-2024: 2024-06-07T08:3"));
}

static void ends_with_the_hours(void **state)
{
    struct source_probe *p = *state;
    assert_int_equal(probe_source(p, SCENARIO ",start=2024-06-07,speed=max,hours=0.01"), ERR_OK);
    run_ms(p, 1500);
    assert_int_equal(p->base.done, 1);
    assert_int_equal(p->base.e, ERR_OK);
    assert_string_equal(p->base.why, "the scenario has ended");
    assert_true(p->n_frames > 100);
    assert_true(p->frame[p->n_frames - 1].t_us < INT64_C(1717718400000000) + 36010000);
}

static void stands_still_while_paused(void **state)
{
    struct source_probe *p = *state;
    assert_int_equal(probe_source(p, SCENARIO ",start=2024-06-07T08:30:00Z,speed=60,rate=0.0625"),
                     ERR_OK);
    run_ms(p, 200);
    source_pause(p->source, true);
    const size_t n = p->n_frames;
    assert_true(n > 0);
    run_ms(p, 200);
    assert_int_equal(p->n_frames, n);
    source_pause(p->source, false);
    run_ms(p, 200);
    assert_true(p->n_frames > n);
    /* Time did not run on meanwhile. */
    assert_true(p->frame[n].t_us - p->frame[n - 1].t_us < 5000000);
}

static void may_be_closed_from_its_first_item(void **state)
{
    struct source_probe *p = *state;
    p->close_at_first = true;
    assert_int_equal(probe_source(p, SCENARIO ",speed=max,start=2024-06-07"), ERR_OK);
    run_ms(p, 300);
    assert_null(p->source);
    assert_int_equal(p->n_frames, 1);
}

static void wrong_keys_are_told(void **state)
{
    struct source_probe *p = *state;
    static const struct {
        const char *text, *why;
    } cases[] = {
        {"sim:", "needs scenario=FOLDER"},
        {"sim:scenario=/nowhere", "cannot read /nowhere/scenario.ini"},
        {SCENARIO ",start=soon", "start=soon is not a time within the scenario: it goes from "
                                 "2024-06-05T00:00:00Z to 2024-09-15T00:00:00Z"},
        {SCENARIO ",start=2024-06-04", "is not a time within the scenario"},
        {SCENARIO ",speed=-1", "speed=-1: write a number from 0.1 to 10000"},
        {SCENARIO ",speed=fast", "speed=fast"},
        {SCENARIO ",hours=x", "hours=x"},
        {SCENARIO ",seed=-1", "seed=-1 is not a whole number"},
        {SCENARIO ",rate=2", "rate=2: write a number from 0.05 to 1"},
        {SCENARIO ",sped=60", "does not know the key 'sped'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_not_equal(probe_source(p, cases[i].text), ERR_OK);
        if (!strstr(p->base.why, cases[i].why)) {
            fail_msg("'%s': '%s' does not say '%s'", cases[i].text, p->base.why, cases[i].why);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SOURCED(receivers_say_that_they_are_simulated),
        SOURCED(keeps_the_pace),
        SOURCED(ends_with_the_hours),
        SOURCED(stands_still_while_paused),
        SOURCED(may_be_closed_from_its_first_item),
        SOURCED(wrong_keys_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
