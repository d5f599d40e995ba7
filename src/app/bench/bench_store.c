/* masar bench store: a store of a made-up fleet (bench_kept.h), what it costs and how fast it
   answers. Three kinds of aircraft: a fleet that flies a week, a million short traces for a hundred
   million positions (call signs seen once), one that flies all year. */
#include "app/bench/bench.h"
#include "app/bench/bench_kept.h"
#include "app/command.h"
#include "history/inquiry.h"
#include "store/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    DAYS = 365,
    WEEK_FIRST = 180,
    WEEK_DAYS = 7,
    TRACE_POINTS = 24,
    DAY_POINTS_MAX = 1 << 16,
    COMMIT_POINTS = 1 << 20,
    YEAR_AIRCRAFT = 1,
    FLEET_FIRST = 1000,
    TRACE_FIRST = 1000000, /* one aircraft has one trace in the year */
    LIVE_FIRST = 12000000,
    LIVE_AIRCRAFT = 5000,
    LIVE_POINTS = 100,
    RUNS = 11
};

#define DAY_MS   INT64_C(86400000)
#define START_MS INT64_C(1672531200000) /* 2023-01-01 */

struct store_bench {
    const struct bench_options *o;
    char dir[512];
    struct bench_world world;
    struct store *s;
    struct kept *points; /* DAY_POINTS_MAX */
    uint64_t put, fleet_day_points;
    uint32_t traces, fleet, live;
    size_t year_day_points;
    size_t pending;
    double put_s;
};

static int complain(const struct store_bench *b, const char *what, enum err e)
{
    fprintf(stderr, "masar bench: %s in %s failed: %s\n", what, b->dir, err_text(e));
    return EXIT_COULD_NOT;
}

static bool open_store(struct store_bench *b, enum store_mode mode)
{
    const struct store_options o = {.mode = mode};
    char why[512] = "";
    if (store_open(b->dir, &o, &b->s, why, sizeof why)) {
        fprintf(stderr, "masar bench: %s\n", why);
        return false;
    }
    return true;
}

static void close_store(struct store_bench *b)
{
    store_close(b->s);
    b->s = NULL;
}

/* --- filling ---------------------------------------------------------------------------------- */

static enum err put(struct store_bench *b, uint32_t aircraft, uint32_t day, size_t max)
{
    const size_t n = bench_kept_day(&b->world, aircraft, day, b->points, max);
    const double start_s = bench_wall_s();
    size_t added = 0;
    enum err e = store_put(b->s, b->points, n, &added);
    b->put += added;
    b->pending += added;
    if (!e && b->pending >= COMMIT_POINTS) {
        b->pending = 0;
        e = store_commit(b->s);
    }
    b->put_s += bench_wall_s() - start_s;
    return e;
}

static enum err fill(struct store_bench *b)
{
    enum err e = ERR_OK;
    uint32_t trace = 0;
    for (uint32_t day = 0; day < DAYS && !e; day++) {
        e = put(b, YEAR_AIRCRAFT, day, b->year_day_points);
        const uint32_t until = (uint32_t)((uint64_t)b->traces * (day + 1) / DAYS);
        for (; trace < until && !e; trace++) {
            e = put(b, TRACE_FIRST + trace, day, TRACE_POINTS);
        }
        const bool in_week = day >= WEEK_FIRST && day < WEEK_FIRST + WEEK_DAYS;
        for (uint32_t i = 0; in_week && i < b->fleet && !e; i++) {
            e = put(b, FLEET_FIRST + i, day, DAY_POINTS_MAX);
        }
        if ((in_week || day % 30 == 0) && !e) {
            fprintf(stderr, "day %u of %d: %" PRIu64 " positions\n", day, DAYS, b->put);
        }
    }
    const double start_s = bench_wall_s();
    e = e ? e : store_commit(b->s);
    b->put_s += bench_wall_s() - start_s;
    return e;
}

