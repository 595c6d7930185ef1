// cluster_driver METHOD IN.safetensors OUT.safetensors [option=value ...]: clusters the rows `x` of
// IN and writes labels and centers. METHOD: kmeans, starting from the rows `starts` if IN has them;
// mixture, starting from the labels `start_labels` if IN has them.
// Prints the seconds it took, the smallest of `repeat` runs.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "driver.hpp"
#include "topograph/cluster/gaussian_mixture.hpp"
#include "topograph/cluster/kmeans.hpp"
#include "topograph/core/container.hpp"

namespace topograph {
namespace {

struct Drive {
  Matrix<float> x = {};
  Matrix<float> starts = {};
  std::vector<std::int32_t> start_labels = {};
  RunSettings run = {};
  int n_runs = 1;
  std::vector<OptionSetting> settings = {};
};

Result<Drive> read_arguments(int argc, char** argv) {
  if (argc < 4) return option_error("usage", "expected METHOD IN.safetensors OUT.safetensors");
  Drive drive;
  TG_TRY(const auto file, ArrayFile::open(argv[2]));
  TG_TRY(drive.x, file.matrix("x"));
  if (file.contains("starts")) {
    TG_TRY(drive.starts, file.matrix("starts"));
  }
  if (file.contains("start_labels")) {
    TG_TRY(drive.start_labels, file.int32s("start_labels"));
  }
  for (int i = 4; i < argc; ++i) {
    const auto [name, value] = bench::split_setting(argv[i]);
    if (name == "threads") {
      drive.run.threads = std::atoi(value.c_str());
    } else if (name == "seed") {
      drive.run.seed = std::strtoull(value.c_str(), nullptr, 10);
    } else if (name == "repeat") {
      drive.n_runs = std::max(1, std::atoi(value.c_str()));
    } else {
      drive.settings.push_back({name, value, "command line"});
    }
  }
  return drive;
}

/// The result of the last of the runs and the least seconds of one.
template <class Work>
auto timed(int n_runs, double& least, Work&& work) {
  least = std::numeric_limits<double>::infinity();
  auto result = work();
  for (int i = 0; i < n_runs; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    result = work();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    least = std::min(least, took.count());
  }
  return result;
}

Result<void> drive_kmeans(const Drive& drive, const char* path) {
  KMeansOptions options;
  TG_TRY(apply_settings(options, drive.settings));
  RunContext run(drive.run);
  double least = 0;
  TG_TRY(const KMeansResult found, timed(drive.n_runs, least, [&] {
           return kmeans(drive.x.view(), {}, drive.starts.view(), options, run);
         }));
  fmt::print("{{\"seconds\": {:.4f}, \"inertia\": {:.8g}, \"n_iter\": {}, \"clusters\": {}}}\n",
             least, found.inertia, found.n_iter, found.clusters.n_clusters);
  ArrayWriter writer;
  writer.add("labels", std::span<const std::int32_t>(found.clusters.labels));
  writer.add("centers", found.centers.view());
  return writer.write(path);
}

Result<void> drive_mixture(const Drive& drive, const char* path) {
  GaussianMixtureOptions options;
  TG_TRY(apply_settings(options, drive.settings));
  RunContext run(drive.run);
  double least = 0;
  TG_TRY(const GaussianMixtureResult found, timed(drive.n_runs, least, [&] {
           return gaussian_mixture(drive.x.view(), {}, drive.start_labels, options, run);
         }));
  fmt::print(
      "{{\"seconds\": {:.4f}, \"lower_bound\": {:.10g}, \"log_likelihood\": {:.10g}, \"n_iter\": "
      "{}, "
      "\"clusters\": {}}}\n",
      least, found.lower_bound, found.log_likelihood, found.n_iter, found.clusters.n_clusters);
  ArrayWriter writer;
  writer.add("labels", std::span<const std::int32_t>(found.clusters.labels));
  return writer.write(path);
}

Result<void> run_driver(int argc, char** argv) {
  TG_TRY(const Drive drive, read_arguments(argc, argv));
  const std::string_view method = argv[1];
  if (method == "kmeans") return drive_kmeans(drive, argv[3]);
  if (method == "mixture") return drive_mixture(drive, argv[3]);
  return option_error("METHOD", "expected kmeans or mixture, found '" + std::string(method) + "'");
}

}  // namespace
}  // namespace topograph

int main(int argc, char** argv) {
  const auto outcome = topograph::run_driver(argc, argv);
  if (outcome) return 0;
  fmt::print(stderr, "{}\n", topograph::to_string(outcome.error()));
  return 1;
}
