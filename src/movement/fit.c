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
extern const struct fit_kernel fit_kernel_avx2;
#endif

const struct fit_kernel *fit_kernel_at(unsigned index)
{
#if defined(__x86_64__)
    const bool has_avx2 = __builtin_cpu_supports("avx2") != 0;
    return index == 0 ? &fit_kernel_plain : index == 1 && has_avx2 ? &fit_kernel_avx2 : NULL;
#else
    return index == 0 ? &fit_kernel_plain : NULL;
#endif
}

const struct fit_kernel *fit_kernel_best(void)
{
    const struct fit_kernel *second = fit_kernel_at(1);
    return second ? second : fit_kernel_at(0);
}
