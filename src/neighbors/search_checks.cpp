#include "neighbors/search_checks.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <utility>

#include "topograph/core/memory_budget.hpp"

namespace topograph {
namespace {

Result<void> check_id_range(std::size_t rows) {
  if (std::in_range<std::int32_t>(rows)) return {};
  return input_error(ErrorCode::unsupported, "x",
                     fmt::format("expected fewer than 2^31 rows, found {}", rows));
}

Result<void> check_k(std::size_t n, std::size_t k, std::size_t largest_k) {
  TG_TRY(check_id_range(n));
  if (k < 1 || k > largest_k) {
    return option_error(
        "k", fmt::format("expected 1 to {} neighbors for {} rows, found {}", largest_k, n, k));
  }
  return {};
}

}  // namespace

Result<void> check_memory(std::size_t needed, std::size_t rows, std::string_view method,
                          RunContext& run) {
  return require_memory(needed, fmt::format("{} neighbors of {} rows", method, rows),
                        "use fewer rows or dimensions", run);
}

Result<void> check_graph_shape(const RowsView& x, std::size_t k) {
  if (x.rows() < 2) {
    return input_error(ErrorCode::invalid_argument, "x",
                       fmt::format("expected at least 2 rows, found {}", x.rows()));
  }
  return check_k(x.rows(), k, x.rows() - 1);
}

Result<void> check_query_shape(const RowsView& reference, MatrixView<const float> queries,
                               std::size_t k) {
  if (reference.rows() < 1) {
    return input_error(ErrorCode::invalid_argument, "reference",
                       "expected at least 1 row, found 0");
  }
  if (reference.cols() != queries.cols()) {
    return input_error(ErrorCode::invalid_argument, "queries",
                       fmt::format("expected {} columns as in the reference, found {}",
                                   reference.cols(), queries.cols()));
  }
  TG_TRY(check_id_range(queries.rows()));
  return check_k(reference.rows(), k, reference.rows());
}

}  // namespace topograph
