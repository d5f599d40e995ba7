/* Any processor. */
#define FIT_NAME   "plain"
#define FIT_KERNEL fit_kernel_plain
#include "movement/fit_body.h"
