// bench_pca_driver IN.npy OUT.safetensors [solver=exact|randomized|stream] [option=value ...]: PCA
// of the rows of IN; writes `mean`, `components` and `scores`. `stream` reads the file in blocks
// and does not hold it. Options are those of PCA, and `threads`. Prints time and memory as one JSON
// line.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <vector>

#include "driver.hpp"
#include "topograph/core/container.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/io/npy.hpp"
#include "topograph/reduce/pca.hpp"

namespace topograph {
namespace {

constexpr std::size_t kBlockRows = 8192;

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
    const auto [name, value] = bench::split_setting(argv[i]);
    if (name == "solver" && value == "stream") {
      is_stream = true;
    } else {
      TG_TRY(bench::apply(name, value, options, settings));
    }
  }
  RunContext run(settings);
  TG_TRY(const auto source, NpyRows::open(argv[1]));
  Matrix<float> x;
  if (!is_stream) {
    TG_TRY(x, read_npy(argv[1], {}, run));
  }
  const bench::Costs costs;
  TG_TRY(const Pca pca, is_stream ? fit_pca(*source, idx(options.n_components), run)
                                  : fit_pca(x.view(), options, run));
  TG_TRY(const auto scores,
         is_stream ? streamed_scores(pca, *source, run) : apply_pca(pca, x.view(), run));
  fmt::print("{{\"seconds\": {:.4f}, \"above_mib\": {}}}\n", costs.seconds(),
             costs.above_input_mib());
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
