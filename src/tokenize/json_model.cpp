#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "tokenize/json_components.hpp"

namespace topograph::detail {
namespace {

constexpr std::string_view known_models = "WordPiece, WordLevel, Unigram, BPE";

Result<Vocabulary> read_vocabulary(const JsonField& model, std::string_view where) {
  const JsonField field = model["vocab"];
  if (field.is_null()) return field.error(ErrorCode::parse, "the model has no vocabulary");
  if (!field.value().is_object()) return field.wrong_type("an object of tokens and ids");
  std::vector<Vocabulary::Entry> entries;
  entries.reserve(field.value().size());
  for (const auto& [token, id] : field.value().items()) {
    if (!id.is_number_integer() ||
        (id.is_number_unsigned() && id.get<std::uint64_t>() > INT64_MAX)) {
      return field.error(
          ErrorCode::parse,
          fmt::format("id of token \"{}\" is {}, expected an integer", token, id.dump()));
    }
    entries.push_back({token, id.get<std::int64_t>()});
  }
  return Vocabulary::build(entries, fmt::format("{}: model.vocab", where));
}

/// Old files have no model type: it shows in what they hold.
Result<std::string> model_type(const JsonField& model) {
  if (model.is_null()) return model.error(ErrorCode::parse, "the tokenizer has no model");
  if (!model["type"].is_null()) return model["type"].text();
  if (!model["merges"].is_null()) return std::string("BPE");
  if (!model["continuing_subword_prefix"].is_null()) return std::string("WordPiece");
  if (model["vocab"].value().is_array()) return std::string("Unigram");
  return model["type"].text();
}

Result<void> read_word_piece(const JsonField& field, std::string_view where,
                             TokenizerParts& parts) {
  TG_TRY(parts.vocabulary, read_vocabulary(field, where));
  WordPiece::Options options;
  TG_TRY(options.unk_token, field["unk_token"].text(options.unk_token));
  TG_TRY(options.continuing_subword_prefix,
         field["continuing_subword_prefix"].text(options.continuing_subword_prefix));
  const JsonField limit = field["max_input_chars_per_word"];
  if (!limit.is_null()) {
    TG_TRY(const std::int64_t n, limit.integer());
    if (n < 0) return limit.error(ErrorCode::parse, fmt::format("expected >= 0, found {}", n));
    options.max_input_chars_per_word = static_cast<std::size_t>(n);
  }
  TG_TRY(parts.model, WordPiece::build(parts.vocabulary, options, where));
  return {};
}

Result<void> read_word_level(const JsonField& field, std::string_view where,
                             TokenizerParts& parts) {
  TG_TRY(parts.vocabulary, read_vocabulary(field, where));
  TG_TRY(const std::string unk_token, field["unk_token"].text());
  TG_TRY(parts.model, WordLevel::build(parts.vocabulary, unk_token, where));
  return {};
}

struct ScoredPieces {
  std::vector<Vocabulary::Entry> entries = {};
  std::vector<double> scores = {};
};

/// Pairs of a piece and its score; ids are places. A piece listed again counts where it is last.
Result<ScoredPieces> read_scored_pieces(const JsonField& field) {
  TG_TRY(const std::size_t n, field.n_elements());
  ScoredPieces out;
  out.scores.reserve(n);
  std::unordered_map<std::string, std::size_t> place_of;
  for (std::size_t i = 0; i < n; ++i) {
    const JsonField pair = field.at(i);
    TG_TRY(const std::size_t n_fields, pair.n_elements());
    if (n_fields != 2) return pair.wrong_type("a piece and its score");
    TG_TRY(std::string piece, pair.at(0).text());
    TG_TRY(const double score, pair.at(1).number());
    out.scores.push_back(score);
    const auto [known, is_new] = place_of.try_emplace(piece, out.entries.size());
    if (is_new) {
      out.entries.push_back({std::move(piece), static_cast<std::int64_t>(i)});
    } else {
      out.entries[known->second].id = static_cast<std::int64_t>(i);
    }
  }
  return out;
}

Result<void> read_unigram(const JsonField& field, std::string_view where, TokenizerParts& parts) {
  TG_TRY(ScoredPieces pieces, read_scored_pieces(field["vocab"]));
  TG_TRY(parts.vocabulary,
         Vocabulary::build(pieces.entries, fmt::format("{}: model.vocab", where)));
  parts.n_model_tokens = pieces.scores.size();
  const JsonField unknown = field["unk_id"];
  if (unknown.is_null()) {
    return unknown.error(ErrorCode::unsupported, "a Unigram model without an unknown token");
  }
  Unigram::Options options;
  TG_TRY(const std::int64_t unknown_id, unknown.integer());
  if (unknown_id < 0 || std::cmp_greater_equal(unknown_id, pieces.scores.size())) {
    return unknown.error(ErrorCode::parse, fmt::format("{} is outside of the vocabulary of {}",
                                                       unknown_id, pieces.scores.size()));
  }
  options.unknown_id = static_cast<std::int32_t>(unknown_id);
  TG_TRY(options.byte_fallback, field["byte_fallback"].boolean(false));
  parts.model = Unigram::build(parts.vocabulary, std::move(pieces.scores), options);
  return {};
}

/// A merge is a list of two tokens, in old files a string of the two and a space between.
Result<Bpe::Merge> read_merge(const JsonField& field) {
  if (field.value().is_string()) {
    TG_TRY(const std::string text, field.text());
    const std::size_t space = text.find(' ');
    if (space == std::string::npos || text.find(' ', space + 1) != std::string::npos) {
      return field.error(ErrorCode::parse,
                         fmt::format("expected two tokens and a space, found \"{}\"", text));
    }
    return Bpe::Merge{text.substr(0, space), text.substr(space + 1)};
  }
  TG_TRY(const std::size_t n, field.n_elements());
  if (n != 2) return field.wrong_type("two tokens");
  Bpe::Merge merge;
  TG_TRY(merge.left, field.at(0).text());
  TG_TRY(merge.right, field.at(1).text());
  return merge;
}

Result<Bpe::Options> read_bpe_options(const JsonField& field) {
  const JsonField dropout = field["dropout"];
  if (!dropout.is_null()) {
    TG_TRY(const double probability, dropout.number());
    if (probability != 0.0) {
      return dropout.error(ErrorCode::unsupported, "dropout makes tokens a matter of chance",
                           "supported: 0 or null");
    }
  }
  Bpe::Options options;
  TG_TRY(options.unk_token, field["unk_token"].text(""));
  TG_TRY(options.continuing_subword_prefix, field["continuing_subword_prefix"].text(""));
  TG_TRY(options.end_of_word_suffix, field["end_of_word_suffix"].text(""));
  TG_TRY(options.fuse_unk, field["fuse_unk"].boolean(false));
  TG_TRY(options.byte_fallback, field["byte_fallback"].boolean(false));
  TG_TRY(options.ignore_merges, field["ignore_merges"].boolean(false));
  return options;
}

Result<void> read_bpe(const JsonField& field, std::string_view where, TokenizerParts& parts) {
  TG_TRY(parts.vocabulary, read_vocabulary(field, where));
  TG_TRY(const Bpe::Options options, read_bpe_options(field));
  const JsonField list = field["merges"];
  TG_TRY(const std::size_t n, list.n_elements());
  std::vector<Bpe::Merge> merges;
  merges.reserve(n);
  for (std::size_t i = 0; i < n; ++i) {
    const JsonField merge = list.at(i);
    // Old lists may begin with the version line of the file they come from.
    if (merge.value().is_string() &&
        merge.value().get_ref<const std::string&>().starts_with("#version")) {
      continue;
    }
    TG_TRY(Bpe::Merge read, read_merge(merge));
    merges.push_back(std::move(read));
  }
  TG_TRY(parts.model, Bpe::build(parts.vocabulary, merges, options, where));
  return {};
}

}  // namespace

Result<void> read_model(const JsonField& field, std::string_view where, TokenizerParts& parts) {
  TG_TRY(const std::string type, model_type(field));
  if (type == "Unigram") return read_unigram(field, where, parts);
  if (type == "WordPiece") {
    TG_TRY(read_word_piece(field, where, parts));
  } else if (type == "WordLevel") {
    TG_TRY(read_word_level(field, where, parts));
  } else if (type == "BPE") {
    TG_TRY(read_bpe(field, where, parts));
  } else {
    return field.unsupported("model", type, known_models);
  }
  parts.n_model_tokens = parts.vocabulary.n_tokens();
  return {};
}

}  // namespace topograph::detail
