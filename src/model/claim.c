#include "model/claim.h"

#include <string.h>

const struct claim_word claim_kind_word[CLAIM_KINDS] = {
#define CLAIM_KIND(id, key, span, text) [CLAIM_##id] = {key, text, span},
#include "model/claim.def"
};

const struct claim_word claim_method_word[CLAIM_METHODS] = {
#define CLAIM_METHOD(id, key, text) [CLAIM_METHOD_##id] = {key, text, false},
#include "model/claim.def"
};

const struct claim_word claim_shape_word[CLAIM_SHAPES] = {
#define CLAIM_SHAPE(id, key) [CLAIM_SHAPE_##id] = {key, key, false},
#include "model/claim.def"
};

const struct claim_word claim_rule_word[CLAIM_RULES] = {
#define CLAIM_RULE(id, key, text) [CLAIM_RULE_##id] = {key, text, false},
#include "model/claim.def"
};

_Static_assert(CLAIM_RULES <= 32, "the rules of a claim are the bits of 32");

enum claim_kind claim_kind_find(const char *key)
{
    for (int k = 0; k < CLAIM_KINDS; k++) {
        if (strcmp(claim_kind_word[k].key, key) == 0) {
            return (enum claim_kind)k;
        }
    }
    return CLAIM_KINDS;
}

int64_t claim_time(const struct claim *c)
{
    if (c->t_ms != CLAIM_NO_TIME) {
        return c->t_ms;
    }
    return c->t_lo_ms == CLAIM_NO_TIME   ? c->made_ms
           : c->t_hi_ms == CLAIM_NO_TIME ? c->t_lo_ms
                                         : c->t_lo_ms + (c->t_hi_ms - c->t_lo_ms) / 2;
}
