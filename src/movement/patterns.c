#include "movement/patterns.h"

#include <stdlib.h>

struct patterns {
    struct trust *trust;
    struct pattern *path;
};

struct patterns *patterns_new(uint32_t address, uint16_t epoch)
{
    struct patterns *p = calloc(1, sizeof *p);
    if (p != NULL) {
        p->trust = trust_new(address, epoch);
        p->path = pattern_new(address, epoch);
        if (p->trust == NULL || p->path == NULL) {
            patterns_free(p);
            p = NULL;
        }
    }
    return p;
}

void patterns_free(struct patterns *p)
{
    if (p != NULL) {
        trust_free(p->trust);
        pattern_free(p->path);
        free(p);
    }
}

enum err patterns_push(struct patterns *p, const struct kept *k, struct trust_fix *fix,
                       claim_fn *fn, void *ctx)
{
    const bool before = trust_suspended(p->trust);
    const struct trust_fix f = trust_push(p->trust, k, false, fn, ctx);
    if (fix != NULL) {
        *fix = f;
    }
    if (trust_suspended(p->trust)) {
        if (!before) {
            pattern_cut(p->path, fn, ctx);
        }
        return ERR_OK;
    }
    if ((f.rules & 1U << CLAIM_RULE_CLOCK) != 0) {
        return ERR_OK;
    }
    return pattern_push(p->path, k, fn, ctx);
}

void patterns_end(struct patterns *p, claim_fn *fn, void *ctx)
{
    trust_end(p->trust, fn, ctx);
    pattern_cut(p->path, fn, ctx);
}

bool patterns_suspended(const struct patterns *p)
{
    return trust_suspended(p->trust);
}

const struct trust *patterns_trust(const struct patterns *p)
{
    return p->trust;
}

const struct pattern *patterns_path(const struct patterns *p)
{
    return p->path;
}
