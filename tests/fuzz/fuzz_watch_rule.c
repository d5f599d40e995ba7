/* Rules of watches: any bytes are a rule or an error with its place; what is a rule can be told
   positions and claims. */
#include "watch/say.h"
#include "watch/watch.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *area(void *ctx, const char *name)
{
    (void)ctx;
    return strcmp(name, "gulf") == 0 ? "circle=10,10,50km" : NULL;
}

static int list(void *ctx, const char *name)
{
    (void)ctx;
    return strcmp(name, "own") == 0 ? 3 : -1;
}

static void told(void *ctx, const struct watch_alert *a)
{
    struct buf b = {0};
    unsigned *n = ctx;
    ++*n;
    watch_say_json(a, NULL, &b);
    assert(a->key[0]);
    buf_free(&b);
}

/* One that ends soon, and is extended. */
static bool clearances(void *ctx, int64_t now_ms, watch_clearance_fn *out, void *out_ctx)
{
    struct watch_clearance c = {.operation = "relief", .number = "NE-1", .country = "NE"};
    (void)ctx;
    c.runs = true;
    c.to_ms = 1717749000000 + (now_ms > 1717749040000 ? 9 : 1) * INT64_C(3600000);
    out(out_ctx, &c);
    return true;
}

static void use(struct watch_rule *r)
{
    unsigned n = 0;
    const struct watch_views none = {.known_since_ms = KEPT_NO_TIME, .clearances = clearances};
    struct watch_set *s = watch_set_new(&none, told, &n);
    assert(s);
    assert(watch_set_put(s, 1, r) == ERR_OK);
    struct kept k = kept_none();
    k.address = 0x3c6444;
    k.t_ms = 1717749000000;
    k.lat_e7 = k.lon_e7 = 100000000;
    k.squawk = 07700;
    k.alt_baro_ft = 30000;
    memcpy(k.flight, "DLH9LF  ", 8);
    for (int i = 0; i < 5; i++, k.t_ms += 10000) {
        (void)watch_fix(s, &k);
        (void)watch_tick(s, k.t_ms);
    }
    for (unsigned kind = 0; kind < CLAIM_KINDS; kind++) {
        struct claim c = claim_none((enum claim_kind)kind, k.address, 0);
        c.number = kind + 1;
        c.leg = 1;
        c.p = 1;
        c.made_ms = c.t_lo_ms = c.t_hi_ms = k.t_ms;
        (void)watch_claim(s, &c);
        c.flags = CLAIM_WITHDRAWN;
        c.supersedes = c.number;
        c.number = 100 + kind;
        (void)watch_claim(s, &c);
    }
    (void)watch_tick(s, k.t_ms + 7200000);
    watch_set_free(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct watch_names names = {.day = AIRPORT_TODAY, .area = area, .list = list};
    struct watch_rule *r;
    struct watch_wrong wrong;
    char *text = malloc(size + 1); /* its end is the heap's */
    assert(text);
    memcpy(text, data, size);
    const enum err e = watch_rule_read(text, size, &names, &r, &wrong);
    free(text);
    assert((e == ERR_OK) == (r != NULL));
    assert(!e || (wrong.why[0] && wrong.at <= size));
    if (r) {
        use(r);
    }
    return 0;
}
