#include "serve/past.h"

#include "base/map.h"
#include "serve/internal.h"
#include "serve/who.h"
#include "store/density.h"
#include "store/reel.h"
#include "wire/picture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The first window after a jump is short, so that it is there soon, and long enough to read the
   next meanwhile; those after it are as long as there is room for. */
enum {
    STEPS_FIRST = 8,
    STEPS_MOST = 512,
    SHORT_MS = 30000,
    STILL_MS = 1000,
    BINS = 4,           /* of points closer to each other than a quarter of a step one stays */
    SLOTS_MAX = 1 << 18 /* known aircraft, before numbering begins anew */
};

/* A picture's times are tenths of a second; what is later than the instant is told by the exact
 * one. */
struct item {
    int64_t t_ms;
    struct picture_item it;
};

/* The points of one aircraft in the window, by time. */
struct group {
    uint32_t address;
    uint32_t slot; /* in the picture, once there is one */
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
    int64_t bin; /* of the last point that came */
};

/* Of all history. */
struct extent {
    int64_t first_ms, last_ms;
};

struct past {
    char *dir;
    struct store *store;
    struct reel *reel;
    struct window w, next; /* pictures are made of w; next is past_ahead's */
    struct extent all, next_all;
    atomic_bool stop;
    struct map slots; /* address → slot in the picture */
    struct picture *picture;
    struct who who; /* by slot in the picture */
    int64_t picture_ms;
    bool has_picture;
};

struct past *past_new(const char *dir, struct shelf *shelf)
{
    struct past *p = calloc(1, sizeof *p);
    if (!p) {
        return NULL;
    }
    p->dir = strdup(dir);
    p->picture = picture_new();
    p->reel = reel_new(shelf);
    if (!p->dir || !p->picture || !p->reel || map_init(&p->slots, SLOTS_MAX)) {
        past_free(p);
        return NULL;
    }
    return p;
}

void past_free(struct past *p)
{
    if (p) {
        store_close(p->store);
        reel_free(p->reel);
        free(p->w.item);
        free(p->w.group);
        free(p->next.item);
        free(p->next.group);
        map_free(&p->slots);
        picture_free(p->picture);
        who_free(&p->who);
        free(p->dir);
        free(p);
    }
}

