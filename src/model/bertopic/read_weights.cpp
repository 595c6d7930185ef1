// ctfidf.safetensors and ctfidf_config.json: the class TF-IDF as a sparse matrix, and the
// CountVectorizer that cut its terms.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <system_error>
#include <utility>

#include "model/bertopic/peer_folder.hpp"
#include "topograph/core/container.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph::bertopic {
namespace fs = std::filesystem;
namespace {

using Table = nlohmann::json;

/// The vocabulary as it stands in the file.
struct StoredTerms {
  TextColumn terms = {};
  std::vector<std::int64_t> columns = {};  ///< -1: not a number.
};

/// Parses the file, but for the vocabulary: millions of terms are no tree of values.
Result<Table> read_config(const fs::path& path, StoredTerms& vocabulary) {
  TG_TRY(const std::string text, read_text(path, kSaveAgain));
  using Event = Table::parse_event_t;
  constexpr int kDepth = 3;  // Of the terms: { "vectorizer_model": { "vocab": { term: ...
  bool in_vectorizer = false;
  bool in_terms = false;
  const auto keep = [&](int depth, Event event, Table& value) {
    if (event == Event::key && depth < kDepth) {
      const auto& name = value.get_ref<const std::string&>();
      if (depth == 1) in_vectorizer = name == "vectorizer_model";
      in_terms = depth == 2 && in_vectorizer && name == "vocab";
    }
    if (!in_terms || depth != kDepth) return true;
    if (event == Event::key) {
      vocabulary.terms.push_back(value.get_ref<const std::string&>());
      return false;
    }
    if (event == Event::value) {
      vocabulary.columns.push_back(value.is_number() ? value.get<std::int64_t>() : -1);
    } else if (event == Event::object_start || event == Event::array_start) {
      vocabulary.columns.push_back(-1);
    }
    return true;
  };
  Table json = Table::parse(text, keep, false);
  if (json.is_discarded()) return damaged(path, "broken JSON", kSaveAgain);
  return json;
}

/// The stored columns in ascending order of their terms.
struct Columns {
  TextColumn terms = {};
  std::vector<std::int32_t> new_of = {};
};

/// scikit-learn numbers terms in their order, so that there is seldom anything to sort.
Result<Columns> order_terms(const StoredTerms& vocabulary, const fs::path& path) {
  const std::size_t n = vocabulary.columns.size();
  std::vector<std::int32_t> entry_of(n, -1);
  for (std::size_t i = 0; i < n; ++i) {
    const std::int64_t column = vocabulary.columns[i];
    if (column < 0 || std::cmp_greater_equal(column, n) || entry_of[idx(column)] >= 0) {
      return damaged(
          path,
          fmt::format("vocab: the term \"{}\" has the column {}", vocabulary.terms[i], column),
          kSaveAgain);
    }
    entry_of[idx(column)] = narrow<std::int32_t>(i);
  }
  const auto term = [&](std::int32_t entry) { return vocabulary.terms[idx(entry)]; };
  if (!std::ranges::is_sorted(entry_of, {}, term)) std::ranges::sort(entry_of, {}, term);
  Columns columns;
  columns.new_of.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    if (i > 0 && term(entry_of[i]) == term(entry_of[i - 1])) {
      return damaged(path, fmt::format("vocab: the term \"{}\" is there twice", term(entry_of[i])),
                     kSaveAgain);
    }
    columns.terms.push_back(term(entry_of[i]));
    columns.new_of[idx(vocabulary.columns[idx(entry_of[i])])] = narrow<std::int32_t>(i);
  }
  return columns;
}

/// True when `key` has a value that changes how texts are cut in a way topograph does not know.
bool is_foreign(const std::string& key, const Table& value) {
  if (key == "analyzer") return value != "word";
  if (key == "strip_accents" || key == "vocabulary") return !value.is_null();
  if (key == "binary") return value != false;
  return false;
}

void read_stop_words(Weights& weights, const Table& value) {
  weights.words.stop_words = "none";
  if (value.is_string()) {
    weights.words.stop_words = value.get<std::string>();  // "english" is scikit-learn's only one
  } else if (value.is_array()) {
    weights.words.extra_stop_words = value.get<std::vector<std::string>>();
  }
}

void read_pattern(CountOptions& words, const std::string& pattern) {
  if (pattern == kSklearnPattern) return;
  words.token_rule = WordRule::pattern;
  words.token_pattern = pattern.starts_with("(?u)") ? pattern.substr(4) : pattern;
}

/// A count, or a share when the number is a float: as in scikit-learn.
double frequency_bound(const Table& value, double otherwise) {
  return value.is_number() ? value.get<double>() : otherwise;
}

