/* SPECs and instants: whatever text is given, what is read back is inside its bounds, and an
   instant that is read is written and read again as the same. */
#include "base/instant.h"
#include "base/spec.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int is_so)
{
    if (!is_so) {
        abort();
    }
}

static void check_spec(const char *text)
{
    static const char *const known[] = {"file", "connect", "listen", NULL};
    static const char *const *const lists[] = {known};
    struct spec s;
    char why[64];
    if (spec_parse(&s, text, why, sizeof why) != ERR_OK) {
        must(strlen(why) < sizeof why);
        return;
    }
    must(s.n <= SPEC_KEY_MAX && strlen(s.name) < SPEC_NAME_MAX && s.name[0] != '\0');
    for (size_t i = 0; i < s.n; i++) {
        must(s.pair[i].key >= s.text &&
             s.pair[i].value + strlen(s.pair[i].value) < s.text + SPEC_TEXT_MAX);
        must(s.pair[i].key[0] != '\0');
        must(spec_get(&s, s.pair[i].key, NULL) == s.pair[i].value);
    }
    (void)spec_check(&s, lists, 1, why, sizeof why);
}

static void check_instant(const char *text)
{
    int64_t us, again;
    char written[32];
    if (instant_parse(text, &us) != ERR_OK) {
        return;
    }
    instant_format(us, 6, written);
    /* An offset may lead out of the years that have four digits. */
    if (instant_parse(written, &again) == ERR_OK) {
        must(again == us);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    if (!text) {
        return 0;
    }
    memcpy(text, data, size);
    text[size] = '\0';
    check_spec(text);
    check_instant(text);
    free(text);
    return 0;
}
