#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "topograph/core/error.hpp"

namespace topograph::detail {

/// Tokens and their ids, both ways.
class Vocabulary {
 public:
  struct Entry {
    std::string token = {};
    std::int64_t id = 0;
  };
  /// Ids above this are taken for damage: no model has as many rows.
  static constexpr std::int64_t max_id = (1 << 24) - 1;

  /// @error parse for an id out of [0, max_id].
  [[nodiscard]] static Result<Vocabulary> build(const std::vector<Entry>& entries,
                                                std::string_view where);

  [[nodiscard]] std::size_t n_tokens() const { return entries_.size(); }
  [[nodiscard]] std::size_t id_limit() const { return by_id_.size(); }  ///< Highest id + 1.
  [[nodiscard]] std::string_view token(std::int64_t id) const;          ///< "" for an unused id.
  [[nodiscard]] std::int32_t id(std::string_view token) const;          ///< -1: none.

  /// Token and id number `i` of [0, n_tokens()), in no documented order.
  [[nodiscard]] std::string_view token_at(std::size_t i) const { return text(entries_[i]); }
  [[nodiscard]] std::int32_t id_at(std::size_t i) const { return entries_[i].id; }

 private:
  struct Span {
    std::uint32_t begin = 0;
    std::uint32_t length = 0;
    std::int32_t id = 0;
  };
  [[nodiscard]] std::string_view text(const Span& span) const {
    return std::string_view(arena_).substr(span.begin, span.length);
  }
  [[nodiscard]] std::size_t find_slot(std::string_view token) const;

  std::string arena_ = {};
  std::vector<Span> entries_ = {};
  std::vector<std::int32_t> by_id_ = {};  // index into entries_, -1: unused
  std::vector<std::int32_t> slots_ = {};  // open addressing, index into entries_, -1: free
};

}  // namespace topograph::detail
