/* masar operation statement: what is known at an instant as a page that is frozen, named by its
   hash, and made again from the same store to the same bytes. */
#include "app/command.h"
#include "app/load.h"
#include "app/operation/operation_board.h"
#include "app/operation/operation_cli.h"
#include "app/options.h"
#include "base/instant.h"
#include "operation/statement.h"
#include "store/ledger.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define DAY_MS INT64_C(86400000)
/* Drawn to a few hundred points a flight. */
#define POINT_MS 120000

struct places {
    const struct operation_views *v;
};

static const struct airport *airport_of(const struct operation_views *v, const char *code)
{
    const uint32_t i = airport_find(v->airports, code, AIRPORT_TODAY);
    return i == AIRPORT_NONE ? NULL : airport_at(v->airports, i);
}

static const char *name_of(void *ctx, const char *code)
{
    const struct operation_views *v = ((struct places *)ctx)->v;
    const struct airport *a = airport_of(v, code);
    return a ? airport_name(v->airports, a) : "";
}

static bool where_is(void *ctx, const char *code, int32_t *lat_e7, int32_t *lon_e7)
{
    const struct airport *a = airport_of(((struct places *)ctx)->v, code);
    if (a) {
        *lat_e7 = a->lat_e7;
        *lon_e7 = a->lon_e7;
    }
    return a != NULL;
}

/* ---- tracks ---- */

struct tracking {
    struct statement_track *t;
    size_t cap;
    bool failed;
};

static bool take(void *ctx, const struct kept *p)
{
    struct tracking *w = ctx;
    struct statement_track *t = w->t;
    t->kept++;
    if (t->n > 0 && p->t_ms - t->point[t->n - 1].t_ms < POINT_MS) {
        return true;
    }
    if (t->n == w->cap) {
        w->cap = w->cap ? w->cap * 2 : 128;
        struct statement_point *more = realloc(t->point, w->cap * sizeof *more);
        if (!more) {
            w->failed = true;
            return false;
        }
        t->point = more;
    }
    t->point[t->n++] = (struct statement_point){p->t_ms, p->lat_e7, p->lon_e7};
    return true;
}

static void span_of(const struct sortie *s, int64_t at_ms, int64_t *from_ms, int64_t *to_ms)
{
    *from_ms = s->off.lo_ms != SORTIE_NO_TIME ? s->off.lo_ms : s->on.lo_ms;
    *to_ms = s->is_over && s->on.hi_ms != SORTIE_NO_TIME ? s->on.hi_ms : *from_ms + DAY_MS;
    *to_ms = *to_ms < at_ms ? *to_ms : at_ms;
}

static enum err read_tracks(struct store *s, struct statement_view *v)
{
    enum err e = ERR_OK;
    for (size_t k = 0; k < v->tracks && !e; k++) {
        struct tracking w = {.t = &v->track[k]};
        struct store_query q = store_query_any();
        const struct sortie *flight = &v->track[k].m->s;
        int64_t to;
        span_of(flight, v->board->at_ms, &q.from_ms, &to);
        q.to_ms = to + 1;
        q.address = flight->address;
        if (!flight->implied && q.from_ms != SORTIE_NO_TIME && q.from_ms < q.to_ms) {
            e = store_find(s, &q, take, &w, NULL);
        }
        e = e ? e : w.failed ? ERR_MEMORY : ERR_OK;
    }
    return e;
}

/* The hash is of the page with zeros where the hash stands. */
static void put_hash(struct buf *page, char hex[STATEMENT_HASH_DIGITS + 1])
{
    unsigned char hash[STATEMENT_HASH_DIGITS / 2];
    const size_t at = statement_hash_at(page->p, page->n);
    crypto_generichash(hash, sizeof hash, page->p, page->n, NULL, 0);
    sodium_bin2hex(hex, STATEMENT_HASH_DIGITS + 1, hash, sizeof hash);
    if (at != SIZE_MAX) {
        memcpy(page->p + at, hex, STATEMENT_HASH_DIGITS);
    }
}

