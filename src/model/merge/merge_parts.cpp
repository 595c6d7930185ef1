#include "model/merge/merge_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "model/shared_terms.hpp"
#include "topograph/cluster/types.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/model/topic_changes.hpp"
#include "topograph/topics/topic_sums.hpp"

namespace topograph {
namespace {

double cosine(std::span<const float> a, std::span<const float> b) {
  double dot = 0;
  double squares_a = 0;
  double squares_b = 0;
  for (std::size_t j = 0; j < a.size(); ++j) {
    const auto x = static_cast<double>(a[j]);
    const auto y = static_cast<double>(b[j]);
    dot += x * y;
    squares_a += x * x;
    squares_b += y * y;
  }
  const double lengths = std::sqrt(squares_a * squares_b);
  return lengths > 0 ? dot / lengths : 0.0;
}

/// The known topic that is most similar, or the next id.
JoinedTopic join(std::span<const float> vector, std::span<const std::span<const float>> known,
                 double min_similarity) {
  JoinedTopic joined{.id = kNoise, .similarity = 0};
  for (std::size_t t = 0; t < known.size(); ++t) {
    const double similarity = cosine(vector, known[t]);
    if (joined.id >= 0 && similarity <= joined.similarity) continue;
    joined.id = narrow<std::int32_t>(t);
    joined.similarity = similarity;
  }
  joined.is_new = joined.id < 0 || joined.similarity < min_similarity;
  return joined;
}

bool has_same_rules(const TopicModel& a, const TopicModel& b) {
  return options_json(a.options().words) == options_json(b.options().words) &&
         a.description().counts.plan.stem_language == b.description().counts.plan.stem_language;
}

/// A part's words counted by the rules of the first model.
Result<TermCounts> counted_again(const ModelPart& part, const CountPlan& plan, RunContext& run) {
  if (!part.model->knows_texts()) {
    return model_error(ErrorCode::unsupported, part.name,
                       "its words were cut by other rules than the first model's, and its "
                       "documents are not known",
                       "relabel one of them with the other's word options");
  }
  std::vector<std::int32_t> classes(part.model->point_labels().begin(),
                                    part.model->point_labels().end());
  const std::int32_t offset = part.model->description().has_outliers ? 1 : 0;
  for (std::int32_t& class_id : classes) class_id += offset;
  return count_terms(point_texts(part), classes, part.model->topic_vectors().rows() + idx(offset),
                     part.model->point_weights(), plan, run);
}

/// What either model left out is left out.
void add_rules(CountPlan& plan, const CountPlan& more) {
  for (const std::string& language : more.languages) {
    if (std::ranges::find(plan.languages, language) == plan.languages.end()) {
      plan.languages.push_back(language);
    }
  }
  std::vector<std::string> all;
  std::ranges::set_union(plan.stop_words, more.stop_words, std::back_inserter(all));
  plan.stop_words = std::move(all);
}

}  // namespace

MergePlan plan_merge(std::span<const ModelPart> parts, double min_similarity) {
  MergePlan plan{.parts = parts};
  std::vector<std::span<const float>> known;
  for (const ModelPart& part : parts) {
    const MatrixView<const float> vectors = part.model->topic_vectors();
    const std::size_t n_before = known.size();
    std::vector<JoinedTopic> topics;
    for (std::size_t t = 0; t < vectors.rows(); ++t) {
      JoinedTopic topic = join(vectors.row(t), std::span(known).first(n_before), min_similarity);
      if (topic.is_new) {
        topic.id = narrow<std::int32_t>(known.size());
        known.push_back(vectors.row(t));
      }
      topics.push_back(topic);
    }
    plan.topics.push_back(std::move(topics));
    const auto labels = part.model->point_labels();
    plan.has_outliers = plan.has_outliers || std::ranges::find(labels, kNoise) != labels.end();
  }
  plan.n_topics = narrow<std::int32_t>(known.size());
  return plan;
}

TextColumn point_texts(const ModelPart& part) {
  TextColumn texts;
  for (const std::int64_t row : part.model->point_rows()) {
    texts.push_back(part.model->knows_texts() ? (*part.documents)[idx(row)] : std::string_view());
  }
  return texts;
}

Result<TermCounts> merged_counts(const MergePlan& plan, RunContext& run) {
  const TopicModel& first = *plan.parts.front().model;
  TermCounts merged{first.description().counts.plan, {}, {}, {}};
  std::vector<std::optional<TermCounts>> again(plan.parts.size());
  std::vector<const TermCounts*> counts;
  std::vector<const Vocabulary*> vocabularies;
  for (std::size_t i = 0; i < plan.parts.size(); ++i) {
    const TopicModel& model = *plan.parts[i].model;
    TG_TRY(need_counts(model));
    if (!has_same_rules(first, model)) {
      TG_TRY(again[i], counted_again(plan.parts[i], first.description().counts.plan, run));
    } else {
      add_rules(merged.plan, model.description().counts.plan);
    }
    counts.push_back(again[i] ? &*again[i] : &model.description().counts);
    vocabularies.push_back(&counts.back()->vocabulary);
  }
  SharedTerms terms = shared_terms(vocabularies);
  const std::int32_t offset = plan.has_outliers ? 1 : 0;
  Csr<double> all;
  all.n_cols = terms.vocabulary.size();
  std::vector<std::int32_t> row_of;
  for (std::size_t i = 0; i < plan.parts.size(); ++i) {
    const auto rows = counts[i]->counts.view();
    all = stack_rows(all.view(), with_columns(rows, terms, i).view());
    const std::int32_t first_id = plan.parts[i].model->description().has_outliers ? kNoise : 0;
    for (std::size_t r = 0; r < rows.rows(); ++r) {
      row_of.push_back(plan.merged(i, first_id + narrow<std::int32_t>(r)) + offset);
    }
  }
  merged.counts = sum_rows(all.view(), row_of, idx(plan.n_topics + offset));
  merged.vocabulary = std::move(terms.vocabulary);
  return merged;
}

Matrix<float> merged_embeddings(const MergePlan& plan) {
  std::size_t n = 0;
  for (const ModelPart& part : plan.parts) {
    if (!part.model->has_embeddings() && !part.model->point_labels().empty()) return {};
    n += part.model->point_labels().size();
  }
  Matrix<float> all(n, plan.parts.front().model->dimension());
  std::size_t row = 0;
  for (const ModelPart& part : plan.parts) {
    const auto vectors = part.model->point_embeddings();
    for (std::size_t i = 0; i < vectors.rows(); ++i) {
      std::ranges::copy(vectors.row(i), all.row(row++).begin());
    }
  }
  return all;
}

Matrix<float> merged_vectors(const MergePlan& plan, std::int32_t first) {
  const std::size_t n = first < 0 ? 1 : idx(plan.n_topics);
  const std::size_t d = plan.parts.front().model->dimension();
  std::vector<double> sums(n * d, 0.0);
  std::vector<double> totals(n, 0.0);
  bool is_known = first == 0;
  for (std::size_t i = 0; i < plan.parts.size(); ++i) {
    const TopicModel& model = *plan.parts[i].model;
    for (const Topic& topic : model.topics().topics) {
      if ((first < 0) != (topic.id < 0) || (first < 0 && model.outlier_vector().empty())) continue;
      is_known = true;
      const auto vector =
          first < 0 ? model.outlier_vector().row(0) : model.topic_vectors().row(idx(topic.id));
      const std::size_t at = idx(plan.merged(i, topic.id) - first);
      totals[at] += static_cast<double>(topic.count);
      for (std::size_t j = 0; j < d; ++j) {
        sums[at * d + j] += static_cast<double>(topic.count) * static_cast<double>(vector[j]);
      }
    }
  }
  Matrix<float> out(is_known ? n : 0, d);
  for (std::size_t t = 0; t < out.rows(); ++t) {
    for (std::size_t j = 0; j < d && totals[t] > 0; ++j) {
      out[t, j] = static_cast<float>(sums[t * d + j] / totals[t]);
    }
  }
  return out;
}

}  // namespace topograph
