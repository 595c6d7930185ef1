#include "topograph/topics/describe_topics.hpp"

#include <algorithm>

#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

constexpr std::size_t kWordsInLabel = 4;

std::vector<std::int64_t> class_sizes(std::span<const std::int32_t> classes, std::size_t n_classes,
                                      std::span<const std::int32_t> weights) {
  std::vector<std::int64_t> sizes(n_classes, 0);
  for (std::size_t i = 0; i < classes.size(); ++i) {
    sizes[idx(classes[i])] += weights.empty() ? 1 : weights[i];
  }
  return sizes;
}

}  // namespace

std::string default_label(const Topic& topic) {
  if (topic.id < 0) return "outliers";
  if (topic.words.empty()) return "topic " + std::to_string(topic.id);
  std::string label = topic.words.front().term;
  for (std::size_t i = 1; i < std::min(topic.words.size(), kWordsInLabel); ++i) {
    label += ", " + topic.words[i].term;
  }
  return label;
}

Result<TopicDescription> describe_counts(TermCounts counts, const TextColumn& texts,
                                         std::span<const std::int32_t> labels,
                                         std::span<const std::int32_t> weights,
                                         std::span<const std::int64_t> rows, std::int32_t n_topics,
                                         const ClassTfidfOptions& tfidf,
                                         const TopicOptions& options, RunContext& run) {
  TG_EXPECTS(labels.size() == texts.size() && rows.size() == texts.size());
  TopicDescription description;
  description.has_outliers = std::ranges::find(labels, -1) != labels.end();
  const std::int32_t first_id = description.has_outliers ? -1 : 0;
  std::vector<std::int32_t> classes(labels.begin(), labels.end());
  for (std::int32_t& class_id : classes) class_id -= first_id;
  const std::size_t n_classes = idx(n_topics - first_id);
  TG_EXPECTS(counts.counts.rows() == n_classes);

  description.counts = std::move(counts);
  auto [idf, unknown_seeds] = seeded_idf(description.counts, tfidf);
  for (const std::string& seed : unknown_seeds) {
    description.counts.warnings.push_back("the seed word '" + seed + "' is not a term");
  }
  description.idf = std::move(idf);
  description.weights = class_tfidf(description.counts.counts.view(), description.idf, tfidf);
  TG_TRY(auto representatives,
         representative_documents(texts, classes, description.counts, description.weights.view(),
                                  description.idf, tfidf, options, run));

  const auto sizes = class_sizes(classes, n_classes, weights);
  for (std::size_t c = 0; c < n_classes; ++c) {
    Topic topic;
    topic.id = first_id + narrow<std::int32_t>(c);
    topic.count = sizes[c];
    topic.words = top_words(description.weights.view(), c, description.counts.vocabulary,
                            idx(options.top_n_words));
    topic.label = default_label(topic);
    for (const std::int64_t point : representatives[c]) {
      topic.representative_rows.push_back(rows[idx(point)]);
    }
    description.table.topics.push_back(std::move(topic));
  }
  return description;
}

Result<TermCounts> count_topics(const TextColumn& texts, std::span<const std::int32_t> labels,
                                std::span<const std::int32_t> weights, std::int32_t n_topics,
                                const CountPlan& plan, RunContext& run) {
  const std::int32_t first_id = std::ranges::find(labels, -1) != labels.end() ? -1 : 0;
  std::vector<std::int32_t> classes(labels.begin(), labels.end());
  for (std::int32_t& class_id : classes) class_id -= first_id;
  return count_terms(texts, classes, idx(n_topics - first_id), weights, plan, run);
}

Result<TopicDescription> describe_topics(const TextColumn& texts,
                                         std::span<const std::int32_t> labels,
                                         std::span<const std::int32_t> weights,
                                         std::span<const std::int64_t> rows, std::int32_t n_topics,
                                         const CountPlan& plan, const ClassTfidfOptions& tfidf,
                                         const TopicOptions& options, RunContext& run) {
  TG_EXPECTS(labels.size() == texts.size());
  TG_EXPECTS(
      std::ranges::all_of(labels, [&](auto label) { return label >= -1 && label < n_topics; }));
  TG_TRY(validate_options(options));
  Stage stage(run, "describe topics");
  TG_TRY(auto counts, count_topics(texts, labels, weights, n_topics, plan, run));
  return describe_counts(std::move(counts), texts, labels, weights, rows, n_topics, tfidf, options,
                         run);
}

}  // namespace topograph
