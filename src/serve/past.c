#include "serve/past.h"

#include "base/map.h"
#include "serve/internal.h"
#include "store/density.h"
#include "wire/picture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The first window after a jump is short, so that it is there soon; those after it grow while they
   are small, since a chunk that reaches into two windows is read for each. */
enum {
    STEPS_FIRST = 16,
    STEPS_MOST = 512,
    SHORT_MS = 30000,
    STILL_MS = 1000,
    BINS = 4,             /* of points closer to each other than a quarter of a step one stays */
    SLOTS_MAX = 1 << 18,  /* known aircraft, before numbering begins anew */
    SPAN_EVERY_MS = 60000 /* of history played, the end is looked at again */
};

/* A picture's times are tenths of a second; what is later than the instant is told by the exact
 * one. */
struct item {
    int64_t t_ms;
    struct picture_item it;
};

/* The points of one aircraft in the window, by time. */
struct group {
    uint32_t slot;
    uint32_t first, n;
};

struct window {
    int64_t from_ms, to_ms; /* pictures of [from, to) can be made of it */
    int64_t bin_ms;
    struct item *item;
    struct group *group;
    uint32_t n, room, groups, group_room;
    uint32_t left_out;
    bool failed;
    uint32_t address; /* whose points are coming */
    int64_t bin;      /* of the last one */
};

struct past {
    char *dir;
    struct store *store;
    int64_t first_ms, last_ms, span_at_ms;
    struct window w;
    int64_t steps;    /* of the next window */
    struct map slots; /* address → slot in the picture */
    struct picture *picture;
    int64_t picture_ms;
    bool has_picture;
};

struct past *past_new(const char *dir)
{
    struct past *p = calloc(1, sizeof *p);
    if (!p) {
        return NULL;
    }
    p->dir = strdup(dir);
    p->picture = picture_new();
    if (!p->dir || !p->picture || map_init(&p->slots, SLOTS_MAX)) {
        past_free(p);
        return NULL;
    }
    return p;
}

void past_free(struct past *p)
{
    if (p) {
        store_close(p->store);
        free(p->w.item);
        free(p->w.group);
        map_free(&p->slots);
        picture_free(p->picture);
        free(p->dir);
        free(p);
    }
}

/* --- the window --------------------------------------------------------------------------- */

/* Room for one more in an array of doubling size. */
static bool grow(void **array, uint32_t n, uint32_t *room, size_t size)
{
    if (n < *room) {
        return true;
    }
    const uint32_t more = *room ? 2 * *room : 1024;
    void *bigger = realloc(*array, more * size);
    if (!bigger) {
        return false;
    }
    *array = bigger;
    *room = more;
    return true;
}

/* Gives up the later half of the window, and what was read of it. */
static void halve(struct window *w)
{
    w->to_ms = w->from_ms + (w->to_ms - w->from_ms) / 2;
    uint32_t n = 0;
    for (uint32_t g = 0; g < w->groups; g++) {
        struct group *group = &w->group[g];
        const uint32_t from = group->first;
        group->first = n;
        for (uint32_t i = 0; i < group->n; i++) {
            if (w->item[from + i].t_ms < w->to_ms) {
                w->item[n++] = w->item[from + i];
            }
        }
        group->n = n - group->first;
    }
    w->n = n;
}

static bool begin_group(struct past *p, uint32_t address)
{
    struct window *w = &p->w;
    uint32_t slot = map_get(&p->slots, address);
    if (slot == MAP_NONE) {
        slot = p->slots.n;
        if (map_add(&p->slots, address, slot)) {
            w->failed = true;
            return false;
        }
    }
    if (!grow((void **)&w->group, w->groups, &w->group_room, sizeof *w->group)) {
        w->failed = true;
        return false;
    }
    w->group[w->groups++] = (struct group){.slot = slot, .first = w->n};
    w->address = address;
    w->bin = INT64_MIN;
    return true;
}

/* Of the points in a bin the first stays, so that none is late; of those before the window, which
   are one bin, the last. */
