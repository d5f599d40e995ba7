/* Any bytes as a question's names and values, `a=1&b=2`; a cursor that is read is written as it
   was. */
#include "history/question.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_cursor(const char *text)
{
    struct store_after a, b;
    char again[QUESTION_CURSOR_MAX];
    if (question_read_cursor(text, &a) == ERR_OK) {
        question_cursor(&a, again);
        if (question_read_cursor(again, &b) || a.address != b.address || a.t_ms != b.t_ms ||
            a.n != b.n) {
            abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct question q;
    char why[QUESTION_WHY_MAX] = "";
    char *text = malloc(size + 1), *rest = text;
    memcpy(text, data, size);
    text[size] = 0;
    question_start(&q);
    q.kind = size % 2 ? QUESTION_EXPORT : QUESTION_VISITS;
    for (char *pair; (pair = strsep(&rest, "&"));) {
        char *value = strchr(pair, '=');
        if (value) {
            *value++ = 0;
            check_cursor(value);
        }
        if (question_set(&q, pair, value ? value : "", why, sizeof why) && why[0] == 0) {
            abort();
        }
    }
    if (question_ready(&q, why, sizeof why) == ERR_OK) {
        struct area_shape *s;
        if (q.query.from_ms > q.query.to_ms || area_shape_new(&q.query.area, &s)) {
            abort();
        }
        area_shape_free(s);
    }
    question_free(&q);
    free(text);
    return 0;
}
