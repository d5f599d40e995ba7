#include "source/module.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

void *module_open(const char *file, const char *package, const struct module_call *call, size_t n,
                  char *why, size_t why_size)
{
    void *module = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    if (!module) {
        snprintf(why, why_size,
                 "cannot open the library %s (%s): install the package %s, or name it by library=",
                 file, dlerror(), package);
        return NULL;
    }
    for (size_t i = 0; i < n; i++) {
        void *address = dlsym(module, call[i].name);
        if (!address && !call[i].may_lack) {
            snprintf(why, why_size, "the library %s has no %s: it is too old, or another library",
                     file, call[i].name);
            dlclose(module);
            return NULL;
        }
        memcpy(call[i].at, &address, sizeof address); /* ISO C has no cast between them */
    }
    return module;
}

void module_close(void *module)
{
    dlclose(module);
}