static int64_t bin_of(const struct window *w, int64_t t_ms)
{
    return t_ms < w->from_ms ? -1 : (t_ms - w->from_ms) / w->bin_ms;
}

static void set_item(struct item *item, const struct kept *k)
{
    item->t_ms = k->t_ms;
    live_kept(k, &item->it);
}

static bool take(void *ctx, const struct kept *k)
{
    struct past *p = ctx;
    struct window *w = &p->w;
    if (k->t_ms >= w->to_ms) {
        return true;
    }
    if ((w->groups == 0 || k->address != w->address) && !begin_group(p, k->address)) {
        return false;
    }
    struct group *group = &w->group[w->groups - 1];
    const int64_t bin = bin_of(w, k->t_ms);
    if (group->n > 0 && bin == w->bin) {
        if (bin < 0) {
            set_item(&w->item[w->n - 1], k);
        }
        return true;
    }
    while (w->n >= PAST_ITEMS_MAX && w->to_ms - w->from_ms > STILL_MS) {
        halve(w);
        if (k->t_ms >= w->to_ms) {
            return true;
        }
    }
    if (w->n >= PAST_ITEMS_MAX) {
        w->left_out += group->n == 0;
        return true;
    }
    if (!grow((void **)&w->item, w->n, &w->room, sizeof *w->item)) {
        w->failed = true;
        return false;
    }
    w->bin = bin;
    set_item(&w->item[w->n++], k);
    group->n++;
    return true;
}

/* From t_ms on, or up to it where time runs backwards. */
static enum err read_window(struct past *p, const struct past_ask *ask)
{
    struct window *w = &p->w;
    const int64_t step = llabs(ask->step_ms);
    if (ask->fresh || p->steps == 0) {
        p->steps = STEPS_FIRST;
    } else if (w->n > PAST_ITEMS_MAX / 4) {
        p->steps = p->steps / 4 + 1;
    } else if (p->steps < STEPS_MOST) {
        p->steps *= 2;
    }
    int64_t length = p->steps * step;
    length = step == 0 ? STILL_MS : length < SHORT_MS ? SHORT_MS : length;
    w->from_ms = ask->step_ms < 0 ? ask->t_ms + 1 - length : ask->t_ms;
    w->to_ms = w->from_ms + length;
    w->bin_ms = step / BINS > 100 ? step / BINS : 100;
    w->n = w->groups = w->left_out = 0;
    w->failed = false;
    struct store_query q = store_query_any();
    q.from_ms = w->from_ms - PAST_AGE_MS;
    q.to_ms = w->to_ms;
    const enum err e = store_find(p->store, &q, take, p, NULL);
    return w->failed ? ERR_MEMORY : e;
}

/* Backwards, a window that was halved may end before the instant: then less is asked for. */
static enum err read_around(struct past *p, const struct past_ask *ask)
{
    struct past_ask less = *ask;
    enum err e = read_window(p, &less);
    if (!e && p->w.to_ms <= ask->t_ms) {
        less.step_ms = 0;
        e = read_window(p, &less);
    }
    return e;
}

static bool is_within(const struct past *p, const struct past_ask *ask)
{
    const struct window *w = &p->w;
    const int64_t step = llabs(ask->step_ms);
    return w->bin_ms > 0 && ask->t_ms >= w->from_ms && ask->t_ms < w->to_ms &&
           w->bin_ms <= (step / BINS > 100 ? step / BINS : 100);
}

/* --- the picture -------------------------------------------------------------------------- */

