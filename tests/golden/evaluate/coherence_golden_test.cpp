#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "topograph/core/container.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/evaluate/window_coherence.hpp"

// Expectations from gensim 4.4.0 (tools/reference/evaluate_coherence.py).
namespace topograph {
namespace {

constexpr std::int32_t kFiller = 60;

Result<ArrayFile> open(const char* name) {
  return ArrayFile::open(std::filesystem::path(TG_TEST_DATA) / "evaluate" / "coherence" /
                         (std::string(name) + ".safetensors"));
}

std::vector<std::vector<std::int32_t>> lists(const std::vector<std::int32_t>& values,
                                             const std::vector<std::int32_t>& lengths) {
  std::vector<std::vector<std::int32_t>> out;
  auto at = values.begin();
  for (const std::int32_t length : lengths) {
    out.emplace_back(at, at + length);
    at += length;
  }
  return out;
}

TermPlaces places_of(const std::vector<std::vector<std::int32_t>>& texts) {
  TermPlaces out;
  for (const auto& text : texts) {
    for (std::uint32_t i = 0; i < text.size(); ++i) {
      if (text[i] != kFiller) out.places.push_back({text[i], i, i + 1});
    }
    out.first.push_back(narrow<std::int64_t>(out.places.size()));
    out.n_tokens.push_back(narrow<std::int32_t>(text.size()));
  }
  return out;
}

std::vector<double> found_in(const ArrayFile& file) {
  RunContext run;
  const auto texts = lists(*file.int32s("words"), *file.int32s("lengths"));
  const auto topics = lists(*file.int32s("topic_words"), *file.int32s("topic_lengths"));
  const auto found = cv_coherence(places_of(texts), topics, kFiller, run);
  std::vector<double> values;
  for (const auto& value : *found) values.push_back(value.value_or(std::nan("")));
  return values;
}

TEST(CvCoherenceGolden, EqualsThePeersOnTextsShorterThanTheWindow) {
  const auto file = open("short");
  ASSERT_TRUE(file);
  const auto expected = *file->doubles("c_v_as_is");
  const auto found = found_in(*file);
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-9) << i;
}

TEST(CvCoherenceGolden, EqualsThePeersOnLongTextsWhereItsCounterLooksAtEveryWindow) {
  const auto file = open("long");
  ASSERT_TRUE(file);
  const auto expected = *file->doubles("c_v");
  const auto found = found_in(*file);
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-9) << i;
}

}  // namespace
}  // namespace topograph
