#include "wire/api_body.h"

#include <stdio.h>
#include <string.h>

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

struct api_body_start api_body_start(const char *body, size_t n)
{
    struct api_body_start out = {{0}};
    size_t k = 0;
    out.text[k++] = '\'';
    for (size_t i = 0; i < n && k < sizeof out.text - 2; i++) {
        const char c = body[i];
        out.text[k++] = c >= ' ' && c <= '~' ? c : ' ';
    }
    out.text[k] = '\'';
    return out;
}

enum err api_body_read(const char *body, size_t n, struct json_value *out, char *why,
                       size_t why_size)
{
    while (n > 0 && is_space(body[0])) {
        body++;
        n--;
    }
    if (n == 0) {
        snprintf(why, why_size, "the answer is empty");
        return ERR_SYNTAX;
    }
    if (body[0] == '<') {
        snprintf(why, why_size, "the answer is HTML, not JSON: %s", api_body_start(body, n).text);
        return ERR_SYNTAX;
    }
    if (!json_read((struct text){body, n}, out)) {
        snprintf(why, why_size, "the answer is not whole JSON: %s", api_body_start(body, n).text);
        return ERR_SYNTAX;
    }
    return ERR_OK;
}
