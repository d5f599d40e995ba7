/* A shared library that is opened only when asked for: masar neither needs it to be built nor to
   run. */
#ifndef MASAR_SOURCE_MODULE_H
#define MASAR_SOURCE_MODULE_H

#include <stdbool.h>
#include <stddef.h>

/* A function of it: its name, and where its address goes. */
struct module_call {
    const char *name;
    void *at; /* of a pointer to a function */
    bool may_lack;
};

/* Opens the library of that file name and finds n calls in it; it stays open. NULL: why is a
   sentence, which names the Debian package. */
void *module_open(const char *file, const char *package, const struct module_call *call, size_t n,
                  char *why, size_t why_size);
void module_close(void *module);

#endif
