#include "serve/note.h"

#include <stdlib.h>
#include <string.h>

const struct note *notes_find(const struct notes *n, uint32_t address)
{
    for (unsigned i = 0; i < n->n; i++) {
        if (n->row[i].address == address) {
            return &n->row[i];
        }
    }
    return NULL;
}

static unsigned row_for(struct notes *n, uint32_t address)
{
    const struct note *had = notes_find(n, address);
    if (had) {
        return (unsigned)(had - n->row);
    }
    const unsigned i = n->next;
    n->next = (n->next + 1) % NOTES_MAX;
    n->n = n->n < NOTES_MAX ? n->n + 1 : n->n;
    return i;
}

void notes_keep(struct notes *n, uint32_t address, int64_t t_us, const char *who, const char *text)
{
    char *const kept = text[0] ? strdup(text) : NULL, *const by = kept ? strdup(who) : NULL;
    if (!by) {
        free(kept);
        return;
    }
    struct note *note = &n->row[row_for(n, address)];
    free(note->text);
    free(note->who);
    *note = (struct note){.address = address, .t_us = t_us, .text = kept, .who = by};
}

void notes_free(struct notes *n)
{
    for (unsigned i = 0; i < n->n; i++) {
        free(n->row[i].text);
        free(n->row[i].who);
    }
    n->n = n->next = 0;
}
