#include "deliver/deliver.h"

#include "deliver/send.h"

#include <curl/curl.h>
#include <mosquitto.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

enum {
    SENDERS_MAX = BOOK_RECEIVERS_MAX,
    WAIT_FIRST_MS = 1000,
    WAIT_MOST_MS = 300000,
    WAIT_LEAST_MS = 50, /* however fast the picture's time goes */
    IDLE_MS = 2000
};

static const struct kind {
    const char *name, *form;
    send_fn *send;
    send_end_fn *end;
} kinds[] = {
    {"webhook", "http:// or https:// and an address", send_webhook, end_curl},
    {"mail", "smtp://host:port from@a to@b,to@c", send_mail, end_curl},
    {"mqtt", "mqtt://host:port/topic", send_mqtt, end_mqtt},
    {"command", "/path/to/program words", send_command, NULL},
};

/* One receiver's thread. */
struct line {
    struct sender sender;
    const struct kind *kind;
    struct deliver *deliver;
    struct book *book;
    uv_thread_t thread;
    _Atomic bool stop, ended;
    bool seen;
    uint64_t turn;       /* of the deliver's, when it looked last */
    struct line *before; /* who sent to this receiver until now: it ends first */
    struct line *next;   /* of those that leave */
};

struct deliver {
    char dir[4096];
    int64_t (*clock_us)(void);
    struct book *book; /* whoever opened us */
    uv_mutex_t mutex;  /* guards turn, the times and the stops */
    uv_cond_t wake;
    uint64_t turn;
    int64_t now_ms; /* of the picture; NO_TIME */
    int64_t due_ms; /* the earliest of it somebody waits for */
    struct line *line[SENDERS_MAX];
    struct book_turns *turns;
    struct line *leaving; /* told to stop, not waited for: they may be in the middle of sending */
};

#define NO_TIME INT64_MIN

/* ---- a thread ---- */

/* Until something is new, it must stop, or ms have passed. */
static void wait_ms(struct line *l, uint64_t ms, bool for_news)
{
    struct deliver *d = l->deliver;
    const uint64_t until_ns = uv_hrtime() + ms * 1000000;
    uv_mutex_lock(&d->mutex);
    for (uint64_t now_ns = uv_hrtime();
         !l->stop && now_ns < until_ns && !(for_news && l->turn != d->turn); now_ns = uv_hrtime()) {
        uv_cond_timedwait(&d->wake, &d->mutex, until_ns - now_ns);
    }
    l->turn = d->turn;
    uv_mutex_unlock(&d->mutex);
}

/* Until the next try: ms of the picture's time or of the day's, whichever goes faster; but what the
   receiver asked for is by its own clock. */
static void wait_try(struct line *l, uint64_t ms, uint64_t asked_ms)
{
    struct deliver *d = l->deliver;
    const uint64_t from_ns = uv_hrtime(), most_ms = ms > asked_ms ? ms : asked_ms;
    const uint64_t least_ms = asked_ms > WAIT_LEAST_MS ? asked_ms : WAIT_LEAST_MS;
    const uint64_t until_ns = from_ns + most_ms * 1000000, least_ns = from_ns + least_ms * 1000000;
    uv_mutex_lock(&d->mutex);
    const int64_t due_ms = d->now_ms == NO_TIME ? INT64_MAX : d->now_ms + (int64_t)ms;
    for (uint64_t now_ns = from_ns; !l->stop && now_ns < until_ns; now_ns = uv_hrtime()) {
        const bool due = d->now_ms >= due_ms;
        if (due && now_ns >= least_ns) {
            break;
        }
        d->due_ms = due_ms < d->due_ms ? due_ms : d->due_ms;
        uv_cond_timedwait(&d->wake, &d->mutex, (due ? least_ns : until_ns) - now_ns);
    }
    l->turn = d->turn;
    uv_mutex_unlock(&d->mutex);
}

struct taking {
    struct line *line;
    struct message_out message;
    enum err e;
};

