#define FUZZ_SPEC "jsonl"
#include "fuzz/wire_stream.h"
