#include "tokenize/model.hpp"

#include <fmt/format.h>

#include "tokenize/utf8.hpp"

namespace topograph::detail {
namespace {

Result<std::int32_t> find_unknown(const Vocabulary& vocabulary, std::string_view unk_token,
                                  std::string_view where) {
  const std::int32_t id = vocabulary.id(unk_token);
  if (id >= 0) return id;
  return model_error(ErrorCode::parse, std::string(where),
                     fmt::format("model.unk_token \"{}\" is not in model.vocab", unk_token),
                     "the vocabulary may have been cut; fetch the model again");
}

}  // namespace

Result<WordPiece> WordPiece::build(const Vocabulary& vocabulary, const Options& options,
                                   std::string_view where) {
  WordPiece model;
  TG_TRY(model.unknown_id_, find_unknown(vocabulary, options.unk_token, where));
  model.max_characters_ = options.max_input_chars_per_word;
  const std::string_view prefix = options.continuing_subword_prefix;
  std::vector<PieceTrie::Entry> starts;
  std::vector<PieceTrie::Entry> continuations;
  starts.reserve(vocabulary.n_tokens());
  for (std::size_t i = 0; i < vocabulary.n_tokens(); ++i) {
    const std::string_view token = vocabulary.token_at(i);
    starts.push_back({token, vocabulary.id_at(i)});
    if (token.starts_with(prefix)) {
      continuations.push_back({token.substr(prefix.size()), vocabulary.id_at(i)});
    }
  }
  model.starts_ = PieceTrie(std::move(starts));
  model.continuations_ = PieceTrie(std::move(continuations));
  return model;
}

bool WordPiece::is_too_long(std::string_view word) const {
  return word.size() > max_characters_ && count_characters(word) > max_characters_;
}

void WordPiece::append(std::string_view word, std::vector<Piece>& out) const {
  const std::size_t first = out.size();
  const auto end = static_cast<std::uint32_t>(word.size());
  if (is_too_long(word)) {
    out.push_back({unknown_id_, end});
    return;
  }
  const PieceTrie* trie = &starts_;
  for (std::size_t position = 0; position < word.size();) {
    const PieceTrie::Match match = trie->longest_prefix(word.substr(position));
    if (match.length == 0) {
      out.resize(first);
      out.push_back({unknown_id_, end});
      return;
    }
    position += match.length;
    out.push_back({match.value, static_cast<std::uint32_t>(position)});
    trie = &continuations_;
  }
}

Result<WordLevel> WordLevel::build(const Vocabulary& vocabulary, std::string_view unk_token,
                                   std::string_view where) {
  WordLevel model;
  TG_TRY(model.unknown_id_, find_unknown(vocabulary, unk_token, where));
  model.vocabulary_ = vocabulary;
  return model;
}

void WordLevel::append(std::string_view word, std::vector<Piece>& out) const {
  const std::int32_t id = vocabulary_.id(word);
  out.push_back({id < 0 ? unknown_id_ : id, static_cast<std::uint32_t>(word.size())});
}

}  // namespace topograph::detail
