#ifndef SIGNET_TESTS_FUZZ_FUZZ_TARGET_H_
#define SIGNET_TESTS_FUZZ_FUZZ_TARGET_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

// A fuzz target has the interface of libFuzzer, so that clang can drive it
// with -fsanitize=fuzzer. tests/fuzz/fuzz_driver.cc drives it without.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace signet {

// FuzzSeeds returns inputs to start from. Each target defines it.
std::vector<std::string> FuzzSeeds();

// RequireProperty ends the process, saying which `property` does not hold.
void RequireProperty(bool holds, const char* property);

}  // namespace signet

#endif  // SIGNET_TESTS_FUZZ_FUZZ_TARGET_H_
