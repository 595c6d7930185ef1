// Replays the corpus, each file also cut short and with bytes changed, everywhere and without a
// fuzzer.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "fuzz/targets.hpp"
#include "topograph/core/random.hpp"

namespace topograph::fuzz {
namespace {

using Target = void (*)(const std::uint8_t*, std::size_t);

void run(Target target, const std::string& bytes) {
  target(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

void replay(const std::string& name, Target target) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(
           std::filesystem::path(TG_SOURCE_DIR) / "tests/fuzz/corpus" / name)) {
    files.push_back(entry.path());
  }
  std::ranges::sort(files);
  ASSERT_FALSE(files.empty());
  const RandomKey key = random_key(5, "fuzz-replay");
  std::uint64_t item = 0;
  for (const auto& path : files) {
    SCOPED_TRACE(path.filename().string());
    std::ifstream file(path, std::ios::binary);
    const std::string whole((std::istreambuf_iterator<char>(file)), {});
    run(target, whole);
    for (int round = 0; round < 100 && !whole.empty(); ++round, ++item) {
      std::string bytes = whole;
      for (std::uint64_t i = 0; i < 2; ++i) {
        bytes[uniform_below(key, item, 2 * i, bytes.size())] =
            static_cast<char>(uniform_below(key, item, 2 * i + 1, 256));
      }
      if (round % 4 == 0) bytes.resize(uniform_below(key, item, 9, bytes.size()));
      run(target, bytes);
    }
  }
}

TEST(FuzzReplay, Tokenizer) { replay("tokenizer", tokenizer); }
TEST(FuzzReplay, Http) { replay("http", http); }
TEST(FuzzReplay, Container) { replay("container", container); }

}  // namespace
}  // namespace topograph::fuzz
