#define FUZZ_SPEC "avr"
#include "fuzz/wire_stream.h"
