/* Radios of this machine, against libraries that stand in for librtlsdr and SoapySDR: opened,
   heard, unplugged, stalled, too loud, too fast. */
#include "radio_probe.h"
#include "source_probe.h"

#include "stand_in/stand_in.h"

#include <dlfcn.h>

enum { SCENE_FRAMES = 60 };

struct scene {
    struct buf samples;
    struct probe_list sent;
};

static struct scene the_scene;

static void make_scene(double level_dbfs)
{
    const struct render_options o = {
        .format = SAMPLE_CU8, .rate_hz = 2.4e6, .noise_dbfs = -36, .seed = 5};
    buf_clear(&the_scene.samples);
    probe_scene(&o, SCENE_FRAMES, 400, level_dbfs, &the_scene.sent, &the_scene.samples);
    assert_true(the_scene.samples.n > 100000);
}

/* The stand-in as the input will open it, set back to how it begins. */
static struct stand_in *stand_in_of(const char *file)
{
    void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    assert_non_null(library);
    stand_in_fn *get;
    void *address = dlsym(library, "stand_in");
    memcpy(&get, &address, sizeof get);
    struct stand_in *s = get();
    memset(s, 0, sizeof *s);
    make_scene(-12);
    s->sample = the_scene.samples.p;
    s->n = the_scene.samples.n;
    s->pause_us = 500;
    s->level_db = 49.6;
    atomic_store(&s->sticks, 2);
    return s;
}

static bool has_frames(void *ctx)
{
    return ((struct source_probe *)ctx)->n_frames >= SCENE_FRAMES;
}

static bool has_many(void *ctx)
{
    return ((struct source_probe *)ctx)->n_frames >= (size_t)4 * SCENE_FRAMES;
}

static const char *source_text(const struct source_probe *p)
{
    return source_state(p->source);
}

static void says(struct source_probe *p, const char *spec, const char *words)
{
    p->base.why[0] = '\0';
    assert_int_not_equal(probe_source(p, spec), ERR_OK);
    if (!strstr(p->base.why, words)) {
        fail_msg("%s: '%s' does not say '%s'", spec, p->base.why, words);
    }
    run_until(&p->base.loop, never, p, 10);
}

static const struct receiver_radio *radio_of(const struct source_probe *p)
{
    return &p->receivers->row[1].radio;
}

static void a_stick_is_set_up_and_heard(void **state)
{
    struct source_probe *p = *state;
    struct stand_in *s = stand_in_of(STAND_IN_RTLSDR);
    assert_int_equal(probe_source(p, "rtlsdr:library=" STAND_IN_RTLSDR
                                     ",serial=101,gain=37.5,ppm=-3,bias=1,name=roof"),
                     ERR_OK);
    assert_true(run_until(&p->base.loop, has_frames, p, 8000));
    assert_int_equal(s->rate_hz, 2400000);
    assert_int_equal(s->frequency_hz, 1090000000);
    assert_int_equal(s->ppm, -3);
    assert_int_equal(s->bias, 1);
    assert_true(s->by_hand);
    assert_int_equal(atomic_load(&s->gain_db10), 370);
    assert_int_equal(p->frame[0].t_us, probe_clock_us());
    assert_int_equal(p->frame[0].flags, 0);
    assert_non_null(strstr(source_text(p), "stick 101, 2.4 million samples a second, gain 37.0"));
    assert_true(radio_of(p)->samples > 0 && radio_of(p)->frames >= SCENE_FRAMES);
    assert_true(radio_of(p)->noise_dbfs < -20 && radio_of(p)->noise_dbfs > -60);
    source_close(p->source);
    p->source = NULL;
    while (uv_run(&p->base.loop, UV_RUN_NOWAIT)) {
        usleep(1000);
    }
    assert_int_equal(atomic_load(&s->closed), 1);
}

static bool says_none(void *ctx)
{
    return strstr(source_text(ctx), "no RTL-SDR stick is plugged in") != NULL;
}

static void a_stick_that_comes_later_is_found(void **state)
{
    struct source_probe *p = *state;
    struct stand_in *s = stand_in_of(STAND_IN_RTLSDR);
    atomic_store(&s->sticks, 0);
    assert_int_equal(probe_source(p, "rtlsdr:library=" STAND_IN_RTLSDR), ERR_OK);
    assert_true(run_until(&p->base.loop, says_none, p, 3000));
    assert_non_null(strstr(source_text(p), "trying again in"));
    atomic_store(&s->sticks, 1);
    assert_true(run_until(&p->base.loop, has_frames, p, 8000));
}

static bool is_reopened(void *ctx)
{
    struct source_probe *p = ctx;
    void *library = dlopen(STAND_IN_RTLSDR, RTLD_NOW | RTLD_LOCAL);
    stand_in_fn *get;
    void *address = dlsym(library, "stand_in");
    memcpy(&get, &address, sizeof get);
    const bool reopened = atomic_load(&get()->opened) >= 2 && p->n_frames >= 2 * SCENE_FRAMES;
    dlclose(library);
    return reopened;
}

