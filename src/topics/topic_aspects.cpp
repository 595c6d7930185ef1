#include "topograph/topics/topic_aspects.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "topograph/topics/describe_topics.hpp"

namespace topograph {

std::vector<std::string> aspect_names(const TopicTable& table) {
  std::vector<std::string> names;
  for (const Topic& topic : table.topics) {
    for (const TopicAspect& aspect : topic.aspects) {
      if (std::ranges::find(names, aspect.name) == names.end()) names.push_back(aspect.name);
    }
  }
  return names;
}

Result<TopicTable> table_of_aspect(TopicTable table, const std::string& name) {
  const std::vector<std::string> names = aspect_names(table);
  if (std::ranges::find(names, name) == names.end()) {
    return option_error("--aspect", fmt::format("the model has no aspect `{}`", name),
                        names.empty() ? "it has none: `relabel --aspects` makes them"
                                      : fmt::format("its aspects are {}", fmt::join(names, ", ")));
  }
  for (Topic& topic : table.topics) {
    const auto found = std::ranges::find(topic.aspects, name, &TopicAspect::name);
    if (found == topic.aspects.end()) continue;
    topic.words = found->words;
    // Generated texts leave the places of further words empty.
    std::erase_if(topic.words, [](const TopicWord& word) { return word.term.empty(); });
    if (!topic.is_named) topic.label = default_label(topic);
  }
  return table;
}

}  // namespace topograph
