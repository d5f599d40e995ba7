/* Kills a loaded writer of history -9 at random instants, again and again in one store, and asks
   each time: does it open, does the check find nothing, is everything there that was acknowledged,
   bit for bit and once, and how much of the last second is lost. kill9 N [SEED [DIR]]; DIR is made.
 */
#include "app/history.h"
#include "base/rng.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { AIRCRAFT = 400, BATCH = 100, BATCH_US = 5000, LIFE_US = 2500000, POINTS_MAX = 1 << 20 };

/* A sentence of the writer, as it happened. */
struct said {
    int64_t t_ms;      /* of a batch taken; 0: */
    uint64_t together; /* points taken; acknowledged */
};

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The point of an aircraft at a time, the same whoever asks. */
static struct kept point_of(uint32_t aircraft, int64_t t_ms)
{
    struct rng r = {(uint64_t)t_ms * 1000003 + aircraft};
    struct kept k = kept_none();
    k.t_ms = t_ms;
    k.address = 0x500000 + aircraft;
    const int64_t gone = t_ms % 600000;
    k.lat_e7 = (int32_t)(100000000 + aircraft * 20000 + gone * 20 + (int64_t)rng_below(&r, 300));
    k.lon_e7 = (int32_t)(-50000000 + aircraft * 30000 + gone * 10 + (int64_t)rng_below(&r, 300));
    k.alt_baro_ft = 30000 + 25 * (int32_t)rng_below(&r, 3);
    k.gs_e2_kt = 45000 + (int32_t)rng_below(&r, 200);
    k.track_e2_deg = 2600 + (int32_t)rng_below(&r, 40);
    k.baro_rate_fpm = 64 * (int32_t)rng_below(&r, 3);
    k.origin = ORIGIN_ADSB_ICAO;
    memcpy(k.flight, "KILL9   ", 8);
    k.squawk = 01000;
    return k;
}

static void tell(int pipe_to, struct said s)
{
    if (write(pipe_to, &s, sizeof s) != sizeof s) {
        _exit(3);
    }
}

/* Takes batches until it is killed. */
static void live(const char *dir, int pipe_to)
{
    static struct receivers none = {.n = 1};
    const struct history_options o = {
        .dir = dir, .store = {.chunk_points = 200, .chunk_age_ms = 1500}, .receivers = &none};
    struct history *h = NULL;
    char why[512];
    if (history_open(&o, &h, why, sizeof why)) {
        fprintf(stderr, "%s\n", why);
        _exit(2);
    }
    uint64_t n = 0, acknowledged = 0;
    const uint64_t before = history_state(h).kept; /* what the journal brought */
    for (int64_t last_ms = 0;; usleep(BATCH_US)) {
        const int64_t t_ms = now_ms();
        if (t_ms <= last_ms) {
            continue;
        }
        last_ms = t_ms;
        for (uint32_t i = 0; i < BATCH; i++) {
            const struct kept k = point_of((uint32_t)((n + i) % AIRCRAFT), t_ms);
            history_take(h, &k);
        }
        n += BATCH;
        history_hand_over(h);
        tell(pipe_to, (struct said){t_ms, n});
        const uint64_t kept = history_state(h).kept - before;
        if (kept > acknowledged) {
            acknowledged = kept;
            tell(pipe_to, (struct said){0, kept});
        }
    }
}

struct round {
    int64_t start_ms, killed_ms;
    struct said said[1 << 16];
    size_t n;
    uint64_t taken, acknowledged;
};

static bool run_and_kill(struct round *r, const char *dir, uint32_t life_us)
{
    int ends[2], status;
    if (pipe(ends)) {
        return false;
    }
    r->start_ms = now_ms();
    const pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        live(dir, ends[1]);
    }
    close(ends[1]);
    usleep(life_us);
    r->killed_ms = now_ms();
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    r->n = 0;
    r->taken = r->acknowledged = 0;
    struct said s;
    while (read(ends[0], &s, sizeof s) == sizeof s) {
        if (s.t_ms == 0) {
            r->acknowledged = s.together;
        } else if (r->n < sizeof r->said / sizeof *r->said) {
            r->said[r->n++] = s;
            r->taken = s.together;
        }
    }
    close(ends[0]);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

static void say(void *ctx, const char *sentence)
{
    (void)ctx;
    fprintf(stderr, "check: %s\n", sentence);
}

/* Points found of this round: by aircraft and time, so they are looked for where they must be. */
struct seen {
    const struct round *r;
    uint64_t n, wrong, newest; /* newest: how many were taken when the newest found was */
    uint8_t *has;              /* by number */
};

