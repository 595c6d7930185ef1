#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::cli {

/// Number of a topic and its label.
using GivenLabel = std::pair<std::int32_t, std::string>;

/// @error option subject (`where`): the text is no number.
[[nodiscard]] Result<GivenLabel> parse_label(const std::string& number, std::string label,
                                             const char* where);

/// Labels out of a file: .json, {"0": "space", ...}; else a table with the columns `topic` and
/// `label`.
/// @error option subject (--labels): neither; a topic that is no number. input subject: as
/// `read_documents`.
[[nodiscard]] Result<std::vector<GivenLabel>> read_label_file(const std::string& path,
                                                              RunContext& run);

}  // namespace topograph::cli
