#include "wire/wire.h"

#include <string.h>

#define FORMAT(name) extern const struct wire_format wire_##name;
#include "wire/format.def"

const struct wire_format *const wire_formats[] = {
#define FORMAT(name) &wire_##name,
#include "wire/format.def"
    NULL,
};

const struct wire_format *wire_format_find(const char *name)
{
    for (size_t i = 0; wire_formats[i]; i++) {
        if (strcmp(wire_formats[i]->name, name) == 0) {
            return wire_formats[i];
        }
    }
    return NULL;
}
