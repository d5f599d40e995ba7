/* Any bytes as CSV of each kind of item, as fields of items, as a page that says what it was made
   of, and as the file of whose land is whose. The first byte chooses. */
#include "identity/airspace.h"
#include "operation/operation.h"
#include "operation/statement.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static enum err take(void *ctx, struct item *i, size_t line, char *why, size_t why_size)
{
    struct operation *o = ctx;
    struct buf b = {0};
    (void)line;
    item_json(i, &b);
    buf_free(&b);
    const enum err e = operation_check(o, i, why, why_size);
    return e ? e : operation_put(o, i);
}

static void read_csv(enum item_kind kind, const uint8_t *p, size_t n)
{
    struct operation o = {0};
    char why[ITEM_WHY_MAX], *text = malloc(n + 1);
    if (text) {
        memcpy(text, p, n);
        item_csv(kind, text, n, 0, take, &o, why, sizeof why);
        operation_free(&o);
    }
    free(text);
}

static void read_page(const uint8_t *p, size_t n)
{
    char key[ITEM_KEY_MAX + 1];
    int64_t at, state, edition;
    unsigned language;
    statement_hash_at(p, n);
    if (statement_read(p, n, key, &at, &language, &state, &edition) && language >= LANGUAGES) {
        abort();
    }
}

static void read_land(const uint8_t *p, size_t n)
{
    struct airspace *a;
    char country[3];
    if (airspace_open(p, n, &a) == ERR_OK) {
        airspace_at(a, 135000000, 22000000, country);
        airspace_at(a, -900000000, 1800000000, country);
        airspace_free(a);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    if (n == 0) {
        return 0;
    }
    const unsigned what = p[0] % (ITEM_KINDS + 2);
    if (what < ITEM_KINDS) {
        read_csv((enum item_kind)what, p + 1, n - 1);
    } else if (what == ITEM_KINDS) {
        read_page(p + 1, n - 1);
    } else {
        read_land(p + 1, n - 1);
    }
    return 0;
}
