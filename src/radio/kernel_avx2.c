/* Intel since 2013, AMD since 2015; compiled with -mavx2. */
#if defined(__x86_64__)
#define KERNEL_NAME avx2
#include "radio/kernel_body.h"
#else
enum { KERNEL_OF_ANOTHER_PROCESSOR };
#endif
