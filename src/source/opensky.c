/* opensky: the OpenSky Network's REST API (opensky-api docs/free/rest.rst): GET
   BASE/api/states/all, within box=S/W/N/E degrees where given. With a key file as a client of one's
   own: its id and secret are exchanged for a token (RFC 6749 4.4), which lasts half an hour. */
#include "source/poll.h"
#include "wire/api_opensky.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const keys[] = {"box", "token-url", POLL_KEYS, NULL};

static const char token_url[] = "https://auth.opensky-network.org/auth/realms/opensky-network/"
                                "protocol/openid-connect/token";

static enum err path(const struct spec *spec, char *out, size_t size, char *why, size_t why_size)
{
    const char *text = spec_get(spec, "box", NULL);
    snprintf(out, size, "/api/states/all?extended=1");
    if (!text) {
        return ERR_OK;
    }
    double v[4];
    const char *p = text;
    bool ok = true;
    for (unsigned i = 0; i < 4 && ok; i++) {
        char *end = NULL;
        v[i] = strtod(p, &end);
        const double most = i % 2 ? 180 : 90;
        ok = end != p && *end == (i < 3 ? '/' : '\0') && v[i] >= -most && v[i] <= most;
        p = end + 1;
    }
    if (!ok || v[0] >= v[2] || v[1] >= v[3]) {
        snprintf(why, why_size,
                 "box=%s: write SOUTH/WEST/NORTH/EAST in degrees, for example box=10/0/16/6", text);
        return ERR_RANGE;
    }
    snprintf(out, size, "/api/states/all?lamin=%.6g&lomin=%.6g&lamax=%.6g&lomax=%.6g&extended=1",
             v[0], v[1], v[2], v[3]);
    return ERR_OK;
}

/* The value after "name=" or "name:", or the line itself. */
static const char *bare(const char *line)
{
    const char *stop = strpbrk(line, "=:");
    const char *value = stop ? stop + 1 : line;
    return value + strspn(value, " \t");
}

/* Two lines, the client's id and its secret, bare or as name=value; or the credentials.json that
   OpenSky's account page gives: {"clientId": "…", "clientSecret": "…"}. */
static enum err key(struct poll *p, const struct spec *spec, char *text, char *why, size_t why_size)
{
    json_t *all = json_loads(text, 0, NULL);
    const char *id = json_string_value(json_object_get(all, "clientId"));
    const char *secret = json_string_value(json_object_get(all, "clientSecret"));
    if (!all) {
        char *rest = NULL;
        const char *first = strtok_r(text, "\r\n", &rest);
        const char *second = strtok_r(NULL, "\r\n", &rest);
        id = first && second ? bare(first) : NULL;
        secret = second ? bare(second) : NULL;
    }
    enum err e = id && secret && *id && *secret ? ERR_OK : ERR_SYNTAX;
    e = e ? e
          : poll_form_add(p->token_form, sizeof p->token_form, "grant_type", "client_credentials");
    e = e ? e : poll_form_add(p->token_form, sizeof p->token_form, "client_id", id);
    e = e ? e : poll_form_add(p->token_form, sizeof p->token_form, "client_secret", secret);
    json_decref(all);
    if (e) {
        snprintf(why, why_size,
                 "key-file=%s: write the client's id on the first line and its secret on the "
                 "second, or give the credentials.json from OpenSky",
                 spec_get(spec, "key-file", ""));
        return e;
    }
    const char *url = spec_get(spec, "token-url", token_url);
    if (strlen(url) >= sizeof p->token_url ||
        (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0)) {
        snprintf(why, why_size, "token-url=%s is not an address: begin with http:// or https://",
                 url);
        return ERR_SYNTAX;
    }
    snprintf(p->token_url, sizeof p->token_url, "%s", url);
    return ERR_OK;
}

static const struct poll_api api = {.base = "https://opensky-network.org",
                                    .every_s = 10,
                                    .parse = api_opensky_parse,
                                    .path = path,
                                    .key = key};

static enum err opensky_open(struct source *s, const struct spec *spec, void **state, char *why,
                             size_t why_size)
{
    return poll_open(s, &api, spec, state, why, why_size);
}

const struct source_kind source_opensky = {
    .name = "opensky",
    .help = "the OpenSky Network: box=S/W/N/E degrees; every= seconds (10), key-file= client id "
            "and secret, url=, token-url=",
    .keys = keys,
    .open = opensky_open,
    .close = poll_close};
