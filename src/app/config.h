/* The daemon's settings, from the command line and from an INI file with the same names. */
#ifndef MASAR_APP_CONFIG_H
#define MASAR_APP_CONFIG_H

#include "app/keep.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CONFIG_SPECS_MAX = 256, CONFIG_WHY_MAX = 512 };

enum config_from {
    CONFIG_FROM_FILE,
    CONFIG_FROM_LINE
}; /* the line wins, wherever --config stands on it */

struct config {
    char *in[CONFIG_SPECS_MAX], *out[CONFIG_SPECS_MAX]; /* SPECs */
    unsigned n_in, n_out;
    char http_host[64];
    int http_port;
    char public_host[64]; /* of the listener of what is published; "" none */
    int public_port;
    char *web, *token_file;
    char *data;              /* folder of reference data; NULL: the default */
    char *routes;            /* file of routes; NULL: that of the data folder, if any */
    char *store;             /* folder of history; NULL: none is kept */
    int32_t thin_m, thin_ft; /* 0 m: every position is kept */
    struct app_keep keep;
    bool has_place;
    double lat_deg, lon_deg, alt_m;
    uint8_t repair_bits;
    uint32_t aircraft_max;
    uint32_t from_line; /* bit i: row i of the settings was set on the command line */
};

void config_defaults(struct config *c);

/* One setting. ERR_UNKNOWN, ERR_RANGE, ERR_FULL, ERR_MEMORY with a sentence in why. */
enum err config_set(struct config *c, const char *name, const char *value, enum config_from from,
                    char *why, size_t why_size);

/* All settings of an INI file, without sections or in [serve]. ERR_SYSTEM: cannot be read. */
enum err config_read(struct config *c, const char *path, char *why, size_t why_size);

void config_free(struct config *c);

#endif
