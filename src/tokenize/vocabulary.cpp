#include "tokenize/vocabulary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <functional>

#include "topograph/core/narrow.hpp"

namespace topograph::detail {

Result<Vocabulary> Vocabulary::build(const std::vector<Entry>& entries, std::string_view where) {
  Vocabulary v;
  v.slots_.assign(std::bit_ceil(2 * entries.size() + 1), -1);
  v.entries_.reserve(entries.size());
  for (const Entry& entry : entries) {
    if (entry.id < 0 || entry.id > max_id) {
      return model_error(
          ErrorCode::parse, std::string(where),
          fmt::format("id of token \"{}\" is {}, expected 0 to {}", entry.token, entry.id, max_id));
    }
    const std::size_t slot = v.find_slot(entry.token);
    if (v.slots_[slot] >= 0) {
      return model_error(ErrorCode::parse, std::string(where),
                         fmt::format("token \"{}\" is listed twice", entry.token));
    }
    const auto index = narrow<std::int32_t>(v.entries_.size());
    v.slots_[slot] = index;
    v.entries_.push_back({narrow<std::uint32_t>(v.arena_.size()),
                          narrow<std::uint32_t>(entry.token.size()),
                          static_cast<std::int32_t>(entry.id)});
    v.arena_ += entry.token;
    if (idx(entry.id) >= v.by_id_.size()) v.by_id_.resize(idx(entry.id) + 1, -1);
    if (v.by_id_[idx(entry.id)] < 0) v.by_id_[idx(entry.id)] = index;
  }
  return v;
}

std::size_t Vocabulary::find_slot(std::string_view token) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = std::hash<std::string_view>{}(token)&mask;
  while (slots_[slot] >= 0 && text(entries_[idx(slots_[slot])]) != token) slot = (slot + 1) & mask;
  return slot;
}

std::string_view Vocabulary::token(std::int64_t id) const {
  if (id < 0 || idx(id) >= by_id_.size() || by_id_[idx(id)] < 0) return {};
  return text(entries_[idx(by_id_[idx(id)])]);
}

std::int32_t Vocabulary::id(std::string_view token) const {
  if (slots_.empty()) return -1;
  const std::int32_t index = slots_[find_slot(token)];
  return index < 0 ? -1 : entries_[idx(index)].id;
}

}  // namespace topograph::detail
