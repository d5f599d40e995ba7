/* Any processor. */
#define KERNEL_NAME plain
#include "radio/kernel_body.h"
