#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "topograph/core/random.hpp"
#include "topograph/embed/embedder.hpp"

namespace topograph::test {

/// Vectors that are a function of the text, at no cost; counts how often every text was embedded.
/// Fails at a call of choice, as a process does that is killed in the middle.
class CountingEmbedder final : public Embedder {
 public:
  explicit CountingEmbedder(std::string fingerprint = "counting", std::size_t dimension = 5)
      : fingerprint_(std::move(fingerprint)), dimension_(dimension) {}

  [[nodiscard]] std::string name() const override { return "counting"; }
  [[nodiscard]] std::size_t dimension() const override { return dimension_; }
  [[nodiscard]] Result<std::string> fingerprint() const override { return fingerprint_; }

  [[nodiscard]] Result<EmbedReport> embed(const TextColumn& texts, MatrixView<float> out,
                                          RunContext& run) const override {
    if (n_calls == fail_at_call) return cancelled();
    ++n_calls;
    const Stage stage(run, "embed", texts.size());
    EmbedReport report;
    for (std::size_t row = 0; row < texts.size(); ++row) {
      ++times[std::string(texts[row])];
      const std::uint64_t item = std::hash<std::string_view>{}(texts[row]);
      for (std::size_t column = 0; column < dimension_; ++column) {
        out[row, column] = static_cast<float>(uniform(random_key(3, "counting"), item, column));
      }
      report.n_tokens += static_cast<std::int64_t>(texts[row].size());
      ++report.n_texts;
      report.n_truncated += texts[row].size() > 12 ? 1 : 0;
    }
    return report;
  }

  mutable std::map<std::string, int> times = {};
  mutable int n_calls = 0;
  int fail_at_call = -1;

 private:
  std::string fingerprint_;
  std::size_t dimension_;
};

}  // namespace topograph::test
