#include "operation/unit.h"

#include <string.h>

const struct unit_word unit_word[UNITS] = {
#define UNIT(id, key, measure, low, high, en, ar, fr)                                              \
    {key, MEASURE_##measure, low, high, {en, ar, fr}},
#include "operation/unit.def"
};

static const char *const languages[LANGUAGES] = {"en", "ar", "fr"};

enum unit unit_find(const char *key)
{
    unsigned u = 0;
    while (u < UNITS && strcmp(unit_word[u].key, key) != 0) {
        u++;
    }
    return (enum unit)u;
}

unsigned language_find(const char *key)
{
    unsigned l = 0;
    while (l < LANGUAGES && strcmp(languages[l], key) != 0) {
        l++;
    }
    return l;
}

const char *language_key(unsigned language)
{
    return languages[language];
}
