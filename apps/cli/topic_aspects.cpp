#include "topic_aspects.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "document_columns.hpp"
#include "topograph/topics/describe_topics.hpp"

namespace topograph::cli {
namespace {

std::set<std::string, std::less<>> aspect_names(const TopicTable& topics) {
  std::set<std::string, std::less<>> names;
  for (const Topic& topic : topics.topics) {
    for (const TopicAspect& aspect : topic.aspects) names.insert(aspect.name);
  }
  return names;
}

}  // namespace

std::vector<Column> aspect_columns(const TopicTable& topics) {
  std::vector<Column> columns;
  for (const std::string& name : aspect_names(topics)) {
    TextColumn words;
    for (const Topic& topic : topics.topics) {
      const TopicAspect* found = find_aspect(topic, name);
      words.push_back(found == nullptr ? "" : joined_words(found->words));
    }
    columns.push_back({name, std::move(words), {}});
  }
  return columns;
}

const TopicAspect* find_aspect(const Topic& topic, std::string_view name) {
  const auto found = std::ranges::find(topic.aspects, name, &TopicAspect::name);
  return found == topic.aspects.end() ? nullptr : &*found;
}

Result<void> need_aspect(const TopicTable& topics, std::string_view name) {
  const auto names = aspect_names(topics);
  if (names.contains(name)) return {};
  return option_error("--aspect", fmt::format("there is no aspect '{}'", name),
                      names.empty() ? "`relabel MODEL --aspects NAME=keybert` makes some"
                                    : fmt::format("there are {}", fmt::join(names, ", ")));
}

Result<TopicTable> table_of_aspect(TopicTable topics, std::string_view name) {
  TG_TRY(need_aspect(topics, name));
  for (Topic& topic : topics.topics) {
    const TopicAspect* found = find_aspect(topic, name);
    if (found == nullptr) continue;
    topic.words = found->words;
    // Generated texts leave the places of further words empty.
    std::erase_if(topic.words, [](const TopicWord& word) { return word.term.empty(); });
    if (!topic.is_named) topic.label = default_label(topic);
  }
  return topics;
}

}  // namespace topograph::cli