static void take_next(void *ctx, const struct book_alert *a)
{
    struct taking *t = ctx;
    t->e = message_make(a, t->line->deliver->clock_us() / 1000, &t->message);
}

/* 1, 2, 4 ... s, each up to a tenth longer, so that many who lost one server come back apart. */
static uint64_t wait_after(unsigned tries)
{
    uint64_t ms = (uint64_t)WAIT_FIRST_MS << (tries < 12 ? tries - 1 : 12);
    ms = ms < WAIT_MOST_MS ? ms : WAIT_MOST_MS;
    return ms + randombytes_uniform((uint32_t)ms / 10 + 1);
}

/* Sends one until it is taken. False: it must stop. */
static bool send_one(struct line *l, struct taking *t)
{
    char why[SEND_WHY_MAX] = "";
    for (unsigned tries = 1; !l->stop; tries++) {
        l->sender.wait_s = 0;
        t->message.now_s = l->deliver->clock_us() / 1000000;
        if (l->kind->send(&l->sender, &t->message, why, sizeof why)) {
            while (!l->stop && book_delivered(l->book, l->sender.id, t->message.alert,
                                              l->deliver->clock_us() / 1000, tries, why)) {
                wait_ms(l, WAIT_FIRST_MS, false); /* a full disk: it is not sent again */
            }
            return !l->stop;
        }
        wait_try(l, wait_after(tries), (uint64_t)l->sender.wait_s * 1000);
    }
    return false;
}

static void join_line(struct line *l);

static void run(void *ctx)
{
    struct line *l = ctx;
    if (l->before) {
        join_line(l->before);
        l->before = NULL;
    }
    while (!l->stop) {
        struct taking t = {.line = l};
        const enum err e = book_next(l->book, l->sender.id, take_next, &t);
        if (!e && !t.e) {
            (void)send_one(l, &t);
            message_free(&t.message);
        } else {
            wait_ms(l, IDLE_MS, true);
        }
    }
    if (l->kind->end) {
        l->kind->end(&l->sender);
    }
    l->ended = true;
}

/* ---- who there is ---- */

static const struct kind *find_kind(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            return &kinds[i];
        }
    }
    return NULL;
}

static void free_line(struct line *l)
{
    free(l->sender.name);
    free(l->sender.kind);
    free(l->sender.target);
    free(l->sender.secret);
    book_close(l->book);
    free(l);
}

static void join_line(struct line *l)
{
    uv_thread_join(&l->thread);
    free_line(l);
}

/* Tells it to stop, and does not wait: what is being sent to a receiver that answers nothing ends
   within a second or so, and nobody else is held up by that. */
static void leave(struct deliver *d, size_t i)
{
    struct line *l = d->line[i];
    uv_mutex_lock(&d->mutex);
    l->stop = true;
    uv_cond_broadcast(&d->wake);
    uv_mutex_unlock(&d->mutex);
    l->next = d->leaving;
    d->leaving = l;
    d->line[i] = NULL;
}

/* Those that have ended, or all. */
static void join_leaving(struct deliver *d, bool all)
{
    for (struct line **at = &d->leaving; *at;) {
        struct line *l = *at;
        if (all || l->ended) {
            *at = l->next;
            join_line(l);
        } else {
            at = &l->next;
        }
    }
}

/* Whoever still sends to this receiver is to end first: nothing is sent by two at once. */
static struct line *take_before(struct deliver *d, int64_t receiver)
{
    for (struct line **at = &d->leaving; *at; at = &(*at)->next) {
        if ((*at)->sender.id == receiver) {
            struct line *l = *at;
            *at = l->next;
            return l;
        }
    }
    return NULL;
}

