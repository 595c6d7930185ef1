#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace topograph {

/// Bytes [begin, end) of the original text, and what they stand for.
struct TokenSpan {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::int32_t term_id = -1;
  [[nodiscard]] bool operator==(const TokenSpan&) const = default;
};

/// Splits text into words at ICU word boundaries: dictionary words for Chinese, Japanese, Thai,
/// Lao, Khmer and Burmese; numbers and words elsewhere; punctuation and symbols left out. Emoji are
/// kept as words. Inner apostrophes stay ("don't"). One object per thread: it holds ICU's iterator.
class WordSplitter {
 public:
  explicit WordSplitter(const std::string& locale = "");
  WordSplitter(WordSplitter&&) noexcept;
  WordSplitter& operator=(WordSplitter&&) noexcept;
  ~WordSplitter();

  /// Replaces `words` with the spans of the words of `text` (valid UTF-8), in order.
  void split(std::string_view text, std::vector<TokenSpan>& words);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace topograph
