#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/core/text_column.hpp"

namespace topograph {

/// Token ids of many texts: one arena and (n + 1) offsets.
struct TokenBatch {
  std::vector<std::int32_t> ids = {};
  std::vector<std::int64_t> offsets = {0};
  std::int64_t n_truncated = 0;  ///< Texts that were cut to `max_length`.

  [[nodiscard]] std::size_t size() const { return offsets.size() - 1; }
  [[nodiscard]] std::span<const std::int32_t> operator[](std::size_t i) const {
    const auto begin = static_cast<std::size_t>(offsets[i]);
    return {ids.data() + begin, static_cast<std::size_t>(offsets[i + 1]) - begin};
  }
  /// Adds the texts of another batch behind these.
  void append(const TokenBatch& other);
};

/// Bytes [begin, end) of the original text that a token stands for; special tokens have (0, 0).
struct TokenOffsets {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  [[nodiscard]] bool operator==(const TokenOffsets&) const = default;
};

/// A tokeniser read from a Hugging Face `tokenizer.json`. Immutable; safe to share between threads.
///
/// | part | known |
/// |---|---|
/// | model | WordPiece, WordLevel, Unigram, BPE (byte-level too; without dropout) |
/// | normalizer | BertNormalizer, NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, Strip, Nmt,
/// Precompiled, Replace, Prepend, ByteLevel | | pre-tokenizer | BertPreTokenizer, Whitespace,
/// WhitespaceSplit, Punctuation, Digits, CharDelimiterSplit, Split, Metaspace, ByteLevel | |
/// post-processor | TemplateProcessing, BertProcessing, RobertaProcessing, ByteLevel |
///
/// and sequences of them. Regular expressions are ICU's. Of the file's padding and truncation only
/// the padding id and the side at which texts are cut are used: lengths are the caller's business.
class Tokenizer {
 public:
  /// @error model subject: not_found, parse with what is damaged, or unsupported naming the
  ///        component (normaliser, pre-tokeniser, model, post-processor) that is not known.
  [[nodiscard]] static Result<Tokenizer> load(const std::filesystem::path& tokenizer_json);
  [[nodiscard]] static Result<Tokenizer> parse(std::string_view json, std::string_view where);
  Tokenizer(Tokenizer&&) noexcept;
  Tokenizer& operator=(Tokenizer&&) noexcept;
  ~Tokenizer();

  [[nodiscard]] std::size_t vocabulary_size() const;  ///< Highest id + 1, added tokens included.
  [[nodiscard]] std::string_view token(std::int32_t id) const;  ///< "" for an unused id.
  [[nodiscard]] std::int32_t token_id(
      std::string_view token) const;              ///< -1: not in the vocabulary.
  [[nodiscard]] std::int32_t unknown_id() const;  ///< -1: none.
  /// What `padding` states, else the id of `[PAD]` or `<pad>`, else 0.
  [[nodiscard]] std::int32_t padding_id() const;

  struct EncodeOptions {
    bool add_special_tokens = true;
    /// Cut to this many tokens, special tokens included; 0: no limit. The content gives way to the
    /// special tokens; only a limit below their number cuts them too.
    std::size_t max_length = 0;
  };

  /// Appends the ids of one text (valid UTF-8) to `ids` and, when not null, their byte offsets.
  /// @return true when tokens of the text were cut off.
  /// @peer   Hugging Face tokenizers `Tokenizer.encode(...).ids` (identical).
  bool encode(std::string_view text, const EncodeOptions& options, std::vector<std::int32_t>& ids,
              std::vector<TokenOffsets>* offsets = nullptr) const;

  /// Encodes many texts on all threads; independent of the thread count.
  [[nodiscard]] Result<TokenBatch> encode_all(const TextColumn& texts, const EncodeOptions& options,
                                              RunContext& run) const;

 private:
  Tokenizer();
  struct Impl;
  std::unique_ptr<const Impl> impl_;
};

}  // namespace topograph
