/* Questions to the ledger: lines `name=value` in any bytes; the first byte says which question. */
#include "ledger/question.h"
#include "model/claim.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n < 1) {
        return 0;
    }
    struct ledger_question q;
    char *text = malloc(n), *rest = text;
    memcpy(text, data + 1, n - 1);
    text[n - 1] = 0;
    ledger_question_start(&q, (enum ledger_what)(data[0] % LEDGER_WHATS));
    for (char *line; (line = strsep(&rest, "\n"));) {
        char why[LEDGER_WHY_MAX] = "", *value = strchr(line, '=');
        if (value) {
            *value++ = 0;
        }
        const enum err e = ledger_question_set(&q, line, value ? value : "", why, sizeof why);
        if (e && e != ERR_MEMORY && !why[0]) {
            abort(); /* an error without a sentence */
        }
    }
    if (strlen(q.type) > 4 || strlen(q.country) > 2 || strlen(q.callsign) > 8 ||
        !(q.least_p >= 0 && q.least_p <= 1) || q.kind >= CLAIM_KINDS) {
        abort();
    }
    ledger_question_free(&q);
    free(text);
    return 0;
}