static bool says_unplugged(void *ctx)
{
    return strstr(source_text(ctx), "unplugged") != NULL;
}

static void a_stick_pulled_out_is_waited_for(void **state)
{
    struct source_probe *p = *state;
    struct stand_in *s = stand_in_of(STAND_IN_RTLSDR);
    atomic_store(&s->unplug_after, s->n + 400000);
    assert_int_equal(probe_source(p, "rtlsdr:library=" STAND_IN_RTLSDR), ERR_OK);
    assert_true(run_until(&p->base.loop, says_unplugged, p, 8000));
    assert_true(run_until(&p->base.loop, has_frames, p, 8000));
    atomic_store(&s->unplug_after, 0);
    assert_true(run_until(&p->base.loop, is_reopened, p, 8000));
    assert_int_equal(atomic_load(&s->closed), 1);
}

static void a_stick_that_stalls_is_opened_anew(void **state)
{
    struct source_probe *p = *state;
    struct stand_in *s = stand_in_of(STAND_IN_RTLSDR);
    atomic_store(&s->stall_after, s->n + 400000);
    assert_int_equal(probe_source(p, "rtlsdr:library=" STAND_IN_RTLSDR ",stall=1"), ERR_OK);
    assert_true(run_until(&p->base.loop, is_reopened, p, 10000));
    assert_true(p->base.counters.n[COUNT_INPUTS_STALLED] >= 1);
}

/* One that does not even stop when it is told to is left behind: the program can end. */
static void a_stick_that_hangs_holds_nobody_up(void **state)
{
    struct source_probe *p = *state;
    struct stand_in *s = stand_in_of(STAND_IN_RTLSDR);
    atomic_store(&s->hangs, true);
    atomic_store(&s->stall_after, 100000);
    assert_int_equal(probe_source(p, "rtlsdr:library=" STAND_IN_RTLSDR), ERR_OK);
    run_until(&p->base.loop, never, p, 300);
    source_close(p->source);
    p->source = NULL;
    for (unsigned k = 0; k < 900 && uv_loop_alive(&p->base.loop); k++) {
        uv_run(&p->base.loop, UV_RUN_NOWAIT);
        usleep(10000);
    }
    assert_false(uv_loop_alive(&p->base.loop));
    assert_int_equal(atomic_load(&s->closed), 0);
    atomic_store(&s->hangs, false); /* it comes back after all: it frees what is left */
    for (unsigned k = 0; k < 300 && atomic_load(&s->closed) == 0; k++) {
        usleep(10000);
    }
    assert_int_equal(atomic_load(&s->closed), 1);
    usleep(50000);
}

static bool went_down(void *ctx)
{
    const struct receiver_radio *r = radio_of(ctx);
    return r->has_gain && r->gain_db10 < 480;
}

/* 20 dB too loud at the highest gain. */
static void gain_goes_down_where_frames_are_cut_off(void **state)
{
    struct source_probe *p = *state;
    struct stand_in *s = stand_in_of(STAND_IN_RTLSDR);
    make_scene(-8);
    s->sample = the_scene.samples.p;
    s->n = the_scene.samples.n;
    s->level_db = 29.6;
    s->pause_us = 0;
    assert_int_equal(probe_source(p, "rtlsdr:library=" STAND_IN_RTLSDR), ERR_OK);
    assert_true(run_until(&p->base.loop, went_down, p, 60000));
    for (unsigned k = 0; k < 100 && atomic_load(&s->gain_db10) != radio_of(p)->gain_db10; k++) {
        run_until(&p->base.loop, never, p, 10);
    }
    assert_int_equal(radio_of(p)->gain_db10, atomic_load(&s->gain_db10));
}

static bool has_lost(void *ctx)
{
    return source_text(ctx) && ((struct source_probe *)ctx)->n_frames > 0;
}

static bool counts_lost(void *ctx)
{
    return ((struct source_probe *)ctx)->base.counters.n[COUNT_RADIO_LOST] > 0;
}

/* A loop that stands still: the ring fills, the rest is lost, counted, and listening goes on. */
static void samples_lost_are_counted(void **state)
{
    struct source_probe *p = *state;
    struct stand_in *s = stand_in_of(STAND_IN_RTLSDR);
    s->pause_us = 0;
    assert_int_equal(probe_source(p, "rtlsdr:library=" STAND_IN_RTLSDR ",gain=49.6"), ERR_OK);
    assert_true(run_until(&p->base.loop, has_lost, p, 8000));
    source_pause(p->source, true);
    run_until(&p->base.loop, never, p, 1500);
    s->pause_us = 1000;
    source_pause(p->source, false);
    assert_true(run_until(&p->base.loop, counts_lost, p, 60000));
    p->n_frames = 0;
    assert_true(run_until(&p->base.loop, has_many, p, 20000));
    assert_int_equal(radio_of(p)->lost, p->base.counters.n[COUNT_RADIO_LOST]);
}

