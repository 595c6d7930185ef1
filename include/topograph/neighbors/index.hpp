#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/options.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/neighbors/types.hpp"

namespace topograph {

enum class NeighborMethod : std::uint8_t { automatic, exact };
template <>
struct EnumNames<NeighborMethod> {
  static constexpr std::array<std::string_view, 2> names{"auto", "exact"};
};

struct NeighborOptions {
  NeighborMethod method = NeighborMethod::automatic;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("method", s.method, any_value(), "How nearest rows are found.");
  }
};

/// What a search was and how good it is.
struct NeighborReport {
  NeighborMethod method = NeighborMethod::exact;  ///< Never `automatic`.
};

/// Rows prepared for neighbour search: built once, immutable, safe to read from several threads.
class NeighborIndex {
 public:
  /// @param rows  (n, d); borrowed: it must outlive the index. May be a file mapped into memory.
  /// @param k     Neighbours that `graph` gives each row, 1 <= k < n.
  /// @error       invalid_argument: n < 2, k out of range, an option out of range, a value that is
  ///              not finite (first row named), values too far apart for float32, or more memory
  ///              needed than the budget (both named).
  [[nodiscard]] static Result<NeighborIndex> build(MatrixView<const float> rows, std::size_t k,
                                                   Metric metric, const NeighborOptions& options,
                                                   RunContext& run);

  /// The k nearest other rows of every row.
  /// @determinism Bit-identical for any number of threads and on every instruction set.
  [[nodiscard]] Result<KnnGraph> graph(RunContext& run) const;

  /// The k nearest rows of every query (m, d), 1 <= k <= n. A query that equals a row finds it at
  /// distance 0 (cosine, euclidean).
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

}  // namespace topograph