static struct line *new_line(struct deliver *d, const struct book_receiver *r)
{
    char why[256];
    struct line *l = calloc(1, sizeof *l);
    const struct kind *kind = find_kind(r->kind);
    if (!l || !kind) {
        free(l);
        return NULL;
    }
    l->deliver = d;
    l->kind = kind;
    l->sender = (struct sender){.id = r->id,
                                .name = strdup(r->name),
                                .kind = strdup(r->kind),
                                .target = strdup(r->target),
                                .secret = strdup(r->secret),
                                .local = r->local,
                                .stop = &l->stop};
    if (!l->sender.name || !l->sender.kind || !l->sender.target || !l->sender.secret ||
        book_open(d->dir, false, &l->book, why, sizeof why)) {
        free_line(l);
        return NULL;
    }
    book_take_turns(l->book, d->turns, false);
    l->before = take_before(d, r->id);
    if (uv_thread_create(&l->thread, run, l) != 0) {
        if (l->before) {
            l->before->next = d->leaving;
            d->leaving = l->before;
        }
        free_line(l);
        return NULL;
    }
    return l;
}

static bool is_same(const struct line *l, const struct book_receiver *r)
{
    return l->sender.id == r->id && strcmp(l->sender.target, r->target) == 0 &&
           strcmp(l->sender.kind, r->kind) == 0 && strcmp(l->sender.secret, r->secret) == 0 &&
           l->sender.local == r->local;
}

static void see_receiver(void *ctx, const struct book_receiver *r)
{
    struct deliver *d = ctx;
    for (size_t i = 0; i < SENDERS_MAX; i++) {
        if (d->line[i] && is_same(d->line[i], r)) {
            d->line[i]->seen = true;
        }
    }
}

static void add_receiver(void *ctx, const struct book_receiver *r)
{
    struct deliver *d = ctx;
    struct line **empty = NULL;
    for (size_t i = 0; i < SENDERS_MAX; i++) {
        if (d->line[i] && d->line[i]->sender.id == r->id) {
            return;
        }
        empty = !d->line[i] && !empty ? &d->line[i] : empty;
    }
    if (empty) {
        *empty = new_line(d, r);
    }
}

void deliver_read(struct deliver *d)
{
    join_leaving(d, false);
    for (size_t i = 0; i < SENDERS_MAX; i++) {
        if (d->line[i]) {
            d->line[i]->seen = false;
        }
    }
    if (book_receivers(d->book, see_receiver, d)) {
        return; /* the next time */
    }
    for (size_t i = 0; i < SENDERS_MAX; i++) {
        if (d->line[i] && !d->line[i]->seen) {
            leave(d, i);
        }
    }
    (void)book_receivers(d->book, add_receiver, d);
}

void deliver_wake(struct deliver *d)
{
    uv_mutex_lock(&d->mutex);
    d->turn++;
    uv_cond_broadcast(&d->wake);
    uv_mutex_unlock(&d->mutex);
}

void deliver_time(struct deliver *d, int64_t now_ms)
{
    uv_mutex_lock(&d->mutex);
    d->now_ms = now_ms > d->now_ms ? now_ms : d->now_ms;
    if (d->now_ms >= d->due_ms) {
        d->due_ms = INT64_MAX;
        uv_cond_broadcast(&d->wake);
    }
    uv_mutex_unlock(&d->mutex);
}

struct deliver_state deliver_state(struct deliver *d)
{
    struct deliver_state s = {0};
    (void)book_counts(d->book, &s.waiting, &s.delivered);
    return s;
}

void deliver_share(struct deliver *d, struct book *b)
{
    book_take_turns(b, d->turns, true);
}

struct deliver *deliver_open(const char *dir, int64_t (*clock_us)(void), char *why, size_t why_size)
{
    struct deliver *d = calloc(1, sizeof *d);
    if (!d || sodium_init() < 0 || !(d->turns = book_turns_new())) {
        snprintf(why, why_size, "out of memory");
        free(d);
        return NULL;
    }
    signal(SIGPIPE, SIG_IGN); /* a program that does not read its message is no reason to end */
    curl_global_init(CURL_GLOBAL_DEFAULT);
    mosquitto_lib_init();
    snprintf(d->dir, sizeof d->dir, "%s", dir);
    d->clock_us = clock_us;
    d->now_ms = NO_TIME;
    d->due_ms = INT64_MAX;
    uv_mutex_init(&d->mutex);
    uv_cond_init(&d->wake);
    if (book_open(dir, true, &d->book, why, why_size)) {
        deliver_close(d);
        return NULL;
    }
    deliver_read(d);
    return d;
}

