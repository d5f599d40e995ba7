/* sim: a scenario, played at the pace asked for, by its own clock. */
#include "source/sim.h"

#include "base/instant.h"
#include "simulate/redraw.h"
#include "source/kind.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TICK_MS = 20,
    FILE_BYTES_MAX = 8 << 20,
    TURN_FRAMES_MAX = 20000, /* of one turn of the loop, so that others have theirs */
};

static const char *const keys[] = {"scenario", "start", "hours",   "speed",
                                   "seed",     "rate",  "traffic", NULL};

/* --- the scenario's folder ---------------------------------------------------------------- */

static enum err read_all(FILE *f, char **text, size_t *n)
{
    *text = NULL;
    *n = 0;
    for (size_t room = 0;;) {
        if (*n == room) {
            room = room ? 2 * room : 1 << 16;
            char *more = room > FILE_BYTES_MAX ? NULL : realloc(*text, room);
            if (!more) {
                return room > FILE_BYTES_MAX ? ERR_FULL : ERR_MEMORY;
            }
            *text = more;
        }
        const size_t got = fread(*text + *n, 1, room - *n, f);
        *n += got;
        if (got == 0) {
            return ferror(f) ? ERR_SYSTEM : ERR_OK;
        }
    }
}

static enum err read_file(struct scenario *sc, const char *folder, const struct scenario_file *file,
                          char *why, size_t why_size)
{
    char path[1024];
    if (snprintf(path, sizeof path, "%s/%s", folder, file->name) >= (int)sizeof path) {
        snprintf(why, why_size, "the name of the scenario's folder is too long");
        return ERR_FULL;
    }
    FILE *f = fopen(path, "rb");
    if (!f) {
        if (!file->needed && errno == ENOENT) {
            return ERR_OK;
        }
        snprintf(why, why_size,
                 "cannot read %s: %s; a scenario is a folder such as "
                 "scenarios/niamey-2024",
                 path, strerror(errno));
        return ERR_SYSTEM;
    }
    char *text = NULL;
    size_t n = 0;
    enum err e = read_all(f, &text, &n);
    if (e) {
        snprintf(why, why_size, "cannot read %s: %s", path,
                 e == ERR_FULL     ? "larger than 8 MiB"
                 : e == ERR_SYSTEM ? strerror(errno)
                                   : err_text(e));
    } else {
        char inner[512];
        e = scenario_read(sc, file->name, text, n, inner, sizeof inner);
        if (e) {
            snprintf(why, why_size, "%s/%s", folder, inner);
        }
    }
    fclose(f);
    free(text);
    return e;
}

enum err sim_scenario_open(const char *folder, struct scenario **out, char *why, size_t why_size)
{
    struct scenario *sc = scenario_new();
    if (!sc) {
        snprintf(why, why_size, "out of memory");
        return ERR_MEMORY;
    }
    enum err e = ERR_OK;
    for (int i = 0; scenario_files[i].name && !e; i++) {
        e = read_file(sc, folder, &scenario_files[i], why, why_size);
    }
    if (!e) {
        char inner[512];
        e = scenario_check(sc, inner, sizeof inner);
        if (e) {
            snprintf(why, why_size, "%s/%s", folder, inner);
        }
    }
    if (e) {
        scenario_free(sc);
        return e;
    }
    *out = sc;
    return ERR_OK;
}

/* --- keys --------------------------------------------------------------------------------- */

static enum err read_seed(const struct spec *spec, uint64_t *seed, char *why, size_t why_size)
{
    const char *text = spec_get(spec, "seed", NULL);
    if (!text) {
        return ERR_OK;
    }
    char *end = NULL;
    errno = 0;
    *seed = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end || errno) {
        snprintf(why, why_size, "seed=%s is not a whole number", text);
        return ERR_RANGE;
    }
    return ERR_OK;
}

/* Seed 0 is the scenario as published, with the luck of hearing it names; any other draws the
   flights anew as well. */
static enum err read_luck(const struct spec *spec, struct scenario *sc, uint64_t *luck, char *why,
                          size_t why_size)
{
    uint64_t seed = 0;
    const enum err e = read_seed(spec, &seed, why, why_size);
    *luck = seed ? seed : (uint64_t)sc->head.seed;
    return e || seed == 0 ? e : scenario_redraw(sc, seed, why, why_size);
}

