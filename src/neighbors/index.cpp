#include "topograph/neighbors/index.hpp"

#include <fmt/format.h>

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
/// Up to so many columns these take no more memory than codes, which are padded.
constexpr std::size_t float32_cols = kernels::code_step / sizeof(float);
constexpr std::size_t float16_cols = kernels::code_step / sizeof(std::uint16_t);
/// An approximate search that misses more than this share of the neighbours is worth a warning.
constexpr double least_recall = 0.9;

NeighborMethod choose_method(const RowsView& rows, const NeighborOptions& options) {
  if (options.method != NeighborMethod::automatic) return options.method;
  return rows.rows() <= exact_rows ? NeighborMethod::exact : NeighborMethod::approximate;
}

Result<NeighborStorage> choose_storage(const RowsView& rows, const NeighborOptions& options) {
  const bool fits = rows.cols() <= kernels::largest_code_depth;
  if (options.storage == NeighborStorage::int8 && !fits) {
    return input_error(ErrorCode::unsupported, "x",
                       fmt::format("expected at most {} columns for 8-bit codes, found {}",
                                   kernels::largest_code_depth, rows.cols()),
                       "use neighbors.storage = float16");
  }
  if (options.storage != NeighborStorage::automatic) return options.storage;
  if (rows.cols() <= float32_cols) return NeighborStorage::float32;
  return rows.cols() <= float16_cols || !fits ? NeighborStorage::float16 : NeighborStorage::int8;
}

}  // namespace

struct NeighborIndex::Impl {
  RowsView rows = {};
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

Result<NeighborIndex> NeighborIndex::build(const RowsView& rows, std::size_t k, Metric metric,
                                           const NeighborOptions& options, RunContext& run) {
  TG_TRY(check_graph_shape(rows, k));
  TG_TRY(validate_options(options, "neighbors"));
  const Stage stage(run, "neighbors");
  NeighborReport report;
  if (choose_method(rows, options) == NeighborMethod::exact) {
    TG_TRY(ExactIndex exact, ExactIndex::build(rows, metric, "x", run));
    report.bytes = exact.bytes();
    return NeighborIndex(
        std::make_unique<const Impl>(rows, k, std::size_t{0}, report, std::move(exact)));
  }
  report.method = NeighborMethod::approximate;
  TG_TRY(report.storage, choose_storage(rows, options));
  const std::size_t usual = std::clamp<std::size_t>(rows.rows() / rows_per_list, 1, most_lists);
  const ListSearchSettings settings{report.storage, options.n_lists ? idx(*options.n_lists) : usual,
                                    idx(options.n_probe), idx(options.n_measured),
                                    idx(options.n_refine)};
  const std::size_t needed = ListIndex::bytes(rows, k, metric, settings);
  TG_TRY(check_memory(needed, rows.rows(), "approximate", run));
  TG_TRY(ListIndex lists, ListIndex::build(rows, needed, metric, settings, run));
  report.n_lists = lists.n_lists();
  report.bytes = lists.bytes();
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

Result<FoundNeighbors> NeighborIndex::measured_graph(RunContext& run) const {
  FoundNeighbors found;
  TG_TRY(found.graph, graph(run));
  found.report = impl_->report;
  if (impl_->report.method == NeighborMethod::exact || impl_->recall_sample == 0) return found;
  TG_TRY(found.report.recall, recall_of(found.graph, run));
  if (*found.report.recall < least_recall) {
    run.warn(
        fmt::format("neighbors: the approximate search found {:.0f} % of the neighbours; raise "
                    "neighbors.n_probe or set neighbors.method = exact",
                    100 * *found.report.recall));
  }
  return found;
}

Result<KnnGraph> NeighborIndex::query(MatrixView<const float> queries, std::size_t k,
                                      RunContext& run) const {
  TG_TRY(check_query_shape(impl_->rows, queries, k));
  return std::visit([&](const auto& search) { return search.query(queries, k, run); },
                    impl_->search);
}

Result<FoundNeighbors> find_neighbors(const RowsView& rows, std::size_t k, Metric metric,
                                      const NeighborOptions& options, RunContext& run) {
  const Stage stage(run, "neighbors");
  TG_TRY(const NeighborIndex index, NeighborIndex::build(rows, k, metric, options, run));
  return index.measured_graph(run);
}

}  // namespace topograph
