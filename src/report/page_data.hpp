#pragma once

#include <cstddef>
#include <string>

#include "topograph/core/error.hpp"
#include "topograph/report/report.hpp"

namespace topograph::detail {

/// What the page's program reads. `json` describes topics, layers, columns and facts and says which
/// array lies where: in `arrays` what the map is drawn from, in `texts` what is read later.
struct PageData {
  std::string json = {};
  std::string arrays = {};
  std::string texts = {};
  std::size_t n_placed = 0;
};

/// Checks the input and packs it.
/// @error invalid_argument when parts differ in length, a placed document has no finite position,
///        or a document or layer names a topic or cluster that is not listed.
[[nodiscard]] Result<PageData> pack_page_data(const ReportInput& input,
                                              const ReportOptions& options, RunContext& run);

}  // namespace topograph::detail
