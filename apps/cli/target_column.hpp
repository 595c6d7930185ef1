#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "topograph/core/column_table.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/reduce/umap.hpp"

namespace topograph::cli {

/// How the cells of a target column are read.
enum class TargetType : std::uint8_t { labels, numbers };

/// What is known about the rows, read from a column.
struct TargetColumn {
  std::vector<std::int32_t> labels = {};
  Matrix<float> values = {};  ///< (n, 1)

  [[nodiscard]] UmapTargets view() const { return {.labels = labels, .values = values.view()}; }
};

/// Labels: equal texts are one class, an empty or missing cell is unknown. Numbers: every cell must
/// be a finite number.
/// @error input subject: a cell that is not a number (row and cell named).
[[nodiscard]] Result<TargetColumn> target_column(const Column& column, TargetType type);

/// The flag --target-type.
CLI::Option* add_target_type(CLI::App& command, TargetType& type, const char* group);

}  // namespace topograph::cli