void deliver_close(struct deliver *d)
{
    if (!d) {
        return;
    }
    for (size_t i = 0; i < SENDERS_MAX; i++) {
        if (d->line[i]) {
            leave(d, i);
        }
    }
    join_leaving(d, true);
    book_close(d->book);
    book_turns_free(d->turns);
    uv_cond_destroy(&d->wake);
    uv_mutex_destroy(&d->mutex);
    mosquitto_lib_cleanup();
    free(d);
}

/* ---- making receivers ---- */

static bool begins(const char *s, const char *with)
{
    return strncmp(s, with, strlen(with)) == 0;
}

static bool is_form(const char *kind, const char *target)
{
    const char *first = strchr(target, ' '), *second = first ? strchr(first + 1, ' ') : NULL;
    if (strcmp(kind, "webhook") == 0) {
        return !first && (begins(target, "http://") || begins(target, "https://"));
    }
    if (strcmp(kind, "mail") == 0) {
        return second && (begins(target, "smtp://") || begins(target, "smtps://")) &&
               memchr(first, '@', (size_t)(second - first)) && strchr(second, '@') &&
               !strchr(second + 1, ' ') && !strpbrk(target, "<>");
    }
    if (strcmp(kind, "mqtt") == 0) {
        const char *host = strstr(target, "://");
        return !first && (begins(target, "mqtt://") || begins(target, "mqtts://")) &&
               strchr(host + 3, '/') && strchr(host + 3, '/')[1] && !strpbrk(target, "#+");
    }
    size_t words = 1;
    for (const char *p = target; *p; p++) {
        words += *p == ' ';
    }
    return target[0] == '/' && words <= SEND_WORDS_MAX;
}

bool deliver_check(const char *kind, const char *target, char *why, size_t why_size)
{
    const struct kind *k = find_kind(kind);
    if (!k) {
        snprintf(why, why_size, "there is no kind '%s': webhook, mail, mqtt or command", kind);
        return false;
    }
    for (const char *p = target; *p; p++) {
        if ((unsigned char)*p < 0x20 || *p == 0x7f) {
            snprintf(why, why_size, "a target has no control characters");
            return false;
        }
    }
    if (!is_form(kind, target)) {
        snprintf(why, why_size, "'%s' is no target of a %s: write %s", target, kind, k->form);
        return false;
    }
    return true;
}

void deliver_shown(const char *kind, const char *target, char *out, size_t size)
{
    const char *host = strstr(target, "://");
    if (!host) { /* a program: its words may be secrets too */
        snprintf(out, size, "%.*s", (int)strcspn(target, " "), target);
        return;
    }
    host += 3;
    size_t n = strcspn(host, "/ ?#");
    const char *at = memchr(host, '@', n), *next;
    while (at && (next = memchr(at + 1, '@', n - (size_t)(at + 1 - host)))) {
        at = next;
    }
    const char *shown = at ? at + 1 : host;
    n -= (size_t)(shown - host);
    const bool cut = strcmp(kind, "webhook") == 0;
    snprintf(out, size, "%.*s%s%.*s%s", (int)(host - target), target, at ? "***@" : "", (int)n,
             shown, cut ? shown[n] && shown[n + 1] ? "/..." : "" : shown + n);
}

void deliver_secret(char out[48])
{
    unsigned char key[24];
    memcpy(out, "whsec_", 6);
    if (sodium_init() < 0) {
        out[0] = '\0';
        return;
    }
    randombytes_buf(key, sizeof key);
    sodium_bin2base64(out + 6, 48 - 6, key, sizeof key, sodium_base64_VARIANT_ORIGINAL);
}
