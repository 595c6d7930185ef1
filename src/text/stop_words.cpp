#include <algorithm>
#include <array>

#include "text/stop_word_lists.hpp"
#include "topograph/text/language.hpp"

namespace topograph {
namespace {

std::vector<std::string_view> split_at_spaces(std::string_view words) {
  std::vector<std::string_view> parts;
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    parts.push_back(words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return parts;
}

std::string known_languages() {
  std::string names;
  for (const std::string_view language : stop_word_languages()) {
    if (!names.empty()) names += ' ';
    names += language;
  }
  return names;
}

}  // namespace

std::span<const std::string_view> stop_word_languages() {
  static const std::vector<std::string_view> languages = [] {
    std::vector<std::string_view> codes;
    for (const StopWordList& list : stop_word_lists()) codes.push_back(list.language);
    return codes;
  }();
  return languages;
}

Result<std::vector<std::string_view>> stop_words(std::string_view language) {
  // Both written standards of Norwegian share the list.
  const std::string_view code = language == "nb" || language == "nn" ? "no" : language;
  const auto lists = stop_word_lists();
  const auto found = std::ranges::lower_bound(lists, code, {}, &StopWordList::language);
  if (found == lists.end() || found->language != code) {
    return option_error(
        "stop_words",
        "no stop words for language '" + std::string(language) + "'; known: " + known_languages(),
        "give a file with one word a line as @FILE, or use none");
  }
  return split_at_spaces(found->words);
}

}  // namespace topograph
