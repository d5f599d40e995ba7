/* adsblol: the ADSBx v2 REST API of adsb.lol and those who answer alike (airplanes.live, adsb.fi,
   ADS-B Exchange), and readsb's own aircraft.json. Addresses as adsblol/api's api_v2.py serves
   them:

     point=LAT/LON/NM   GET BASE/v2/point/LAT/LON/NM    NM to 250
     all=1              GET BASE/v2/all                 (adsb.lol itself has none)
     mil=1              GET BASE/v2/mil
     none of these      GET url= as it stands: http://host/tar1090/data/aircraft.json */
#include "source/poll.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const keys[] = {"point", "all", "mil", POLL_KEYS, NULL};

static enum err point_path(const char *text, char *out, size_t size, char *why, size_t why_size)
{
    double v[3];
    const char *p = text;
    bool ok = true;
    for (unsigned i = 0; i < 3 && ok; i++) {
        char *end = NULL;
        v[i] = strtod(p, &end);
        ok = end != p && *end == (i < 2 ? '/' : '\0');
        p = end + 1;
    }
    if (!ok || !(v[0] >= -90 && v[0] <= 90 && v[1] >= -180 && v[1] <= 180) ||
        !(v[2] > 0 && v[2] <= 250)) {
        snprintf(why, why_size,
                 "point=%s: write LATITUDE/LONGITUDE/NAUTICAL MILES (up to 250), for example "
                 "point=13.5/2.2/250",
                 text);
        return ERR_RANGE;
    }
    snprintf(out, size, "/v2/point/%.6g/%.6g/%.0f", v[0], v[1], v[2] < 1 ? 1 : v[2]);
    return ERR_OK;
}

static bool is_on(const struct spec *spec, const char *key)
{
    const char *text = spec_get(spec, key, NULL);
    return text && strcmp(text, "0") != 0 && strcmp(text, "no") != 0;
}

static enum err path(const struct spec *spec, char *out, size_t size, char *why, size_t why_size)
{
    const char *point = spec_get(spec, "point", NULL);
    const bool all = is_on(spec, "all"), mil = is_on(spec, "mil");
    const bool whole = spec_get(spec, "url", NULL) && !point && !all && !mil;
    if (!whole && !!point + all + mil != 1) {
        snprintf(why, why_size,
                 "'adsblol' needs one of point=LAT/LON/NM, mil=1, all=1, or a whole address in "
                 "url=");
        return ERR_SYNTAX;
    }
    if (point) {
        return point_path(point, out, size, why, why_size);
    }
    snprintf(out, size, "%s", whole ? "" : mil ? "/v2/mil" : "/v2/all");
    return ERR_OK;
}

/* The first line: a whole header ("api-auth: KEY"), "Bearer TOKEN", or the bare key, which goes
   into ADS-B Exchange's api-auth. */
static enum err key(struct poll *p, const struct spec *spec, char *text, char *why, size_t why_size)
{
    text[strcspn(text, "\r\n")] = '\0';
    char *colon = strchr(text, ':');
    const char *name = "api-auth", *value = text;
    if (colon) {
        *colon = '\0';
        name = text;
        value = colon + 1 + strspn(colon + 1, " \t");
    } else if (strncmp(text, "Bearer ", 7) == 0 || strncmp(text, "bearer ", 7) == 0) {
        text[0] = 'B';
        name = "Authorization";
    }
    if (*value == '\0' ||
        name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                          "0123456789-_")] != '\0' ||
        poll_header_set(p, name, value)) {
        snprintf(why, why_size,
                 "the first line of key-file=%s is no key: write the key alone, 'Bearer TOKEN', or "
                 "a header such as 'api-auth: KEY'",
                 spec_get(spec, "key-file", ""));
        return ERR_SYNTAX;
    }
    return ERR_OK;
}

static const struct poll_api api = {.base = "https://api.adsb.lol",
                                    .every_s = 5,
                                    .parse = api_adsbx_parse,
                                    .path = path,
                                    .key = key};

static enum err adsblol_open(struct source *s, const struct spec *spec, void **state, char *why,
                             size_t why_size)
{
    return poll_open(s, &api, spec, state, why, why_size);
}

const struct source_kind source_adsblol = {
    .name = "adsblol",
    .help = "adsb.lol and alike (ADSBx v2 API, aircraft.json): point=LAT/LON/NM, mil=1, all=1; "
            "url= base or whole address, every= seconds (5, at least 1), key-file=",
    .keys = keys,
    .open = adsblol_open,
    .close = poll_close};
