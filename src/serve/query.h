/* What a request says, judged: paths, names, headers. Pure; any bytes. */
#ifndef MASAR_SERVE_QUERY_H
#define MASAR_SERVE_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A path that may be looked for below the folder: begins with '/', no part that is empty (but the
   last) or begins with '.', no '\\', no control character. */
bool query_path_is_safe(const char *path);

/* Whether a path has a pattern's form, '*' standing for one part; that part goes to rest. */
bool query_match(const char *pattern, const char *path, char *rest, size_t rest_size);

/* The value of a name in "a=1&b=2"; what stands first counts. False: it is not there, or longer
   than size. */
bool query_arg(const char *args, const char *name, char *out, size_t size);

/* "3c6444", "~3c6444", either case. */
bool query_hex(const char *text, uint32_t *address);

/* Whether a name or address is this machine's own: localhost, *.localhost, 127.0.0.0/8, ::1. */
bool query_is_loopback(const char *host);

/* Whether a Host header names this machine itself, with or without a port. */
bool query_host_is_loopback(const char *header);

/* Whether a page of this origin was served under this Host. */
bool query_same_origin(const char *origin, const char *host);

/* Whether a Host header is made of what a name and port are made of. */
bool query_host_is_plain(const char *header);

/* Whether Accept-Encoding takes a coding ("gzip", "br"); q=0 refuses it. */
bool query_accepts(const char *header, const char *coding);

/* Whether If-None-Match lists this entity tag (with its quotes), weakly compared. */
bool query_has_etag(const char *header, const char *etag);

/* Content-Length; -1 if it is no number. */
int64_t query_length(const char *header);

/* Whether a file's name carries a digest of its content, as a bundler writes: name-AbCd1234.js */
bool query_is_hashed(const char *path);

#endif
