#include "target_column.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <string>
#include <unordered_map>

#include "topograph/core/narrow.hpp"
#include "topograph/neighbors/supervise.hpp"

namespace topograph::cli {
namespace {

std::vector<std::int32_t> labels_of(const Column& column) {
  std::unordered_map<std::string, std::int32_t> label_of_text;
  std::vector<std::int32_t> labels(column.size(), kUnknownLabel);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const std::string text = cell_text(column, i);
    if (text.empty()) continue;
    const auto next = narrow<std::int32_t>(label_of_text.size());
    labels[i] = label_of_text.try_emplace(text, next).first->second;
  }
  return labels;
}

Result<Matrix<float>> numbers_of(const Column& column) {
  Matrix<float> values(column.size(), 1);
  for (std::size_t i = 0; i < column.size(); ++i) {
    const std::string text = cell_text(column, i);
    const char* end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data(), end, values[i, 0]);
    if (problem == std::errc() && stop == end && std::isfinite(values[i, 0])) continue;
    return input_error(ErrorCode::invalid_argument,
                       fmt::format("column {}, row {}", column.name, i),
                       fmt::format("expected a finite number, found {}",
                                   text.empty() ? "nothing" : fmt::format("'{}'", text)),
                       "only labels may be unknown, see --target-type");
  }
  return values;
}

}  // namespace

Result<TargetColumn> target_column(const Column& column, TargetType type) {
  TargetColumn target;
  if (type == TargetType::labels) {
    target.labels = labels_of(column);
  } else {
    TG_TRY(target.values, numbers_of(column));
  }
  return target;
}

CLI::Option* add_target_type(CLI::App& command, TargetType& type, const char* group) {
  return command
      .add_option_function<std::string>(
          "--target-type",
          [&type](const std::string& name) {
            type = name == "numbers" ? TargetType::numbers : TargetType::labels;
          },
          "labels: equal cells are one class; numbers: near numbers come near each other")
      ->check(CLI::IsMember({"labels", "numbers"}))
      ->default_str("labels")
      ->group(group);
}

}  // namespace topograph::cli