/* Those of the last day, or where there are none the last few before it. from_ms: since when. */
static size_t pick(const struct board_view *v, const struct match *out[STATEMENT_FLIGHTS],
                   int64_t *from_ms)
{
    enum { EARLIER = 3 };
    *from_ms = v->at_ms - DAY_MS;
    size_t n = statement_pick(v, *from_ms, out);
    if (n == 0) {
        n = statement_pick(v, 0, out);
        const size_t over = n > EARLIER ? n - EARLIER : 0;
        n -= over;
        for (size_t k = 0; k < n && over; k++) {
            out[k] = out[k + over];
        }
        *from_ms = n ? out[0]->t_ms - DAY_MS / 4 : *from_ms;
    }
    return n;
}

static enum err make(struct operation_opened *w, unsigned language, int64_t state, int64_t edition,
                     struct buf *page, char hex[STATEMENT_HASH_DIGITS + 1])
{
    const struct operation_views *views = operation_world_views(w->world);
    const struct board_view board = operation_board_view(&w->now, views);
    const struct match *picked[STATEMENT_FLIGHTS];
    struct places places = {views};
    struct statement_view v = {.board = &board,
                               .language = language,
                               .program = "masar " MASAR_VERSION,
                               .state = state,
                               .edition = edition,
                               .land = views->airspace,
                               .name = name_of,
                               .where = where_is,
                               .ctx = &places};
    v.tracks = pick(&board, picked, &v.from_ms);
    v.earlier = v.tracks > 0 && v.from_ms < board.at_ms - DAY_MS;
    for (size_t k = 0; k < v.tracks; k++) {
        v.track[k].m = picked[k];
    }
    enum err e = read_tracks(w->store, &v);
    e = e ? e : statement_write(&v, page);
    if (!e) {
        put_hash(page, hex);
    }
    for (size_t k = 0; k < v.tracks; k++) {
        free(v.track[k].point);
    }
    return e;
}

/* ---- signature: FILE.sig holds the public key and the signature of the hash ---- */

static int sign(const char *key_file, const char *page_file, const char *hex)
{
    unsigned char secret[crypto_sign_SECRETKEYBYTES], public[crypto_sign_PUBLICKEYBYTES],
        signature[crypto_sign_BYTES];
    char path[1100], text[2 * sizeof signature + 1], key[2 * sizeof public + 1];
    FILE *f = fopen(key_file, "rb");
    bool done = f && fread(secret, 1, sizeof secret, f) == sizeof secret;
    if (f) {
        fclose(f);
    } else { /* the first time */
        const mode_t mask = umask(077);
        crypto_sign_keypair(public, secret);
        f = fopen(key_file, "wbx");
        umask(mask);
        done = f && fwrite(secret, 1, sizeof secret, f) == sizeof secret;
        done = f && fclose(f) == 0 && done;
    }
    if (!done) {
        return operation_cli_failed("the key of --sign cannot be read or written");
    }
    crypto_sign_ed25519_sk_to_pk(public, secret);
    crypto_sign_detached(signature, NULL, (const unsigned char *)hex, strlen(hex), secret);
    sodium_memzero(secret, sizeof secret);
    sodium_bin2hex(text, sizeof text, signature, sizeof signature);
    sodium_bin2hex(key, sizeof key, public, sizeof public);
    snprintf(path, sizeof path, "%s.sig", page_file);
    f = fopen(path, "w");
    done = f && fprintf(f, "ed25519 %s %s\n", key, text) > 0;
    done = f && fclose(f) == 0 && done;
    return done ? EXIT_DONE : operation_cli_failed("the signature cannot be written");
}

