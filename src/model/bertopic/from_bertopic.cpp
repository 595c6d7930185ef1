// A model of topograph out of the files that BERTopic saved.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <system_error>
#include <utility>

#include "model/bertopic/peer_folder.hpp"
#include "model/bertopic/recover_counts.hpp"
#include "model/layouts.hpp"
#include "model/model_data.hpp"
#include "model/schema.hpp"
#include "topograph/core/finite_rows.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/model/bertopic_folder.hpp"

namespace topograph {
namespace fs = std::filesystem;
namespace {

using bertopic::Folder;

Result<void> set_options(FitOptions& options, const Folder& folder, const fs::path& config) {
  options.documents.duplicates = Duplicates::keep;
  options.cluster.method = ClusterMethod::given;
  options.store.keep_embeddings = false;
  options.words.token_rule = WordRule::sklearn;
  options.words.stop_words = "none";
  options.words.df_of = FrequencyOf::topics;
  const Json& json = folder.config;
  TG_TRY(guarded(
      config,
      [&] {
        if (json.contains("top_n_words")) options.topics.top_n_words = json.at("top_n_words");
        if (json.contains("n_gram_range")) {
          options.words.ngram_range = {json.at("n_gram_range").at(0),
                                       json.at("n_gram_range").at(1)};
        }
        if (json.contains("embedding_model") && json.at("embedding_model").is_string()) {
          options.embed.model = json.at("embedding_model").get<std::string>();
        }
      },
      bertopic::kSaveAgain));
  if (folder.weights) {
    options.words = folder.weights->words;
    options.ctfidf = folder.weights->tfidf;
  }
  const Result<void> valid = validate_options(options);
  if (!valid) return damaged(config, to_string(valid.error()), bertopic::kSaveAgain);
  return {};
}

/// One point a document, each in the topic that the folder gives it. How sure that was, nobody
/// wrote down.
void set_points(TopicModel::Data& data, const Folder& folder) {
  const std::size_t n = folder.topics.size();
  data.points.weights.assign(n, 1);
  data.points.of_document.resize(n);
  std::iota(data.points.of_document.begin(), data.points.of_document.end(), 0);
  data.points.first_row.resize(n);
  std::iota(data.points.first_row.begin(), data.points.first_row.end(), 0);
  data.clusters.labels = folder.topics;
  data.clusters.strength.assign(n, std::numeric_limits<float>::quiet_NaN());
  data.clusters.n_clusters =
      narrow<std::int32_t>(folder.table.topics.size() - (folder.has_outliers() ? 1 : 0));
}

void set_vectors(TopicModel::Data& data, const Folder& folder) {
  const std::size_t first = folder.has_outliers() ? 1 : 0;
  data.dimension = folder.vectors.cols();
  data.centroids = Matrix<float>(idx(data.clusters.n_clusters), data.dimension);
  for (std::size_t t = 0; t < data.centroids.rows(); ++t) {
    std::ranges::copy(std::as_const(folder.vectors).row(t + first), data.centroids.row(t).begin());
  }
  if (first == 0) return;
  data.outlier_vector = Matrix<float>(1, data.dimension);
  std::ranges::copy(std::as_const(folder.vectors).row(0), data.outlier_vector.row(0).begin());
}

Result<void> set_counts(TopicModel::Data& data, Folder& folder, RunContext& run) {
  TermCounts& counts = data.description.counts;
  TG_TRY(counts.plan, plan_counting({}, data.options.words, run));
  if (!folder.weights) return {};
  std::vector<std::int64_t> sizes;
  for (const Topic& topic : folder.table.topics) sizes.push_back(topic.count);
  auto recovered = bertopic::recover_counts(*folder.weights, sizes);
  if (!recovered.is_exact) {
    run.warn(
        "the counts behind the class TF-IDF cannot be recovered; shares of terms weighed by "
        "documents stand for them: weights are the same, those of merged topics are estimates");
  }
  counts.counts = std::move(recovered.counts);
  std::vector<std::int64_t> frequency(folder.weights->terms.size(), 0);
  for (const std::int32_t column : counts.counts.columns) ++frequency[idx(column)];
  counts.vocabulary = Vocabulary(std::move(folder.weights->terms), std::move(frequency));
  data.description.idf = std::move(folder.weights->idf);
  data.description.has_outliers = folder.has_outliers();
  return {};
}

/// Typical documents by the stored counts, class by class.
Result<void> find_typical(TopicModel::Data& data, const TextColumn& documents, RunContext& run) {
  const TopicDescription& description = data.description;
  std::vector<std::int32_t> classes = data.clusters.labels;
  for (std::int32_t& class_id : classes) class_id += description.has_outliers ? 1 : 0;
  const Csr<double> weights =
      class_tfidf(description.counts.counts.view(), description.idf, data.options.ctfidf);
  TG_TRY(auto typical,
         representative_documents(documents, classes, description.counts, weights.view(),
                                  description.idf, data.options.ctfidf, data.options.topics, run));
  for (Topic& topic : data.description.table.topics) {
    topic.representative_rows =
        std::move(typical[idx(topic.id + (description.has_outliers ? 1 : 0))]);
  }
  return {};
}

/// What the texts of the fit add: they are known again, topics have typical documents, and terms
/// are counted when the folder has none.
Result<void> add_documents(TopicModel::Data& data, const TextColumn& documents, RunContext& run) {
  if (documents.size() != data.points.size()) {
    return input_error(ErrorCode::invalid_argument, "documents",
                       fmt::format("expected the {} documents of the fit, found {}",
                                   data.points.size(), documents.size()),
                       "give all documents, in the order of BERTopic's fit");
  }
  for (std::size_t i = 0; i < documents.size(); ++i) {
    data.points.keys.push_back(text_key(documents[i]));
  }
  if (data.description.counts.counts.rows() > 0) return find_typical(data, documents, run);
  TG_TRY(auto described, describe_topics(documents, data.clusters.labels, data.points.weights,
                                         data.points.first_row, data.clusters.n_clusters,
                                         data.description.counts.plan, data.options.ctfidf,
                                         data.options.topics, run));
  for (Topic& topic : data.description.table.topics) {
    if (const Topic* found = described.table.find(topic.id); found != nullptr) {
      topic.representative_rows = found->representative_rows;
    }
  }
  described.table = std::move(data.description.table);
  data.description = std::move(described);
  return {};
}

/// The vectors of the fit's documents, and the map that they make.
Result<void> add_vectors(TopicModel::Data& data, MatrixView<const float> vectors, RunContext& run) {
  if (vectors.rows() != data.points.size() || vectors.cols() != data.dimension) {
    return input_error(
        ErrorCode::invalid_argument, "embeddings",
        fmt::format("expected {} vectors of {} dimensions, found {} of {}", data.points.size(),
                    data.dimension, vectors.rows(), vectors.cols()),
        "give the vectors of all documents of BERTopic's fit, in its order");
  }
  TG_TRY(check_finite_rows(vectors, "embeddings", run));
  data.options.store.keep_embeddings = true;
  data.embeddings = Matrix<float>(vectors.rows(), vectors.cols());
  for (std::size_t i = 0; i < vectors.rows(); ++i) {
    std::ranges::copy(vectors.row(i), data.embeddings.row(i).begin());
  }
  const int others = narrow<int>(data.points.size()) - 1;
  if (others < 2) {
    return input_error(ErrorCode::invalid_argument, "embeddings",
                       fmt::format("a map needs three documents, found {}", others + 1));
  }
  data.options.neighbors.n_neighbors = std::min(data.options.neighbors.n_neighbors, others);
  return draw_map(data, run);
}

std::string input_of(const Folder& folder) {
  const bool has_encoder =
      folder.config.contains("embedding_model") && folder.config.at("embedding_model").is_string();
  Json input = {{"converted_from", "BERTopic"}, {"bertopic_config", folder.config}};
  // A fit on ready vectors: nobody knows what made them.
  input["embeddings"] = has_encoder ? "" : "BERTopic";
  return input.dump();
}

}  // namespace

bool is_bertopic_folder(const fs::path& folder) {
  std::error_code ignored;
  if (fs::exists(folder / kManifestFile, ignored)) return false;
  for (const std::string_view file :
       {bertopic::kTopicsFile, bertopic::kVectorsFile, bertopic::kConfigFile}) {
    if (fs::exists(folder / file, ignored)) return true;
  }
  return false;
}

Result<TopicModel> read_bertopic(const fs::path& folder, const TextColumn& documents,
                                 const BertopicReadOptions& options, RunContext& run) {
  TG_TRY(Folder files, bertopic::read_folder(folder, options.ctfidf));
  for (const std::string& warning : files.warnings) run.warn(warning);
  auto data = std::make_unique<TopicModel::Data>();
  TG_TRY(set_options(data->options, files, folder / bertopic::kConfigFile));
  set_points(*data, files);
  set_vectors(*data, files);
  data->input_json = input_of(files);
  data->facts = {.seed = run.seed(),
                 .n_documents = narrow<std::int64_t>(files.topics.size()),
                 .n_topics = data->clusters.n_clusters,
                 .n_outliers = std::ranges::count(files.topics, kNoise)};
  TG_TRY(set_counts(*data, files, run));
  data->description.table = std::move(files.table);
  if (!documents.empty()) TG_TRY(add_documents(*data, documents, run));
  if (!options.embeddings.empty()) TG_TRY(add_vectors(*data, options.embeddings, run));
  data->warnings = run.warnings();
  fill_documents(*data);
  return TopicModel(std::move(data));
}

}  // namespace topograph
