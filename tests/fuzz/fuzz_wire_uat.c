#define FUZZ_SPEC "uat"
#include "fuzz/wire_stream.h"
