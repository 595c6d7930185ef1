#include "topograph/topics/types.hpp"

#include <algorithm>

namespace topograph {
namespace {

constexpr std::size_t kWordsInName = 4;

}  // namespace

std::string Topic::name() const {
  std::string text = std::to_string(id);
  for (std::size_t i = 0; i < std::min(words.size(), kWordsInName); ++i)
    text += "_" + words[i].term;
  return text;
}

const Topic* TopicTable::find(std::int32_t id) const {
  const auto found = std::ranges::lower_bound(topics, id, {}, &Topic::id);
  return found != topics.end() && found->id == id ? &*found : nullptr;
}

}  // namespace topograph
