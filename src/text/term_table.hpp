#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "topograph/core/text_column.hpp"

namespace topograph {

/// Distinct strings with ids in order of arrival: open addressing over one arena. Ids depend on the
/// order of insertion only, never on the hash.
class TermTable {
 public:
  [[nodiscard]] static std::uint64_t hash_of(std::string_view term);

  /// The id of `term`, which is added when it is new.
  std::int32_t add(std::string_view term) { return add(term, hash_of(term)); }
  std::int32_t add(std::string_view term, std::uint64_t hash);
  /// -1 when absent.
  [[nodiscard]] std::int32_t find(std::string_view term) const;
  [[nodiscard]] std::size_t size() const { return terms_.size(); }
  /// Memory in use.
  [[nodiscard]] std::size_t bytes() const {
    return terms_.bytes() + terms_.size() * 2 * sizeof(std::uint64_t) +
           slots_.size() * sizeof(Slot);
  }
  [[nodiscard]] std::string_view term(std::int32_t id) const {
    return terms_[static_cast<std::size_t>(id)];
  }
  [[nodiscard]] std::uint64_t hash(std::int32_t id) const {
    return hashes_[static_cast<std::size_t>(id)];
  }

 private:
  /// A free slot has id -1. The tag is the upper half of the hash: most probes end at it.
  struct Slot {
    std::uint32_t tag = 0;
    std::int32_t id = -1;
  };

  void grow();

  TextColumn terms_ = {};
  std::vector<std::uint64_t> hashes_ = {};
  std::vector<Slot> slots_ = {};  ///< The size is a power of two.
};

}  // namespace topograph
