#include "topograph/neighbors/index.hpp"

#include <utility>

#include "neighbors/exact_index.hpp"
#include "neighbors/search_checks.hpp"

namespace topograph {

struct NeighborIndex::Impl {
  MatrixView<const float> rows = {};
  std::size_t k = 0;
  NeighborReport report = {};
  ExactIndex exact;
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
  TG_TRY(ExactIndex exact, ExactIndex::build(rows, metric, "x", run));
  return NeighborIndex(std::make_unique<const Impl>(rows, k, NeighborReport{}, std::move(exact)));
}

Result<KnnGraph> NeighborIndex::graph(RunContext& run) const {
  return impl_->exact.graph(impl_->k, run);
}

Result<KnnGraph> NeighborIndex::query(MatrixView<const float> queries, std::size_t k,
                                      RunContext& run) const {
  TG_TRY(check_query_shape(impl_->rows, queries, k));
  return impl_->exact.query(queries, k, run);
}

}  // namespace topograph
