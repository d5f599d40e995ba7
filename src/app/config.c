#include "app/config.h"

#include "app/history.h"
#include "app/options.h"

#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum err set_fn(struct config *c, const char *value, char *why, size_t why_size);

static enum err add(char **list, unsigned *n, const char *value, char *why, size_t why_size)
{
    if (*n == CONFIG_SPECS_MAX) {
        snprintf(why, why_size, "more than %d of one kind", CONFIG_SPECS_MAX);
        return ERR_FULL;
    }
    list[*n] = strdup(value);
    if (!list[*n]) {
        return ERR_MEMORY;
    }
    (*n)++;
    return ERR_OK;
}

static enum err replace(char **text, const char *value)
{
    free(*text);
    *text = strdup(value);
    return *text ? ERR_OK : ERR_MEMORY;
}

static enum err set_in(struct config *c, const char *value, char *why, size_t why_size)
{
    return add(c->in, &c->n_in, value, why, why_size);
}

static enum err set_out(struct config *c, const char *value, char *why, size_t why_size)
{
    return add(c->out, &c->n_out, value, why, why_size);
}

static enum err set_http(struct config *c, const char *value, char *why, size_t why_size)
{
    if (!app_parse_address(value, c->http_host, &c->http_port)) {
        snprintf(why, why_size, "http is '%s': write HOST:PORT, for example 127.0.0.1:8080", value);
        return ERR_RANGE;
    }
    return ERR_OK;
}

static enum err set_public(struct config *c, const char *value, char *why, size_t why_size)
{
    if (!app_parse_address(value, c->public_host, &c->public_port)) {
        snprintf(why, why_size, "public is '%s': write HOST:PORT, for example 127.0.0.1:8081",
                 value);
        return ERR_RANGE;
    }
    return ERR_OK;
}

static enum err set_at(struct config *c, const char *value, char *why, size_t why_size)
{
    if (!app_parse_place(value, &c->lat_deg, &c->lon_deg, &c->alt_m)) {
        snprintf(why, why_size,
                 "at is '%s': write LAT,LON or LAT,LON,METERS, for example 13.48,2.18,220", value);
        return ERR_RANGE;
    }
    c->has_place = true;
    return ERR_OK;
}

static enum err set_web(struct config *c, const char *value, char *why, size_t why_size)
{
    (void)why, (void)why_size;
    return replace(&c->web, value);
}

static enum err set_data(struct config *c, const char *value, char *why, size_t why_size)
{
    (void)why;
    (void)why_size;
    return replace(&c->data, value);
}

static enum err set_routes(struct config *c, const char *value, char *why, size_t why_size)
{
    (void)why;
    (void)why_size;
    return replace(&c->routes, value);
}

static enum err set_store(struct config *c, const char *value, char *why, size_t why_size)
{
    (void)why, (void)why_size;
    return replace(&c->store, value);
}

static enum err set_token_file(struct config *c, const char *value, char *why, size_t why_size)
{
    (void)why, (void)why_size;
    return replace(&c->token_file, value);
}

static enum err set_repair(struct config *c, const char *value, char *why, size_t why_size)
{
    if (strlen(value) != 1 || value[0] < '0' || value[0] > '2') {
        snprintf(why, why_size, "repair is '%s': write 0, 1 or 2", value);
        return ERR_RANGE;
    }
    c->repair_bits = (uint8_t)(value[0] - '0');
    return ERR_OK;
}

static enum err set_aircraft_max(struct config *c, const char *value, char *why, size_t why_size)
{
    char *end;
    const long n = strtol(value, &end, 10);
    if (end == value || *end != '\0' || n < 1 || n > 10000000) {
        snprintf(why, why_size, "aircraft-max is '%s': write a number from 1 to 10000000", value);
        return ERR_RANGE;
    }
    c->aircraft_max = (uint32_t)n;
    return ERR_OK;
}

/* "off", or meters and feet. */
static enum err set_thin(struct config *c, const char *value, char *why, size_t why_size)
{
    if (!app_parse_thin(value, &c->thin_m, &c->thin_ft)) {
        snprintf(
            why, why_size,
            "thin is '%s': write METERS,FEET, for example 10,25, or off to keep every position",
            value);
        return ERR_RANGE;
    }
    return ERR_OK;
}

static enum err set_keep(double *out, const char *name, const char *value, char *why,
                         size_t why_size)
{
    if (!app_parse_keep(value, out)) {
        snprintf(why, why_size, "%s is '%s': write a number above 0, for example 30 or 0.5", name,
                 value);
        return ERR_RANGE;
    }
    return ERR_OK;
}

