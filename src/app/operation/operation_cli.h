/* What the actions of `masar operation` share. Each returns an exit status and says on standard
   error what is wrong. */
#ifndef MASAR_APP_OPERATION_CLI_H
#define MASAR_APP_OPERATION_CLI_H

#include "app/operation/operation_file.h"
#include "app/operation/operation_world.h"

enum { OPERATION_WORDS_MAX = 64 };

struct operation_cli {
    const char *action, *store, *data, *from, *by, *reason, *format, *lang, *out, *verify, *key;
    const char *word[OPERATION_WORDS_MAX]; /* what follows the action: name, key, field=value … */
    size_t words;
    int64_t at_ms;          /* SORTIE_NO_TIME: now */
    int64_t version;        /* -1: whatever there is */
    bool keep, publish;     /* a forecast; a statement */
    int64_t state, edition; /* 0: as they stand */
    bool series;
    bool all_paths;
};

int operation_cli_wrong(const char *sentence); /* usage */
int operation_cli_failed(const char *sentence);

/* operation_edit.c */
int operation_cli_new(struct operation_cli *c);
int operation_cli_put(struct operation_cli *c, enum item_kind kind);
int operation_cli_remove(struct operation_cli *c);
int operation_cli_import(struct operation_cli *c);
int operation_cli_undo(struct operation_cli *c);
int operation_cli_log(struct operation_cli *c);
int operation_cli_list(struct operation_cli *c);

/* Everything a question needs, opened; name: NULL: no operation. */
struct operation_opened {
    struct operation_file *file;
    struct store *store;
    struct ledger_world *ledger;
    struct operation_world *world;
    struct operation_now now;
};
int operation_cli_open(const struct operation_cli *c, const char *name, struct operation_opened *w);
void operation_cli_close(struct operation_opened *w);

/* operation_show.c */
int operation_cli_show(struct operation_cli *c);
int operation_cli_forecast(struct operation_cli *c);
int operation_cli_export(struct operation_cli *c);
int operation_cli_plan(struct operation_cli *c);      /* operation_plan.c */
int operation_cli_statement(struct operation_cli *c); /* operation_statement.c */
int operation_cli_land(struct operation_cli *c);

#endif