/* How many traces and aircraft make the count that was asked for. */
static void size_fleet(struct store_bench *b)
{
    uint64_t points = 0;
    enum { SAMPLE = 64 };
    for (uint32_t i = 0; i < SAMPLE; i++) {
        points += bench_kept_day(&b->world, FLEET_FIRST + i, WEEK_FIRST, b->points, DAY_POINTS_MAX);
    }
    b->fleet_day_points = points / SAMPLE + 1;
    const double wanted = (double)b->o->positions;
    b->traces = (uint32_t)(wanted / 100) + 1;
    b->live = (uint32_t)fmin(wanted / 1000 + 1, LIVE_AIRCRAFT);
    /* A small store is not to be all of one aircraft. */
    b->year_day_points = (size_t)fmin(wanted / 10 / DAYS + 1, DAY_POINTS_MAX);
    const double left = wanted - (double)b->traces * TRACE_POINTS -
                        fmin((double)b->fleet_day_points, (double)b->year_day_points) * DAYS;
    b->fleet = (uint32_t)fmax(left / (double)b->fleet_day_points / WEEK_DAYS, 1);
}

static int make(struct store_bench *b)
{
    if (!open_store(b, STORE_WRITE)) {
        return EXIT_COULD_NOT;
    }
    size_fleet(b);
    const enum err e = fill(b);
    close_store(b); /* what waits in the write-ahead log is brought in */
    if (e || !open_store(b, STORE_WRITE)) {
        return e ? complain(b, "filling the store", e) : EXIT_COULD_NOT;
    }
    struct store_stats v;
    const enum err f = store_stats(b->s, &v);
    if (f) {
        return complain(b, "counting the store", f);
    }
    const double n = (double)(b->put ? b->put : 1);
    printf("store_positions %" PRIu64 " positions\n", v.points);
    printf("store_traces %u traces\nstore_fleet %u aircraft\n", b->traces, b->fleet);
    printf("store_bytes_a_position %.3f bytes\n", (double)v.file_bytes / n);
    printf("store_chunk_bytes_a_position %.3f bytes\n", (double)v.chunk_bytes / n);
    printf("store_put %.0f positions/s\n", n / b->put_s);
    fflush(stdout);
    close_store(b);
    return EXIT_DONE;
}

/* --- the journal and kill -9 ------------------------------------------------------------------ */

static int by_time(const void *a, const void *b)
{
    const int64_t x = ((const struct kept *)a)->t_ms, y = ((const struct kept *)b)->t_ms;
    return (x > y) - (x < y);
}

/* Points of aircraft that are in the air at once, in the order of their time. NULL: no memory. */
static struct kept *live_points(const struct store_bench *b, size_t *n)
{
    struct kept *p = malloc((size_t)b->live * LIVE_POINTS * sizeof *p);
    *n = 0;
    for (uint32_t i = 0; p && i < b->live; i++) {
        struct kept *mine = p + *n;
        const size_t m = bench_kept_day(&b->world, LIVE_FIRST + i, DAYS + 1, mine, LIVE_POINTS);
        const int64_t late_ms = m ? mine[0].t_ms - START_MS - (DAYS + 1) * DAY_MS : 0;
        for (size_t k = 0; k < m; k++) {
            mine[k].t_ms -= late_ms;
        }
        *n += m;
    }
    if (p) {
        qsort(p, *n, sizeof *p, by_time);
    }
    return p;
}

/* Records live points and dies without a word, as SIGKILL has it. */
static void record_and_die(struct store_bench *b)
{
    size_t n;
    struct kept *p = live_points(b, &n);
    if (!p || !open_store(b, STORE_WRITE)) {
        _exit(EXIT_COULD_NOT);
    }
    const double start_s = bench_wall_s();
    for (size_t i = 0; i < n; i++) {
        store_add(b->s, &p[i]);
        if (i % LIVE_AIRCRAFT == 0 || i + 1 == n) {
            store_sync(b->s);
        }
    }
    printf("store_add_and_sync %.0f positions/s\n", (double)n / (bench_wall_s() - start_s));
    fflush(stdout);
    raise(SIGKILL);
}

static int open_after_kill(struct store_bench *b)
{
    const pid_t child = fork();
    if (child == 0) {
        record_and_die(b);
        _exit(EXIT_COULD_NOT);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFSIGNALED(status)) {
        fputs("masar bench: the process that was to be killed ended otherwise\n", stderr);
        return EXIT_COULD_NOT;
    }
    const double start_s = bench_wall_s();
    if (!open_store(b, STORE_WRITE)) {
        return EXIT_COULD_NOT;
    }
    printf("store_open_after_kill %.1f ms\n", (bench_wall_s() - start_s) * 1e3);
    fflush(stdout);
    close_store(b);
    return EXIT_DONE;
}

