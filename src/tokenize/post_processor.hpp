#pragma once

#include <cstdint>
#include <vector>

namespace topograph::detail {

/// Special tokens put around a single text: the template or the [CLS] … [SEP] pair of the file.
struct PostProcessor {
  std::vector<std::int32_t> before = {};
  std::vector<std::int32_t> after = {};
};

}  // namespace topograph::detail
