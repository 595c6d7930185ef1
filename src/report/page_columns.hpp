#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "report/array_blob.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/report/columns.hpp"

namespace topograph::detail {

/// Packs the columns: codes, numbers and times of the placed documents (`rows`) into `arrays`,
/// links and texts of those that travel with text (`text_rows`) into `texts`. Returns their JSON
/// list; column k is called `column<k>` in the blobs.
[[nodiscard]] Result<std::string> add_columns(ArrayBlob& arrays, ArrayBlob& texts,
                                              std::span<const ReportColumn> columns,
                                              std::span<const std::size_t> rows,
                                              std::span<const std::size_t> text_rows,
                                              RunContext& run);

}  // namespace topograph::detail
