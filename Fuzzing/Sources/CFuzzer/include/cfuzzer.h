// The entry of libFuzzer, which the toolchain brings with -sanitize=fuzzer but declares nowhere.
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*test)(const uint8_t *data, size_t size));
