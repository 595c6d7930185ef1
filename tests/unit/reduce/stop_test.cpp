// A stop in any phase ends the work soon: processor time is looked at, which other programs do not
// change.
#include <gtest/gtest.h>

#include <ctime>
#include <set>
#include <stop_token>
#include <string>

#include "topograph/core/random.hpp"
#include "topograph/neighbors/exact.hpp"
#include "topograph/reduce/pca.hpp"
#include "topograph/reduce/tsne.hpp"

namespace topograph {
namespace {

/// Asks for a stop when a stage begins, or at its first report, and notes the processor time.
class StopAt final : public ProgressSink {
 public:
  StopAt(std::string stage, ProgressEvent::Kind kind) : stage_(std::move(stage)), kind_(kind) {}
  void on_progress(const ProgressEvent& event) override {
    seen_.insert(std::string(event.stage));
    if (event.stage != stage_ || event.kind != kind_ || source_.stop_requested()) return;
    source_.request_stop();
    begin_ = std::clock();
  }
  void on_log(LogLevel, std::string_view) override {}
  [[nodiscard]] std::stop_token token() const { return source_.get_token(); }
  [[nodiscard]] double seconds() const {
    return static_cast<double>(std::clock() - begin_) / CLOCKS_PER_SEC;
  }
  [[nodiscard]] const std::set<std::string>& seen() const { return seen_; }

 private:
  std::string stage_;
  ProgressEvent::Kind kind_;
  std::stop_source source_ = {};
  std::clock_t begin_ = 0;
  std::set<std::string> seen_ = {};
};

Matrix<float> noise(std::size_t n, std::size_t d) {
  Matrix<float> x(n, d);
  const RandomKey key = random_key(2, "test.noise");
  for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>(normal(key, i, 0));
  return x;
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr double kSoon = 2.0;
#else
constexpr double kSoon = 0.1;
#endif

TEST(Stop, EndsTsneWithinATenthOfASecondInEveryPhase) {
  const Matrix<float> x = noise(4000, 40);
  RunContext quiet;
  const auto knn = exact_knn(x.view(), 90, Metric::euclidean, quiet);
  ASSERT_TRUE(knn);
  for (const auto kind : {ProgressEvent::Kind::begin, ProgressEvent::Kind::update}) {
    for (const char* stage : {"affinities", "start", "layout"}) {
      if (kind == ProgressEvent::Kind::update && std::string(stage) != "layout") continue;
      StopAt sink(stage, kind);
      RunContext run({.threads = 1, .stop = sink.token(), .progress = &sink});
      const auto layout = tsne(*knn, x.view(), {}, run);
      ASSERT_FALSE(layout) << stage;
      EXPECT_EQ(layout.error().code, ErrorCode::cancelled);
      EXPECT_LT(sink.seconds(), kSoon) << stage;
    }
  }
}

TEST(Stop, EndsThePlacingOfNewRowsAndComponentsOfASource) {
  const Matrix<float> x = noise(20000, 60);
  StopAt components("components", ProgressEvent::Kind::update);
  RunContext run({.threads = 1, .stop = components.token(), .progress = &components});
  const auto pca = fit_pca(MatrixRows(x.view()), 5, run);
  ASSERT_FALSE(pca);
  EXPECT_EQ(pca.error().code, ErrorCode::cancelled);
  EXPECT_LT(components.seconds(), kSoon);

  RunContext quiet;
  const auto near = exact_knn_query(x.view(), noise(500, 60).view(), 25, Metric::euclidean, quiet);
  ASSERT_TRUE(near);
  StopAt layout("layout", ProgressEvent::Kind::begin);
  RunContext other({.threads = 1, .stop = layout.token(), .progress = &layout});
  const auto placed = tsne_transform(*near, noise(20000, 2).view(), {}, other);
  ASSERT_FALSE(placed);
  EXPECT_EQ(placed.error().code, ErrorCode::cancelled);
  EXPECT_LT(layout.seconds(), kSoon);
}

}  // namespace
}  // namespace topograph
