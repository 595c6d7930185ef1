// bench_tsne_driver IN.safetensors OUT.safetensors [option=value ...]: lays out the rows `x` of IN
// by t-SNE, over the neighbours `ids`, `distances` where IN has them, and writes `coords` to OUT.
// Options are those of t-SNE, and `seed`, `threads`. Prints what it took as one JSON line.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "topograph/core/container.hpp"
#include "topograph/reduce/tsne.hpp"

namespace topograph {
namespace {

Result<KnnGraph> read_neighbors(const ArrayFile& file) {
  KnnGraph knn;
  TG_TRY(knn.distances, file.matrix("distances"));
  TG_TRY(const auto ids, file.int32s("ids"));
  knn.ids = Matrix<std::int32_t>(knn.distances.rows(), knn.distances.cols());
  std::copy_n(ids.begin(), std::min(ids.size(), knn.ids.size()), knn.ids.data());
  return knn;
}

Result<void> apply(std::string_view setting, TsneOptions& options, RunSettings& settings) {
  const std::size_t equals = std::min(setting.find('='), setting.size() - 1);
  const std::string_view name = setting.substr(0, equals);
  const std::string value(setting.substr(equals + 1));
  if (name == "seed") {
    settings.seed = std::strtoull(value.c_str(), nullptr, 10);
  } else if (name == "threads") {
    settings.threads = std::atoi(value.c_str());
  } else {
    return set_option(options, name, value);
  }
  return {};
}

Result<void> drive(int argc, char** argv) {
  if (argc < 3) return option_error("usage", "expected IN.safetensors OUT.safetensors");
  TG_TRY(const auto file, ArrayFile::open(argv[1]));
  TG_TRY(const Matrix<float> x, file.matrix("x"));
  TsneOptions options;
  RunSettings settings;
  for (int i = 3; i < argc; ++i) {
    TG_TRY(apply(argv[i], options, settings));
  }
  KnnGraph knn;
  if (file.contains("ids")) {
    TG_TRY(knn, read_neighbors(file));
  }
  RunContext run(settings);
  const auto begin = std::chrono::steady_clock::now();
  auto result = knn.rows() > 0 ? tsne(knn, x.view(), options, run) : tsne(x.view(), options, run);
  TG_TRY(const auto layout, std::move(result));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  fmt::print("{{\"seconds\": {:.3f}, \"rows\": {}, \"kl_divergence\": {:.6f}}}\n", took.count(),
             layout.coords.rows(), layout.kl_divergence);
  ArrayWriter writer;
  writer.add("coords", layout.coords.view());
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
