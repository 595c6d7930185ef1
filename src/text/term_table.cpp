#include "text/term_table.hpp"

#include <functional>

#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

constexpr std::size_t kFirstSlots = 1024;

std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32U); }

}  // namespace

std::uint64_t TermTable::hash_of(std::string_view term) {
  return std::hash<std::string_view>{}(term);
}

std::int32_t TermTable::add(std::string_view term, std::uint64_t hash) {
  if (terms_.size() * 2 >= slots_.size()) grow();
  const std::size_t mask = slots_.size() - 1;
  const std::uint32_t tag = tag_of(hash);
  std::size_t at = hash & mask;
  for (; slots_[at].id >= 0; at = (at + 1) & mask) {
    if (slots_[at].tag == tag && terms_[idx(slots_[at].id)] == term) return slots_[at].id;
  }
  const auto id = narrow<std::int32_t>(terms_.size());
  slots_[at] = {tag, id};
  terms_.push_back(term);
  hashes_.push_back(hash);
  return id;
}

std::int32_t TermTable::find(std::string_view term) const {
  if (slots_.empty()) return -1;
  const std::uint64_t hash = hash_of(term);
  const std::size_t mask = slots_.size() - 1;
  const std::uint32_t tag = tag_of(hash);
  for (std::size_t at = hash & mask; slots_[at].id >= 0; at = (at + 1) & mask) {
    if (slots_[at].tag == tag && terms_[idx(slots_[at].id)] == term) return slots_[at].id;
  }
  return -1;
}

void TermTable::grow() {
  const std::size_t n_slots = slots_.empty() ? kFirstSlots : slots_.size() * 2;
  slots_.assign(n_slots, Slot{});
  const std::size_t mask = n_slots - 1;
  for (std::size_t id = 0; id < hashes_.size(); ++id) {
    std::size_t at = hashes_[id] & mask;
    while (slots_[at].id >= 0) at = (at + 1) & mask;
    slots_[at] = {tag_of(hashes_[id]), static_cast<std::int32_t>(id)};
  }
}

}  // namespace topograph
