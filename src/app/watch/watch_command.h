/* What the actions of `masar watch` share: what the line said, and one table of them. */
#ifndef MASAR_APP_WATCH_COMMAND_H
#define MASAR_APP_WATCH_COMMAND_H

#include "deliver/book.h"

#include <stdbool.h>
#include <stdint.h>

enum { WATCH_ARGUMENTS_MAX = 16 };

struct watch_line {
    const char *store, *data;
    const char *argument[WATCH_ARGUMENTS_MAX]; /* behind the action */
    int arguments;
    const char *name, *rule, *to, *language, *secret;
    int64_t since_ms, until_ms, expires_ms; /* KEPT_NO_TIME: not said */
    unsigned limit;
    bool json, atom, notes, local;
    const char *expected; /* a file */
};

/* The exit status. */
typedef int watch_action_fn(const struct watch_line *l);

watch_action_fn watch_add, watch_list, watch_remove, watch_mute, watch_unmute, watch_log,
    watch_area, watch_list_file, watch_test, watch_check, watch_receiver, watch_expected_flights;

/* Says on standard error what is wrong; the exit status. */
__attribute__((format(printf, 1, 2))) int watch_complain(const char *format, ...);
__attribute__((format(printf, 1, 2))) int watch_usage(const char *format, ...);

/* Whether every receiver of a list with commas is there; where not, it was said which is. */
bool watch_receivers_known(struct book *b, const char *to);

/* NULL: it was said why. */
struct book *watch_book(const struct watch_line *l, bool make);

#endif
