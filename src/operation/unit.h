/* What quantities of an operation are counted in. A quantity always says its unit; tons say which,
   or that the source did not. Pure. */
#ifndef MASAR_OPERATION_UNIT_H
#define MASAR_OPERATION_UNIT_H

enum unit {
#define UNIT(id, key, measure, low, high, en, ar, fr) UNIT_##id,
#include "operation/unit.def"
    UNITS /* none */
};

enum measure {
    MEASURE_MASS, /* kilograms */
    MEASURE_PEOPLE,
    MEASURE_VOLUME,
    MEASURE_PALLETS,
    MEASURE_VEHICLES,
    MEASURE_SORTIES,
    MEASURE_LOADS,
    MEASURES
};

enum { LANGUAGE_EN, LANGUAGE_AR, LANGUAGE_FR, LANGUAGES };

struct unit_word {
    const char *key;
    enum measure measure;
    double low, high; /* of the measure's base in one */
    const char *text[LANGUAGES];
};

extern const struct unit_word unit_word[UNITS];

#define UNIT_KEYS                                                                                  \
    "people, t (1,000 kg), st (2,000 lb), t? (unsaid), kg, lb, m3, pallets, vehicles, sorties, "   \
    "loads"

/* By key; UNITS: there is none. */
enum unit unit_find(const char *key);

/* "en", "ar", "fr"; LANGUAGES: none of these. */
unsigned language_find(const char *key);
const char *language_key(unsigned language);

#endif