/* 1: signed right, 0: not signed, -1: wrong. */
static int signed_right(const char *page_file, const char *hex, char key[65])
{
    char path[1100], text[129] = "";
    unsigned char public[crypto_sign_PUBLICKEYBYTES], signature[crypto_sign_BYTES];
    size_t n;
    snprintf(path, sizeof path, "%s.sig", page_file);
    FILE *f = fopen(path, "r");
    if (!f) {
        return 0;
    }
    const bool read = fscanf(f, "ed25519 %64s %128s", key, text) == 2;
    fclose(f);
    return read && sodium_hex2bin(public, sizeof public, key, 64, NULL, &n, NULL) == 0 &&
                   n == sizeof public &&
                   sodium_hex2bin(signature, sizeof signature, text, 128, NULL, &n, NULL) == 0 &&
                   n == sizeof signature &&
                   crypto_sign_verify_detached(signature, (const unsigned char *)hex, strlen(hex),
                                               public) == 0
               ? 1
               : -1;
}

/* ---- freezing ---- */

/* The points it rests on are kept from retention. A server that records holds the store: then they
   are pinned when it is stopped and the statement made again. */
static void pin(const struct operation_cli *c, const struct operation_now *now, const char *hex)
{
    char why[512], name[96];
    struct store *s = NULL;
    const struct store_options options = {.mode = STORE_WRITE};
    const struct match *picked[STATEMENT_FLIGHTS];
    const struct board_view board = {.m = &now->matches, .at_ms = now->at_ms};
    int64_t from_ms;
    const size_t n = pick(&board, picked, &from_ms);
    snprintf(name, sizeof name, "statement %s", hex);
    enum err e = store_open(c->store, &options, &s, why, sizeof why);
    for (size_t k = 0; k < n && !e; k++) {
        int64_t from, to, id;
        span_of(&picked[k]->s, now->at_ms, &from, &to);
        if (!picked[k]->s.implied && from != SORTIE_NO_TIME && from < to) {
            e = store_pin(s, picked[k]->s.address, from, to + 1, name, &id);
        }
    }
    store_close(s);
    if (e) {
        fprintf(stderr, "masar operation: the positions it rests on are not pinned: %s\n", why);
    }
}

static int freeze(struct operation_cli *c, struct operation_opened *w, unsigned language,
                  const struct buf *page, const char *hex)
{
    char path[1024];
    const struct operation_statement_row row = {
        .hash = hex,
        .operation = w->now.o.key,
        .language = language_key(language),
        .author = c->by,
        .title = item_text(operation_head(&w->now.o), SAID_HEAD_NAME),
        .at_ms = w->now.at_ms,
        .made_ms = app_clock_us() / 1000,
        .published = c->publish,
        .page = (const char *)page->p,
        .n = page->n};
    if (operation_file_keep_statement(w->file, &row)) {
        return operation_cli_failed("the statement cannot be kept");
    }
    snprintf(path, sizeof path, "%s", c->out ? c->out : "");
    if (!c->out) {
        snprintf(path, sizeof path, "%.16s.html", hex);
    }
    FILE *f = strcmp(path, "-") == 0 ? stdout : fopen(path, "wb");
    bool done = f && fwrite(page->p, 1, page->n, f) == page->n;
    done = f && (f == stdout ? fflush(f) == 0 : fclose(f) == 0) && done;
    if (!done) {
        return operation_cli_failed("the statement cannot be written");
    }
    fprintf(stderr, "%s %s\n", hex, path);
    return c->key ? sign(c->key, path, hex) : EXIT_DONE;
}

static int make_statement(struct operation_cli *c)
{
    struct operation_opened w;
    struct store_ledger_state ledger = {0};
    struct buf page = {0};
    char hex[STATEMENT_HASH_DIGITS + 1];
    const unsigned language = language_find(c->lang ? c->lang : "en");
    if (c->words != 1 || language == LANGUAGES) {
        return operation_cli_wrong("statement NAME [--at T] [--lang en|ar|fr] [--out FILE]");
    }
    int status = operation_cli_open(c, c->word[0], &w);
    if (status) {
        return status;
    }
    enum err e = store_ledger_state(w.store, &ledger);
    e = e ? e : make(&w, language, operation_file_state(w.file), ledger.edition, &page, hex);
    status = e ? operation_cli_failed("the statement cannot be made")
               : freeze(c, &w, language, &page, hex);
    store_close(w.store); /* pinning writes */
    w.store = NULL;
    if (!status) {
        pin(c, &w.now, hex);
    }
    operation_cli_close(&w);
    buf_free(&page);
    return status;
}