static enum err read_start(const struct spec *spec, const struct scenario_head *h,
                           int64_t *start_us, char *why, size_t why_size)
{
    const char *text = spec_get(spec, "start", NULL);
    if (!text) {
        return ERR_OK;
    }
    char from[32], to[32];
    const enum err e = instant_parse(text, start_us);
    if (!e && *start_us >= h->start_us && *start_us < h->end_us) {
        return ERR_OK;
    }
    instant_format(h->start_us, 0, from);
    instant_format(h->end_us, 0, to);
    snprintf(why, why_size, "start=%s is not a time within the scenario: it goes from %s to %s",
             text, from, to);
    return e ? e : ERR_RANGE;
}

/* Faster than 5 times, a page or a table sees each aircraft often enough at a part of the rate:
   at 60 times a quarter of it still is a position every two seconds of the scenario. */
static double default_rate(double speed)
{
    return speed == 0 ? 1 : fmin(1, fmax(0.125, 15 / speed));
}

static enum err read_rest(const struct spec *spec, struct sim_options *o, char *why,
                          size_t why_size)
{
    const struct scenario_head *h = &o->scenario->head;
    struct simulation_options *s = &o->simulation;
    const char *speed = spec_get(spec, "speed", "1");
    double hours = 0;
    *s = (struct simulation_options){.start_us = h->start_us, .seed = (uint64_t)h->seed};
    o->speed = 0;
    enum err e = read_start(spec, h, &s->start_us, why, why_size);
    e = e ? e : read_luck(spec, o->scenario, &s->seed, why, why_size);
    e = e ? e : spec_number(spec, "hours", 0.01, 1e5, &hours, why, why_size);
    if (!e && strcmp(speed, "max") != 0) {
        o->speed = 1;
        e = spec_number(spec, "speed", 0.1, 10000, &o->speed, why, why_size);
    }
    s->rate = default_rate(o->speed);
    e = e ? e : spec_number(spec, "rate", 0.05, 1, &s->rate, why, why_size);
    double traffic = 1;
    e = e ? e : spec_number(spec, "traffic", 0, 1, &traffic, why, why_size);
    s->left_out = 1 - traffic;
    const int64_t asked_us = s->start_us + (int64_t)(hours * 3.6e9);
    s->end_us = hours > 0 && asked_us < h->end_us ? asked_us : h->end_us;
    return e;
}

enum err sim_options_read(const struct spec *spec, struct sim_options *out, char *why,
                          size_t why_size)
{
    const char *folder = spec_get(spec, "scenario", NULL);
    if (!folder) {
        snprintf(why, why_size,
                 "sim: needs scenario=FOLDER, for example sim:scenario=scenarios/niamey-2024");
        return ERR_SYNTAX;
    }
    enum err e = sim_scenario_open(folder, &out->scenario, why, why_size);
    if (e) {
        return e;
    }
    e = read_rest(spec, out, why, why_size);
    if (e) {
        scenario_free(out->scenario);
    }
    return e;
}

/* --- playing ------------------------------------------------------------------------------ */

struct sim {
    struct source *source;
    struct sim_options o;
    struct simulation *simulation;
    uint16_t receiver[SCENARIO_SITES_MAX]; /* number of each site */
    uv_timer_t timer;                      /* paced */
    uv_idle_t idle;                        /* as fast as it goes */
    uint64_t began_ms;                     /* loop time at which sim time was from_us */
    int64_t from_us, now_us;
    bool paused, ended, closed;
    int open_handles;
};

static void on_closed(uv_handle_t *handle)
{
    struct sim *s = handle->data;
    if (--s->open_handles == 0) {
        simulation_free(s->simulation);
        scenario_free(s->o.scenario);
        free(s);
    }
}

static void tell_state(struct sim *s)
{
    char now[32];
    instant_format(s->now_us, 0, now);
    source_set_state(s->source, "%s: %s, %zu transponders on", s->o.scenario->head.name, now,
                     simulation_active(s->simulation));
}

/* Hands on what is due before until_us; false where the turn was too short for it, or whoever takes
   the items paused or closed the source. */
static bool play(struct sim *s, int64_t until_us)
{
    struct reception r;
    for (int i = 0; i < TURN_FRAMES_MAX && !s->paused && !s->closed; i++) {
        if (!simulation_next(s->simulation, until_us, &r)) {
            s->now_us = until_us;
            return true;
        }
        r.frame.receiver = s->receiver[r.site];
        s->now_us = r.frame.t_us;
        const struct wire_item item = {.kind = WIRE_FRAME, .frame = &r.frame};
        source_item(s->source, &item);
    }
    return false;
}

static void stop_clock(struct sim *s)
{
    uv_timer_stop(&s->timer);
    uv_idle_stop(&s->idle);
}

