#define FUZZ_SPEC "beast"
#include "fuzz/wire_stream.h"
