#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/neighbors/index.hpp"
#include "topograph/reduce/umap.hpp"

namespace topograph {

/// A fitted layout that places new rows: keeps the rows it was fitted on, their coordinates, and
/// their search index, so that a call of `transform` builds nothing. Immutable after the fit; safe
/// to use from several threads, each with a RunContext of its own.
class UmapModel {
 public:
  /// Lays out x (n, d), n >= 2, and keeps it, equal rows once with `unique`.
  /// @error       invalid_argument: what `umap` refuses, fewer than two rows, a search option out
  ///              of range.
  /// @determinism Bit-identical for any thread count; equal to `umap` where the search is exact.
  [[nodiscard]] static Result<UmapModel> fit(Matrix<float> x, const UmapTargets& targets,
                                             const UmapOptions& options,
                                             const NeighborOptions& search, RunContext& run);
  /// The same from given positions (n, n_components) instead of `init`.
  /// @error       also: a start of another shape, or with a value that is not finite (row named).
  [[nodiscard]] static Result<UmapModel> fit(Matrix<float> x, MatrixView<const float> start,
                                             const UmapTargets& targets, const UmapOptions& options,
                                             const NeighborOptions& search, RunContext& run);

  /// Coordinates (m, n_components) of new rows (m, d); targets are not needed here.
  /// @error       invalid_argument: another number of columns (both named), a value that is not
  ///              finite (row named).
  /// @determinism A row's place depends on that row and the fit's seed alone: one by one equals all
  ///              together, bit for bit, in every run. A row at distance 0 from a fitted row gets
  ///              its coordinates (the first such row's; inner product has no such distance).
  /// @cost        One search and a third of the fit's epochs for each row. @peer `umap_transform`.
  [[nodiscard]] Result<Matrix<float>> transform(MatrixView<const float> rows,
                                                RunContext& run) const;

  /// Writes one container file: rows, coordinates, curve, options. The bytes depend on the model
  /// only. @error output subject.
  [[nodiscard]] Result<void> save(const std::filesystem::path& path) const;
  /// Reads what `save` wrote and builds the search index anew.
  /// @error model subject: not_found, parse, schema; names the file and what is wrong with it.
  [[nodiscard]] static Result<UmapModel> load(const std::filesystem::path& path, RunContext& run);

  /// The fitted rows (points, d); with `unique` equal rows once, in the order of their first.
  [[nodiscard]] MatrixView<const float> rows() const;
  [[nodiscard]] const UmapResult& layout() const;  ///< Of `rows`; of a loaded model: coords alone.
  /// (n) where each row of x is among `rows`; empty: the same place.
  [[nodiscard]] const std::vector<std::int32_t>& point_of_row() const;
  [[nodiscard]] std::uint64_t seed() const;  ///< Of the run that fitted it.
  [[nodiscard]] const UmapOptions& options() const;
  [[nodiscard]] const NeighborReport& search_report() const;

  UmapModel(UmapModel&&) noexcept;
  UmapModel& operator=(UmapModel&&) noexcept;
  ~UmapModel();

 private:
  struct Impl;
  explicit UmapModel(std::unique_ptr<const Impl> impl);
  std::unique_ptr<const Impl> impl_;
};

}  // namespace topograph
