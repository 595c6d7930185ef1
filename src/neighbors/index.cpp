#include "topograph/neighbors/index.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "kernels/code_kernels.hpp"
#include "neighbors/exact_index.hpp"
#include "neighbors/list_index.hpp"
#include "neighbors/recall.hpp"
#include "neighbors/search_checks.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

/// Up to here exact search takes a few seconds (bench/neighbors_compare.py).
constexpr std::size_t exact_rows = 30000;
constexpr std::size_t rows_per_list = 256;
constexpr std::size_t most_lists = 4096;

NeighborMethod choose_method(MatrixView<const float> rows, const NeighborOptions& options) {
  if (options.method != NeighborMethod::automatic) return options.method;
  const bool fits = rows.cols() <= kernels::largest_code_depth;
  return rows.rows() <= exact_rows || !fits ? NeighborMethod::exact : NeighborMethod::approximate;
}

ListSearchSettings list_settings(std::size_t n, const NeighborOptions& options) {
  const std::size_t usual = std::clamp<std::size_t>(n / rows_per_list, 1, most_lists);
  return {options.n_lists ? idx(*options.n_lists) : usual, idx(options.n_probe),
          idx(options.n_measured), idx(options.n_refine)};
}

}  // namespace

struct NeighborIndex::Impl {
  MatrixView<const float> rows = {};
  std::size_t k = 0;
  std::size_t recall_sample = 0;
  NeighborReport report = {};
  std::variant<ExactIndex, ListIndex> search;
};

NeighborIndex::NeighborIndex(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
NeighborIndex::NeighborIndex(NeighborIndex&&) noexcept = default;
NeighborIndex& NeighborIndex::operator=(NeighborIndex&&) noexcept = default;
NeighborIndex::~NeighborIndex() = default;

const NeighborReport& NeighborIndex::report() const { return impl_->report; }

Result<NeighborIndex> NeighborIndex::build(MatrixView<const float> rows, std::size_t k,
                                           Metric metric, const NeighborOptions& options,
                                           RunContext& run) {
  TG_TRY(check_graph_shape(rows, k));
  TG_TRY(validate_options(options, "neighbors"));
  const Stage stage(run, "neighbors");
  if (choose_method(rows, options) == NeighborMethod::exact) {
    TG_TRY(ExactIndex exact, ExactIndex::build(rows, metric, "x", run));
    return NeighborIndex(
        std::make_unique<const Impl>(rows, k, std::size_t{0}, NeighborReport{}, std::move(exact)));
  }
  if (rows.cols() > kernels::largest_code_depth) {
    return input_error(ErrorCode::unsupported, "x",
                       "expected at most 65536 columns for approximate search",
                       "use neighbors.method = exact");
  }
  const ListSearchSettings settings = list_settings(rows.rows(), options);
  TG_TRY(
      check_memory(ListIndex::bytes(rows, k, metric, settings), rows.rows(), "approximate", run));
  TG_TRY(ListIndex lists, ListIndex::build(rows, metric, settings, run));
  const NeighborReport report{NeighborMethod::approximate, lists.n_lists()};
  return NeighborIndex(
      std::make_unique<const Impl>(rows, k, idx(options.recall_sample), report, std::move(lists)));
}

Result<KnnGraph> NeighborIndex::graph(RunContext& run) const {
  return std::visit([&](const auto& search) { return search.graph(impl_->k, run); }, impl_->search);
}

Result<double> NeighborIndex::recall_of(const KnnGraph& graph, RunContext& run) const {
  const auto* lists = std::get_if<ListIndex>(&impl_->search);
  if (lists == nullptr || impl_->recall_sample == 0) return 1.0;
  return measure_recall(lists->rows(), lists->groups(), lists->frame(), graph, impl_->recall_sample,
                        run);
}

Result<KnnGraph> NeighborIndex::query(MatrixView<const float> queries, std::size_t k,
                                      RunContext& run) const {
  TG_TRY(check_query_shape(impl_->rows, queries, k));
  return std::visit([&](const auto& search) { return search.query(queries, k, run); },
                    impl_->search);
}

}  // namespace topograph
