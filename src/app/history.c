#include "app/history.h"

#include "app/ledger/ledger_live.h"
#include "store/coverage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

enum {
    BLOCK_POINTS = 1024,
    BLOCKS_MAX = 512,
    SLICE_POINTS = 20000, /* made into chunks at once: some 30 ms */
    LEARN_CHUNKS = 64     /* coverage is learned from so many at once: as long */
};

#define PRUNE_EVERY_NS UINT64_C(60000000000)
#define SYNC_EVERY_NS                                                                              \
    UINT64_C(700000000) /* with handing over and writing it stays below a second */

/* What coverage has learned from stays as it is: small chunks shall grow together before. */
#define LEARN_EVERY_NS UINT64_C(1800000000000)

struct block {
    struct block *next;
    unsigned n;
    struct kept point[BLOCK_POINTS];
};

struct history {
    struct history_options o;
    struct store *store;        /* the thread's, while it runs */
    struct ledger_live *ledger; /* the thread's; NULL: none */
    char ledger_why[160];
    uv_thread_t thread;
    struct block *filling; /* the loop's */

    uv_mutex_t mutex; /* guards what follows */
    uv_cond_t wake;
    struct block *first, **last; /* to be written, in order */
    struct block *empty;
    unsigned blocks;  /* made */
    unsigned waiting; /* of them handed over and not written yet */
    uint64_t dropped;
    bool ends;
    struct history_state state;

    uint16_t number[RECEIVERS_MAX]; /* the thread's: of a receiver in the store; 0 not asked yet */
};

/* ---- the thread ---- */

/* The store's number for a receiver. A simulated one says so in the store too. */
static uint16_t number_of(struct history *h, uint16_t receiver)
{
    if (receiver == 0 || receiver >= RECEIVERS_MAX) {
        return 0;
    }
    uint16_t *known = &h->number[receiver];
    if (*known == 0) {
        const struct receiver *r = &h->o.receivers->row[receiver];
        char name[RECEIVER_NAME_MAX + 16];
        snprintf(name, sizeof name, "%s%s", r->simulated ? "SIMULATION " : "", r->name);
        if (store_receiver(h->store, name, known) != ERR_OK) {
            *known = 0; /* the disk is full: asked again at the next point */
        }
    }
    return *known;
}

static void write_block(struct history *h, struct block *b)
{
    for (unsigned i = 0; i < b->n; i++) {
        b->point[i].receiver = number_of(h, b->point[i].receiver);
        (void)store_add(h->store, &b->point[i]); /* an error is counted in the store's state */
    }
    b->n = 0;
}

static void note_state(struct history *h)
{
    const struct store_state s = store_state(h->store);
    uv_mutex_lock(&h->mutex);
    h->state =
        (struct history_state){.stopped = s.stopped,
                               .kept = s.kept,
                               .thinned = s.thinned,
                               .refused = s.refused,
                               .lost = s.lost,
                               .buffered = s.buffered,
                               .ledger_waits = h->ledger ? ledger_live_waiting(h->ledger) : 0};
    memcpy(h->state.why, s.why, sizeof h->state.why);
    memcpy(h->state.ledger_why, h->ledger_why, sizeof h->state.ledger_why);
    uv_mutex_unlock(&h->mutex);
}

/* Waits for blocks until then; the list of them, NULL if there are none. */
static struct block *take_blocks(struct history *h, uint64_t until_ns, bool *ends)
{
    uv_mutex_lock(&h->mutex);
    const uint64_t now_ns = uv_hrtime();
    if (!h->first && !h->ends && now_ns < until_ns) {
        uv_cond_timedwait(&h->wake, &h->mutex, until_ns - now_ns);
    }
    struct block *list = h->first;
    h->first = NULL;
    h->last = &h->first;
    *ends = h->ends;
    uv_mutex_unlock(&h->mutex);
    return list;
}

static void give_back(struct history *h, struct block *b)
{
    uv_mutex_lock(&h->mutex);
    b->next = h->empty;
    h->empty = b;
    h->waiting--;
    uv_mutex_unlock(&h->mutex);
}

/* A slice of retention, if it is time for one; returns when the next is. */
static uint64_t prune(struct history *h, uint64_t due_ns)
{
    const uint64_t now_ns = uv_hrtime();
    const struct store_keep keep = app_keep(&h->o.keep);
    struct store_pruned p = {0};
    if (now_ns < due_ns || (h->o.keep.days <= 0 && h->o.keep.gb <= 0)) {
        return due_ns;
    }
    (void)store_prune(h->store, &keep, &p); /* a disk that says no: at the next time */
    return now_ns + (p.more ? 0 : PRUNE_EVERY_NS);
}

/* ---- the ledger ---- */

static void on_kept(void *ctx, const struct kept *p)
{
    const struct history *h = ctx;
    if (h->ledger) {
        ledger_live_take(h->ledger, p);
    }
    if (h->o.store.kept) {
        h->o.store.kept(h->o.store.ctx, p);
    }
}

static void open_ledger(struct history *h)
{
    if (h->o.ledger) {
        h->ledger = ledger_live_open(h->o.dir, &h->o.sources, h->store, h->ledger_why,
                                     sizeof h->ledger_why);
        h->ledger_why[0] = h->ledger ? '\0' : h->ledger_why[0];
        if (h->ledger && h->o.said) {
            ledger_live_tell(h->ledger, h->o.said, h->o.said_ctx);
        }
    }
}

/* At the end all that was kept is looked at, then the store may close. */
static void close_ledger(struct history *h)
{
    (void)store_settle(h->store);
    while (h->ledger && ledger_live_sync(h->ledger, true) == ERR_OK &&
           ledger_live_waits(h->ledger)) {
    }
    ledger_live_close(h->ledger);
    h->ledger = NULL;
}