static void end(struct sim *s)
{
    s->ended = true;
    stop_clock(s);
    const bool failed = simulation_failed(s->simulation);
    source_done(s->source, failed ? ERR_MEMORY : ERR_OK,
                failed ? "out of memory: the simulation is not whole" : "the scenario has ended");
}

/* Waves on their way at the scenario's end still arrive. */
static int64_t last_us(const struct sim *s)
{
    return s->o.simulation.end_us + 10000;
}

static void after_turn(struct sim *s)
{
    if (s->closed) {
        return; /* the source is no longer ours to speak to */
    }
    tell_state(s);
    if (s->now_us >= last_us(s)) {
        end(s);
    }
}

static void on_tick(uv_timer_t *timer)
{
    struct sim *s = timer->data;
    const uint64_t now_ms = uv_now(timer->loop);
    int64_t due_us = s->from_us + (int64_t)((double)(now_ms - s->began_ms) * 1000 * s->o.speed);
    due_us = due_us < last_us(s) ? due_us : last_us(s);
    if (!play(s, due_us)) {
        /* This machine is too slow for the speed: go on from here rather than pile up. */
        s->from_us = s->now_us;
        s->began_ms = now_ms;
    }
    after_turn(s);
}

static void on_idle(uv_idle_t *idle)
{
    struct sim *s = idle->data;
    const int64_t turn_us = s->now_us + 1000000;
    play(s, turn_us < last_us(s) ? turn_us : last_us(s));
    after_turn(s);
}

/* Every site a row of its own, marked, placed. */
static void add_receivers(struct sim *s)
{
    struct receivers *table = source_options(s->source)->receivers;
    source_receiver(s->source)->simulated = true;
    for (size_t i = 0; i < s->o.scenario->n_sites; i++) {
        const struct scenario_site *site = &s->o.scenario->site[i];
        s->receiver[i] =
            source_use_receiver(s->source, site->site, RECEIVER_ID_SIMULATED | (i + 1));
        struct receiver *row = &table->row[s->receiver[i]];
        row->simulated = true;
        row->has_place = true;
        row->lat_e7 = (int32_t)lround(site->lat * 1e7);
        row->lon_e7 = (int32_t)lround(site->lon * 1e7);
        row->alt_m = (int32_t)lround((site->elevation_ft + site->antenna_ft) * 0.3048);
    }
}

/* Time runs from now_us on. */
static void start_clock(struct sim *s)
{
    uv_update_time(s->timer.loop);
    s->began_ms = uv_now(s->timer.loop);
    s->from_us = s->now_us;
    if (s->o.speed > 0) {
        uv_timer_start(&s->timer, on_tick, TICK_MS, TICK_MS);
    } else {
        uv_idle_start(&s->idle, on_idle);
    }
}

static enum err sim_open(struct source *source, const struct spec *spec, void **state, char *why,
                         size_t why_size)
{
    struct sim *s = calloc(1, sizeof *s);
    if (!s) {
        snprintf(why, why_size, "out of memory");
        return ERR_MEMORY;
    }
    enum err e = sim_options_read(spec, &s->o, why, why_size);
    if (e) {
        free(s);
        return e;
    }
    e = simulation_new(s->o.scenario, &s->o.simulation, &s->simulation);
    if (e) {
        snprintf(why, why_size, "the simulation cannot begin: %s", err_text(e));
        scenario_free(s->o.scenario);
        free(s);
        return e;
    }
    uv_loop_t *loop = source_options(source)->loop;
    s->source = source;
    s->now_us = s->o.simulation.start_us;
    uv_timer_init(loop, &s->timer);
    uv_idle_init(loop, &s->idle);
    s->timer.data = s->idle.data = s;
    s->open_handles = 2;
    add_receivers(s);
    start_clock(s);
    tell_state(s);
    *state = s;
    return ERR_OK;
}

static void sim_pause(void *state, bool paused)
{
    struct sim *s = state;
    if (paused == s->paused || s->ended) {
        return;
    }
    s->paused = paused;
    if (paused) {
        stop_clock(s);
    } else {
        start_clock(s);
    }
}

static void sim_close(void *state)
{
    struct sim *s = state;
    s->closed = true;
    uv_close((uv_handle_t *)&s->timer, on_closed);
    uv_close((uv_handle_t *)&s->idle, on_closed);
}

const struct source_kind source_sim = {
    .name = "sim",
    .help = "a simulated scenario: scenario=FOLDER, start=T, hours=H, speed=N or max, seed=N, "
            "rate=0.05..1",
    .keys = keys,
    .own_clock = true,
    .open = sim_open,
    .close = sim_close,
    .pause = sim_pause,
};
