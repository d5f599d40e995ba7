#include "movement/fit.h"

#include <stdlib.h>

enum { QUANTITIES = 6 };

bool fit_places_init(struct fit_places *p, size_t max)
{
    const size_t each = max + FIT_BLOCK;
    *p = (struct fit_places){.x = calloc(each * QUANTITIES, sizeof(float))};
    if (!p->x) {
        return false;
    }
    p->y = p->x + each;
    p->z = p->y + each;
    p->elevation_ft = p->z + each;
    p->longest_ft = p->elevation_ft + each;
    p->small = p->longest_ft + each;
    return true;
}

void fit_places_free(struct fit_places *p)
{
    free(p->x);
    *p = (struct fit_places){0};
}

void fit_places_add(struct fit_places *p, const struct site *s)
{
    const size_t i = p->n++;
    p->x[i] = s->at.x;
    p->y[i] = s->at.y;
    p->z[i] = s->at.z;
    p->elevation_ft[i] = s->elevation_ft == AIRPORT_NO_ELEVATION ? 0 : (float)s->elevation_ft;
    p->longest_ft[i] = s->longest_ft;
    p->small[i] = s->small ? 1 : 0;
}

extern const struct fit_kernel fit_kernel_plain;
#if defined(__x86_64__)
extern const struct fit_kernel fit_kernel_avx2, fit_kernel_avx512;
#endif

const struct fit_kernel *fit_kernel_at(unsigned index)
{
    const struct fit_kernel *runs[3] = {&fit_kernel_plain};
    unsigned n = 1;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
        runs[n++] = &fit_kernel_avx2;
    }
    if (__builtin_cpu_supports("avx512f")) {
        runs[n++] = &fit_kernel_avx512;
    }
#endif
    return index < n ? runs[index] : NULL;
}

const struct fit_kernel *fit_kernel_best(void)
{
    const struct fit_kernel *best = NULL, *k;
    for (unsigned i = 0; (k = fit_kernel_at(i)); i++) {
        best = k;
    }
    return best;
}
