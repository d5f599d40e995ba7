#include "radio/kernel.h"

#include <stdbool.h>

extern const struct kernel kernel_plain;
#if defined(__x86_64__)
extern const struct kernel kernel_sse42, kernel_avx2;
#endif

const struct kernel *kernel_at(unsigned index)
{
#if defined(__x86_64__)
    const struct kernel *const all[] = {&kernel_plain, &kernel_sse42, &kernel_avx2};
    const bool runs[] = {true, __builtin_cpu_supports("sse4.2") != 0,
                         __builtin_cpu_supports("avx2") != 0};
#else
    const struct kernel *const all[] = {&kernel_plain};
    const bool runs[] = {true};
#endif
    for (unsigned k = 0; k < sizeof all / sizeof all[0]; k++) {
        if (runs[k] && index-- == 0) {
            return all[k];
        }
    }
    return 0;
}

const struct kernel *kernel_best(void)
{
    const struct kernel *best = kernel_at(0);
    for (unsigned k = 1; kernel_at(k); k++) {
        best = kernel_at(k);
    }
    return best;
}
