#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/tokenize/tokenizer.hpp"

namespace topograph::detail {

/// The vocabulary entries worth a static vector, and the tokenizer that knows only them.
struct StaticVocabulary {
  std::vector<std::int32_t> encoder_ids = {};  ///< New id -> id in the encoder's vocabulary.
  std::string tokenizer_json = {};
};

/// Leaves out entries named [unused0], [unused1] …, renumbers the rest in order of their ids, and
/// drops special tokens around a text, truncation and padding from the tokenizer.
/// @error model subject: not_found, parse, schema, or unsupported for a tokenizer other than
/// WordPiece.
[[nodiscard]] Result<StaticVocabulary> read_static_vocabulary(
    const std::filesystem::path& tokenizer_json);

/// The special tokens that a tokenizer puts before and after a text.
struct TextFrame {
  std::vector<std::int32_t> before = {};
  std::vector<std::int32_t> after = {};
};
[[nodiscard]] TextFrame text_frame(const Tokenizer& tokenizer);

}  // namespace topograph::detail
