// hdbscan_driver IN.safetensors OUT.safetensors [option=value ...]: clusters the rows `x` of IN and
// writes labels, strength, outlier scores, the spanning tree's distances and the persistence.
// Prints the seconds it took, the smallest of `repeat` runs.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>
#include <string_view>

#include "driver.hpp"
#include "topograph/cluster/hdbscan.hpp"
#include "topograph/core/container.hpp"

namespace topograph {
namespace {

Result<void> drive(int argc, char** argv) {
  if (argc < 3) return option_error("usage", "expected IN.safetensors OUT.safetensors");
  TG_TRY(const auto file, ArrayFile::open(argv[1]));
  TG_TRY(const auto x, file.matrix("x"));
  HdbscanOptions options;
  RunSettings settings;
  int n_runs = 1;
  for (int i = 3; i < argc; ++i) {
    const auto [name, value] = bench::split_setting(argv[i]);
    if (name == "threads") {
      settings.threads = std::atoi(value.c_str());
    } else if (name == "repeat") {
      n_runs = std::max(1, std::atoi(value.c_str()));
    } else {
      TG_TRY(set_option(options, name, value));
    }
  }
  RunContext run(settings);
  HdbscanResult result;
  double least = std::numeric_limits<double>::infinity();
  for (int i = 0; i < n_runs; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    TG_TRY(result, hdbscan(x.view(), {}, options, run));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    least = std::min(least, took.count());
  }
  fmt::print("{{\"seconds\": {:.4f}, \"rows\": {}, \"columns\": {}, \"clusters\": {}}}\n", least,
             x.rows(), x.cols(), result.clusters.n_clusters);
  ArrayWriter writer;
  writer.add("labels", std::span<const std::int32_t>(result.clusters.labels));
  writer.add("strength", std::span<const float>(result.clusters.strength));
  writer.add("tree_distance", std::span<const double>(result.tree.distance));
  writer.add("outlier_scores", std::span<const float>(result.outlier_scores));
  writer.add("persistence", std::span<const double>(result.clusters.persistence));
  return writer.write(argv[2]);
}

}  // namespace
}  // namespace topograph

int main(int argc, char** argv) {
  const auto outcome = topograph::drive(argc, argv);
  if (outcome) return 0;
  fmt::print(stderr, "{}\n", topograph::to_string(outcome.error()));
  return 1;
}