static enum err set_keep_days(struct config *c, const char *value, char *why, size_t why_size)
{
    return set_keep(&c->keep.days, "keep-days", value, why, why_size);
}

static enum err set_keep_gb(struct config *c, const char *value, char *why, size_t why_size)
{
    return set_keep(&c->keep.gb, "keep-gb", value, why, why_size);
}

static const struct setting {
    const char *name;
    set_fn *set;
    bool is_list; /* the file's and the line's are added up */
} settings[] = {
    {"in", set_in, true},
    {"out", set_out, true},
    {"http", set_http, false},
    {"public", set_public, false},
    {"at", set_at, false},
    {"web", set_web, false},
    {"token-file", set_token_file, false},
    {"repair", set_repair, false},
    {"aircraft-max", set_aircraft_max, false},
    {"data", set_data, false},
    {"store", set_store, false},
    {"thin", set_thin, false},
    {"keep-days", set_keep_days, false},
    {"keep-gb", set_keep_gb, false},
    {"routes", set_routes, false},
};

/* $XDG_STATE_HOME/masar/token, else ~/.local/state/masar/token; NULL where there is no home. */
static char *default_token_file(void)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    char path[4096];
    if (state && *state) {
        snprintf(path, sizeof path, "%s/masar/token", state);
    } else if (home && *home) {
        snprintf(path, sizeof path, "%s/.local/state/masar/token", home);
    } else {
        return NULL;
    }
    return strdup(path);
}

void config_defaults(struct config *c)
{
    *c = (struct config){
        .http_port = 8080, .repair_bits = 1, .thin_m = HISTORY_THIN_M, .thin_ft = HISTORY_THIN_FT};
    snprintf(c->http_host, sizeof c->http_host, "127.0.0.1");
    c->token_file = default_token_file();
}

enum err config_set(struct config *c, const char *name, const char *value, enum config_from from,
                    char *why, size_t why_size)
{
    for (unsigned i = 0; i < sizeof settings / sizeof *settings; i++) {
        if (strcmp(settings[i].name, name) != 0) {
            continue;
        }
        if (from == CONFIG_FROM_FILE && !settings[i].is_list && (c->from_line >> i & 1)) {
            return ERR_OK;
        }
        c->from_line |= (uint32_t)(from == CONFIG_FROM_LINE) << i;
        return settings[i].set(c, value, why, why_size);
    }
    int at = snprintf(why, why_size, "there is no setting '%s'; there are", name);
    for (unsigned i = 0; i < sizeof settings / sizeof *settings && at > 0 && (size_t)at < why_size;
         i++) {
        at += snprintf(why + at, why_size - (size_t)at, " %s", settings[i].name);
    }
    return ERR_UNKNOWN;
}

struct reading {
    struct config *c;
    enum err e;
    char *why;
    size_t why_size;
};

static int on_setting(void *ctx, const char *section, const char *name, const char *value)
{
    struct reading *r = ctx;
    if (r->e) {
        return 0;
    }
    if (*section && strcmp(section, "serve") != 0) {
        snprintf(r->why, r->why_size, "there is no section [%s]; there is [serve]", section);
        r->e = ERR_UNKNOWN;
        return 0;
    }
    r->e = config_set(r->c, name, value, CONFIG_FROM_FILE, r->why, r->why_size);
    return r->e == ERR_OK;
}

enum err config_read(struct config *c, const char *path, char *why, size_t why_size)
{
    char inner[CONFIG_WHY_MAX / 2] = "not of the form name = value";
    struct reading r = {c, ERR_OK, inner, sizeof inner};
    const int line = ini_parse(path, on_setting, &r);
    if (line == 0) {
        return ERR_OK;
    }
    if (line < 0) {
        snprintf(why, why_size, "cannot read the file '%s' that --config names", path);
        return ERR_SYSTEM;
    }
    snprintf(why, why_size, "%s:%d: %s", path, line, inner);
    return r.e ? r.e : ERR_SYNTAX;
}

void config_free(struct config *c)
{
    for (unsigned i = 0; i < c->n_in; i++) {
        free(c->in[i]);
    }
    for (unsigned i = 0; i < c->n_out; i++) {
        free(c->out[i]);
    }
    free(c->web);
    free(c->token_file);
    free(c->data);
    free(c->routes);
    free(c->store);
}