static void an_input_closed_by_its_first_item_is_gone(void **state)
{
    struct source_probe *p = *state;
    stand_in_of(STAND_IN_RTLSDR);
    p->close_at_first = true;
    assert_int_equal(probe_source(p, "rtlsdr:library=" STAND_IN_RTLSDR), ERR_OK);
    for (unsigned k = 0; k < 800 && (p->source || uv_loop_alive(&p->base.loop)); k++) {
        uv_run(&p->base.loop, UV_RUN_NOWAIT);
        usleep(10000);
    }
    assert_int_equal(p->n_frames, 1);
    assert_false(uv_loop_alive(&p->base.loop));
}

static void soapy_is_set_up_and_heard(void **state)
{
    struct source_probe *p = *state;
    struct stand_in *s = stand_in_of(STAND_IN_SOAPY);
    atomic_store(&s->overruns, 3);
    assert_int_equal(probe_source(p, "soapy:library=" STAND_IN_SOAPY
                                     ",driver=stand_in,antenna=RX1,gain=33.3,bias=1,ppm=2"),
                     ERR_OK);
    assert_true(run_until(&p->base.loop, has_frames, p, 8000));
    run_until(&p->base.loop, never, p, 300);
    assert_int_equal(s->rate_hz, 2400000);
    assert_int_equal(s->frequency_hz, 1090000000);
    assert_int_equal(s->ppm, 2);
    assert_int_equal(s->bias, 1);
    assert_int_equal(atomic_load(&s->gain_db10), 330);
    assert_int_equal(p->base.counters.n[COUNT_RADIO_OVERRUNS], 3);
    assert_non_null(strstr(source_text(p), "radio driver=stand_in"));
}

static bool soapy_says_failed(void *ctx)
{
    return strstr(source_text(ctx), "unplugged or has failed (SoapySDR: -2)") != NULL;
}

static void soapy_is_waited_for(void **state)
{
    struct source_probe *p = *state;
    struct stand_in *s = stand_in_of(STAND_IN_SOAPY);
    atomic_store(&s->unplug_after, 500000);
    assert_int_equal(probe_source(p, "soapy:library=" STAND_IN_SOAPY ",driver=stand_in"), ERR_OK);
    assert_true(run_until(&p->base.loop, soapy_says_failed, p, 8000));
    atomic_store(&s->unplug_after, 0);
    p->n_frames = 0;
    assert_true(run_until(&p->base.loop, has_frames, p, 8000));
    assert_int_equal(atomic_load(&s->opened), 2);
}

static bool says_which(void *ctx)
{
    return strstr(source_text(ctx),
                  "no stick has the serial 7; there is 0 with serial 100, 1 with serial 101") !=
           NULL;
}

static void what_is_wrong_is_said(void **state)
{
    struct source_probe *p = *state;
    stand_in_of(STAND_IN_RTLSDR);
    says(p, "rtlsdr:library=librtlsdr_that_is_not.so", "install the package librtlsdr0");
    says(p, "rtlsdr:library=" STAND_IN_SOAPY, "has no rtlsdr_get_device_count");
    says(p, "rtlsdr:gain=loud", "write dB, auto or tuner");
    says(p, "rtlsdr:rate=1e6", "rate=1e6: write a number from 2000000 to 3200000");
    says(p, "rtlsdr:band=1030", "write 1090 or 978");
    says(p, "rtlsdr:index=first", "index=first: write a number");
    says(p, "rtlsdr:index=1,serial=7,library=" STAND_IN_RTLSDR, "both say which stick");
    says(p, "rtlsdr:color=red", "color");
    says(p, "soapy:library=" STAND_IN_SOAPY, "write driver=");
    says(p, "soapy:driver=x,bandwidth=wide,library=" STAND_IN_SOAPY, "bandwidth=wide");
    assert_int_equal(probe_source(p, "rtlsdr:library=" STAND_IN_RTLSDR ",serial=7"), ERR_OK);
    assert_true(run_until(&p->base.loop, says_which, p, 3000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SOURCED(a_stick_is_set_up_and_heard),
        SOURCED(a_stick_that_comes_later_is_found),
        SOURCED(a_stick_pulled_out_is_waited_for),
        SOURCED(a_stick_that_stalls_is_opened_anew),
        SOURCED(a_stick_that_hangs_holds_nobody_up),
        SOURCED(gain_goes_down_where_frames_are_cut_off),
        SOURCED(samples_lost_are_counted),
        SOURCED(an_input_closed_by_its_first_item_is_gone),
        SOURCED(soapy_is_set_up_and_heard),
        SOURCED(soapy_is_waited_for),
        SOURCED(what_is_wrong_is_said),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    buf_free(&the_scene.samples);
    return failed;
}
