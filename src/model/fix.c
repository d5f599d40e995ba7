#include "model/fix.h"

const struct verdict_row verdict_row[VERDICT_COUNT] = {
#define VERDICT(id, key, text) [VERDICT_##id] = {key, text},
#include "model/verdict.def"
};
