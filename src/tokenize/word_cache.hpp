#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "tokenize/piece.hpp"

namespace topograph::detail {

/// Remembers the pieces of words: a table of fixed size in which a new word takes the place of the
/// one that was there. It holds only what the model would say again, so results do not depend on
/// it. Belongs to one thread and one model.
class WordCache {
 public:
  static constexpr std::size_t max_bytes = 64;
  static constexpr std::size_t max_pieces = 12;

  struct Slot {
    std::uint8_t n_bytes = 0;  ///< 0: free.
    std::uint8_t n_pieces = 0;
    std::array<std::uint8_t, 14> ends = {};
    std::array<std::int32_t, max_pieces> ids = {};
    std::array<char, max_bytes> bytes = {};
  };

  /// The slot of a word of at most `max_bytes` bytes.
  [[nodiscard]] Slot& slot(std::string_view word) {
    if (slots_.empty()) slots_.resize(n_slots);
    return slots_[hash(word) % n_slots];
  }
  [[nodiscard]] static bool holds(const Slot& slot, std::string_view word) {
    return slot.n_bytes == word.size() &&
           std::memcmp(slot.bytes.data(), word.data(), word.size()) == 0;
  }
  static void append(const Slot& slot, std::uint32_t shift, std::vector<Piece>& out) {
    for (std::size_t i = 0; i < slot.n_pieces; ++i) {
      out.push_back({slot.ids[i], shift + slot.ends[i]});
    }
  }
  /// Remembers pieces [first, end of `pieces`) of the word, whose first byte is byte `shift`.
  static void remember(Slot& slot, std::string_view word, std::uint32_t shift,
                       const std::vector<Piece>& pieces, std::size_t first) {
    const std::size_t n = pieces.size() - first;
    if (n > max_pieces || (n > 0 && pieces.back().end - shift > word.size())) return;
    slot.n_bytes = static_cast<std::uint8_t>(word.size());
    slot.n_pieces = static_cast<std::uint8_t>(n);
    std::memcpy(slot.bytes.data(), word.data(), word.size());
    for (std::size_t i = 0; i < n; ++i) {
      slot.ids[i] = pieces[first + i].id;
      slot.ends[i] = static_cast<std::uint8_t>(pieces[first + i].end - shift);
    }
  }

 private:
  static constexpr std::size_t n_slots = 1U << 14U;

  [[nodiscard]] static std::size_t hash(std::string_view word) {
    std::uint64_t h = 0x9E3779B97F4A7C15U ^ word.size();
    std::size_t i = 0;
    for (; i + 8 <= word.size(); i += 8) {
      std::uint64_t part = 0;
      std::memcpy(&part, word.data() + i, 8);
      h = (h ^ part) * 0xFF51AFD7ED558CCDU;
      h ^= h >> 32U;
    }
    std::uint64_t rest = 0;
    std::memcpy(&rest, word.data() + i, word.size() - i);
    h = (h ^ rest) * 0xC4CEB9FE1A85EC53U;
    return static_cast<std::size_t>(h ^ (h >> 29U) ^ (h >> 47U));
  }

  std::vector<Slot> slots_ = {};
};

}  // namespace topograph::detail
