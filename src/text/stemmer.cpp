#include "text/stemmer.hpp"

#include <libstemmer.h>

#include <algorithm>
#include <array>

#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

// Snowball knows these by their code; its own list has names of algorithms only.
constexpr std::array<std::string_view, 27> kLanguages = {
    "ar", "ca", "da", "de", "el", "en", "es", "eu", "fi", "fr", "ga", "hi", "hu", "hy",
    "id", "it", "lt", "ne", "nl", "no", "pt", "ro", "ru", "sr", "sv", "ta", "tr"};

}  // namespace

void Stemmer::Close::operator()(sb_stemmer* stemmer) const { sb_stemmer_delete(stemmer); }

bool Stemmer::knows(const std::string& language) {
  return std::ranges::binary_search(kLanguages, language);
}

std::string Stemmer::known_languages() {
  std::string names;
  for (const std::string_view language : kLanguages) {
    names += (names.empty() ? "" : " ") + std::string(language);
  }
  return names;
}

Stemmer Stemmer::open(const std::string& language) {
  Stemmer stemmer;
  stemmer.stemmer_.reset(sb_stemmer_new(language.c_str(), "UTF_8"));
  TG_EXPECTS(stemmer.stemmer_ != nullptr);
  return stemmer;
}

std::string_view Stemmer::stem(std::string_view word) {
  const auto* letters = reinterpret_cast<const sb_symbol*>(word.data());
  const sb_symbol* stem =
      sb_stemmer_stem(stemmer_.get(), letters, narrow<std::int32_t>(word.size()));
  return {reinterpret_cast<const char*>(stem), idx(sb_stemmer_length(stemmer_.get()))};
}

}  // namespace topograph