/* The last item of a group at or before the instant; NULL where there is none young enough. */
static const struct picture_item *item_at(const struct window *w, const struct group *g,
                                          int64_t t_ms)
{
    uint32_t low = 0, high = g->n;
    while (low < high) {
        const uint32_t middle = (low + high) / 2;
        if (w->item[g->first + middle].t_ms <= t_ms) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const struct item *last = low ? &w->item[g->first + low - 1] : NULL;
    return last && t_ms - last->t_ms <= PAST_AGE_MS ? &last->it : NULL;
}

static bool renew_picture(struct past *p)
{
    picture_free(p->picture);
    p->picture = picture_new();
    p->has_picture = false;
    return p->picture;
}

/* Time that runs backwards has no deltas: each picture stands by itself. */
static enum err make_picture(struct past *p, const struct past_ask *ask, struct buf *out,
                             struct past_took *took)
{
    const bool fresh = ask->fresh || !p->has_picture || ask->t_ms < p->picture_ms;
    if (fresh && !renew_picture(p)) {
        return ERR_MEMORY;
    }
    for (uint32_t g = 0; g < p->w.groups; g++) {
        const struct picture_item *it = item_at(&p->w, &p->w.group[g], ask->t_ms);
        if (it && !picture_put(p->picture, p->w.group[g].slot, it)) {
            return ERR_MEMORY;
        }
        took->aircraft += it != NULL;
    }
    struct buf unused = {0};
    picture_delta(p->picture, ask->t_ms, fresh ? &unused : out);
    buf_free(&unused);
    if (fresh) {
        picture_snapshot(p->picture, out);
    }
    p->has_picture = true;
    p->picture_ms = ask->t_ms;
    took->left_out = p->w.left_out;
    return out->failed ? ERR_MEMORY : ERR_OK;
}

/* --- asking ------------------------------------------------------------------------------- */

static enum err open_store(struct past *p, char why[PAST_WHY_MAX])
{
    const struct store_options o = {.mode = STORE_READ};
    return p->store ? ERR_OK : store_open(p->dir, &o, &p->store, why, PAST_WHY_MAX);
}

/* Where history begins and ends; looked up again once what is played comes near its end. */
static enum err look_up_span(struct past *p, const struct past_ask *ask, char why[PAST_WHY_MAX])
{
    if (!ask->fresh && p->span_at_ms && ask->t_ms < p->last_ms &&
        llabs(ask->t_ms - p->span_at_ms) < SPAN_EVERY_MS + 100 * llabs(ask->step_ms)) {
        return ERR_OK;
    }
    const enum err e = store_span(p->store, &p->first_ms, &p->last_ms);
    p->span_at_ms = ask->t_ms;
    if (e) {
        snprintf(why, PAST_WHY_MAX, "the store cannot be read: %s", err_text(e));
    } else if (p->first_ms == KEPT_NO_TIME) {
        snprintf(why, PAST_WHY_MAX, "there is no history yet");
        return ERR_NOT_FOUND;
    }
    return e;
}

/* What is numbered once keeps its number; when numbers run out, all begin anew. */
static enum err renumber(struct past *p)
{
    map_free(&p->slots);
    const enum err e = map_init(&p->slots, SLOTS_MAX);
    p->w.bin_ms = 0;
    p->w.failed = false;
    return e ? e : renew_picture(p) ? ERR_OK : ERR_MEMORY;
}

enum err past_take(struct past *p, const struct past_ask *asked, struct buf *out,
                   struct past_took *took, char why[PAST_WHY_MAX])
{
    struct past_ask ask = *asked;
    *took = (struct past_took){.t_ms = ask.t_ms};
    enum err e = open_store(p, why);
    e = e ? e : look_up_span(p, &ask, why);
    if (e) {
        return e;
    }
    ask.t_ms = ask.t_ms < p->first_ms ? p->first_ms : ask.t_ms > p->last_ms ? p->last_ms : ask.t_ms;
    *took = (struct past_took){.t_ms = ask.t_ms, .first_ms = p->first_ms, .last_ms = p->last_ms};
    if (p->slots.n > SLOTS_MAX / 2) {
        e = renumber(p);
    }
    if (!e && !is_within(p, &ask)) {
        e = read_around(p, &ask);
    }
    e = e ? e : make_picture(p, &ask, out, took);
    if (e) {
        snprintf(why, PAST_WHY_MAX, "the store cannot be read: %s", err_text(e));
    }
    return e;
}
