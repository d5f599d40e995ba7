#define FUZZ_SPEC "trackcsv"
#include "fuzz/wire_stream.h"