/* What it says of the points so far. A disk that says no: at the next time. */
static void sync_ledger(struct history *h)
{
    if (h->ledger) {
        (void)ledger_live_sync(h->ledger, false);
        snprintf(h->ledger_why, sizeof h->ledger_why, "%s", ledger_live_why(h->ledger));
    }
}

static bool ledger_is_late(const struct history *h)
{
    return h->ledger && ledger_live_is_late(h->ledger);
}

static void run(void *ctx)
{
    struct history *h = ctx;
    open_ledger(h);
    uint64_t sync_ns = uv_hrtime() + SYNC_EVERY_NS, learn_ns = uv_hrtime() + LEARN_EVERY_NS;
    uint64_t prune_ns = 0;
    for (bool ends = false; !ends;) {
        struct block *b = take_blocks(h, ledger_is_late(h) ? 0 : sync_ns, &ends);
        while (b) {
            struct block *next = b->next;
            write_block(h, b);
            give_back(h, b);
            b = next;
        }
        if (uv_hrtime() >= sync_ns || ends) {
            sync_ns = uv_hrtime() + SYNC_EVERY_NS;
            if (store_sync(h->store) == ERR_OK && !ends) {
                prune_ns = prune(h, prune_ns);
            }
            sync_ledger(h);
            note_state(h);
            if (!ends && uv_hrtime() >= learn_ns) {
                /* What is new in chunks, a little at a time: the blocks wait meanwhile. */
                bool more = false;
                store_coverage_update(h->store, LEARN_CHUNKS, &more);
                learn_ns = uv_hrtime() + (more ? SYNC_EVERY_NS : LEARN_EVERY_NS);
            }
        } else if (ledger_is_late(h)) { /* blocks come first, each time */
            sync_ledger(h);
        }
    }
    close_ledger(h);
}

/* ---- the loop ---- */

/* An empty block, NULL where too many wait. The mutex is held. */
static struct block *empty_block(struct history *h)
{
    struct block *b = h->empty;
    if (b) {
        h->empty = b->next;
    } else if (h->blocks < BLOCKS_MAX && (b = malloc(sizeof *b))) {
        h->blocks++;
        b->n = 0;
    }
    return b;
}

void history_hand_over(struct history *h)
{
    uv_mutex_lock(&h->mutex);
    if (h->filling && h->filling->n > 0) {
        h->filling->next = NULL;
        *h->last = h->filling;
        h->last = &h->filling->next;
        h->filling = NULL;
        h->waiting++;
        uv_cond_signal(&h->wake);
    }
    uv_mutex_unlock(&h->mutex);
}

static bool has_room(struct history *h)
{
    if (h->filling && h->filling->n == BLOCK_POINTS) {
        history_hand_over(h);
    }
    if (!h->filling) {
        uv_mutex_lock(&h->mutex);
        h->filling = empty_block(h);
        h->dropped += h->filling == NULL;
        uv_mutex_unlock(&h->mutex);
    }
    return h->filling != NULL;
}

void history_take(struct history *h, const struct kept *p)
{
    if (has_room(h)) {
        h->filling->point[h->filling->n++] = *p;
    }
}

struct history_state history_state(struct history *h)
{
    uv_mutex_lock(&h->mutex);
    struct history_state s = h->state;
    const uint64_t dropped = h->dropped;
    uv_mutex_unlock(&h->mutex);
    s.lost += dropped;
    if (dropped > 0 && !s.stopped) {
        snprintf(s.why, sizeof s.why,
                 "%llu positions are lost: they came faster than they could be written",
                 (unsigned long long)dropped);
    }
    return s;
}

bool history_is_behind(struct history *h)
{
    uv_mutex_lock(&h->mutex);
    const bool behind = h->waiting > BLOCKS_MAX / 4;
    uv_mutex_unlock(&h->mutex);
    return behind;
}

static void free_blocks(struct block *b)
{
    while (b) {
        struct block *next = b->next;
        free(b);
        b = next;
    }
}

enum err history_open(const struct history_options *o, struct history **out, char *why,
                      size_t why_size)
{
    struct history *h = calloc(1, sizeof *h);
    if (!h) {
        snprintf(why, why_size, "out of memory");
        return ERR_MEMORY;
    }
    h->o = *o;
    h->o.store.mode = STORE_WRITE;
    h->o.store.slice_points = SLICE_POINTS;
    h->last = &h->first;
    struct store_options store = h->o.store;
    store.kept = on_kept;
    store.ctx = h;
    enum err e = store_open(o->dir, &store, &h->store, why, why_size);
    if (e) {
        free(h);
        return e;
    }
    uv_mutex_init(&h->mutex);
    uv_cond_init(&h->wake);
    note_state(h);
    if (uv_thread_create(&h->thread, run, h) != 0) {
        snprintf(why, why_size, "the thread that writes history cannot be started");
        store_close(h->store);
        uv_cond_destroy(&h->wake);
        uv_mutex_destroy(&h->mutex);
        free(h);
        return ERR_SYSTEM;
    }
    *out = h;
    return ERR_OK;
}

void history_close(struct history *h, struct history_state *out)
{
    if (!h) {
        return;
    }
    history_hand_over(h);
    uv_mutex_lock(&h->mutex);
    h->ends = true;
    uv_cond_signal(&h->wake);
    uv_mutex_unlock(&h->mutex);
    uv_thread_join(&h->thread);
    if (out) {
        *out = history_state(h);
    }
    store_close(h->store);
    free_blocks(h->first);
    free_blocks(h->empty);
    free(h->filling);
    uv_cond_destroy(&h->wake);
    uv_mutex_destroy(&h->mutex);
    free(h);
}
