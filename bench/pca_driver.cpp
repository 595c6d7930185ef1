// bench_pca_driver IN.npy OUT.safetensors [solver=exact|randomized|stream] [option=value ...]: PCA
// of the rows of IN; writes `mean`, `components` and `scores`. `stream` reads the file in blocks
// and does not hold it. Options are those of PCA, and `threads`. Prints time and memory as one JSON
// line.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include "topograph/core/container.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/io/npy.hpp"
#include "topograph/reduce/pca.hpp"

namespace topograph {
namespace {

constexpr std::size_t kBlockRows = 8192;

long status_kib(std::string_view name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name)) return std::atol(line.c_str() + name.size() + 1);
  }
  return 0;
}

Result<Matrix<float>> streamed_scores(const Pca& pca, const RowSource& source, RunContext& run) {
  Matrix<float> scores(source.rows(), pca.components.rows());
  Matrix<float> block(kBlockRows, source.cols());
  for (std::size_t begin = 0; begin < source.rows(); begin += kBlockRows) {
    std::vector<std::int64_t> ids(std::min(kBlockRows, source.rows() - begin));
    std::iota(ids.begin(), ids.end(), narrow<std::int64_t>(begin));
    const auto rows = block.view().rows(0, ids.size());
    TG_TRY(source.read(ids, rows));
    TG_TRY(const auto part, apply_pca(pca, rows, run));
    for (std::size_t i = 0; i < ids.size(); ++i) {
      std::ranges::copy(part.row(i), scores.row(begin + i).begin());
    }
  }
  return scores;
}

Result<void> drive(int argc, char** argv) {
  if (argc < 3) return option_error("usage", "expected IN.npy OUT.safetensors");
  PcaOptions options;
  RunSettings settings;
  bool is_stream = false;
  for (int i = 3; i < argc; ++i) {
    const std::string_view setting = argv[i];
    const std::size_t equals = std::min(setting.find('='), setting.size() - 1);
    const std::string value(setting.substr(equals + 1));
    if (setting == "solver=stream") {
      is_stream = true;
    } else if (setting.starts_with("threads=")) {
      settings.threads = std::atoi(value.c_str());
    } else {
      TG_TRY(set_option(options, setting.substr(0, equals), value));
    }
  }
  RunContext run(settings);
  TG_TRY(const auto source, NpyRows::open(argv[1]));
  Matrix<float> x;
  if (!is_stream) {
    TG_TRY(x, read_npy(argv[1], {}, run));
  }
  std::ofstream("/proc/self/clear_refs") << "5";
  const long before = status_kib("VmRSS");
  const auto begin = std::chrono::steady_clock::now();
  TG_TRY(const Pca pca, is_stream ? fit_pca(*source, idx(options.n_components), run)
                                  : fit_pca(x.view(), options, run));
  TG_TRY(const auto scores,
         is_stream ? streamed_scores(pca, *source, run) : apply_pca(pca, x.view(), run));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  fmt::print("{{\"seconds\": {:.4f}, \"above_mib\": {}}}\n", took.count(),
             (status_kib("VmHWM") - before) / 1024);
  ArrayWriter writer;
  writer.add("mean", std::span(pca.mean));
  writer.add("components", pca.components.view());
  writer.add("scores", scores.view());
  return writer.write(argv[2]);
}

}  // namespace
}  // namespace topograph

int main(int argc, char** argv) {
  const auto outcome = topograph::drive(argc, argv);
  if (outcome) return EXIT_SUCCESS;
  std::fputs((topograph::to_string(outcome.error()) + "\n").c_str(), stderr);
  return EXIT_FAILURE;
}
