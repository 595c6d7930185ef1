// topics_driver CORPUS.json OUT.safetensors [threads=2] [repeat=3] [ngrams=3]: what BERTopic does
// after clustering, on the same texts and labels. CORPUS.json: {"texts", "labels", "dates"}.
// Prints a JSON line per step with the smallest of `repeat` runs, and writes what a comparison
// needs: idf, distances of the hierarchy, shares of the first documents.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "topograph/core/container.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/topics/describe_topics.hpp"
#include "topograph/topics/time_slices.hpp"
#include "topograph/topics/topic_distances.hpp"
#include "topograph/topics/topic_distribution.hpp"
#include "topograph/topics/topic_hierarchy.hpp"
#include "topograph/topics/topic_slices.hpp"

namespace topograph {
namespace {

constexpr std::size_t kDocuments = 2000;  // Of the distribution.

struct Drive {
  TextColumn texts = {};
  std::vector<std::int32_t> labels = {};
  std::vector<std::optional<Timestamp>> dates = {};
  RunSettings run = {};
  int n_runs = 3;
  int longest = 3;
};

Result<Drive> read_arguments(int argc, char** argv) {
  if (argc < 3) return option_error("usage", "expected CORPUS.json OUT.safetensors");
  Drive drive;
  std::ifstream file(argv[1]);
  const auto json = nlohmann::json::parse(file, nullptr, false);
  if (json.is_discarded()) return option_error("CORPUS.json", "broken JSON");
  for (const auto& text : json["texts"]) drive.texts.push_back(text.get<std::string>());
  drive.labels = json["labels"].get<std::vector<std::int32_t>>();
  for (const auto& date : json["dates"]) {
    drive.dates.push_back(parse_time(date.get<std::string>(), ""));
  }
  for (int i = 3; i < argc; ++i) {
    const std::string_view setting = argv[i];
    const int value =
        std::atoi(setting.substr(std::min(setting.find('=') + 1, setting.size())).data());
    if (setting.starts_with("threads=")) drive.run.threads = value;
    if (setting.starts_with("repeat=")) drive.n_runs = std::max(1, value);
    if (setting.starts_with("ngrams=")) drive.longest = std::max(1, value);
  }
  return drive;
}

template <class Work>
auto timed(const Drive& drive, const char* step, Work&& work) {
  double least = std::numeric_limits<double>::infinity();
  auto result = work();
  for (int i = 1; i < drive.n_runs; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    result = work();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    least = std::min(least, took.count());
  }
  fmt::print("{{\"step\": \"{}\", \"seconds\": {:.5f}}}\n", step, least);
  return result;
}

Result<void> run_driver(int argc, char** argv) {
  TG_TRY(const Drive drive, read_arguments(argc, argv));
  RunContext run(drive.run);
  const std::int32_t first = std::ranges::min(drive.labels);
  const std::int32_t n_topics = std::ranges::max(drive.labels) + 1;
  std::vector<std::int32_t> classes = drive.labels;
  for (std::int32_t& class_id : classes) class_id -= first;
  const CountOptions options{
      .ngram_range = {1, drive.longest}, .stop_words = "none", .token_rule = WordRule::sklearn};
  TG_TRY(const auto plan, plan_counting(drive.texts, options, run));
  // As the peer counts: the documents of a topic joined, so that n-grams cross their borders.
  std::vector<std::string> joined(idx(n_topics - first));
  for (std::size_t i = 0; i < drive.texts.size(); ++i) {
    std::string& text = joined[idx(classes[i])];
    if (!text.empty()) text += ' ';
    text += drive.texts[i];
  }
  TextColumn topics;
  std::vector<std::int32_t> own_class;
  for (const std::string& text : joined) {
    own_class.push_back(narrow<std::int32_t>(topics.size()));
    topics.push_back(text);
  }
  TopicDescription description;
  description.has_outliers = first < 0;
  TG_TRY(description.counts, timed(drive, "ctfidf", [&]() -> Result<TermCounts> {
           TG_TRY(auto counts, count_terms(topics, own_class, joined.size(), {}, plan, run));
           description.idf = class_idf(counts.counts.view(), {});
           description.weights = class_tfidf(counts.counts.view(), description.idf, {});
           return counts;
         }));
  for (std::int32_t t = first; t < n_topics; ++t) {
    Topic topic{.id = t, .count = std::ranges::count(drive.labels, t)};
    topic.words =
        top_words(description.weights.view(), idx(t - first), description.counts.vocabulary, 10);
    description.table.topics.push_back(std::move(topic));
  }
  Csr<double> weights = description.weights;
  if (first < 0) {
    const auto skipped = description.weights.offsets[1];
    weights.columns.erase(weights.columns.begin(), weights.columns.begin() + skipped);
    weights.values.erase(weights.values.begin(), weights.values.begin() + skipped);
    weights.offsets.erase(weights.offsets.begin());
    for (auto& offset : weights.offsets) offset -= skipped;
  }
  TextColumn some;
  for (std::size_t i = 0; i < std::min(kDocuments, drive.texts.size()); ++i) {
    some.push_back(drive.texts[i]);
  }
  TG_TRY(const auto shares, timed(drive, "distribution", [&] {
           return topic_distribution(some, description.counts.vocabulary, plan, weights.view(),
                                     description.idf, {}, {}, run);
         }));
  TG_TRY(const auto tree, timed(drive, "hierarchy", [&]() -> Result<TopicHierarchy> {
           TG_TRY(auto distances, cosine_distances(weights.view(), run));
           return topic_hierarchy(std::move(distances), description, {}, 10, run);
         }));
  const TimeSlices slices = slice_at_times(drive.dates);
  TG_TRY(const auto over_time, timed(drive, "over_time", [&] {
           return topic_slices(drive.texts, drive.labels, slices.of_document, description, {},
                               {.evolution_tuning = false}, run);
         }));
  Matrix<float> dense(some.size(), weights.rows());
  const auto view = shares.documents.view();
  for (std::size_t r = 0; r < dense.rows(); ++r) {
    for (std::size_t i = view.begin(r); i < view.end(r); ++i) {
      dense[r, idx(view.columns[i])] = static_cast<float>(view.values[i]);
    }
  }
  std::vector<std::int32_t> frequencies;
  for (const TopicInSlice& entry : over_time) {
    frequencies.push_back(narrow<std::int32_t>(entry.count));
  }
  ArrayWriter writer;
  writer.add("idf", std::span<const double>(description.idf));
  writer.add("weights", std::span<const double>(description.weights.values));
  writer.add("distances", std::span<const double>(tree.linkage.height));
  writer.add("shares", dense.view());
  writer.add("frequencies", std::span<const std::int32_t>(frequencies));
  return writer.write(argv[2]);
}

}  // namespace
}  // namespace topograph

int main(int argc, char** argv) {
  const auto outcome = topograph::run_driver(argc, argv);
  if (outcome) return 0;
  fmt::print(stderr, "{}\n", topograph::to_string(outcome.error()));
  return 1;
}