void past_name(struct past *p, const struct serve_options *o)
{
    p->who.o = o;
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

static bool begin_group(struct window *w, uint32_t address)
{
    if (!grow((void **)&w->group, w->groups, &w->group_room, sizeof *w->group)) {
        w->failed = true;
        return false;
    }
    w->group[w->groups++] = (struct group){.address = address, .first = w->n};
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
    struct window *w = ctx;
    if (k->t_ms >= w->to_ms) {
        return true;
    }
    if ((w->groups == 0 || k->address != w->group[w->groups - 1].address) &&
        !begin_group(w, k->address)) {
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

static int64_t bin_of_step(int64_t step_ms)
{
    const int64_t step = llabs(step_ms);
    return step / BINS > 100 ? step / BINS : 100;
}

/* Reads the pictures of [from, from + length), but for those to come: at the end of history there
   will be more. */
static enum err read_window(struct past *p, struct window *w, const struct past_ask *ask,
                            int64_t from_ms, int64_t length_ms)
{
    const bool ahead = w == &p->next;
    const int64_t last_ms = ahead ? p->next_all.last_ms : p->all.last_ms;
    bool whole = false;
    w->from_ms = from_ms;
    w->to_ms = from_ms + length_ms;
    w->to_ms = w->to_ms > last_ms + 1 ? last_ms + 1 : w->to_ms;
    w->bin_ms = bin_of_step(ask->step_ms);
    w->n = w->groups = w->left_out = 0;
    w->failed = false;
    const struct reel_ask reel = {.from_ms = w->from_ms - PAST_AGE_MS,
                                  .to_ms = w->to_ms,
                                  .keeps = ahead,
                                  .stop = ahead ? &p->stop : NULL};
    const enum err e = reel_read(p->reel, p->store, &reel, take, w, &whole);
    if (e || !whole) {
        w->bin_ms = 0;
    }
    return w->failed ? ERR_MEMORY : e;
}

static int64_t length_of(int64_t steps, int64_t step_ms)
{
    const int64_t length_ms = steps * llabs(step_ms);
    return step_ms == 0 ? STILL_MS : length_ms < SHORT_MS ? SHORT_MS : length_ms;
}

/* From t_ms on, or up to it where time runs backwards: then a window that was halved may end before
   the instant, and less is asked for. */
static enum err read_around(struct past *p, const struct past_ask *ask)
{
    const int64_t length_ms = length_of(STEPS_FIRST, ask->step_ms);
    const int64_t from_ms = ask->step_ms < 0 ? ask->t_ms + 1 - length_ms : ask->t_ms;
    p->next.bin_ms = 0;
    enum err e = read_window(p, &p->w, ask, from_ms, length_ms);
    if (!e && p->w.to_ms <= ask->t_ms) {
        e = read_window(p, &p->w, ask, ask->t_ms, STILL_MS);
    }
    return e;
}

static bool is_within(const struct window *w, const struct past_ask *ask)
{
    return w->bin_ms > 0 && ask->t_ms >= w->from_ms && ask->t_ms < w->to_ms &&
           w->bin_ms <= bin_of_step(ask->step_ms);
}

bool past_has(const struct past *p, const struct past_ask *ask, bool is_reading)
{
    return ask->t_ms < p->all.last_ms &&
           (is_within(&p->w, ask) || (!is_reading && is_within(&p->next, ask)));
}

/* --- reading ahead ------------------------------------------------------------------------ */

static int64_t next_from(const struct past *p, int64_t step_ms, int64_t length_ms)
{
    return step_ms < 0 ? p->w.from_ms - length_ms : p->w.to_ms;
}

bool past_wants_ahead(const struct past *p, const struct past_ask *ask)
{
    const struct window *w = &p->w, *next = &p->next;
    const bool has = next->bin_ms > 0 && next->bin_ms <= bin_of_step(ask->step_ms) &&
                     (ask->step_ms < 0 ? next->to_ms == w->from_ms : next->from_ms == w->to_ms);
    return w->bin_ms > 0 && !has &&
           (ask->step_ms < 0 ? w->from_ms > p->all.first_ms : w->to_ms <= p->all.last_ms);
}

/* As long as there is room for, as far as the window before can say. */
static int64_t length_ahead(const struct window *w, int64_t step_ms)
{
    const double room = 0.6 * PAST_ITEMS_MAX - w->groups;
    const double items = w->n > w->groups ? w->n - w->groups : 1;
    const int64_t least_ms = length_of(STEPS_FIRST, step_ms),
                  most_ms = length_of(STEPS_MOST, step_ms);
    const double length_ms = room / items * (double)(w->to_ms - w->from_ms);
    return length_ms < (double)least_ms  ? least_ms
           : length_ms > (double)most_ms ? most_ms
                                         : (int64_t)length_ms;
}

/* Where it cannot be read past_take tries again, and says what is wrong. Backwards, a window that
   was halved leaves a hole: it is of no use. */
void past_ahead(struct past *p, const struct past_ask *ask)
{
    const int64_t length_ms = length_ahead(&p->w, ask->step_ms);
    const int64_t from_ms = next_from(p, ask->step_ms, length_ms);
    enum err e = store_span(p->store, &p->next_all.first_ms, &p->next_all.last_ms);
    e = e ? e : p->next_all.first_ms == KEPT_NO_TIME ? ERR_NOT_FOUND : ERR_OK;
    e = e ? e : read_window(p, &p->next, ask, from_ms, length_ms);
    if (e || (ask->step_ms < 0 && p->next.to_ms != p->w.from_ms)) {
        p->next.bin_ms = 0;
    }
}

void past_stop(struct past *p, bool stop)
{
    atomic_store(&p->stop, stop);
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
        const struct picture_item *last = item_at(&p->w, &p->w.group[g], ask->t_ms);
        if (last) {
            struct picture_item it = *last;
            who_fill(&p->who, p->w.group[g].slot, ask->t_ms, &it);
            if (!picture_put(p->picture, p->w.group[g].slot, &it)) {
                return ERR_MEMORY;
            }
            took->aircraft++;
        }
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

/* Where history begins and ends; looked up again at its end, past_ahead does so meanwhile. */
static enum err look_up_all(struct past *p, const struct past_ask *ask, char why[PAST_WHY_MAX])
{
    if (!ask->fresh && p->has_picture && ask->t_ms < p->all.last_ms) {
        return ERR_OK;
    }
    const enum err e = store_span(p->store, &p->all.first_ms, &p->all.last_ms);
    if (e) {
        snprintf(why, PAST_WHY_MAX, "the store cannot be read: %s", err_text(e));
    } else if (p->all.first_ms == KEPT_NO_TIME) {
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
    return e ? e : renew_picture(p) ? ERR_OK : ERR_MEMORY;
}

static enum err number(struct past *p)
{
    enum err e = p->slots.n + p->w.groups > SLOTS_MAX / 2 ? renumber(p) : ERR_OK;
    for (uint32_t i = 0; i < p->w.groups && !e; i++) {
        struct group *g = &p->w.group[i];
        g->slot = map_get(&p->slots, g->address);
        if (g->slot == MAP_NONE) {
            g->slot = p->slots.n;
            e = map_add(&p->slots, g->address, g->slot);
        }
    }
    return e;
}

/* Has the window that the picture can be made of. */
static enum err find_window(struct past *p, const struct past_ask *ask)
{
    if (is_within(&p->w, ask)) {
        return ERR_OK;
    }
    if (is_within(&p->next, ask)) {
        const struct window before = p->w;
        p->w = p->next;
        p->next = before;
        p->next.bin_ms = 0;
        p->all = p->next_all;
        return number(p);
    }
    const enum err e = read_around(p, ask);
    return e ? e : number(p);
}

enum err past_take(struct past *p, const struct past_ask *asked, struct buf *out,
                   struct past_took *took, char why[PAST_WHY_MAX])
{
    struct past_ask ask = *asked;
    *took = (struct past_took){.t_ms = ask.t_ms};
    enum err e = open_store(p, why);
    e = e ? e : look_up_all(p, &ask, why);
    if (e) {
        return e;
    }
    const struct extent all = p->all;
    ask.t_ms = ask.t_ms < all.first_ms  ? all.first_ms
               : ask.t_ms > all.last_ms ? all.last_ms
                                        : ask.t_ms;
    *took = (struct past_took){.t_ms = ask.t_ms, .first_ms = all.first_ms, .last_ms = all.last_ms};
    e = find_window(p, &ask);
    e = e ? e : make_picture(p, &ask, out, took);
    if (e) {
        snprintf(why, PAST_WHY_MAX, "the store cannot be read: %s", err_text(e));
    }
    return e;
}
