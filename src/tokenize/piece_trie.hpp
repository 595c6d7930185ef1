#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace topograph::detail {

/// A set of byte strings with values, walked byte by byte: a double-array trie. From state s, byte
/// c leads to state base[s] XOR c if that state names s as its parent.
class PieceTrie {
 public:
  using State = std::uint32_t;
  static constexpr State root = 0;
  static constexpr State none = 0xFFFFFFFF;

  struct Entry {
    std::string_view key = {};
    std::int32_t value = 0;  ///< >= 0
  };

  PieceTrie() : PieceTrie(std::vector<Entry>{}) {}
  /// Keys in any order; empty keys are left out, of equal keys the smallest value stays.
  explicit PieceTrie(std::vector<Entry> entries);

  [[nodiscard]] State next(State state, char byte) const {
    const State target = units_[state].base ^ static_cast<unsigned char>(byte);
    return units_[target].parent == state ? target : none;
  }
  /// Value of the key that ends at `state`; -1: none does.
  [[nodiscard]] std::int32_t value(State state) const { return units_[state].value; }

  struct Match {
    std::size_t length = 0;  ///< 0: no key is a prefix of the text.
    std::int32_t value = -1;
  };
  /// The longest key that `text` begins with.
  [[nodiscard]] Match longest_prefix(std::string_view text) const {
    Match match;
    State state = root;
    for (std::size_t i = 0; i < text.size(); ++i) {
      state = next(state, text[i]);
      if (state == none) break;
      if (value(state) >= 0) match = {i + 1, value(state)};
    }
    return match;
  }

 private:
  class Builder;
  struct Unit {
    State base = 0;
    State parent = none;
    std::int32_t value = -1;
  };
  std::vector<Unit> units_ = {};
};

}  // namespace topograph::detail
