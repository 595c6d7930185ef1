// scores_driver IN.safetensors THREADS REPEAT DBCV_ROWS: scores the `labels` of the rows `x` and
// against the labels `truth`; prints the least seconds and the value of each score as JSON.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "topograph/core/container.hpp"
#include "topograph/evaluate/contingency.hpp"
#include "topograph/evaluate/separation.hpp"

namespace topograph {
namespace {

/// The least seconds of `n_runs` and the value.
template <class Score>
Result<std::string> timed(const char* name, int n_runs, Score&& score) {
  double least = std::numeric_limits<double>::infinity();
  double value = 0;
  for (int i = 0; i < n_runs; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    TG_TRY(value, score());
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    least = std::min(least, took.count());
  }
  return fmt::format("\"{}\": {{\"seconds\": {:.6f}, \"value\": {:.12g}}}", name, least, value);
}

Result<void> run_driver(char** argv) {
  TG_TRY(const auto file, ArrayFile::open(argv[1]));
  TG_TRY(const auto x, file.matrix("x"));
  TG_TRY(const auto labels, file.int32s("labels"));
  TG_TRY(const auto truth, file.int32s("truth"));
  RunContext run({.threads = std::atoi(argv[2])});
  const int repeat = std::max(1, std::atoi(argv[3]));
  const auto few = std::min(x.rows(), static_cast<std::size_t>(std::max(2, std::atoi(argv[4]))));
  const std::span<const std::int32_t> all(labels);
  TG_TRY(const auto external, timed("agreement", repeat, [&]() -> Result<double> {
           TG_TRY(const auto table, contingency_table(truth, labels));
           return agreement(table).adjusted_mutual_info;
         }));
  TG_TRY(const auto mean, timed("silhouette", repeat, [&] {
           return silhouette(x.view(), all, Metric::euclidean, 0, run);
         }));
  TG_TRY(const auto bouldin, timed("davies_bouldin", repeat, [&]() -> Result<double> {
           TG_TRY(const auto scores, center_scores(x.view(), all, run));
           return scores.davies_bouldin;
         }));
  TG_TRY(const auto harabasz, timed("calinski_harabasz", repeat, [&]() -> Result<double> {
           TG_TRY(const auto scores, center_scores(x.view(), all, run));
           return scores.calinski_harabasz;
         }));
  TG_TRY(const auto density, timed("density_validity", repeat, [&]() -> Result<double> {
           TG_TRY(const auto found, density_validity(x.view().rows(0, few), all.first(few), run));
           return found.score;
         }));
  fmt::print("{{{}, {}, {}, {}, {}}}\n", external, mean, bouldin, harabasz, density);
  return {};
}

}  // namespace
}  // namespace topograph

int main(int argc, char** argv) {
  if (argc != 5) {
    fmt::print(stderr, "expected IN.safetensors THREADS REPEAT DBCV_ROWS\n");
    return 1;
  }
  const auto outcome = topograph::run_driver(argv);
  if (outcome) return 0;
  fmt::print(stderr, "{}\n", topograph::to_string(outcome.error()));
  return 1;
}
