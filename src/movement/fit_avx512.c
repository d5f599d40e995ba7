/* Intel servers since 2017, AMD since 2022; compiled with -mavx512f and -mprefer-vector-width=512.
 */
#if defined(__x86_64__)
#define FIT_NAME   "avx512"
#define FIT_KERNEL fit_kernel_avx512
#include "movement/fit_body.h"
#else
enum { FIT_OF_ANOTHER_PROCESSOR };
#endif
