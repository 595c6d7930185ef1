#include "topograph/text/word_list.hpp"

#include <fstream>
#include <sstream>
#include <utility>

namespace topograph {
namespace {

constexpr std::string_view kSpace = " \t\r\n\v\f";

}  // namespace

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

std::vector<std::string> split_trimmed(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    if (const auto part = trimmed(text.substr(0, end)); !part.empty()) parts.emplace_back(part);
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

Result<std::vector<std::string>> read_word_list(const std::string& path, const char* where) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream content;
  if (file) content << file.rdbuf();
  if (!file) {
    return option_error(where, "cannot read the file '" + path + "'",
                        "@FILE names a UTF-8 text file with one entry a line");
  }
  std::string text = std::move(content).str();
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);  // Byte order mark.
  return split_trimmed(text, '\n');
}

Result<std::vector<std::string>> expand_word_list(const std::vector<std::string>& items,
                                                  const char* where) {
  std::vector<std::string> words;
  for (const std::string& item : items) {
    if (!item.starts_with('@')) {
      words.push_back(item);
      continue;
    }
    TG_TRY(const auto more, read_word_list(item.substr(1), where));
    words.insert(words.end(), more.begin(), more.end());
  }
  return words;
}

}  // namespace topograph
