#include "topograph/text/count_terms.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "topograph/core/random.hpp"
#include "topograph/text/language.hpp"

namespace topograph {
namespace {

constexpr std::uint64_t kSeed = 11;

// Large enough for several blocks of the counting loop.
TextColumn random_texts(std::size_t n, std::size_t words_per_text) {
  const std::vector<std::string> words = {"the",         "river",
                                          "Die",         "Stra\u00dfe",
                                          "and",         "\u732b\u306f\u5c4b\u6839",
                                          "don't",       "\U0001F600",
                                          "city\u2019s", "42",
                                          "na\u00efve",  "of",
                                          "is",          "\u0e41\u0e21\u0e27"};
  const RandomKey key = random_key(kSeed, "texts");
  TextColumn texts;
  for (std::size_t i = 0; i < n; ++i) {
    std::string text;
    for (std::size_t w = 0; w < words_per_text; ++w) {
      const std::uint64_t draw = uniform_below(key, i, w, 900);
      text +=
          draw < 500 ? words[draw % words.size()] : "word" + std::to_string(draw * (i % 97 + 1));
      text += ' ';
    }
    texts.push_back(text);
  }
  return texts;
}

std::vector<std::int32_t> random_classes(std::size_t n, std::uint64_t n_classes) {
  const RandomKey key = random_key(kSeed, "classes");
  std::vector<std::int32_t> classes(n);
  for (std::size_t i = 0; i < n; ++i) {
    classes[i] = static_cast<std::int32_t>(uniform_below(key, i, 0, n_classes + 1)) - 1;
  }
  return classes;
}

TermCounts count(const TextColumn& texts, const std::vector<std::int32_t>& classes,
                 std::size_t n_classes, const CountOptions& options, int threads) {
  RunContext run({.threads = threads});
  const auto plan = plan_counting(texts, options, run);
  EXPECT_TRUE(plan);
  auto counts = count_terms(texts, classes, n_classes, {}, *plan, run);
  EXPECT_TRUE(counts);
  return *std::move(counts);
}

TEST(CountTermsProperty, AnyNumberOfThreadsGivesTheSameBits) {
  const TextColumn texts = random_texts(12000, 40);
  const auto classes = random_classes(texts.size(), 9);
  const CountOptions options{.ngram_range = {1, 2}, .min_df = 2, .max_features = 5000};
  const TermCounts expected = count(texts, classes, 9, options, 1);
  ASSERT_EQ(expected.vocabulary.size(), 5000U);
  for (const int threads : {2, 3, 7}) {
    const TermCounts found = count(texts, classes, 9, options, threads);
    EXPECT_EQ(found.plan.languages, expected.plan.languages);
    EXPECT_EQ(found.vocabulary.terms(), expected.vocabulary.terms());
    EXPECT_TRUE(std::ranges::equal(found.vocabulary.document_frequency(),
                                   expected.vocabulary.document_frequency()));
    EXPECT_EQ(found.counts.offsets, expected.counts.offsets);
    EXPECT_EQ(found.counts.columns, expected.counts.columns);
    EXPECT_EQ(found.counts.values, expected.counts.values);
  }
}

TEST(CountTermsProperty, CountsOfMergedClassesAreSums) {
  const TextColumn texts = random_texts(500, 20);
  auto classes = random_classes(texts.size(), 4);
  const TermCounts apart = count(texts, classes, 4, {}, 1);
  std::ranges::replace(classes, 3, 1);
  const TermCounts merged = count(texts, classes, 4, {}, 1);
  ASSERT_EQ(apart.vocabulary.terms(), merged.vocabulary.terms());
  std::vector<double> sum(apart.vocabulary.size(), 0);
  for (const std::size_t row : {std::size_t{1}, std::size_t{3}}) {
    for (std::size_t i = apart.counts.view().begin(row); i < apart.counts.view().end(row); ++i) {
      sum[static_cast<std::size_t>(apart.counts.columns[i])] += apart.counts.values[i];
    }
  }
  for (std::size_t i = merged.counts.view().begin(1); i < merged.counts.view().end(1); ++i) {
    sum[static_cast<std::size_t>(merged.counts.columns[i])] -= merged.counts.values[i];
  }
  EXPECT_EQ(sum, std::vector<double>(sum.size(), 0));
  EXPECT_TRUE(merged.counts.view().row_columns(3).empty());
}

TEST(CountTermsProperty, OrderOfDocumentsDoesNotMatter) {
  const TextColumn texts = random_texts(400, 20);
  const auto classes = random_classes(texts.size(), 5);
  TextColumn reversed;
  std::vector<std::int32_t> reversed_classes(classes.rbegin(), classes.rend());
  for (std::size_t i = texts.size(); i-- > 0;) reversed.push_back(texts[i]);
  const CountOptions options{.stop_words = "en", .max_features = 100};
  const TermCounts a = count(texts, classes, 5, options, 1);
  const TermCounts b = count(reversed, reversed_classes, 5, options, 1);
  EXPECT_EQ(a.vocabulary.terms(), b.vocabulary.terms());
  EXPECT_EQ(a.counts.columns, b.counts.columns);
  EXPECT_EQ(a.counts.values, b.counts.values);
}

TEST(CountTermsProperty, CountsOfSingleDocumentsAgreeWithCountsOfClasses) {
  const TextColumn texts = random_texts(300, 15);
  std::vector<std::int32_t> classes(texts.size());
  std::iota(classes.begin(), classes.end(), 0);
  const TermCounts expected = count(texts, classes, texts.size(), {}, 1);
  std::vector<std::int64_t> rows(classes.begin(), classes.end());
  for (const int threads : {1, 2, 3, 7}) {
    RunContext run({.threads = threads});
    const auto found = count_documents(texts, rows, expected.vocabulary, expected.plan, run);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->offsets, expected.counts.offsets);
    EXPECT_EQ(found->columns, expected.counts.columns);
    EXPECT_EQ(found->values, expected.counts.values);
  }
}

}  // namespace
}  // namespace topograph