static bool see(void *ctx, const struct kept *k)
{
    struct seen *s = ctx;
    size_t low = 0, high = s->r->n;
    while (low < high) { /* the batch of this time */
        const size_t middle = (low + high) / 2;
        if (s->r->said[middle].t_ms < k->t_ms) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const struct kept want = point_of(k->address - 0x500000, k->t_ms);
    struct kept got = *k;
    got.receiver = 0;
    s->wrong += memcmp(&want, &got, sizeof want) != 0;
    if (low == s->r->n || s->r->said[low].t_ms != k->t_ms) {
        return true; /* of the batch that was not told any more */
    }
    const uint64_t first = s->r->said[low].together - BATCH;
    const uint64_t at =
        first + (k->address - 0x500000 + AIRCRAFT - (uint32_t)(first % AIRCRAFT)) % AIRCRAFT;
    if (at >= s->r->taken || s->has[at]) {
        s->wrong++; /* nobody took it, or it is there twice */
        return true;
    }
    s->has[at] = 1;
    s->n++;
    s->newest = at + 1 > s->newest ? at + 1 : s->newest;
    return true;
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* 0: all is well; loss_ms: how long before the kill the first missing point was taken. */
static int look(const struct round *r, const char *dir, int64_t *loss_ms, double *open_s)
{
    static uint8_t has[POINTS_MAX];
    const struct store_options writer = {.mode = STORE_WRITE, .chunk_age_ms = 1},
                               reader = {.mode = STORE_READ};
    struct store *s = NULL;
    char why[512] = "";
    size_t found = 0, torn = 0;
    enum err e = store_open(dir, &reader, &s, why, sizeof why);
    if (e == ERR_NOT_FOUND && r->taken == 0) {
        return 0; /* killed before there was anything */
    }
    e = e ? e : store_check(s, say, NULL, &found);
    store_close(s);
    s = NULL;
    const double begun = seconds();
    e = e ? e : store_open(dir, &writer, &s, why, sizeof why);
    *open_s = seconds() - begun;
    if (e || found) {
        fprintf(stderr, "%s: %s, %zu findings\n", err_text(e), why, found);
        return 1;
    }
    memset(has, 0, sizeof has);
    struct seen seen = {.r = r, .has = has};
    struct store_query q = store_query_any();
    q.from_ms = r->start_ms;
    e = store_sync(s);
    e = e ? e : store_find(s, &q, see, &seen, &torn);
    store_close(s);
    uint64_t missing = 0;
    while (missing < r->taken && has[missing]) {
        missing++;
    }
    const size_t batch = (size_t)(missing / BATCH);
    *loss_ms = batch < r->n ? r->killed_ms - r->said[batch].t_ms : 0;
    if (e || torn || seen.wrong || missing < r->acknowledged) {
        fprintf(stderr,
                "%s: %zu torn, %" PRIu64 " wrong; the first missing is %" PRIu64 " of %" PRIu64
                " taken, %" PRIu64 " acknowledged\n",
                err_text(e), torn, seen.wrong, missing, r->taken, r->acknowledged);
        return 1;
    }
    return 0;
}

static int by_value(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    static struct round r;
    const int rounds = argc > 1 ? atoi(argv[1]) : 5;
    struct rng random = {argc > 2 ? strtoull(argv[2], NULL, 10) : (uint64_t)now_ms()};
    char dir[4096] = "/tmp/masar-kill9-XXXXXX";
    if (argc > 3) {
        snprintf(dir, sizeof dir, "%s", argv[3]);
    } else if (!mkdtemp(dir)) {
        return 1;
    }
    int64_t *loss_ms = calloc((size_t)rounds + 1, sizeof *loss_ms);
    uint64_t taken = 0, acknowledged = 0;
    double open_s = 0, longest_s = 0;
    int bad = 0, over = 0;
    printf("seed %" PRIu64 ", store %s\n", random.state, dir);
    for (int i = 0; i < rounds && loss_ms && !bad; i++) {
        const uint32_t life_us = 50000 + rng_below(&random, LIFE_US);
        if (!run_and_kill(&r, dir, life_us)) {
            fprintf(stderr, "round %d: the writer ended by itself\n", i);
            bad++;
            break;
        }
        bad += look(&r, dir, &loss_ms[i], &open_s);
        longest_s = open_s > longest_s ? open_s : longest_s;
        over += loss_ms[i] > 1000;
        taken += r.taken;
        acknowledged += r.acknowledged;
    }
    if (loss_ms) {
        qsort(loss_ms, (size_t)rounds, sizeof *loss_ms, by_value);
        printf("%d kills, %d bad, %" PRIu64 " points taken, %" PRIu64
               " acknowledged\nlost before the kill: median %" PRId64 " ms, most %" PRId64
               " ms, %d times more than a second\nopened again in at most %.0f ms\n",
               rounds, bad, taken, acknowledged, loss_ms[rounds / 2],
               loss_ms[rounds > 0 ? rounds - 1 : 0], over, longest_s * 1e3);
    }
    free(loss_ms);
    if (!bad && argc <= 3) {
        char command[4200];
        snprintf(command, sizeof command, "rm -rf '%s'", dir);
        return system(command) == 0 ? 0 : 1;
    }
    return bad ? 1 : 0;
}
