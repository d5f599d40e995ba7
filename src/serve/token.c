#include "serve/token.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { RANDOM_BYTES = 32, TOKEN_MIN = 16 };

static enum err token_make(const char *path, char token[TOKEN_MAX + 1], char *why, size_t why_size)
{
    uint8_t random[RANDOM_BYTES];
    if (sodium_init() < 0) {
        snprintf(why, why_size, "no randomness for a token can be had from the system");
        return ERR_SYSTEM;
    }
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(token, TOKEN_MAX + 1, random, sizeof random);
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    const size_t n = strlen(token);
    bool ok = fd >= 0 && write(fd, token, n) == (ssize_t)n && write(fd, "\n", 1) == 1;
    const int error = errno;
    if (fd >= 0) {
        ok = close(fd) == 0 && ok;
    }
    if (!ok) {
        snprintf(why, why_size,
                 "the token file %s cannot be made: %s; --token-file names another place", path,
                 strerror(error));
        return ERR_SYSTEM;
    }
    return ERR_OK;
}

enum err token_open(const char *path, char token[TOKEN_MAX + 1], char *why, size_t why_size)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) {
        return token_make(path, token, why, why_size);
    }
    if (fd < 0) {
        snprintf(why, why_size, "the token file %s cannot be read: %s", path, strerror(errno));
        return ERR_SYSTEM;
    }
    const ssize_t n = read(fd, token, TOKEN_MAX);
    close(fd);
    token[n > 0 ? n : 0] = '\0';
    token[strcspn(token, " \t\r\n")] = '\0';
    if (strlen(token) < TOKEN_MIN || strlen(token) == TOKEN_MAX) {
        snprintf(why, why_size,
                 "the token file %s must hold one token of 16 to 127 characters on its first line; "
                 "delete it to have a new one made",
                 path);
        return ERR_SYNTAX;
    }
    return ERR_OK;
}

bool token_is(const char *token, const char *authorization)
{
    static const char scheme[] = "Bearer ";
    if (strncasecmp(authorization, scheme, sizeof scheme - 1) != 0) {
        return false;
    }
    const char *given = authorization + sizeof scheme - 1;
    char a[TOKEN_MAX + 1] = {0}, b[TOKEN_MAX + 1] = {0};
    const size_t n = strlen(given);
    if (token[0] == '\0' || n > TOKEN_MAX) {
        return false;
    }
    memcpy(a, token, strlen(token));
    memcpy(b, given, n);
    return sodium_memcmp(a, b, sizeof a) == 0;
}
