/* The token that writing needs: 32 random bytes as 64 hexadecimal digits in a file of mode 0600. */
#ifndef MASAR_SERVE_TOKEN_H
#define MASAR_SERVE_TOKEN_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum { TOKEN_MAX = 128 };

/* Reads the file's first line, or makes the file where there is none. ERR_SYSTEM, ERR_SYNTAX
   (empty, too short or too long), with a sentence in why. */
enum err token_open(const char *path, char token[TOKEN_MAX + 1], char *why, size_t why_size);

/* Whether an Authorization header brings the token; takes as long whether the first or the last
   character differs. */
bool token_is(const char *token, const char *authorization);

#endif
