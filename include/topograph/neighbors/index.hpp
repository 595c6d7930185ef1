#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/options.hpp"
#include "topograph/core/rows_view.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/neighbors/types.hpp"

namespace topograph {

enum class NeighborMethod : std::uint8_t { automatic, exact, approximate };
template <>
struct EnumNames<NeighborMethod> {
  static constexpr std::array<std::string_view, 3> names{"auto", "exact", "approximate"};
};

/// How approximate search keeps rows.
enum class NeighborStorage : std::uint8_t { automatic, float32, float16, int8 };
template <>
struct EnumNames<NeighborStorage> {
  static constexpr std::array<std::string_view, 4> names{"auto", "float32", "float16", "int8"};
};

/// Approximate search compares stored rows within lists of rows that lie close together, measures
/// the best exactly, and improves the graph among neighbours of neighbours.
struct NeighborOptions {
  NeighborMethod method = NeighborMethod::automatic;
  NeighborStorage storage = NeighborStorage::automatic;
  std::optional<int> n_lists = {};  ///< Unset: one for 256 rows, at most 4096.
  int n_probe = 32;
  int n_refine = 2;
  int n_measured = 16;
  int recall_sample = 500;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("method", s.method, any_value(),
      "How nearest rows are found; auto: exact up to 30 000 rows, approximate above.");
    v("storage", s.storage, any_value(),
      "Approximate: what a value of a row takes, two, four or eight bytes for int8, float16 and "
      "float32; the best are measured exactly whatever it is. auto: int8; for up to 32 columns "
      "what takes no more memory than int8.");
    v("n_lists", s.n_lists, between(1, 65536),
      "Approximate: lists that the rows are sorted into (unset: one for 256 rows, at most 4096).");
    v("n_probe", s.n_probe, between(1, 65536),
      "Approximate: lists searched for each row; more finds more, for time in proportion.");
    v("n_refine", s.n_refine, between(0, 100),
      "Approximate: rounds of search among the neighbours of neighbours; more finds more.");
    v("n_measured", s.n_measured, between(0, 65536),
      "Approximate: rows beyond k measured exactly, as stored rows rank roughly.");
    v("recall_sample", s.recall_sample, between(0, 65536),
      "Approximate: rows searched exactly, too, to report how many neighbours were found; 0: "
      "none.");
  }
};

/// What a search was and how good it is.
struct NeighborReport {
  NeighborMethod method = NeighborMethod::exact;       ///< Never `automatic`.
  NeighborStorage storage = NeighborStorage::float32;  ///< Never `automatic`.
  std::size_t n_lists = 0;                             ///< 0 where exact.
  std::size_t bytes = 0;                               ///< Kept by the index beside the rows.
  std::optional<double> recall = {};                   ///< Measured; unset: exact, or not measured.
};

/// A graph and the search it comes from.
struct FoundNeighbors {
  KnnGraph graph = {};
  NeighborReport report = {};
};

/// Rows prepared for neighbour search: built once, immutable, safe to read from several threads.
class NeighborIndex {
 public:
  /// @param rows  (n, d) float32 or float16; borrowed: it must outlive the index. May be a file
  ///              mapped into memory and larger than that: approximate search reads it in order a
  ///              few times, then the rows that it measures exactly.
  /// @param k     Neighbours that `graph` gives each row, 1 <= k < n.
  /// @error       invalid_argument: n < 2, k out of range, an option out of range, a value that is
  ///              not finite (first row named), values too far apart for float32, or more memory
  ///              needed than the budget (both named).
  [[nodiscard]] static Result<NeighborIndex> build(const RowsView& rows, std::size_t k,
                                                   Metric metric, const NeighborOptions& options,
                                                   RunContext& run);

  /// The k nearest other rows of every row.
  /// @determinism Bit-identical for any number of threads; exact and int8 on every instruction set,
  ///              too. It does not depend on the seed.
  [[nodiscard]] Result<KnnGraph> graph(RunContext& run) const;
  /// The share of true neighbours in a graph of this index, measured by exact search for
  /// `recall_sample` rows drawn with the run's seed; a neighbour counts when it is no farther than
  /// the true k-th one. 1 for an exact index. @cost O(sample n d).
  [[nodiscard]] Result<double> recall_of(const KnnGraph& graph, RunContext& run) const;

  /// The graph with its recall in the report; warns when it is below .9.
  [[nodiscard]] Result<FoundNeighbors> measured_graph(RunContext& run) const;

  /// The k nearest rows of every query (m, d), 1 <= k <= n. A query that equals a row finds it at
  /// distance 0 (cosine, euclidean). Approximate search visits 4 `n_probe` lists for a query.
  /// @error       invalid_argument: columns differ, k out of range, a value that is not finite.
  /// @determinism An answer does not depend on the other queries, nor on threads.
  [[nodiscard]] Result<KnnGraph> query(MatrixView<const float> queries, std::size_t k,
                                       RunContext& run) const;

  [[nodiscard]] const NeighborReport& report() const;

  NeighborIndex(NeighborIndex&&) noexcept;
  NeighborIndex& operator=(NeighborIndex&&) noexcept;
  ~NeighborIndex();

 private:
  struct Impl;
  explicit NeighborIndex(std::unique_ptr<const Impl> impl);
  std::unique_ptr<const Impl> impl_;
};

/// The k nearest other rows of every row of x (n, d), by an index that is built for it.
[[nodiscard]] Result<FoundNeighbors> find_neighbors(const RowsView& rows, std::size_t k,
                                                    Metric metric, const NeighborOptions& options,
                                                    RunContext& run);

}  // namespace topograph
