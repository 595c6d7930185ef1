#include "plot_source.hpp"

#include <algorithm>
#include <map>
#include <unordered_set>
#include <utility>

#include "topic_aspects.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/model/topic_changes.hpp"
#include "topograph/text/count_terms.hpp"
#include "topograph/topics/describe_topics.hpp"

namespace topograph::cli {
namespace {

using WordSet = std::unordered_set<std::string>;

TopicPlaces middles(const DocumentTopics& documents) {
  struct Sum {
    double x = 0;
    double y = 0;
    double n = 0;
  };
  std::map<std::int32_t, Sum> sums;
  for (std::size_t row = 0; row < documents.topics.size(); ++row) {
    if (documents.topics[row] < 0 || documents.is_placed[row] == 0) continue;
    Sum& sum = sums[documents.topics[row]];
    sum.x += static_cast<double>(documents.positions[row, 0]);
    sum.y += static_cast<double>(documents.positions[row, 1]);
    sum.n += 1;
  }
  TopicPlaces places;
  for (const auto& [id, sum] : sums) {
    places.ids.push_back(id);
    places.places.push_back({sum.x / sum.n, sum.y / sum.n});
  }
  return places;
}

Result<WordSet> words_left_out(const std::string& stop_words, RunContext& run) {
  if (stop_words == "detect") {
    return option_error("wordcloud.stop_words",
                        "expected none, english, language codes or @FILE, found 'detect'",
                        "`fit` detects languages; here name them");
  }
  TG_TRY(const CountPlan plan, plan_counting({}, {.stop_words = stop_words}, run));
  return WordSet(plan.stop_words.begin(), plan.stop_words.end());
}

void keep_best(std::vector<TopicWord>& words, std::size_t n, const WordSet& left_out) {
  std::erase_if(words, [&](const TopicWord& word) { return left_out.contains(word.term); });
  if (words.size() > n) words.resize(n);
}

Result<void> count_words(const PlotSource& source, FigureTopics& topics, std::size_t n,
                         const WordSet& left_out) {
  TG_TRY(need_counts(source.model()));
  const Csr<double> weights = topic_weights(source.model());
  const Vocabulary& vocabulary = source.model().description().counts.vocabulary;
  for (FigureTopic& topic : topics.topics) {
    // Stop words take places too; there are rarely more of them than words asked for.
    topic.words = top_words(weights.view(), idx(topic.id), vocabulary, n + left_out.size());
    keep_best(topic.words, n, left_out);
  }
  return {};
}

}  // namespace

Result<PlotSource> open_plot_source(const std::string& folder, PlotReads reads,
                                    const std::string& aspect, RunContext& run) {
  const auto open = [&]() -> Result<FittedModel> {
    if (reads == PlotReads::documents) return open_fitted(folder, run, TextNeed::optional);
    TG_TRY(auto model, TopicModel::load(folder));
    return FittedModel{.folder = folder, .model = std::move(model)};
  };
  TG_TRY(FittedModel fitted, open());
  PlotSource source{.fitted = std::move(fitted)};
  source.topics = source.model().topics();
  source.places = middles(source.model().documents());
  source.has_aspect = !aspect.empty();
  if (source.has_aspect) {
    TG_TRY(source.topics, table_of_aspect(std::move(source.topics), aspect));
  }
  return source;
}

Result<const Column*> plot_column(const PlotSource& source, const std::string& name,
                                  const std::vector<const char*>& keys) {
  const auto named = std::ranges::find_if(keys, [&](const char* key) {
    return wanted_column(source.fitted, "", key, "--column").has_value();
  });
  return wanted_column(source.fitted, name, named == keys.end() ? keys.front() : *named,
                       "--column");
}

Result<void> add_words(const PlotSource& source, FigureTopics& topics, std::size_t n,
                       const std::string& stop_words, RunContext& run) {
  TG_TRY(const WordSet left_out, words_left_out(stop_words, run));
  const TopicModel& model = source.model();
  const bool is_represented = source.has_aspect || !model.options().represent.main.empty();
  if (!is_represented && model.has_counts()) return count_words(source, topics, n, left_out);
  for (FigureTopic& topic : topics.topics) keep_best(topic.words, n, left_out);
  return {};
}

Result<void> add_counted_words(const PlotSource& source, FigureTopics& topics, std::size_t n,
                               RunContext& run) {
  if (run.stop_requested()) return cancelled();
  return count_words(source, topics, n, {});
}

}  // namespace topograph::cli
