#include "app/reference/routes.h"

#include "app/load.h"

#include <stdio.h>

enum err routes_load(const char *path, const struct airports *airports, struct route_prior **out,
                     char *why, size_t why_size)
{
    struct buf b = {0};
    char said[256] = "";
    enum err e = load_file(path, &b, said, sizeof said);
    struct route_prior *r = e ? NULL : route_prior_new(airports);
    e = e ? e : r ? route_prior_push(r, (const char *)b.p, b.n) : ERR_MEMORY;
    e = e ? e : route_prior_ready(r);
    buf_free(&b);
    if (!e && route_prior_sums(r)->rows == 0) {
        e = ERR_SYNTAX;
        snprintf(said, sizeof said,
                 "no row is of the form operator,origin,destination,weight (DLH,EDDF,KJFK,7)");
    }
    if (e) {
        snprintf(why, why_size, "%.200s: %s", path, *said ? said : err_text(e));
        route_prior_free(r);
        return e;
    }
    *out = r;
    return ERR_OK;
}
