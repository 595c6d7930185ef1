#include "topograph/reduce/umap_model.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "reduce/fold_rows.hpp"
#include "reduce/layout.hpp"
#include "topograph/core/container.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

constexpr const char* model_format = "topograph-umap-1";

std::size_t neighbors_of(const UmapOptions& options, std::size_t n_rows, std::size_t n_selves) {
  return std::min(idx(options.n_neighbors) - n_selves, n_rows - n_selves);
}

std::unexpected<Error> damaged(const std::filesystem::path& path, const std::string& what) {
  return model_error(ErrorCode::schema, path.string(), what,
                     "the file is damaged or was not written by this version");
}

bool is_finite(MatrixView<const float> x) {
  for (std::size_t r = 0; r < x.rows(); ++r) {
    for (const float value : x.row(r)) {
      if (!std::isfinite(value)) return false;
    }
  }
  return true;
}

}  // namespace

struct UmapModel::Impl {
  Matrix<float> rows = {};  ///< What `index` borrows: never moved or changed after the build.
  UmapOptions options = {};
  NeighborOptions search = {};
  std::uint64_t seed = 0;
  UmapResult layout = {};
  std::vector<std::int32_t> point_of_row = {};
  std::optional<NeighborIndex> index = {};

  Result<void> build_index(RunContext& run) {
    TG_TRY(auto built, NeighborIndex::build(rows.view(), neighbors_of(options, rows.rows(), 1),
                                            options.metric, search, run));
    index.emplace(std::move(built));
    return {};
  }
};

