#include "base/err.h"

const char *err_text(enum err e)
{
    static const char *const text[] = {
        [ERR_OK] = "done",
        [ERR_SHORT] = "too short",
        [ERR_SYNTAX] = "not well formed",
        [ERR_RANGE] = "out of range",
        [ERR_UNKNOWN] = "unknown",
        [ERR_FULL] = "full",
        [ERR_MEMORY] = "out of memory",
        [ERR_SYSTEM] = "system error",
        [ERR_EXISTS] = "already there",
        [ERR_NOT_FOUND] = "not found",
    };
    if ((unsigned)e >= sizeof text / sizeof *text) {
        return "unknown error";
    }
    return text[e];
}
