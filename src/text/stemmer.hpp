#pragma once

#include <memory>
#include <string>
#include <string_view>

struct sb_stemmer;

namespace topograph {

/// Snowball stems of one language. One object per thread.
class Stemmer {
 public:
  [[nodiscard]] static bool knows(const std::string& language);  ///< ISO 639-1.
  [[nodiscard]] static std::string known_languages();
  /// `language` must be known.
  [[nodiscard]] static Stemmer open(const std::string& language);

  /// The stem of a word in lower case, which lives until the next call.
  [[nodiscard]] std::string_view stem(std::string_view word);

 private:
  struct Close {
    void operator()(sb_stemmer* stemmer) const;
  };
  std::unique_ptr<sb_stemmer, Close> stemmer_ = {};
};

}  // namespace topograph