Result<void> read_rules(Weights& weights, const Table& params, const fs::path& path) {
  static const std::set<std::string> known = {
      "analyzer",   "binary",        "decode_error",  "encoding",  "input",
      "lowercase",  "max_df",        "max_features",  "min_df",    "ngram_range",
      "stop_words", "strip_accents", "token_pattern", "vocabulary"};
  for (const auto& [key, value] : params.items()) {
    if (!known.contains(key) || is_foreign(key, value)) {
      return model_error(
          ErrorCode::unsupported, path.string(),
          fmt::format("vectorizer_model.params: cannot cut words with {}={}", key, value.dump()),
          "convert it with --no-ctfidf: words stay, term counts are left out");
    }
  }
  CountOptions& words = weights.words;
  words.token_rule = WordRule::sklearn;
  words.df_of = FrequencyOf::topics;
  words.ngram_range = {params.at("ngram_range").at(0), params.at("ngram_range").at(1)};
  words.lowercase = params.value("lowercase", true);
  read_stop_words(weights, params.value("stop_words", Table()));
  read_pattern(words, params.value("token_pattern", std::string(kSklearnPattern)));
  words.min_df = frequency_bound(params.value("min_df", Table()), 1);
  words.max_df = frequency_bound(params.value("max_df", Table()), 1);
  if (params.contains("max_df") && params.at("max_df").is_number_integer() && words.max_df == 1) {
    words.max_df = 1.5;  // one topic, not all of them
  }
  if (const Table most = params.value("max_features", Table()); most.is_number()) {
    words.max_features = most.get<int>();
  }
  const Result<void> valid = validate_options(words);
  if (!valid) return damaged(path, to_string(valid.error()), kSaveAgain);
  return {};
}

Result<Csr<double>> read_matrix(const ArrayFile& arrays, const Columns& columns,
                                std::size_t n_topics, const fs::path& path) {
  TG_TRY(const auto shape, arrays.int64s("shape"));
  if (shape.size() != 2 || std::cmp_not_equal(shape[0], n_topics) ||
      std::cmp_not_equal(shape[1], columns.new_of.size())) {
    return damaged(path,
                   fmt::format("expected a matrix of {} topics and {} terms, found {}", n_topics,
                               columns.new_of.size(), fmt::join(shape, " x ")),
                   kSaveAgain);
  }
  TG_TRY(const auto indptr, arrays.int32s("indptr"));
  TG_TRY(const auto indices, arrays.int32s("indices"));
  TG_TRY(const auto data, arrays.doubles("data"));
  const bool is_whole =
      indptr.size() == n_topics + 1 && indptr.front() == 0 && std::ranges::is_sorted(indptr) &&
      std::cmp_equal(indptr.back(), indices.size()) && indices.size() == data.size() &&
      std::ranges::all_of(indices, [&](std::int32_t column) {
        return column >= 0 && std::cmp_less(column, columns.new_of.size());
      });
  if (!is_whole) return damaged(path, "indptr, indices and data are no sparse matrix", kSaveAgain);
  Csr<double> rows;
  rows.n_cols = columns.new_of.size();
  std::vector<std::pair<std::int32_t, double>> row;
  for (std::size_t r = 0; r < n_topics; ++r) {
    row.clear();
    for (std::size_t i = idx(indptr[r]); i < idx(indptr[r + 1]); ++i) {
      if (data[i] != 0) row.emplace_back(columns.new_of[idx(indices[i])], data[i]);
    }
    std::ranges::sort(row);
    for (const auto& [column, value] : row) {
      rows.columns.push_back(column);
      rows.values.push_back(value);
    }
    rows.offsets.push_back(narrow<std::int64_t>(rows.columns.size()));
  }
  return rows;
}

}  // namespace

Result<std::optional<Weights>> read_weights(const fs::path& path, std::size_t n_topics) {
  const fs::path file = path / kWeightsFile;
  const fs::path config_file = path / kWeightsConfigFile;
  std::error_code ignored;
  const bool has_matrix = fs::exists(file, ignored);
  const bool has_config = fs::exists(config_file, ignored);
  if (!has_matrix && !has_config) return std::optional<Weights>();
  if (has_matrix != has_config) {
    return model_error(
        ErrorCode::not_found, (has_matrix ? config_file : file).string(),
        "cannot read this file of the model",
        "the terms are in both or in neither; convert with --no-ctfidf to leave them out");
  }
  StoredTerms vocabulary;
  TG_TRY(const Table config, read_config(config_file, vocabulary));
  Weights weights;
  Columns columns;
  Result<void> read = {};
  TG_TRY(guarded(
      config_file,
      [&] {
        const Table& tfidf = config.at("ctfidf_model");
        weights.tfidf.bm25_weighting = tfidf.at("bm25_weighting");
        weights.tfidf.reduce_frequent_words = tfidf.at("reduce_frequent_words");
        const Table& vectorizer = config.at("vectorizer_model");
        read = read_rules(weights, vectorizer.at("params"), config_file);
        if (!read) return;
        if (!vectorizer.at("vocab").is_object()) {
          read = damaged(config_file, "vocab: expected a table of terms", kSaveAgain);
          return;
        }
        auto ordered = order_terms(vocabulary, config_file);
        if (ordered) {
          columns = *std::move(ordered);
        } else {
          read = std::unexpected(std::move(ordered).error());
        }
      },
      kSaveAgain));
  TG_TRY(read);
  TG_TRY(const ArrayFile arrays, ArrayFile::open(file));
  TG_TRY(weights.rows, read_matrix(arrays, columns, n_topics, file));
  TG_TRY(const auto idf, arrays.doubles("diag"));
  if (idf.size() != columns.new_of.size()) {
    return damaged(file,
                   fmt::format("expected {} values of diag, one for every term, found {}",
                               columns.new_of.size(), idf.size()),
                   kSaveAgain);
  }
  weights.idf.resize(idf.size());
  for (std::size_t i = 0; i < idf.size(); ++i) weights.idf[idx(columns.new_of[i])] = idf[i];
  weights.terms = std::move(columns.terms);
  return std::optional<Weights>(std::move(weights));
}

}  // namespace topograph::bertopic
