#include "term_table.hpp"

#include <functional>

#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

constexpr std::size_t kFirstSlots = 1024;

}  // namespace

std::uint64_t TermTable::hash_of(std::string_view term) {
  return std::hash<std::string_view>{}(term);
}

std::int32_t TermTable::add(std::string_view term, std::uint64_t hash) {
  if (terms_.size() * 2 >= slots_.size()) grow();
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash & mask;
  for (; slots_[slot] >= 0; slot = (slot + 1) & mask) {
    const std::int32_t id = slots_[slot];
    if (hashes_[idx(id)] == hash && terms_[idx(id)] == term) return id;
  }
  const auto id = narrow<std::int32_t>(terms_.size());
  slots_[slot] = id;
  terms_.push_back(term);
  hashes_.push_back(hash);
  return id;
}

std::int32_t TermTable::find(std::string_view term) const {
  if (slots_.empty()) return -1;
  const std::uint64_t hash = hash_of(term);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t slot = hash & mask; slots_[slot] >= 0; slot = (slot + 1) & mask) {
    const std::int32_t id = slots_[slot];
    if (hashes_[idx(id)] == hash && terms_[idx(id)] == term) return id;
  }
  return -1;
}

void TermTable::grow() {
  const std::size_t n_slots = slots_.empty() ? kFirstSlots : slots_.size() * 2;
  slots_.assign(n_slots, -1);
  const std::size_t mask = n_slots - 1;
  for (std::size_t id = 0; id < hashes_.size(); ++id) {
    std::size_t slot = hashes_[id] & mask;
    while (slots_[slot] >= 0) slot = (slot + 1) & mask;
    slots_[slot] = static_cast<std::int32_t>(id);
  }
}

}  // namespace topograph
