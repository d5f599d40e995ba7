/* Intel since 2013, AMD since 2015; compiled with -mavx2. */
#if defined(__x86_64__)
#define FIT_NAME   "avx2"
#define FIT_KERNEL fit_kernel_avx2
#include "movement/fit_body.h"
#else
enum { FIT_OF_ANOTHER_PROCESSOR };
#endif
