#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/text/words.hpp"

namespace topograph {

/// Words are what a regular expression matches, or its first group where it has one. One object per
/// thread. A text that needs more than ICU's limit of steps ends early.
class PatternSplitter {
 public:
  /// @error option subject: no regular expression, or one with several groups.
  [[nodiscard]] static Result<void> check(const std::string& pattern);
  /// `pattern` must have passed `check`.
  [[nodiscard]] static PatternSplitter open(const std::string& pattern);
  PatternSplitter(PatternSplitter&&) noexcept;
  PatternSplitter& operator=(PatternSplitter&&) noexcept;
  ~PatternSplitter();

  /// Replaces `words` with the spans of the words of `text` (valid UTF-8), in order.
  void split(std::string_view text, std::vector<TokenSpan>& words);

 private:
  PatternSplitter();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace topograph