/* --- questions -------------------------------------------------------------------------------- */

static bool count_point(void *ctx, const struct kept *p)
{
    (void)p;
    ++*(uint64_t *)ctx;
    return true;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The k-th asking of one kind of question. */
typedef void question_fn(const struct store_bench *b, unsigned k, struct store_query *q);

static void ask_year(const struct store_bench *b, unsigned k, struct store_query *q)
{
    (void)b;
    (void)k;
    q->address = bench_kept_address(YEAR_AIRCRAFT);
}

static void ask_flight(const struct store_bench *b, unsigned k, struct store_query *q)
{
    bench_kept_flight(TRACE_FIRST + (b->traces / 2 + k * 7) % b->traces, 0, q->flight);
}

/* Six corners around the airports of the first cluster. */
static void ask_polygon(const struct store_bench *b, double radius_m, struct store_query *q)
{
    static struct sphere_place corner[6];
    for (int i = 0; i < 6; i++) {
        const struct sphere_place p =
            sphere_destination(b->world.cluster[0], 60 * i, radius_m * (i % 2 ? 0.8 : 1.0));
        corner[i] = (struct sphere_place){p.lat_e7, p.lon_e7};
    }
    q->area = (struct area){.kind = AREA_POLYGON, .corner = corner, .n = 6};
    q->from_ms = START_MS + (WEEK_FIRST + 3) * DAY_MS;
    q->to_ms = q->from_ms + DAY_MS;
}

static void ask_city(const struct store_bench *b, unsigned k, struct store_query *q)
{
    (void)k;
    ask_polygon(b, 60e3, q);
}

static void ask_country(const struct store_bench *b, unsigned k, struct store_query *q)
{
    (void)k;
    ask_polygon(b, 400e3, q);
}

static int measure(struct store_bench *b, const char *name, question_fn *ask)
{
    double ms[RUNS], cpu_ms[RUNS], first_ms = 0;
    uint64_t found = 0;
    for (unsigned k = 0; k <= RUNS; k++) { /* the first one warms */
        struct store_query q = store_query_any();
        ask(b, k, &q);
        found = 0;
        const double start_s = bench_wall_s(), start_cpu_s = bench_cpu_s();
        const enum err e = store_find(b->s, &q, count_point, &found, NULL);
        if (e) {
            return complain(b, name, e);
        }
        *(k ? &ms[k - 1] : &first_ms) = (bench_wall_s() - start_s) * 1e3;
        cpu_ms[k ? k - 1 : 0] = (bench_cpu_s() - start_cpu_s) * 1e3;
    }
    qsort(ms, RUNS, sizeof *ms, compare);
    qsort(cpu_ms, RUNS, sizeof *cpu_ms, compare);
    printf("%s %.2f ms\n%s_cpu %.2f ms\n%s_first %.2f ms\n%s_found %" PRIu64 " positions\n", name,
           ms[RUNS / 2], name, cpu_ms[RUNS / 2], name, first_ms, name, found);
    fflush(stdout);
    return EXIT_DONE;
}

/* The list of one aircraft's flights of the year, as `masar find --hex` prints it. */
static enum err list_flights(struct store_bench *b, const struct question *q, uint64_t *found)
{
    struct inquiry *i = NULL;
    struct buf out = {0};
    bool more = true;
    enum err e = inquiry_new(q, b->s, &i);
    while (!e && more) {
        e = inquiry_step(i, b->s, &out, &more);
        buf_clear(&out);
    }
    *found = i ? inquiry_state(i).found : 0;
    inquiry_free(i);
    buf_free(&out);
    return e;
}

static int measure_flights(struct store_bench *b)
{
    double ms[RUNS], cpu_ms[RUNS];
    uint64_t found = 0;
    char why[QUESTION_WHY_MAX];
    struct question q;
    question_start(&q);
    q.query.address = bench_kept_address(YEAR_AIRCRAFT);
    enum err e = question_ready(&q, why, sizeof why);
    for (unsigned k = 0; k <= RUNS && !e; k++) { /* the first one warms */
        const double start_s = bench_wall_s(), start_cpu_s = bench_cpu_s();
        e = list_flights(b, &q, &found);
        ms[k ? k - 1 : 0] = (bench_wall_s() - start_s) * 1e3;
        cpu_ms[k ? k - 1 : 0] = (bench_cpu_s() - start_cpu_s) * 1e3;
    }
    question_free(&q);
    if (e) {
        return complain(b, "listing flights", e);
    }
    qsort(ms, RUNS, sizeof *ms, compare);
    qsort(cpu_ms, RUNS, sizeof *cpu_ms, compare);
    printf("store_year_flights %.2f ms\nstore_year_flights_cpu %.2f ms\nstore_year_flights_found "
           "%" PRIu64 " flights\n",
           ms[RUNS / 2], cpu_ms[RUNS / 2], found);
    fflush(stdout);
    return EXIT_DONE;
}

static int measure_instant(struct store_bench *b)
{
    double ms[RUNS], cpu_ms[RUNS];
    uint64_t found = 0;
    for (unsigned k = 0; k < RUNS; k++) {
        const int64_t t_ms = START_MS + (WEEK_FIRST + 2) * DAY_MS + DAY_MS / 2 + k * 60000;
        found = 0;
        const double start_s = bench_wall_s(), start_cpu_s = bench_cpu_s();
        const enum err e = store_instant(b->s, t_ms, 300000, count_point, &found, NULL);
        if (e) {
            return complain(b, "the picture at an instant", e);
        }
        ms[k] = (bench_wall_s() - start_s) * 1e3;
        cpu_ms[k] = (bench_cpu_s() - start_cpu_s) * 1e3;
    }
    qsort(ms, RUNS, sizeof *ms, compare);
    qsort(cpu_ms, RUNS, sizeof *cpu_ms, compare);
    printf("store_instant %.2f ms\nstore_instant_cpu %.2f ms\nstore_instant_found %" PRIu64
           " aircraft\n",
           ms[RUNS / 2], cpu_ms[RUNS / 2], found);
    return EXIT_DONE;
}

static int ask_all(struct store_bench *b)
{
    static const struct {
        const char *name;
        question_fn *ask;
    } questions[] = {{"store_polygon_city_day", ask_city},
                     {"store_polygon_country_day", ask_country},
                     {"store_aircraft_year", ask_year},
                     {"store_flight", ask_flight}};
    if (!open_store(b, STORE_READ)) {
        return EXIT_COULD_NOT;
    }
    int status = EXIT_DONE;
    for (size_t i = 0; i < sizeof questions / sizeof *questions && status == EXIT_DONE; i++) {
        status = measure(b, questions[i].name, questions[i].ask);
    }
    status = status == EXIT_DONE ? measure_flights(b) : status;
    status = status == EXIT_DONE ? measure_instant(b) : status;
    close_store(b);
    return status;
}

/* --- the folder ------------------------------------------------------------------------------- */

/* A folder of our own inside the one given, so that what is removed is nobody else's. */
static bool make_folder(struct store_bench *b)
{
    const char *in = b->o->dir ? b->o->dir : getenv("TMPDIR");
    snprintf(b->dir, sizeof b->dir, "%s/masar-bench-XXXXXX", in ? in : "/tmp");
    if (mkdtemp(b->dir)) {
        return true;
    }
    fprintf(stderr, "masar bench: no folder can be made at %s: %s\n", b->dir, strerror(errno));
    return false;
}

static void remove_folder(const struct store_bench *b)
{
    DIR *dir = opendir(b->dir);
    if (!dir) {
        return;
    }
    for (const struct dirent *e; (e = readdir(dir));) {
        if (e->d_name[0] != '.') {
            unlinkat(dirfd(dir), e->d_name, 0);
        }
    }
    closedir(dir);
    rmdir(b->dir);
}

int bench_store(const struct bench_options *o)
{
    struct store_bench b = {.o = o, .points = malloc(DAY_POINTS_MAX * sizeof(struct kept))};
    if (!b.points || !make_folder(&b)) {
        free(b.points);
        return EXIT_COULD_NOT;
    }
    bench_world_make(&b.world, o->seed, 20, START_MS);
    int status = make(&b);
    status = status == EXIT_DONE ? open_after_kill(&b) : status;
    status = status == EXIT_DONE ? ask_all(&b) : status;
    if (b.s) {
        close_store(&b);
    }
    if (o->keep) {
        fprintf(stderr, "the store stays in %s\n", b.dir);
    } else {
        remove_folder(&b);
    }
    free(b.points);
    return status;
}
