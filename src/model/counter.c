#include "model/counter.h"

const struct counter_row counter_row[COUNT_COUNT] = {
#define COUNTER(id, name, help) [COUNT_##id] = {name, help},
#include "model/counter.def"
};