/* ---- making it again ---- */

static int compare(const struct operation_cli *c, const struct buf *given, const struct buf *again,
                   const char *hex)
{
    char key[65] = "";
    const int is_signed = signed_right(c->verify, hex, key);
    if (given->n != again->n || memcmp(given->p, again->p, given->n) != 0) {
        size_t at = 0;
        while (at < given->n && at < again->n && given->p[at] == again->p[at]) {
            at++;
        }
        char made_by[STATEMENT_PROGRAM_MAX];
        const bool says = statement_program(given->p, given->n, made_by);
        const bool other = !says || strcmp(made_by, "masar " MASAR_VERSION) != 0;
        fprintf(
            stderr,
            "masar operation: %s is not what this store says: it differs from byte %zu on%s%s%s\n",
            c->verify, at, other ? "; it was made by " : "",
            !other ? ""
            : says ? made_by
                   : "a version that does not say which",
            other ? ", this is masar " MASAR_VERSION : "");
        return EXIT_COULD_NOT;
    }
    if (is_signed < 0) {
        return operation_cli_failed("the page is the same, its signature is not of this page");
    }
    printf("%s the same, byte for byte%s%s\n", hex, is_signed ? ", signed by " : "",
           is_signed ? key : "");
    return EXIT_DONE;
}

/* Another desk has the page alone: whether it is the one its hash names, and who signed that. */
static int check(const struct operation_cli *c, struct buf *page)
{
    char named[STATEMENT_HASH_DIGITS + 1] = "", hex[STATEMENT_HASH_DIGITS + 1], key[65] = "";
    const size_t at = statement_hash_at(page->p, page->n);
    if (at != SIZE_MAX) {
        memcpy(named, page->p + at, STATEMENT_HASH_DIGITS);
        memset(page->p + at, '0', STATEMENT_HASH_DIGITS);
        put_hash(page, hex);
    }
    if (at == SIZE_MAX || memcmp(named, hex, STATEMENT_HASH_DIGITS) != 0) {
        return operation_cli_failed("the page is not the one its hash names: it was changed");
    }
    const int is_signed = signed_right(c->verify, named, key);
    if (is_signed < 0) {
        return operation_cli_failed("the page is as its hash names it, its signature is not of it");
    }
    printf("%s as its hash names it%s%s; --store DIR makes it again from the history\n", named,
           is_signed ? ", signed by " : ", not signed", is_signed ? key : "");
    return EXIT_DONE;
}

static int verify(struct operation_cli *c)
{
    char why[512], name[ITEM_KEY_MAX + 1], hex[STATEMENT_HASH_DIGITS + 1];
    struct buf given = {0}, again = {0};
    struct operation_opened w;
    unsigned language;
    if (load_file(c->verify, &given, why, sizeof why)) {
        return operation_cli_failed(why);
    }
    if (!statement_read(given.p, given.n, name, &c->at_ms, &language, &c->state, &c->edition)) {
        buf_free(&given);
        return operation_cli_failed("the file is no statement of masar's");
    }
    if (!c->store) {
        const int status = check(c, &given);
        buf_free(&given);
        return status;
    }
    int status = operation_cli_open(c, name, &w);
    if (!status) {
        status = make(&w, language, c->state, c->edition, &again, hex)
                     ? operation_cli_failed("the statement cannot be made again")
                     : compare(c, &given, &again, hex);
        operation_cli_close(&w);
    }
    buf_free(&given);
    buf_free(&again);
    return status;
}

int operation_cli_statement(struct operation_cli *c)
{
    if (sodium_init() < 0) {
        return operation_cli_failed("libsodium does not start");
    }
    return c->verify ? verify(c) : make_statement(c);
}
