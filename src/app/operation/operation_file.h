/* Operations kept beside the history: operations.sqlite in the store's folder. Every change is a
   row of its own with its author, time and what was before, made whole or not at all, and can be
   taken back. One handle, one thread; several processes may write in turn. */
#ifndef MASAR_APP_OPERATION_FILE_H
#define MASAR_APP_OPERATION_FILE_H

#include "base/buf.h"
#include "operation/operation.h"

struct operation_file;

enum { OPERATION_FILE_WHY_MAX = 512 };

/* dir: the store's folder. write: the file is made where there is none. ERR_NOT_FOUND: there is
   none (reading); ERR_SYSTEM; why says it in a sentence. */
enum err operation_file_open(const char *dir, bool write, struct operation_file **out, char *why,
                             size_t why_size);
void operation_file_close(struct operation_file *f); /* NULL is fine */

/* Names of the operations in order. */
typedef void operation_file_name_fn(void *ctx, const char *operation);
enum err operation_file_names(struct operation_file *f, operation_file_name_fn *out, void *ctx);

/* All items of one, into an empty operation. ERR_NOT_FOUND: there is no such operation. */
enum err operation_file_load(struct operation_file *f, const char *operation, struct operation *out,
                             char *why, size_t why_size);

/* As it stood after a change of any operation. */
enum err operation_file_load_at(struct operation_file *f, const char *operation, int64_t state,
                                struct operation *out, char *why, size_t why_size);

/* The number of the last change of anything: what was made of it is fresh while this stands. */
int64_t operation_file_state(struct operation_file *f);

/* One change. after: NULL takes the item away. version: the change the editor saw last (of a new
   item 0); -1: whatever there is. */
struct operation_change {
    const struct item *after;
    enum item_kind kind;
    const char *key;
    int64_t version;
};

struct operation_by {
    const char *author, *reason; /* reason "" none */
    int64_t now_ms;
};

/* All or none, each checked against the operation as the ones before left it. id: of the last one;
   may be NULL. ERR_EXISTS: somebody else changed it since, or it does not go together with what is
   there; ERR_NOT_FOUND; others of item_check. */
enum err operation_file_change(struct operation_file *f, const char *operation,
                               const struct operation_change *c, size_t n,
                               const struct operation_by *by, int64_t *id, char *why,
                               size_t why_size);

/* Takes one change back, as a change of its own; refused where the item was changed since. */
enum err operation_file_undo(struct operation_file *f, const char *operation, int64_t id,
                             const struct operation_by *by, char *why, size_t why_size);

/* Changes, the newest first, as a JSON array. */
enum err operation_file_log(struct operation_file *f, const char *operation, unsigned limit,
                            struct buf *out);

/* The number of an item's last change; 0: there is none. */
int64_t operation_file_version(struct operation_file *f, const char *operation, enum item_kind kind,
                               const char *key);

/* Forecasts made before: one a day and operation, of all lines; the JSON is the caller's. */
enum err operation_file_keep_forecast(struct operation_file *f, const char *operation,
                                      int64_t at_ms, const char *json, size_t n);
enum err operation_file_forecasts(struct operation_file *f, const char *operation,
                                  int64_t before_ms, struct buf *out); /* JSON array */

/* Statements, by hash. */
struct operation_statement_row {
    const char *hash, *operation, *language, *author, *title;
    int64_t at_ms, made_ms;
    bool published;
    const char *page; /* HTML, n bytes */
    size_t n;
};
enum err operation_file_keep_statement(struct operation_file *f,
                                       const struct operation_statement_row *s);
/* JSON array of all but their pages. */
enum err operation_file_statements(struct operation_file *f, const char *operation, bool published,
                                   struct buf *out);
/* ERR_NOT_FOUND: none, or not published where only published are asked for. */
enum err operation_file_statement(struct operation_file *f, const char *hash, bool published,
                                  struct buf *page);

#endif
