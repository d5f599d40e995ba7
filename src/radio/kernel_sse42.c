/* Intel and AMD since 2008; compiled with -msse4.2. */
#if defined(__x86_64__)
#define KERNEL_NAME sse42
#include "radio/kernel_body.h"
#else
enum { KERNEL_OF_ANOTHER_PROCESSOR };
#endif
