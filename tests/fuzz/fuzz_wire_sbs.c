#define FUZZ_SPEC "sbs"
#include "fuzz/wire_stream.h"
