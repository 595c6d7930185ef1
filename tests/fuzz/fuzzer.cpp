// The entry point of one fuzzer; TG_FUZZ_TARGET names the function.
#include "fuzz/targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  topograph::fuzz::TG_FUZZ_TARGET(data, size);
  return 0;
}
