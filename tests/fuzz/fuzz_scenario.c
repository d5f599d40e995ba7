/* Scenario files from anywhere: `== NAME` lines begin a file. What passes the check is played for
   two minutes; every frame must be one. */
#include "base/instant.h"
#include "simulate/simulation.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum err read_files(struct scenario *sc, const char *text, size_t size)
{
    char why[512], name[32];
    const char *end = text + size;
    enum err e = ERR_OK;
    while (text < end && !e) {
        const char *line = memchr(text, '\n', (size_t)(end - text));
        const size_t n = (size_t)((line ? line : end) - text);
        if (n < 4 || memcmp(text, "== ", 3) != 0 || n - 3 >= sizeof name) {
            return ERR_SYNTAX;
        }
        memcpy(name, text + 3, n - 3);
        name[n - 3] = '\0';
        text += n + (line != NULL);
        const char *next = text;
        while (next < end && memcmp(next, "==", (size_t)(end - next) < 2 ? 1 : 2) != 0) {
            const char *stop = memchr(next, '\n', (size_t)(end - next));
            next = stop ? stop + 1 : end;
        }
        e = scenario_read(sc, name, text, (size_t)(next - text), why, sizeof why);
        text = next;
    }
    return e ? e : scenario_check(sc, why, sizeof why);
}

static void play(const struct scenario *sc)
{
    const struct simulation_options o = {
        .start_us = sc->head.start_us + INT64_C(32400000000),
        .end_us = sc->head.start_us + INT64_C(32520000000),
        .seed = (uint64_t)sc->head.seed,
        .rate = 1,
    };
    struct simulation *s;
    struct reception r;
    if (simulation_new(sc, &o, &s)) {
        return;
    }
    int64_t last_us = o.start_us;
    while (simulation_next(s, o.end_us, &r)) {
        if (r.frame.t_us < last_us || (r.frame.n != 7 && r.frame.n != 14) ||
            r.site >= sc->n_sites) {
            abort();
        }
        last_us = r.frame.t_us;
    }
    simulation_free(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct scenario *sc = scenario_new();
    if (sc && size < 16384 && !read_files(sc, (const char *)data, size) && sc->n_routes < 20) {
        play(sc);
    }
    scenario_free(sc);
    return 0;
}
