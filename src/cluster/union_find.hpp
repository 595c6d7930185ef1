#pragma once

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

namespace topograph::detail {

/// Disjoint sets of 0..n-1 (path halving, union by size).
class UnionFind {
 public:
  explicit UnionFind(std::size_t n) : parent_(n), size_(n, 1) {
    std::iota(parent_.begin(), parent_.end(), 0);
  }
  [[nodiscard]] std::int32_t find(std::int32_t x) {
    while (parent_[at(x)] != x) {
      parent_[at(x)] = parent_[at(parent_[at(x)])];
      x = parent_[at(x)];
    }
    return x;
  }
  /// Joins the sets of a and b; false when they are one already.
  bool join(std::int32_t a, std::int32_t b) {
    a = find(a);
    b = find(b);
    if (a == b) return false;
    if (size_[at(a)] < size_[at(b)]) std::swap(a, b);
    parent_[at(b)] = a;
    size_[at(a)] += size_[at(b)];
    return true;
  }

 private:
  static std::size_t at(std::int32_t x) { return static_cast<std::size_t>(x); }

  std::vector<std::int32_t> parent_;
  std::vector<std::int32_t> size_;
};

}  // namespace topograph::detail