UmapModel::UmapModel(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
UmapModel::UmapModel(UmapModel&&) noexcept = default;
UmapModel& UmapModel::operator=(UmapModel&&) noexcept = default;
UmapModel::~UmapModel() = default;

MatrixView<const float> UmapModel::rows() const { return impl_->rows.view(); }
const UmapResult& UmapModel::layout() const { return impl_->layout; }
const UmapOptions& UmapModel::options() const { return impl_->options; }
const std::vector<std::int32_t>& UmapModel::point_of_row() const { return impl_->point_of_row; }
std::uint64_t UmapModel::seed() const { return impl_->seed; }
const NeighborReport& UmapModel::search_report() const { return impl_->index->report(); }

Result<UmapModel> UmapModel::fit(Matrix<float> x, const UmapTargets& targets,
                                 const UmapOptions& options, const NeighborOptions& search,
                                 RunContext& run) {
  return fit(std::move(x), {}, targets, options, search, run);
}

Result<UmapModel> UmapModel::fit(Matrix<float> x, MatrixView<const float> start,
                                 const UmapTargets& targets, const UmapOptions& options,
                                 const NeighborOptions& search, RunContext& run) {
  TG_TRY(validate_options(options));
  auto impl = std::make_unique<Impl>();
  detail::FoldedInput points;
  if (options.unique) {
    TG_TRY(points, detail::folded_input({.x = x.view(), .targets = targets, .start = start}, run));
    impl->rows = std::move(points.x);
    impl->point_of_row = std::move(points.fold.point_of_row);
  } else {
    impl->rows = std::move(x);
  }
  if (impl->rows.rows() < 2) {
    return input_error(ErrorCode::invalid_argument, "x",
                       "expected at least 2 rows to place others among, found " +
                           std::to_string(impl->rows.rows()));
  }
  impl->options = options;
  impl->search = search;
  impl->seed = run.seed();
  TG_TRY(impl->build_index(run));
  TG_TRY(const FoundNeighbors found, impl->index->measured_graph(run));
  UmapInput input{.neighbors = &found.graph, .targets = targets, .start = start};
  if (options.unique) input = points.rest();
  input.x = impl->rows.view();
  input.neighbors = &found.graph;
  UmapOptions of_points = options;
  of_points.unique = false;
  TG_TRY(impl->layout, umap(input, of_points, run));
  impl->layout.search = found.report;
  return UmapModel(std::move(impl));
}

Result<Matrix<float>> UmapModel::transform(MatrixView<const float> rows, RunContext& run) const {
  const std::size_t k = neighbors_of(impl_->options, impl_->rows.rows(), 0);
  TG_TRY(const KnnGraph neighbors, impl_->index->query(rows, k, run));
  return detail::place_new_points(neighbors, impl_->layout.coords.view(), impl_->layout.curve,
                                  impl_->options, impl_->seed, run);
}

Result<void> UmapModel::save(const std::filesystem::path& path) const {
  const std::vector<double> curve = {impl_->layout.curve.a, impl_->layout.curve.b};
  const std::vector<std::int32_t> facts = {impl_->layout.n_epochs,
                                           impl_->layout.is_spectral ? 1 : 0};
  ArrayWriter arrays;
  arrays.add("rows", impl_->rows.view());
  arrays.add("coords", impl_->layout.coords.view());
  arrays.add("curve", std::span(curve));
  arrays.add("facts", std::span(facts));
  if (!impl_->point_of_row.empty()) {
    arrays.add("point_of_row", std::span(std::as_const(impl_->point_of_row)));
  }
  arrays.set_metadata("format", model_format);
  arrays.set_metadata("seed", std::to_string(impl_->seed));
  arrays.set_metadata("options", options_json(impl_->options));
  arrays.set_metadata("search", options_json(impl_->search));
  return arrays.write(path);
}

Result<UmapModel> UmapModel::load(const std::filesystem::path& path, RunContext& run) {
  TG_TRY(const ArrayFile arrays, ArrayFile::open(path));
  const auto& metadata = arrays.metadata();
  const auto text_of = [&](const char* key) {
    const auto found = metadata.find(key);
    return found == metadata.end() ? std::string() : found->second;
  };
  if (text_of("format") != model_format) {
    return damaged(path, std::string("expected the format ") + model_format + ", found '" +
                             text_of("format") + "'");
  }
  auto impl = std::make_unique<Impl>();
  const auto read_options = [&](auto& options, const char* key) -> Result<void> {
    auto read = load_options_json(options, text_of(key), path.string());
    if (read) read = validate_options(options);
    if (!read) return damaged(path, to_string(read.error()));
    return {};
  };
  TG_TRY(read_options(impl->options, "options"));
  TG_TRY(read_options(impl->search, "search"));
  TG_TRY(impl->rows, arrays.matrix("rows"));
  TG_TRY(impl->layout.coords, arrays.matrix("coords"));
  const std::string seed = text_of("seed");
  const auto [end, problem] = std::from_chars(seed.data(), seed.data() + seed.size(), impl->seed);
  if (problem != std::errc{} || end != seed.data() + seed.size()) {
    return damaged(path, "expected a seed, found '" + seed + "'");
  }
  if (arrays.contains("point_of_row")) {
    TG_TRY(impl->point_of_row, arrays.int32s("point_of_row"));
  }
  TG_TRY(const auto curve, arrays.doubles("curve"));
  TG_TRY(const auto facts, arrays.int32s("facts"));
  const bool fits = curve.size() == 2 && facts.size() == 2 && impl->rows.rows() >= 2 &&
                    impl->layout.coords.rows() == impl->rows.rows() &&
                    impl->layout.coords.cols() == idx(impl->options.n_components) &&
                    std::ranges::all_of(impl->point_of_row, [&](std::int32_t point) {
                      return point >= 0 && idx(point) < impl->rows.rows();
                    });
  if (!fits) return damaged(path, "its arrays do not belong together");
  if (!is_finite(impl->rows.view()) || !is_finite(impl->layout.coords.view()) ||
      !std::isfinite(curve[0]) || !std::isfinite(curve[1])) {
    return damaged(path, "a number is not finite");
  }
  impl->layout.curve = {curve[0], curve[1]};
  impl->layout.n_epochs = facts[0];
  impl->layout.is_spectral = facts[1] != 0;
  TG_TRY(impl->build_index(run));
  return UmapModel(std::move(impl));
}

}  // namespace topograph
