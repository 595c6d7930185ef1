// The files that BERTopic 0.17 loads, out of a model of topograph.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "model/bertopic/peer_folder.hpp"
#include "model/place.hpp"
#include "topograph/core/atomic_file.hpp"
#include "topograph/core/container.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/embed/pull_model.hpp"
#include "topograph/model/bertopic_folder.hpp"

namespace topograph {
namespace fs = std::filesystem;
namespace {

using bertopic::kBlankWeight;
using Table = nlohmann::json;

constexpr std::size_t kWordsInName = 4;

/// Pairs, filled up to `n` (at least one) as BERTopic fills them.
Json words_json(const std::vector<TopicWord>& words, std::size_t n) {
  Json json = Json::array();
  for (const TopicWord& word : words) json.push_back(Json::array({word.term, word.weight}));
  while (json.size() < std::max<std::size_t>(n, 1)) json.push_back(Json::array({"", kBlankWeight}));
  return json;
}

std::string peer_name(std::int32_t id, const Json& words) {
  std::string name = std::to_string(id);
  for (std::size_t i = 0; i < std::min(words.size(), kWordsInName); ++i) {
    name += "_" + words.at(i).at(0).get<std::string>();
  }
  return name;
}

Json aspects_json(const TopicTable& table) {
  Json aspects = Json::object();
  for (const Topic& topic : table.topics) {
    for (const TopicAspect& aspect : topic.aspects) aspects[aspect.name] = Json::object();
  }
  for (auto& [name, words] : aspects.items()) {
    for (const Topic& topic : table.topics) {
      const auto found = std::ranges::find(topic.aspects, name, &TopicAspect::name);
      const bool has_words = found != topic.aspects.end();
      words[std::to_string(topic.id)] =
          words_json(has_words ? found->words : std::vector<TopicWord>(), 1);
    }
  }
  return aspects;
}

Json topics_json(const TopicModel& model) {
  const TopicTable& table = model.topics();
  Json words = Json::object();
  Json sizes = Json::object();
  Json names = Json::object();
  Json labels = Json::array();
  Json mapper = Json::array();
  bool has_labels = false;
  for (const Topic& topic : table.topics) {
    const std::string id = std::to_string(topic.id);
    words[id] = words_json(topic.words, idx(model.options().topics.top_n_words));
    sizes[id] = topic.count;
    names[id] = peer_name(topic.id, words[id]);
    labels.push_back(topic.label);
    mapper.push_back({topic.id, topic.id});
    has_labels = has_labels || topic.is_named;
  }
  const bool has_outliers = !table.topics.empty() && table.topics.front().id < 0;
  return {{"topic_representations", std::move(words)},
          {"topics", model.documents().topics},
          {"topic_sizes", std::move(sizes)},
          {"topic_mapper", std::move(mapper)},
          {"topic_labels", std::move(names)},
          {"custom_labels", has_labels ? std::move(labels) : Json()},
          {"_outliers", has_outliers ? 1 : 0},
          {"topic_aspects", aspects_json(table)}};
}

/// The name that BERTopic finds the encoder of the fit by; empty: it has none.
std::string encoder_name(const TopicModel& model, const Json& input) {
  const EmbedOptions& embed = model.options().embed;
  const bool had_ready_vectors = input.is_object() && !input.value("embeddings", "").empty();
  std::error_code ignored;
  if (had_ready_vectors || is_endpoint(embed) || model.own_embedder() != nullptr ||
      embed.model.starts_with("static") || fs::exists(embed.model, ignored)) {
    return {};
  }
  return full_model_name(std::string_view(embed.model).substr(0, embed.model.find('@')));
}

/// What BERTopic's constructor gets: that of the model it came from, else its defaults.
Json config_json(const TopicModel& model, const BertopicWriteOptions& options) {
  const Json input = Json::parse(model.input_json(), nullptr, false);
  const FitOptions& fit = model.options();
  Json config = {{"calculate_probabilities", false},
                 {"language", nullptr},
                 {"low_memory", false},
                 {"min_topic_size", fit.hdbscan.min_cluster_size},
                 {"n_gram_range", {fit.words.ngram_range.first, fit.words.ngram_range.second}},
                 {"nr_topics", nullptr},
                 {"seed_topic_list", nullptr},
                 {"verbose", false},
                 {"zeroshot_min_similarity", 0.7},
                 {"zeroshot_topic_list", nullptr}};
  if (input.is_object() && input.contains("bertopic_config")) config = input["bertopic_config"];
  config["top_n_words"] = fit.topics.top_n_words;
  const std::string encoder =
      options.embedding_model.empty() ? encoder_name(model, input) : options.embedding_model;
  if (!encoder.empty()) config["embedding_model"] = encoder;
  return config;
}

Result<void> write_vectors(const TopicModel& model, const fs::path& path) {
  const TopicTable& table = model.topics();
  const bool has_outliers = !table.topics.empty() && table.topics.front().id < 0;
  const std::size_t first = has_outliers ? 1 : 0;
  const MatrixView<const float> centroids = model.topic_vectors();
  Matrix<float> vectors(centroids.rows() + first, model.dimension());
  if (has_outliers && !model.outlier_vector().empty()) {
    std::ranges::copy(model.outlier_vector().row(0), vectors.row(0).begin());
  }
  for (std::size_t t = 0; t < centroids.rows(); ++t) {
    std::ranges::copy(centroids.row(t), vectors.row(t + first).begin());
  }
  ArrayWriter arrays;
  arrays.add("topic_embeddings", std::as_const(vectors).view());
  return arrays.write(path);
}

/// Parameters of scikit-learn's CountVectorizer that cut words like the model, as far as there are.
Table vectorizer_json(const CountPlan& plan, std::vector<std::string>& differences) {
  const CountOptions& words = plan.options;
  std::string pattern = bertopic::kSklearnPattern;
  if (words.token_rule == WordRule::pattern) {
    pattern = "(?u)" + words.token_pattern;
  } else if (words.token_rule == WordRule::words) {
    if (words.min_length < 2) pattern = "(?u)\\b\\w+\\b";
    differences.emplace_back(
        "BERTopic will cut new texts by the pattern " + pattern +
        ", which differs from the model's rule words.token_rule=words in apostrophes, hyphens and "
        "languages without spaces");
  }
  if (!plan.stem_language.empty()) {
    differences.emplace_back("BERTopic will count the forms of a word apart in new texts");
  }
  // Bounds on documents are no bounds on topics.
  const bool counts_topics = words.df_of == FrequencyOf::topics;
  const double min_df = counts_topics ? words.min_df : 1;
  const double max_df = counts_topics ? words.max_df : 1;
  Table stop_words;
  if (!plan.stop_words.empty()) stop_words = plan.stop_words;
  return {{"analyzer", "word"},
          {"binary", false},
          {"decode_error", "strict"},
          {"encoding", "utf-8"},
          {"input", "content"},
          {"lowercase", words.lowercase},
          {"max_df", max_df > 1 ? Table(static_cast<std::int64_t>(max_df)) : Table(max_df)},
          {"max_features", words.max_features ? Table(*words.max_features) : Table()},
          {"min_df", min_df >= 1 ? Table(static_cast<std::int64_t>(min_df)) : Table(min_df)},
          {"ngram_range", {words.ngram_range.first, words.ngram_range.second}},
          {"stop_words", std::move(stop_words)},
          {"strip_accents", nullptr},
          {"token_pattern", pattern},
          {"vocabulary", nullptr}};
}

void append_json(std::string_view text, std::string& out) {
  const bool is_plain = std::ranges::none_of(
      text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '"' || c == '\\'; });
  if (is_plain) {
    out += '"';
    out += text;
    out += '"';
  } else {
    out += Table(text).dump(-1, ' ', false, Table::error_handler_t::replace);
  }
}

/// {term: column, ...}, written as it goes: millions of terms are no tree of values.
std::string vocabulary_text(const Vocabulary& vocabulary) {
  std::string text = "{";
  for (std::size_t i = 0; i < vocabulary.size(); ++i) {
    text += i == 0 ? "\n      " : ",\n      ";
    append_json(vocabulary.terms()[i], text);
    text += ": ";
    text += std::to_string(i);
  }
  text += "\n    }";
  return text;
}

Result<void> write_weights(const TopicModel& model, const fs::path& folder,
                           std::vector<std::string>& differences) {
  const TopicDescription& description = model.description();
  const TermCounts& counts = description.counts;
  Csr<double> rows = class_tfidf(counts.counts.view(), description.idf, model.options().ctfidf);
  // Blank documents make a topic -1 without counts; BERTopic wants its row.
  if (rows.rows() < model.topics().topics.size()) rows.offsets.insert(rows.offsets.begin(), 0);
  const fs::path file = folder / bertopic::kWeightsFile;
  if (std::cmp_greater(rows.nnz(), std::numeric_limits<std::int32_t>::max())) {
    return output_error(file.string(), "more weights than BERTopic's format can hold",
                        "write it with --no-ctfidf");
  }
  std::vector<std::int32_t> indptr;
  for (const std::int64_t offset : rows.offsets) indptr.push_back(narrow<std::int32_t>(offset));
  const std::vector<std::int64_t> shape = {narrow<std::int64_t>(rows.rows()),
                                           narrow<std::int64_t>(rows.cols())};
  ArrayWriter arrays;
  arrays.add("data", std::span(std::as_const(rows.values)));
  arrays.add("diag", std::span(description.idf));
  arrays.add("indices", std::span(std::as_const(rows.columns)));
  arrays.add("indptr", std::span(std::as_const(indptr)));
  arrays.add("shape", std::span(shape));
  TG_TRY(arrays.write(file));
  const Table config = {
      {"ctfidf_model",
       {{"bm25_weighting", model.options().ctfidf.bm25_weighting},
        {"reduce_frequent_words", model.options().ctfidf.reduce_frequent_words}}},
      {"vectorizer_model",
       {{"params", vectorizer_json(counts.plan, differences)}, {"vocab", Table::object()}}}};
  std::string config_text = json_text(config);
  config_text.replace(config_text.rfind("{}"), 2, vocabulary_text(counts.vocabulary));
  return write_file(folder / bertopic::kWeightsConfigFile, config_text);
}

}  // namespace

Result<std::vector<std::string>> write_bertopic(const TopicModel& model, const fs::path& folder,
                                                const BertopicWriteOptions& options) {
  std::vector<std::string> differences;
  TG_TRY(write_vectors(model, folder / bertopic::kVectorsFile));
  if (options.ctfidf && model.has_counts()) {
    TG_TRY(write_weights(model, folder, differences));
  } else if (options.ctfidf) {
    differences.emplace_back("the model has no term counts, so BERTopic gets none");
  }
  const Json config = config_json(model, options);
  if (!config.contains("embedding_model")) {
    differences.emplace_back(
        "BERTopic does not know the encoder: BERTopic.load(FOLDER, embedding_model=...)");
  }
  if (model.has_embeddings() && !compares_with_topics(model.data())) {
    differences.emplace_back(
        "BERTopic gives new documents the topic with the most similar vector; topograph looks at "
        "their neighbours");
  }
  TG_TRY(write_file(folder / bertopic::kConfigFile, json_text(config)));
  TG_TRY(write_file(folder / bertopic::kTopicsFile, json_text(topics_json(model))));
  return differences;
}

}  // namespace topograph
